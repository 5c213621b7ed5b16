package dynamic

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/types"
)

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. Only what JSON demands is escaped;
// bytes that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			if r, n := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
			dst = append(append(dst, s[from:i]...), "\uFFFD"...)
			i++
			from = i
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = appendEscape(append(dst, s[from:i]...), c)
		i++
		from = i
	}
	return append(append(dst, s[from:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// Quote returns s as a JSON string.
func Quote(s string) string {
	return string(AppendString(make([]byte, 0, len(s)+2), s))
}

// AppendLong appends an integer.
func AppendLong(dst []byte, n int64) []byte { return strconv.AppendInt(dst, n, 10) }

// AppendBool appends true or false.
func AppendBool(dst []byte, b bool) []byte { return strconv.AppendBool(dst, b) }

// AppendReal appends a number that reads back as a real. JSON has no NaN and
// no infinities: they become strings, as recorded from make_list.
func AppendReal(dst []byte, f float64) []byte {
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

// AppendRow appends row i of a vector of any KQL type as a dynamic value.
// What JSON cannot say becomes a string (datetime, timespan, guid, decimal).
func AppendRow(dst []byte, v *types.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, "null"...)
	}
	switch v.Type {
	case types.Bool:
		return AppendBool(dst, v.Bools[i])
	case types.Int, types.Long:
		return AppendLong(dst, v.Ints[i])
	case types.Real:
		return AppendReal(dst, v.Floats[i])
	case types.Datetime:
		return append(types.AppendDatetime(append(dst, '"'), v.Ints[i]), '"')
	case types.Timespan:
		return append(types.AppendTimespan(append(dst, '"'), v.Ints[i]), '"')
	case types.Dynamic:
		return append(dst, v.Strings[i]...)
	}
	return AppendString(dst, v.Strings[i])
}

// FromValue returns a constant of any KQL type as a dynamic value.
func FromValue(x types.Value) string {
	v := types.NewVector(x.Type, 1)
	v.Set(0, x)
	return string(AppendRow(nil, v, 0))
}

// AppendArray appends an array of canonical items.
func AppendArray(dst []byte, items []string) []byte {
	dst = append(dst, '[')
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, item...)
	}
	return append(dst, ']')
}
