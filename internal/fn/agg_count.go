package fn

import "github.com/harrier-hunting/harrier/internal/types"

// Counting rows and distinct values. Nulls are not values; an empty string is
// one. dcount is exact here where Kusto estimates: its accuracy argument is
// accepted and has nothing to do.

var aggCountRows = []Spec{
	{
		Name: "count", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "count", Nulls: NeverNull,
		Doc: "Number of rows in the group, whatever the argument's values.",
		Ref: "count-aggregation-function",
		Sigs: []Sig{
			{Decl: "(): long"},
			{Decl: "(value: scalar): long"},
		},
		Eval:   countEval,
		DuckDB: SQL{Template: "count(*)"},
		Examples: []Example{
			{`range x from 1 to 3 step 1 | summarize count()`, `3`},
			{`datatable(x:long)[1, long(null)] | summarize count(x)`, `2`},
			{`datatable(x:long)[] | summarize count()`, `0`},
		},
	},
	{
		Name: "cnt", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "cnt", Nulls: NeverNull,
		Doc: "Number of rows in the group.", Ref: "count-aggregation-function",
		Obsolete: "count", Hidden: true,
		Sigs:     []Sig{{Decl: "(): long"}},
		Eval:     countEval,
		DuckDB:   SQL{Template: "count(*)"},
		Examples: []Example{{`range x from 1 to 3 step 1 | summarize cnt()`, `3`}},
	},
	{
		Name: "countif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "countif", Nulls: NeverNull,
		Doc:    "Number of rows for which the predicate is true.",
		Ref:    "countif-aggregation-function",
		Sigs:   []Sig{{Decl: "(predicate: bool): long"}},
		Eval:   countIfEval,
		DuckDB: SQL{Template: "count(*) FILTER (WHERE {0})"},
		Examples: []Example{
			{`range x from 1 to 9 step 1 | summarize countif(x % 2 == 0)`, `4`},
			{`datatable(x:int)[int(null)] | summarize countif(x > 0)`, `0`},
		},
	},
	{
		Name: "dcount", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "dcount", Nulls: NeverNull,
		Doc:    "Number of distinct values that are not null: exact, whatever the accuracy.",
		Ref:    "dcount-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: scalar, accuracy?: notdynamic): long"}},
		Eval:   distinctEval,
		DuckDB: SQL{Template: "count(DISTINCT {0})"},
		Examples: []Example{
			{`datatable(s:string)["a", "b", "a", ""] | summarize dcount(s)`, `3`},
			{`datatable(x:int)[int(null), 1, 1] | summarize dcount(x, 4)`, `1`},
		},
	},
	{
		Name: "dcountif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "dcountif", Nulls: NeverNull,
		Doc:    "Number of distinct values that are not null, of rows for which the predicate is true.",
		Ref:    "dcountif-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: scalar, predicate: bool, accuracy?: notdynamic): long"}},
		Eval:   whereTrue(1, distinctEval),
		DuckDB: SQL{Template: "count(DISTINCT {0}) FILTER (WHERE {1})"},
		Examples: []Example{
			{`range x from 1 to 9 step 1 | summarize dcountif(x % 3, x > 7)`, `2`},
			{`range x from 1 to 9 step 1 | summarize dcountif(x, x > 9, 2)`, `0`},
		},
	},
	{
		Name: "count_distinct", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "count_distinct", Nulls: NeverNull,
		Doc:    "Number of distinct values that are not null.",
		Ref:    "count-distinct-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: notdynamic): long"}},
		Eval:   distinctEval,
		DuckDB: SQL{Template: "count(DISTINCT {0})"},
		Examples: []Example{
			{`datatable(s:string)["a", "b", "a"] | summarize count_distinct(s)`, `2`},
			{`datatable(x:real)[0.0, -0.0, real(nan), real(nan)] | summarize count_distinct(x)`, `2`},
		},
	},
	{
		Name: "count_distinctif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "count_distinctif", Nulls: NeverNull,
		Doc:    "Number of distinct values that are not null, of rows for which the predicate is true.",
		Ref:    "count-distinctif-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: notdynamic, predicate: bool): long"}},
		Eval:   whereTrue(1, distinctEval),
		DuckDB: SQL{Template: "count(DISTINCT {0}) FILTER (WHERE {1})"},
		Examples: []Example{
			{`range x from 1 to 9 step 1 | summarize count_distinctif(x % 3, x > 7)`, `2`},
			{`range x from 1 to 9 step 1 | summarize count_distinctif(x, x < 0)`, `0`},
		},
	},
}

// countEval counts items, null or not. Without an argument there is no list
// to count: engines count rows themselves.
func countEval(c *Call) {
	if len(c.Args) == 0 {
		c.Err = errNoLists
		return
	}
	for g := range c.N {
		it := c.groupItems(0, g)
		c.Out.Ints[g] = int64(it.to - it.from)
	}
}

// countIfEval counts the items of the condition itself that are true.
func countIfEval(c *Call) {
	for g := range c.N {
		it := c.groupItems(0, g)
		for i := it.from; i < it.to; i++ {
			if !it.IsNull(i) && it.Bools[i] {
				c.Out.Ints[g]++
			}
		}
	}
}

func distinctEval(c *Call) {
	var seen distinctItems
	for g := range c.N {
		seen.reset()
		it := c.groupItems(0, g)
		for i := it.from; i < it.to; i++ {
			if !it.IsNull(i) {
				seen.add(it.Vector, i)
			}
		}
		c.Out.Ints[g] = int64(seen.len())
	}
}

// isWhole reports the types that are integers in SQL: int, long, datetime
// and timespan.
func isWhole(t types.Type) bool { return t.IsInteger() || t.IsTicks() }
