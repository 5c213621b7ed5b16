package bind

import (
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindGetSchema: one row per column of the input.
func (b *binder) bindGetSchema(in rel, _ *syntax.GetSchemaOp, _ ctx) rel {
	cols := []plan.Column{{Name: "ColumnName", Type: types.String}, {Name: "ColumnOrdinal", Type: types.Int},
		{Name: "DataType", Type: types.String}, {Name: "ColumnType", Type: types.String}}
	var rows [][]types.Value
	for i, col := range in.cols() {
		rows = append(rows, []types.Value{types.StringValue(col.Name), types.IntValue(int32(i)),
			types.StringValue(col.Type.SystemName()), types.StringValue(col.Type.String())})
	}
	return rel{node: b.values(cols, rows), ordered: true}
}

// charts are the visualizations of render.
var charts = []string{"table", "list", "barchart", "piechart", "ladderchart", "timechart", "linechart", "anomalychart",
	"pivotchart", "areachart", "stackedareachart", "scatterchart", "timepivot", "columnchart", "timeline", "3Dchart",
	"card", "treemap", "plotly", "graph", "sankey"}

// bindRender keeps how the result asks to be drawn; rows are unchanged.
func (b *binder) bindRender(in rel, op *syntax.RenderOp, c ctx) rel {
	if !slices.Contains(charts, op.Chart.Text) {
		b.fail(op.Chart.Span(), "KS005", "'render' operator: '"+op.Chart.Text+"' is not a visualization",
			"Expected one of: "+strings.Join(charts, ", "))
		return in
	}
	r := &Render{Chart: op.Chart.Text, Props: map[string]string{}}
	for _, p := range op.Props {
		r.Props[p.Name] = paramText(op.Props, p.Name)
	}
	b.render = r
	return in
}

// bindAs names the piped table for the rest of the query.
func (b *binder) bindAs(in rel, op *syntax.AsOp, c ctx) rel {
	in.name = op.Name.Text
	named := in
	c.sc.set(op.Name.Text, &variable{rel: &named})
	return in
}

// bindInvoke calls a tabular function on the piped table.
func (b *binder) bindInvoke(in rel, op *syntax.InvokeOp, c ctx) rel {
	call, ok := op.Func.(*syntax.Call)
	if !ok {
		b.fail(op.Span(), "SEM0100", "'invoke' operator: a function call is expected", "")
		return rel{open: true}
	}
	name := call.Name.Text
	v := c.sc.lookup(name)
	if v == nil || v.fun == nil {
		if why, ok := refusedHunting[name]; ok {
			b.unsupported(op.Span(), name+"()", why)
		} else {
			b.fail(call.Name.Span(), "SEM0260", "'invoke' operator: Unknown function: '"+name+"'.",
				hintDidYouMean(name, c.sc.visible(func(v *variable) bool { return v.fun != nil })))
		}
		return rel{open: true}
	}
	args := call.Args
	if name == "FileProfile" && v.fun.stored {
		if args, ok = b.fileProfileColumn(in, args); !ok {
			return rel{open: true}
		}
	}
	r, s := b.callFunction(name, v.fun, args, &in, ctx{sc: c.sc, op: op.Word}, op.Span())
	if s != nil {
		return rel{open: true}
	}
	return r
}

// bindRange: range x from a to b step c is one column of evenly spaced values.
func (b *binder) bindRange(op *syntax.RangeOp, c ctx) rel {
	oc := ctx{sc: c.sc, op: op.Word}
	from, to, step := b.expr(op.From, oc), b.expr(op.To, oc), b.expr(op.Step, oc)
	if from.Type() == types.Unknown || to.Type() == types.Unknown || step.Type() == types.Unknown {
		return rel{open: true}
	}
	t, name := types.Long, "__range_long"
	switch {
	case from.Type().IsTicks() && to.Type() == from.Type() && (step.Type() == types.Timespan):
		t, name = from.Type(), "__range_ticks"
	case from.Type().IsNumber() && to.Type().IsNumber() && step.Type().IsNumber():
		if w := widest([]plan.Expr{from, to, step}); w == types.Decimal {
			b.unsupported(op.Span(), "A range of decimals", "use real numbers and todecimal()")
			return rel{open: true}
		} else if w != types.Long {
			t, name = types.Real, "__range_real"
		} else if from.Type() == types.Int && to.Type() == types.Int && step.Type() == types.Int {
			t = types.Int
		}
	default:
		b.fail(op.Span(), "SEM0127", oc.inOp("from, to and step do not fit together: "+typeList([]plan.Expr{from, to, step})),
			"numbers, or datetimes with a timespan step")
		return rel{open: true}
	}
	s := b.env.Fns.Lookup(fn.Scalar, name)
	if s == nil {
		return b.refuseOperator(op)
	}
	if t != types.Datetime && t != types.Timespan {
		w := types.Long
		if t == types.Real {
			w = types.Real
		}
		from, to, step = b.cast(from, w, op.Span()), b.cast(to, w, op.Span()), b.cast(step, w, op.Span())
	}
	list := b.apply(s, []plan.Expr{from, to, step}, op.Span(), oc)
	if list.Type() == types.Unknown {
		return rel{open: true}
	}
	u := &plan.Unnest{Input: b.values(nil, [][]types.Value{{}}), Items: []plan.Expr{list}}
	u.Out = []plan.Column{{Name: op.Name.Text, Type: list.Type().Elem(), Nullable: true}}
	if t == types.Int {
		x := b.cast(colRef(u.Out, 0), types.Int, op.Span())
		return rel{node: b.project(u, []plan.Column{columnOf(op.Name.Text, x)}, []plan.Expr{x}), ordered: true}
	}
	return rel{node: u, ordered: true}
}
