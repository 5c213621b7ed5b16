package plugin

import (
	"cmp"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/types"
)

// arrange numbers the values and the rows by what they hold. The engine groups
// in an order of its own, which differs from run to run; patterns of equal
// weight are told in the order of these numbers.
func (f *facts) arrange() {
	order := span32(len(f.items))
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &f.items[a], &f.items[b]
		if c := cmp.Compare(x.column, y.column); c != 0 {
			return c
		}
		return compareValues(x.value, y.value)
	})
	number := make([]int32, len(order))
	items := make([]item, len(order))
	for to, from := range order {
		number[from], items[to] = int32(to), f.items[from]
		items[to].rows, items[to].weight = items[to].rows[:0], [2]float64{}
	}
	for i, c := range f.cells {
		if c >= 0 {
			f.cells[i] = number[c]
		}
	}
	rows := span32(len(f.weights))
	slices.SortFunc(rows, func(a, b int32) int {
		if c := slices.Compare(f.row(a), f.row(b)); c != 0 {
			return c
		}
		return slices.Compare(f.weights[a][:], f.weights[b][:])
	})
	cells, weights := make([]int32, 0, len(f.cells)), make([][2]float64, 0, len(f.weights))
	f.total = [2]float64{}
	for to, from := range rows {
		w := f.weights[from]
		cells, weights = append(cells, f.row(from)...), append(weights, w)
		for _, c := range f.row(from) {
			if c >= 0 {
				items[c].rows = append(items[c].rows, int32(to))
				items[c].weight[0] += w[0]
				items[c].weight[1] += w[1]
			}
		}
		f.total[0] += w[0]
		f.total[1] += w[1]
	}
	f.items, f.cells, f.weights = items, cells, weights
}

// compareValues orders values of one type, none of them null.
func compareValues(a, b types.Value) int {
	if c := cmp.Compare(a.I, b.I); c != 0 {
		return c
	}
	if c := cmp.Compare(a.S, b.S); c != 0 {
		return c
	}
	if c := cmp.Compare(a.F, b.F); c != 0 { // takes NaN for one value
		return c
	}
	return cmp.Compare(math.Float64bits(a.F), math.Float64bits(b.F))
}
