package fn

import (
	"cmp"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// arraySortRows sort an array, and others along with it. With one array the
// result is the sorted array; with several it is an array of the sorted
// arrays, which a projection without a name spreads over columns
// (name_sorted).
var arraySortRows = []Spec{
	{
		Name: "array_sort_asc", Ref: "array-sort-asc-function", Doc: "The first array in ascending order, the others in the order of the first.",
		Sigs: sortSigs, Eval: sortEval(1),
		Examples: []Example{
			{`array_sort_asc(dynamic([null,"blue","yellow","green",null]))`, `dynamic(["blue","green","yellow",null,null])`},
			{`array_sort_asc(dynamic([null,2,1]), false)`, `dynamic([null,1,2])`},
			{`array_sort_asc(dynamic([1,3,2]), dynamic(["a","b","c"]))[1]`, `dynamic(["a","c","b"])`},
		},
	},
	{
		Name: "array_sort_desc", Ref: "array-sort-desc-function", Doc: "The first array in descending order, the others in the order of the first.",
		Sigs: sortSigs, Eval: sortEval(-1),
		Examples: []Example{
			{`array_sort_desc(dynamic([1,3,4,5,2]))`, `dynamic([5,4,3,2,1])`}, {`array_sort_desc(dynamic([null,"a","b"]), false)`, `dynamic([null,"b","a"])`},
		},
	},
}

// sortSigs has an overload of its own for nulls_last: an optional parameter
// after a repeated one would never get its argument.
var sortSigs = []Sig{
	{Decl: "(arrays: array{1,64}): dynamic"},
	{Decl: "(arrays: array{1,64}, nulls_last: const bool): dynamic"},
}

// sortKey is an item with its rank among the kinds: numbers, texts, the rest.
type sortKey struct {
	at   int
	rank uint8
	num  float64
	text string
}

func sortEval(dir int) Eval {
	return func(c *Call) {
		arrays, nullsLast := c.Args, true
		if last := len(arrays) - 1; arrays[last].Type == types.Bool {
			nullsLast = c.N == 0 || arrays[last].IsNull(0) || arrays[last].Bools[0]
			arrays = arrays[:last]
		}
		var items []string
		var keys []sortKey
		c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
			text := c.json(0, i)
			if dynamic.KindOf(text) != dynamic.Array {
				return dst, false
			}
			keys = sortKeys(keys[:0], text, dir, nullsLast)
			if len(arrays) == 1 {
				return appendInOrder(dst, &items, text, keys), true
			}
			dst = append(dst, '[')
			for k := range arrays {
				if k > 0 {
					dst = append(dst, ',')
				}
				dst = appendInOrder(dst, &items, c.json(k, i), keys)
			}
			return append(dst, ']'), true
		})
	}
}

// appendInOrder appends an array in the order of keys, null when it has
// another length or is none.
func appendInOrder(dst []byte, room *[]string, text string, keys []sortKey) []byte {
	items := dynamic.AppendItems((*room)[:0], text)
	*room = items
	if dynamic.KindOf(text) != dynamic.Array || len(items) != len(keys) {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for k, key := range keys {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, items[key.at]...)
	}
	return append(dst, ']')
}

// sortKeys returns the items' keys in order. The order of the kinds is the
// same up and down; equal items keep their order.
func sortKeys(keys []sortKey, text string, dir int, nullsLast bool) []sortKey {
	for item := range dynamic.Items(text) {
		keys = append(keys, keyOf(item, len(keys), nullsLast))
	}
	slices.SortStableFunc(keys, func(a, b sortKey) int {
		if a.rank != b.rank {
			return cmp.Compare(a.rank, b.rank)
		}
		if r := cmp.Compare(a.num, b.num); r != 0 {
			return dir * r
		}
		return dir * cmp.Compare(a.text, b.text)
	})
	return keys
}

const (
	rankNullFirst uint8 = iota
	rankNumber
	rankText
	rankOther
	rankNullLast
)

func keyOf(item string, at int, nullsLast bool) sortKey {
	key := sortKey{at: at, rank: rankOther}
	switch dynamic.KindOf(item) {
	case dynamic.Null:
		key.rank = rankNullFirst
		if nullsLast {
			key.rank = rankNullLast
		}
	case dynamic.Long, dynamic.Real:
		key.rank = rankNumber
		key.num, _ = dynamic.AsReal(item)
		if n, ok := dynamic.AsLong(item); ok && math.Abs(key.num) >= 1<<53 {
			key.text = orderedDigits(n)
		}
	case dynamic.String:
		key.rank, key.text = rankText, dynamic.Unquote(item)
	}
	return key
}

// orderedDigits is text that sorts like n: longs beyond 2^53 may be equal as
// reals.
func orderedDigits(n int64) string {
	var b [8]byte
	u := uint64(n) ^ 1<<63
	for i := range b {
		b[i] = byte(u >> (56 - 8*i))
	}
	return string(b[:])
}
