package fn

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// castRow converts row i of v to type t, as the to…() function of t does. It
// is the one place that knows what becomes what; ok is false for null and for
// a value that t cannot hold. Strings are not copied.
//
// A pair of types without a meaning (a guid as a number) gives null, as any
// failed conversion does.
func castRow(v *types.Vector, i int, t types.Type) (x types.Value, ok bool) {
	x.Type = t
	if v.IsNull(i) {
		return x, false
	}
	if v.Type == t {
		switch t.Storage() {
		case types.StoreBools:
			return types.BoolValue(v.Bools[i]), true
		case types.StoreFloats:
			x.F = v.Floats[i]
		case types.StoreStrings:
			x.S = v.Strings[i]
		default:
			x.I = v.Ints[i]
		}
		return x, true
	}
	switch t {
	case types.Bool:
		var b bool
		b, ok = boolOf(v, i)
		return types.BoolValue(b), ok
	case types.Int:
		x.I, ok = intOf(v, i)
	case types.Long:
		x.I, ok = longOf(v, i)
	case types.Real:
		x.F, ok = realOf(v, i)
	case types.Decimal:
		x.S, ok = decimalFrom(v, i)
	case types.Datetime:
		x.I, ok = ticksOf(v, i, types.ParseDatetime, dynamic.AsDatetime)
		ok = ok && types.ValidDatetime(x.I)
	case types.Timespan:
		x.I, ok = ticksOf(v, i, types.ParseTimespan, dynamic.AsTimespan)
	case types.Guid:
		if v.Type == types.String || v.Type == types.Dynamic {
			x.S, ok = looseGuid(textOf(v, i))
		}
	case types.String:
		x.S, ok = textOf(v, i), true
	case types.Dynamic:
		x.S, ok = string(dynamic.AppendRow(nil, v, i)), true
	}
	return x, ok
}

func boolOf(v *types.Vector, i int) (value, ok bool) {
	switch v.Type {
	case types.Int, types.Long:
		return v.Ints[i] != 0, true
	case types.Real:
		return v.Floats[i] != 0, true
	case types.Decimal:
		return v.Strings[i] != "0", true
	case types.String:
		return types.ParseBool(v.Strings[i])
	case types.Dynamic:
		return dynamic.AsBool(v.Strings[i])
	}
	return false, false
}

func intOf(v *types.Vector, i int) (int64, bool) {
	switch v.Type {
	case types.Real:
		return types.RealToInt(v.Floats[i])
	case types.String:
		return types.ParseInt(v.Strings[i])
	case types.Dynamic:
		return dynamic.AsInt(v.Strings[i])
	}
	n, ok := longOf(v, i)
	return types.LongToInt(n), ok
}

func longOf(v *types.Vector, i int) (int64, bool) {
	switch v.Type {
	case types.Bool:
		if v.Bools[i] {
			return 1, true
		}
		return 0, true
	case types.Int, types.Long, types.Datetime, types.Timespan:
		return v.Ints[i], true
	case types.Real:
		return types.RealToLong(v.Floats[i])
	case types.Decimal:
		whole, _, _ := strings.Cut(v.Strings[i], ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		return n, err == nil
	case types.String:
		return types.ParseLong(v.Strings[i])
	case types.Dynamic:
		return dynamic.AsLong(v.Strings[i])
	}
	return 0, false
}

func realOf(v *types.Vector, i int) (float64, bool) {
	switch v.Type {
	case types.Decimal:
		return decimalToReal(v.Strings[i]), true
	case types.String:
		return types.ParseReal(v.Strings[i])
	case types.Dynamic:
		return dynamic.AsReal(v.Strings[i])
	}
	n, ok := longOf(v, i)
	return float64(n), ok
}

// decimalFrom goes through text: the decimal of the real 0.1 is 0.1.
func decimalFrom(v *types.Vector, i int) (string, bool) {
	switch v.Type {
	case types.Bool, types.Int, types.Long:
		n, ok := longOf(v, i)
		return strconv.FormatInt(n, 10), ok
	case types.Real:
		return types.ParseDecimal(strconv.FormatFloat(v.Floats[i], 'e', -1, 64))
	case types.String:
		return types.ParseDecimal(v.Strings[i])
	case types.Dynamic:
		return dynamic.AsDecimal(v.Strings[i])
	}
	return "", false
}

// ticksOf reads a datetime or timespan: a number is ticks.
func ticksOf(v *types.Vector, i int, parse, read func(string) (int64, bool)) (int64, bool) {
	switch v.Type {
	case types.Int, types.Long, types.Real:
		return longOf(v, i)
	case types.String:
		return parse(v.Strings[i])
	case types.Dynamic:
		return read(v.Strings[i])
	}
	return 0, false
}

// looseGuid reads the first 32 hexadecimal digits of s as toguid() does: a
// hyphen may stand, or be missing, at each of its four places, and what
// follows the digits is ignored (query/toguid-function.md).
func looseGuid(s string) (string, bool) {
	s = strings.TrimLeft(s, " \t\r\n{(")
	var out [36]byte
	n := 0
	for i := 0; i < len(s) && n < len(out); i++ {
		c := s[i]
		if n == 8 || n == 13 || n == 18 || n == 23 {
			out[n] = '-'
			n++
			if c == '-' {
				continue
			}
		}
		switch {
		case c >= 'A' && c <= 'F':
			c |= 0x20
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f':
		default:
			return "", false
		}
		out[n] = c
		n++
	}
	return string(out[:]), n == len(out)
}
