package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// seriesRange is the axis of make-series: the bins of x from from, before to
// (with to itself in the old form), step apart. Ends that are not given are
// null constants.
type seriesRange struct {
	named
	from, to, step plan.Expr
	inclusive      bool
}

// bindMakeSeries: rows are grouped by the keys and the axis' bins; then the
// bins of each key are laid into arrays, gaps filled with defaults. Rows
// outside the range count for nothing: a key without any row in it has no
// series.
func (b *binder) bindMakeSeries(in rel, op *syntax.MakeSeriesOp, c ctx) rel {
	oc := b.over(in, c, op)
	always := false
	switch kind := paramText(op.Params, "kind"); {
	case kind == "":
	case kind != "nonempty":
		b.fail(op.Span(), "SEM0005", oc.inOp("'"+kind+"' is not a kind of make-series"), "Expected: nonempty")
		return rel{open: true}
	case len(op.Keys) > 0 || op.InRange == nil && (op.From == nil || op.To == nil):
		b.unsupported(op.Span(), "make-series kind=nonempty with 'by', or without 'from' and 'to'", "of no rows it is not known which series there are")
		return rel{open: true}
	default:
		always = true
	}
	axis, ok := b.seriesRange(op, oc)
	if !ok {
		return rel{open: true}
	}
	names, count := newNamer(nil), &columnCounter{}
	keyCols, keys := b.groupKeys(op.Keys, names, count, oc)
	outs, defaults, agg := b.seriesAggregates(op, len(keys)+1, keyCols, oc)
	axis.at = op.On
	cols := slices.Clone(keyCols)
	for _, n := range append(outs, axis.named) {
		name, ok := b.outputName(n, names, count, oc)
		if !ok {
			return rel{open: true}
		}
		cols = append(cols, plan.Column{Name: name, Type: types.Dynamic, Nullable: true})
	}
	if len(outs) == 0 || len(outs) < len(op.Aggs) {
		return rel{open: true}
	}
	bins := b.seriesBins(b.seriesFilter(in.node, axis, oc), keyCols, keys, axis, outs, agg)
	return rel{node: b.seriesArrays(bins, cols, defaults, axis, always)}
}

// seriesRange binds the axis and its ends. Only rows know the axis; the ends
// and the step are the same for all of them.
func (b *binder) seriesRange(op *syntax.MakeSeriesOp, oc ctx) (seriesRange, bool) {
	r := seriesRange{named: b.computed(op.On, oc)}
	t := r.x.Type()
	switch {
	case t == types.Unknown:
		return r, false
	case t == types.Int:
		r.x = b.cast(r.x, types.Long, r.x.Span())
	case t == types.Decimal:
		b.unsupported(op.On.Span(), "make-series on a decimal", "convert it with toreal()")
		return r, false
	case !t.IsTicks() && !t.IsNumber():
		b.fail(op.On.Span(), "SEM0127", oc.inOp(fmt.Sprintf("The type '%s' is not an appropriate axis", t)), "the axis is a datetime, a timespan or a number")
		return r, false
	}
	from, to, step := op.From, op.To, op.Step
	if op.InRange != nil {
		call, ok := op.InRange.(*syntax.Call)
		if !ok || len(call.Args) != 3 {
			b.fail(op.InRange.Span(), "SEM0219", oc.inOp("The function 'range' expects 3 arguments."), "write in range(start, stop, step)")
			return r, false
		}
		from, to, step, r.inclusive = call.Args[0], call.Args[1], call.Args[2], true
	}
	size := t
	if t == types.Datetime {
		size = types.Timespan
	}
	r.from, r.to, r.step = b.seriesEnd(from, t, oc), b.seriesEnd(to, t, oc), b.seriesEnd(step, size, oc)
	if r.from.Type() == types.Unknown || r.to.Type() == types.Unknown || r.step.Type() == types.Unknown {
		return r, false
	}
	if k, ok := r.step.(*plan.Const); ok && (k.Value.Null || k.Value.Type == types.Real && !(k.Value.F > 0) || k.Value.Type != types.Real && k.Value.I <= 0) {
		b.fail(step.Span(), "SEM0100", oc.inOp("The step must be greater than 0"), "")
		return r, false
	}
	if r.inclusive { // documented: bins of bin(), so that a start between two is in none of them
		r.from = b.seriesBin(r.from, r.step, nil)
	}
	return r, r.from.Type() != types.Unknown
}

