package fn

import (
	"errors"
	"strconv"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// maxText bounds a string that a function makes: 16 MiB.
const maxText = 16 << 20

var errOutputSize = errors.New("a function makes more than 256 MiB for a few thousand rows; make its arguments shorter, or filter before it")

// tooMuch adds n bytes to what the call made, and fails the call when that is
// too much. Functions whose result may be many times their arguments ask
// before, or after every row.
func (c *Call) tooMuch(n int) bool {
	if c.made += n; c.made > maxOutput {
		c.Err = errOutputSize
	}
	return c.made > maxOutput
}

// Made is the size of a call's texts together, in bytes. It fails a call that
// made too much, for functions that did not ask.
func (c *Call) Made() int {
	c.made = 0
	for _, s := range c.Out.Strings {
		c.made += len(s)
	}
	c.tooMuch(0)
	return c.made
}

// texts reads a vector of any type as text, the way tostring() does: null is
// "", a dynamic string is its content.
type texts struct {
	v    *types.Vector
	strs []string // the values themselves, when they are text already
}

// text reads argument k as text.
func (c *Call) text(k int) texts {
	t := texts{v: c.Args[k]}
	if t.v.Type == types.String {
		t.strs = t.v.Strings
	}
	return t
}

// at returns the text of row i.
func (t texts) at(i int) string {
	if t.strs != nil {
		return t.strs[i]
	}
	return textOf(t.v, i)
}

// textOf returns row i of v as text.
func textOf(v *types.Vector, i int) string {
	if v.IsNull(i) {
		return ""
	}
	switch v.Type {
	case types.String, types.Guid, types.Decimal:
		return v.Strings[i]
	case types.Dynamic:
		return dynamic.AsString(v.Strings[i])
	}
	var buf [40]byte
	return string(appendText(buf[:0], v, i))
}

// appendText appends row i of v as text.
func appendText(dst []byte, v *types.Vector, i int) []byte {
	if v.IsNull(i) {
		return dst
	}
	switch v.Type {
	case types.Bool:
		if v.Bools[i] {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case types.Int, types.Long:
		return strconv.AppendInt(dst, v.Ints[i], 10)
	case types.Real:
		return types.AppendReal(dst, v.Floats[i])
	case types.Datetime:
		return types.AppendDatetime(dst, v.Ints[i])
	case types.Timespan:
		return types.AppendTimespan(dst, v.Ints[i])
	case types.Dynamic:
		return append(dst, dynamic.AsString(v.Strings[i])...)
	}
	return append(dst, v.Strings[i]...)
}
