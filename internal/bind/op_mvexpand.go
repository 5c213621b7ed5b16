package bind

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindMvExpand: one row per item of the arrays or bags. A null value gives
// one row with null, an empty array or bag none; shorter lists are padded
// with nulls.
func (b *binder) bindMvExpand(in rel, op *syntax.MvExpandOp, c ctx) rel {
	oc := b.over(in, c, op)
	items := b.env.Fns.Lookup(fn.Scalar, "__mv_array")
	if k := paramText(op.Params, "kind") + paramText(op.Params, "bagexpansion"); k == "array" {
		items = b.env.Fns.Lookup(fn.Scalar, "__mv_pairs")
	}
	if items == nil {
		return b.refuseOperator(op)
	}
	u := &plan.Unnest{Input: in.node}
	u.Out = append(u.Out, in.cols()...)
	cols := slices.Clone(in.cols())
	exprs := make([]plan.Expr, len(cols))
	for i := range cols {
		exprs[i] = colRef(cols, i)
	}
	names, count := newNamer(cols), columnCounter{}
	type placed struct {
		at int
		to types.Type
	}
	var places []placed
	for _, item := range op.Items {
		n := b.computed(item.X, oc)
		if n.x.Type() == types.Unknown {
			if in.open {
				return in
			}
			return rel{open: true}
		}
		if n.x.Type() != types.Dynamic {
			b.fail(item.Span(), "SEM0141", oc.inOp("The expression must have the type dynamic."),
				"for text that holds JSON write parse_json(…), for delimited text split(…)")
			return rel{open: true}
		}
		if n.name == "" {
			n.name = names.take(count.next())
		}
		u.Items = append(u.Items, b.apply(items, []plan.Expr{n.x}, item.Span(), oc))
		u.Out = append(u.Out, plan.Column{Name: "$item", Type: types.Dynamic, Nullable: true})
		to := types.Dynamic
		if item.To != nil {
			to = item.To.Type
		}
		at := findColumn(cols, n.name)
		if at < 0 {
			at = len(cols)
			names.used[n.name] = true
			cols, exprs = append(cols, plan.Column{Name: n.name}), append(exprs, nil)
		}
		places = append(places, placed{at, to})
	}
	base := len(in.cols())
	if name := paramText(op.Params, "with_itemindex"); name != "" {
		name = names.take(name)
		u.WithIndex = true
		u.Out = append(u.Out, plan.Column{Name: name, Type: types.Long})
		cols, exprs = append(cols, plan.Column{Name: name, Type: types.Long}), append(exprs, colRef(u.Out, len(u.Out)-1))
	}
	switch {
	case op.Limit != nil:
		u.Limit = b.rowCount(op.Limit, oc)
	case op.Word == "mvexpand":
		// The old spelling stops at 128 items.
		u.Limit = &plan.Const{Value: types.LongValue(128), Pos: op.Span()}
	}
	for i, p := range places {
		x := plan.Expr(colRef(u.Out, base+i))
		if p.to != types.Dynamic {
			x = b.castOnly(x, p.to, op)
		}
		cols[p.at] = columnOf(cols[p.at].Name, x)
		exprs[p.at] = x
	}
	return rel{node: b.project(u, cols, exprs), ordered: in.ordered}
}

// castOnly types an expanded item. It converts kinds, it does not read text:
// "2" to typeof(long) is null.
func (b *binder) castOnly(x plan.Expr, t types.Type, op syntax.Operator) plan.Expr {
	s := b.env.Fns.Lookup(fn.Scalar, "__mv_to")
	if s == nil || t == types.Timespan || t == types.Decimal {
		b.unsupported(op.Span(), "mv-expand to typeof("+t.String()+")", "expand to dynamic and convert with to"+t.String()+"()")
		return badExpr(op.Span())
	}
	name := &plan.Const{Value: types.StringValue(t.String()), Pos: op.Span()}
	return b.apply(s, []plan.Expr{x, name}, op.Span(), ctx{})
}
