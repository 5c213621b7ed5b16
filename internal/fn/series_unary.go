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
	seriesUnaryRow("ceiling", "arg0", "The items rounded up to whole numbers.", wholeItems(sameLong, math.Ceil),
		Example{`series_ceiling(dynamic([-1.5,1,2.5]))`, `dynamic([-1.0,1.0,3.0])`}, Example{`series_ceiling(dynamic([1,null]))`, `dynamic([1,null])`}),
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
