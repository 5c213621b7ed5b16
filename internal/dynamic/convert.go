package dynamic

import (
	"strconv"

	"github.com/harrier-hunting/harrier/internal/types"
)

// The conversions below give what the to*() functions make of a dynamic value.
// A string inside is read as text would be; an array or a bag is no number.

// AsString is tostring(): a string without its quotes, "" for null, else the
// JSON text.
func AsString(text string) string {
	switch KindOf(text) {
	case Null:
		return ""
	case String:
		return Unquote(text)
	}
	return text
}

// AsLong is tolong(): a real loses its fraction, true is 1.
func AsLong(text string) (int64, bool) {
	switch KindOf(text) {
	case Bool:
		return boolLong(text), true
	case Long:
		return longOf(text), true
	case Real:
		return types.RealToLong(realOf(text))
	case String:
		return types.ParseLong(Unquote(text))
	}
	return 0, false
}

// AsInt is toint(): the low 32 bits of a long, the nearest int of a real.
func AsInt(text string) (int64, bool) {
	switch KindOf(text) {
	case Bool:
		return boolLong(text), true
	case Long:
		return types.LongToInt(longOf(text)), true
	case Real:
		return types.RealToInt(realOf(text))
	case String:
		return types.ParseInt(Unquote(text))
	}
	return 0, false
}

// AsReal is toreal().
func AsReal(text string) (float64, bool) {
	switch KindOf(text) {
	case Bool:
		return float64(boolLong(text)), true
	case Long, Real:
		return realOf(text), true
	case String:
		return types.ParseReal(Unquote(text))
	}
	return 0, false
}

// AsBool is tobool(): a number is true unless it is 0.
func AsBool(text string) (value, ok bool) {
	switch KindOf(text) {
	case Bool:
		return text[0] == 't', true
	case Long:
		return text != "0", true
	case Real:
		return realOf(text) != 0, true
	case String:
		return types.ParseBool(Unquote(text))
	}
	return false, false
}

// AsDatetime is todatetime(): a number is ticks.
func AsDatetime(text string) (int64, bool) {
	switch KindOf(text) {
	case Long:
		n := longOf(text)
		return n, n >= 0 && n <= types.MaxDatetime
	case String:
		return types.ParseDatetime(Unquote(text))
	}
	return 0, false
}

// AsTimespan is totimespan(): a number is ticks.
func AsTimespan(text string) (int64, bool) {
	switch KindOf(text) {
	case Long:
		return longOf(text), true
	case String:
		return types.ParseTimespan(Unquote(text))
	}
	return 0, false
}

// AsDecimal is todecimal().
func AsDecimal(text string) (string, bool) {
	switch KindOf(text) {
	case Bool:
		return strconv.FormatInt(boolLong(text), 10), true
	case Long, Real:
		return types.ParseDecimal(text)
	case String:
		return types.ParseDecimal(Unquote(text))
	}
	return "", false
}

func boolLong(text string) int64 {
	if text[0] == 't' {
		return 1
	}
	return 0
}

func longOf(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func realOf(text string) float64 {
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

// CompareNumbers orders two values of kind Long or Real: -1, 0, 1. A long and
// a real compare as reals do.
func CompareNumbers(a, b string) int {
	if KindOf(a) == Long && KindOf(b) == Long {
		return order(longOf(a), longOf(b))
	}
	return order(realOf(a), realOf(b))
}

func order[N int64 | float64](a, b N) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
