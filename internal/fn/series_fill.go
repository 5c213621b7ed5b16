package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// seriesFillRows replace the missing items of a series. Missing are the nulls,
// or the items equal to a placeholder. All other items stay as they are.
var seriesFillRows = []Spec{
	{
		Name: "series_fill_const", Ref: "series-fill-const-function", Naming: NameFirstArg,
		Doc:  "The series with a constant in place of missing items.",
		Sigs: []Sig{{Decl: "(series: array, constant_value: number, missing_value_placeholder?: number): dynamic"}},
		Eval: fillEval(2, func(f *filler) { f.all(numberText(f.c.Args[1], f.row)) }),
		Examples: []Example{
			{`series_fill_const(dynamic([111,null,36]), 0.0)`, `dynamic([111,0.0,36])`}, {`series_fill_const(dynamic([111,null,36]), -1)`, `dynamic([111,-1,36])`},
			{`series_fill_const(dynamic([1,0,null]), 5, 0)`, `dynamic([1,5,null])`},
		},
	},
	{
		Name: "series_fill_forward", Ref: "series-fill-forward-function", Naming: NameFirstArg,
		Doc:  "The series with the last item before it in place of every missing item.",
		Sigs: []Sig{{Decl: "(series: array, missing_value_placeholder?: number): dynamic"}},
		Eval: fillEval(1, (*filler).forward),
		Examples: []Example{
			{`series_fill_forward(dynamic([null,36,41,null,null,16,null]))`, `dynamic([null,36,41,41,41,16,16])`}, {`series_fill_forward(dynamic([1,-1,2,-1]), -1)`, `dynamic([1,1,2,2])`},
		},
	},
	{
		Name: "series_fill_backward", Ref: "series-fill-backward-function", Naming: NameFirstArg,
		Doc:  "The series with the first item after it in place of every missing item.",
		Sigs: []Sig{{Decl: "(series: array, missing_value_placeholder?: number): dynamic"}},
		Eval: fillEval(1, (*filler).backward),
		Examples: []Example{
			{`series_fill_backward(dynamic([111,null,36,41,null,null,16,null]))`, `dynamic([111,36,36,41,16,16,16,null])`}, {`series_fill_backward(dynamic([0,2,0]), 0)`, `dynamic([2,2,0])`},
		},
	},
	{
		Name: "series_fill_linear", Ref: "series-fill-linear-function", Naming: NameFirstArg,
		Doc: "The series with missing items on a straight line between their neighbours, cut to whole numbers in a series of whole numbers. " +
			"At the edges the nearest item is used, unless fill_edges is false; a series of only missing items gets a constant, 0 by default.",
		Sigs: []Sig{{Decl: "(series: array, missing_value_placeholder?: number, fill_edges?: bool, constant_value?: number): dynamic"}},
		Eval: fillEval(1, (*filler).linear),
		Examples: []Example{
			{`series_fill_linear(dynamic([null,111,null,36,41,null]))`, `dynamic([111,111,73,36,41,41])`},
			{`series_fill_linear(dynamic([1.0,null,2.0,null]), real(null), false)`, `dynamic([1.0,1.5,2.0,null])`},
			{`series_fill_linear(dynamic([null,null]))`, `dynamic([0.0,0.0])`}, {`series_fill_linear(dynamic([null,null]), real(null), true, 3.5)`, `dynamic([3.5,3.5])`},
		},
	},
}

// filler fills the items of one row. items is the result.
type filler struct {
	c       *Call
	row     int
	items   []string
	missing []bool
	numbers series
}

// fillEval loads every row; argument at is the placeholder, if given.
func fillEval(at int, fill func(*filler)) Eval {
	return func(c *Call) {
		f := filler{c: c}
		c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
			text := c.json(0, i)
			if dynamic.KindOf(text) != dynamic.Array {
				return dst, false
			}
			placeholder := "null"
			if at < len(c.Args) {
				placeholder = numberText(c.Args[at], i)
			}
			f.row, f.items, f.missing = i, dynamic.AppendItems(f.items[:0], text), f.missing[:0]
			for _, item := range f.items {
				f.missing = append(f.missing, dynamic.Equal(item, placeholder))
			}
			fill(&f)
			return dynamic.AppendArray(dst, f.items), true
		})
	}
}

// numberText is a number as an item of a series.
func numberText(v *types.Vector, i int) string {
	switch {
	case v.IsNull(i):
		return "null"
	case v.Type == types.Decimal:
		return string(dynamic.AppendReal(nil, numberAt(v, i)))
	}
	return string(dynamic.AppendRow(nil, v, i))
}

// all fills every gap with one item.
func (f *filler) all(item string) {
	for k, missing := range f.missing {
		if missing {
			f.items[k] = item
		}
	}
}

func (f *filler) forward() {
	for k := 1; k < len(f.items); k++ {
		if f.missing[k] {
			f.items[k] = f.items[k-1]
		}
	}
}

func (f *filler) backward() {
	for k := len(f.items) - 2; k >= 0; k-- {
		if f.missing[k] {
			f.items[k] = f.items[k+1]
		}
	}
}

// linear goes from one present number to the next one.
func (f *filler) linear() {
	f.numbers.read(f.c.json(0, f.row))
	last := -1
	for k, missing := range f.missing {
		if missing || !f.numbers.valid[k] {
			continue
		}
		switch {
		case last >= 0:
			f.between(last, k)
		case f.edges():
			f.fill(0, k, f.items[k])
		}
		last = k
	}
	switch {
	case last < 0:
		f.all(f.constant())
	case f.edges():
		f.fill(last+1, len(f.items), f.items[last])
	}
}

// fill fills the gaps of [from, to) with one item.
func (f *filler) fill(from, to int, item string) {
	for k := from; k < to; k++ {
		if f.missing[k] {
			f.items[k] = item
		}
	}
}

// between fills the gaps between the numbers at from and to.
func (f *filler) between(from, to int) {
	lo, hi, n := f.numbers.reals[from], f.numbers.reals[to], float64(to-from)
	for k := from + 1; k < to; k++ {
		if !f.missing[k] {
			continue
		}
		at := float64(k - from)
		if f.numbers.whole {
			// Multiplied first, a step that is a whole number stays one.
			cut, _ := types.RealToLong(lo + (hi-lo)*at/n)
			f.items[k] = string(dynamic.AppendLong(nil, cut))
		} else {
			f.items[k] = string(dynamic.AppendReal(nil, lo+(hi-lo)*(at/n)))
		}
	}
}

// edges is argument 2, true by default.
func (f *filler) edges() bool {
	return len(f.c.Args) < 3 || f.c.Args[2].IsNull(f.row) || f.c.Args[2].Bools[f.row]
}

// constant is argument 3; the default is a 0 of the series' type.
func (f *filler) constant() string {
	if len(f.c.Args) > 3 {
		return numberText(f.c.Args[3], f.row)
	}
	return string(appendNumber(nil, f.numbers.whole, 0, 0))
}
