package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// seriesPairRows work on two series item by item. A null, and an item that
// only the longer series has, give null. A number in place of a series meets
// every item of the other.
var seriesPairRows = []Spec{
	seriesArithmeticRow("series_add", "The sums of the items of two series.", wholeOrReal(addLong, addReal),
		Example{`series_add(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([5,4,5])`}, Example{`series_add(dynamic([1,2]), 0.5)`, `dynamic([1.5,2.5])`},
		Example{`series_add(dynamic([1,2,"a"]), dynamic([1]))`, `dynamic([2,null,null])`}),
	seriesArithmeticRow("series_subtract", "The differences of the items of two series.", wholeOrReal(subtractLong, subtractReal),
		Example{`series_subtract(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([-3,0,3])`}, Example{`series_subtract(10, dynamic([1,2.5]))`, `dynamic([9.0,7.5])`}),
	seriesArithmeticRow("series_multiply", "The products of the items of two series.", wholeOrReal(multiplyLong, multiplyReal),
		Example{`series_multiply(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([4,4,4])`}, Example{`series_multiply(dynamic([1,null]), 3)`, `dynamic([3,null])`}),
	seriesArithmeticRow("series_divide", "The quotients of the items of two series, as reals; a division by 0 gives an infinity or NaN.", realPairs(divideReal),
		Example{`series_divide(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([0.25,1.0,4.0])`}, Example{`series_divide(dynamic([2]), dynamic([0]))`, `dynamic(["Infinity"])`}),
	seriesArithmeticRow("series_pow", "The items of one series raised to the powers of another, as reals.", realPairs(math.Pow),
		Example{`series_pow(dynamic([1,2,3,4]), dynamic([1,2,3,0.5]))`, `dynamic([1.0,4.0,27.0,2.0])`}, Example{`series_pow(dynamic([1,2,3]), 2)`, `dynamic([1.0,4.0,9.0])`}),
	seriesCompareRow("series_equals", "series-equals-function", "For every two items whether they are equal.", equal,
		Example{`series_equals(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([false,true,false])`}, Example{`series_equals(dynamic([1,null]), 1.0)`, `dynamic([true,null])`}),
	seriesCompareRow("series_not_equals", "series-not-equals-function", "For every two items whether they differ.", less|greater|unordered,
		Example{`series_not_equals(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([true,false,true])`}),
	seriesCompareRow("series_less", "series-less-function", "For every two items whether the first is less.", less,
		Example{`series_less(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([true,false,false])`}, Example{`series_less(2, dynamic([1,2,3]))`, `dynamic([false,false,true])`}),
	seriesCompareRow("series_less_equals", "series-less-equals-function", "For every two items whether the first is less or equal.", less|equal,
		Example{`series_less_equals(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([true,true,false])`}),
	seriesCompareRow("series_greater", "series-greater-function", "For every two items whether the first is greater.", greater,
		Example{`series_greater(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([false,false,true])`}),
	seriesCompareRow("series_greater_equals", "series-greater-equals-function", "For every two items whether the first is greater or equal.", greater|equal,
		Example{`series_greater_equals(dynamic([1,2,4]), dynamic([4,2,1]))`, `dynamic([false,true,true])`}),
}

// pairItem appends the result for item x of a and item y of b.
type pairItem func(dst []byte, a, b *series, x, y int) []byte

func seriesArithmeticRow(name, doc string, item pairItem, examples ...Example) Spec {
	return seriesPairRow(name, "series-"+name[len("series_"):]+"-function", doc, item, examples)
}

func seriesCompareRow(name, ref, doc string, op relation, examples ...Example) Spec {
	return seriesPairRow(name, ref, doc, func(dst []byte, a, b *series, x, y int) []byte {
		return dynamic.AppendBool(dst, relateItems(a, b, x, y)&op != 0)
	}, examples)
}

func seriesPairRow(name, ref, doc string, item pairItem, examples []Example) Spec {
	return Spec{
		Name: name, Ref: ref, Doc: doc, Examples: examples,
		Sigs: []Sig{
			{Decl: "(series1: array, series2: array): dynamic"},
			{Decl: "(series1: array, series2: number): dynamic"},
			{Decl: "(series1: number, series2: array): dynamic"},
		},
		Eval: pairsEval(item),
	}
}

func pairsEval(item pairItem) Eval {
	return func(c *Call) {
		var a, b series
		c.seriesRows(func(dst []byte, i int) ([]byte, bool) {
			a.load(c, 0, i)
			b.load(c, 1, i)
			n := 0
			switch {
			case a.isArray && b.isArray:
				n = max(a.len(), b.len())
			case a.isArray && b.repeats:
				n = a.len()
			case a.repeats && b.isArray:
				n = b.len()
			default:
				return dst, false
			}
			return appendSeries(dst, n, func(dst []byte, k int) []byte {
				x, ok := a.at(k)
				y, ok2 := b.at(k)
				if !ok || !ok2 {
					return appendNull(dst)
				}
				return item(dst, &a, &b, x, y)
			}), true
		})
	}
}

// wholeOrReal gives longs for two series of longs and reals otherwise.
func wholeOrReal(whole func(a, b int64) (int64, bool), real func(a, b float64) float64) pairItem {
	return func(dst []byte, a, b *series, x, y int) []byte {
		if !a.whole || !b.whole {
			return dynamic.AppendReal(dst, real(a.reals[x], b.reals[y]))
		}
		n, ok := whole(a.longs[x], b.longs[y])
		if !ok {
			return appendNull(dst)
		}
		return dynamic.AppendLong(dst, n)
	}
}

func realPairs(f func(a, b float64) float64) pairItem {
	return func(dst []byte, a, b *series, x, y int) []byte {
		return dynamic.AppendReal(dst, f(a.reals[x], b.reals[y]))
	}
}

func relateItems(a, b *series, x, y int) relation {
	switch {
	case a.whole && b.whole:
		return relateOrdered(a.longs[x], b.longs[y])
	case math.IsNaN(a.reals[x]) || math.IsNaN(b.reals[y]):
		return unordered
	}
	return relateOrdered(a.reals[x], b.reals[y])
}
