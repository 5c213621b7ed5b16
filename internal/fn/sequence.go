package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// sequenceRows make arrays out of values.
var sequenceRows = []Spec{
	{
		Name: "pack_array", Ref: "pack-array-function", Doc: "An array of the arguments.",
		Sigs: []Sig{{Decl: "(value: scalar{1,}): dynamic"}, {Decl: "(value: star scalar): dynamic"}}, Nulls: NeverNull, Eval: packArrayEval,
		Examples: []Example{
			{`pack_array(1, "2", 4s, 1.0)`, `dynamic([1,"2","00:00:04",1.0])`}, {`pack_array(long(null), dynamic({"a":1}))`, `dynamic([null,{"a":1}])`},
		},
	},
	{
		Name: "range", Ref: "range-function",
		Doc:  "The array of start, start + step … up to stop. Without a step it is 1 or 1h. No more than 1,048,576 items.",
		Sigs: []Sig{{Decl: "(start: summable, stop: summable, step?: summable): dynamic"}}, Eval: rangeEval,
		Examples: []Example{
			{`range(1, 8, 3)`, `dynamic([1,4,7])`}, {`range(1, 3)`, `dynamic([1,2,3])`}, {`range(1h, 3h)`, `dynamic(["01:00:00","02:00:00","03:00:00"])`},
			{`range(1.0, 2, 0.5)`, `dynamic([1.0,1.5,2.0])`}, {`range(3, 1)`, `dynamic([])`},
		},
	},
	{
		Name: "repeat", Ref: "repeat-function", Doc: "An array of one value count times; null for a negative count.",
		Naming: NamePrefixArg, Prefix: "repeat",
		Sigs: []Sig{{Decl: "(value: scalar, count: long): dynamic"}}, Eval: repeatEval,
		Examples: []Example{{`repeat(1, 3)`, `dynamic([1,1,1])`}, {`repeat("a", 0)`, `dynamic([])`}, {`repeat(1, -1)`, `dynamic(null)`}},
	},
	{
		Name: "zip", Ref: "zip-function", Doc: "An array of arrays: the first items of all arguments, the second ones … Missing items are null.",
		Sigs: []Sig{{Decl: "(array: array{2,64}): dynamic"}}, Eval: zipEval,
		Examples: []Example{
			{`zip(dynamic([1,3,5]), dynamic([2,4,6]))`, `dynamic([[1,2],[3,4],[5,6]])`},
			{`zip(dynamic(["A",1,1.5]), dynamic([{},"B"]))`, `dynamic([["A",{}],[1,"B"],[1.5,null]])`},
		},
	},
	{
		Name: "treepath", Ref: "treepath-function", Doc: "The distinct paths in a bag or an array; every place of an array counts as [0].",
		Naming: NamePrefixArg, Prefix: "tree",
		Sigs: []Sig{{Decl: "(object: bag): dynamic"}}, Eval: treepathEval,
		Examples: []Example{
			{`treepath(parse_json('{"a":"b", "c":123}'))`, `dynamic(["['a']","['c']"])`},
			{`treepath(parse_json('{"p":[1,2,{"x":"y"}]}'))`, `dynamic(["['p']","['p'][0]","['p'][0]['x']"])`},
		},
	},
}

// maxItems bounds the arrays of range and repeat, as the page of range says.
const maxItems = 1 << 20

func packArrayEval(c *Call) {
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
		dst = append(dst, '[')
		for k, a := range c.Args {
			if k > 0 {
				dst = append(dst, ',')
			}
			dst = dynamic.AppendRow(dst, a, i)
		}
		return append(dst, ']'), true
	})
}

func repeatEval(c *Call) {
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
		n := c.Args[1].Ints[i]
		if c.Args[1].IsNull(i) || n < 0 {
			return dst, false
		}
		value := string(dynamic.AppendRow(nil, c.Args[0], i))
		dst = append(dst, '[')
		for k := range min(n, maxItems) {
			if k > 0 {
				dst = append(dst, ',')
			}
			if dst = append(dst, value...); len(dst) > dynamic.MaxSize {
				return dst, false
			}
		}
		return append(dst, ']'), true
	})
}

// rangeEval: the items have the type of start, or are reals when any argument
// is one.
func rangeEval(c *Call) {
	t := c.Args[0].Type
	for _, a := range c.Args {
		if t.IsNumber() && (a.Type == types.Real || a.Type == types.Decimal) {
			t = types.Real
		}
	}
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
		if c.anyNull(i) {
			return dst, false
		}
		if t == types.Real {
			return realRange(c, dst, i)
		}
		return wholeRange(c, dst, i, t)
	})
}

