package plan

import (
	"context"
	"math"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Each makes n run once for every partition of its rows. The inputs ins that
// are marked as parted have hidden further columns at their end, of which the
// first is the key, and are sorted by it; all hidden columns are the same in
// all rows of a partition. The other inputs are the same for all partitions.
// The result has the hidden columns at its end, too.
func Each(n *GoOp, ins []Node, parted []bool, hidden []Column) *GoOp {
	c := *n
	c.Ins = ins
	c.Out = append(append([]Column(nil), n.Out...), hidden...)
	if _, refused := n.Op.(interface{ Refusal() string }); !refused { // is said where it would run
		c.Op = &each{op: n.Op, parted: parted, hidden: hidden}
	}
	return &c
}

// Keep holds the rows of in, so that every statement of a query that reads them
// sees the same.
func Keep(in Node, at diag.Span) *GoOp { return NewGoOp(keep{}, in.Columns(), at, in) }

type keep struct{}

func (keep) Name() string     { return "keep" }
func (keep) Ordered(int) bool { return true }

func (keep) Run(ctx context.Context, in []RowReader, out RowWriter) error {
	for {
		b, err := in[0].Next(ctx)
		if b == nil || err != nil {
			return err
		}
		if err := out.Write(ctx, b); err != nil {
			return err
		}
	}
}

type each struct {
	op     RowOp
	parted []bool
	hidden []Column
}

// Name is the operator's.
func (e *each) Name() string { return e.op.Name() }

// Ordered: partitions are runs of rows.
func (e *each) Ordered(i int) bool { return e.parted[i] || e.op.Ordered(i) }

// Run reads the first parted input partition by partition and holds the rows
// of all others.
func (e *each) Run(ctx context.Context, in []RowReader, out RowWriter) error {
	first := 0
	for !e.parted[first] {
		first++
	}
	readers := make([]RowReader, len(in))
	held := make([]*heldRows, len(in))
	for i, r := range in {
		if i == first {
			continue
		}
		var err error
		if held[i], err = e.hold(ctx, i, r); err != nil {
			return err
		}
	}
	w := &eachWriter{out: out}
	p := &partition{in: in[first], visible: len(in[first].Columns()) - len(e.hidden)}
	seen := map[types.Value]bool{}
	run := func(key types.Value) error {
		for i, h := range held {
			if h != nil {
				readers[i] = h.reader(key)
			}
		}
		return e.op.Run(ctx, readers, w)
	}
	for {
		more, err := p.open(ctx)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		w.hidden = p.hidden
		readers[first] = p
		seen[p.key] = true
		if err := run(p.key); err != nil {
			return err
		}
		if err := p.skip(ctx); err != nil {
			return err
		}
	}
	// Partitions that only other inputs have rows of.
	for _, h := range held {
		if h == nil {
			continue
		}
		for _, key := range h.keys {
			if seen[key] {
				continue
			}
			seen[key] = true
			w.hidden = h.parts[key].hidden
			readers[first] = &heldReader{cols: p.Columns()}
			if err := run(key); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyOf is row i of a key as something that compares: every NaN is the same.
func keyOf(v *types.Vector, i int) types.Value {
	k := v.Value(i)
	if k.Type == types.Real && !k.Null {
		k.I, k.F = int64(math.Float64bits(k.F)), 0
		if v.Floats[i] != v.Floats[i] {
			k.I = 0x7ff8000000000000
		}
	}
	return k
}

// partition hands out the rows of one partition after the other.
type partition struct {
	in      RowReader
	visible int
	rows    *types.Batch
	at      int
	key     types.Value
	hidden  []types.Value
}

// open starts the next partition, if there is one.
func (p *partition) open(ctx context.Context) (bool, error) {
	if ok, err := p.fill(ctx); !ok {
		return false, err
	}
	p.key = keyOf(p.rows.Cols[p.visible], p.at)
	p.hidden = nil
	for _, v := range p.rows.Cols[p.visible:] {
		p.hidden = append(p.hidden, v.Value(p.at))
	}
	return true, nil
}

// fill sees to it that there is a row to look at.
func (p *partition) fill(ctx context.Context) (bool, error) {
	for p.rows == nil || p.at == p.rows.N {
		b, err := p.in.Next(ctx)
		if b == nil || err != nil {
			return false, err
		}
		p.rows, p.at = b, 0
	}
	return true, nil
}

// skip passes over what the operator did not read.
func (p *partition) skip(ctx context.Context) error {
	for {
		if b, err := p.Next(ctx); b == nil || err != nil {
			return err
		}
	}
}

// Columns are those that the operator knows of.
func (p *partition) Columns() []Column { return p.in.Columns()[:p.visible] }

// Next returns the next rows of the partition, nil at its end.
func (p *partition) Next(ctx context.Context) (*types.Batch, error) {
	if ok, err := p.fill(ctx); !ok {
		return nil, err
	}
	from, keys := p.at, p.rows.Cols[p.visible]
	for p.at < p.rows.N && sameKey(keys, p.at, p.hidden[0]) {
		p.at++
	}
	if p.at == from {
		return nil, nil
	}
	s := p.rows.Slice(from, p.at)
	s.Cols = s.Cols[:p.visible]
	return s, nil
}

func sameKey(v *types.Vector, i int, k types.Value) bool {
	if v.IsNull(i) || k.Null {
		return v.IsNull(i) && k.Null
	}
	switch v.Type.Storage() {
	case types.StoreBools:
		return v.Bools[i] == k.Bool()
	case types.StoreFloats:
		return v.Floats[i] == k.F || v.Floats[i] != v.Floats[i] && k.F != k.F
	case types.StoreStrings:
		return v.Strings[i] == k.S
	}
	return v.Ints[i] == k.I
}

// heldRows are all rows of an input, by partition if it is parted.
type heldRows struct {
	cols  []Column
	rows  *types.Batch
	parts map[types.Value]heldPart // nil: the same rows for all
	keys  []types.Value            // of parts, in order
}

type heldPart struct {
	from, to int
	hidden   []types.Value
}

func (e *each) hold(ctx context.Context, i int, r RowReader) (*heldRows, error) {
	rows, err := ReadAll(ctx, r)
	if err != nil {
		return nil, err
	}
	h := &heldRows{cols: r.Columns(), rows: rows}
	if !e.parted[i] {
		return h, nil
	}
	visible := len(h.cols) - len(e.hidden)
	h.cols, h.parts = h.cols[:visible], map[types.Value]heldPart{}
	for at := 0; at < rows.N; {
		part := heldPart{from: at}
		for _, v := range rows.Cols[visible:] {
			part.hidden = append(part.hidden, v.Value(at))
		}
		key := keyOf(rows.Cols[visible], at)
		for at < rows.N && sameKey(rows.Cols[visible], at, part.hidden[0]) {
			at++
		}
		part.to = at
		h.parts[key] = part
		h.keys = append(h.keys, key)
	}
	rows.Cols = rows.Cols[:visible]
	return h, nil
}

func (h *heldRows) reader(key types.Value) RowReader {
	if h.parts == nil {
		return &heldReader{h.cols, h.rows}
	}
	p := h.parts[key] // no rows when there is none
	return &heldReader{h.cols, h.rows.Slice(p.from, p.to)}
}

// heldReader hands out rows at once; nil rows are none.
type heldReader struct {
	cols []Column
	rows *types.Batch
}

// Columns of the rows.
func (r *heldReader) Columns() []Column { return r.cols }

// Next returns all rows the first time.
func (r *heldReader) Next(context.Context) (*types.Batch, error) {
	b := r.rows
	r.rows = nil
	if b != nil && b.N == 0 {
		return nil, nil
	}
	return b, nil
}

// eachWriter puts the hidden columns behind the rows of the operator.
type eachWriter struct {
	out    RowWriter
	hidden []types.Value
}

// Write hands rows on.
func (w *eachWriter) Write(ctx context.Context, b *types.Batch) error {
	wide := &types.Batch{N: b.N, Cols: append([]*types.Vector(nil), b.Cols...)}
	for _, x := range w.hidden {
		v := types.NewVector(x.Type, b.N)
		for i := range b.N {
			v.Set(i, x)
		}
		wide.Cols = append(wide.Cols, v)
	}
	return w.out.Write(ctx, wide)
}
