package bind

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// sequenceDetect leaves to Go the distinct times at which any step is true.
func (e *evaluation) sequenceDetect() rel {
	at, dims := e.columnArg("TimelineColumn"), e.columnArgs("Dimension")
	gap, span := e.ticks("MaxSequenceStepWindow"), e.ticks("MaxSequenceSpan")
	if e.failed {
		return rel{}
	}
	cols := e.in.cols()
	names, exprs := []plan.Column{cols[at]}, []plan.Expr{colRef(cols, at)}
	var out []plan.Column
	for _, d := range dims {
		out = append(out, cols[d])
	}
	for _, a := range e.args["Expr"] {
		title, x := e.step(a)
		if e.failed {
			return rel{}
		}
		names, exprs = append(names, outColumn("$step", types.Bool)), append(exprs, x)
		out = append(out, plan.Column{Name: title + "_" + cols[at].Name, Type: cols[at].Type, Nullable: true})
	}
	steps := len(exprs) - 1
	some := exprs[1]
	for _, x := range exprs[2:] {
		some = e.operate("or", some, x)
	}
	for _, d := range dims {
		names, exprs = append(names, cols[d]), append(exprs, colRef(cols, d))
	}
	rows := e.distinct(e.project(e.filter(e.in.node, some), names, exprs))
	return e.goOp(plugin.SequenceDetect{Steps: steps, Gap: gap, Span: span}, append(out, outColumn("Duration", types.Timespan)), rows)
}

// step binds a predicate and its name.
func (e *evaluation) step(a syntax.Expr) (string, plan.Expr) {
	n := e.computed(a, e.c)
	x := e.boolean(n.x, a.Span(), e.spec.Name, e.c)
	if x.Type() == types.Unknown {
		e.failed = true
	}
	return n.name, x
}

// ticks is a constant timespan.
func (e *evaluation) ticks(name string) int64 {
	v, _ := e.constant(name)
	if !e.failed && (v.Type != types.Timespan || v.Null || v.I < 0) {
		e.refuse(e.arg(name).Span(), e.spec.Name+": '"+name+"' is a timespan", "e.g. 1h")
	}
	return v.I
}

// funnel binds what the funnel plugins share; their input are the rows of the
// time range.
func (e *evaluation) funnel(step string) (plugin.Funnel, timeline, plan.Node) {
	t, ok := e.readTimeline(step)
	state := e.columnArg("StateColumn")
	sequence := e.texts("Sequence")
	if ok && !e.failed && len(sequence) == 0 && !e.late {
		e.refuse(e.arg("Sequence").Span(), e.spec.Name+": the sequence has no states", "e.g. dynamic(['first', 'second'])")
	}
	if e.failed {
		return plugin.Funnel{}, t, nil
	}
	in := e.pick(e.within(t, types.Value{}), []int{t.id, t.time, state}, nil)
	return plugin.Funnel{Axis: t.axis, Sequence: sequence}, t, in
}

func (e *evaluation) funnelSequence() rel {
	f, t, in := e.funnel("Step")
	if e.failed {
		return rel{}
	}
	gap := e.ticks("MaxWindowSizeBetweenSteps")
	state := in.Columns()[2].Type
	cols := append([]plan.Column{e.in.cols()[t.time]}, plugin.FunnelSequenceColumns(state)...)
	return e.goOp(plugin.FunnelSequence{Funnel: f, Gap: gap}, cols, in)
}

func (e *evaluation) funnelCompletion() rel {
	f, t, in := e.funnel("BinSize")
	if e.failed {
		return rel{}
	}
	var periods []int64
	for _, text := range e.texts("MaxSequencePeriods") {
		n, ok := dynamic.AsTimespan(dynamic.Quote(text))
		if !ok {
			e.refuse(e.arg("MaxSequencePeriods").Span(), e.spec.Name+": '"+text+"' is no timespan", "e.g. dynamic([1h, 1d])")
		}
		periods = append(periods, n)
	}
	cols := []plan.Column{e.in.cols()[t.time], outColumn(e.in.cols()[e.columnArg("StateColumn")].Name, types.String), outColumn("Period", types.Timespan), outColumn("dcount", types.Long)}
	return e.goOp(plugin.FunnelCompletion{Funnel: f, Periods: periods}, cols, in)
}
