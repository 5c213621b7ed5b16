package bind

import (
	"fmt"
	"math"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/types"
)

// timeline is the part that the usage plugins share: whose time, from when to
// when, in what bins, by what.
type timeline struct {
	id, time   int
	dims       []int
	axis       plugin.Axis
	start, end types.Value
	bounded    bool // start and end are given
	origin     bool // bins count from start, not from zero
}

// readTimeline binds the arguments. step is the name of the parameter that
// sizes the bins.
func (e *evaluation) readTimeline(step string) (t timeline, ok bool) {
	t.id, t.time, t.dims = e.columnArg("IdColumn"), e.columnArg("TimelineColumn"), e.columnArgs("Dimension")
	if e.failed {
		return t, false
	}
	t.axis.Type = e.in.cols()[t.time].Type
	if t.axis.Type == types.Decimal {
		e.refuse(e.arg("TimelineColumn").Span(), e.spec.Name+": a timeline of decimals has no bins", "convert it, e.g. with toreal(…)")
		return t, false
	}
	if e.arg("Start") != nil {
		t.start, t.end = e.moment("Start"), e.moment("End")
		t.bounded, t.origin, t.axis.Origin = true, true, t.start
	}
	unit := e.unit(step)
	if unit != "" {
		t.axis.Unit = unit
	} else {
		t.axis.Step = e.length(step, true)
	}
	return t, !e.failed
}

// unit is the calendar unit of a step, "" for a length.
func (e *evaluation) unit(step string) string {
	v, ok := e.constant(step)
	if !ok || v.Type != types.String {
		return ""
	}
	if e.timeType() == types.Datetime {
		switch v.S {
		case "week", "month", "year":
			return v.S
		}
	}
	e.refuse(e.arg(step).Span(), fmt.Sprintf("%s: '%s' is a length of time, or 'week', 'month' or 'year' of datetimes", e.spec.Name, step), "")
	return ""
}

// moment is a constant on the timeline.
func (e *evaluation) moment(name string) types.Value {
	t := e.timeType()
	return e.onTimeline(name, t, t)
}

// length is a constant length of time.
func (e *evaluation) length(name string, positive bool) types.Value {
	t := e.timeType()
	as := t
	if t == types.Datetime {
		as = types.Timespan
	}
	v := e.onTimeline(name, as, t)
	if positive && !e.failed && !e.late && v.I <= 0 && !(v.F > 0) {
		e.refuse(e.arg(name).Span(), fmt.Sprintf("%s: '%s' must be greater than zero", e.spec.Name, name), "")
	}
	return v
}

func (e *evaluation) timeType() types.Type {
	return e.in.cols()[e.columnArg("TimelineColumn")].Type
}

// onTimeline converts a constant to type as, carried like the timeline.
func (e *evaluation) onTimeline(name string, as, carried types.Type) types.Value {
	v, _ := e.constant(name)
	if e.failed {
		return v
	}
	switch {
	case v.Null && !e.late:
	case v.Type == as:
		return v
	case as == types.Real && v.Type.IsInteger():
		return types.RealValue(float64(v.I))
	case as.IsInteger() && v.Type.IsInteger():
		v.Type = as
		return v
	case as.IsInteger() && v.Type == types.Real && v.F == math.Trunc(v.F) && math.Abs(v.F) < 1<<53:
		return types.Value{Type: as, I: int64(v.F)}
	}
	e.refuse(e.arg(name).Span(), fmt.Sprintf("%s: '%s' is %s; the timeline is %s", e.spec.Name, name, v.Type, carried), fmt.Sprintf("write a %s", as))
	return v
}

// bin is the start of the bin of a time.
func (e *evaluation) bin(x plan.Expr, axis plugin.Axis, origin bool) plan.Expr {
	switch {
	case axis.Unit != "":
		return e.call("startof"+axis.Unit, x)
	case origin:
		return e.call("bin_at", x, e.constOf(axis.Step), e.constOf(axis.Origin))
	}
	return e.call("bin", x, e.constOf(axis.Step))
}

