package fn

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// seriesOutlierRows score what stands out.
var seriesOutlierRows = []Spec{
	{
		Name: "series_outliers", Ref: "series-outliers-function", Naming: NameFirstArg,
		Doc: "How far every item lies outside the usual range of its series, below it negative; beyond 1.5 it is an outlier. The range goes from the 10th to the 90th percentile (ctukey), " +
			"or from the 25th to the 75th (tukey). Nulls and the value to ignore score 0.",
		Sigs: []Sig{
			{Decl: "(series: array, kind?: string, ignore_val?: number): dynamic"},
			{Decl: "(series: array, kind: string, ignore_val: real, min_percentile: real, max_percentile?: real, test_points?: integer): dynamic"},
		},
		Eval: outliersEval,
		Examples: []Example{
			{`round(toreal(series_outliers(dynamic([-3,2.4,15,3.9,5,6,4.5,5.2,3,4,5,16,7,5,5,4]))[0]), 12)`, `-1.904078548361`},
			{`series_outliers(dynamic([0,4,5,6,7,8,9,10,30]), "tukey")[8]`, `dynamic(5.25)`},
			{`series_outliers(dynamic([5,null,5]))`, `dynamic([0.0,0.0,0.0])`},
		},
	},
}

// fence is a kind of Tukey's test: a range between two percentiles, and the
// factor that makes distances from it, counted in ranges, comparable with the
// test's own range of the middle half.
type fence struct {
	low, high float64
	factor    float64
}

// The factor of the range from 10 to 90 % comes out of recorded scores (all of
// them give the same, to the last digit but one); that of the test's own range
// is 1. How the factor follows from other percentiles is not known.
var fences = map[string]fence{
	"ctukey": {low: 0.10, high: 0.90, factor: 2.772605605507915},
	"tukey":  {low: 0.25, high: 0.75, factor: 1},
}

var errPercentiles = errors.New("series_outliers: percentiles other than 10 and 90 are not supported, nor are any with tukey")

func fenceOf(kind string) (fence, error) {
	f, ok := fences[kind]
	if !ok {
		return f, fmt.Errorf("'%s' is not a kind of outlier test; use ctukey or tukey", kind)
	}
	return f, nil
}

func outliersEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		kind := "ctukey"
		if len(c.Args) > 1 {
			kind = c.Args[1].Strings[i]
		}
		f, err := fenceOf(kind)
		if err == nil && !c.fenceIs(&f, i) {
			err = errPercentiles
		}
		if c.Err = err; err != nil {
			return dst, false
		}
		s.load(c, 0, i)
		if !s.isArray {
			return dst, false
		}
		if len(c.Args) > 2 && !c.Args[2].IsNull(i) {
			ignore := numberAt(c.Args[2], i)
			for k, x := range s.reals {
				s.valid[k] = s.valid[k] && x != ignore
			}
		}
		test := int64(0)
		if len(c.Args) > 5 && !c.Args[5].IsNull(i) {
			test = c.Args[5].Ints[i]
		}
		learn := s.len() - min(max(clampInt(test), 0), s.len())
		return appendReals(dst, f.scores(s.reals, s.valid, learn)), true
	})
}

// fenceIs reports percentiles that are not given, or are those of the fence.
func (c *Call) fenceIs(f *fence, i int) bool {
	for k, p := range []float64{f.low, f.high} {
		if at := k + 3; at < len(c.Args) && !c.Args[at].IsNull(i) && (numberAt(c.Args[at], i) != p*100 || f.factor == 1) {
			return false
		}
	}
	return true
}

// scores are those of all items; the range is that of the first learn ones.
// What is not valid scores 0.
func (f *fence) scores(xs []float64, valid []bool, learn int) []float64 {
	sorted := make([]float64, 0, learn)
	for k, x := range xs[:learn] {
		if valid[k] && !math.IsNaN(x) {
			sorted = append(sorted, x)
		}
	}
	out := make([]float64, len(xs))
	if len(sorted) == 0 {
		return out
	}
	slices.Sort(sorted)
	low, high := quantile(sorted, f.low), quantile(sorted, f.high)
	for k, x := range xs {
		switch {
		case !valid[k]:
		case x > high:
			out[k] = (x - high) / (high - low) * f.factor
		case x < low:
			out[k] = (x - low) / (high - low) * f.factor
		}
	}
	return out
}

// quantile interpolates between the items next to its place.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	k := int(at)
	if k+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[k] + (sorted[k+1]-sorted[k])*(at-float64(k))
}

// appendFlags writes the direction in which items leave the fence by more
// than a threshold.
func appendFlags(dst []byte, scores []float64, threshold float64) []byte {
	return appendSeries(dst, len(scores), func(dst []byte, k int) []byte {
		switch {
		case scores[k] > threshold:
			return dynamic.AppendLong(dst, 1)
		case scores[k] < -threshold:
			return dynamic.AppendLong(dst, -1)
		}
		return dynamic.AppendLong(dst, 0)
	})
}
