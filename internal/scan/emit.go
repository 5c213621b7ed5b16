package scan

import (
	"context"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// matched makes the record step k's part of its state and hands it out.
func (r *run) matched(k int, st *state) {
	for x, e := range r.op.Extras {
		if e.Parameter < 0 && e.Step == k {
			st.values[x] = kept(r.values[e.Col])
		}
	}
	switch r.op.Steps[k].Output {
	case All:
		r.add(r.values, st.id)
	case Last:
		st.pending = make([]types.Value, len(r.values))
		for i, v := range r.values {
			st.pending[i] = kept(v)
		}
	}
}

// kept is a value that outlives its batch.
func kept(v types.Value) types.Value {
	v.S = strings.Clone(v.S)
	return v
}

// handOut writes the record that a state kept back.
func (r *run) handOut(st *state) {
	if st.pending != nil {
		r.add(st.pending, st.id)
		st.pending = nil
	}
}

// add adds a row to the output.
func (r *run) add(row []types.Value, id int64) {
	at := r.out.N
	for i, v := range row {
		r.out.Cols[i].Grow(at + 1)
		r.out.Cols[i].Set(at, v)
	}
	if r.op.MatchID {
		v := r.out.Cols[len(row)]
		v.Grow(at + 1)
		v.Ints[at] = id
	}
	r.out.N++
}

// flush writes the rows collected so far.
func (r *run) flush(ctx context.Context) error {
	if r.out.N == 0 {
		return nil
	}
	err := r.write.Write(ctx, r.out)
	for _, v := range r.out.Cols {
		v.Reset(v.Type, 0)
	}
	r.out.N = 0
	return err
}

// end hands out what is kept back.
func (r *run) end(ctx context.Context) error {
	for i, s := range r.ordered {
		for k := range s.states {
			r.handOut(&s.states[k])
		}
		if i&1023 == 1023 {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
	return r.flush(ctx)
}

// sequencesOf finds the states of record i's partition.
func (r *run) sequencesOf(b *types.Batch, i int) (*sequences, error) {
	if len(r.op.Partition) == 0 {
		return r.only, nil
	}
	r.key = r.key[:0]
	for _, c := range r.op.Partition {
		r.key = append(dynamic.AppendRow(r.key, b.Cols[c], i), 0)
	}
	if s := r.byKey[string(r.key)]; s != nil {
		return s, nil
	}
	if (len(r.byKey)+1)*len(r.steps)*(len(r.op.Extras)+1) > maxStateValues {
		return nil, &plan.OpError{Limit: true, Message: "scan: more partitions than it may hold at once; filter before it or partition by fewer columns"}
	}
	s := r.newSequences()
	r.byKey[string(r.key)] = s
	return s, nil
}
