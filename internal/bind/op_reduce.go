package bind

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/reduce"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindReduce groups texts by pattern, in Go over their distinct values with
// their counts; kind=source keeps the rows and adds the pattern.
func (b *binder) bindReduce(in rel, op *syntax.ReduceOp, c ctx) rel {
	oc := b.over(in, c, op)
	x := b.computed(op.By, oc).x
	if x.Type() == types.Unknown {
		return rel{open: true}
	}
	if x.Type() != types.String {
		b.fail(op.By.Span(), "SEM0100", oc.inOp("The expression must have the type string."), "convert it with tostring()")
		return rel{open: true}
	}
	o := &reduce.Op{Options: reduce.Options{Threshold: 0.1}}
	for _, p := range op.Props {
		k, ok := b.expr(p.Value, oc).(*plan.Const)
		switch {
		case !ok:
			b.fail(p.Span(), "SEM0100", oc.inOp("'"+p.Name+"' must be a constant"), "")
			return rel{open: true}
		case p.Name == "threshold" && k.Value.Type.IsNumber():
			v := b.cast(k, types.Real, p.Span()).(*plan.Const)
			if !(v.Value.F >= 0 && v.Value.F <= 1) {
				b.fail(p.Span(), "SEM0100", oc.inOp("threshold must be between 0 and 1"), "")
				return rel{open: true}
			}
			o.Threshold = v.Value.F
		case p.Name == "characters" && k.Value.Type == types.String:
			o.Separators = k.Value.S
		default:
			b.fail(p.Span(), "SEM0100", oc.inOp("'"+p.Name+"' has no such value"), "")
			return rel{open: true}
		}
	}
	b.warn(op.Span(), "HRR1005", "reduce: how the engine groups texts is not published; its patterns may differ", "")
	if strings.EqualFold(paramText(op.Params, "kind"), "source") {
		o.Source = true
		return b.reduceRows(in, op, o, x)
	}
	groups := &syntax.Call{At: syntax.At{Pos: op.Span()}, Name: syntax.Name{Text: "count"}}
	agg := &aggregates{inner: oc, keys: 1}
	key := columnOf("value", x)
	total := b.call(groups, ctx{sc: &scope{}, op: oc.op, agg: agg, rowID: oc.rowID})
	counted := b.aggregateNode(in.node, []plan.Column{key}, []plan.Expr{x}, agg,
		[]plan.Column{key, columnOf("count", total)}, []plan.Expr{colRef([]plan.Column{key}, 0), total})
	out := []plan.Column{{Name: "Pattern", Type: types.String}, {Name: "Count", Type: types.Long}, {Name: "Representative", Type: types.String}}
	return rel{node: plan.NewGoOp(o, out, b.place(op.Span()), counted)}
}

// reduceRows adds the groups behind the columns of the input.
func (b *binder) reduceRows(in rel, op *syntax.ReduceOp, o *reduce.Op, x plan.Expr) rel {
	cols := in.cols()
	names := newNamer(nil)
	exprs := make([]plan.Expr, 0, len(cols)+1)
	for i, c := range cols {
		names.used[c.Name] = true
		exprs = append(exprs, colRef(cols, i))
	}
	value := append(cols[:len(cols):len(cols)], plan.Column{Name: "value", Type: types.String})
	out := append(cols[:len(cols):len(cols)], plan.Column{Name: names.take("Pattern"), Type: types.String},
		plan.Column{Name: names.take("Count"), Type: types.Long}, plan.Column{Name: names.take("Representative"), Type: types.String})
	return rel{node: plan.NewGoOp(o, out, b.place(op.Span()), b.project(in.node, value, append(exprs, x)))}
}
