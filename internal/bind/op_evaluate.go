package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// evaluation is one call of a plugin while it is bound.
type evaluation struct {
	*binder
	in     rel
	op     *syntax.EvaluateOp
	c      ctx // over the rows of in
	spec   *plugin.Spec
	args   map[string][]syntax.Expr // by parameter
	failed bool
	// late tells that a constant comes from a probe that did not run yet.
	late bool
}

// bindEvaluate: the rows that a plugin makes of the input. The schema after
// the colon types the columns of plugins whose columns depend on the data, and
// is checked against the others'. Hints change how an engine runs and nothing
// here.
func (b *binder) bindEvaluate(in rel, op *syntax.EvaluateOp, c ctx) rel {
	e := b.startEvaluation(in, op, c)
	if e == nil {
		return rel{open: true}
	}
	r := e.run()
	if e.failed {
		return rel{open: true}
	}
	if op.Schema != nil && e.spec.Name != "bag_unpack" && e.spec.Name != "pivot" {
		r = e.typed(r)
	}
	return r
}

// run binds the plugin.
func (e *evaluation) run() rel {
	switch e.spec.Name {
	case "bag_unpack":
		return e.bagUnpack()
	case "pivot":
		return e.pivot()
	case "narrow":
		return e.narrow()
	case "schema_merge":
		return e.schemaMerge()
	case "identity":
		return e.identity()
	case "preview":
		return e.preview()
	case "rows_near":
		return e.rowsNear()
	case "estimate_rows_count":
		return e.estimateRows()
	case "infer_storage_schema":
		return e.inferSchema()
	case "dcount_intersect":
		return e.dcountIntersect()
	case "ipv4_lookup":
		return e.ipv4Lookup()
	case "ipv6_lookup":
		return e.ipv6Lookup()
	case "geo_line_lookup":
		return e.geoLineLookup()
	case "geo_polygon_lookup":
		return e.geoPolygonLookup()
	case "activity_counts_metrics":
		return e.activityCounts()
	case "activity_metrics":
		return e.activityMetrics()
	case "activity_engagement":
		return e.activityEngagement()
	case "new_activity_metrics":
		return e.newActivity()
	case "sliding_window_counts":
		return e.slidingCounts()
	case "active_users_count":
		return e.activeUsers()
	case "session_count":
		return e.sessionCount()
	case "rolling_percentile":
		return e.rollingPercentile()
	case "sequence_detect":
		return e.sequenceDetect()
	case "funnel_sequence":
		return e.funnelSequence()
	case "funnel_sequence_completion":
		return e.funnelCompletion()
	case "basket":
		return e.basket()
	case "autocluster":
		return e.autocluster()
	case "diffpatterns":
		return e.diffpatterns()
	}
	e.unsupported(e.op.Span(), "The plugin '"+e.spec.Name+"'", "")
	return rel{open: true}
}

// bindEvaluateSource: evaluate without a table before it, for the plugins that
// bring rows from elsewhere.
func (b *binder) bindEvaluateSource(op *syntax.EvaluateOp, c ctx) rel {
	e := b.startEvaluation(rel{}, op, c)
	if e == nil {
		return rel{open: true}
	}
	if !e.spec.Fetches {
		b.fail(op.Span(), "SEM0100", "'evaluate' operator: a table is expected before it", "T | evaluate "+e.spec.Name+"(…)")
		return rel{open: true}
	}
	e.c.open = false // there are no columns, rather than unknown ones
	r := e.run()
	if !e.failed && op.Schema != nil {
		r = e.typed(r)
	}
	if e.failed {
		return rel{open: true}
	}
	return r
}

// startEvaluation finds the plugin and sorts its arguments; nil after an error.
func (b *binder) startEvaluation(in rel, op *syntax.EvaluateOp, c ctx) *evaluation {
	if op.Plugin == nil {
		return nil
	}
	table, err := plugin.Builtin()
	if err != nil {
		b.fail(op.Span(), "HRR0009", err.Error(), "")
		return nil
	}
	name := op.Plugin.Name.Text
	s := table.Lookup(name)
	switch {
	case s == nil:
		b.fail(op.Plugin.Name.Span(), "KS124", fmt.Sprintf("'evaluate' operator: The plugin '%s' is not defined.", name),
			hintDidYouMean(name, table.Names()))
		return nil
	case s.Refused != "":
		b.unsupported(op.Plugin.Name.Span(), "The plugin '"+name+"'", s.Refused)
		return nil
	}
	e := &evaluation{binder: b, in: in, op: op, c: b.over(in, c, op), spec: s}
	if !e.arrange() {
		return nil
	}
	if s.Caution != "" {
		b.warn(op.Plugin.Name.Span(), "HRR1005", s.Name+": "+s.Caution, "")
	}
	return e
}

// typed brings the columns of r to the declared ones, by name.
func (e *evaluation) typed(r rel) rel {
	if r.node == nil {
		return r
	}
	var cols []plan.Column
	var exprs []plan.Expr
	declared := map[string]bool{}
	for _, d := range e.op.Schema.Columns {
		declared[d.Name.Text] = true
	}
	if e.op.Schema.Star {
		for i, col := range r.cols() {
			if !declared[col.Name] {
				cols, exprs = append(cols, col), append(exprs, colRef(r.cols(), i))
			}
		}
	}
	for _, d := range e.op.Schema.Columns {
		i := findColumn(r.cols(), d.Name.Text)
		if i < 0 {
			e.refuse(d.Span(), fmt.Sprintf("%s makes no column '%s'", e.spec.Name, d.Name.Text), hintDidYouMean(d.Name.Text, columnNames(r.cols())))
			return rel{open: true}
		}
		x := e.cast(colRef(r.cols(), i), d.Type, d.Span())
		cols, exprs = append(cols, columnOf(d.Name.Text, x)), append(exprs, x)
	}
	return rel{node: e.project(r.node, cols, exprs), ordered: r.ordered}
}

// refuse reports a mistake in the call.
func (e *evaluation) refuse(at diag.Span, message, hint string) {
	e.failed = true
	e.fail(at, "SEM0100", e.c.inOp(message), hint)
}

// goOp runs op over inputs. A column that is called like one before it gets a
// number.
func (e *evaluation) goOp(op plan.RowOp, cols []plan.Column, ins ...plan.Node) rel {
	if e.failed {
		return rel{}
	}
	cols = slices.Clone(cols)
	names := newNamer(nil)
	for i := range cols {
		cols[i].Name = names.take(cols[i].Name)
	}
	return rel{node: plan.NewGoOp(op, cols, e.op.Span(), ins...)}
}

// outColumn is a column of an output.
func outColumn(name string, t types.Type) plan.Column {
	return plan.Column{Name: name, Type: t, Nullable: t != types.String}
}