// within filters rows by time, from back before start to end.
func (e *evaluation) within(t timeline, back types.Value) plan.Node {
	if !t.bounded {
		return e.in.node
	}
	lo := e.constOf(t.start)
	if back.Type != types.Unknown {
		lo = e.operate("-", lo, e.constOf(back))
	}
	when := colRef(e.in.cols(), t.time)
	return e.filter(e.in.node, e.operate("and", e.operate(">=", when, lo), e.operate("<=", when, e.constOf(t.end))))
}

// uses is the input of most usage plugins: how often an identifier appears in
// each bin.
func (e *evaluation) uses(t timeline, back types.Value) plan.Node {
	in := e.within(t, back)
	cols := []plan.Column{in.Columns()[t.id], outColumn("$bin", t.axis.Type)}
	keys := []plan.Expr{ref(in, t.id), e.bin(ref(in, t.time), t.axis, t.origin)}
	cols[1].Type = keys[1].Type()
	for _, d := range t.dims {
		cols, keys = append(cols, in.Columns()[d]), append(keys, ref(in, d))
	}
	n := e.group(in, cols, keys, []string{"$rows"}, func(c ctx) []plan.Expr { return []plan.Expr{e.aggregateOf("count", c)} })
	order := append([]int{0, 1, len(keys)}, firstN(len(keys))[2:]...)
	return e.pick(n, order, nil)
}

// moments is the input of usage plugins that need more than a count: the
// distinct values of a third column.
func (e *evaluation) moments(t timeline, back types.Value, third func(when plan.Expr) plan.Expr) plan.Node {
	in := e.within(t, back)
	exprs := []plan.Expr{ref(in, t.id), e.bin(ref(in, t.time), t.axis, t.origin), third(ref(in, t.time))}
	cols := []plan.Column{in.Columns()[t.id], outColumn("$bin", exprs[1].Type()), outColumn("$third", exprs[2].Type())}
	for _, d := range t.dims {
		cols, exprs = append(cols, in.Columns()[d]), append(exprs, ref(in, d))
	}
	return e.distinct(e.project(in, cols, exprs))
}

// usageColumns are the timeline, the dimensions, and more.
func (e *evaluation) usageColumns(t timeline, more ...plan.Column) []plan.Column {
	cols := []plan.Column{e.in.cols()[t.time]}
	for _, d := range t.dims {
		cols = append(cols, e.in.cols()[d])
	}
	return append(cols, more...)
}

func (e *evaluation) activityCounts() rel {
	t, ok := e.readTimeline("Step")
	if !ok {
		return rel{}
	}
	cols := e.usageColumns(t, outColumn("count", types.Long), outColumn("dcount", types.Long), outColumn("new_dcount", types.Long), outColumn("aggregated_dcount", types.Long))
	return e.goOp(plugin.ActivityCounts{Axis: t.axis}, cols, e.uses(t, types.Value{}))
}

func (e *evaluation) activityMetrics() rel {
	t, ok := e.readTimeline("Step")
	if !ok {
		return rel{}
	}
	if !t.bounded {
		t.axis.Origin = types.Value{Type: t.axis.Type}
	}
	cols := e.usageColumns(t, outColumn("dcount_values", types.Long), outColumn("dcount_newvalues", types.Long), outColumn("retention_rate", types.Real), outColumn("churn_rate", types.Real))
	return e.goOp(plugin.ActivityMetrics{Axis: t.axis}, cols, e.uses(t, types.Value{}))
}

func (e *evaluation) activityEngagement() rel {
	t, ok := e.readTimeline("InnerActivityWindow")
	if !ok {
		return rel{}
	}
	outer := e.length("OuterActivityWindow", true)
	op := plugin.ActivityEngagement{Axis: t.axis, Outer: outer, All: !t.bounded}
	if t.bounded {
		op.First = t.axis.Of(t.start)
	}
	cols := e.usageColumns(t, outColumn("dcount_activities_inner", types.Long), outColumn("dcount_activities_outer", types.Long), outColumn("activity_ratio", types.Real))
	return e.goOp(op, cols, e.uses(t, outer))
}

