package scan

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// run is one run of a scan.
type run struct {
	op    *Op
	row   *eval.Row
	extra int // ordinal of the first extra column in row
	steps []stepRun

	only    *sequences // without partitions
	byKey   map[string]*sequences
	ordered []*sequences // in order of their first record
	key     []byte
	next    int64 // match id

	values []types.Value // the record as it is handed out
	out    *types.Batch
	write  plan.RowWriter
}

type stepRun struct {
	free   []bool // for the records of the batch
	bound  *eval.Machine
	assign []*eval.Machine
	// reads are the input's columns that bound and assign look at.
	reads []int
}

// sequences are the states of all steps, for one partition.
type sequences struct {
	states []state
}

// state is a step's state: the values of op.Extras that belong to it and to
// steps before it, and the last record when that is still to be handed out.
type state struct {
	active  bool
	id      int64
	values  []types.Value
	pending []types.Value
}

func newRun(o *Op, w plan.RowWriter) *run {
	r := &run{op: o, write: w, extra: len(o.Inputs) + len(o.Defaults), byKey: map[string]*sequences{}}
	ts := append([]types.Type{}, o.Inputs...)
	for _, d := range o.Defaults {
		ts = append(ts, d.Type)
	}
	r.values = make([]types.Value, len(ts))
	columns := len(ts)
	for _, x := range o.Extras {
		ts = append(ts, x.Type)
	}
	r.row = eval.NewRow(ts)
	for i, d := range o.Defaults {
		r.row.Set(len(o.Inputs)+i, d)
	}
	r.out = types.NewBatch(columns)
	for i := range columns {
		r.out.Cols[i] = types.NewVector(ts[i], 0)
	}
	if o.MatchID {
		r.out.Cols = append(r.out.Cols, types.NewVector(types.Long, 0))
	}
	for i := range o.Steps {
		r.steps = append(r.steps, newStep(o, &o.Steps[i]))
	}
	r.only = r.newSequences()
	return r
}

func newStep(o *Op, s *Step) stepRun {
	var out stepRun
	seen := map[int]bool{}
	reads := func(p *eval.Prog) {
		for _, c := range p.Columns() {
			if c < len(o.Inputs) && !seen[c] {
				seen[c] = true
				out.reads = append(out.reads, c)
			}
		}
	}
	if s.Bound != nil {
		out.bound = s.Bound.Machine()
		reads(s.Bound)
	}
	for _, a := range s.Assign {
		out.assign = append(out.assign, a.X.Machine())
		reads(a.X)
	}
	return out
}

func (r *run) newSequences() *sequences {
	s := &sequences{states: make([]state, len(r.op.Steps))}
	for k := range s.states {
		s.states[k].values = make([]types.Value, len(r.op.Extras))
		r.clear(&s.states[k])
	}
	r.ordered = append(r.ordered, s)
	return s
}

// clear empties a state: what it does not hold reads as a default or null.
func (r *run) clear(s *state) {
	s.active = false
	for i := range r.op.Extras {
		s.values[i] = r.blank(i)
	}
}

func (r *run) blank(i int) types.Value {
	x := r.op.Extras[i]
	if x.Parameter < 0 && x.Col >= len(r.op.Inputs) {
		return r.op.Defaults[x.Col-len(r.op.Inputs)]
	}
	return types.Null(x.Type)
}

// batch scans some records.
func (r *run) batch(ctx context.Context, b *types.Batch) error {
	if err := r.conditions(b); err != nil {
		return err
	}
	for i := range b.N {
		if i&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := r.record(b, i); err != nil {
			return err
		}
	}
	return r.flush(ctx) // its rows share text with the batch
}

// conditions computes the parts of the conditions that need no state.
func (r *run) conditions(b *types.Batch) error {
	cols := make([]*types.Vector, len(r.row.Cols))
	copy(cols, b.Cols)
	for i, d := range r.op.Defaults {
		cols[len(r.op.Inputs)+i] = repeated(d, b.N)
	}
	for k, x := range r.op.Extras {
		if x.Parameter >= 0 {
			cols[r.extra+k] = repeated(r.row.Cols[r.extra+k].Value(0), b.N)
		}
	}
	for k, s := range r.op.Steps {
		if s.Free == nil {
			continue
		}
		var err error
		if r.steps[k].free, err = s.Free.Filter(b.N, cols); err != nil {
			return err
		}
	}
	return nil
}

