package eval

import "github.com/harrier-hunting/harrier/internal/types"

// Row is one row in vectors of one value, reused from row to row.
type Row struct {
	Cols []*types.Vector
}

// NewRow makes a row of nulls with columns of the given types.
func NewRow(ts []types.Type) *Row {
	r := &Row{}
	for _, t := range ts {
		r.Add(t)
	}
	return r
}

// Add adds a column and returns its ordinal.
func (r *Row) Add(t types.Type) int {
	v := types.NewVector(t, 1)
	v.SetNull(0) // the mask stays
	r.Cols = append(r.Cols, v)
	return len(r.Cols) - 1
}

// Load copies value i of v, which has the column's type. Text is shared.
func (r *Row) Load(col int, v *types.Vector, i int) { Copy(r.Cols[col], 0, v, i) }

// Set stores a value of the column's type.
func (r *Row) Set(col int, x types.Value) {
	v := r.Cols[col]
	if !x.Null {
		v.SetValid(0)
	} else if v.Type == types.String {
		v.Strings[0] = ""
	}
	v.Set(0, x)
}

// Copy copies value i of src into place at of dst, which has its type. Text is
// shared, not copied.
func Copy(dst *types.Vector, at int, src *types.Vector, i int) {
	if src.IsNull(i) {
		dst.SetNull(at)
		if dst.Type.Storage() == types.StoreStrings {
			dst.Strings[at] = ""
		}
		return
	}
	dst.SetValid(at)
	switch dst.Type.Storage() {
	case types.StoreBools:
		dst.Bools[at] = src.Bools[i]
	case types.StoreFloats:
		dst.Floats[at] = src.Floats[i]
	case types.StoreStrings:
		dst.Strings[at] = src.Strings[i]
	default:
		dst.Ints[at] = src.Ints[i]
	}
}
