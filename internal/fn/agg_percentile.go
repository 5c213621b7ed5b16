package fn

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Percentiles by nearest rank: the value at place ceil(n * p / 100) of the
// sorted values that are not null, at least the first; exact where Kusto
// estimates. A weight repeats its value; weights that are null or not
// positive leave it out. NaN sorts last. Longs stay longs; a decimal's
// percentile is real, as the binder has it.
//
// percentiles and percentilesw have several results: they come as one
// aggregate per percentile, so that all four rows mean the same here.

var aggPercentileRows = []Spec{
	{
		Name: "percentile", Kind: Aggregate, Naming: NamePercentile, Prefix: "percentile",
		Doc:    "Value below or at which the given percentage of the group's values lie.",
		Ref:    "percentiles-aggregation-function",
		Sigs:   percentileSigs("percentile: number"),
		Eval:   percentileEval(false),
		DuckDB: SQL{Build: percentileSQL},
		Examples: []Example{
			{`range x from 1 to 100 step 1 | summarize percentile(x, 7)`, `7`},
			{`datatable(x:real)[4.0, 1.0, 3.0, 2.0] | summarize percentile(x, 50)`, `2.0`},
			{`datatable(x:long)[] | summarize percentile(x, 50)`, `long(null)`},
		},
	},
	{
		Name: "percentiles", Kind: Aggregate, Naming: NamePercentile, Prefix: "percentile",
		Doc:      "Several percentiles, a column each.",
		Ref:      "percentiles-aggregation-function",
		Sigs:     percentileSigs("percentile: number{1,}"),
		Eval:     percentileEval(false),
		DuckDB:   SQL{Build: percentileSQL},
		Examples: []Example{{`range x from 1 to 100 step 1 | summarize percentiles(x, 5, 99.5) | project percentile_x_99_5`, `100`}},
	},
	{
		Name: "percentilew", Kind: Aggregate, Naming: NamePercentile, Prefix: "percentile",
		Doc:      "Percentile of values that count as often as their weight says.",
		Ref:      "percentilesw-aggregation-function",
		Sigs:     percentileSigs("weight: integer, percentile: number"),
		Eval:     percentileEval(true),
		DuckDB:   collect("percentilew", 2, -1),
		Examples: []Example{{`datatable(n:long, v:long)[8, 10, 6, 20, 3, 30, 1, 40] | summarize percentilew(v, n, 75)`, `20`}},
	},
	{
		Name: "percentilesw", Kind: Aggregate, Naming: NamePercentile, Prefix: "percentile",
		Doc:      "Several weighted percentiles, a column each.",
		Ref:      "percentilesw-aggregation-function",
		Sigs:     percentileSigs("weight: integer, percentile: number{1,}"),
		Eval:     percentileEval(true),
		DuckDB:   collect("percentilesw", 2, -1),
		Examples: []Example{{`datatable(n:long, v:long)[8, 10, 6, 20, 3, 30, 1, 40] | summarize percentilesw(v, n, 50, 99.9) | project percentile_v_99_9`, `40`}},
	},
	{
		Name: "percentiles_array", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "percentiles",
		Doc: "Several percentiles as one array.",
		Ref: "percentiles-aggregation-function",
		Sigs: []Sig{
			{Decl: "(expr: summable, percentile: number{1,}): dynamic"},
			{Decl: "(expr: summable, percentiles: array): dynamic"},
		},
		Eval:   percentilesArrayEval(false),
		DuckDB: collect("percentiles_array", 1, -1),
		Examples: []Example{
			{`range x from 1 to 100 step 1 | summarize percentiles_array(x, 5, 50)`, `dynamic([5,50])`},
			{`range x from 1 to 100 step 1 | summarize percentiles_array(x, dynamic([0, 100]))`, `dynamic([1,100])`},
		},
	},
	{
		Name: "percentilesw_array", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "percentiles",
		Doc: "Several weighted percentiles as one array.",
		Ref: "percentilesw-aggregation-function",
		Sigs: []Sig{
			{Decl: "(expr: summable, weight: integer, percentile: number{1,}): dynamic"},
			{Decl: "(expr: summable, weight: integer, percentiles: array): dynamic"},
		},
		Eval:     percentilesArrayEval(true),
		DuckDB:   collect("percentilesw_array", 2, -1),
		Examples: []Example{{`datatable(n:long, v:long)[8, 10, 6, 20, 3, 30, 1, 40] | summarize percentilesw_array(v, n, 50, 75, 99.9)`, `dynamic([20,20,40])`}},
	},
}

// percentileSigs has no signature for strings and the like: the binder of the
// reference accepts them, but there is no percentile of a text.
func percentileSigs(rest string) []Sig {
	return []Sig{
		{Decl: "(expr: integer, " + rest + "): long"},
		{Decl: "(expr: real|decimal, " + rest + "): real"},
		{Decl: "(expr: timespan, " + rest + "): timespan"},
		{Decl: "(expr: datetime, " + rest + "): datetime"},
	}
}

// percentileSQL uses quantile_disc, whose place for a decimal fraction is the
// nearest rank too. The fraction is written as a DECIMAL: with a DOUBLE, 7 %
// of 100 values could become 8.
func percentileSQL(b *Builder) (sqlx.Expr, bool) {
	x, p := b.Args[0], b.Args[1].Const
	if x.Type == types.Decimal || p == nil || p.Null {
		return sqlx.Expr{}, false
	}
	v := types.NewVector(p.Type, 1)
	v.Set(0, *p)
	fraction, ok := decimalFraction(numberAt(v, 0))
	if !ok {
		return sqlx.Expr{}, false
	}
	e := sqlx.Call("quantile_disc", x.SQL, sqlx.Raw(sqlx.Atom, fraction))
	if x.Type == types.Int {
		e = sqlx.Format(sqlx.Atom, "CAST({0} AS BIGINT)", e)
	}
	return e, true
}

