package fn

import (
	"errors"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// seriesFitRows fit more than one straight line.
var seriesFitRows = []Spec{
	{
		Name: "series_fit_2lines_dynamic", Ref: "series-fit-2lines-dynamic-function",
		Doc:  "The two straight lines that fit a series best when it is cut in two, as a bag. split_idx is the first item of the right line; each line counts its own items from 1.",
		Sigs: []Sig{{Decl: "(series: array): dynamic"}},
		Eval: fitTwoLinesEval,
		Examples: []Example{
			{`series_fit_2lines_dynamic(dynamic([1,2.2,2.5,4.7,5.0,12,10.3,10.3,9,8.3,6.2])).split_idx`, `dynamic(5)`},
			{`round(toreal(series_fit_2lines_dynamic(dynamic([1,2.2,2.5,4.7,5.0,12,10.3,10.3,9,8.3,6.2])).line_fit[5]), 3)`, `11.943`},
			{`series_fit_2lines_dynamic(dynamic([1,2,3]))`, `dynamic(null)`},
		},
	},
	{
		Name: "series_fit_poly", Ref: "series-fit-poly-function",
		Doc: "The polynomial that fits a series best, of degree 1 unless told, in columns: how well it fits, its coefficients from the highest power down, its values. " +
			"Items stand at 1, 2, 3 … or where a second series says.",
		Sigs: []Sig{{Decl: "(y_series: array, x_series?: array, degree?: int): dynamic"}},
		Columns: []ResultColumn{{"rsquare", types.Real}, {"coefficients", types.Dynamic}, {"variance", types.Real}, {"rvariance", types.Real},
			{"poly_fit", types.Dynamic}},
		Eval:     fitPolyEval,
		Examples: []Example{{`series_fit_poly(dynamic([1,2,4,8]))`, `0.92`}},
	},
}

// minSplit is the least number of items a line is fitted to.
const minSplit = 2

// cut is where two lines leave the least sum of squares, each of them fitted
// to minSplit items or more; the first of equally good places. Sums over the
// items before a place, about their common mean, give each candidate's sum.
func cut(ys []float64) int {
	n, m := len(ys), mean(ys)
	sums := make([]struct{ y, xy, yy float64 }, n+1)
	for k, y := range ys {
		y -= m
		s := sums[k]
		s.y, s.xy, s.yy = s.y+y, s.xy+float64(k)*y, s.yy+y*y
		sums[k+1] = s
	}
	residue := func(from, to int) float64 {
		size := float64(to - from)
		y := sums[to].y - sums[from].y
		middle := float64(from+to-1) / 2
		xy := sums[to].xy - sums[from].xy - middle*y
		xx := size * (size*size - 1) / 12
		return max(0, sums[to].yy-sums[from].yy-y*y/size-xy*xy/xx)
	}
	best, at := math.Inf(1), minSplit
	// What is nearer than this is rounding.
	near := 1e-12 * sums[n].yy
	for k := minSplit; k <= n-minSplit; k++ {
		if r := residue(0, k) + residue(k, n); r < best-near {
			best, at = r, k
		}
	}
	return at
}

func fitTwoLinesEval(c *Call) {
	var s series
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		s.load(c, 0, i)
		if s.len() < 2*minSplit || !s.allNumbers() {
			return dst, false
		}
		at := cut(s.reals)
		left, right := fitLine(s.reals[:at]), fitLine(s.reals[at:])
		n := float64(s.len())
		variance := squaresAbout(s.reals) / (n - 1)
		rvariance := (left.rvariance*float64(at-1) + right.rvariance*(n-float64(at)-1)) / (n - 1)
		dst = dynamic.AppendReal(append(dst, `{"rsquare":`...), 1-rvariance/variance)
		dst = dynamic.AppendLong(append(dst, `,"split_idx":`...), int64(at))
		dst = dynamic.AppendReal(append(dst, `,"variance":`...), variance)
		dst = dynamic.AppendReal(append(dst, `,"rvariance":`...), rvariance)
		dst = appendSeries(append(dst, `,"line_fit":`...), s.len(), func(dst []byte, k int) []byte {
			if k < at {
				return dynamic.AppendReal(dst, left.at(k))
			}
			return dynamic.AppendReal(dst, right.at(k-at))
		})
		dst = right.append(append(dst, `,"right":`...))
		dst = left.append(append(dst, `,"left":`...))
		return append(dst, '}'), true
	})
}

