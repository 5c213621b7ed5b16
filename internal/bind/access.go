package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// path binds x.member. On dynamic values it is a member access.
func (b *binder) path(x *syntax.Path, c ctx) plan.Expr {
	if ref, ok := x.X.(*syntax.NameRef); ok && (ref.Name == "$left" || ref.Name == "$right") {
		return b.sideColumn(ref.Name, x, c)
	}
	if ref, ok := x.X.(*syntax.NameRef); ok && c.names != nil && findColumn(c.row, ref.Name) < 0 {
		if e, ok := c.names.member(b, x, c); ok {
			return e
		}
	}
	if e, ok := b.entityValue(x, c); ok {
		return e
	}
	v := b.expr(x.X, c)
	if v.Type() == types.Unknown {
		return badExpr(x.Span())
	}
	m, ok := x.Member.(*syntax.NameRef)
	if !ok {
		b.unsupported(x.Member.Span(), "A call after '.'", "")
		return badExpr(x.Span())
	}
	if v.Type() != types.Dynamic {
		hint := ""
		if v.Type() == types.String {
			hint = "the column is text; write parse_json(" + syntax.Print(x.X) + ")." + m.Name
		}
		b.fail(m.Span(), "SEM0100", c.inOp(fmt.Sprintf("Failed to resolve scalar expression named '%s': %s is not dynamic", m.Name, v.Type())), hint)
		return badExpr(x.Span())
	}
	return b.infix(".", x.Span(), c, v, &plan.Const{Value: types.StringValue(m.Name), Pos: m.Span()})
}

// sideColumn resolves $left.a and $right.a in a join condition. Columns of
// the right side come after those of the left.
func (b *binder) sideColumn(side string, x *syntax.Path, c ctx) plan.Expr {
	m, ok := x.Member.(*syntax.NameRef)
	if !ok || c.left == nil && c.right == nil {
		b.fail(x.Span(), "SEM0100", c.inOp(side+" is only allowed in the on clause of a join"), "")
		return badExpr(x.Span())
	}
	cols, offset := c.left, 0
	if side == "$right" {
		cols, offset = c.right, len(c.left)
	}
	i := findColumn(cols, m.Name)
	if i < 0 {
		b.fail(m.Span(), "SEM0100", c.inOp(fmt.Sprintf("Failed to resolve column named '%s' on the %s side", m.Name, side[1:])),
			hintDidYouMean(m.Name, columnNames(cols)))
		return badExpr(x.Span())
	}
	r := colRef(cols, i)
	r.Index += offset
	r.Pos = x.Span()
	return r
}

// index binds x[i] on dynamic values.
func (b *binder) index(x *syntax.Index, c ctx) plan.Expr {
	v, i := b.expr(x.X, c), b.expr(x.I, c)
	if v.Type() == types.Unknown || i.Type() == types.Unknown {
		return badExpr(x.Span())
	}
	if v.Type() != types.Dynamic {
		hint := ""
		if v.Type() == types.String {
			hint = "the column is text; write parse_json(" + syntax.Print(x.X) + ")[…]"
		}
		b.fail(x.Span(), "SEM0147", c.inOp("The element access operator [] is not allowed in this context."), hint)
		return badExpr(x.Span())
	}
	if i.Type() == types.Dynamic {
		i = b.cast(i, types.String, x.I.Span())
	}
	if i.Type() == types.Int {
		i = b.cast(i, types.Long, x.I.Span())
	}
	return b.infix("[]", x.Span(), c, v, i)
}
