package fn

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Lists and sets. Items keep the order of the rows; a set keeps first
// appearances (Kusto documents no order for sets, its answers have this one).
// Nulls are left out, empty strings are not. The items of a dynamic array are
// put in one by one (recorded: rows {"a":1}, {"b":2}, [1,2,3] make a list of
// five).
//
// There is no list(DISTINCT …) lowering: DuckDB's order of distinct values is
// that of its hash table.

// maxListSize is the default and the greatest maximum size; the names of old
// have a default of their own.
const (
	maxListSize = 1048576
	oldListSize = 128
)

var aggListRows = []Spec{
	{
		Name: "make_list", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "list", Nulls: NeverNull,
		Doc:    "Array of the values that are not null, in the order of the rows.",
		Ref:    "make-list-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: scalar, maxSize?: integer): dynamic"}},
		Eval:   listEval(listKind{name: "make_list", limit: maxListSize}),
		DuckDB: collect("make_list", 1, -1),
		Examples: []Example{
			{`datatable(x:int)[1, int(null), 3] | summarize make_list(x)`, `dynamic([1,3])`},
			{`datatable(s:string)["b", "", "a"] | summarize make_list(s, 2)`, `dynamic(["b",""])`},
			{`datatable(d:dynamic)[dynamic({"a":1}), dynamic([1,2])] | summarize make_list(d)`, `dynamic([{"a":1},1,2])`},
			{`datatable(x:long)[] | summarize make_list(x)`, `dynamic([])`},
		},
	},
	{
		Name: "makelist", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "list", Nulls: NeverNull,
		Obsolete: "make_list", Hidden: true,
		Doc:      "Array of the values that are not null, at most 128 unless told.",
		Ref:      "make-list-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr: scalar, maxSize?: integer): dynamic"}},
		Eval:     listEval(listKind{name: "makelist", limit: oldListSize}),
		DuckDB:   collect("makelist", 1, -1),
		Examples: []Example{{`range x from 1 to 500 step 1 | summarize array_length(makelist(x))`, `128`}},
	},
	{
		Name: "make_list_if", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "list", Nulls: NeverNull,
		Doc:    "Array of the values of rows for which the predicate is true.",
		Ref:    "make-list-if-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: scalar, predicate: bool, maxSize?: integer): dynamic"}},
		Eval:   whereTrue(1, listEval(listKind{name: "make_list_if", limit: maxListSize})),
		DuckDB: collect("make_list", 1, 1),
		Examples: []Example{
			{`range x from 1 to 9 step 1 | summarize make_list_if(x, x % 2 == 0)`, `dynamic([2,4,6,8])`},
			{`range x from 1 to 9 step 1 | summarize make_list_if(x, x > 3, 2)`, `dynamic([4,5])`},
		},
	},
	{
		Name: "make_list_with_nulls", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "list", Nulls: NeverNull,
		Doc:    "Array of all values, nulls too.",
		Ref:    "make-list-with-nulls-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: scalar): dynamic"}},
		Eval:   listEval(listKind{name: "make_list_with_nulls", limit: maxListSize, nulls: true}),
		DuckDB: collect("make_list_with_nulls", 1, -1),
		Examples: []Example{
			{`datatable(x:int)[int(null), 4, int(null)] | summarize make_list_with_nulls(x)`, `dynamic([null,4,null])`},
			{`datatable(x:int)[] | summarize make_list_with_nulls(x)`, `dynamic([])`},
		},
	},
	{
		Name: "make_set", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "set", Nulls: NeverNull,
		Doc:    "Array of the distinct values that are not null.",
		Ref:    "make-set-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: scalar, maxSize?: integer): dynamic"}},
		Eval:   listEval(listKind{name: "make_set", limit: maxListSize, distinct: true}),
		DuckDB: collect("make_set", 1, -1),
		Examples: []Example{
			{`datatable(x:int)[5, 3, 5, int(null)] | summarize make_set(x)`, `dynamic([5,3])`},
			{`datatable(d:dynamic)[dynamic(["a", "b"]), dynamic(["b", "c"])] | summarize make_set(d)`, `dynamic(["a","b","c"])`},
			{`datatable(x:long)[] | summarize make_set(x)`, `dynamic([])`},
		},
	},
	{
		Name: "makeset", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "set", Nulls: NeverNull,
		Obsolete: "make_set", Hidden: true,
		Doc:      "Array of the distinct values that are not null, at most 128 unless told.",
		Ref:      "make-set-aggregation-function",
		Sigs:     []Sig{{Decl: "(expr: scalar, maxSize?: integer): dynamic"}},
		Eval:     listEval(listKind{name: "makeset", limit: oldListSize, distinct: true}),
		DuckDB:   collect("makeset", 1, -1),
		Examples: []Example{{`range x from 1 to 500 step 1 | summarize array_length(makeset(x))`, `128`}},
	},
	{
		Name: "make_set_if", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "set", Nulls: NeverNull,
		Doc:    "Array of the distinct values of rows for which the predicate is true.",
		Ref:    "make-set-if-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: scalar, predicate: bool, maxSize?: integer): dynamic"}},
		Eval:   whereTrue(1, listEval(listKind{name: "make_set_if", limit: maxListSize, distinct: true})),
		DuckDB: collect("make_set", 1, 1),
		Examples: []Example{
			{`range x from 1 to 9 step 1 | summarize make_set_if(x % 3, x > 4)`, `dynamic([2,0,1])`},
			{`range x from 1 to 9 step 1 | summarize make_set_if(x, x > 9)`, `dynamic([])`},
		},
	},
}

