package duckdb

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// part is the rows of one batch that go to one day table, in order of time.
type part struct {
	day  int64
	rows []int32
}

// split sorts a batch's rows by time and cuts them by day. New days beyond
// maxDays join day 0.
func split(b *catalog.Batch, days []day) []part {
	order := make([]int32, b.N)
	for i := range order {
		order[i] = int32(i)
	}
	if b.N == 0 {
		return nil
	}
	if b.Table.Time < 0 {
		return []part{{0, order}}
	}
	time := b.Cols[b.Table.Time]
	at := func(i int32) int64 { // rows without a time come first
		if time.IsNull(int(i)) {
			return -1
		}
		return time.Ints[i]
	}
	slices.SortStableFunc(order, func(x, y int32) int {
		switch a, b := at(x), at(y); {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	})
	var parts []part
	place := map[int64]int{} // day -> index in parts
	room := maxDays - len(days)
	for _, i := range order {
		n := dayOf(at(i))
		k, ok := place[n]
		if !ok {
			k, room = openPart(&parts, place, n, days, room)
		}
		parts[k].rows = append(parts[k].rows, i)
	}
	return parts
}

// openPart finds or makes the part of day n.
func openPart(parts *[]part, place map[int64]int, n int64, days []day, room int) (int, int) {
	_, exists := slices.BinarySearchFunc(days, day{number: n}, byNumber)
	if !exists && n != 0 {
		if room <= 0 {
			if k, ok := place[0]; ok {
				return k, room
			}
			n = 0
		} else {
			room--
		}
	}
	*parts = append(*parts, part{day: n})
	place[n] = len(*parts) - 1
	return place[n], room
}
