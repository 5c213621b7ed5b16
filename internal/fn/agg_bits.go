package fn

// Bitwise aggregates over integers. The reference names long only; the page
// and the recordings show no other type, so no other is accepted.

var aggBitRows = []Spec{
	{
		Name: "binary_all_and", Kind: Aggregate, Naming: NameFirstArg,
		Doc:    "Bitwise AND of the values that are not null.",
		Ref:    "binary-all-and-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: integer): arg0"}},
		Eval:   bitsEval(func(a, b int64) int64 { return a & b }),
		DuckDB: SQL{Template: "bit_and({0})"},
		Examples: []Example{
			{`datatable(x:long)[0xFF, 0x3C, 0xF0] | summarize binary_all_and(x)`, `48`},
			{`datatable(x:long)[long(null)] | summarize binary_all_and(x)`, `long(null)`},
		},
	},
	{
		Name: "binary_all_or", Kind: Aggregate, Naming: NameFirstArg,
		Doc:    "Bitwise OR of the values that are not null.",
		Ref:    "binary-all-or-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: integer): arg0"}},
		Eval:   bitsEval(func(a, b int64) int64 { return a | b }),
		DuckDB: SQL{Template: "bit_or({0})"},
		Examples: []Example{
			{`datatable(x:long)[1, 2, long(null), 8] | summarize binary_all_or(x)`, `11`},
			{`datatable(x:long)[] | summarize binary_all_or(x)`, `long(null)`},
		},
	},
	{
		Name: "binary_all_xor", Kind: Aggregate, Naming: NameFirstArg,
		Doc:    "Bitwise exclusive OR of the values that are not null.",
		Ref:    "binary-all-xor-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: integer): arg0"}},
		Eval:   bitsEval(func(a, b int64) int64 { return a ^ b }),
		DuckDB: SQL{Template: "bit_xor({0})"},
		Examples: []Example{
			{`datatable(x:long)[1, 3, 3] | summarize binary_all_xor(x)`, `1`},
			{`datatable(x:long)[] | summarize binary_all_xor(x)`, `long(null)`},
		},
	},
}

func bitsEval(op func(a, b int64) int64) Eval {
	return func(c *Call) {
		for g := range c.N {
			it := c.groupItems(0, g)
			n := 0
			for i := it.from; i < it.to; i++ {
				if it.IsNull(i) {
					continue
				}
				if n++; n == 1 {
					c.Out.Ints[g] = it.Ints[i]
				} else {
					c.Out.Ints[g] = op(c.Out.Ints[g], it.Ints[i])
				}
			}
			if n == 0 {
				c.Out.SetNull(g)
			}
		}
	}
}
