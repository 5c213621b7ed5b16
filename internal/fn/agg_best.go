package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Aggregates that pick one of the group's values. Nulls lose to everything.
// NaN wins, for the smallest as for the greatest value (recorded: min of
// 1.5, NaN, 2.5 is NaN), and of equal ranks the first row is taken.
//
// arg_max, arg_min and take_any come as one aggregate per output column, tied
// together by plan.Agg.Pick. Engines lower such a group as one row pick; the
// Eval of a row sees a single column: the list of ranks and the list of values.

var aggBestRows = []Spec{
	{
		Name: "min", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "min",
		Doc:    "Smallest value that is not null.",
		Ref:    "min-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: orderable): arg0"}},
		Eval:   bestEval(-1),
		DuckDB: byType("", minSQL),
		Examples: []Example{
			{`datatable(x:int)[3, int(null), 2] | summarize min(x)`, `int(2)`},
			{`datatable(x:real)[1.5, real(nan), 2.5] | summarize min(x)`, `real(nan)`},
			{`datatable(x:long)[] | summarize min(x)`, `long(null)`},
		},
	},
	{
		Name: "minif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "minif",
		Doc:    "Smallest value of rows for which the predicate is true.",
		Ref:    "minif-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: orderable, predicate: bool): arg0"}},
		Eval:   whereTrue(1, bestEval(-1)),
		DuckDB: byType("{1}", minSQL),
		Examples: []Example{
			{`range x from 1 to 10 step 1 | summarize minif(x, x > 5)`, `6`},
			{`range x from 1 to 10 step 1 | summarize minif(x, x > 50)`, `long(null)`},
		},
	},
	{
		Name: "max", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "max",
		Doc:    "Greatest value that is not null.",
		Ref:    "max-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: orderable): arg0"}},
		Eval:   bestEval(1),
		DuckDB: byType("", maxSQL),
		Examples: []Example{
			{`datatable(x:int)[3, int(null), 2] | summarize max(x)`, `int(3)`},
			{`datatable(s:string)["b", "a", ""] | summarize max(s)`, `"b"`},
			{`datatable(x:decimal)[decimal(9), decimal(10.5)] | summarize max(x)`, `decimal(10.5)`},
		},
	},
	{
		Name: "maxif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "maxif",
		Doc:    "Greatest value of rows for which the predicate is true.",
		Ref:    "maxif-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: orderable, predicate: bool): arg0"}},
		Eval:   whereTrue(1, bestEval(1)),
		DuckDB: byType("{1}", maxSQL),
		Examples: []Example{
			{`range x from 1 to 10 step 1 | summarize maxif(x, x < 5)`, `4`},
			{`range x from 1 to 10 step 1 | summarize maxif(x, x > 50)`, `long(null)`},
		},
	},
	{
		Name: "arg_max", Kind: Aggregate, Naming: NameFirstArg,
		Doc:      "Values of the row that has the greatest rank; without any rank, of the first row.",
		Ref:      "arg-max-aggregation-function",
		Sigs:     pickSigs("(maximized: orderable, returned: star? scalar{0,}): custom"),
		Eval:     argBestEval(1),
		Examples: []Example{{`datatable(k:long, s:string)[1, "a", 2, "b"] | summarize arg_max(k, s) | project s`, `"b"`}},
	},
	{
		Name: "arg_min", Kind: Aggregate, Naming: NameFirstArg,
		Doc:      "Values of the row that has the smallest rank; without any rank, of the first row.",
		Ref:      "arg-min-aggregation-function",
		Sigs:     pickSigs("(minimized: orderable, returned: star? scalar{0,}): custom"),
		Eval:     argBestEval(-1),
		Examples: []Example{{`datatable(k:long, s:string)[1, "a", 2, "b"] | summarize arg_min(k, s) | project s`, `"a"`}},
	},
	{
		Name: "argmax", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "max", Obsolete: "arg_max", Hidden: true,
		Doc:      "Values of the row that has the greatest rank.",
		Ref:      "arg-max-aggregation-function",
		Sigs:     pickSigs("(maximized: orderable, returned: star? scalar{0,}): custom"),
		Eval:     argBestEval(1),
		Examples: []Example{{`datatable(k:long, s:string)[1, "a", 2, "b"] | summarize argmax(k, s) | project max_k_s`, `"b"`}},
	},
	{
		Name: "argmin", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "min", Obsolete: "arg_min", Hidden: true,
		Doc:      "Values of the row that has the smallest rank.",
		Ref:      "arg-min-aggregation-function",
		Sigs:     pickSigs("(minimized: orderable, returned: star? scalar{0,}): custom"),
		Eval:     argBestEval(-1),
		Examples: []Example{{`datatable(k:long, s:string)[1, "a", 2, "b"] | summarize argmin(k, s) | project min_k_s`, `"a"`}},
	},
	{
		Name: "take_any", Kind: Aggregate, Naming: NameFirstArg,
		Doc:    "Value of some row; of a single column one that is neither null nor empty, if there is one.",
		Ref:    "take-any-aggregation-function",
		Sigs:   pickSigs("(expr: star? scalar{1,}): custom"),
		Eval:   anyEval,
		DuckDB: byType("", anySQL),
		Examples: []Example{
			{`datatable(x:long)[long(null), 7] | summarize take_any(x)`, `7`},
			{`datatable(s:string)["", "a"] | summarize take_any(s)`, `"a"`},
		},
	},
	{
		Name: "any", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "any", Obsolete: "take_any", Hidden: true,
		Doc:      "Value of some row.",
		Ref:      "take-any-aggregation-function",
		Sigs:     pickSigs("(expr: star? scalar{1,}): custom"),
		Eval:     anyEval,
		DuckDB:   byType("", anySQL),
		Examples: []Example{{`datatable(x:long)[long(null), 7] | summarize any(x)`, `7`}},
	},
	{
		Name: "__same", Kind: Aggregate, Hidden: true,
		Doc:  "The value that all rows of a group share: what the subquery of mv-apply carries along of the row around.",
		Sigs: []Sig{{Decl: "(value: scalar): arg0", DuckDB: SQL{Template: "any_value({0})"}}},
		Eval: anyEval,
	},
	{
		Name: "take_anyif", Kind: Aggregate, Naming: NameFirstArg,
		Doc:    "Value of some row for which the predicate is true, neither null nor empty if there is one.",
		Ref:    "take-anyif-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: scalar, predicate: bool): arg0"}},
		Eval:   whereTrue(1, anyEval),
		DuckDB: byType("{1}", anySQL),
		Examples: []Example{
			{`range x from 1 to 9 step 1 | summarize take_anyif(x, x > 8)`, `9`},
			{`datatable(s:string)["a"] | summarize take_anyif(s, s == "b")`, `""`},
		},
	},
	{
		Name: "anyif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "anyif", Obsolete: "take_anyif", Hidden: true,
		Doc:      "Value of some row for which the predicate is true.",
		Ref:      "take-anyif-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr: scalar, predicate: bool): arg0"}},
		Eval:     whereTrue(1, anyEval),
		DuckDB:   byType("{1}", anySQL),
		Examples: []Example{{`range x from 1 to 9 step 1 | summarize anyif(x, x > 8)`, `9`}},
	},
}

