package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// seriesStatsRows describe a series by a bag of numbers.
var seriesStatsRows = []Spec{
	{
		Name: "series_stats_dynamic", Ref: "series-stats-dynamic-function",
		Doc:  "Least, greatest, average and spread of the items of a series, as a bag; null when an item is no finite number, unless these are to be ignored.",
		Sigs: []Sig{{Decl: "(series: array, ignore_nonfinite?: const bool): dynamic"}},
		Eval: statsEval,
		Examples: []Example{
			{`series_stats_dynamic(dynamic([1,2,3,4,5])).avg`, `dynamic(3.0)`},
			{`series_stats_dynamic(dynamic([2,4]))`, `dynamic({"min":2.0,"min_idx":0,"max":4.0,"max_idx":1,"avg":3.0,"stdev":1.4142135623730951,"variance":2.0,"sum":6.0,"len":2})`},
			{`series_stats_dynamic(dynamic([2,null,4]))`, `dynamic(null)`}, {`series_stats_dynamic(dynamic([2,null,4]), true).max_idx`, `dynamic(2)`},
		},
	},
	{
		Name: "series_fit_line_dynamic", Ref: "series-fit-line-dynamic-function",
		Doc:  "The straight line that fits a series best, as a bag: its slope, where it starts, its values, and how well it fits. Items stand at 1, 2, 3 …",
		Sigs: []Sig{{Decl: "(series: array): dynamic"}},
		Eval: fitLineEval,
		Examples: []Example{
			{`round(toreal(series_fit_line_dynamic(dynamic([1,3,2,4])).slope), 6)`, `0.8`},
			{`series_fit_line_dynamic(dynamic([1,2,4,8])).interception`, `dynamic(-2.0)`},
			{`series_fit_line_dynamic(dynamic([1,null,3]))`, `dynamic(null)`},
		},
	},
}

// seriesStats are the statistics of the numbers of a series.
type seriesStats struct {
	n              int
	min, max       float64
	minIdx, maxIdx int
	sum            float64
	mean, squares  float64 // running mean and sum of squares about it (Welford)
}

// stats is false when there is nothing to describe, or an item that is not
// finite and may not be ignored.
func (s *series) stats(ignore bool) (st seriesStats, ok bool) {
	for k, x := range s.reals {
		if !s.valid[k] || math.IsNaN(x) || math.IsInf(x, 0) {
			if !ignore {
				return st, false
			}
			continue
		}
		if st.n == 0 || x < st.min {
			st.min, st.minIdx = x, k
		}
		if st.n == 0 || x > st.max {
			st.max, st.maxIdx = x, k
		}
		st.n++
		st.sum += x
		d := x - st.mean
		st.mean += d / float64(st.n)
		st.squares += d * (x - st.mean)
	}
	return st, st.n > 0
}

// variance of a sample; of one item it is 0, as the aggregate variance has it.
func (st *seriesStats) variance() float64 {
	if st.n < 2 {
		return 0
	}
	return st.squares / float64(st.n-1)
}

func statsEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		s.load(c, 0, i)
		ignore := len(c.Args) > 1 && !c.Args[1].IsNull(i) && c.Args[1].Bools[i]
		st, ok := s.stats(ignore)
		if !ok {
			return dst, false
		}
		dst = dynamic.AppendReal(append(dst, `{"min":`...), st.min)
		dst = dynamic.AppendLong(append(dst, `,"min_idx":`...), int64(st.minIdx))
		dst = dynamic.AppendReal(append(dst, `,"max":`...), st.max)
		dst = dynamic.AppendLong(append(dst, `,"max_idx":`...), int64(st.maxIdx))
		dst = dynamic.AppendReal(append(dst, `,"avg":`...), st.sum/float64(st.n))
		dst = dynamic.AppendReal(append(dst, `,"stdev":`...), math.Sqrt(st.variance()))
		dst = dynamic.AppendReal(append(dst, `,"variance":`...), st.variance())
		dst = dynamic.AppendReal(append(dst, `,"sum":`...), st.sum)
		dst = dynamic.AppendLong(append(dst, `,"len":`...), int64(s.len()))
		return append(dst, '}'), true
	})
}

// line is a least-squares fit to items at 1, 2, 3 …
type line struct {
	slope, interception float64
	variance, rvariance float64 // of a sample: by n - 1 (the page's example)
}

// fitLine fits two numbers or more. Dividing by a root twice is how the
// recorded slope of 1, 2, 3, 4, 5 comes to 0.9999999999999999.
func fitLine(ys []float64) line {
	n := float64(len(ys))
	meanX, meanY := (n+1)/2, mean(ys)
	var xx, xy, yy, rr float64
	for k, y := range ys {
		dx, dy := float64(k+1)-meanX, y-meanY
		xx += dx * dx
		xy += dx * dy
		yy += dy * dy
	}
	var l line
	root := math.Sqrt(xx)
	l.slope = xy / root / root
	l.interception = meanY - l.slope*meanX
	for k, y := range ys {
		r := y - l.at(k)
		rr += r * r
	}
	l.variance, l.rvariance = yy/(n-1), rr/(n-1)
	return l
}

// at is the line's value for item k.
func (l *line) at(k int) float64 { return l.slope*float64(k+1) + l.interception }

func fitLineEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		s.load(c, 0, i)
		if s.len() < 2 || !s.allNumbers() {
			return dst, false
		}
		l := fitLine(s.reals)
		dst = dynamic.AppendReal(append(dst, `{"rsquare":`...), 1-l.rvariance/l.variance)
		dst = dynamic.AppendReal(append(dst, `,"slope":`...), l.slope)
		dst = dynamic.AppendReal(append(dst, `,"variance":`...), l.variance)
		dst = dynamic.AppendReal(append(dst, `,"rvariance":`...), l.rvariance)
		dst = dynamic.AppendReal(append(dst, `,"interception":`...), l.interception)
		dst = append(dst, `,"line_fit":`...)
		dst = appendSeries(dst, s.len(), func(dst []byte, k int) []byte {
			return dynamic.AppendReal(dst, l.at(k))
		})
		return append(dst, '}'), true
	})
}
