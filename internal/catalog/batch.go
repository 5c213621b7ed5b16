package catalog

import "github.com/harrier-hunting/harrier/internal/types"

// Batch is rows of one table, column by column: what sources produce and
// stores take. Column i belongs to Table.Columns[i]; a string has no null.
type Batch struct {
	Table *Table
	N     int
	Cols  []*types.Vector
}

// NewBatch makes an empty batch of a table of today.
func NewBatch(t *Table) *Batch {
	b := &Batch{Table: t, Cols: make([]*types.Vector, len(t.Columns))}
	for i, c := range t.Columns {
		b.Cols[i] = types.NewVector(c.Type, 0)
	}
	return b
}

// AddRow appends a row of nulls (and empty strings) and returns its number.
func (b *Batch) AddRow() int {
	i := b.N
	b.N++
	for _, v := range b.Cols {
		v.Grow(b.N)
		if v.Type != types.String {
			v.SetNull(i)
		}
	}
	return i
}

// Set stores a value; its type is the column's.
func (b *Batch) Set(row, col int, v types.Value) {
	if v.Null {
		return
	}
	b.Cols[col].SetValid(row)
	b.Cols[col].Set(row, v)
}

// Reset empties the batch, keeping its memory for the next rows.
func (b *Batch) Reset() {
	b.N = 0
	for i, c := range b.Table.Columns {
		b.Cols[i].Reset(c.Type, 0)
	}
}