// pickSigs are signatures whose result, for one output column, is the type of
// the last argument.
func pickSigs(decl string) []Sig {
	return []Sig{{Decl: decl, Result: func(args []ArgInfo) types.Type {
		if len(args) == 0 {
			return types.Unknown
		}
		return args[len(args)-1].Type
	}}}
}

func maxSQL(t types.Type, filter string) string {
	switch t {
	case types.Decimal: // text: 9 > 10.5
		return ""
	case types.String:
		return "coalesce(max({0})" + filter + ", '')"
	}
	return "max({0})" + filter // DuckDB's NaN is the greatest real
}

func minSQL(t types.Type, filter string) string {
	switch t {
	case types.Decimal:
		return ""
	case types.Real:
		return "CASE WHEN bool_or(isnan({0}))" + filter + " THEN " + nanLiteral + " ELSE min({0})" + filter + " END"
	case types.String:
		return "coalesce(min({0})" + filter + ", '')"
	}
	return "min({0})" + filter
}

func anySQL(t types.Type, filter string) string {
	if t != types.String {
		return "any_value({0})" + filter // the first that is not null
	}
	return "coalesce(any_value(nullif({0}, ''))" + filter + ", '')"
}

// best is the index of the smallest (dir -1) or greatest (dir 1) item, the
// first of equals; -1 when all are null.
func (it aggItems) best(dir int) int {
	best := -1
	for i := it.from; i < it.to; i++ {
		if !it.IsNull(i) && (best < 0 || it.beats(i, best, dir)) {
			best = i
		}
	}
	return best
}

func (it aggItems) beats(i, best, dir int) bool {
	if it.Type == types.Real {
		if math.IsNaN(it.Floats[best]) {
			return false
		}
		if math.IsNaN(it.Floats[i]) {
			return true
		}
	}
	return compareItems(it.Vector, i, best)*dir > 0
}

func bestEval(dir int) Eval {
	return func(c *Call) {
		for g := range c.N {
			it := c.groupItems(0, g)
			if i := it.best(dir); i >= 0 {
				copyRow(c.Out, g, it.Vector, i)
			} else {
				c.setNone(g)
			}
		}
	}
}

func argBestEval(dir int) Eval {
	return func(c *Call) {
		for g := range c.N {
			rank, value := c.groupItems(0, g), c.groupItems(len(c.Args)-1, g)
			k := max(rank.best(dir)-rank.from, 0)
			if k < value.to-value.from {
				copyRow(c.Out, g, value.Vector, value.from+k)
			} else {
				c.setNone(g)
			}
		}
	}
}

func anyEval(c *Call) {
	for g := range c.N {
		it := c.groupItems(0, g)
		i := it.from
		for i < it.to && (it.IsNull(i) || it.Type == types.String && it.Strings[i] == "") {
			i++
		}
		if i < it.to {
			copyRow(c.Out, g, it.Vector, i)
		} else {
			c.setNone(g)
		}
	}
}