// decimalFraction writes p / 100 without an exponent. Percentiles out of
// range or with many digits are left to Eval.
func decimalFraction(p float64) (string, bool) {
	if !(p >= 0 && p <= 100) {
		return "", false
	}
	digits := strconv.FormatFloat(p, 'f', -1, 64)
	whole, frac, _ := strings.Cut(digits, ".")
	if len(frac) > 12 {
		return "", false
	}
	if p == 100 {
		return "1.0", true
	}
	return "0." + strings.Repeat("0", 2-len(whole)) + whole + frac, true
}

// percentRank is the place, from 1, of percentile p of n values.
func percentRank(n uint64, p float64) uint64 {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(p, 'g', -1, 64))
	if !ok {
		return 1
	}
	r.Mul(r, new(big.Rat).SetFrac(new(big.Int).SetUint64(n), big.NewInt(100)))
	q, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return max(q.Uint64(), 1)
}

// ranked are a group's values in order with the number of values up to each.
type ranked struct {
	v    *types.Vector
	rows []int
	upTo []uint64
}

// rankItems sorts a group; weights may be empty. ok is false when the weights
// are too large to add.
func rankItems(it aggItems, weights *aggItems) (r ranked, ok bool) {
	r.v = it.Vector
	for k := range it.to - it.from {
		if it.IsNull(it.from+k) || weights != nil && weights.weight(k) == 0 {
			continue
		}
		r.rows = append(r.rows, it.from+k)
	}
	slices.SortFunc(r.rows, func(i, j int) int { return compareItems(it.Vector, i, j) })
	r.upTo = make([]uint64, len(r.rows))
	sum := uint64(0)
	for k, i := range r.rows {
		w := uint64(1)
		if weights != nil {
			w = weights.weight(i - it.from)
		}
		if sum += w; sum > math.MaxInt64 {
			return r, false
		}
		r.upTo[k] = sum
	}
	return r, true
}

func (it aggItems) weight(k int) uint64 {
	if i := it.from + k; !it.IsNull(i) {
		return uint64(max(it.Ints[i], 0))
	}
	return 0
}

// at is the row of percentile p.
func (r ranked) at(p float64) int {
	rank := percentRank(r.upTo[len(r.upTo)-1], p)
	k, _ := slices.BinarySearch(r.upTo, rank)
	return r.rows[min(k, len(r.rows)-1)]
}

// rankGroup sorts group g of a call; weighted tells that argument 1 is the
// weight.
func (c *Call) rankGroup(g int, weighted bool) (ranked, bool) {
	var weights *aggItems
	if weighted {
		w := c.groupItems(1, g)
		weights = &w
	}
	r, ok := rankItems(c.groupItems(0, g), weights)
	if !ok {
		c.Err = fmt.Errorf("percentile: the weights of a group add up to more than %d", int64(math.MaxInt64))
	}
	return r, ok
}

// percentage checks a percentile.
func (c *Call) percentage(p float64) bool {
	if p >= 0 && p <= 100 {
		return true
	}
	c.Err = fmt.Errorf("percentile: %s is not between 0 and 100", types.FormatReal(p))
	return false
}

func percentileEval(weighted bool) Eval {
	arg := 1
	if weighted {
		arg = 2
	}
	return func(c *Call) {
		for g := range c.N {
			r, ok := c.rankGroup(g, weighted)
			if !ok {
				return
			}
			pv, pi, ok := c.groupParam(arg, g)
			if !ok || len(r.rows) == 0 {
				c.Out.SetNull(g)
				continue
			}
			p := numberAt(pv, pi)
			if !c.percentage(p) {
				return
			}
			switch i := r.at(p); c.Out.Type {
			case types.Real:
				c.Out.Floats[g] = numberAt(r.v, i)
			default:
				c.Out.Ints[g] = r.v.Ints[i]
			}
		}
	}
}

func percentilesArrayEval(weighted bool) Eval {
	first := 1
	if weighted {
		first = 2
	}
	return func(c *Call) {
		var buf []byte
		for g := range c.N {
			r, ok := c.rankGroup(g, weighted)
			if !ok {
				return
			}
			if len(r.rows) == 0 {
				c.Out.SetNull(g)
				continue
			}
			ps, ok := c.percentages(first, g)
			if !ok {
				return
			}
			buf = append(buf[:0], '[')
			for k, p := range ps {
				if k > 0 {
					buf = append(buf, ',')
				}
				buf = r.append(buf, r.at(p))
			}
			c.Out.Strings[g] = string(append(buf, ']'))
		}
	}
}

// append writes a value; a decimal's percentile is real.
func (r ranked) append(dst []byte, i int) []byte {
	if r.v.Type == types.Decimal {
		return dynamic.AppendReal(dst, numberAt(r.v, i))
	}
	return dynamic.AppendRow(dst, r.v, i)
}

// percentages reads the percentiles of a call: numbers, or one array of them.
func (c *Call) percentages(first, g int) ([]float64, bool) {
	var ps []float64
	for arg := first; arg < len(c.Args); arg++ {
		v, i, ok := c.groupParam(arg, g)
		if !ok {
			continue
		}
		if v.Type != types.Dynamic {
			ps = append(ps, numberAt(v, i))
			continue
		}
		for item := range dynamic.Items(v.Strings[i]) {
			p, err := strconv.ParseFloat(item, 64)
			if err != nil {
				c.Err = fmt.Errorf("percentiles: %.40s in the array is no number", item)
				return nil, false
			}
			ps = append(ps, p)
		}
	}
	for _, p := range ps {
		if !c.percentage(p) {
			return nil, false
		}
	}
	return ps, true
}