func repeated(x types.Value, n int) *types.Vector {
	v := types.NewVector(x.Type, n)
	for i := range n {
		v.Set(i, x)
	}
	return v
}

// record tries a record against the steps, the last one first.
func (r *run) record(b *types.Batch, i int) error {
	seq, err := r.sequencesOf(b, i)
	if err != nil {
		return err
	}
	for k := len(r.steps) - 1; k >= 0; k-- {
		s := &r.steps[k]
		if s.free != nil && !s.free[i] {
			continue
		}
		if k > 0 && seq.states[k-1].active {
			ok, err := r.meets(k, &seq.states[k-1], k-1, b, i)
			if err != nil {
				return err
			}
			if ok {
				if err := r.promote(seq, k, b, i); err != nil {
					return err
				}
				continue
			}
		}
		if k > 0 && !seq.states[k].active {
			continue
		}
		ok, err := r.meets(k, &seq.states[k], k, b, i)
		if err != nil {
			return err
		}
		if ok {
			if err := r.stay(&seq.states[k], k, b, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// meets sets up the row and tells whether record i meets the condition of step
// k, seen with the state of step from.
func (r *run) meets(k int, st *state, from int, b *types.Batch, i int) (bool, error) {
	s := &r.steps[k]
	for _, c := range s.reads {
		r.row.Load(c, b.Cols[c], i)
	}
	for x := range r.op.Extras {
		switch e := &r.op.Extras[x]; {
		case e.Parameter >= 0:
		case e.Step <= from:
			r.row.Set(r.extra+x, st.values[x])
		default:
			r.row.Set(r.extra+x, r.blank(x))
		}
	}
	if s.bound == nil {
		return true, nil
	}
	return s.bound.Bool(r.row)
}

// promote moves the state of step k-1 up to step k.
func (r *run) promote(seq *sequences, k int, b *types.Batch, i int) error {
	below, st := &seq.states[k-1], &seq.states[k]
	if err := r.assign(k, b, i); err != nil {
		return err
	}
	r.handOut(below)
	r.handOut(st)
	st.active, st.id = true, below.id
	for x, e := range r.op.Extras {
		if e.Parameter < 0 && e.Step < k {
			st.values[x] = below.values[x]
		}
	}
	r.clear(below)
	r.matched(k, st)
	return nil
}

// stay matches record i once more at a step, or begins a sequence.
func (r *run) stay(st *state, k int, b *types.Batch, i int) error {
	if err := r.assign(k, b, i); err != nil {
		return err
	}
	if !st.active {
		st.active, st.id = true, r.next
		r.next++
	}
	st.pending = nil
	r.matched(k, st)
	return nil
}

// assign computes the record as step k hands it out; the row is set up.
func (r *run) assign(k int, b *types.Batch, i int) error {
	s := &r.op.Steps[k]
	for c := range r.op.Inputs {
		r.values[c] = shared(b.Cols[c], i)
	}
	copy(r.values[len(r.op.Inputs):], r.op.Defaults)
	for j, a := range s.Assign {
		v, err := r.steps[k].assign[j].Run(1, r.row.Cols)
		if err != nil {
			return err
		}
		r.values[a.Col] = shared(v, 0)
	}
	return nil
}

// shared is value i of v without a copy of its text.
func shared(v *types.Vector, i int) types.Value {
	if v.IsNull(i) {
		return types.Null(v.Type)
	}
	switch v.Type.Storage() {
	case types.StoreStrings:
		return types.Value{Type: v.Type, S: v.Strings[i]}
	case types.StoreFloats:
		return types.Value{Type: v.Type, F: v.Floats[i]}
	case types.StoreBools:
		return types.BoolValue(v.Bools[i])
	}
	return types.Value{Type: v.Type, I: v.Ints[i]}
}
