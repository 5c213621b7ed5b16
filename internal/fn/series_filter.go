package fn

import "errors"

// seriesFilterRows apply digital filters. Before its first item a series is 0
// (recorded: the differences of 5, 15, 10, 20 are 5, 10, -5, 10). An output
// item that depends on a null is null.
var seriesFilterRows = []Spec{
	{
		Name: "series_fir", Ref: "series-fir-function", Naming: NameFirstArg,
		Doc: "A finite impulse response filter: every item the sum of it and the items before it, weighted; centred, of as many items on both sides. " +
			"The weights are divided by their sum, unless one is negative or normalize is false. Of an even number of weights one more lies behind a centred item than ahead of it.",
		Sigs: []Sig{{Decl: "(series: array, filter: array, normalize?: bool, center?: bool): dynamic"}},
		Eval: firEval,
		Examples: []Example{
			{`series_fir(dynamic([5,15,10,20]), dynamic([1,-1]), false, false)`, `dynamic([5,10,-5,10])`}, {`series_fir(dynamic([2,4,8]), dynamic([1,1]))`, `dynamic([1.0,3.0,6.0])`},
			{`series_fir(dynamic([0,9,0]), dynamic([1,2,1]), false, true)`, `dynamic([9,18,9])`}, {`series_fir(dynamic([1,2]), dynamic([1,-1]), true)`, `dynamic(null)`},
		},
	},
	{
		Name: "series_iir", Ref: "series-iir-function", Naming: NameFirstArg,
		Doc:  "An infinite impulse response filter: the weighted sum of an item and those before it, less that of the outputs before it.",
		Sigs: []Sig{{Decl: "(series: array, numerators: array, denominators: array): dynamic"}},
		Eval: iirEval,
		Examples: []Example{
			{`series_iir(dynamic([1,2,3,4]), dynamic([1]), dynamic([1,-1]))`, `dynamic([1.0,3.0,6.0,10.0])`}, {`series_iir(dynamic([2,4]), dynamic([1]), dynamic([2]))`, `dynamic([1.0,2.0])`},
			{`series_iir(dynamic([1,null,3]), dynamic([1]), dynamic([1,-1]))`, `dynamic([1.0,null,null])`},
		},
	},
}

// maxTaps bounds the multiplications of one evaluation, about a second's.
const maxTaps = 1 << 30

var errTaps = errors.New("the series and filters of these rows are too long together; use shorter filters or fewer points")

// filtered is an output, item by item.
type filtered struct {
	longs []int64
	reals []float64
	valid []bool
}

func (f *filtered) reset() {
	f.longs, f.reals, f.valid = f.longs[:0], f.reals[:0], f.valid[:0]
}

func (f *filtered) add(n int64, r float64, ok bool) {
	f.longs, f.reals, f.valid = append(f.longs, n), append(f.reals, r), append(f.valid, ok)
}

func (f *filtered) append(dst []byte, whole bool) []byte {
	return appendSeries(dst, len(f.valid), func(dst []byte, k int) []byte {
		if !f.valid[k] {
			return appendNull(dst)
		}
		return appendNumber(dst, whole, f.longs[k], f.reals[k])
	})
}

// spend counts n times m multiplications; false means too many.
func (c *Call) spend(spent *int, n, m int) bool {
	if *spent += n * m; *spent > maxTaps {
		c.Err = errTaps
	}
	return c.Err == nil
}

func firEval(c *Call) {
	var s, weights series
	var out filtered
	spent := 0
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		s.load(c, 0, i)
		weights.load(c, 1, i)
		if !s.isArray || !weights.isArray || weights.len() == 0 || !weights.allNumbers() || !c.spend(&spent, s.len(), weights.len()) {
			return dst, false
		}
		negative, sum := false, 0.0
		for _, w := range weights.reals {
			negative = negative || w < 0
			sum += w
		}
		normalize := c.optionalBool(2, i, !negative)
		if normalize && negative {
			return dst, false // as the page says
		}
		lead := 0
		if c.optionalBool(3, i, false) {
			lead = (weights.len() - 1) / 2
		}
		if normalize {
			weights.whole = false
			for k := range weights.reals {
				weights.reals[k] /= sum
			}
		}
		out.reset()
		for k := range s.len() {
			out.add(s.tap(&weights, k+lead))
		}
		return out.append(dst, s.whole && weights.whole), true
	})
}

// optionalBool reads argument k of row i; null counts as not given.
func (c *Call) optionalBool(k, i int, otherwise bool) bool {
	if k >= len(c.Args) || c.Args[k].IsNull(i) {
		return otherwise
	}
	return c.Args[k].Bools[i]
}

// tap is the weighted sum of item k and those before it.
func (s *series) tap(weights *series, k int) (n int64, r float64, ok bool) {
	for j := max(0, k-s.len()+1); j < weights.len() && j <= k; j++ {
		if !s.valid[k-j] {
			return 0, 0, false
		}
		n += s.longs[k-j] * weights.longs[j]
		r += s.reals[k-j] * weights.reals[j]
	}
	return n, r, true
}

// iirEval: with numerators b and denominators a, output i is
// (b0 x[i] + b1 x[i-1] + … - a1 y[i-1] - a2 y[i-2] - …) / a0, always a real.
func iirEval(c *Call) {
	var s, b, a series
	var out filtered
	spent := 0
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		s.load(c, 0, i)
		b.load(c, 1, i)
		a.load(c, 2, i)
		usable := s.isArray && b.isArray && a.isArray && b.allNumbers() && a.allNumbers()
		if !usable || a.len() == 0 || a.reals[0] == 0 || !c.spend(&spent, s.len(), a.len()+b.len()) {
			return dst, false
		}
		out.reset()
		for k := range s.len() {
			_, sum, ok := s.tap(&b, k)
			for j := 1; ok && j < a.len() && j <= k; j++ {
				ok = out.valid[k-j]
				sum -= a.reals[j] * out.reals[k-j]
			}
			out.add(0, sum/a.reals[0], ok)
		}
		return out.append(dst, false), true
	})
}