// seriesEnd binds an end or the step, nil for one that is not given, as the
// axis' type.
func (b *binder) seriesEnd(e syntax.Expr, t types.Type, oc ctx) plan.Expr {
	wide := t
	if t == types.Int {
		wide = types.Long
	}
	if e == nil {
		return &plan.Const{Value: types.Null(wide)}
	}
	x := b.expr(e, ctx{sc: oc.sc, op: oc.op})
	if x.Type() == types.Unknown {
		return x
	}
	if k, ok := x.(*plan.Const); ok && t == types.Int && k.Value.Type == types.Long {
		return x // 5 is an int where one is wanted
	}
	if x.Type() != t && !promotes(x.Type(), t) {
		b.fail(e.Span(), "SEM0107", oc.inOp(fmt.Sprintf("The expression must have the type %s.", t)), "the value is "+x.Type().String())
		return badExpr(e.Span())
	}
	return b.cast(x, wide, e.Span())
}

// misaligned reports a constant start that is no multiple of the step.
func (b *binder) misaligned(from, step plan.Expr) bool {
	at, ok := b.seriesBin(from, step, nil).(*plan.Const)
	k, constant := from.(*plan.Const)
	return ok && constant && at.Value != k.Value
}

// seriesBin rounds x down to a bin; one of them starts at from, if given.
func (b *binder) seriesBin(x, step, from plan.Expr) plan.Expr {
	name, args := "bin", []plan.Expr{x, step}
	if from != nil {
		name, args = "bin_at", append(args, from)
	}
	return b.apply(b.env.Fns.Lookup(fn.Scalar, name), args, x.Span(), ctx{})
}

// bin is the bin of a row. bin, which engines know, serves where it means the
// same as bin_at.
func (r *seriesRange) bin(b *binder) plan.Expr {
	k, constant := r.from.(*plan.Const)
	if r.inclusive || constant && (k.Value.Null || !b.misaligned(r.from, r.step)) {
		return b.seriesBin(r.x, r.step, nil)
	}
	return b.seriesBin(r.x, r.step, r.from)
}

// seriesFilter keeps the rows in range. The old form asks for bins in range.
func (b *binder) seriesFilter(in plan.Node, r seriesRange, oc ctx) plan.Node {
	x, before := r.x, "<"
	if r.inclusive {
		x, before = r.bin(b), "<="
	}
	var cond []plan.Expr
	if !isNull(r.from) {
		cond = append(cond, b.infix(">=", r.x.Span(), oc, x, r.from))
	}
	if !isNull(r.to) {
		cond = append(cond, b.infix(before, r.x.Span(), oc, x, r.to))
	}
	if cond == nil {
		cond = append(cond, b.apply(b.env.Fns.Lookup(fn.Scalar, "isnotnull"), []plan.Expr{r.x}, r.x.Span(), oc))
	}
	for _, e := range cond {
		in = b.filter(in, e)
	}
	return in
}

func isNull(x plan.Expr) bool {
	k, ok := x.(*plan.Const)
	return ok && k.Value.Null
}

// seriesAggregates binds the aggregates over groups with so many keys, and
// their defaults as values of the same types.
func (b *binder) seriesAggregates(op *syntax.MakeSeriesOp, keys int, keyCols []plan.Column, oc ctx) (outs []named, defaults []plan.Expr, agg *aggregates) {
	agg = &aggregates{inner: oc, keys: keys}
	ac := ctx{sc: oc.sc, op: oc.op, agg: agg, rowID: oc.rowID}
	for _, item := range op.Aggs {
		cols := b.aggregateItem(item.X, ac, keyCols)
		if agg.picks > 0 {
			b.unsupported(item.Span(), "make-series of an aggregate with several columns", "use max() or min()")
			return nil, nil, agg
		}
		for _, n := range cols {
			t := n.x.Type()
			if t == types.Unknown {
				continue
			}
			if !t.IsNumber() || t == types.Decimal {
				b.unsupported(item.Span(), "make-series of a "+t.String(), "the values of a series are numbers; convert them, e.g. with toreal()")
				continue
			}
			d := b.seriesDefault(item, t, oc)
			if d.Type() == types.Unknown {
				continue
			}
			outs, defaults = append(outs, n), append(defaults, d)
		}
	}
	return outs, defaults, agg
}

