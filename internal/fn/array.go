package fn

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// arrayRows take arrays apart and put them together anew. An argument that is
// no array gives null.
var arrayRows = []Spec{
	lengthRow("array_length", ""),
	lengthRow("arraylength", "array_length"),
	{
		Name: "array_concat", Ref: "array-concat-function", Doc: "One array with the items of all arguments. A null argument adds nothing.",
		Sigs: []Sig{{Decl: "(array: array{1,64}): dynamic"}}, Eval: concatEval,
		Examples: []Example{
			{`array_concat(dynamic([1,2]), dynamic(["a"]))`, `dynamic([1,2,"a"])`}, {`array_concat(dynamic([]), dynamic([null]))`, `dynamic([null])`},
		},
	},
	{
		Name: "array_slice", Ref: "array-slice-function", Doc: "The items from one place to another, both included; negative places count from the end.",
		Sigs: []Sig{{Decl: "(array: array, start: integer, end: integer): dynamic"}},
		Eval: itemsEval(sliceItems),
		Examples: []Example{
			{`array_slice(dynamic([1,2,3,4,5]), 2, -1)`, `dynamic([3,4,5])`}, {`array_slice(dynamic([1,2,3,4,5]), -3, -2)`, `dynamic([3,4])`},
			{`array_slice(dynamic([1,2,3]), 0, 100)`, `dynamic([1,2,3])`}, {`array_slice(dynamic([1,2,3]), 2, 1)`, `dynamic([])`},
		},
	},
	{
		Name: "array_split", Ref: "array-split-function", Doc: "The parts of an array between the places given; negative places count from the end.",
		Sigs: []Sig{
			{Decl: "(array: array, index: integer): dynamic"},
			{Decl: "(array: array, indices: array): dynamic"},
		},
		Eval: itemsEval(splitItems),
		Examples: []Example{
			{`array_split(dynamic([1,2,3,4,5]), 2)`, `dynamic([[1,2],[3,4,5]])`},
			{`array_split(dynamic([1,2,3,4,5]), dynamic([1,3]))`, `dynamic([[1],[2,3],[4,5]])`},
		},
	},
	{
		Name: "array_reverse", Ref: "array-reverse-function", Doc: "The items in reverse order.",
		Sigs: []Sig{{Decl: "(value: array): dynamic"}},
		Eval: itemsEval(func(c *Call, dst []byte, i int, items []string) ([]byte, bool) {
			slices.Reverse(items)
			return dynamic.AppendArray(dst, items), true
		}),
		Examples: []Example{{`array_reverse(dynamic(["this","is","an","example"]))`, `dynamic(["example","an","is","this"])`}},
	},
	{
		Name: "array_rotate_left", Ref: "array-rotate-left-function", Doc: "The items moved towards the front, the first ones to the end.",
		Sigs: []Sig{{Decl: "(array: array, rotate_count: integer): dynamic"}}, Eval: itemsEval(rotateItems(1)),
		Examples: []Example{
			{`array_rotate_left(dynamic([1,2,3,4,5]), 2)`, `dynamic([3,4,5,1,2])`}, {`array_rotate_left(dynamic([1,2,3,4,5]), -2)`, `dynamic([4,5,1,2,3])`},
		},
	},
	{
		Name: "array_rotate_right", Ref: "array-rotate-right-function", Doc: "The items moved towards the end, the last ones to the front.",
		Sigs: []Sig{{Decl: "(array: array, rotate_count: integer): dynamic"}}, Eval: itemsEval(rotateItems(-1)),
		Examples: []Example{
			{`array_rotate_right(dynamic([1,2,3,4,5]), 2)`, `dynamic([4,5,1,2,3])`}, {`array_rotate_right(dynamic([1,2,3,4,5]), -7)`, `dynamic([3,4,5,1,2])`},
		},
	},
	{
		Name: "array_shift_left", Ref: "array-shift-left-function", Doc: "The items moved towards the front; a default value fills the end.",
		Sigs: []Sig{{Decl: "(array: array, shift_count: integer, default_value?: scalar): dynamic"}}, Eval: itemsEval(shiftItems(1)),
		Examples: []Example{
			{`array_shift_left(dynamic([1,2,3,4,5]), 2)`, `dynamic([3,4,5,null,null])`}, {`array_shift_left(dynamic([1,2,3,4,5]), -2, -1)`, `dynamic([-1,-1,1,2,3])`},
		},
	},
	{
		Name: "array_shift_right", Ref: "array-shift-right-function", Doc: "The items moved towards the end; a default value fills the front.",
		Sigs: []Sig{{Decl: "(array: array, shift_count: integer, default_value?: scalar): dynamic"}}, Eval: itemsEval(shiftItems(-1)),
		Examples: []Example{
			{`array_shift_right(dynamic([1,2,3,4,5]), 2)`, `dynamic([null,null,1,2,3])`}, {`array_shift_right(dynamic(["a","b"]), 1)`, `dynamic(["","a"])`},
		},
	},
}

