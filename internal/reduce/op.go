package reduce

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Op is reduce as a Go operator. Its input is distinct values with their
// counts; with Source it is whole rows, the value last, and its output those
// rows with the group in the value's place.
type Op struct {
	Options
	Source bool
}

// maxValues bounds the distinct values.
const maxValues = 1_000_000

// Name is the operator's name in KQL.
func (*Op) Name() string { return "reduce" }

// Ordered: the first of equally frequent values represents its group.
func (*Op) Ordered(int) bool { return true }

// Run groups the values and writes the groups, or the rows.
func (o *Op) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	b, err := plan.ReadAll(ctx, in[0])
	if err != nil {
		return err
	}
	if o.Source {
		return o.rows(ctx, b, out)
	}
	if b.N > maxValues {
		return tooMany()
	}
	groups, _ := Groups(b.Cols[0].Strings, b.Cols[1].Ints, o.Options)
	r := types.NewBatch(3)
	r.N = len(groups)
	for i, t := range []types.Type{types.String, types.Long, types.String} {
		r.Cols[i] = types.NewVector(t, r.N)
	}
	for i, g := range groups {
		r.Cols[0].Strings[i], r.Cols[1].Ints[i], r.Cols[2].Strings[i] = g.Pattern, g.Count, g.Representative
	}
	return out.Write(ctx, r)
}

// rows replaces the last column by its group.
func (o *Op) rows(ctx context.Context, b *types.Batch, out plan.RowWriter) error {
	column := b.Cols[len(b.Cols)-1]
	at := map[string]int{}
	var values []string
	var counts []int64
	for _, v := range column.Strings[:b.N] {
		i, ok := at[v]
		if !ok {
			i = len(values)
			at[v] = i
			values, counts = append(values, v), append(counts, 0)
		}
		counts[i]++
	}
	if len(values) > maxValues {
		return tooMany()
	}
	groups, of := Groups(values, counts, o.Options)
	count, first := types.NewVector(types.Long, b.N), types.NewVector(types.String, b.N)
	for i, v := range column.Strings[:b.N] {
		g := groups[of[at[v]]]
		column.Strings[i], count.Ints[i], first.Strings[i] = g.Pattern, g.Count, g.Representative
	}
	b.Cols = append(b.Cols, count, first)
	return out.Write(ctx, b)
}

func tooMany() error {
	return &plan.OpError{Limit: true, Message: "reduce: there are more than 1000000 distinct values; filter before it, or reduce a shorter part of the text"}
}
