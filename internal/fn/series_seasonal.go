package fn

import (
	"errors"
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// seriesSeasonalRows find what repeats.
var seriesSeasonalRows = []Spec{
	{
		Name: "series_seasonal", Ref: "series-seasonal-function",
		Doc:      "The seasonal part of a series for a given period: for every item the median of the items that are whole periods away from it.",
		Sigs:     []Sig{{Decl: "(series: array, period: integer): dynamic"}},
		Eval:     seasonalEval,
		Examples: []Example{{`series_seasonal(dynamic([1,3,5,2,4,6]), 3)`, `dynamic([1.5,3.5,5.5,1.5,3.5,5.5])`}, {`series_seasonal(dynamic([1,3,5]), 0)`, `dynamic([0.0,0.0,0.0])`}},
	},
}

var errPeriod = errors.New("series_seasonal: finding the period (-1) is not supported; give the period in items, e.g. 24 for days of hours")

// seasonalEval: a period that is not positive has no season. -1 asks for a
// detection whose method is not documented, so it is refused.
func seasonalEval(c *Call) {
	var s series
	var bin []float64
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		s.load(c, 0, i)
		period := c.Args[1].Ints[i]
		if !s.isArray || c.Args[1].IsNull(i) {
			return dst, false
		}
		if period == -1 {
			c.Err = errPeriod
			return dst, false
		}
		p := min(clampInt(period), s.len())
		for first := range max(p, 0) {
			bin = bin[:0]
			for k := first; k < s.len(); k += p {
				if s.valid[k] {
					bin = append(bin, s.reals[k])
				}
			}
			if len(bin) > 0 {
				s.reals[first], s.valid[first] = median(bin), true
			}
		}
		return appendSeries(dst, s.len(), func(dst []byte, k int) []byte {
			switch {
			case p <= 0:
				return dynamic.AppendReal(dst, 0)
			case !s.valid[k%p]:
				return appendNull(dst)
			}
			return dynamic.AppendReal(dst, s.reals[k%p])
		}), true
	})
}

// median sorts xs, of which there is at least one.
func median(xs []float64) float64 {
	slices.Sort(xs)
	n := len(xs)
	if n%2 == 1 {
		return xs[n/2]
	}
	return (xs[n/2-1] + xs[n/2]) / 2
}