func lengthRow(name, obsolete string) Spec {
	return Spec{
		Name: name, Obsolete: obsolete, Hidden: obsolete != "", Ref: "array-length-function",
		Doc:  "The number of items; null for what is no array.",
		Sigs: []Sig{{Decl: "(array: array): long"}},
		Eval: Map1(func(text string) (int64, bool) {
			return int64(dynamic.Len(text)), dynamic.KindOf(text) == dynamic.Array
		}),
		Examples: []Example{
			{name + `(dynamic([1, 2, 3, "four"]))`, `4`}, {name + `(dynamic({}))`, `long(null)`}, {name + `(dynamic([]))`, `0`},
		},
	}
}

// itemsEval adapts a function of the items of the first argument, which is
// null when it is no array. items may be changed, not kept.
func itemsEval(make func(c *Call, dst []byte, i int, items []string) ([]byte, bool)) Eval {
	return func(c *Call) {
		var items []string
		c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
			text := c.json(0, i)
			if dynamic.KindOf(text) != dynamic.Array {
				return dst, false
			}
			items = dynamic.AppendItems(items[:0], text)
			return make(c, dst, i, items)
		})
	}
}

func concatEval(c *Call) {
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
		dst = append(dst, '[')
		any := false
		for k := range c.Args {
			text := c.json(k, i)
			if dynamic.KindOf(text) != dynamic.Array {
				continue
			}
			any = true
			if len(text) == 2 {
				continue
			}
			if len(dst) > 1 {
				dst = append(dst, ',')
			}
			dst = append(dst, text[1:len(text)-1]...)
		}
		return append(dst, ']'), any
	})
}

// place turns an index that may count from the end into one from the start,
// within 0 … n.
func place(at int64, n int) int {
	i := clampInt(at)
	if i < 0 {
		i += n
	}
	return min(max(i, 0), n)
}

func sliceItems(c *Call, dst []byte, i int, items []string) ([]byte, bool) {
	if c.anyNull(i) {
		return dst, false
	}
	from, to := c.Args[1].Ints[i], c.Args[2].Ints[i]
	lo, hi := place(from, len(items)), place(to, len(items))
	if to >= 0 || int(clampInt(to))+len(items) >= 0 {
		hi = min(hi+1, len(items)) // the end is included
	}
	return dynamic.AppendArray(dst, items[min(lo, hi):hi]), true
}

// splitItems cuts at one place or at every place of an array of them. A place
// before the one before it gives an empty part.
func splitItems(c *Call, dst []byte, i int, items []string) ([]byte, bool) {
	cuts := c.Args[1]
	if cuts.IsNull(i) {
		return dst, false
	}
	at := 0
	dst = append(dst, '[')
	cut := func(n int64) {
		to := max(place(n, len(items)), at)
		dst = append(dynamic.AppendArray(dst, items[at:to]), ',')
		at = to
	}
	if cuts.Type != types.Dynamic {
		cut(cuts.Ints[i])
	} else {
		if dynamic.KindOf(cuts.Strings[i]) != dynamic.Array {
			return dst, false
		}
		for item := range dynamic.Items(cuts.Strings[i]) {
			n, ok := dynamic.AsLong(item)
			if !ok {
				return dst, false
			}
			cut(n)
		}
	}
	return append(dynamic.AppendArray(dst, items[at:]), ']'), true
}

// rotateItems: dir 1 is left, -1 right.
func rotateItems(dir int64) func(*Call, []byte, int, []string) ([]byte, bool) {
	return func(c *Call, dst []byte, i int, items []string) ([]byte, bool) {
		if c.Args[1].IsNull(i) {
			return dst, false
		}
		if n := int64(len(items)); n > 0 {
			k := int((dir*(c.Args[1].Ints[i]%n) + n) % n)
			items = append(items[k:len(items):len(items)], items[:k]...)
		}
		return dynamic.AppendArray(dst, items), true
	}
}

// shiftItems: dir 1 is left, -1 right. Without a default an array of texts is
// filled with empty ones, any other with nulls.
func shiftItems(dir int) func(*Call, []byte, int, []string) ([]byte, bool) {
	return func(c *Call, dst []byte, i int, items []string) ([]byte, bool) {
		if c.Args[1].IsNull(i) {
			return dst, false
		}
		fill := "null"
		if len(c.Args) > 2 {
			fill = string(dynamic.AppendRow(nil, c.Args[2], i))
		} else if len(items) > 0 && dynamic.KindOf(items[0]) == dynamic.String {
			fill = `""`
		}
		n := len(items)
		by := dir * clampInt(c.Args[1].Ints[i])
		dst = append(dst, '[')
		for k := range n {
			if k > 0 {
				dst = append(dst, ',')
			}
			if from := k + by; from >= 0 && from < n {
				dst = append(dst, items[from]...)
			} else {
				dst = append(dst, fill...)
			}
		}
		return append(dst, ']'), true
	}
}
