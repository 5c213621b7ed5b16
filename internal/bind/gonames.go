package bind

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// names are what an operator adds to the names its expressions may use: steps
// of a scan, variables of a graph pattern. They come after the columns of the
// row and before let variables.
type names interface {
	// bare binds the name alone, member name.member, call a function that
	// looks at names; false where they have nothing to say.
	bare(b *binder, x *syntax.NameRef, c ctx) (plan.Expr, bool)
	member(b *binder, x *syntax.Path, c ctx) (plan.Expr, bool)
	call(b *binder, x *syntax.Call, c ctx) (plan.Expr, bool)
}

// parameters are the values of toscalar() inside the expressions of a Go
// operator: they are computed before it runs and come as one more input, a
// single row.
type parameters struct {
	queries []*plan.ScalarQuery
}

// node is that input, or nil when there are none.
func (p *parameters) node(b *binder) plan.Node {
	if len(p.queries) == 0 {
		return nil
	}
	cols := make([]plan.Column, len(p.queries))
	exprs := make([]plan.Expr, len(p.queries))
	for i, q := range p.queries {
		cols[i], exprs[i] = columnOf("$q", q), q
	}
	return b.project(b.values(nil, [][]types.Value{{}}), cols, exprs)
}

// of returns the number of a query's parameter.
func (p *parameters) of(q *plan.ScalarQuery) int {
	for i, known := range p.queries {
		if known == q {
			return i
		}
	}
	p.queries = append(p.queries, q)
	return len(p.queries) - 1
}

// compiled makes an expression ready to run in Go. column tells which column of
// its row holds the value of a toscalar() inside it.
func (b *binder) compiled(x plan.Expr, c ctx, column func(*plan.ScalarQuery) int) *eval.Prog {
	if x.Type() == types.Unknown {
		return nil
	}
	x = b.withoutPlans(x, c, column)
	if x.Type() == types.Unknown {
		return nil
	}
	p, err := eval.Compile(x, b.env.Now)
	if err != nil {
		b.unsupported(x.Span(), c.inOp("This expression"), "compute it in an extend before the operator")
		return nil
	}
	return p
}

// withoutPlans puts columns where toscalar() stands.
func (b *binder) withoutPlans(x plan.Expr, c ctx, column func(*plan.ScalarQuery) int) plan.Expr {
	has := false
	plan.Subplans(x, func(plan.Node) { has = true })
	if !has {
		return x
	}
	switch x := x.(type) {
	case *plan.ScalarQuery:
		return &plan.Col{Index: column(x), T: x.T, Null: x.Nullable(), Pos: x.Pos}
	case *plan.InQuery:
		b.unsupported(x.Pos, c.inOp("in with a table"), "join or lookup before the operator, or use toscalar(T | summarize make_set(…))")
		return badExpr(x.Pos)
	case *plan.Call:
		k := *x
		k.Args = make([]plan.Expr, len(x.Args))
		for i, a := range x.Args {
			k.Args[i] = b.withoutPlans(a, c, column)
			if k.Args[i].Type() == types.Unknown {
				return badExpr(x.Pos)
			}
		}
		return &k
	}
	return badExpr(x.Span())
}

// conjuncts takes a condition apart into what "and" connects.
func conjuncts(x plan.Expr) []plan.Expr {
	var out []plan.Expr
	for {
		k, ok := x.(*plan.Call)
		if !ok || k.Fn.Kind != fn.Infix || k.Fn.Name != "and" || len(k.Args) != 2 {
			break
		}
		out = append(out, conjuncts(k.Args[1])...)
		x = k.Args[0]
	}
	return append(out, x)
}

// conjunction connects conditions by "and"; nil for none.
func (b *binder) conjunction(xs []plan.Expr, at diag.Span, c ctx) plan.Expr {
	var all plan.Expr
	for i := len(xs) - 1; i >= 0; i-- {
		if all == nil {
			all = xs[i]
		} else {
			all = b.infix("and", at, c, all, xs[i])
		}
	}
	return all
}
