package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// pivotAggregates are the aggregates that pivot takes (reference), with their
// old names.
var pivotAggregates = []string{"min", "max", "take_any", "any", "sum", "dcount", "avg", "stdev", "variance",
	"make_list", "make_bag", "make_set", "makelist", "makeset", "make_dictionary", "count"}

// pivot turns the values of a column into columns. A first aggregation has one
// row for each group and value, a second spreads the values of a group over
// columns; what a value's column shows where a group has no such row is the
// aggregate of nothing (0 for count and sum, null for max).
func (e *evaluation) pivot() rel {
	at := e.columnArg("pivotColumn")
	if e.failed {
		return rel{}
	}
	agg := e.arg("aggregateFunction")
	groups := e.pivotGroups(at, agg)
	cells, empty := e.pivotCells(at, groups, agg)
	if e.failed {
		return rel{}
	}
	values, ok := e.pivotValues(at, groups)
	switch {
	case e.failed:
		return rel{}
	case !ok:
		return rel{node: e.distinct(e.pick(e.in.node, groups, nil)), open: true}
	}
	return e.spreadCells(cells, len(groups), values, empty)
}

// pivotGroups are the columns that stay: those listed, else all that are
// neither pivoted nor aggregated.
func (e *evaluation) pivotGroups(at int, agg syntax.Expr) []int {
	if len(e.args["columnName"]) > 0 {
		return e.columnArgs("columnName")
	}
	used := -1
	if call, ok := agg.(*syntax.Call); ok && len(call.Args) > 0 {
		if name, ok := call.Args[0].(*syntax.NameRef); ok {
			used = findColumn(e.in.cols(), name.Name)
		}
	}
	return slices.DeleteFunc(firstN(len(e.in.cols())), func(i int) bool { return i == at || i == used })
}

// pivotCells is the first aggregation: the groups, the value as text, the
// aggregate. empty is the aggregate of no rows, null where it is null.
func (e *evaluation) pivotCells(at int, groups []int, agg syntax.Expr) (cells plan.Node, empty types.Value) {
	var keyCols []plan.Column
	var keys []plan.Expr
	for _, i := range groups {
		keyCols, keys = append(keyCols, e.in.cols()[i]), append(keys, colRef(e.in.cols(), i))
	}
	keyCols = append(keyCols, plan.Column{Name: "$value", Type: types.String})
	keys = append(keys, e.cast(colRef(e.in.cols(), at), types.String, e.op.Span()))
	n := e.group(e.in.node, keyCols, keys, []string{"$cell"}, func(c ctx) []plan.Expr {
		if agg == nil {
			return []plan.Expr{e.aggregateOf("count", c)}
		}
		call, ok := agg.(*syntax.Call)
		if !ok || !slices.Contains(pivotAggregates, call.Name.Text) {
			e.refuse(agg.Span(), "pivot: one of the aggregates min, max, take_any, sum, dcount, avg, stdev, variance, make_list, make_bag, make_set and count is expected", "")
			return nil
		}
		x := e.expr(call, c)
		if _, plain := x.(*plan.Col); !plain {
			e.failed = true
			return nil
		}
		return []plan.Expr{x}
	})
	if e.failed {
		return nil, empty
	}
	return n, e.emptyAggregate(n.(*plan.Aggregate).Aggs[0])
}

// emptyAggregate is the value of an aggregate over no rows.
func (e *evaluation) emptyAggregate(g *plan.Agg) types.Value {
	if g.Fn.Nulls != fn.NeverNull || g.Sig.Eval == nil {
		return types.Null(g.Ret)
	}
	c := fn.Call{N: 1, Now: e.env.Now, Out: types.NewVector(g.Ret, 1)}
	for _, a := range g.Args {
		c.Args = append(c.Args, types.NewVector(a.Type().List(), 1))
	}
	if len(g.Args) == 0 { // count()
		return types.LongValue(0)
	}
	g.Sig.Eval(&c)
	return c.Out.Value(0)
}

