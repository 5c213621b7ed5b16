package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// named is one computed column before it is placed.
type named struct {
	name     string
	explicit bool // the query gave the name
	fresh    bool // one of several unnamed columns: it never replaces another
	x        plan.Expr
	at       syntax.Expr
}

// computed binds one item of project, extend, print, summarize by …:
// "name = x" or a bare expression with its automatic name ("" = counted).
func (b *binder) computed(e syntax.Expr, c ctx) named {
	if n, ok := e.(*syntax.NamedExpr); ok {
		if len(n.Names) != 1 {
			if b.expr(n.X, c).Type() == types.Unknown { // says why itself
				return named{name: n.Names[0].Text, explicit: true, x: badExpr(n.Span()), at: e}
			}
			b.fail(n.Span(), "SEM0149", c.inOp("The expression does not have multiple named values."), "name one column")
			return named{name: n.Names[0].Text, explicit: true, x: badExpr(n.Span()), at: e}
		}
		return named{name: n.Names[0].Text, explicit: true, x: b.expr(n.X, c), at: e}
	}
	x := b.expr(e, c)
	return named{name: b.autoName(e, c), x: x, at: e, explicit: isPlainName(e)}
}

// spread binds one item that may make several columns: a function with several
// results, or a sort of several arrays.
func (b *binder) spread(e syntax.Expr, c ctx) []named {
	x, given := e, []syntax.Name(nil)
	if n, ok := e.(*syntax.NamedExpr); ok {
		x, given = n.X, n.Names
	}
	call, ok := x.(*syntax.Call)
	if !ok {
		return []named{b.computed(e, c)}
	}
	if cols, ok := b.severalColumns(call, given, c); ok {
		return cols
	}
	if call.Name.Text != "array_sort_asc" && call.Name.Text != "array_sort_desc" || len(call.Args) < 2 {
		return []named{b.computed(e, c)}
	}
	arrays := 0
	for _, a := range call.Args {
		if b.quiet(a, c).Type() == types.Dynamic {
			arrays++
		}
	}
	if arrays < 2 {
		return []named{b.computed(e, c)}
	}
	whole := b.expr(x, c)
	var out []named
	for i := range arrays {
		n := named{name: b.autoName(call.Args[i], c) + "_sorted", at: e,
			x: b.infix("[]", e.Span(), c, whole, &plan.Const{Value: types.LongValue(int64(i)), Pos: e.Span()})}
		if i < len(given) {
			n.name, n.explicit = given[i].Text, true
		}
		out = append(out, n)
	}
	return out
}

// severalColumns binds a call of a function with several result columns; ok is
// false for any other call. Given names go to the first columns and the others
// are left out (recorded: extend fit = series_fit_line(s) adds one column).
func (b *binder) severalColumns(call *syntax.Call, given []syntax.Name, c ctx) (out []named, ok bool) {
	s := b.env.Fns.Lookup(fn.Scalar, call.Name.Text)
	if v := c.sc.lookup(call.Name.Text); s == nil || s.Columns == nil || v != nil && v.fun != nil {
		return nil, false
	}
	if len(given) > len(s.Columns) {
		b.fail(call.Span(), "SEM0149", c.inOp(fmt.Sprintf("The function '%s' has only %d columns; %d names are given.", s.Name, len(s.Columns), len(given))), "")
		return nil, true
	}
	args, fine := b.args(call.Args, c)
	whole := badExpr(call.Span())
	if fine {
		whole = b.apply(s, args, call.Span(), c)
	}
	prefix := s.Name + "_"
	if len(call.Args) > 0 {
		prefix += b.argName(call.Args[0], c)
	}
	pick := b.env.Fns.Lookup(fn.Scalar, "__column")
	for i, col := range s.Columns {
		n := named{at: call, x: badExpr(call.Span())}
		switch {
		case i < len(given):
			n.name, n.explicit = given[i].Text, true
		case given != nil:
			return out, true
		default:
			n.name, n.fresh = prefix+"_"+col.Name, true
		}
		if whole.Type() != types.Unknown {
			n.x = b.apply(pick, []plan.Expr{whole, &plan.Const{Value: types.LongValue(int64(i)), Pos: call.Span()},
				&plan.Const{Value: types.StringValue(col.Type.String()), Pos: call.Span()}}, call.Span(), c)
		}
		out = append(out, n)
	}
	return out, true
}

func isPlainName(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.NameRef:
		return true
	case *syntax.Paren:
		return isPlainName(e.X)
	}
	return false
}

func (b *binder) duplicate(e syntax.Expr, name string, c ctx) {
	b.fail(e.Span(), "SEM0171", c.inOp(fmt.Sprintf("A column with the name '%s' is already declared.", name)), "give one of them another name")
}
