package types

import "strings"

// Batch is some rows, one vector per column.
type Batch struct {
	N    int
	Cols []*Vector
}

// NewBatch makes a batch without rows for n columns, which the caller fills.
func NewBatch(n int) *Batch { return &Batch{Cols: make([]*Vector, n)} }

// Append copies the rows of o, which has the same columns, to the end of b. It
// tells how many bytes of memory they took.
func (b *Batch) Append(o *Batch) (bytes int) {
	for i, v := range b.Cols {
		bytes += v.appendFrom(o.Cols[i], o.N)
	}
	b.N += o.N
	return bytes
}

// Slice is rows from to to (exclusive) of b, over the same memory.
func (b *Batch) Slice(from, to int) *Batch {
	s := &Batch{N: to - from, Cols: make([]*Vector, len(b.Cols))}
	for i, v := range b.Cols {
		s.Cols[i] = v.slice(from, to)
	}
	return s
}

func (v *Vector) slice(from, to int) *Vector {
	s := &Vector{Type: v.Type, Len: to - from, Child: v.Child}
	switch v.Type.Storage() {
	case StoreBools:
		s.Bools = v.Bools[from:to:to]
	case StoreFloats:
		s.Floats = v.Floats[from:to:to]
	case StoreStrings:
		s.Strings = v.Strings[from:to:to]
	case StoreList:
		s.Lists = v.Lists[from:to:to]
	default:
		s.Ints = v.Ints[from:to:to]
	}
	for i := from; v.Valid != nil && i < to; i++ {
		if v.IsNull(i) {
			s.SetNull(i - from)
		}
	}
	return s
}

func (v *Vector) appendFrom(o *Vector, n int) (bytes int) {
	at := v.Len
	v.Grow(at + n)
	bytes = n * 8
	switch v.Type.Storage() {
	case StoreBools:
		copy(v.Bools[at:], o.Bools[:n])
	case StoreFloats:
		copy(v.Floats[at:], o.Floats[:n])
	case StoreStrings:
		bytes += v.copyStrings(at, o.Strings[:n])
	default:
		copy(v.Ints[at:], o.Ints[:n])
	}
	if o.Valid != nil {
		for i := range n {
			if o.IsNull(i) {
				v.SetNull(at + i)
			}
		}
	}
	return bytes
}

// copyStrings copies strings into one piece of memory; they alias an engine's.
func (v *Vector) copyStrings(at int, in []string) (bytes int) {
	for _, s := range in {
		bytes += len(s)
	}
	var all strings.Builder
	all.Grow(bytes)
	for _, s := range in {
		all.WriteString(s)
	}
	text, end := all.String(), 0
	for i, s := range in {
		v.Strings[at+i] = text[end : end+len(s)]
		end += len(s)
	}
	return bytes + 16*len(in)
}
