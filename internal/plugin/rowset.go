package plugin

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// chunk is how many rows are written at once.
const chunk = 2048

// writer gathers rows into batches.
type writer struct {
	out  plan.RowWriter
	rows *types.Batch
}

func newWriter(out plan.RowWriter, cols []types.Type) *writer {
	w := &writer{out: out, rows: types.NewBatch(len(cols))}
	for i, t := range cols {
		w.rows.Cols[i] = types.NewVector(t, chunk)
	}
	return w
}

// add writes one row of values of the columns' types.
func (w *writer) add(ctx context.Context, row ...types.Value) error {
	for i, v := range row {
		w.rows.Cols[i].Set(w.rows.N, v)
	}
	if w.rows.N++; w.rows.N == chunk {
		return w.flush(ctx)
	}
	return nil
}

// flush hands on what was gathered.
func (w *writer) flush(ctx context.Context) error {
	if w.rows.N == 0 {
		return nil
	}
	if err := w.out.Write(ctx, w.rows); err != nil {
		return err
	}
	w.rows.N = 0
	for _, c := range w.rows.Cols {
		c.Reset(c.Type, chunk)
	}
	return nil
}

// appendKey appends a value in a form in which equal values are equal bytes and
// no value is the beginning of another's.
func appendKey(dst []byte, v *types.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch v.Type.Storage() {
	case types.StoreBools:
		if v.Bools[i] {
			return append(dst, 1)
		}
		return append(dst, 0)
	case types.StoreFloats:
		f := v.Floats[i]
		if f == 0 {
			f = 0 // -0 is 0
		}
		if f != f {
			f = math.NaN() // there is one
		}
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(f))
	case types.StoreStrings:
		dst = binary.AppendUvarint(dst, uint64(len(v.Strings[i])))
		return append(dst, v.Strings[i]...)
	}
	return binary.LittleEndian.AppendUint64(dst, uint64(v.Ints[i]))
}

// interner numbers keys in the order in which they come.
type interner struct {
	ids map[string]int
	buf []byte
}

func newInterner() *interner { return &interner{ids: map[string]int{}} }

// id numbers the combination of values of columns cols in row i; fresh tells
// that it is a new one.
func (n *interner) id(b *types.Batch, cols []int, i int) (id int, fresh bool) {
	n.buf = n.buf[:0]
	for _, c := range cols {
		n.buf = appendKey(n.buf, b.Cols[c], i)
	}
	id, ok := n.ids[string(n.buf)]
	if !ok {
		id = len(n.ids)
		n.ids[string(n.buf)] = id
	}
	return id, !ok
}

// valuesAt copies values of a row.
func valuesAt(b *types.Batch, cols []int, i int) []types.Value {
	out := make([]types.Value, len(cols))
	for k, c := range cols {
		out[k] = b.Cols[c].Value(i)
	}
	return out
}

// each calls f for every batch of an input.
func each(ctx context.Context, in plan.RowReader, f func(*types.Batch) error) error {
	for {
		b, err := in.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		if err := f(b); err != nil {
			return err
		}
	}
}

// span lists the numbers from..to-1.
func span(from, to int) []int {
	out := make([]int, 0, max(to-from, 0))
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}