// listKind tells the list aggregates apart.
type listKind struct {
	name     string
	limit    int // when the call names none
	distinct bool
	nulls    bool
}

func listEval(kind listKind) Eval {
	return func(c *Call) {
		w := listWriter{listKind: kind}
		total := 0
		for g := range c.N {
			if w.max, c.Err = c.maxSize(kind.name, 1, g, kind.limit); c.Err != nil {
				return
			}
			w.write(c.groupItems(0, g))
			if !c.setMade(kind.name, g, w.buf, &total) {
				return
			}
		}
	}
}

// setMade makes text the value of group g, unless it is too long, or all
// texts so far together are.
func (c *Call) setMade(name string, g int, text []byte, total *int) bool {
	if *total += len(text); len(text) > dynamic.MaxSize || *total > maxOutput {
		c.Err = fmt.Errorf("%s: a result is longer than %d MB, or all together are longer than %d MB; give a smaller maximum size, or aggregate fewer rows",
			name, dynamic.MaxSize>>20, maxOutput>>20)
		return false
	}
	c.Out.Strings[g] = string(text)
	return true
}

// maxSize reads a maximum size, which is at most maxListSize.
func (c *Call) maxSize(name string, arg, g, byDefault int) (int, error) {
	v, i, ok := c.groupParam(arg, g)
	if !ok {
		return byDefault, nil
	}
	n := v.Ints[i]
	if n <= 0 {
		return 0, fmt.Errorf("%s: the maximum size is %d; it must be greater than 0", name, n)
	}
	return int(min(n, maxListSize)), nil
}

// listWriter writes one group's array.
type listWriter struct {
	listKind
	max  int
	n    int
	buf  []byte
	seen distinctItems
}

func (w *listWriter) tooLong() bool { return len(w.buf) > dynamic.MaxSize }

func (w *listWriter) write(it aggItems) {
	w.buf, w.n = append(w.buf[:0], '['), 0
	if w.distinct {
		w.seen.reset()
	}
	for i := it.from; i < it.to && w.n < w.max && !w.tooLong(); i++ {
		switch {
		case it.IsNull(i):
			if w.nulls {
				w.buf = append(w.next(), "null"...)
			}
		case it.Type == types.Dynamic:
			w.addDynamic(it.Strings[i])
		case !w.distinct || w.seen.add(it.Vector, i):
			w.buf = dynamic.AppendRow(w.next(), it.Vector, i)
		}
	}
	w.buf = append(w.buf, ']')
}

// next starts an item.
func (w *listWriter) next() []byte {
	if w.n++; w.n > 1 {
		w.buf = append(w.buf, ',')
	}
	return w.buf
}

// addDynamic adds a value, or the items of an array.
func (w *listWriter) addDynamic(text string) {
	if dynamic.KindOf(text) != dynamic.Array {
		w.addText(text)
		return
	}
	for item := range dynamic.Items(text) {
		if w.n >= w.max || w.tooLong() {
			return
		}
		w.addText(item)
	}
}

func (w *listWriter) addText(text string) {
	if !w.nulls && dynamic.KindOf(text) == dynamic.Null {
		return
	}
	if !w.distinct || w.seen.addText(text) {
		w.buf = append(w.next(), text...)
	}
}