// seriesDefault is 0 unless given. It becomes a value of the aggregate's type
// (recorded: 0 among averages is 0.0).
func (b *binder) seriesDefault(item syntax.MakeSeriesAgg, t types.Type, oc ctx) plan.Expr {
	if item.Default == nil {
		return b.cast(&plan.Const{Value: types.LongValue(0), Pos: item.Span()}, t, item.Span())
	}
	x := b.expr(item.Default, ctx{sc: oc.sc, op: oc.op})
	k, constant := x.(*plan.Const)
	switch {
	case x.Type() == types.Unknown || x.Type() == t:
		return x
	case isNull(x):
		return &plan.Const{Value: types.Null(t), Pos: x.Span()}
	case promotes(x.Type(), t), x.Type() == types.Long && t == types.Int:
		return b.cast(x, t, x.Span())
	case constant && t.IsInteger() && k.Value.Type == types.Real && k.Value.F == float64(int64(k.Value.F)):
		return b.cast(x, t, x.Span())
	}
	b.unsupported(item.Default.Span(), fmt.Sprintf("make-series with a default of type %s for values of type %s", x.Type(), t), "convert the aggregate or the default")
	return badExpr(x.Span())
}

// seriesBins groups by the keys and the bin: keys, bin, values.
func (b *binder) seriesBins(in plan.Node, keyCols []plan.Column, keys []plan.Expr, r seriesRange, outs []named, agg *aggregates) plan.Node {
	bin := r.bin(b)
	keys = append(slices.Clone(keys), bin)
	cols := append(slices.Clone(keyCols), columnOf("$bin", bin))
	out := slices.Clone(cols)
	exprs := make([]plan.Expr, len(cols))
	for i := range cols {
		exprs[i] = colRef(cols, i)
	}
	for i, n := range outs {
		out, exprs = append(out, columnOf(fmt.Sprintf("$v%d", i), n.x)), append(exprs, n.x)
	}
	return b.aggregateNode(in, cols, keys, agg, out, exprs)
}

// seriesArrays groups the bins by the keys: keys, arrays of values, the axis.
func (b *binder) seriesArrays(bins plan.Node, cols []plan.Column, defaults []plan.Expr, r seriesRange, always bool) plan.Node {
	nk := len(cols) - len(defaults) - 1
	n := &plan.Aggregate{Input: bins}
	n.Out = slices.Clone(cols)
	for i := range nk {
		n.Keys = append(n.Keys, colRef(bins.Columns(), i))
	}
	inclusive := &plan.Const{Value: types.BoolValue(r.inclusive)}
	add := func(name string, more ...plan.Expr) {
		s := b.env.Fns.Lookup(fn.Scalar, name)
		args := append([]plan.Expr{colRef(bins.Columns(), nk), r.from, r.to, r.step, inclusive}, more...)
		n.Aggs = append(n.Aggs, &plan.Agg{Fn: s, Sig: &s.Sigs[0], Args: args, Ret: types.Dynamic, Pos: r.at.Span()})
	}
	for i, d := range defaults {
		add("__series_values", colRef(bins.Columns(), nk+1+i), d)
	}
	add("__series_axis")
	if nk > 0 || always {
		return n
	}
	// Without keys there is one group even of no bins.
	count := b.env.Fns.Lookup(fn.Aggregate, "count")
	n.Aggs = append(n.Aggs, &plan.Agg{Fn: count, Sig: &count.Sigs[0], Ret: types.Long, Pos: r.at.Span()})
	n.Out = append(n.Out, plan.Column{Name: "$n", Type: types.Long})
	some := b.infix(">", r.at.Span(), ctx{}, colRef(n.Out, len(n.Out)-1), &plan.Const{Value: types.LongValue(0)})
	return b.pick(b.filter(n, some), firstN(len(cols)), nil)
}
