package fn

import (
	"errors"
	"fmt"
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// makeSeriesRows lay the values of make-series along its axis. No query names
// them, and they only stand where an aggregate may: bins (and values) are
// collected into lists, the other arguments need no row.
//
// A series starts at from, or else at the group's first bin; it ends before
// to (with to itself when inclusive), or else with the group's last bin.
var makeSeriesRows = []Spec{
	{
		Name: "__series_values", Hidden: true, Ref: "make-series-operator", Vol: PerRow,
		Doc:  "The values of a group's bins in the order of the axis, a default where there is no bin.",
		Sigs: []Sig{{Decl: "(bin: orderable, from: orderable, to: orderable, step: orderable, inclusive: bool, value: scalar, default: scalar): dynamic"}},
		Eval: seriesValuesEval, DuckDB: SQL{Build: seriesListsSQL("__series_values")},
	},
	{
		Name: "__series_axis", Hidden: true, Ref: "make-series-operator", Vol: PerRow,
		Doc:  "The bins of a series, those without rows too.",
		Sigs: []Sig{{Decl: "(bin: orderable, from: orderable, to: orderable, step: orderable, inclusive: bool): dynamic"}},
		Eval: seriesAxisEval, DuckDB: SQL{Build: seriesListsSQL("__series_axis")},
	},
}

// maxSeries is how many items make-series puts into one array.
const maxSeries = 1 << 20

var (
	errSeriesStep = errors.New("make-series: the step must be greater than 0")
	errSeriesLong = fmt.Errorf("make-series: a series would have more than %d items; take a larger step or a shorter range", maxSeries)
)

// seriesListsSQL collects bins and values and hands the rest over as it is.
func seriesListsSQL(name string) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		if b.Native == nil {
			return sqlx.Expr{}, false
		}
		args := append([]Arg{}, b.Args...)
		for i, a := range args {
			if i == 0 || i == 5 {
				a.SQL = sqlx.Raw(sqlx.Atom, "list("+a.SQL.Text+")")
				a.Type, a.Nullable, a.Const = a.Type.List(), true, nil
				args[i] = a
			}
		}
		return b.Native(name, b.Result, args...)
	}
}

// seriesAxis is the axis of one group: n bins from first on. Whole numbers
// and ticks are in longs, reals in reals.
type seriesAxis struct {
	n                   int
	real                bool
	first, step         int64
	firstReal, stepReal float64
	bins                aggItems
}

// axis finds the axis of group g; false when there is none, or Err was set.
func (c *Call) axis(g int, a *seriesAxis) bool {
	if !c.Args[0].Type.IsList() {
		c.Err = errNoLists
		return false
	}
	step := c.Args[3]
	*a = seriesAxis{bins: c.groupItems(0, g), real: c.Args[0].Type.Elem() == types.Real}
	if step.IsNull(g) || (a.bins.from == a.bins.to && c.Args[1].IsNull(g)) {
		return false
	}
	inclusive := c.Args[4].Bools[g]
	if a.real {
		return c.realAxis(g, a, inclusive)
	}
	return c.wholeAxis(g, a, inclusive)
}

func (c *Call) wholeAxis(g int, a *seriesAxis, inclusive bool) bool {
	if a.step = c.Args[3].Ints[g]; a.step <= 0 {
		c.Err = errSeriesStep
		return false
	}
	last := int64(math.MinInt64)
	a.first = math.MaxInt64
	for i := a.bins.from; i < a.bins.to; i++ {
		a.first, last = min(a.first, a.bins.Ints[i]), max(last, a.bins.Ints[i])
	}
	if !c.Args[1].IsNull(g) {
		a.first = c.Args[1].Ints[g]
	}
	if !c.Args[2].IsNull(g) {
		if last = c.Args[2].Ints[g]; !inclusive {
			if last == math.MinInt64 {
				return true
			}
			last--
		}
	}
	if last < a.first {
		return true
	}
	// The distance of two longs always fits an unsigned one.
	n := (uint64(last) - uint64(a.first)) / uint64(a.step)
	if n >= maxSeries {
		c.Err = errSeriesLong
		return false
	}
	a.n = int(n) + 1
	return true
}

