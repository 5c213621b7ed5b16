package plugin

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var slidingCounts = Spec{
	Name: "sliding_window_counts", Ref: "sliding-window-counts-plugin",
	Doc:  "Rows and distinct identifiers of a window of time that slides by a bin.",
	Sigs: []string{"(IdColumn: col notdynamic, TimelineColumn: col summable, Start: const summable, End: const summable, LookBackWindow: const summable, Step: const scalar, Dimension: col notdynamic{0,}): table"},
	Examples: []Example{{
		`datatable(u:string, t:datetime)["A",datetime(2017-08-01),"A",datetime(2017-08-01),"B",datetime(2017-08-02)]
| evaluate sliding_window_counts(u, t, datetime(2017-08-01), datetime(2017-08-05), 3d, 1d)`,
		`["2017-08-01T00:00:00Z",2,1]
["2017-08-02T00:00:00Z",3,2]
["2017-08-03T00:00:00Z",3,2]
["2017-08-04T00:00:00Z",1,1]`,
	}},
}

// SlidingCounts is sliding_window_counts.
type SlidingCounts struct {
	Axis        Axis
	Window      types.Value
	First, Last int64 // bins of start and end
}

// Name of the plugin.
func (SlidingCounts) Name() string { return slidingCounts.Name }

// Ordered: rows are a set.
func (SlidingCounts) Ordered(int) bool { return false }

// Run gives a row for every bin whose window has rows, though the bin itself
// may have none (recorded).
func (p SlidingCounts) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	groups, _, err := readUsage(ctx, in[0], p.Axis)
	if err != nil {
		return err
	}
	w := newWriter(out, usageTypes(p.Axis, in[0], types.Long, types.Long))
	size := p.Axis.Bins(p.Window)
	for _, g := range groups {
		win := newWindow(g, size)
		for bin := p.First; bin <= p.Last; bin++ {
			win.to(bin)
			if len(win.bins) == 0 {
				if len(win.next) == 0 {
					break
				}
				bin = max(bin, min(win.next[0], p.Last+1)-1)
				continue
			}
			if err := w.add(ctx, line(p.Axis, bin, g, types.LongValue(win.rows), long(len(win.counts)))...); err != nil {
				return err
			}
		}
	}
	return w.flush(ctx)
}
