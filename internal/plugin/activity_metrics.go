package plugin

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var activityMetrics = Spec{
	Name: "activity_metrics", Ref: "activity-metrics-plugin",
	Doc: "Distinct identifiers per bin of time, and how many came back from the bin before.",
	Sigs: []string{
		"(IdColumn: col scalar, TimelineColumn: col summable, Start: const summable, End: const summable, Step: const scalar, Dimension: col notdynamic{0,}): table",
		"(IdColumn: col scalar, TimelineColumn: col summable, Step: const scalar, Dimension: col notdynamic{0,}): table",
	},
	Examples: []Example{{
		`datatable(u:string, t:datetime)["A",datetime(2017-01-02),"B",datetime(2017-01-03),"B",datetime(2017-01-09),"C",datetime(2017-01-10)]
| evaluate activity_metrics(u, t, datetime(2017-01-02), datetime(2017-01-31), 7d)`,
		`["2017-01-02T00:00:00Z",2,2,"NaN","NaN"]
["2017-01-09T00:00:00Z",2,1,0.5,0.5]`,
	}},
}

// ActivityMetrics is activity_metrics.
type ActivityMetrics struct{ Axis Axis }

// Name of the plugin.
func (ActivityMetrics) Name() string { return activityMetrics.Name }

// Ordered: rows are a set.
func (ActivityMetrics) Ordered(int) bool { return false }

// Run compares every bin with the one before. Retention is the share of those
// of the bin before who came back, churn the rest; without a bin before there
// is neither.
func (p ActivityMetrics) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	groups, _, err := readUsage(ctx, in[0], p.Axis)
	if err != nil {
		return err
	}
	w := newWriter(out, usageTypes(p.Axis, in[0], types.Long, types.Long, types.Real, types.Real))
	for _, g := range groups {
		for _, bin := range g.indexes() {
			before := map[int32]struct{}{}
			for _, id := range g.ids(bin - 1) {
				before[id] = struct{}{}
			}
			now, back := g.ids(bin), 0
			for _, id := range now {
				if _, ok := before[id]; ok {
					back++
				}
			}
			err := w.add(ctx, line(p.Axis, bin, g, long(len(now)), long(len(now)-back), ratio(back, len(before)), ratio(len(before)-back, len(before)))...)
			if err != nil {
				return err
			}
		}
	}
	return w.flush(ctx)
}
