package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// seriesUnaryRows apply a function of one number to every item of a series.
// An item that is no number, and one for which the function has no value,
// gives null, as the function of the same name does on its own.
var seriesUnaryRows = []Spec{
	seriesUnaryRow("abs", "arg0", "The magnitudes of the items.", wholeItems(func(n int64) int64 { return max(n, -n) }, math.Abs),
		Example{`series_abs(dynamic([-6.5,0,8.2]))`, `dynamic([6.5,0.0,8.2])`}, Example{`series_abs(dynamic([-6,null,"a"]))`, `dynamic([6,null,null])`}),
	seriesUnaryRow("acos", "dynamic", "The angles in radians whose cosines are the items.", realItems(arcOf(math.Acos)),
		Example{`series_acos(dynamic([-1,0,1]))`, `dynamic([3.141592653589793,1.5707963267948966,0.0])`}, Example{`series_acos(dynamic([2]))`, `dynamic([null])`}),
	seriesUnaryRow("asin", "dynamic", "The angles in radians whose sines are the items.", realItems(arcOf(math.Asin)),
		Example{`series_asin(dynamic([-1,0,1]))`, `dynamic([-1.5707963267948966,0.0,1.5707963267948966])`}, Example{`series_asin(dynamic([2]))`, `dynamic([null])`}),
	seriesUnaryRow("atan", "dynamic", "The angles in radians whose tangents are the items.", realItems(Always(math.Atan)),
		Example{`series_atan(dynamic([-1,0,1]))`, `dynamic([-0.7853981633974483,0.0,0.7853981633974483])`}),
	seriesUnaryRow("ceiling", "arg0", "The items rounded up to whole numbers.", wholeItems(sameLong, math.Ceil),
		Example{`series_ceiling(dynamic([-1.5,1,2.5]))`, `dynamic([-1.0,1.0,3.0])`}, Example{`series_ceiling(dynamic([1,null]))`, `dynamic([1,null])`}),
	seriesUnaryRow("cos", "dynamic", "The cosines of the items, angles in radians.", realItems(Always(math.Cos)),
		Example{`series_cos(dynamic([-1,0,1]))`, `dynamic([0.5403023058681398,1.0,0.5403023058681398])`}),
	seriesUnaryRow("exp", "dynamic", "e raised to the powers of the items.", realItems(Always(math.Exp)),
		Example{`series_exp(dynamic([0,null]))`, `dynamic([1.0,null])`}, Example{`series_exp(dynamic([1]))`, `dynamic([2.718281828459045])`}),
	seriesUnaryRow("floor", "dynamic", "The items rounded down to whole numbers.", wholeItems(sameLong, math.Floor),
		Example{`series_floor(dynamic([-1.5,1,2.5]))`, `dynamic([-2.0,1.0,2.0])`}, Example{`series_floor(dynamic([1,null]))`, `dynamic([1,null])`}),
	seriesUnaryRow("log", "dynamic", "The natural logarithms of the items.", realItems(logOf(math.Log)),
		Example{`series_log(dynamic([1,-1]))`, `dynamic([0.0,null])`}, Example{`series_log(dynamic([0]))`, `dynamic(["-Infinity"])`}),
	seriesUnaryRow("sign", "dynamic", "-1, 0 or 1 for every item, as it is negative, zero or positive.", wholeItems(signLong, sign),
		Example{`series_sign(dynamic([-6,0,8]))`, `dynamic([-1,0,1])`}, Example{`series_sign(dynamic([-6.5,0]))`, `dynamic([-1.0,0.0])`}),
	seriesUnaryRow("sin", "dynamic", "The sines of the items, angles in radians.", realItems(Always(math.Sin)),
		Example{`series_sin(dynamic([-1,0,1]))`, `dynamic([-0.8414709848078965,0.0,0.8414709848078965])`}),
	seriesUnaryRow("tan", "dynamic", "The tangents of the items, angles in radians.", realItems(Always(math.Tan)),
		Example{`series_tan(dynamic([0,null]))`, `dynamic([0.0,null])`}),
}

// oneItem appends the result for item k of s, a number.
type oneItem func(dst []byte, s *series, k int) []byte

func seriesUnaryRow(name, result, doc string, item oneItem, examples ...Example) Spec {
	return Spec{
		Name: "series_" + name, Ref: "series-" + name + "-function", Doc: doc, Examples: examples,
		Sigs: []Sig{{Decl: "(series: array): " + result}},
		Eval: func(c *Call) {
			var s series
			c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
				s.load(c, 0, i)
				return appendSeries(dst, s.len(), func(dst []byte, k int) []byte {
					if !s.valid[k] {
						return appendNull(dst)
					}
					return item(dst, &s, k)
				}), s.isArray
			})
		},
	}
}

// wholeItems gives longs for a series of longs and reals otherwise.
func wholeItems(whole func(int64) int64, real func(float64) float64) oneItem {
	return func(dst []byte, s *series, k int) []byte {
		if s.whole {
			return dynamic.AppendLong(dst, whole(s.longs[k]))
		}
		return dynamic.AppendReal(dst, real(s.reals[k]))
	}
}

func realItems(f func(float64) (float64, bool)) oneItem {
	return func(dst []byte, s *series, k int) []byte {
		r, ok := f(s.reals[k])
		if !ok {
			return appendNull(dst)
		}
		return dynamic.AppendReal(dst, r)
	}
}

func sameLong(n int64) int64 { return n }

func signLong(n int64) int64 {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}
