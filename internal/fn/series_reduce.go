package fn

import "math"

// seriesReduceRows compute one real of one or two series.
var seriesReduceRows = []Spec{
	{
		Name: "series_sum", Ref: "series-sum-function", Doc: "The sum of the numbers in a series; null when there are none.",
		Sigs: []Sig{{Decl: "(series: array): real"}}, Eval: seriesReals(foldSeries(0, addReal)),
		Examples: []Example{{`series_sum(dynamic([1,2,3,4]))`, `10.0`}, {`series_sum(dynamic([1,null,3]))`, `4.0`}, {`series_sum(dynamic([]))`, `real(null)`}},
	},
	{
		Name: "series_product", Ref: "series-product-function", Doc: "The product of the numbers in a series; null when there are none.",
		Sigs: []Sig{{Decl: "(series: array): real"}}, Eval: seriesReals(foldSeries(1, multiplyReal)),
		Examples: []Example{{`series_product(dynamic([1,2,3,4]))`, `24.0`}, {`series_product(dynamic([0.5,8]))`, `4.0`}, {`series_product(dynamic({}))`, `real(null)`}},
	},
	{
		Name: "series_dot_product", Ref: "series-dot-product-function",
		Doc: "The sum of the products of the items of two series, up to the end of the shorter one; what is no number is left out.",
		Sigs: []Sig{
			{Decl: "(series1: array, series2: array): real"},
			{Decl: "(series1: array, series2: number): real"},
			{Decl: "(series1: number, series2: array): real"},
		},
		Eval: seriesReals(dotSeries),
		Examples: []Example{
			{`series_dot_product(dynamic([1,2,4]), dynamic([4,2,1]))`, `12.0`}, {`series_dot_product(dynamic([1,2,4]), 2)`, `14.0`},
			{`series_dot_product(dynamic([1,2,4]), dynamic([3,null]))`, `3.0`},
		},
	},
	{
		Name: "series_magnitude", Ref: "series-magnitude-function", Doc: "The square root of the sum of the squares of the numbers in a series.",
		Sigs: []Sig{{Decl: "(series: array): real"}},
		Eval: seriesReals(func(_ *Call, _ int, a, _ *series) (float64, bool) {
			return a.magnitude(a.len()), true
		}),
		Examples: []Example{{`series_magnitude(dynamic([3,4]))`, `5.0`}, {`series_magnitude(dynamic([1,1,1,1]))`, `2.0`}},
	},
	{
		Name: "series_cosine_similarity", Ref: "series-cosine-similarity-function",
		Doc:  "The cosine of the angle between two series as vectors, up to the end of the shorter one. Magnitudes known before may be given.",
		Sigs: []Sig{{Decl: "(series1: array, series2: array, series1_magnitude?: real, series2_magnitude?: real): real"}},
		Eval: seriesReals(cosineSeries),
		Examples: []Example{
			{`series_cosine_similarity(dynamic([1,0]), dynamic([3,4]))`, `0.6`}, {`series_cosine_similarity(dynamic([1,0]), dynamic([0,1]))`, `0.0`},
			{`series_cosine_similarity(dynamic([1,0]), dynamic([3,4]), 1, 5)`, `0.6`},
		},
	},
	{
		Name: "series_pearson_correlation", Ref: "series-pearson-correlation-function",
		Doc:  "The Pearson correlation coefficient of two series; null unless both have as many items, all of them numbers.",
		Sigs: []Sig{{Decl: "(series1: array, series2: array): real"}},
		Eval: seriesReals(correlateSeries),
		Examples: []Example{
			{`series_pearson_correlation(dynamic([1,2,3,4,5]), dynamic([2,4,6,8,10])) > 0.999999`, `true`},
			{`series_pearson_correlation(dynamic([1,2,1,2]), dynamic([1,1,2,2]))`, `0.0`}, {`series_pearson_correlation(dynamic([1,2]), dynamic([1,2,3]))`, `real(null)`},
		},
	},
}

// foldSeries combines the numbers of a series. Recorded for the old name
// array_sum: nulls are left out, and of no number there is no sum.
func foldSeries(start float64, op func(a, b float64) float64) func(*Call, int, *series, *series) (float64, bool) {
	return func(_ *Call, _ int, s, _ *series) (float64, bool) {
		r, any := start, false
		for k, ok := range s.valid {
			if ok {
				r, any = op(r, s.reals[k]), true
			}
		}
		return r, any
	}
}

func dotSeries(_ *Call, _ int, a, b *series) (float64, bool) {
	if b.repeats && !b.valid[0] || a.repeats && !a.valid[0] {
		return 0, false
	}
	sum := 0.0
	for k := range commonLen(a, b) {
		x, ok := a.at(k)
		y, ok2 := b.at(k)
		if ok && ok2 {
			sum += a.reals[x] * b.reals[y]
		}
	}
	return sum, true
}

// commonLen is the length of the shorter series; a number has no length.
func commonLen(a, b *series) int {
	switch {
	case a.repeats:
		return b.len()
	case b.repeats:
		return a.len()
	}
	return min(a.len(), b.len())
}

// magnitude is that of the first n items.
func (s *series) magnitude(n int) float64 {
	sum := 0.0
	for k, ok := range s.valid[:n] {
		if ok {
			sum += s.reals[k] * s.reals[k]
		}
	}
	return math.Sqrt(sum)
}

// cosineSeries: a magnitude that is null counts as not given.
func cosineSeries(c *Call, i int, a, b *series) (float64, bool) {
	n := commonLen(a, b)
	dot, _ := dotSeries(c, i, a, b)
	magnitudes := [2]float64{}
	for k, s := range []*series{a, b} {
		if at := k + 2; at < len(c.Args) && !c.Args[at].IsNull(i) {
			magnitudes[k] = c.Args[at].Floats[i]
		} else {
			magnitudes[k] = s.magnitude(n)
		}
	}
	return dot / (magnitudes[0] * magnitudes[1]), true
}

// correlateSeries divides by the product of two roots, not by the root of the
// product: recorded, the correlation of 1, 2, 3, 4, 5 and its doubles is
// 0.9999999999999998, of 0, 0, 5 with itself 1.0000000000000002.
func correlateSeries(_ *Call, _ int, a, b *series) (float64, bool) {
	if a.len() != b.len() || !a.allNumbers() || !b.allNumbers() {
		return 0, false
	}
	meanX, meanY := mean(a.reals), mean(b.reals)
	var xx, yy, xy float64
	for k, x := range a.reals {
		dx, dy := x-meanX, b.reals[k]-meanY
		xx += dx * dx
		yy += dy * dy
		xy += dx * dy
	}
	return xy / (math.Sqrt(xx) * math.Sqrt(yy)), true
}

// mean of no numbers is NaN.
func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
