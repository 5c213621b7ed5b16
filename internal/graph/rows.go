package graph

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// rows collects what matches project: the slots of some matches, over which the
// projection is then computed at once.
type rows struct {
	slots *slots
	used  []int // slots that the projection reads
	n     int
	cols  []*types.Vector // of all slots; nil: not used
	out   []*eval.Machine
	batch *types.Batch
	write plan.RowWriter
}

// rowsAtOnce is how many matches are projected at a time.
const rowsAtOnce = 1024

func newRows(s *slots, project []*eval.Prog, w plan.RowWriter) *rows {
	r := &rows{slots: s, cols: make([]*types.Vector, len(s.refs)), batch: types.NewBatch(len(project)), write: w}
	for _, p := range project {
		r.out = append(r.out, p.Machine())
		for _, i := range p.Columns() {
			if r.cols[i] == nil {
				r.cols[i] = types.NewVector(s.refs[i].Type, rowsAtOnce)
				r.used = append(r.used, i)
			}
		}
	}
	return r
}

// add adds the match that is bound.
func (r *rows) add(ctx context.Context) error {
	for _, i := range r.used {
		if err := r.slots.load(i); err != nil {
			return err
		}
		eval.Copy(r.cols[i], r.n, r.slots.row.Cols[i], 0)
	}
	r.n++
	if r.n < rowsAtOnce {
		return nil
	}
	return r.flush(ctx)
}

// flush writes the rows collected so far.
func (r *rows) flush(ctx context.Context) error {
	if r.n == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, i := range r.used {
		r.cols[i].Len = r.n
	}
	for k, m := range r.out {
		v, err := m.Run(r.n, r.cols)
		if err != nil {
			return err
		}
		r.batch.Cols[k] = v
	}
	r.batch.N = r.n
	if err := r.write.Write(ctx, r.batch); err != nil {
		return err
	}
	for _, i := range r.used {
		r.cols[i].Reset(r.cols[i].Type, rowsAtOnce)
	}
	r.n = 0
	return nil
}
