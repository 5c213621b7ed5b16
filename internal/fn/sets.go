package fn

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// setRows treat arrays as sets. Two items are the same when dynamic.Equal says
// so: numbers by value, bags whatever the order of their members. Items keep
// the order in which they first appear. An argument that is no array gives
// null.
var setRows = []Spec{
	setRow("set_union", "The distinct items of all arrays.", unionSets,
		Example{`set_union(dynamic([1,2,1,4]), dynamic([1,2]), dynamic([8]))`, `dynamic([1,2,4,8])`}),
	setRow("set_intersect", "The distinct items that are in all arrays.", intersectSets,
		Example{`set_intersect(dynamic([1,2,3]), dynamic([3,1]))`, `dynamic([1,3])`}, Example{`set_intersect(dynamic([1,2,3]), dynamic([4,5]))`, `dynamic([])`}),
	setRow("set_difference", "The distinct items of the first array that are in no other.", subtractSets,
		Example{`set_difference(dynamic([1,2,1,4]), dynamic([1]), dynamic([2,8]))`, `dynamic([4])`}),
	{
		Name: "set_has_element", Ref: "set-has-element-function", Doc: "The array has an item equal to the value.",
		Sigs: []Sig{{Decl: "(set: array, value: scalar): bool"}}, Eval: hasElementEval,
		Examples: []Example{
			{`set_has_element(dynamic(["this","is","an","example"]), "example")`, `true`}, {`set_has_element(dynamic([1,2]), 3)`, `false`},
		},
	},
	{
		Name: "set_equals", Ref: "scalar-functions", Doc: "Both arrays have the same distinct items.",
		Sigs: []Sig{{Decl: "(set1: array, set2: array): bool"}},
		Eval: Map2(func(a, b string) (bool, bool) {
			na, nb, both, ok := countSets(a, b)
			return na == nb && na == both, ok
		}),
		Examples: []Example{
			{`set_equals(dynamic([1,2,2]), dynamic([2,1]))`, `true`}, {`set_equals(dynamic([1]), dynamic([1,2]))`, `false`},
		},
	},
	{
		Name: "jaccard_index", Ref: "jaccard-index-function", Doc: "The share of the items of two sets that both have.",
		Sigs: []Sig{{Decl: "(set: array{2,2}): real"}},
		Eval: Map2(func(a, b string) (float64, bool) {
			na, nb, both, ok := countSets(a, b)
			return float64(both) / float64(na+nb-both), ok // NaN for two empty sets
		}),
		Examples: []Example{{`jaccard_index(dynamic([1,2,3]), dynamic([1,2,3,4]))`, `0.75`}},
	},
}

// setMaker appends the items of the result, given the arrays of one row. seen
// is empty and for its use.
type setMaker func(arrays []string, seen map[string]int, items []string) []string

func setRow(name, doc string, make setMaker, examples ...Example) Spec {
	return Spec{
		Name: name, Ref: strings.ReplaceAll(name, "_", "-") + "-function", Doc: doc, Examples: examples,
		Sigs: []Sig{{Decl: "(set: array{2,64}): dynamic"}}, Eval: setEval(make),
	}
}

func setEval(make setMaker) Eval {
	return func(c *Call) {
		seen := map[string]int{}
		arrays := []string{}
		var items []string
		c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
			arrays = arrays[:0]
			for k := range c.Args {
				text := c.json(k, i)
				if dynamic.KindOf(text) != dynamic.Array {
					return dst, false
				}
				arrays = append(arrays, text)
			}
			clear(seen)
			items = make(arrays, seen, items[:0])
			return dynamic.AppendArray(dst, items), true
		})
	}
}

func unionSets(arrays []string, seen map[string]int, items []string) []string {
	for _, a := range arrays {
		for item := range dynamic.Items(a) {
			if id := dynamic.Identity(item); seen[id] == 0 {
				seen[id] = 1
				items = append(items, item)
			}
		}
	}
	return items
}

// intersectSets counts through: an item of array k counts only when it was in
// every array before.
func intersectSets(arrays []string, seen map[string]int, items []string) []string {
	for k, a := range arrays {
		for item := range dynamic.Items(a) {
			if id := dynamic.Identity(item); seen[id] == k {
				seen[id] = k + 1
			}
		}
	}
	for item := range dynamic.Items(arrays[0]) {
		if id := dynamic.Identity(item); seen[id] == len(arrays) {
			seen[id]++ // only once
			items = append(items, item)
		}
	}
	return items
}

func subtractSets(arrays []string, seen map[string]int, items []string) []string {
	for _, a := range arrays[1:] {
		for item := range dynamic.Items(a) {
			seen[dynamic.Identity(item)] = 1
		}
	}
	return unionSets(arrays[:1], seen, items)
}

// countSets counts the distinct items of a, of b, and those in both.
func countSets(a, b string) (na, nb, both int, ok bool) {
	if dynamic.KindOf(a) != dynamic.Array || dynamic.KindOf(b) != dynamic.Array {
		return 0, 0, 0, false
	}
	const inA, inB = 1, 2
	seen := map[string]int{}
	for item := range dynamic.Items(a) {
		seen[dynamic.Identity(item)] = inA
	}
	na = len(seen)
	for item := range dynamic.Items(b) {
		id := dynamic.Identity(item)
		if seen[id]&inB != 0 {
			continue
		}
		nb++
		both += seen[id] & inA
		seen[id] |= inB
	}
	return na, nb, both, true
}

func hasElementEval(c *Call) {
	var buf [64]byte
	for i := range c.N {
		text := c.json(0, i)
		if dynamic.KindOf(text) != dynamic.Array {
			c.Out.SetNull(i)
			continue
		}
		value := string(dynamic.AppendRow(buf[:0], c.Args[1], i))
		for item := range dynamic.Items(text) {
			if dynamic.Equal(item, value) {
				c.Out.Bools[i] = true
				break
			}
		}
	}
}
