package plugin

import (
	"context"
	"slices"
	"sort"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var funnelCompletion = Spec{
	Name: "funnel_sequence_completion", Ref: "funnel-sequence-completion-plugin",
	Doc:  "How many identifiers reached each step of a sequence, within several periods of time.",
	Sigs: []string{"(IdColumn: col notdynamic, TimelineColumn: col datetime|timespan, Start: const summable, End: const summable, BinSize: const scalar, StateColumn: col notdynamic, Sequence: const array, MaxSequencePeriods: const array): table"},
	Examples: []Example{{
		`datatable(u:long, t:datetime, s:string)[
1,datetime(2007-01-01 10:00),"Hail", 1,datetime(2007-01-01 10:30),"Tornado", 1,datetime(2007-01-01 12:00),"Wind",
2,datetime(2007-01-01),"Hail"]
| evaluate funnel_sequence_completion(u, t, datetime(2007-01-01), datetime(2008-01-01), 365d, s, dynamic(['Hail','Tornado','Wind']), dynamic([1h, 4h]))`,
		`["2007-01-01T00:00:00Z","Hail","01:00:00",2]
["2007-01-01T00:00:00Z","Tornado","01:00:00",1]
["2007-01-01T00:00:00Z","Wind","01:00:00",0]
["2007-01-01T00:00:00Z","Hail","04:00:00",2]
["2007-01-01T00:00:00Z","Tornado","04:00:00",1]
["2007-01-01T00:00:00Z","Wind","04:00:00",1]`,
	}},
}

// FunnelCompletion is funnel_sequence_completion.
type FunnelCompletion struct {
	Funnel
	Periods []int64 // ticks
}

// Name of the plugin.
func (FunnelCompletion) Name() string { return funnelCompletion.Name }

// Run follows every identifier within every bin: from each occurrence of the
// first state through the earliest of the next ones, as far as the period
// allows. The furthest step counts, and all before it.
func (p FunnelCompletion) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	l, err := p.read(ctx, in[0])
	if err != nil {
		return err
	}
	counts := map[int64][][]int{} // by bin, period, step
	for _, one := range l.all {
		for from := 0; from < len(one.states); {
			bin := p.Axis.Index(types.Value{I: one.states[from].at})
			to := from
			for to < len(one.states) && p.Axis.Index(types.Value{I: one.states[to].at}) == bin {
				to++
			}
			p.count(one.states[from:to], l.steps, bin, counts)
			from = to
		}
	}
	bins := make([]int64, 0, len(counts))
	for b := range counts {
		bins = append(bins, b)
	}
	slices.Sort(bins)
	w := newWriter(out, []types.Type{p.Axis.Type, types.String, types.Timespan, types.Long})
	for _, b := range bins {
		for k, period := range p.Periods {
			for s, name := range p.Sequence {
				if err := w.add(ctx, p.Axis.Start(b), types.StringValue(name), types.TimespanValue(period), long(counts[b][k][s])); err != nil {
					return err
				}
			}
		}
	}
	return w.flush(ctx)
}

// count adds how far one identifier came within a bin.
func (p FunnelCompletion) count(states []state, steps []int, bin int64, counts map[int64][][]int) {
	times := make([][]int64, len(steps))
	for k, step := range steps {
		for _, s := range states {
			if s.name == step {
				times[k] = append(times[k], s.at)
			}
		}
	}
	if len(times[0]) == 0 {
		return
	}
	if counts[bin] == nil {
		counts[bin] = make([][]int, len(p.Periods))
		for k := range p.Periods {
			counts[bin][k] = make([]int, len(steps))
		}
	}
	for k, period := range p.Periods {
		furthest := 0
		for _, start := range times[0] {
			furthest = max(furthest, reach(times, start, period))
		}
		for s := range furthest {
			counts[bin][k][s]++
		}
	}
}

// reach is the number of steps done from an occurrence of the first.
func reach(times [][]int64, start, period int64) int {
	at := start
	for k := 1; k < len(times); k++ {
		i := sort.Search(len(times[k]), func(i int) bool { return times[k][i] > at })
		if i == len(times[k]) || times[k][i]-start > period {
			return k
		}
		at = times[k][i]
	}
	return len(times)
}
