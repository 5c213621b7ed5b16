// Package wire writes results: the JSON of the hunting contracts, JSON Lines,
// CSV and a table for people. It appends to byte slices straight from column
// vectors; nothing is boxed per value.
package wire

import (
	"math"
	"strconv"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// TimeStyle is how a contract writes datetimes.
type TimeStyle uint8

// The styles.
const (
	// TimeSeed: seven fraction digits and no Z, as in 2018.
	TimeSeed TimeStyle = iota
	// TimeTrimmed: Z, and the fraction without trailing zeros.
	TimeTrimmed
	// TimeFull: seven fraction digits and Z.
	TimeFull
)

// AppendTime writes a datetime in a style.
func AppendTime(dst []byte, ticks int64, s TimeStyle) []byte {
	at := len(dst)
	dst = types.AppendDatetime(dst, ticks) // 2018-07-09T07:16:26.8017265Z
	switch s {
	case TimeSeed:
		return dst[:len(dst)-1]
	case TimeTrimmed:
		end := len(dst) - 1
		for end > at && dst[end-1] == '0' && dst[end-2] != ':' {
			if end-1 <= at+19 {
				break
			}
			end--
		}
		if dst[end-1] == '.' {
			end--
		}
		return append(dst[:end], 'Z')
	}
	return dst
}

// AppendValue writes row i of v as JSON. NaN and infinities, which JSON does
// not have, are written as the strings that Kusto's JSON uses.
func AppendValue(dst []byte, v *types.Vector, i int, s TimeStyle) []byte {
	if v.IsNull(i) {
		return append(dst, "null"...)
	}
	switch v.Type {
	case types.Bool:
		return strconv.AppendBool(dst, v.Bools[i])
	case types.Int, types.Long:
		return strconv.AppendInt(dst, v.Ints[i], 10)
	case types.Real:
		return appendReal(dst, v.Floats[i])
	case types.Datetime:
		dst = append(dst, '"')
		return append(AppendTime(dst, v.Ints[i], s), '"')
	case types.Timespan:
		dst = append(dst, '"')
		return append(types.AppendTimespan(dst, v.Ints[i]), '"')
	case types.Dynamic:
		return append(dst, v.Strings[i]...)
	}
	return dynamic.AppendString(dst, v.Strings[i])
}

func appendReal(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	return types.AppendReal(dst, f)
}

// Object writes rows as JSON objects keyed by column name.
type Object struct {
	keys  [][]byte
	style TimeStyle
}

// NewObject prepares the keys of the columns.
func NewObject(cols []plan.Column, style TimeStyle) *Object {
	o := &Object{style: style}
	for i, c := range cols {
		k := []byte{','}
		if i == 0 {
			k[0] = '{'
		}
		k = dynamic.AppendString(k, c.Name)
		o.keys = append(o.keys, append(k, ':'))
	}
	return o
}

// Append writes row i of a batch.
func (o *Object) Append(dst []byte, b *engine.Batch, i int) []byte {
	if len(o.keys) == 0 {
		return append(dst, "{}"...)
	}
	for k, v := range b.Cols {
		dst = append(dst, o.keys[k]...)
		dst = AppendValue(dst, v, i, o.style)
	}
	return append(dst, '}')
}
