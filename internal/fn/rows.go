package fn

import (
	"github.com/harrier-hunting/harrier/internal/types"
)

// copyRow copies row j of src to row i of dst, a vector of the same type.
func copyRow(dst *types.Vector, i int, src *types.Vector, j int) {
	if src.IsNull(j) {
		dst.SetNull(i)
		return
	}
	switch dst.Type.Storage() {
	case types.StoreBools:
		dst.Bools[i] = src.Bools[j]
	case types.StoreFloats:
		dst.Floats[i] = src.Floats[j]
	case types.StoreStrings:
		dst.Strings[i] = src.Strings[j]
	default:
		dst.Ints[i] = src.Ints[j]
	}
}

// maxOutput bounds the text one evaluation makes for its rows together; the
// values of a vector are all in memory at once.
const maxOutput = 256 << 20

// jsonRows computes a dynamic value for every row. make appends the value to
// dst and reports whether there is one; dst is reused, so that a row costs one
// allocation, its text.
func (c *Call) jsonRows(make func(dst []byte, i int) ([]byte, bool)) {
	var buf []byte
	for i := range c.N {
		var ok bool
		if buf, ok = make(buf[:0], i); !ok || string(buf) == "null" {
			c.Out.SetNull(i)
			continue
		}
		c.Out.Strings[i] = string(buf)
		if c.tooMuch(len(buf)) {
			return
		}
	}
}

// json reads argument k of row i as canonical JSON; a null is "null".
func (c *Call) json(k, i int) string {
	if c.Args[k].IsNull(i) {
		return "null"
	}
	return c.Args[k].Strings[i]
}