// pivotValues are the texts of the pivoted column, in the order in which they
// come, and in the order of text where rows have none; or the declared columns.
func (e *evaluation) pivotValues(at int, groups []int) ([]string, bool) {
	if e.op.Schema != nil {
		return e.declaredValues(groups), true
	}
	text := e.cast(colRef(e.in.cols(), at), types.String, e.op.Span())
	cols := []plan.Column{{Name: "value", Type: types.String}}
	rows, ok := e.probe(e.inOrder(e.project(e.in.node, cols, []plan.Expr{text})), e.op.Span())
	if !ok {
		return nil, false
	}
	if rows.N > maxFound {
		e.refuse(e.op.Span(), fmt.Sprintf("pivot would make more than %d columns", maxFound), "filter the pivoted column before, or declare the columns to keep")
		return nil, false
	}
	values := make([]string, rows.N)
	for i := range values {
		values[i] = rows.Cols[0].Value(i).S
	}
	return values, true
}

// inOrder is the distinct values of the only column of n in the order in which
// they come; for rows without an order, in their own.
func (e *evaluation) inOrder(n plan.Node) plan.Node {
	if !plan.Ordered(n) {
		d := e.distinct(n)
		return e.sort(d, []plan.SortKey{{X: ref(d, 0), NullsFirst: true}})
	}
	numbered := e.numbered(n)
	first := e.group(numbered, numbered.Columns()[:1], []plan.Expr{ref(numbered, 0)}, []string{"first"}, func(c ctx) []plan.Expr {
		return []plan.Expr{e.aggregateOf("min", c, ref(numbered, 1))}
	})
	return e.pick(e.sort(first, []plan.SortKey{{X: ref(first, 1)}}), []int{0}, nil)
}

// numbered adds the number of the row, from 1, as the last column.
func (e *evaluation) numbered(n plan.Node) plan.Node {
	s := e.env.Fns.Lookup(fn.Window, "row_number")
	sig, _ := e.overload(s, nil, e.op.Span(), e.c)
	w := &plan.Window{Input: n, Calls: []*plan.WindowCall{{Fn: s, Sig: sig, Ret: types.Long, Pos: e.op.Span()}}}
	w.Out = append(w.Out, n.Columns()...)
	w.Out = append(w.Out, plan.Column{Name: "$row", Type: types.Long})
	return w
}

// declaredValues are the declared columns that are no groups.
func (e *evaluation) declaredValues(groups []int) []string {
	var values []string
	for _, d := range e.op.Schema.Columns {
		if !slices.ContainsFunc(groups, func(i int) bool { return e.in.cols()[i].Name == d.Name.Text }) {
			values = append(values, d.Name.Text)
		}
	}
	return values
}

// spreadCells is the second aggregation.
func (e *evaluation) spreadCells(cells plan.Node, groups int, values []string, empty types.Value) rel {
	keyCols := slices.Clone(cells.Columns()[:groups])
	keys := make([]plan.Expr, groups)
	for i := range keys {
		keys[i] = ref(cells, i)
	}
	names := newNamer(keyCols)
	titles := make([]string, len(values))
	for i, v := range values {
		if titles[i] = v; v == "" {
			titles[i] = "Column1"
		}
		titles[i] = names.take(titles[i])
	}
	value, cell := ref(cells, groups), ref(cells, groups+1)
	n := e.group(cells, keyCols, keys, titles, func(c ctx) []plan.Expr {
		out := make([]plan.Expr, len(values))
		for i, v := range values {
			out[i] = e.aggregateOf("take_anyif", c, cell, e.operate("==", value, e.constOf(types.StringValue(v))))
		}
		return out
	})
	cols, exprs := slices.Clone(keyCols), make([]plan.Expr, groups, groups+len(values))
	for i := range keys {
		exprs[i] = ref(n, i)
	}
	for i := range values {
		x := plan.Expr(ref(n, groups+i))
		if !empty.Null && empty.Type != types.String {
			x = e.call("coalesce", x, e.constOf(empty))
		}
		cols, exprs = append(cols, columnOf(titles[i], x)), append(exprs, x)
	}
	r := rel{node: e.project(n, cols, exprs)}
	if e.op.Schema != nil {
		r = e.typed(r)
	}
	return r
}
