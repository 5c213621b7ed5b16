package plugin

import (
	"context"
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var funnelSequence = Spec{
	Name: "funnel_sequence", Ref: "funnel-sequence-plugin",
	Doc:  "How many identifiers went through a sequence of states, by the states before and after it. (The first of the reference's three tables.)",
	Sigs: []string{"(IdColumn: col notdynamic, TimelineColumn: col datetime|timespan, Start: const summable, End: const summable, MaxWindowSizeBetweenSteps: const timespan, Step: const scalar, StateColumn: col notdynamic, Sequence: const array): table"},
	Examples: []Example{{
		`datatable(u:long, t:datetime, s:string)[
1,datetime(2007-01-01),"Hail", 1,datetime(2007-01-02),"Tornado", 1,datetime(2007-01-03),"Tornado", 1,datetime(2007-01-04),"Hail",
2,datetime(2007-01-01),"Tornado", 3,datetime(2007-01-01),"Tornado"]
| evaluate funnel_sequence(u, t, datetime(2007-01-01), datetime(2008-01-01), 1d, 365d, s, dynamic(['Tornado']))`,
		`["2007-01-01T00:00:00Z","","",2,[2,3]]
["2007-01-01T00:00:00Z","Hail","Hail",1,[1]]`,
	}},
}

// maxSamples is how many identifiers a row names.
const maxSamples = 128

// FunnelSequence is funnel_sequence.
type FunnelSequence struct {
	Funnel
	Gap int64 // most ticks between two steps of the sequence
}

// Name of the plugin.
func (FunnelSequence) Name() string { return funnelSequence.Name }

// FunnelSequenceColumns are its output columns after the timeline.
func FunnelSequenceColumns(state types.Type) []plan.Column {
	return []plan.Column{{Name: "prev", Type: state, Nullable: true}, {Name: "next", Type: state, Nullable: true},
		{Name: "dcount", Type: types.Long}, {Name: "samples", Type: types.Dynamic}}
}

// passage is one way through the sequence; -1 stands for no state.
type passage struct {
	bin        int64
	prev, next int
}

// Run finds the sequence in every life. A state that goes on over several rows
// counts as one; the states right before and after the sequence are kept.
func (p FunnelSequence) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	l, err := p.read(ctx, in[0])
	if err != nil {
		return err
	}
	type tally struct {
		passage
		count   int
		samples []string
	}
	var all []*tally
	index := map[passage]*tally{}
	for _, one := range l.all {
		for w := range p.passages(one.states, l.steps) {
			t := index[w]
			if t == nil {
				t = &tally{passage: w}
				index[w] = t
				all = append(all, t)
			}
			if t.count++; len(t.samples) < maxSamples {
				t.samples = append(t.samples, dynamic.FromValue(one.id))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *tally) int {
		if a.bin != b.bin {
			return int(min(max(a.bin-b.bin, -1), 1))
		}
		if a.count != b.count {
			return b.count - a.count
		}
		if a.prev != b.prev {
			return a.prev - b.prev
		}
		return a.next - b.next
	})
	kind := in[0].Columns()[2].Type
	w := newWriter(out, []types.Type{p.Axis.Type, kind, kind, types.Long, types.Dynamic})
	named := func(i int) types.Value {
		if i < 0 {
			return types.Null(kind)
		}
		return l.states[i]
	}
	for _, t := range all {
		samples := types.DynamicValue(string(dynamic.AppendArray(nil, t.samples)))
		if err := w.add(ctx, p.Axis.Start(t.bin), named(t.prev), named(t.next), long(t.count), samples); err != nil {
			return err
		}
	}
	return w.flush(ctx)
}

// run is a state that goes on.
type run struct {
	from, to int64
	name     int
}

// passages lists the different ways in which a life goes through the sequence.
func (p FunnelSequence) passages(states []state, steps []int) map[passage]struct{} {
	var runs []run
	for _, s := range states {
		if n := len(runs); n > 0 && runs[n-1].name == s.name {
			runs[n-1].to = s.at
			continue
		}
		runs = append(runs, run{s.at, s.at, s.name})
	}
	found := map[passage]struct{}{}
	for i := 0; i+len(steps) <= len(runs); i++ {
		if !p.matches(runs[i:i+len(steps)], steps) {
			continue
		}
		w := passage{p.Axis.Index(types.Value{I: runs[i].from}), -1, -1}
		if i > 0 {
			w.prev = runs[i-1].name
		}
		if end := i + len(steps); end < len(runs) {
			w.next = runs[end].name
		}
		found[w] = struct{}{}
	}
	return found
}

func (p FunnelSequence) matches(runs []run, steps []int) bool {
	for k, r := range runs {
		if r.name != steps[k] || k > 0 && r.from-runs[k-1].to > p.Gap {
			return false
		}
	}
	return true
}