func (e *evaluation) slidingCounts() rel {
	t, ok := e.readTimeline("Step")
	if !ok {
		return rel{}
	}
	back := e.length("LookBackWindow", true)
	op := plugin.SlidingCounts{Axis: t.axis, Window: back, First: t.axis.Of(t.start), Last: t.axis.Of(t.end)}
	return e.goOp(op, e.usageColumns(t, outColumn("Count", types.Long), outColumn("Dcount", types.Long)), e.uses(t, back))
}

// newActivity may have a look-back table: its column of the identifier's name,
// or else its first one, holds those who are not new.
func (e *evaluation) newActivity() rel {
	t, ok := e.readTimeline("Window")
	if !ok {
		return rel{}
	}
	op := plugin.NewActivity{Axis: t.axis, First: t.axis.Of(t.start), Last: t.axis.Of(t.end)}
	if e.arg("Cohort") != nil {
		op.OneCohort, op.Cohort = true, t.axis.Of(e.moment("Cohort"))
	}
	ins := []plan.Node{e.uses(t, types.Value{})}
	if a := e.arg("lookback"); a != nil {
		old := e.binder.table(a, ctx{sc: e.c.sc, op: e.c.op})
		if old.node == nil {
			e.failed = true
			return rel{}
		}
		id := e.in.cols()[t.id]
		at := max(findColumn(old.cols(), id.Name), 0)
		if old.cols()[at].Type != id.Type {
			e.refuse(a.Span(), fmt.Sprintf("new_activity_metrics: the look-back table has no column '%s' of type %s", id.Name, id.Type), "")
			return rel{}
		}
		ins = append(ins, e.distinct(e.pick(old.node, []int{at}, nil)))
	}
	from, to := e.in.cols()[t.time], e.in.cols()[t.time]
	from.Name, to.Name = "from_"+from.Name, "to_"+to.Name
	cols := append([]plan.Column{from, to}, e.usageColumns(t)[1:]...)
	cols = append(cols, outColumn("dcount_new_values", types.Long), outColumn("dcount_retained_values", types.Long), outColumn("dcount_churn_values", types.Long),
		outColumn("retention_rate", types.Real), outColumn("churn_rate", types.Real))
	return e.goOp(op, cols, ins...)
}

func (e *evaluation) activeUsers() rel {
	t, ok := e.readTimeline("Step")
	if !ok {
		return rel{}
	}
	back := e.length("LookbackWindow", true)
	periods := plugin.Axis{Type: t.axis.Type, Origin: t.start, Step: e.length("Period", true)}
	least := e.number("ActivePeriods", 1, 1, math.MaxInt32)
	if e.failed {
		return rel{}
	}
	op := plugin.ActiveUsers{Axis: t.axis, Periods: periods, Window: back, Min: int64(math.Ceil(least)), First: t.axis.Of(t.start), Last: t.axis.Of(t.end)}
	in := e.moments(t, back, func(when plan.Expr) plan.Expr { return e.bin(when, periods, true) })
	return e.goOp(op, e.usageColumns(t, outColumn("dcount", types.Long)), in)
}

func (e *evaluation) sessionCount() rel {
	t, ok := e.readTimeline("Bin")
	if !ok {
		return rel{}
	}
	back := e.length("LookBackWindow", false)
	// Bins start at multiples of their size, as the reference's chart shows.
	t.origin, t.axis.Origin = false, types.Value{Type: t.axis.Type}
	in := e.moments(t, back, func(when plan.Expr) plan.Expr { return when })
	return e.goOp(plugin.SessionCount{Axis: t.axis, Start: t.start, Window: back}, e.usageColumns(t, outColumn("count_sessions", types.Long)), in)
}
