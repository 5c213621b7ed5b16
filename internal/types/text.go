package types

import "strings"

// ParseGuid reads a guid with hyphens, without, or in braces or parentheses,
// and returns the canonical lower-case form with hyphens.
func ParseGuid(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) == 38 && (s[0] == '{' && s[37] == '}' || s[0] == '(' && s[37] == ')') {
		s = s[1:37]
	}
	hyphens := len(s) == 36
	if !hyphens && len(s) != 32 {
		return "", false
	}
	out := make([]byte, 0, 36)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if hyphens && (i == 8 || i == 13 || i == 18 || i == 23) {
			if c != '-' {
				return "", false
			}
			continue
		}
		if c >= 'A' && c <= 'F' {
			c |= 0x20
		}
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", false
		}
		if n := len(out); n == 8 || n == 13 || n == 18 || n == 23 {
			out = append(out, '-')
		}
		out = append(out, c)
	}
	return string(out), true
}

// ParseDecimal reads a decimal number, with an exponent or without, and
// returns its canonical text: no "+", no exponent, no needless zeros. Kusto's
// decimal has 34 significant digits; more are refused.
func ParseDecimal(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 128 {
		return "", false
	}
	neg := s[0] == '-'
	if neg || s[0] == '+' {
		s = s[1:]
	}
	whole := s[:countDigits(s)]
	s = s[len(whole):]
	frac := ""
	if strings.HasPrefix(s, ".") {
		frac = s[1 : 1+countDigits(s[1:])]
		s = s[1+len(frac):]
	}
	exp, ok := decimalExponent(s)
	if !ok || whole == "" && frac == "" {
		return "", false
	}
	digits := whole + frac
	point := len(whole) + exp
	for strings.HasPrefix(digits, "0") {
		digits, point = digits[1:], point-1
	}
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return "0", true
	}
	if len(digits) > 34 {
		return "", false
	}
	var text string
	switch {
	case point <= 0:
		text = "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		text = digits + strings.Repeat("0", point-len(digits))
	default:
		text = digits[:point] + "." + digits[point:]
	}
	if neg {
		text = "-" + text
	}
	return text, true
}

// decimalExponent reads "" or e[±]digits; exponents beyond ±400 are refused.
func decimalExponent(s string) (int, bool) {
	if s == "" {
		return 0, true
	}
	if s[0]|0x20 != 'e' || len(s) < 2 {
		return 0, false
	}
	s = s[1:]
	neg := s[0] == '-'
	if neg || s[0] == '+' {
		s = s[1:]
	}
	n, ok := smallNumber(s, 3)
	if !ok || n > 400 {
		return 0, false
	}
	if neg {
		return -int(n), true
	}
	return int(n), true
}
