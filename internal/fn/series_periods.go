package fn

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// seriesPeriodRows find after how many items a series repeats itself.
//
// How the engine scores periods is not published, so the method is our own.
// It agrees with what the pages print: the scores of 14 and 10 in the example
// of series_periods_detect and series_periods_validate, and which periods the
// examples of series_seasonal have. These numbers are few, and other methods
// that were tried agree with them as well: other scores may differ from the
// engine's, and so may the periods found. Every query that depends on it gets
// a warning.
var seriesPeriodRows = []Spec{
	{
		Name: "series_periods_detect", Ref: "series-periods-detect-function",
		Doc:     "The periods of a series between two lengths, the strongest first, and their scores from 0 to 1, a column each; 0 stands for those that are missing.",
		Sigs:    []Sig{{Decl: "(series: array, min_period: number, max_period: number, num_periods: long): dynamic"}},
		Columns: []ResultColumn{{"periods", types.Dynamic}, {"scores", types.Dynamic}},
		Caution: func([]ArgInfo) string { return scoreCaution },
		Eval:    periodsDetectEval,
		Examples: []Example{
			{`series_periods_detect(dynamic([1,2,3,4,1,2,3,4,1,2,3,4,1,2,3,4,1,2,3,4,1,2,3,4]), 0.0, 20.0, 2)`, `dynamic([4.0,0.0])`},
		},
	},
	{
		Name: "series_periods_validate", Ref: "series-periods-validate-function",
		Doc:      "Given periods of a series, and how strong each is, from 0 to 1, a column each.",
		Sigs:     []Sig{{Decl: "(series: array, period: number{1,16}): dynamic"}},
		Columns:  []ResultColumn{{"periods", types.Dynamic}, {"scores", types.Dynamic}},
		Caution:  func([]ArgInfo) string { return scoreCaution },
		Eval:     periodsValidateEval,
		Examples: []Example{{`series_periods_validate(dynamic([1,2,3,4,1,2,3,4,1,2,3,4]), 4, 5.0)`, `dynamic([4.0,5.0])`}},
	},
}

const (
	scoreCaution  = "how the engine scores periods is not published; it may find others, with other scores"
	periodCaution = scoreCaution + "; give the period to be sure"
)

// detects is the caution of a function whose argument k is a period, when that
// is to be found.
func detects(k int) func(args []ArgInfo) string {
	return func(args []ArgInfo) string {
		if k < len(args) && args[k].Const != nil && args[k].Const.I != -1 {
			return ""
		}
		return periodCaution
	}
}

// The lengths a period may have: minPeriod to half of the series.
const minPeriod = 4

// maxPeriods bounds the periods asked for.
const maxPeriods = 1 << 16

var (
	errPeriods   = errors.New("series_periods_detect: the number of periods must be from 1 to 65536")
	errPeriodArg = errors.New("the period must be -1 (to be found), 0 (none) or a number of items")
)

// cycle is a length after which a series is like itself.
type cycle struct {
	length int
	score  float64
}

// periodogram is what periods are read from: a series without trend and
// without outliers, and how like itself it is at every distance.
type periodogram struct {
	xs       []float64
	likeness []float64
	squares  float64
}

// newPeriodogram is nil for a series that is too short or does not vary.
func newPeriodogram(xs []float64) *periodogram {
	n := len(xs)
	if n < 2*minPeriod || n > maxSeries {
		return nil
	}
	p := &periodogram{xs: slices.Clone(xs)}
	// Far outliers would tilt the line.
	clip(p.xs, 0.25, 1.5)
	l := fitLine(p.xs)
	for k := range p.xs {
		p.xs[k] -= l.at(k)
	}
	clip(p.xs, 0.1, 0)
	m := mean(p.xs)
	for k := range p.xs {
		p.xs[k] -= m
		p.squares += p.xs[k] * p.xs[k]
	}
	// What the line leaves of a series on it is rounding.
	if !(p.squares > 1e-18*squaresAbout(xs)) || math.IsInf(p.squares, 0) {
		return nil
	}
	p.correlate()
	return p
}

// clip cuts what lies outside the range between a quantile and its opposite by
// more than so many ranges; where there is no range, nothing.
func clip(xs []float64, quantileAt, ranges float64) {
	sorted := slices.Sorted(slices.Values(xs))
	low, high := quantile(sorted, quantileAt), quantile(sorted, 1-quantileAt)
	reach := (high - low) * ranges
	if !(high > low) {
		return
	}
	for k, x := range xs {
		xs[k] = min(max(x, low-reach), high+reach)
	}
}

