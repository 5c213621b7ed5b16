package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// incomparable words Kusto's refusal to compare values of unlike types.
func incomparable(op string, l, r types.Type) string {
	switch op {
	case "==", "!=", "<", "<=", ">", ">=":
	default:
		return ""
	}
	if comparable(l, r) {
		return ""
	}
	return fmt.Sprintf("Cannot compare values of types %s and %s. Try adding explicit casts", l, r)
}

func comparable(l, r types.Type) bool {
	switch {
	case l == r, l == types.Unknown, r == types.Unknown, l == types.Dynamic, r == types.Dynamic:
		return true
	case l.IsNumber() && r.IsNumber():
		return true
	case l == types.Bool && r.IsNumber(), r == types.Bool && l.IsNumber():
		return true
	case l == types.Guid && r == types.String, r == types.Guid && l == types.String:
		return true
	}
	return false
}

// readText lets text be compared for equality with a value of another type,
// as the engine does (EventID == "4625", ResultType == 0): the text is read as
// that type; text that cannot be read equals nothing.
func (b *binder) readText(l, r plan.Expr, c ctx) (plan.Expr, plan.Expr) {
	other := func(t types.Type) bool {
		return t.IsNumber() || t == types.Bool || t == types.Datetime || t == types.Timespan
	}
	switch {
	case l.Type() == types.String && other(r.Type()):
		return b.cast(l, b.readAs(r.Type()), l.Span()), r
	case r.Type() == types.String && other(l.Type()):
		return l, b.cast(r, b.readAs(l.Type()), r.Span())
	}
	return l, r
}

// readAs is the type text is read as: the widest integer for integers, so
// that "4294967296" is a number beside an int.
func (b *binder) readAs(t types.Type) types.Type {
	if t == types.Int {
		return types.Long
	}
	return t
}

// alignEquality converts the pairs that compare across types: bool with a
// number by number, guid with string by text.
func (b *binder) alignEquality(op string, l, r plan.Expr) (plan.Expr, plan.Expr) {
	switch op {
	case "==", "!=", "<", "<=", ">", ">=":
	default:
		return l, r
	}
	lt, rt := l.Type(), r.Type()
	switch {
	case lt == types.Bool && rt.IsNumber():
		return b.cast(l, types.Long, l.Span()), r
	case rt == types.Bool && lt.IsNumber():
		return l, b.cast(r, types.Long, r.Span())
	case lt == types.Guid && rt == types.String:
		return b.cast(l, types.String, l.Span()), r
	case rt == types.Guid && lt == types.String:
		return l, b.cast(r, types.String, r.Span())
	}
	return l, r
}

// starOperator binds "* has x": any column of the row satisfies the operator.
func (b *binder) starOperator(x *syntax.Binary, c ctx) plan.Expr {
	r := b.expr(x.Y, c)
	if r.Type() == types.Unknown {
		return badExpr(x.Span())
	}
	if c.search != nil {
		if c.search.everywhere = true; c.search.scout {
			return &plan.Const{Value: types.BoolValue(true), Pos: x.Span()}
		}
	}
	var any plan.Expr
	for i, col := range c.row {
		l := plan.Expr(colRef(c.row, i))
		if r.Type() == types.String {
			if col.Type != types.String && col.Type != types.Dynamic {
				if x.Op == "==" || x.Op == "=~" {
					continue
				}
				l = b.cast(l, types.String, x.Span())
			}
		} else if !comparable(col.Type, r.Type()) {
			continue
		}
		lr, rr := b.alignEquality(x.Op, l, r)
		t := b.infix(c.cased(x.Op), x.Span(), c, lr, rr)
		if any == nil {
			any = t
		} else {
			any = b.infix("or", x.Span(), c, any, t)
		}
	}
	if any == nil {
		return &plan.Const{Value: types.BoolValue(false), Pos: x.Span()}
	}
	return any
}