func (c *Call) realAxis(g int, a *seriesAxis, inclusive bool) bool {
	if a.stepReal = c.Args[3].Floats[g]; !(a.stepReal > 0) {
		c.Err = errSeriesStep
		return false
	}
	last := math.Inf(-1)
	a.firstReal = math.Inf(1)
	for i := a.bins.from; i < a.bins.to; i++ {
		if x := a.bins.Floats[i]; !math.IsNaN(x) {
			a.firstReal, last = min(a.firstReal, x), max(last, x)
		}
	}
	if !c.Args[1].IsNull(g) {
		a.firstReal = c.Args[1].Floats[g]
	}
	open := false
	if !c.Args[2].IsNull(g) {
		last, open = c.Args[2].Floats[g], !inclusive
	}
	if !(last >= a.firstReal) {
		return true
	}
	n := math.Floor((last - a.firstReal) / a.stepReal)
	if !(n < maxSeries+1) {
		c.Err = errSeriesLong
		return false
	}
	// The division may be off by one: what is written decides.
	for a.n = max(int(n)-1, 0); ; a.n++ {
		if x := a.firstReal + float64(a.n)*a.stepReal; x > last || open && x == last {
			break
		}
		if a.n >= maxSeries {
			c.Err = errSeriesLong
			return false
		}
	}
	return true
}

// place is where the bin in row i of the bins stands on the axis.
func (a *seriesAxis) place(i int) (int, bool) {
	if a.real {
		k := math.Round((a.bins.Floats[i] - a.firstReal) / a.stepReal)
		if !(k >= 0 && k < float64(a.n)) {
			return 0, false
		}
		return int(k), true
	}
	bin := a.bins.Ints[i]
	if bin < a.first {
		return 0, false
	}
	k := (uint64(bin) - uint64(a.first)) / uint64(a.step)
	return int(k), k < uint64(a.n)
}

func seriesValuesEval(c *Call) {
	var a seriesAxis
	var rows []int
	var buf, fill []byte
	total := 0
	for g := range c.N {
		if !c.axis(g, &a) {
			if c.Err != nil {
				return
			}
			c.Out.SetNull(g)
			continue
		}
		rows = rows[:0]
		for range a.n {
			rows = append(rows, -1)
		}
		values := c.groupItems(5, g)
		for i := a.bins.from; i < a.bins.to; i++ {
			if k, ok := a.place(i); ok {
				rows[k] = values.from + i - a.bins.from
			}
		}
		fill = dynamic.AppendRow(fill[:0], c.Args[6], g)
		buf = appendSeries(buf[:0], a.n, func(dst []byte, k int) []byte {
			if rows[k] < 0 {
				return append(dst, fill...)
			}
			return dynamic.AppendRow(dst, values.Vector, rows[k])
		})
		if !c.setMade("make-series", g, buf, &total) {
			return
		}
	}
}

func seriesAxisEval(c *Call) {
	var a, last seriesAxis
	var buf []byte
	text, total := "", 0
	one := types.NewVector(c.Args[0].Type.Elem(), 1)
	for g := range c.N {
		if !c.axis(g, &a) {
			if c.Err != nil {
				return
			}
			c.Out.SetNull(g)
			continue
		}
		// Most series share one axis, and then one text.
		if text == "" || a.n != last.n || a.first != last.first || a.step != last.step || a.firstReal != last.firstReal || a.stepReal != last.stepReal {
			buf = appendSeries(buf[:0], a.n, func(dst []byte, k int) []byte {
				if a.real {
					return dynamic.AppendReal(dst, a.firstReal+float64(k)*a.stepReal)
				}
				one.Ints[0] = a.first + int64(k)*a.step
				return dynamic.AppendRow(dst, one, 0)
			})
			if !c.setMade("make-series", g, buf, &total) {
				return
			}
			text, last = c.Out.Strings[g], a
			continue
		}
		c.Out.Strings[g] = text
	}
}
