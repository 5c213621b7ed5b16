package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// expr binds a scalar expression. It never returns nil; after an error the
// result has the unknown type.
func (b *binder) expr(x syntax.Expr, c ctx) plan.Expr {
	b.exprDepth++
	defer func() { b.exprDepth-- }()
	if b.exprDepth > maxExprDepth {
		b.diags.Addf(diag.Limit, "HRR0004", x.Span(), "The expression is nested too deeply: more than %d levels", maxExprDepth)
		return badExpr(x.Span())
	}
	switch x := x.(type) {
	case *syntax.Literal:
		if x.Malformed != "" {
			b.block(x.Span(), diag.Semantic, "KS004", "Malformed literal", x.Malformed)
		}
		if x.Today {
			day := b.env.Now - b.env.Now%types.TicksPerDay
			return &plan.Const{Value: types.DatetimeValue(day + x.Value.I), Pos: x.Span()}
		}
		return &plan.Const{Value: x.Value, Pos: x.Span()}
	case *syntax.Paren:
		return b.expr(x.X, c)
	case *syntax.NameRef:
		return b.name(x, c)
	case *syntax.Unary:
		return b.unary(x, c)
	case *syntax.Binary:
		return b.binary(x, c)
	case *syntax.In:
		return b.in(x, c)
	case *syntax.Between:
		return b.between(x, c)
	case *syntax.Call:
		return b.call(x, c)
	case *syntax.Path:
		return b.path(x, c)
	case *syntax.Index:
		return b.index(x, c)
	case *syntax.TypeExpr:
		if len(x.Columns) == 0 && !x.Star {
			return &plan.Const{Value: types.StringValue(x.Type.String()), Pos: x.Span()}
		}
		b.fail(x.Span(), "SEM0100", c.inOp("a row schema is not a value"), "")
	case *syntax.NamedExpr:
		v := b.expr(x.X, c)
		if v.Type() != types.Bool {
			b.fail(x.Span(), "SEM0100", c.inOp("a named expression is not allowed here"), "to compare, write ==")
			break
		}
		// Microsoft's binder takes "where a = true" and its meaning is anybody's guess.
		b.block(x.Span(), diag.Semantic, "SEM0100", c.inOp("a named expression is not allowed here"), "to compare, write ==")
		return v
	case *syntax.Star:
		if c.search != nil { // search * and …
			c.search.everywhere = true
			return &plan.Const{Value: types.BoolValue(true), Pos: x.Span()}
		}
		b.fail(x.Span(), "SEM0100", c.inOp("'*' is not allowed here"), "")
	case *syntax.Bad:
	default:
		if b.isTabular(x, c.sc) {
			b.fail(x.Span(), "SEM0100", c.inOp("a table is not allowed where a value is expected"), "wrap it in toscalar(…)")
		} else {
			b.unsupported(x.Span(), "This expression", "")
		}
	}
	return badExpr(x.Span())
}

// name resolves a name: a column of the row, else a let variable.
func (b *binder) name(x *syntax.NameRef, c ctx) plan.Expr {
	if x.Wildcard {
		b.fail(x.Span(), "SEM0100", c.inOp("a wildcard is not allowed here"), "")
		return badExpr(x.Span())
	}
	if c.search != nil {
		c.search.mention(x.Name)
	}
	if i := findColumn(c.row, x.Name); i >= 0 {
		r := colRef(c.row, i)
		r.Pos = x.Span()
		return r
	}
	if c.names != nil {
		if e, ok := c.names.bare(b, x, c); ok {
			return e
		}
	}
	if v := c.sc.lookup(x.Name); v != nil {
		switch {
		case v.x != nil:
			if v.rowID != 0 && v.rowID != c.rowID && hasColumns(v.x) {
				b.unsupported(x.Span(), fmt.Sprintf("Parameter '%s', computed from the columns of one table, inside a query over another table,", x.Name), "toscalar() cannot use a column outside its row-context scope, in Kusto neither: join or lookup the other table, or pass a constant")
				return badExpr(x.Span())
			}
			if !b.use(v, x.Span()) {
				return badExpr(x.Span())
			}
			return v.x
		case v.fun != nil && len(v.fun.decl.Params) == 0 && !b.functionIsTabular(v.fun):
			_, s := b.callFunction(x.Name, v.fun, nil, nil, c, x.Span())
			return s
		case v.rel != nil || v.fun != nil:
			b.fail(x.Span(), "SEM0100", c.inOp(fmt.Sprintf("'%s' is a table or function, not a value", x.Name)), "")
			return badExpr(x.Span())
		}
	}
	if c.open {
		b.guess(x.Name)
		return badExpr(x.Span())
	}
	hint := hintDidYouMean(x.Name, append(columnNames(c.row), c.sc.visible(func(v *variable) bool { return v.x != nil })...))
	if n, ok := b.env.Catalog.RenamedColumn(x.Name); ok && findColumn(c.row, n) >= 0 {
		hint = x.Name + " is now called " + n
	}
	kind := "scalar"
	if c.op == "where" || c.op == "filter" {
		kind = "table or column"
	}
	b.fail(x.Span(), "SEM0100", c.inOp(fmt.Sprintf("Failed to resolve %s expression named '%s'", kind, x.Name)), hint)
	return badExpr(x.Span())
}

