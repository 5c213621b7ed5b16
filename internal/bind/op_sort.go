package bind

import (
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindSort: rows ordered by the keys, descending unless told otherwise.
func (b *binder) bindSort(in rel, op *syntax.SortOp, c ctx) rel {
	keys := b.sortKeys(op.Keys, in, b.over(in, c, op))
	return rel{node: b.sort(in.node, keys), ordered: true}
}

// sortKeys binds ordering expressions. Nulls come first in ascending and last
// in descending order unless "nulls first" or "nulls last" says otherwise.
func (b *binder) sortKeys(list []syntax.Expr, in rel, oc ctx) []plan.SortKey {
	var keys []plan.SortKey
	for _, e := range list {
		o, ok := e.(*syntax.Ordered)
		if !ok {
			o = &syntax.Ordered{At: syntax.At{Pos: e.Span()}, X: e}
		}
		x := o.X
		if n, ok := x.(*syntax.NamedExpr); ok {
			x = n.X
		}
		k := plan.SortKey{X: b.expr(x, oc), Desc: o.Order != "asc"}
		if k.X.Type() == types.Dynamic {
			b.fail(e.Span(), "SEM0116", oc.inOp("ordering by a 'dynamic' value is not supported"), "convert it: tostring("+syntax.Print(x)+")")
		}
		k.NullsFirst = !k.Desc
		if o.Nulls != "" {
			k.NullsFirst = o.Nulls == "first"
		}
		if _, constant := k.X.(*plan.Const); !constant {
			keys = append(keys, k)
		}
	}
	return keys
}

// bindTop: the first n rows by the keys.
func (b *binder) bindTop(in rel, op *syntax.TopOp, c ctx) rel {
	oc := b.over(in, c, op)
	n := b.rowCount(op.N, oc)
	keys := b.sortKeys(op.By, in, oc)
	return rel{node: b.limit(b.sort(in.node, keys), n), ordered: true}
}

// bindTake: any n rows.
func (b *binder) bindTake(in rel, op *syntax.TakeOp, c ctx) rel {
	return rel{node: b.limit(in.node, b.rowCount(op.N, ctx{sc: c.sc, op: op.Word})), ordered: in.ordered}
}

// rowCount binds a number of rows: a constant integer.
func (b *binder) rowCount(e syntax.Expr, c ctx) plan.Expr {
	c.row, c.win = nil, nil
	x := b.expr(e, c)
	if x.Type() == types.Unknown {
		return x
	}
	if !x.Type().IsInteger() {
		b.fail(e.Span(), "SEM0134", c.inOp("The expression value must be an integer."), "")
		return badExpr(e.Span())
	}
	if k, ok := x.(*plan.Const); ok && (k.Value.Null || k.Value.I < 0) {
		b.fail(e.Span(), "SEM0134", c.inOp("The number of rows must not be negative or null."), "")
		return badExpr(e.Span())
	}
	return b.cast(x, types.Long, e.Span())
}

// bindSerialize: marks the row order as usable by window functions.
func (b *binder) bindSerialize(in rel, op *syntax.SerializeOp, c ctx) rel {
	in.ordered = true
	if len(op.Exprs) == 0 {
		return in
	}
	return b.bindExtend(in, op.Exprs, op, c)
}
