package fn

import (
	"fmt"
	"math"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Functions over rows in order. A restart that is null counts as false.

var windowRows = []Spec{
	{
		Name: "row_number", Kind: Window, Nulls: NullIfArg0,
		Doc:    "Number of the row, from 1 or the given start; starts anew where the second argument is true.",
		Ref:    "row-number-function",
		Sigs:   []Sig{{Decl: "(startingIndex?: long, restart?: bool): long"}},
		Eval:   rowNumberEval,
		Window: rowNumberSQL,
		Examples: []Example{
			{`range x from 5 to 7 step 1 | serialize n = row_number() | summarize make_list(n)`, `dynamic([1,2,3])`},
			{`range x from 5 to 8 step 1 | serialize n = row_number(7, x == 7) | summarize make_list(n)`, `dynamic([7,8,7,8])`},
		},
	},
	{
		Name: "row_cumsum", Kind: Window, Nulls: NeverNull,
		Doc: "Sum of the values up to and including the row, from 0 again where the second argument is true.",
		Ref: "row-cumsum-function",
		Sigs: []Sig{
			{Decl: "(term: number, restart?: bool): arg0"},
			{Decl: "(term: decimal, restart?: bool): arg0", DuckDB: SQL{WhyNot: "a decimal has more digits than the engine's numbers"}},
		},
		Eval:   rowCumsumEval,
		Window: rowCumsumSQL,
		Examples: []Example{
			{`range x from 1 to 4 step 1 | serialize s = row_cumsum(x) | summarize make_list(s)`, `dynamic([1,3,6,10])`},
			{`range x from 1 to 4 step 1 | serialize s = row_cumsum(x, x == 3) | summarize make_list(s)`, `dynamic([1,3,3,7])`},
		},
	},
	{
		Name: "row_rank_dense", Kind: Window, Nulls: NeverNull,
		Doc:    "Rank that grows by 1 where the value differs from the row before.",
		Ref:    "row-rank-dense-function",
		Sigs:   []Sig{{Decl: "(term: notdynamic, restart?: bool): long"}},
		Eval:   rowRankEval(true),
		Window: rowRankSQL(true),
		Examples: []Example{
			{`datatable(x:long)[5, 5, 7, 8] | serialize r = row_rank_dense(x) | summarize make_list(r)`, `dynamic([1,1,2,3])`},
		},
	},
	{
		Name: "row_rank", Kind: Window, Nulls: NeverNull, Obsolete: "row_rank_dense", Hidden: true,
		Doc:    "Rank that grows by 1 where the value differs from the row before.",
		Ref:    "row-rank-dense-function",
		Sigs:   []Sig{{Decl: "(term: notdynamic, restart?: bool): long"}},
		Eval:   rowRankEval(true),
		Window: rowRankSQL(true),
		Examples: []Example{
			{`datatable(x:long)[5, 5, 7] | serialize r = row_rank(x) | summarize make_list(r)`, `dynamic([1,1,2])`},
		},
	},
	{
		Name: "row_rank_min", Kind: Window, Nulls: NeverNull,
		Doc:    "Number of the first of the adjoining rows that have the row's value.",
		Ref:    "row-rank-min-function",
		Sigs:   []Sig{{Decl: "(term: notdynamic, restart?: bool): long"}},
		Eval:   rowRankEval(false),
		Window: rowRankSQL(false),
		Examples: []Example{
			{`datatable(x:long)[5, 5, 7, 8] | serialize r = row_rank_min(x) | summarize make_list(r)`, `dynamic([1,1,3,4])`},
		},
	},
	{
		Name: "row_window_session", Kind: Window, Nulls: NullIfArg0,
		Doc: "Start of the session the row belongs to: a new one begins too far from its start, too far from the row before, or where told.",
		Ref: "row-window-session-function",
		Sigs: []Sig{{Decl: "(expr: datetime, maxDistanceFromFirst: timespan, maxDistanceBetweenNeighbors: timespan, restart?: bool): arg0",
			// Where a session ends depends on where it began, which SQL windows cannot carry along.
			DuckDB: SQL{WhyNot: "sessions carry state from row to row"}}},
		Eval: rowSessionEval,
		Examples: []Example{
			{`datatable(t:datetime)[datetime(2024-01-01 10:00), datetime(2024-01-01 10:04), datetime(2024-01-01 10:20)]
| serialize s = row_window_session(t, 1h, 5m) | summarize dcount(s)`, `2`},
		},
	},
	{
		Name: "prev", Kind: Window,
		Doc:    "Value of the column some rows before, by default in the row before; null or the default where there is no such row.",
		Ref:    "prev-function",
		Sigs:   []Sig{{Decl: "(column: col scalar, offset?: long, default_value?: const scalar): arg0"}},
		Eval:   shiftEval(-1),
		Window: shiftRowsSQL("lag"),
		Examples: []Example{
			{`range x from 1 to 3 step 1 | serialize p = prev(x) | summarize make_list_with_nulls(p)`, `dynamic([null,1,2])`},
			{`range x from 1 to 3 step 1 | serialize p = prev(x, 2, -1) | summarize make_list(p)`, `dynamic([-1,-1,1])`},
		},
	},
	{
		Name: "next", Kind: Window,
		Doc:    "Value of the column some rows after, by default in the row after; null or the default where there is no such row.",
		Ref:    "next-function",
		Sigs:   []Sig{{Decl: "(column: col scalar, offset?: long, default_value?: const scalar): arg0"}},
		Eval:   shiftEval(1),
		Window: shiftRowsSQL("lead"),
		Examples: []Example{
			{`range x from 1 to 3 step 1 | serialize n = next(x) | summarize make_list_with_nulls(n)`, `dynamic([2,3,null])`},
			{`range x from 1 to 3 step 1 | serialize n = next(x, 2, -1) | summarize make_list(n)`, `dynamic([3,-1,-1])`},
		},
	},
}

func rowNumberSQL(b *Builder) (WindowSQL, bool) {
	w := WindowSQL{Helpers: restarts(b, 1)}
	w.Value = "row_number() " + over(w.Helpers != nil, false)
	switch {
	case len(b.Args) == 0:
	case smallConst(b.Args[0]):
		w.Value = "(" + w.Value + " - 1 + {0})"
	default:
		w.Value = fmt.Sprintf(wrapLong, "(CAST({0} AS HUGEINT) - 1 + "+w.Value+")")
	}
	return w, true
}

// smallConst reports a constant to which any number of rows can be added.
func smallConst(a Arg) bool {
	return a.Const != nil && !a.Const.Null && a.Const.I > -1<<62 && a.Const.I < 1<<62
}

func rowCumsumSQL(b *Builder) (WindowSQL, bool) {
	w := WindowSQL{Helpers: restarts(b, 1)}
	sum := "coalesce(sum({0}) " + over(w.Helpers != nil, true)
	switch b.Args[0].Type {
	case types.Int:
		w.Value = "CAST(((" + sum + ", 0) + 2147483648) & 4294967295) - 2147483648 AS INTEGER)"
	case types.Long:
		w.Value = fmt.Sprintf(wrapLong, sum+", 0)")
	case types.Real:
		w.Value = sum + ", " + zeroReal + ")"
	default:
		return w, false
	}
	return w, true
}

// rowRankSQL marks the rows where the value changes with their number.
func rowRankSQL(dense bool) WindowBuild {
	return func(b *Builder) (WindowSQL, bool) {
		w := WindowSQL{Helpers: restarts(b, 1)}
		parted := w.Helpers != nil
		number := "row_number() " + over(parted, false)
		changed := fmt.Sprintf("CASE WHEN %s = 1 OR lag({0}) %s IS DISTINCT FROM {0} THEN %s END", number, over(parted, false), number)
		mark := fmt.Sprintf("{h%d}", len(w.Helpers))
		w.Helpers = append(w.Helpers, changed)
		if w.Value = "max(" + mark + ") "; dense {
			w.Value = "count(" + mark + ") "
		}
		w.Value += over(parted, true)
		return w, true
	}
}

// maxShift bounds an offset: no input has more rows, and DuckDB fails on
// offsets it cannot negate.
const maxShift = math.MaxInt32

func shiftRowsSQL(function string) WindowBuild {
	return func(b *Builder) (WindowSQL, bool) {
		args := "{0}"
		if len(b.Args) > 1 {
			args += fmt.Sprintf(", least(greatest({1}, -%d), %d)", maxShift, maxShift)
		}
		if len(b.Args) > 2 {
			if !convertible(b.Args[2].Type, b.Args[0].Type) {
				return WindowSQL{}, false
			}
			args += ", CAST({2} AS " + b.Dialect.TypeName(b.Args[0].Type) + ")"
		}
		w := WindowSQL{Value: function + "(" + args + ") OVER ({w})"}
		if len(b.Args) > 1 && b.Args[1].Nullable { // least and greatest would skip the null
			w.Value = "CASE WHEN {1} IS NOT NULL THEN " + w.Value + " END"
		}
		if b.Result == types.String {
			w.Value = "coalesce(" + w.Value + ", '')"
		}
		return w, true
	}
}

// convertible reports default values that need no more than a wider number.
func convertible(from, to types.Type) bool {
	return from == to || from == types.Int && (to == types.Long || to == types.Real) || from == types.Long && to == types.Real
}
