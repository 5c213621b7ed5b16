package plugin

import (
	"context"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var activeUsers = Spec{
	Name: "active_users_count", Ref: "active-users-count-plugin",
	Doc:  "Distinct identifiers per bin of time, of those that came in enough periods of the time before.",
	Sigs: []string{"(IdColumn: col notdynamic, TimelineColumn: col summable, Start: const summable, End: const summable, LookbackWindow: const summable, Period: const summable, ActivePeriods: const number, Step: const scalar, Dimension: col notdynamic{0,}): table"},
	Examples: []Example{{
		`datatable(u:string, t:datetime)["B",datetime(2018-06-29),"B",datetime(2018-06-30),"A",datetime(2018-07-02),"B",datetime(2018-07-04),"B",datetime(2018-07-08)]
| evaluate active_users_count(u, t, datetime(2018-07-01), datetime(2018-07-31), 8d, 1d, 3, 7d)`,
		`["2018-07-01T00:00:00Z",1]`,
	}},
}

// ActiveUsers is active_users_count. Its input has the start of the period in
// column 2 instead of a count.
type ActiveUsers struct {
	Axis, Periods Axis
	Window        types.Value // a whole number of periods, or rounded down
	Min           int64       // periods that make an identifier active
	First, Last   int64       // bins of start and end
}

// Name of the plugin.
func (ActiveUsers) Name() string { return activeUsers.Name }

// Ordered: rows are a set.
func (ActiveUsers) Ordered(int) bool { return false }

// visit is a period in which somebody came, and its bin.
type visit struct{ period, bin int64 }

// Run looks back from every appearance.
func (p ActiveUsers) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	type someone struct {
		group  int
		visits []visit
	}
	groups, keys := newInterner(), newInterner()
	var dims [][]types.Value
	var all []*someone
	dimCols := span(firstDim, len(in[0].Columns()))
	idCols := append([]int{0}, dimCols...)
	held := 0
	err := each(ctx, in[0], func(b *types.Batch) error {
		if held += b.N; held > maxUses {
			return tooMany
		}
		for i := range b.N {
			if b.Cols[0].IsNull(i) || b.Cols[1].IsNull(i) || b.Cols[2].IsNull(i) {
				continue
			}
			g, fresh := groups.id(b, dimCols, i)
			if fresh {
				dims = append(dims, valuesAt(b, dimCols, i))
			}
			k, fresh := keys.id(b, idCols, i)
			if fresh {
				all = append(all, &someone{group: g})
			}
			all[k].visits = append(all[k].visits, visit{p.Periods.Index(b.Cols[2].Value(i)), p.Axis.Index(b.Cols[1].Value(i))})
		}
		return nil
	})
	if err != nil {
		return err
	}
	counts := make([]*usage, len(dims))
	for g := range counts {
		counts[g] = &usage{dims: dims[g], bins: map[int64]*use{}}
	}
	for _, s := range all {
		for _, bin := range p.active(s.visits) {
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

// active lists the bins in which somebody with these visits counts as active.
func (p ActiveUsers) active(visits []visit) []int64 {
	slices.SortFunc(visits, func(a, b visit) int {
		if a.period != b.period {
			return int(min(max(a.period-b.period, -1), 1))
		}
		return int(min(max(a.bin-b.bin, -1), 1))
	})
	size := p.Periods.Bins(p.Window)
	var bins []int64
	from, distinct := 0, int64(0)
	for i, v := range visits {
		if i == 0 || visits[i-1].period != v.period {
			distinct++
		}
		for visits[from].period <= v.period-size {
			if visits[from].period != visits[from+1].period {
				distinct--
			}
			from++
		}
		if distinct >= p.Min && v.bin >= p.First && v.bin <= p.Last && !slices.Contains(bins, v.bin) {
			bins = append(bins, v.bin)
		}
	}
	return bins
}
