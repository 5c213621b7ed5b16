package plugin

import (
	"context"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The usage plugins count identifiers over bins of time: who came, who came
// back. The engine has filtered the time range and grouped the rows, so what
// comes here is one row per identifier, bin and dimensions:
//
//	0 identifier, 1 start of the bin, 2 number of rows, 3… dimensions

// usageRows are their rows.
var usageRows = []Spec{activityCounts, activityMetrics, activityEngagement, newActivity, slidingCounts, activeUsers, sessionCount, rollingPercentile}

// firstDim is where dimensions start in the input of a usage plugin.
const firstDim = 3

// maxUses bounds the rows that a usage plugin holds.
const maxUses = 50_000_000

// usage is everything that happened for one combination of dimensions.
type usage struct {
	dims []types.Value
	bins map[int64]*use
}

// use is what happened in one bin.
type use struct {
	rows int64
	ids  []int32 // distinct
}

// indexes lists the bins with rows, in order.
func (u *usage) indexes() []int64 {
	out := make([]int64, 0, len(u.bins))
	for i := range u.bins {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

// ids are those of a bin.
func (u *usage) ids(bin int64) []int32 {
	if b := u.bins[bin]; b != nil {
		return b.ids
	}
	return nil
}

// people numbers identifiers.
type people struct {
	names *interner
	count int
}

// id numbers the identifier in column 0; -1 for null, which is nobody.
func (p *people) id(b *types.Batch, i int) int32 {
	if b.Cols[0].IsNull(i) {
		return -1
	}
	id, fresh := p.names.id(b, []int{0}, i)
	if fresh {
		p.count++
	}
	return int32(id)
}

// readUsage gathers the input of a usage plugin, by dimensions in the order in
// which they come.
func readUsage(ctx context.Context, in plan.RowReader, axis Axis) ([]*usage, *people, error) {
	who, keys := &people{names: newInterner()}, newInterner()
	var groups []*usage
	dims := span(firstDim, len(in.Columns()))
	uses := 0
	err := each(ctx, in, func(b *types.Batch) error {
		if uses += b.N; uses > maxUses {
			return tooMany
		}
		for i := range b.N {
			if b.Cols[1].IsNull(i) {
				continue
			}
			g, fresh := keys.id(b, dims, i)
			if fresh {
				groups = append(groups, &usage{dims: valuesAt(b, dims, i), bins: map[int64]*use{}})
			}
			bin := axis.Index(b.Cols[1].Value(i))
			u := groups[g].bins[bin]
			if u == nil {
				u = &use{}
				groups[g].bins[bin] = u
			}
			u.rows += b.Cols[2].Ints[i]
			if id := who.id(b, i); id >= 0 {
				u.ids = append(u.ids, id)
			}
		}
		return nil
	})
	return groups, who, err
}

var tooMany = &plan.OpError{Limit: true, Message: "the plugin has to remember more identifiers than it may; filter before it, or choose a shorter time range or longer bins"}

// usageTypes are the types of an output: the timeline, the dimensions, then
// more.
func usageTypes(axis Axis, in plan.RowReader, more ...types.Type) []types.Type {
	out := []types.Type{axis.Type}
	for _, c := range in.Columns()[firstDim:] {
		out = append(out, c.Type)
	}
	return append(out, more...)
}

// line is an output row: bin, dimensions, then more.
func line(axis Axis, bin int64, u *usage, more ...types.Value) []types.Value {
	out := append([]types.Value{axis.Start(bin)}, u.dims...)
	return append(out, more...)
}

func long(n int) types.Value { return types.LongValue(int64(n)) }

// ratio is a share of a whole; of nothing it is NaN.
func ratio(part, whole int) types.Value {
	return types.RealValue(float64(part) / float64(whole))
}