func wholeRange(c *Call, dst []byte, i int, t types.Type) ([]byte, bool) {
	from, to, step := c.Args[0].Ints[i], int64(0), int64(1)
	var ok bool
	if to, ok = longOf(c.Args[1], i); !ok {
		return dst, false
	}
	if t.IsTicks() {
		step = types.TicksPerHour
	}
	if len(c.Args) > 2 {
		if step, ok = longOf(c.Args[2], i); !ok {
			return dst, false
		}
	}
	n := stepCount(from, to, step)
	if n < 0 {
		return dst, false
	}
	dst = append(dst, '[')
	for k := range min(n, maxItems) {
		if k > 0 {
			dst = append(dst, ',')
		}
		switch at := from + k*step; t {
		case types.Datetime:
			dst = append(types.AppendDatetime(append(dst, '"'), at), '"')
		case types.Timespan:
			dst = append(types.AppendTimespan(append(dst, '"'), at), '"')
		default:
			dst = dynamic.AppendLong(dst, at)
		}
	}
	return append(dst, ']'), true
}

func realRange(c *Call, dst []byte, i int) ([]byte, bool) {
	v := [3]float64{2: 1}
	for k, a := range c.Args {
		x, ok := castRow(a, i, types.Real)
		if !ok {
			return dst, false
		}
		v[k] = x.F
	}
	n := realStepCount(v[0], v[1], v[2])
	if n < 0 {
		return dst, false
	}
	dst = append(dst, '[')
	for k := range min(n, maxItems) {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendReal(dst, v[0]+float64(k)*v[2])
	}
	return append(dst, ']'), true
}

// stepCount is how many of from, from + step … lie on this side of to; -1 for
// a step of 0.
func stepCount(from, to, step int64) int64 {
	switch {
	case step == 0:
		return -1
	case step > 0 && from <= to:
		return countUp(uint64(to)-uint64(from), uint64(step))
	case step < 0 && from >= to:
		return countUp(uint64(from)-uint64(to), -uint64(step))
	}
	return 0
}

func countUp(distance, step uint64) int64 {
	if n := distance / step; n < math.MaxInt64 {
		return int64(n) + 1
	}
	return math.MaxInt64
}

// realStepCount is stepCount for reals; -1 also for what is not finite. The
// items are computed as from + k*step, so rounding does not add up; the last
// one may miss to by a rounding of the division.
func realStepCount(from, to, step float64) int64 {
	n := (to - from) / step
	switch {
	case math.IsNaN(n), math.IsInf(n, 0), step == 0:
		return -1
	case n < 0:
		return 0
	case n > 1<<53:
		return 1 << 53
	}
	k := int64(n) + 1
	if next := from + float64(k)*step; step > 0 && next <= to || step < 0 && next >= to {
		k++
	}
	return k
}

func zipEval(c *Call) {
	arrays := make([][]string, len(c.Args))
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
		n, any := 0, false
		for k := range c.Args {
			text := c.json(k, i)
			any = any || dynamic.KindOf(text) == dynamic.Array
			arrays[k] = dynamic.AppendItems(arrays[k][:0], text)
			n = max(n, len(arrays[k]))
		}
		dst = append(dst, '[')
		for at := range n {
			if at > 0 {
				dst = append(dst, ',')
			}
			for k, items := range arrays {
				dst = append(dst, "[,"[min(k, 1)])
				if at < len(items) {
					dst = append(dst, items[at]...)
				} else {
					dst = append(dst, "null"...)
				}
			}
			dst = append(dst, ']')
		}
		return append(dst, ']'), any
	})
}

func treepathEval(c *Call) {
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
		text := c.json(0, i)
		if k := dynamic.KindOf(text); k != dynamic.Bag && k != dynamic.Array {
			return dst, false
		}
		p := treePaths{seen: map[string]bool{}}
		p.walk(text, "", 0)
		return dynamic.AppendArray(dst, p.paths), true
	})
}

// treePaths collects paths in the order of their first appearance.
type treePaths struct {
	seen  map[string]bool
	paths []string // as JSON strings
	size  int
}

// walk visits what is below the value at path. The paths of a deep value may
// be far longer than its text, so their size is bounded.
func (p *treePaths) walk(text, path string, depth int) {
	if depth > dynamic.MaxDepth || p.size > dynamic.MaxSize {
		return
	}
	for item := range dynamic.Items(text) {
		p.visit(item, path+"[0]", depth)
	}
	for key, value := range dynamic.Members(text) {
		p.visit(value, path+"['"+dynamic.Unquote(key)+"']", depth)
	}
}

func (p *treePaths) visit(value, path string, depth int) {
	if !p.seen[path] {
		p.seen[path] = true
		p.paths = append(p.paths, dynamic.Quote(path))
		p.size += len(path)
	}
	p.walk(value, path, depth+1)
}
