package types

import (
	"math"
	"strconv"
	"strings"
)

// blanks are what the number parsers skip on either side of a number.
const blanks = " \t\n\v\f\r"

// ParseLong reads a long as tolong() does: decimal digits with an optional
// sign, or 0x and at most 16 hexadecimal digits without one (the bits of the
// number, so 0xFFFFFFFFFFFFFFFF is -1). A fraction or an exponent is refused.
func ParseLong(s string) (int64, bool) { return parseInteger(s, 64) }

// ParseInt reads an int as toint() does; see ParseLong.
func ParseInt(s string) (int64, bool) { return parseInteger(s, 32) }

func parseInteger(s string, bits int) (int64, bool) {
	s = strings.Trim(s, blanks)
	if len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' {
		if s[2] == '_' {
			return 0, false
		}
		n, err := strconv.ParseUint(s[2:], 16, bits)
		if bits == 32 {
			return int64(int32(n)), err == nil
		}
		return int64(n), err == nil
	}
	n, err := strconv.ParseInt(s, 10, bits)
	return n, err == nil
}

// ParseReal reads a real as todouble() does: decimal digits with an optional
// sign, point and exponent, or NaN, inf, Infinity. Numbers too large become
// infinities. "INF" is recorded as null, "inf" and "Inf" are not.
func ParseReal(s string) (float64, bool) {
	s = strings.Trim(s, blanks)
	if !decimalSyntax(s) {
		return parseSpecial(s)
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil || math.IsInf(f, 0)
}

func decimalSyntax(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	n := countDigits(s)
	digits := n
	s = s[n:]
	if strings.HasPrefix(s, ".") {
		n = countDigits(s[1:])
		digits += n
		s = s[1+n:]
	}
	if digits == 0 || s == "" {
		return digits > 0
	}
	if s[0]|0x20 != 'e' {
		return false
	}
	if s = s[1:]; s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && countDigits(s) == len(s)
}

func parseSpecial(s string) (float64, bool) {
	sign := 1
	if s != "" && (s[0] == '+' || s[0] == '-') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	switch {
	case strings.EqualFold(s, "nan"):
		return math.NaN(), true
	case s == "inf" || s == "Inf" || strings.EqualFold(s, "infinity"):
		return math.Inf(sign), true
	}
	return 0, false
}

// ParseBool reads a bool as tobool() does: true or false in any case, or an
// integer, of which only 0 is false.
func ParseBool(s string) (value, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	}
	n, ok := ParseLong(s)
	return n != 0, ok
}

// RealToLong cuts off the fraction; out of range is the nearest long, and
// neither NaN nor an infinity has one.
func RealToLong(f float64) (int64, bool) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return 0, false
	case f >= 1<<63:
		return math.MaxInt64, true
	case f <= -1<<63:
		return math.MinInt64, true
	}
	return int64(f), true
}

// RealToInt is RealToLong for the range of int.
func RealToInt(f float64) (int64, bool) {
	n, ok := RealToLong(f)
	return min(max(n, math.MinInt32), math.MaxInt32), ok
}

// LongToInt keeps the low 32 bits, as recorded: toint(2147483648) is
// -2147483648.
func LongToInt(n int64) int64 { return int64(int32(n)) }

// FormatBool prints a bool as tostring() does; inside a dynamic value it is
// true or false instead.
func FormatBool(b bool) string {
	if b {
		return "True"
	}
	return "False"
}