// hasColumns reports whether x refers to columns of a row.
func hasColumns(x plan.Expr) bool {
	switch x := x.(type) {
	case *plan.Col:
		return true
	case *plan.Call:
		for _, a := range x.Args {
			if hasColumns(a) {
				return true
			}
		}
	case *plan.InQuery:
		return hasColumns(x.X)
	}
	return false
}

// infix applies an operator row to bound operands.
func (b *binder) infix(op string, at diag.Span, c ctx, args ...plan.Expr) plan.Expr {
	s := b.env.Fns.Lookup(fn.Infix, op)
	if s == nil {
		b.unsupported(at, "The operator '"+op+"'", "")
		return badExpr(at)
	}
	for _, a := range args {
		if a.Type() == types.Unknown {
			return badExpr(at)
		}
	}
	return b.apply(s, args, at, c)
}

func (b *binder) unary(x *syntax.Unary, c ctx) plan.Expr {
	v := b.expr(x.X, c)
	return b.infix("unary "+x.Op, x.Span(), c, v)
}

// binary binds "x op y". Chains of and/or are walked iteratively: generated
// queries hold thousands of terms.
func (b *binder) binary(x *syntax.Binary, c ctx) plan.Expr {
	if x.Op == "and" || x.Op == "or" {
		return b.logic(x, c)
	}
	if _, star := x.X.(*syntax.Star); star {
		return b.starOperator(x, c)
	}
	if x.Op == ":" && c.search != nil {
		return b.columnTerm(x, c)
	}
	l := b.expr(x.X, c)
	r := b.expr(x.Y, c)
	if l.Type() == types.Unknown || r.Type() == types.Unknown {
		return badExpr(x.Span())
	}
	if x.Op == "==" || x.Op == "!=" {
		l, r = b.readText(l, r, c)
	}
	if msg := incomparable(x.Op, l.Type(), r.Type()); msg != "" {
		b.fail(x.Span(), "SEM0064", c.inOp(msg), "convert one side, e.g. tostring(…) or tolong(…)")
		return badExpr(x.Span())
	}
	l, r = b.alignEquality(x.Op, l, r)
	return b.infix(c.cased(x.Op), x.Span(), c, l, r)
}

// logic folds a left-deep chain of one operator.
func (b *binder) logic(x *syntax.Binary, c ctx) plan.Expr {
	var terms []syntax.Expr
	cur := syntax.Expr(x)
	for {
		y, ok := cur.(*syntax.Binary)
		if !ok || y.Op != x.Op {
			break
		}
		terms = append(terms, y.Y)
		cur = y.X
	}
	acc := b.boolean(b.expr(cur, c), cur.Span(), x.Op, c)
	for i := len(terms) - 1; i >= 0; i-- {
		t := b.boolean(b.expr(terms[i], c), terms[i].Span(), x.Op, c)
		acc = b.infix(x.Op, cur.Span().Join(terms[i].Span()), c, acc, t)
	}
	return acc
}

// boolean requires a truth value; dynamic converts.
func (b *binder) boolean(x plan.Expr, at diag.Span, op string, c ctx) plan.Expr {
	switch x.Type() {
	case types.Bool, types.Unknown:
		return x
	case types.Dynamic:
		return b.cast(x, types.Bool, at)
	case types.String:
		if k, ok := x.(*plan.Const); ok && c.search != nil {
			return b.anyColumn(k.Value.S, at, c)
		}
	}
	b.fail(at, "SEM0106", c.inOp(fmt.Sprintf("The expression must have the type bool, but is %s", x.Type())),
		"compare it with something")
	return badExpr(at)
}

// between desugars: x >= lo and x <= hi. With a datetime on the left and a
// timespan on the right the upper end is lo + hi.
func (b *binder) between(x *syntax.Between, c ctx) plan.Expr {
	v, lo, hi := b.expr(x.X, c), b.expr(x.Lo, c), b.expr(x.Hi, c)
	if v.Type() == types.Unknown || lo.Type() == types.Unknown || hi.Type() == types.Unknown {
		return badExpr(x.Span())
	}
	if v.Type() == types.Datetime && hi.Type() == types.Timespan {
		hi = b.infix("+", x.Hi.Span(), c, lo, hi)
	}
	for _, e := range []plan.Expr{lo, hi} {
		if !comparable(v.Type(), e.Type()) || v.Type() == types.String {
			b.fail(x.Span(), "SEM0106", c.inOp(fmt.Sprintf(
				"The operator 'between' is not defined for the operand types %s, %s and %s.", v.Type(), lo.Type(), hi.Type())), "")
			return badExpr(x.Span())
		}
	}
	r := b.infix("and", x.Span(), c, b.infix(">=", x.Span(), c, v, lo), b.infix("<=", x.Span(), c, v, hi))
	if !x.Not {
		return r
	}
	if s := b.env.Fns.Lookup(fn.Scalar, "not"); s != nil && r.Type() != types.Unknown {
		return b.apply(s, []plan.Expr{r}, x.Span(), c)
	}
	return badExpr(x.Span())
}
