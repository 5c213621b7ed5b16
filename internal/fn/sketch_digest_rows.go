package fn

import (
	"fmt"
	"strconv"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

var digestRows = []Spec{
	{
		Name: "tdigest", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "tdigest",
		Doc: "What is needed of the values, with weights if given, to compute percentiles later.",
		Ref: "tdigest-aggregation-function",
		Sigs: []Sig{
			{Decl: "(expr: summable): dynamic"},
			{Decl: "(expr: summable, weight: integer): dynamic"},
		},
		Eval:   digestEval,
		DuckDB: collect("tdigest", 2, -1),
		Examples: []Example{
			{`datatable(x:long, w:long)[5, 2, 3, 1] | summarize tdigest(x, w)`, `dynamic([[7],[3,5],[1,2]])`},
			{`datatable(x:long)[] | summarize tdigest(x)`, `dynamic(null)`},
		},
	},
	{
		Name: "tdigest_merge", Aliases: []string{"merge_tdigest"}, Kind: Aggregate,
		Naming: NamePrefixArg, Prefix: "merge_tdigests",
		Doc:  "One digest of all digests of the group.",
		Ref:  "tdigest-merge-aggregation-function",
		Sigs: []Sig{{Decl: "(tdigest: array): dynamic"}},
		Eval: digestMergeEval,
		Examples: []Example{
			{`datatable(d:dynamic)[dynamic([[7],[1],[1]]), dynamic([[7],[1,2],[1,1]])] | summarize tdigest_merge(d)`, `dynamic([[7],[1,2],[2,1]])`},
		},
	},
	{
		Name: "tdigest_merge", Aliases: []string{"merge_tdigest"}, Naming: NamePrefixOnly, Prefix: "tdigests_merge_result",
		Doc:  "One digest of several.",
		Ref:  "merge-tdigest-function",
		Sigs: []Sig{{Decl: "(tdigest: array{2,64}): dynamic"}},
		Eval: digestMergeRow,
		Examples: []Example{
			{`tdigest_merge(dynamic([[7],[1],[1]]), dynamic([[7],[2],[1]]))`, `dynamic([[7],[1,2],[1,1]])`},
		},
	},
	{
		Name: "percentile_tdigest", Naming: NameFuncArg,
		Doc: "Percentile of the values of a digest.",
		Ref: "percentile-tdigest-function",
		Sigs: []Sig{
			{Decl: "(tdigest: array, percentile1: real): dynamic"},
			{Decl: "(tdigest: array, percentile1: real, type: lit type): litN"},
		},
		Eval: percentileDigestEval,
		Examples: []Example{
			{`percentile_tdigest(dynamic([[7],[1.0,2.0],[1,2]]), 50)`, `dynamic(2.0)`},
			{`percentile_tdigest(dynamic([[7],[10,20],[1,1]]), 100, typeof(long))`, `20`},
		},
	},
	{
		Name: "percentiles_array_tdigest", Naming: NamePrefixArg, Prefix: "percentile_tdigest",
		Doc: "Several percentiles of the values of a digest, as an array.",
		Ref: "percentile-array-tdigest-function",
		Sigs: []Sig{
			{Decl: "(tdigest: array, percentile: real{1,}): dynamic"},
			{Decl: "(tdigest: array, percentiles: array): dynamic"},
		},
		Eval: percentilesDigestEval,
		Examples: []Example{
			{`percentiles_array_tdigest(dynamic([[7],[10,20],[1,1]]), 50, 100)`, `dynamic([10,20])`},
			{`percentiles_array_tdigest(dynamic([[7],[10,20],[1,1]]), dynamic([0, 100]))`, `dynamic([10,20])`},
		},
	},
	{
		Name: "rank_tdigest",
		Doc:  "Number of values of a digest that are not greater than the given one.",
		Ref:  "rank-tdigest-function",
		Sigs: []Sig{{Decl: "(digest: array, value: scalar): real"}},
		Eval: rankDigestEval(func(n, _ float64) float64 { return n }),
		Examples: []Example{
			{`rank_tdigest(dynamic([[7],[10,20,30],[1,2,1]]), 20)`, `3.0`},
		},
	},
	{
		Name: "percentrank_tdigest",
		Doc:  "Percentage of the values of a digest that are not greater than the given one.",
		Ref:  "percentrank-tdigest-function",
		Sigs: []Sig{{Decl: "(digest: array, value: scalar): real"}},
		Eval: rankDigestEval(func(n, total float64) float64 { return 100 * n / total }),
		Examples: []Example{
			{`percentrank_tdigest(dynamic([[7],[10,20,30],[1,2,1]]), 20)`, `75.0`},
		},
	},
}

// errDigestTooLarge reports counts beyond a long.
func errDigestTooLarge(name string) error {
	return fmt.Errorf("%s: the counts of the values add up to more than a long holds", name)
}

func digestEval(c *Call) {
	total := 0
	for g := range c.N {
		it := c.groupItems(0, g)
		var weights *aggItems
		if len(c.Args) > 1 {
			w := c.groupItems(1, g)
			weights = &w
		}
		d := &digest{t: digestType(c.Args[0].Type.Elem())}
		for i := it.from; i < it.to; i++ {
			count := uint64(1)
			if weights != nil {
				count = weights.weight(i - it.from)
			}
			if !it.IsNull(i) && count > 0 && !d.add(it.Vector, i, int64(count)) {
				c.Err = errDigestTooLarge("tdigest")
				return
			}
		}
		if !c.setDigest("tdigest", g, d, &total) {
			return
		}
	}
}

// setDigest makes a digest the value of row i; an empty one is null.
func (c *Call) setDigest(name string, i int, d *digest, total *int) bool {
	if d.len() == 0 {
		c.Out.SetNull(i)
		return true
	}
	d.settle()
	return c.setMade(name, i, d.append(nil), total)
}

func digestMergeEval(c *Call) {
	total := 0
	for g := range c.N {
		it := c.groupItems(0, g)
		d := &digest{t: types.Long}
		for i := it.from; i < it.to; i++ {
			if !it.IsNull(i) && !c.mergeDigest(d, it.Strings[i]) {
				return
			}
		}
		if !c.setDigest("tdigest_merge", g, d, &total) {
			return
		}
	}
}

func digestMergeRow(c *Call) {
	total := 0
	for i := range c.N {
		d := &digest{t: types.Long}
		for _, a := range c.Args {
			if !a.IsNull(i) && !c.mergeDigest(d, a.Strings[i]) {
				return
			}
		}
		if !c.setDigest("tdigest_merge", i, d, &total) {
			return
		}
	}
}

// mergeDigest takes in a digest's text. Text that is none is left out.
func (c *Call) mergeDigest(d *digest, text string) bool {
	o, ok := readDigest(text)
	if ok && !d.merge(o) {
		c.Err = fmt.Errorf("tdigest_merge: digests of %s and of %s (or too large ones) cannot be merged", d.t, o.t)
		return false
	}
	return true
}

// digestRow reads argument 0 of row i; ok is false when it is no digest with
// values.
func (c *Call) digestRow(i int) (*digest, bool) {
	if c.Args[0].IsNull(i) {
		return nil, false
	}
	d, ok := readDigest(c.Args[0].Strings[i])
	return d, ok && d.len() > 0
}

func percentileDigestEval(c *Call) {
	for i := range c.N {
		d, ok := c.digestRow(i)
		if !ok || c.Args[1].IsNull(i) {
			c.setNone(i)
			continue
		}
		p := c.Args[1].Floats[i]
		if !c.percentage(p) {
			return
		}
		c.setDigestValue(i, d, d.percentile(p))
	}
}

// setDigestValue makes value k of a digest the value of row i; null when the
// types do not fit.
func (c *Call) setDigestValue(i int, d *digest, k int) {
	v := d.vector()
	switch t := c.Out.Type; {
	case t == types.Dynamic:
		c.Out.Strings[i] = string(dynamic.AppendRow(nil, v, k))
	case t == d.t:
		copyRow(c.Out, i, v, k)
	case t == types.Real && d.t == types.Long:
		c.Out.Floats[i] = float64(d.ints[k])
	case t.IsInteger() && (d.t == types.Long || d.t == types.Real):
		n, ok := types.RealToLong(numberAt(v, k))
		if d.t == types.Long {
			n, ok = d.ints[k], true
		}
		if t == types.Int {
			n = types.LongToInt(n)
		}
		if c.Out.Ints[i] = n; !ok {
			c.Out.SetNull(i)
		}
	default:
		c.setNone(i)
	}
}

func percentilesDigestEval(c *Call) {
	for i := range c.N {
		d, ok := c.digestRow(i)
		if !ok {
			c.Out.SetNull(i)
			continue
		}
		ps, ok := c.percentages(1, i)
		if !ok {
			return
		}
		v, buf := d.vector(), []byte{'['}
		for k, p := range ps {
			if k > 0 {
				buf = append(buf, ',')
			}
			buf = dynamic.AppendRow(buf, v, d.percentile(p))
		}
		c.Out.Strings[i] = string(append(buf, ']'))
	}
}

func rankDigestEval(of func(n, total float64) float64) Eval {
	return func(c *Call) {
		for i := range c.N {
			d, ok := c.digestRow(i)
			if !ok || c.Args[1].IsNull(i) {
				c.Out.SetNull(i)
				continue
			}
			n, ok := d.rank(rankValue(c.Args[1], i))
			if c.Out.Floats[i] = of(float64(n), float64(d.total)); !ok {
				c.Out.SetNull(i)
			}
		}
	}
}

// rankValue is row i of v, a dynamic number taken out.
func rankValue(v *types.Vector, i int) (*types.Vector, int) {
	if v.Type != types.Dynamic {
		return v, i
	}
	if n, err := strconv.ParseInt(v.Strings[i], 10, 64); err == nil {
		return &types.Vector{Type: types.Long, Len: 1, Ints: []int64{n}}, 0
	}
	if f, ok := types.ParseReal(v.Strings[i]); ok {
		return &types.Vector{Type: types.Real, Len: 1, Floats: []float64{f}}, 0
	}
	return v, i
}
