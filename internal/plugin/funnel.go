package plugin

import (
	"context"
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The funnel plugins follow the states of identifiers. Their input has the
// identifier, the time and the state of every row in the time range.

// Funnel is what both have in common.
type Funnel struct {
	Axis     Axis
	Sequence []string // states, as text
}

// Ordered: rows are sorted here.
func (Funnel) Ordered(int) bool { return false }

// state is a moment in the life of an identifier.
type state struct {
	at   int64
	name int // number of the state
}

// life is an identifier with its states in the order of time.
type life struct {
	id     types.Value
	states []state
}

// lives is the whole input, with the states by number.
type lives struct {
	all    []*life
	states []types.Value
	steps  []int // the numbers of the sequence's states; -1 for one that never occurs
}

func (f Funnel) read(ctx context.Context, in plan.RowReader) (*lives, error) {
	ids, names := newInterner(), newInterner()
	l := &lives{}
	held := 0
	err := each(ctx, in, func(b *types.Batch) error {
		if held += b.N; held > maxUses {
			return tooMany
		}
		for i := range b.N {
			if b.Cols[0].IsNull(i) || b.Cols[1].IsNull(i) {
				continue
			}
			k, fresh := ids.id(b, []int{0}, i)
			if fresh {
				l.all = append(l.all, &life{id: b.Cols[0].Value(i)})
			}
			s, fresh := names.id(b, []int{2}, i)
			if fresh {
				l.states = append(l.states, b.Cols[2].Value(i))
			}
			l.all[k].states = append(l.all[k].states, state{b.Cols[1].Ints[i], s})
		}
		return nil
	})
	for _, one := range l.all {
		slices.SortStableFunc(one.states, func(a, b state) int { return int(min(max(a.at-b.at, -1), 1)) })
	}
	for _, want := range f.Sequence {
		l.steps = append(l.steps, slices.IndexFunc(l.states, func(v types.Value) bool { return stateText(v) == want }))
	}
	return l, err
}

// stateText is a state as text, as the sequence writes it.
func stateText(v types.Value) string {
	if v.Type == types.String {
		return v.S
	}
	return dynamic.AsString(dynamic.FromValue(v))
}