// correlate computes the autocorrelation as the inverse transform of the power
// of the frequencies, zeros appended so that the ends do not meet.
func (p *periodogram) correlate() {
	n := len(p.xs)
	size := 1
	for size < 2*n {
		size *= 2
	}
	f := make([]complex128, size)
	for k, x := range p.xs {
		f[k] = complex(x, 0)
	}
	f = transform(f, false)
	for k, x := range f {
		f[k] = complex(real(x)*real(x)+imag(x)*imag(x), 0)
	}
	f = transform(f, true)
	p.likeness = make([]float64, n)
	for k := range p.likeness {
		p.likeness[k] = real(f[k]) / p.squares
	}
}

// isPeak reports a distance at which the series is more like itself than at
// any other within a quarter of it, and more than chance explains.
func (p *periodogram) isPeak(at int) bool {
	if at < minPeriod || at > len(p.xs)/2 || p.likeness[at] <= 2/math.Sqrt(float64(len(p.xs))) {
		return false
	}
	for k := 1; k <= at/4; k++ { // outwards: most places fail at once
		if p.likeness[at-k] > p.likeness[at] || p.likeness[at+k] > p.likeness[at] {
			return false
		}
	}
	return true
}

// score is the part of the variance that the means of the period's places
// explain, less for a period that the series holds only a few times.
func (p *periodogram) score(length int) float64 {
	n, explained := len(p.xs), 0.0
	for first := range length {
		sum, count := 0.0, 0.0
		for k := first; k < n; k += length {
			sum += p.xs[k]
			count++
		}
		explained += sum * sum / count
	}
	return min(explained/p.squares, 1) * math.Sqrt(float64(n-length)/float64(n))
}

// periods lists those from low to high, the strongest first. A multiple of a
// stronger period is the same one again.
func (p *periodogram) periods(low, high float64) []cycle {
	var found []cycle
	for at := minPeriod; at <= len(p.xs)/2; at++ {
		if float64(at) >= low && float64(at) <= high && p.isPeak(at) {
			found = append(found, cycle{at, p.score(at)})
		}
	}
	slices.SortStableFunc(found, func(a, b cycle) int { return cmp.Compare(b.score, a.score) })
	var kept []cycle
	for _, f := range found {
		if !slices.ContainsFunc(kept, func(k cycle) bool { return f.length%k.length == 0 }) {
			kept = append(kept, f)
		}
	}
	return kept
}

// seasonPeriod is the period an argument asks for: 0 for none, -1 for the
// strongest with at least the given score. ok is false for one that the items
// to learn from do not hold.
func (c *Call) seasonPeriod(xs []float64, asked int64, threshold float64) (length int, ok bool) {
	switch {
	case asked < -1:
		c.Err = errPeriodArg
		return 0, false
	case asked >= 0:
		return clampInt(asked), asked <= int64(len(xs))
	}
	if p := newPeriodogram(xs); p != nil {
		if found := p.periods(0, math.Inf(1)); len(found) > 0 && found[0].score >= threshold {
			return found[0].length, true
		}
	}
	return 0, true
}

// loadNumbers reads a series all of whose items are numbers.
func (s *series) loadNumbers(c *Call, k, i int) bool {
	s.load(c, k, i)
	return s.isArray && s.allNumbers()
}

func periodsDetectEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		if c.Args[1].IsNull(i) || c.Args[2].IsNull(i) || c.Args[3].IsNull(i) || !s.loadNumbers(c, 0, i) {
			return dst, false
		}
		n := c.Args[3].Ints[i]
		if n < 1 || n > maxPeriods {
			c.Err = errPeriods
			return dst, false
		}
		var found []cycle
		if p := newPeriodogram(s.reals); p != nil {
			found = p.periods(numberAt(c.Args[1], i), numberAt(c.Args[2], i))
		}
		found = append(found, make([]cycle, n)...)[:n]
		return appendPeriods(dst, found), true
	})
}

func periodsValidateEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		if !s.loadNumbers(c, 0, i) {
			return dst, false
		}
		p := newPeriodogram(s.reals)
		lengths, scores := make([]float64, len(c.Args)-1), make([]float64, len(c.Args)-1)
		for k, arg := range c.Args[1:] {
			if arg.IsNull(i) {
				return dst, false
			}
			lengths[k] = numberAt(arg, i)
			if at := math.Round(lengths[k]); p != nil && at >= minPeriod && at <= float64(len(p.xs)/2) && p.isPeak(int(at)) {
				scores[k] = p.score(int(at))
			}
		}
		dst = appendReals(append(dst, '['), lengths)
		dst = appendReals(append(dst, ','), scores)
		return append(dst, ']'), true
	})
}

func appendPeriods(dst []byte, found []cycle) []byte {
	dst = appendSeries(append(dst, '['), len(found), func(dst []byte, k int) []byte { return dynamic.AppendReal(dst, float64(found[k].length)) })
	dst = appendSeries(append(dst, ','), len(found), func(dst []byte, k int) []byte { return dynamic.AppendReal(dst, found[k].score) })
	return append(dst, ']')
}