// append writes a line as one of two.
func (l *line) append(dst []byte) []byte {
	dst = dynamic.AppendReal(append(dst, `{"rsquare":`...), 1-l.rvariance/l.variance)
	dst = dynamic.AppendReal(append(dst, `,"slope":`...), l.slope)
	dst = dynamic.AppendReal(append(dst, `,"interception":`...), l.interception)
	dst = dynamic.AppendReal(append(dst, `,"variance":`...), l.variance)
	dst = dynamic.AppendReal(append(dst, `,"rvariance":`...), l.rvariance)
	return append(dst, '}')
}

// squaresAbout is the sum of squares about the mean.
func squaresAbout(xs []float64) float64 {
	m, sum := mean(xs), 0.0
	for _, x := range xs {
		sum += (x - m) * (x - m)
	}
	return sum
}

// maxDegree bounds polynomials: powers beyond it are past what reals tell
// apart.
const maxDegree = 64

var errDegree = errors.New("series_fit_poly: the degree must be from 1 to 64")

func fitPolyEval(c *Call) {
	var y, x series
	spent := 0
	c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
		degree := int64(1)
		if len(c.Args) > 2 && !c.Args[2].IsNull(i) {
			degree = c.Args[2].Ints[i]
		}
		if degree < 1 || degree > maxDegree {
			c.Err = errDegree
			return dst, false
		}
		y.load(c, 0, i)
		if len(c.Args) > 1 {
			x.load(c, 1, i)
		} else {
			x.reset()
			for k := range y.len() {
				x.add(0, float64(k+1), true)
			}
			x.isArray = true
		}
		terms := int(degree) + 1
		if !y.isArray || !x.isArray || y.len() != x.len() || y.len() < terms || !y.allNumbers() || !x.allNumbers() ||
			!c.spend(&spent, y.len(), terms*terms) {
			return dst, false
		}
		p := fitPoly(x.reals, y.reals, terms)
		fitted := make([]float64, y.len())
		residues := 0.0
		for k := range fitted {
			fitted[k] = evaluatePoly(p, x.reals[k])
			residues += (y.reals[k] - fitted[k]) * (y.reals[k] - fitted[k])
		}
		n := float64(y.len() - 1)
		variance, rvariance := squaresAbout(y.reals)/n, residues/n
		dst = dynamic.AppendReal(append(dst, '['), 1-rvariance/variance)
		dst = appendReals(append(dst, ','), p)
		dst = dynamic.AppendReal(append(dst, ','), variance)
		dst = dynamic.AppendReal(append(dst, ','), rvariance)
		dst = appendReals(append(dst, ','), fitted)
		return append(dst, ']'), true
	})
}

func appendReals(dst []byte, xs []float64) []byte {
	return appendSeries(dst, len(xs), func(dst []byte, k int) []byte { return dynamic.AppendReal(dst, xs[k]) })
}

// evaluatePoly: coefficients come from the highest power down.
func evaluatePoly(p []float64, x float64) float64 {
	r := 0.0
	for _, a := range p {
		r = r*x + a
	}
	return r
}

// fitPoly solves the least squares of y over powers of x by orthogonalizing
// the powers twice, which keeps what a single pass loses to rounding.
func fitPoly(x, y []float64, terms int) []float64 {
	columns := make([][]float64, terms)
	r := make([][]float64, terms)
	power := slices.Repeat([]float64{1}, len(x))
	for j := range terms {
		columns[j], r[j] = slices.Clone(power), make([]float64, terms)
		for pass := 0; pass < 2; pass++ {
			for k := range j {
				d := dot(columns[k], columns[j])
				r[k][j] += d
				for i := range columns[j] {
					columns[j][i] -= d * columns[k][i]
				}
			}
		}
		size := math.Sqrt(dot(columns[j], columns[j]))
		r[j][j] = size
		for i := range columns[j] {
			columns[j][i] /= size
			power[i] *= x[i]
		}
	}
	p := make([]float64, terms)
	for j := terms - 1; j >= 0; j-- {
		sum := dot(columns[j], y)
		for k := j + 1; k < terms; k++ {
			sum -= r[j][k] * p[terms-1-k]
		}
		p[terms-1-j] = sum / r[j][j]
	}
	return p
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
