package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// rollingPercentile: every row goes into its bin and the next ones, as many as
// a window holds; then it is a percentile by bin, for the bins that have rows
// of their own. Bins are numbered, so that neighbours are one apart for reals
// too.
func (e *evaluation) rollingPercentile() rel {
	value, index, dims := e.columnArg("ValueColumn"), e.columnArg("IndexColumn"), e.columnArgs("Dimension")
	p, _ := e.constant("Percentile")
	size := e.number("BinsPerWindow", 1, 1, 100_000)
	if e.failed {
		return rel{}
	}
	cols := e.in.cols()
	step := e.binSize(cols[index].Type)
	number := e.number("Percentile", 50, 0, 100)
	if e.failed {
		return rel{}
	}
	when := colRef(cols, index)
	start := e.call("bin", when, e.constOf(step))
	names, exprs := []plan.Column{outColumn("$bin", start.Type())}, []plan.Expr{start}
	for _, i := range append(slices.Clone(dims), value) {
		names, exprs = append(names, cols[i]), append(exprs, colRef(cols, i))
	}
	rows := e.project(e.in.node, names, exprs)
	last := len(names) - 1

	own := e.distinct(e.pick(rows, firstN(last), nil))
	k := e.constOf(types.LongValue(int64(size) - 1))
	u := &plan.Unnest{Input: rows, Items: []plan.Expr{e.call("__range_long", e.constOf(types.LongValue(0)), k, e.constOf(types.LongValue(1)))}}
	u.Out = append(u.Out, names...)
	u.Out = append(u.Out, plan.Column{Name: "$ahead", Type: types.Long, Nullable: true})

	keyCols, keys := []plan.Column{names[0]}, []plan.Expr{e.ahead(ref(u, 0), ref(u, last+1), step)}
	for i := range dims {
		keyCols, keys = append(keyCols, names[i+1]), append(keys, ref(u, i+1))
	}
	title := fmt.Sprintf("rolling_%d_percentile_%s_%s", int64(size), cols[value].Name, constantName(p, number))
	n := e.group(u, keyCols, keys, []string{title}, func(c ctx) []plan.Expr {
		return []plan.Expr{e.aggregateOf("percentile", c, ref(u, last), e.constOf(p))}
	})
	if e.failed {
		return rel{}
	}
	j := &plan.Join{Kind: plan.LeftSemi, Left: n, Right: own}
	for i := range keys {
		j.LeftKeys, j.RightKeys = append(j.LeftKeys, e.joinable(ref(n, i))), append(j.RightKeys, e.joinable(ref(own, i)))
	}
	j.Out = n.Columns()
	out, outExprs := slices.Clone(n.Columns()), make([]plan.Expr, len(n.Columns()))
	for i := range out {
		outExprs[i] = ref(j, i)
	}
	out[0] = cols[index]
	outExprs[0] = e.cast(outExprs[0], cols[index].Type, e.op.Span())
	outExprs[len(outExprs)-1] = e.cast(outExprs[len(outExprs)-1], cols[value].Type, e.op.Span())
	out[len(out)-1].Type = cols[value].Type
	return rel{node: e.project(j, out, outExprs)}
}

// ahead is the start of the bin that is some bins after another.
func (e *evaluation) ahead(bin, by plan.Expr, step types.Value) plan.Expr {
	if step.Type == types.Real {
		by = e.cast(by, types.Real, e.op.Span())
	}
	return e.operate("+", bin, e.operate("*", by, e.constOf(step)))
}

// joinable rounds reals: the same bin, reached by different sums.
func (e *evaluation) joinable(x plan.Expr) plan.Expr {
	if x.Type() != types.Real {
		return x
	}
	return e.call("round", x, e.constOf(types.LongValue(9)))
}

// binSize is the constant BinSize, as a length of the index's type.
func (e *evaluation) binSize(index types.Type) types.Value {
	v, _ := e.constant("BinSize")
	switch {
	case e.failed:
	case index.IsTicks() && v.Type == types.Timespan && v.I > 0:
		return v
	case index.IsInteger() && v.Type.IsInteger() && v.I > 0:
		return types.LongValue(v.I)
	case index == types.Real && v.Type.IsInteger() && v.I > 0:
		return types.RealValue(float64(v.I))
	case (index == types.Real) && v.Type == types.Real && v.F > 0:
		return v
	default:
		e.refuse(e.arg("BinSize").Span(), fmt.Sprintf("rolling_percentile: 'BinSize' does not fit the column of type %s", index), "a number greater than zero, or a timespan for times")
	}
	return v
}

// constantName is how a percentile shows up in a column's name.
func constantName(v types.Value, number float64) string {
	if v.Type.IsInteger() {
		return fmt.Sprint(v.I)
	}
	return types.FormatReal(number)
}
