package plugin

import (
	"context"
	"encoding/binary"
	"math"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The pattern plugins look for combinations of values that many rows share.
// Their input is grouped: one row per combination of the attributes, then one
// or two weights (how many rows it stands for, in one set or in two).
//
// A pattern is closed when no further value is common to all its rows; only
// closed patterns are reported, as the reference's examples show: columns that
// always go together come together.

// patternRows are their rows.
var patternRows = []Spec{autocluster, basket, diffpatterns}

// maxFacts bounds the cells that a pattern plugin holds, maxWork the cells it
// may look at.
const (
	maxFacts = 1 << 27
	maxWork  = 4 << 30
)

// Patterns is what the pattern plugins share.
type Patterns struct {
	// Source tells for every output column after the plugin's own which
	// attribute it shows; -1 for one that never takes part.
	Source []int
	// Wildcard is what stands in a column that a pattern leaves open.
	Wildcard []types.Value
}

// Ordered: rows are a set.
func (Patterns) Ordered(int) bool { return false }

// show is the columns of a pattern in an output row.
func (p Patterns) show(row []types.Value, f *facts, x pattern) []types.Value {
	for k, from := range p.Source {
		v := p.Wildcard[k]
		if from >= 0 && x.items[from] >= 0 {
			v = f.items[x.items[from]].value
		}
		row = append(row, v)
	}
	return row
}

// item is a value of an attribute.
type item struct {
	column int
	value  types.Value
	rows   []int32
	weight [2]float64
}

// facts is the input of a pattern plugin.
type facts struct {
	columns int
	items   []item
	cells   []int32 // row by row, the item of every column; -1 for null
	weights [][2]float64
	total   [2]float64
	work    int
}

func (f *facts) row(i int32) []int32 { return f.cells[int(i)*f.columns:][:f.columns] }

// readFacts reads rows of attributes and sets weights.
func readFacts(ctx context.Context, in plan.RowReader, sets int) (*facts, error) {
	cols := in.Columns()
	f := &facts{columns: len(cols) - sets}
	names := make([]*interner, f.columns)
	numbers := make([][]int32, f.columns) // of a column's values, as items
	for i := range names {
		names[i] = newInterner()
	}
	err := each(ctx, in, func(b *types.Batch) error {
		if (len(f.weights)+b.N)*max(f.columns, 1) > maxFacts {
			return &plan.OpError{Limit: true, Message: "there are too many different rows to find patterns in; project fewer columns, or leave out those that are different in every row"}
		}
		for i := range b.N {
			var w [2]float64
			for s := range sets {
				w[s] = weight(b.Cols[f.columns+s], i)
				f.total[s] += w[s]
			}
			n := int32(len(f.weights))
			f.weights = append(f.weights, w)
			for c := range f.columns {
				if b.Cols[c].IsNull(i) {
					f.cells = append(f.cells, -1)
					continue
				}
				k, fresh := names[c].id(b, []int{c}, i)
				if fresh {
					numbers[c] = append(numbers[c], int32(len(f.items)))
					f.items = append(f.items, item{column: c, value: b.Cols[c].Value(i)})
				}
				it := &f.items[numbers[c][k]]
				it.rows = append(it.rows, n)
				it.weight[0] += w[0]
				it.weight[1] += w[1]
				f.cells = append(f.cells, numbers[c][k])
			}
		}
		return nil
	})
	if err == nil {
		f.arrange()
	}
	return f, err
}

// weight reads a weight; null and negative ones count nothing.
func weight(v *types.Vector, i int) float64 {
	var w float64
	switch {
	case v.IsNull(i):
	case v.Type == types.Real:
		w = v.Floats[i]
	case v.Type.Storage() == types.StoreInts:
		w = float64(v.Ints[i])
	}
	if !(w > 0) || math.IsInf(w, 0) {
		return 0
	}
	return w
}

// pattern has an item or -1 for every column.
type pattern struct {
	items  []int32
	weight [2]float64
	dims   int
}

func (x pattern) key() string {
	var b []byte
	for _, i := range x.items {
		b = binary.LittleEndian.AppendUint32(b, uint32(i))
	}
	return string(b)
}

// rows lists the rows of a pattern.
func (f *facts) rows(x pattern) []int32 {
	shortest := -1
	for _, i := range x.items {
		if i >= 0 && (shortest < 0 || len(f.items[i].rows) < len(f.items[shortest].rows)) {
			shortest = int(i)
		}
	}
	if shortest < 0 {
		all := make([]int32, len(f.weights))
		for i := range all {
			all[i] = int32(i)
		}
		return all
	}
	var out []int32
	f.work += len(f.items[shortest].rows) * f.columns
	for _, r := range f.items[shortest].rows {
		if f.covers(x, r) {
			out = append(out, r)
		}
	}
	return out
}

func (f *facts) covers(x pattern, r int32) bool {
	row := f.row(r)
	for c, i := range x.items {
		if i >= 0 && row[c] != i {
			return false
		}
	}
	return true
}

// closure is the closed pattern of some rows: every value that all share.
func (f *facts) closure(rows []int32) pattern {
	x := pattern{items: make([]int32, f.columns)}
	for c := range x.items {
		x.items[c] = -1
	}
	if len(rows) == 0 {
		return x
	}
	copy(x.items, f.row(rows[0]))
	f.work += len(rows) * f.columns
	for _, r := range rows {
		for c, i := range f.row(r) {
			if x.items[c] != i {
				x.items[c] = -1
			}
		}
		x.weight[0] += f.weights[r][0]
		x.weight[1] += f.weights[r][1]
	}
	for _, i := range x.items {
		if i >= 0 {
			x.dims++
		}
	}
	return x
}

// extensions calls try with the rows of x that have one more value, for every
// value that keep accepts by its weight among them, column by column.
func (f *facts) extensions(x pattern, keep func([2]float64) bool, try func(rows []int32)) {
	rows := f.rows(x)
	f.work += len(rows) * f.columns
	for c := range f.columns {
		if x.items[c] >= 0 {
			continue
		}
		weights := map[int32][2]float64{}
		for _, r := range rows {
			if i := f.row(r)[c]; i >= 0 {
				w := weights[i]
				w[0] += f.weights[r][0]
				w[1] += f.weights[r][1]
				weights[i] = w
			}
		}
		var good []int32
		for i, w := range weights {
			if keep(w) {
				good = append(good, i)
			}
		}
		slices.Sort(good)
		for _, i := range good {
			f.work += len(rows)
			var sub []int32
			for _, r := range rows {
				if f.row(r)[c] == i {
					sub = append(sub, r)
				}
			}
			try(sub)
		}
	}
}

// frequent lists the closed patterns that keep accepts and that at most depth
// values define; 0 means any number of them.
func (f *facts) frequent(ctx context.Context, depth int, keep func([2]float64) bool) ([]pattern, error) {
	if depth == 0 {
		depth = f.columns
	}
	all := f.closure(span32(len(f.weights)))
	seen := map[string]bool{all.key(): true}
	level, found := []pattern{all}, []pattern{all}
	for d := 0; d < depth && len(level) > 0; d++ {
		var next []pattern
		for _, x := range level {
			f.extensions(x, keep, func(rows []int32) {
				if f.work > maxWork {
					return
				}
				y := f.closure(rows)
				if k := y.key(); !seen[k] {
					seen[k] = true
					next = append(next, y)
				}
			})
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if f.work > maxWork || len(seen) > 1<<17 {
				return nil, &plan.OpError{Limit: true, Message: "there are too many patterns; raise the threshold, give the greatest number of dimensions, or project fewer columns"}
			}
		}
		found, level = append(found, next...), next
	}
	if found[0].dims == 0 || !keep(found[0].weight) {
		found = found[1:]
	}
	return found, nil
}

func span32(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// maxOverlap is the share of its rows that a pattern may have in common with a
// better one: patterns that say the same twice are left out.
const maxOverlap = 0.8

// diverse keeps the patterns of a list, best first, that differ enough from
// the better ones.
func (f *facts) diverse(list []pattern) []pattern {
	var kept []pattern
	for _, x := range list {
		differs := true
		for _, y := range kept {
			if f.shared(x, y) >= maxOverlap*min(size(x), size(y)) {
				differs = false
				break
			}
		}
		if differs {
			kept = append(kept, x)
		}
	}
	return kept
}

func size(x pattern) float64 { return x.weight[0] + x.weight[1] }

// shared is the weight of the rows that two patterns have in common.
func (f *facts) shared(x, y pattern) float64 {
	both := pattern{items: slices.Clone(x.items)}
	for c, i := range y.items {
		switch {
		case both.items[c] < 0:
			both.items[c] = i
		case i >= 0 && i != both.items[c]:
			return 0
		}
	}
	sum := 0.0
	for _, r := range f.rows(both) {
		sum += f.weights[r][0] + f.weights[r][1]
	}
	return sum
}

// byWeight orders patterns as the reference's examples are ordered: by rows
// times dimensions.
func byWeight(a, b pattern) int {
	switch x, y := size(a)*float64(a.dims), size(b)*float64(b.dims); {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return 0
}

func count(w float64) types.Value { return types.LongValue(int64(math.Round(w))) }

// percent is a share in percent; 0 of nothing.
func percent(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * part / whole
}
