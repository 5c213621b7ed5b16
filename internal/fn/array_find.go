package fn

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// arrayFindRows compute a value from the items of an array.
var arrayFindRows = []Spec{
	{
		Name: "array_index_of", Ref: "array-index-of-function",
		Doc:  "The place of a value in an array, -1 when it is not there.",
		Sigs: []Sig{{Decl: "(array: array, value: scalar, start?: integer, length?: integer, occurrence?: const integer): long"}},
		Eval: indexEval,
		Examples: []Example{
			{`array_index_of(dynamic(["this","is","an","example","an"]), "an")`, `2`}, {`array_index_of(dynamic(["a","b"]), "c")`, `long(-1)`},
			{`array_index_of(dynamic(["an","x","an","an"]), "an", 1, -1, 2)`, `3`}, {`array_index_of(dynamic([1,2]), 2.0)`, `1`},
		},
	},
	iffRow("array_iff", false),
	iffRow("array_iif", true),
	{
		Name: "array_sum", Obsolete: "series_sum", Hidden: true, Ref: "array-sum-function",
		Doc:  "The sum of the numbers in an array; null when there are none.",
		Sigs: []Sig{{Decl: "(array: array): real"}}, Eval: Map1(sumItems),
		Examples: []Example{{`array_sum(dynamic([1,2,3,4]))`, `10.0`}, {`array_sum(dynamic([1,null,3]))`, `4.0`}, {`array_sum(dynamic([]))`, `real(null)`}},
	},
	{
		Name: "array_strcat", Hidden: true, Ref: "strcat-array-function",
		Doc:  "The items as one text with a delimiter between them.",
		Sigs: []Sig{{Decl: "(array: array, delimiter: scalar): string"}}, Nulls: NeverNull, Eval: joinEval,
		Examples: []Example{{`array_strcat(dynamic([1,null,"a"]), "-")`, `"1--a"`}},
	},
}

func iffRow(name string, hidden bool) Spec {
	return Spec{
		Name: name, Hidden: hidden, Ref: "array-iff-function",
		Doc:  "For every condition of an array the item of the second argument where it is true, of the third where it is false.",
		Sigs: []Sig{{Decl: "(condition_array: array, when_true: scalar, when_false: scalar): dynamic"}}, Eval: itemsEval(iffItems),
		Examples: []Example{
			{name + `(dynamic([true,false,true]), dynamic([1,2,3]), dynamic([4,5,6]))`, `dynamic([1,5,3])`},
			{name + `(dynamic([1,0,50]), "yes", "no")`, `dynamic(["yes","no","yes"])`},
			{name + `(dynamic([true,true,true]), dynamic([1,2]), dynamic([3,4]))`, `dynamic([1,2,null])`},
		},
	}
}

// indexEval: array, value, start 0, length -1 (all), occurrence 1.
func indexEval(c *Call) {
	for i := range c.N {
		text := c.json(0, i)
		start, ok1 := c.optionalLong(2, i, 0)
		length, ok2 := c.optionalLong(3, i, -1)
		nth, ok3 := c.optionalLong(4, i, 1)
		if dynamic.KindOf(text) != dynamic.Array || !ok1 || !ok2 || !ok3 || length < -1 || nth < 0 {
			c.Out.SetNull(i)
			continue
		}
		n := dynamic.Len(text)
		from, to := place(start, n), n
		if length >= 0 {
			to = min(from+clampInt(length), n)
		}
		c.Out.Ints[i] = findItem(text, string(dynamic.AppendRow(nil, c.Args[1], i)), from, to, nth)
	}
}

// findItem is the place of the nth item in [from, to) that equals value.
func findItem(text, value string, from, to int, nth int64) int64 {
	k := 0
	for item := range dynamic.Items(text) {
		if k >= to {
			break
		}
		if k >= from && dynamic.Equal(item, value) {
			if nth--; nth <= 0 {
				return int64(k)
			}
		}
		k++
	}
	return -1
}

// optionalLong reads argument k of row i, or otherwise when it is not given.
func (c *Call) optionalLong(k, i int, otherwise int64) (int64, bool) {
	if k >= len(c.Args) {
		return otherwise, true
	}
	return c.Args[k].Ints[i], !c.Args[k].IsNull(i)
}

// branch is one of the values of array_iff: an array item by item, or a value
// for all items.
type branch struct {
	items []string
	all   string
}

func (b *branch) load(v *types.Vector, i int) {
	b.items, b.all = b.items[:0], ""
	if v.Type == types.Dynamic && !v.IsNull(i) && dynamic.KindOf(v.Strings[i]) == dynamic.Array {
		b.items = dynamic.AppendItems(b.items, v.Strings[i])
	} else {
		b.all = string(dynamic.AppendRow(nil, v, i))
	}
}

func (b *branch) at(k int) string {
	switch {
	case b.all != "":
		return b.all
	case k < len(b.items):
		return b.items[k]
	}
	return "null"
}

// iffItems: a condition that is neither a bool nor a number gives null.
func iffItems(c *Call, dst []byte, i int, conditions []string) ([]byte, bool) {
	var yes, no branch
	yes.load(c.Args[1], i)
	no.load(c.Args[2], i)
	for k, cond := range conditions {
		kind := dynamic.KindOf(cond)
		isTrue, _ := dynamic.AsBool(cond)
		switch {
		case kind != dynamic.Bool && !isNumberKind(kind):
			conditions[k] = "null"
		case isTrue:
			conditions[k] = yes.at(k)
		default:
			conditions[k] = no.at(k)
		}
	}
	return dynamic.AppendArray(dst, conditions), true
}

func sumItems(text string) (sum float64, any bool) {
	for item := range dynamic.Items(text) {
		if isNumberKind(dynamic.KindOf(item)) {
			f, _ := dynamic.AsReal(item)
			sum += f
			any = true
		}
	}
	return sum, any
}

func joinEval(c *Call) {
	delimiter := c.text(1)
	var buf []byte
	for i := range c.N {
		buf = buf[:0]
		first := true
		for item := range dynamic.Items(c.json(0, i)) {
			if !first {
				buf = append(buf, delimiter.at(i)...)
			}
			first = false
			buf = append(buf, dynamic.AsString(item)...)
			if len(buf) > maxText {
				c.Err = fmt.Errorf("array_strcat: a text is longer than %d MB", maxText>>20)
				return
			}
		}
		if c.tooMuch(len(buf)) {
			return
		}
		c.Out.Strings[i] = string(buf)
	}
}
