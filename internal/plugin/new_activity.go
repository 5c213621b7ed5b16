package plugin

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var newActivity = Spec{
	Name: "new_activity_metrics", Ref: "new-activity-metrics-plugin",
	Doc:  "How many of those first seen in one bin of time came back in each later one.",
	Sigs: []string{"(IdColumn: col notdynamic, TimelineColumn: col summable, Start: const summable, End: const summable, Window: const scalar, Cohort?: const scalar, Dimension: col notdynamic{0,}, lookback?: tabular): table"},
	Examples: []Example{{
		`datatable(u:string, t:datetime)["A",datetime(2019-11-01),"B",datetime(2019-11-01),"B",datetime(2019-11-02),"C",datetime(2019-11-02)]
| evaluate new_activity_metrics(u, t, datetime(2019-11-01), datetime(2019-11-02), 1d)`,
		`["2019-11-01T00:00:00Z","2019-11-01T00:00:00Z",2,2,0,1.0,0.0]
["2019-11-01T00:00:00Z","2019-11-02T00:00:00Z",1,1,1,0.5,0.5]
["2019-11-02T00:00:00Z","2019-11-02T00:00:00Z",1,1,0,1.0,0.0]`,
	}},
}

// maxCohorts bounds the bins of new_activity_metrics: its rows are their
// square.
const maxCohorts = 4096

// NewActivity is new_activity_metrics. A second input holds the identifiers of
// the look-back table in its only column.
type NewActivity struct {
	Axis        Axis
	First, Last int64
	Cohort      int64 // the one to show
	OneCohort   bool
}

// Name of the plugin.
func (NewActivity) Name() string { return newActivity.Name }

// Ordered: rows are a set.
func (NewActivity) Ordered(int) bool { return false }

// Run finds when each identifier was first seen, then compares every bin with
// the cohorts up to it.
func (p NewActivity) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	if p.Last-p.First >= maxCohorts {
		return &plan.OpError{Limit: true, Message: "new_activity_metrics compares all bins with each other and may have at most 4096; choose longer bins"}
	}
	groups, who, err := readUsage(ctx, in[0], p.Axis)
	if err != nil {
		return err
	}
	old := map[int32]struct{}{}
	if len(in) > 1 {
		err := each(ctx, in[1], func(b *types.Batch) error {
			for i := range b.N {
				if id := who.id(b, i); id >= 0 {
					old[id] = struct{}{}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	w := newWriter(out, append([]types.Type{p.Axis.Type}, usageTypes(p.Axis, in[0], types.Long, types.Long, types.Long, types.Real, types.Real)...))
	for _, g := range groups {
		if err := p.group(ctx, g, old, w); err != nil {
			return err
		}
	}
	return w.flush(ctx)
}

func (p NewActivity) group(ctx context.Context, g *usage, old map[int32]struct{}, w *writer) error {
	first := map[int32]int64{}
	size := make([]int, p.Last-p.First+1)
	for _, bin := range g.indexes() {
		for _, id := range g.ids(bin) {
			_, known := first[id]
			if _, gone := old[id]; !known && !gone {
				first[id] = bin
				size[bin-p.First]++
			}
		}
	}
	for from := p.First; from <= p.Last; from++ {
		cohort := size[from-p.First]
		if cohort == 0 || p.OneCohort && from != p.Cohort {
			continue
		}
		for to := from; to <= p.Last; to++ {
			back, fresh := 0, 0
			for _, id := range g.ids(to) {
				switch at, ok := first[id]; {
				case !ok:
				case at == from:
					back++
				case at > from:
					fresh++
				}
			}
			if to == from {
				fresh = cohort // nobody was seen before
			}
			row := append([]types.Value{p.Axis.Start(from)}, line(p.Axis, to, g, long(fresh), long(back), long(cohort-back), ratio(back, cohort), ratio(cohort-back, cohort))...)
			if err := w.add(ctx, row...); err != nil {
				return err
			}
		}
	}
	return nil
}
