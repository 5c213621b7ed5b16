package plugin

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var activityCounts = Spec{
	Name: "activity_counts_metrics", Ref: "activity-counts-metrics-plugin",
	Doc:  "Rows, distinct identifiers, new ones, and all so far, per bin of time.",
	Sigs: []string{"(IdColumn: col notdynamic, TimelineColumn: col summable, Start: const summable, End: const summable, Step: const scalar, Dimension: col notdynamic{0,}): table"},
	Examples: []Example{{
		`datatable(u:string, t:datetime)["A",datetime(2017-08-01),"B",datetime(2017-08-01),"B",datetime(2017-08-02),"C",datetime(2017-08-02),"B",datetime(2017-08-02)]
| evaluate activity_counts_metrics(u, t, datetime(2017-08-01), datetime(2017-08-04), 1d)`,
		`["2017-08-01T00:00:00Z",2,2,2,2]
["2017-08-02T00:00:00Z",3,2,1,3]`,
	}},
}

// ActivityCounts is activity_counts_metrics.
type ActivityCounts struct{ Axis Axis }

// Name of the plugin.
func (ActivityCounts) Name() string { return activityCounts.Name }

// Ordered: rows are a set.
func (ActivityCounts) Ordered(int) bool { return false }

// Run counts per bin and keeps who was seen before.
func (p ActivityCounts) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	groups, _, err := readUsage(ctx, in[0], p.Axis)
	if err != nil {
		return err
	}
	w := newWriter(out, usageTypes(p.Axis, in[0], types.Long, types.Long, types.Long, types.Long))
	for _, g := range groups {
		seen := map[int32]struct{}{}
		for _, bin := range g.indexes() {
			before, u := len(seen), g.bins[bin]
			for _, id := range u.ids {
				seen[id] = struct{}{}
			}
			if err := w.add(ctx, line(p.Axis, bin, g, types.LongValue(u.rows), long(len(u.ids)), long(len(seen)-before), long(len(seen)))...); err != nil {
				return err
			}
		}
	}
	return w.flush(ctx)
}
