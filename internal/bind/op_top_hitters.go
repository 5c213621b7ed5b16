package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindTopHitters: the n values that come up most often, or with the largest
// sum. Kusto estimates; the exact answer is within what it promises.
func (b *binder) bindTopHitters(in rel, op *syntax.TopHittersOp, c ctx) rel {
	oc := b.over(in, c, op)
	n := b.rowCount(op.N, oc)
	of := b.computed(op.Of, oc)
	if of.x.Type() == types.Dynamic {
		b.fail(op.Of.Span(), "SEM0116", oc.inOp("grouping by a 'dynamic' value is not supported"), "convert it: tostring("+syntax.Print(op.Of)+")")
		return rel{open: true}
	}
	names, count := newNamer(nil), &columnCounter{}
	if of.name == "" {
		of.name = count.next()
	}
	names.used[of.name] = true
	agg := &aggregates{inner: oc, keys: 1}
	ac := ctx{sc: oc.sc, op: oc.op, agg: agg, rowID: oc.rowID}
	call, name, t := &syntax.Call{At: syntax.At{Pos: op.Span()}, Name: syntax.Name{Text: "count"}}, "approximate_count_"+of.name, types.Long
	if op.By != nil {
		by := b.computed(op.By, oc)
		if t = by.x.Type(); t != types.Unknown && !t.IsNumber() {
			b.fail(op.By.Span(), "SEM0137", oc.inOp("The expression value must be a number."), "")
			return rel{open: true}
		}
		x := op.By
		if named, ok := x.(*syntax.NamedExpr); ok {
			x = named.X
		}
		call.Name.Text, call.Args, name = "sum", []syntax.Expr{x}, "approximate_sum_"+by.name
	}
	s := b.env.Fns.Lookup(fn.Aggregate, call.Name.Text)
	if s == nil {
		return b.refuseOperator(op)
	}
	total := b.aggregateCall(s, call, ac)
	if total.Type() == types.Unknown || of.x.Type() == types.Unknown || n.Type() == types.Unknown {
		return rel{open: true}
	}
	key := columnOf(of.name, of.x)
	total = b.cast(total, t, op.Span())
	node := b.aggregateNode(in.node, []plan.Column{key}, []plan.Expr{of.x}, agg,
		[]plan.Column{key, columnOf(names.take(name), total)}, []plan.Expr{colRef([]plan.Column{key}, 0), total})
	most := plan.SortKey{X: colRef(node.Columns(), 1), Desc: true}
	return rel{node: b.limit(b.sort(node, []plan.SortKey{most}), n), ordered: true}
}
