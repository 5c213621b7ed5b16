package fn

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Sums and averages. Nulls are left out; a sum of nothing is 0, an average of
// nothing NaN (null for types without NaN). A sum of longs wraps around at 64
// bits, and so does the sum under an average: recorded, the average of
// 9223372036854775806, 1 and 9223372036854775807 is -0.67. Averages of
// datetimes would wrap after a few rows; they are exact, cut to whole ticks.

var aggSumRows = []Spec{
	{
		Name: "sum", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "sum", Nulls: NeverNull,
		Doc:    "Sum of the values that are not null; 0 when there are none.",
		Ref:    "sum-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: summable): promote0"}},
		Eval:   sumEval,
		DuckDB: byType("", sumSQL),
		Examples: []Example{
			{`datatable(x:int)[1, 2, int(null)] | summarize sum(x)`, `3`},
			{`datatable(x:long)[9223372036854775807, 1, 2] | summarize sum(x)`, `-9223372036854775806`},
			{`datatable(x:real)[] | summarize sum(x)`, `0.0`},
			{`datatable(t:timespan)[1h, 30m] | summarize sum(t)`, `timespan(01:30:00)`},
		},
	},
	{
		Name: "sumif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "sumif", Nulls: NeverNull,
		Doc:    "Sum of the values of rows for which the predicate is true.",
		Ref:    "sumif-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: summable, predicate: bool): promote0"}},
		Eval:   whereTrue(1, sumEval),
		DuckDB: byType("{1}", sumSQL),
		Examples: []Example{
			{`range x from 1 to 10 step 1 | summarize sumif(x, x > 5)`, `40`},
			{`datatable(x:int)[int(null)] | summarize sumif(x, x > 0)`, `0`},
		},
	},
	{
		Name: "avg", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "avg",
		Doc:    "Arithmetic mean of the values that are not null; NaN when there are none.",
		Ref:    "avg-aggregation-function",
		Sigs:   avgSigs(""),
		Eval:   avgEval,
		DuckDB: byType("", avgSQL),
		Examples: []Example{
			{`datatable(x:long)[1, 2, 4, 6] | summarize avg(x)`, `3.25`},
			{`datatable(x:long)[] | summarize avg(x)`, `real(nan)`},
			{`datatable(t:timespan)[1h, 2h] | summarize avg(t)`, `timespan(01:30:00)`},
			{`datatable(t:datetime)[datetime(2020-01-01), datetime(2020-01-03)] | summarize avg(t)`, `datetime(2020-01-02)`},
		},
	},
	{
		Name: "avgif", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "avgif",
		Doc:    "Arithmetic mean of the values of rows for which the predicate is true.",
		Ref:    "avgif-aggregation-function",
		Sigs:   avgSigs(", predicate: bool"),
		Eval:   whereTrue(1, avgEval),
		DuckDB: byType("{1}", avgSQL),
		Examples: []Example{
			{`range x from 1 to 10 step 1 | summarize avgif(x, x > 5)`, `8.0`},
			{`range x from 1 to 10 step 1 | summarize avgif(x, x > 50)`, `real(nan)`},
		},
	},
}

func avgSigs(more string) []Sig {
	return []Sig{
		{Decl: "(expr: integer" + more + "): real"},
		{Decl: "(expr: real" + more + "): real"},
		{Decl: "(expr: decimal" + more + "): decimal"},
		{Decl: "(expr: timespan" + more + "): timespan"},
		{Decl: "(expr: datetime" + more + "): datetime"},
	}
}

func sumSQL(t types.Type, filter string) string {
	switch {
	case t == types.Real:
		return "coalesce(sum({0})" + filter + ", " + zeroReal + ")"
	case isWhole(t):
		return fmt.Sprintf(wrapLong, "coalesce(sum({0})"+filter+", 0)")
	}
	return ""
}

func avgSQL(t types.Type, filter string) string {
	switch {
	case t == types.Real:
		return "coalesce(avg({0})" + filter + ", " + nanLiteral + ")"
	case t.IsTicks():
		return "CAST(sum({0})" + filter + " // count({0})" + filter + " AS BIGINT)"
	case t.IsInteger():
		return "CASE WHEN count({0})" + filter + " = 0 THEN " + nanLiteral + " ELSE CAST(" +
			fmt.Sprintf(wrapLong, "sum({0})"+filter) + " AS DOUBLE) / CAST(count({0})" + filter + " AS DOUBLE) END"
	}
	return ""
}

func sumEval(c *Call) {
	for g := range c.N {
		it := c.groupItems(0, g)
		switch c.Out.Type {
		case types.Real:
			c.Out.Floats[g], _ = it.sumReals()
		case types.Decimal:
			sum := it.sumDecimals()
			text, ok := sum.sum()
			if !ok {
				c.Err = fmt.Errorf("a sum of decimals is too large: it has more than %d digits", decimalDigits)
				return
			}
			c.Out.Strings[g] = text
		default:
			c.Out.Ints[g], _ = it.sumLongs()
		}
	}
}

func avgEval(c *Call) {
	for g := range c.N {
		it := c.groupItems(0, g)
		switch c.Out.Type {
		case types.Real:
			c.Out.Floats[g] = it.mean()
		case types.Decimal:
			sum := it.sumDecimals()
			text, ok := sum.mean()
			if c.Out.Strings[g] = text; !ok {
				c.Out.SetNull(g)
			}
		default:
			ticks, ok := it.meanTicks()
			if c.Out.Ints[g] = ticks; !ok {
				c.Out.SetNull(g)
			}
		}
	}
}

func (it aggItems) mean() float64 {
	if it.Vector != nil && it.Type == types.Real {
		sum, n := it.sumReals()
		if n == 0 {
			return math.NaN()
		}
		return sum / float64(n)
	}
	sum, n := it.sumLongs()
	if n == 0 {
		return math.NaN()
	}
	return float64(sum) / float64(n)
}

func (it aggItems) sumReals() (sum float64, n int) {
	for i := it.from; i < it.to; i++ {
		if !it.IsNull(i) {
			sum += it.Floats[i]
			n++
		}
	}
	return sum, n
}

func (it aggItems) sumLongs() (sum int64, n int) {
	for i := it.from; i < it.to; i++ {
		if !it.IsNull(i) {
			sum += it.Ints[i]
			n++
		}
	}
	return sum, n
}

func (it aggItems) sumDecimals() *decimalSum {
	d := &decimalSum{}
	for i := it.from; i < it.to; i++ {
		if !it.IsNull(i) {
			d.add(it.Strings[i])
		}
	}
	return d
}

// meanTicks averages in 128 bits, rounding toward zero.
func (it aggItems) meanTicks() (int64, bool) {
	var hi, lo uint64 // two's complement
	n := uint64(0)
	for i := it.from; i < it.to; i++ {
		if it.IsNull(i) {
			continue
		}
		n++
		x := it.Ints[i]
		var carry uint64
		lo, carry = bits.Add64(lo, uint64(x), 0)
		hi, _ = bits.Add64(hi, uint64(x>>63), carry)
	}
	if n == 0 {
		return 0, false
	}
	negative := int64(hi) < 0
	if negative {
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, hi, borrow)
	}
	// |sum| <= n * 2^63, so hi < n and the quotient fits.
	quo, _ := bits.Div64(hi, lo, n)
	if negative {
		quo = -quo
	}
	return int64(quo), true
}
