package plugin

import (
	"context"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var sessionCount = Spec{
	Name: "session_count", Ref: "session-count-plugin",
	Doc:  "Sessions that begin in each bin of time: appearances of an identifier that was not seen for some time.",
	Sigs: []string{"(IdColumn: col notdynamic, TimelineColumn: col summable, Start: const summable, End: const summable, Bin: const scalar, LookBackWindow: const summable, Dimension: col notdynamic{0,}): table"},
	Examples: []Example{{
		`range t from 1 to 999 step 1 | extend u = 1 | union (range t from 45 to 999 step 45 | extend u = 45)
| evaluate session_count(u, t, 1, 1000, 500, 41)`,
		`[0,12]
[500,11]`,
	}},
}

// SessionCount is session_count. Its input has the time in column 2, the start
// of its bin in column 1.
type SessionCount struct {
	Axis   Axis
	Start  types.Value // sessions before are not counted
	Window types.Value
}

// Name of the plugin.
func (SessionCount) Name() string { return sessionCount.Name }

// Ordered: rows are a set.
func (SessionCount) Ordered(int) bool { return false }

// Run counts an appearance as a new session unless the identifier appeared at
// most the window before. (The reference's chart agrees: bins start at
// multiples of their size, and a gap of exactly the window is none.)
func (p SessionCount) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	type moment struct{ at, bin types.Value }
	type someone struct {
		group   int
		moments []moment
	}
	groups, keys := newInterner(), newInterner()
	var counts []*usage
	var all []*someone
	dimCols := span(firstDim, len(in[0].Columns()))
	idCols := append([]int{0}, dimCols...)
	held := 0
	err := each(ctx, in[0], func(b *types.Batch) error {
		if held += b.N; held > maxUses/8 {
			return tooMany
		}
		for i := range b.N {
			if b.Cols[1].IsNull(i) || b.Cols[2].IsNull(i) {
				continue
			}
			g, fresh := groups.id(b, dimCols, i)
			if fresh {
				counts = append(counts, &usage{dims: valuesAt(b, dimCols, i), bins: map[int64]*use{}})
			}
			k, fresh := keys.id(b, idCols, i)
			if fresh {
				all = append(all, &someone{group: g})
			}
			all[k].moments = append(all[k].moments, moment{b.Cols[2].Value(i), b.Cols[1].Value(i)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range all {
		slices.SortFunc(s.moments, func(a, b moment) int {
			switch {
			case p.Axis.less(a.at, b.at):
				return -1
			case p.Axis.less(b.at, a.at):
				return 1
			}
			return 0
		})
		for i, m := range s.moments {
			if i > 0 && !p.Axis.less(p.Window, p.Axis.between(s.moments[i-1].at, m.at)) || p.Axis.less(m.at, p.Start) {
				continue
			}
			bin := p.Axis.Index(m.bin)
			u := counts[s.group].bins[bin]
			if u == nil {
				u = &use{}
				counts[s.group].bins[bin] = u
			}
			u.rows++
		}
	}
	w := newWriter(out, usageTypes(p.Axis, in[0], types.Long))
	for _, g := range counts {
		for _, bin := range g.indexes() {
			if err := w.add(ctx, line(p.Axis, bin, g, types.LongValue(g.bins[bin].rows))...); err != nil {
				return err
			}
		}
	}
	return w.flush(ctx)
}
