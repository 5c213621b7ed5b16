package plugin

import (
	"context"
	"slices"
	"sort"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// sequenceRows are the plugins that follow steps over time.
var sequenceRows = []Spec{sequenceDetect, funnelSequence, funnelCompletion}

var sequenceDetect = Spec{
	Name: "sequence_detect", Ref: "sequence-detect-plugin",
	Doc:  "Occurrences of a sequence of steps, each after the one before and not too late.",
	Sigs: []string{"(TimelineColumn: col datetime|timespan, MaxSequenceStepWindow: const timespan, MaxSequenceSpan: const timespan, Expr: bool{1,}, Dimension: col notdynamic{0,}): table"},
	Examples: []Example{{
		`datatable(t:datetime, what:string, who:string)[
datetime(2026-01-01 10:00),"logon","ann", datetime(2026-01-01 10:20),"dump","ann",
datetime(2026-01-01 10:30),"dump","bob", datetime(2026-01-01 12:00),"dump","ann"]
| evaluate sequence_detect(t, 1h, 2h, logon = (what == "logon"), dump = (what == "dump"), who)`,
		`["ann","2026-01-01T10:00:00Z","2026-01-01T10:20:00Z","00:20:00"]`,
	}},
}

// maxChains bounds the work of sequence_detect.
const maxChains = 20_000_000

// SequenceDetect is sequence_detect. Its input has the time, a truth value for
// every step, and the dimensions; rows in which no step is true are left out.
type SequenceDetect struct {
	Steps     int
	Gap, Span int64 // most ticks between two steps, and from first to last
}

// Name of the plugin.
func (SequenceDetect) Name() string { return sequenceDetect.Name }

// Ordered: rows are sorted here.
func (SequenceDetect) Ordered(int) bool { return false }

// track is what happened for one combination of dimensions: the distinct times
// of every step.
type track struct {
	dims  []types.Value
	times [][]int64
}

// chain is an occurrence.
type chain struct {
	on    *track
	times []int64
}

// Run gathers the times of the steps by dimensions and lists every chain of
// times that rises; the reference shows that an occurrence of one step belongs
// to several chains. Chains are ordered by time.
func (p SequenceDetect) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	tracks, err := p.read(ctx, in[0])
	if err != nil {
		return err
	}
	s := &chainSearch{SequenceDetect: p, ctx: ctx}
	for _, t := range tracks {
		for i := range t.times {
			slices.Sort(t.times[i])
			t.times[i] = slices.Compact(t.times[i])
		}
		s.on = t
		if err := s.extend(make([]int64, 0, p.Steps)); err != nil {
			return err
		}
	}
	slices.SortStableFunc(s.found, func(a, b chain) int { return slices.Compare(a.times, b.times) })
	return p.write(ctx, s.found, in[0].Columns(), out)
}

func (p SequenceDetect) read(ctx context.Context, in plan.RowReader) ([]*track, error) {
	keys := newInterner()
	var tracks []*track
	dims := span(1+p.Steps, len(in.Columns()))
	held := 0
	err := each(ctx, in, func(b *types.Batch) error {
		if held += b.N; held > maxUses {
			return &plan.OpError{Limit: true, Message: "sequence_detect got more steps than it may hold; filter before it"}
		}
		for i := range b.N {
			if b.Cols[0].IsNull(i) {
				continue
			}
			k, fresh := keys.id(b, dims, i)
			if fresh {
				tracks = append(tracks, &track{dims: valuesAt(b, dims, i), times: make([][]int64, p.Steps)})
			}
			for s := range p.Steps {
				if v := b.Cols[1+s]; !v.IsNull(i) && v.Bools[i] {
					tracks[k].times[s] = append(tracks[k].times[s], b.Cols[0].Ints[i])
				}
			}
		}
		return nil
	})
	return tracks, err
}

type chainSearch struct {
	SequenceDetect
	ctx   context.Context
	on    *track
	found []chain
	work  int
}

// extend adds every step that can follow.
func (s *chainSearch) extend(so []int64) error {
	if len(so) == s.Steps {
		s.found = append(s.found, chain{s.on, slices.Clone(so)})
		return nil
	}
	times := s.on.times[len(so)]
	from := 0
	if len(so) > 0 {
		last := so[len(so)-1]
		from = sort.Search(len(times), func(i int) bool { return times[i] > last })
	}
	for _, t := range times[from:] {
		if len(so) > 0 && (t-so[len(so)-1] > s.Gap || t-so[0] > s.Span) {
			break
		}
		if s.work++; s.work > maxChains || len(s.found)*s.Steps > maxChains/4 {
			return &plan.OpError{Limit: true, Message: "sequence_detect finds too many sequences; make the windows shorter or the steps more special"}
		}
		if s.work&0xffff == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if err := s.extend(append(so, t)); err != nil {
			return err
		}
	}
	return nil
}

func (p SequenceDetect) write(ctx context.Context, chains []chain, cols []plan.Column, out plan.RowWriter) error {
	var outTypes []types.Type
	for _, c := range cols[1+p.Steps:] {
		outTypes = append(outTypes, c.Type)
	}
	for range p.Steps {
		outTypes = append(outTypes, cols[0].Type)
	}
	w := newWriter(out, append(outTypes, types.Timespan))
	for _, c := range chains {
		row := slices.Clone(c.on.dims)
		for _, t := range c.times {
			row = append(row, types.Value{Type: cols[0].Type, I: t})
		}
		if err := w.add(ctx, append(row, types.TimespanValue(c.times[len(c.times)-1]-c.times[0]))...); err != nil {
			return err
		}
	}
	return w.flush(ctx)
}
