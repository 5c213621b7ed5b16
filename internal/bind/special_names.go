package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Calls that are about columns themselves: their names, how many bytes they
// take.

// bindColumnExists: iscolumnexists("name").
func (b *binder) bindColumnExists(x *syntax.Call, c ctx) plan.Expr {
	if !b.arity(x, 1, 1, c) {
		return badExpr(x.Span())
	}
	k, ok := b.expr(x.Args[0], c).(*plan.Const)
	if !ok || k.Value.Type != types.String {
		b.fail(x.Args[0].Span(), "SEM0100", c.inOp("iscolumnexists takes the column's name as a constant string"), "")
		return badExpr(x.Span())
	}
	return &plan.Const{Value: types.BoolValue(findColumn(c.row, k.Value.S) >= 0), Pos: x.Span()}
}

// bindPackColumns: bag_pack_columns(a, b) is bag_pack("a", a, "b", b).
func (b *binder) bindPackColumns(x *syntax.Call, c ctx) plan.Expr {
	if !b.arity(x, 1, 64, c) {
		return badExpr(x.Span())
	}
	var args []plan.Expr
	for _, a := range x.Args {
		e := b.expr(a, c)
		if e.Type() == types.Unknown {
			return e
		}
		col, ok := e.(*plan.Col)
		if !ok || col.Index >= len(c.row) {
			b.fail(a.Span(), "SEM0100", c.inOp("bag_pack_columns() takes columns"), "name a computed value with extend first")
			return badExpr(x.Span())
		}
		args = append(args, &plan.Const{Value: types.StringValue(c.row[col.Index].Name), Pos: a.Span()}, e)
	}
	return b.apply(b.env.Fns.Lookup(fn.Scalar, "bag_pack"), args, x.Span(), c)
}

// bindDataSize: estimate_data_size(a, b) or (*) adds up the bytes of values:
// text by its length, numbers by their width (recorded: 8 for a long).
func (b *binder) bindDataSize(x *syntax.Call, c ctx) plan.Expr {
	if !b.arity(x, 1, 1024, c) {
		return badExpr(x.Span())
	}
	var values []plan.Expr
	for _, a := range x.Args {
		if _, star := a.(*syntax.Star); star {
			for i := range c.row {
				values = append(values, colRef(c.row, i))
			}
			continue
		}
		values = append(values, b.expr(a, c))
	}
	var total plan.Expr = &plan.Const{Value: types.LongValue(0), Pos: x.Span()}
	for _, v := range values {
		if v.Type() == types.Unknown {
			return badExpr(x.Span())
		}
		size := b.apply(b.env.Fns.Lookup(fn.Scalar, "__data_size"), []plan.Expr{v}, x.Span(), c)
		total = b.infix("+", x.Span(), c, total, size)
	}
	return total
}
