package fn

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

var sketchRows = []Spec{
	{
		Name: "hll", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "hll",
		Doc:    "What is needed of the values to count distinct ones later.",
		Ref:    "hll-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: notrealbool, accuracy?: integer): dynamic"}},
		Eval:   sketchEval,
		DuckDB: collect("hll", 1, -1),
		Examples: []Example{
			{`range x from 1 to 500 step 1 | summarize h = hll(x % 100) | project dcount_hll(h)`, `100`},
			{`datatable(x:long)[] | summarize hll(x)`, `dynamic(null)`},
		},
	},
	{
		Name: "hll_if", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "hll_if",
		Doc:    "What is needed of the values of rows for which the predicate is true to count distinct ones later.",
		Ref:    "hll-if-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: notrealbool, predicate: bool, accuracy?: integer): dynamic"}},
		Eval:   whereTrue(1, sketchEval),
		DuckDB: collect("hll", 1, 1),
		Examples: []Example{
			{`range x from 1 to 500 step 1 | summarize h = hll_if(x, x > 490) | project dcount_hll(h)`, `10`},
		},
	},
	{
		Name: "hll_merge", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "hll_merge",
		Doc:  "One sketch of all count sketches of the group.",
		Ref:  "hll-merge-aggregation-function",
		Sigs: []Sig{{Decl: "(hll: array): dynamic"}},
		Eval: sketchMergeEval,
		Examples: []Example{
			{`range x from 1 to 9 step 1 | summarize h = hll(x) by x % 3 | summarize m = hll_merge(h) | project dcount_hll(m)`, `9`},
		},
	},
	{
		Name: "hll_merge", Naming: NamePrefixOnly, Prefix: "hll_merged_result",
		Doc:  "One count sketch of several.",
		Ref:  "hll-merge-function",
		Sigs: []Sig{{Decl: "(hll: array{2,64}): dynamic"}},
		Eval: sketchMergeRow,
		Examples: []Example{
			{`dcount_hll(hll_merge(dynamic([[1024,14],["1"],[]]), dynamic([[1024,14],["1","2"],[]])))`, `2`},
		},
	},
	{
		Name: "dcount_hll", Naming: NameFuncArg,
		Doc:  "Number of distinct values of a count sketch: exact for few values, else estimated.",
		Ref:  "dcount-hll-function",
		Sigs: []Sig{{Decl: "(hll: array): long"}},
		Eval: sketchCountEval,
		Examples: []Example{
			{`dcount_hll(dynamic([[1024,14],["5","7"],[]]))`, `2`},
			{`dcount_hll(dynamic([1]))`, `long(null)`},
		},
	},
}

func sketchEval(c *Call) {
	var buf []byte
	total := 0
	for g := range c.N {
		accuracy := int64(1)
		if v, i, ok := c.groupParam(1, g); ok {
			accuracy = v.Ints[i]
		}
		if accuracy < 0 || accuracy >= int64(len(sketchSize)) {
			c.Err = fmt.Errorf("hll: accuracy %d is not between 0 and %d", accuracy, len(sketchSize)-1)
			return
		}
		var s *countSketch
		it := c.groupItems(0, g)
		for i := it.from; i < it.to; i++ {
			if it.IsNull(i) {
				continue
			}
			if s == nil {
				s = newCountSketch(int(accuracy))
			}
			buf = dynamic.AppendRow(buf[:0], it.Vector, i)
			s.add(sketchHash(buf))
		}
		if !c.setSketch(g, s, &total) {
			return
		}
	}
}

// setSketch makes a sketch the value of row i, null if there is none.
func (c *Call) setSketch(i int, s *countSketch, total *int) bool {
	if s == nil {
		c.Out.SetNull(i)
		return true
	}
	return c.setMade("hll", i, s.append(nil), total)
}

func sketchMergeEval(c *Call) {
	total := 0
	for g := range c.N {
		var s *countSketch
		it := c.groupItems(0, g)
		for i := it.from; i < it.to; i++ {
			if !it.IsNull(i) && !c.mergeSketch(&s, it.Strings[i]) {
				return
			}
		}
		if !c.setSketch(g, s, &total) {
			return
		}
	}
}

func sketchMergeRow(c *Call) {
	total := 0
	for i := range c.N {
		var s *countSketch
		for _, a := range c.Args {
			if !a.IsNull(i) && !c.mergeSketch(&s, a.Strings[i]) {
				return
			}
		}
		if !c.setSketch(i, s, &total) {
			return
		}
	}
}

// mergeSketch takes in a sketch's text. Text that is none is left out.
func (c *Call) mergeSketch(s **countSketch, text string) bool {
	o, ok := readCountSketch(text)
	switch {
	case !ok:
	case *s == nil:
		*s = o
	case !(*s).merge(o):
		c.Err = fmt.Errorf("hll_merge: the values were made with different accuracies; make them with the same one")
		return false
	}
	return true
}

func sketchCountEval(c *Call) {
	for i := range c.N {
		if !c.Args[0].IsNull(i) {
			if s, ok := readCountSketch(c.Args[0].Strings[i]); ok {
				c.Out.Ints[i] = s.count()
				continue
			}
		}
		c.Out.SetNull(i)
	}
}
