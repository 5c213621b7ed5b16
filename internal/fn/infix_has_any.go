package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

// hasListRows look for a list of terms. The binder makes one dynamic array of
// a list of constants.
var hasListRows = []Spec{
	{
		Name: "has_any", Kind: Infix, Ref: "has-any-operator",
		Doc:   "The text has at least one of the terms, as with has.",
		Sigs:  []Sig{{Decl: "(text: stringdyn, list: dynamic): bool"}},
		Nulls: NeverNull, Eval: hasListEval((*terms.Set).Any),
		Examples: []Example{
			{`"North America" has_any ("south", "north")`, `true`},
			{`"North America" has_any (dynamic(["nor", "amer"]))`, `false`},
			{`"North America" has_any (dynamic([]))`, `false`},
		},
	},
	{
		Name: "has_all", Kind: Infix, Ref: "has-all-operator",
		Doc:   "The text has every one of the terms, as with has.",
		Sigs:  []Sig{{Decl: "(text: stringdyn, list: dynamic): bool"}},
		Nulls: NeverNull, Eval: hasListEval((*terms.Set).All),
		Examples: []Example{
			{`"North and South America" has_all ("south", "north")`, `true`},
			{`"North America" has_all ("south", "north")`, `false`}, {`"x" has_all (dynamic([]))`, `true`},
		},
	},
	{
		Name: "has_any_index", Ref: "has-any-index-function",
		Doc:   "The place in a list of the first term that the text has; -1 when it has none.",
		Sigs:  []Sig{{Decl: "(source: stringdyn, values: array): long"}},
		Nulls: NeverNull, Eval: hasAnyIndexEval,
		Examples: []Example{
			{`has_any_index("this is an example", dynamic(["not", "example"]))`, `1`},
			{`has_any_index("this is an example", dynamic(["not", "found"]))`, `-1`},
			{`has_any_index("this is an example", dynamic([]))`, `-1`},
		},
	},
}

// termList keeps the search for the last list: nearly always the same in all
// rows.
type termList struct {
	list string
	set  *terms.Set
}

// at returns the search for the list of row i.
func (t *termList) at(v *types.Vector, i int) *terms.Set {
	list := ""
	if !v.IsNull(i) {
		list = v.Strings[i]
	}
	if t.set == nil || list != t.list {
		t.list, t.set = list, terms.NewSet(needles(list))
	}
	return t.set
}

// needles returns the items of a list as text; what is no array is one item. A
// null item is the empty text, which every text has: has_any with a null in
// its list is true, has_all ignores it, and of an empty list has_all is true
// and has_any false (all observed on the engine).
func needles(list string) []string {
	if dynamic.KindOf(list) != dynamic.Array {
		return []string{dynamic.AsString(list)}
	}
	var texts []string
	for item := range dynamic.Items(list) {
		texts = append(texts, dynamic.AsString(item))
	}
	return texts
}

func hasListEval(has func(*terms.Set, string) bool) Eval {
	return func(c *Call) {
		text := c.text(0)
		var list termList
		for i := range c.N {
			c.Out.Bools[i] = has(list.at(c.Args[1], i), text.at(i))
		}
	}
}

func hasAnyIndexEval(c *Call) {
	text := c.text(0)
	var list termList
	for i := range c.N {
		c.Out.Ints[i] = int64(list.at(c.Args[1], i).First(text.at(i)))
	}
}
