package plugin

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var activityEngagement = Spec{
	Name: "activity_engagement", Ref: "activity-engagement-plugin",
	Doc: "Distinct identifiers of a short window of time over those of a long one that ends with it.",
	Sigs: []string{
		"(IdColumn: col notdynamic, TimelineColumn: col summable, InnerActivityWindow: const summable, OuterActivityWindow: const summable): table",
		"(IdColumn: col notdynamic, TimelineColumn: col summable, Start: const summable, End: const summable, InnerActivityWindow: const summable, OuterActivityWindow: const summable, Dimension: col notdynamic{0,}): table",
	},
	Examples: []Example{{
		`datatable(u:string, t:datetime)["A",datetime(2017-01-01),"B",datetime(2017-01-01),"B",datetime(2017-01-02)]
| evaluate activity_engagement(u, t, datetime(2017-01-01), datetime(2017-01-31), 1d, 7d)`,
		`["2017-01-01T00:00:00Z",2,2,1.0]
["2017-01-02T00:00:00Z",1,2,0.5]`,
	}},
}

// ActivityEngagement is activity_engagement. Bins are inner windows.
type ActivityEngagement struct {
	Axis  Axis
	Outer types.Value // length of the outer window
	First int64       // bins before are there for the outer window only
	All   bool        // there is no first bin
}

// Name of the plugin.
func (ActivityEngagement) Name() string { return activityEngagement.Name }

// Ordered: rows are a set.
func (ActivityEngagement) Ordered(int) bool { return false }

// Run slides the outer window over the bins that have rows.
func (p ActivityEngagement) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	groups, _, err := readUsage(ctx, in[0], p.Axis)
	if err != nil {
		return err
	}
	w := newWriter(out, usageTypes(p.Axis, in[0], types.Long, types.Long, types.Real))
	size := p.Axis.Bins(p.Outer)
	for _, g := range groups {
		win := newWindow(g, size)
		for _, bin := range g.indexes() {
			win.to(bin)
			if !p.All && bin < p.First {
				continue
			}
			inner, outer := len(g.ids(bin)), len(win.counts)
			if err := w.add(ctx, line(p.Axis, bin, g, long(inner), long(outer), ratio(inner, outer))...); err != nil {
				return err
			}
		}
	}
	return w.flush(ctx)
}

// window is a run of bins that ends with a moving one.
type window struct {
	of     *usage
	size   int64
	bins   []int64 // in the window, with rows
	next   []int64 // not yet
	counts map[int32]int
	rows   int64
}

func newWindow(u *usage, size int64) *window {
	return &window{of: u, size: size, next: u.indexes(), counts: map[int32]int{}}
}

// to moves the window's end to a later bin.
func (w *window) to(end int64) {
	for len(w.next) > 0 && w.next[0] <= end {
		for _, id := range w.of.ids(w.next[0]) {
			w.counts[id]++
		}
		w.rows += w.of.bins[w.next[0]].rows
		w.bins, w.next = append(w.bins, w.next[0]), w.next[1:]
	}
	for len(w.bins) > 0 && w.bins[0] <= end-w.size {
		for _, id := range w.of.ids(w.bins[0]) {
			if w.counts[id]--; w.counts[id] == 0 {
				delete(w.counts, id)
			}
		}
		w.rows -= w.of.bins[w.bins[0]].rows
		w.bins = w.bins[1:]
	}
}
