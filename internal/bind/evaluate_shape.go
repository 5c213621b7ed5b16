package bind

import (
	"fmt"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/types"
)

func (e *evaluation) identity() rel { return e.in }

// narrow makes a row of every cell.
func (e *evaluation) narrow() rel {
	return e.goOp(plugin.Narrow{}, plugin.NarrowColumns(), e.in.node)
}

// schemaMerge merges schemas as getschema gives them.
func (e *evaluation) schemaMerge() rel {
	keep := e.flag("PreserveOrder", true)
	var exprs []plan.Expr
	var cols []plan.Column
	for i, want := range []plan.Column{outColumn("ColumnName", types.String), outColumn("ColumnOrdinal", types.Long), outColumn("ColumnType", types.String)} {
		at := findColumn(e.in.cols(), want.Name)
		if at < 0 || i == 1 && !e.in.cols()[at].Type.IsInteger() || i != 1 && e.in.cols()[at].Type != types.String {
			e.refuse(e.op.Span(), fmt.Sprintf("schema_merge: the table has no column %s:%s", want.Name, want.Type), "it takes rows of getschema")
			return rel{}
		}
		x := e.cast(colRef(e.in.cols(), at), want.Type, e.op.Span())
		cols, exprs = append(cols, want), append(exprs, x)
	}
	return e.goOp(plugin.SchemaMerge{KeepOrder: keep}, plugin.SchemaMergeColumns(), e.project(e.in.node, cols, exprs))
}

// preview: the first rows; as the reference says, nothing may follow.
func (e *evaluation) preview() rel {
	n := e.number("NumberOfRows", 0, 0, math.MaxInt32)
	return rel{node: e.limit(e.in.node, e.constOf(types.LongValue(int64(n)))), ordered: e.in.ordered, closed: "preview"}
}

// estimateRows counts.
func (e *evaluation) estimateRows() rel {
	return rel{node: e.group(e.in.node, nil, nil, []string{"EstimatedRowsCount"}, func(c ctx) []plan.Expr {
		return []plan.Expr{e.aggregateOf("count", c)}
	})}
}

// rowsNear keeps the rows whose number is near that of a row for which the
// condition is true.
func (e *evaluation) rowsNear() rel {
	before := e.number("NumRows", 0, 0, 1e6)
	after := e.number("NumRowsAfter", before, 0, 1e6)
	cond := e.boolean(e.expr(e.arg("Condition"), e.c), e.arg("Condition").Span(), "rows_near", e.c)
	if e.failed || cond.Type() == types.Unknown {
		e.failed = e.failed || !e.c.open
		return e.in
	}
	n := len(e.in.cols())
	numbered := e.numbered(e.in.node)
	hits := e.pick(e.filter(numbered, cond), []int{n}, nil)
	hit := ref(hits, 0)
	long := func(f float64) plan.Expr { return e.constOf(types.LongValue(int64(f))) }
	u := &plan.Unnest{Input: hits, Items: []plan.Expr{e.call("__range_long", e.operate("-", hit, long(before)), e.operate("+", hit, long(after)), long(1))}}
	u.Out = append(u.Out, hits.Columns()...)
	u.Out = append(u.Out, plan.Column{Name: "$near", Type: types.Long, Nullable: true})
	near := e.distinct(e.pick(u, []int{1}, nil))
	j := &plan.Join{Kind: plan.LeftSemi, Left: numbered, Right: near, LeftKeys: []plan.Expr{ref(numbered, n)}, RightKeys: []plan.Expr{ref(near, 0)}}
	j.Out = numbered.Columns()
	sorted := e.sort(j, []plan.SortKey{{X: ref(j, n), NullsFirst: true}})
	return rel{node: e.pick(sorted, firstN(n), nil), ordered: true}
}

// dcountIntersect adds a column for the first sketch, the first two, and so on.
func (e *evaluation) dcountIntersect() rel {
	cols := slices.Clone(e.in.cols())
	exprs := make([]plan.Expr, len(cols))
	for i := range cols {
		exprs[i] = colRef(e.in.cols(), i)
	}
	names := newNamer(cols)
	var sketches []plan.Expr
	for i, a := range e.args["hll"] {
		x := e.expr(a, e.c)
		if x.Type() == types.Unknown {
			e.failed = true
			return rel{}
		}
		if x.Type() != types.Dynamic {
			e.refuse(a.Span(), "dcount_intersect: a count sketch is expected", "summarize hll(…)")
			return rel{}
		}
		sketches = append(sketches, x)
		shared := e.call("__hll_shared", slices.Clone(sketches)...)
		cols, exprs = append(cols, columnOf(names.take(fmt.Sprintf("s%d", i)), shared)), append(exprs, shared)
	}
	return rel{node: e.project(e.in.node, cols, exprs), ordered: e.in.ordered}
}
