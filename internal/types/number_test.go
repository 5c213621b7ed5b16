package types

import (
	"math"
	"testing"
)

// Recorded answers of toint, tolong, todouble and tobool.
func TestParseNumbers(t *testing.T) {
	for s, want := range map[string]int64{
		"42": 42, "  42  ": 42, "\t456\t": 456, "00789": 789, "+0": 0, "-0": 0, "0x7FFFFFFFFFFFFFFF": math.MaxInt64, "0xFFFFFFFFFFFFFFFF": -1,
		"0X1f": 31, "-9223372036854775808": math.MinInt64,
	} {
		if n, ok := ParseLong(s); !ok || n != want {
			t.Errorf("ParseLong(%q) = %d, %v, want %d", s, n, ok, want)
		}
	}
	for _, s := range []string{"", " ", "4 2", "1_000", "0b101", "-0x10", "0x", "0x_1", "9223372036854775808", "12.7", "1e3", "abc", "١"} {
		if n, ok := ParseLong(s); ok {
			t.Errorf("ParseLong(%q) = %d", s, n)
		}
	}
	if n, ok := ParseInt("0xFFFFFFFF"); !ok || n != -1 {
		t.Errorf("ParseInt of all bits = %d, %v", n, ok)
	}
	if _, ok := ParseInt("2147483648"); ok {
		t.Error("ParseInt accepts 2^31")
	}
	for s, want := range map[string]float64{
		"1.5e3": 1500, ".5": 0.5, "5.": 5, "+2": 2, "-0.5E-3": -0.0005, "1e400": math.Inf(1), "-1e400": math.Inf(-1), "1e-400": 0,
		"inf": math.Inf(1), "-Infinity": math.Inf(-1), "+Inf": math.Inf(1),
	} {
		if f, ok := ParseReal(s); !ok || f != want {
			t.Errorf("ParseReal(%q) = %g, %v, want %g", s, f, ok, want)
		}
	}
	for _, s := range []string{"", ".", "e5", "1e", "1e+", "INF", "0x10", "1_0", "1,5", "1 0", "--1", "1.2.3"} {
		if f, ok := ParseReal(s); ok {
			t.Errorf("ParseReal(%q) = %g", s, f)
		}
	}
	for _, s := range []string{" true", "true ", "yes", "", "1.0", "t"} {
		if b, ok := ParseBool(s); ok {
			t.Errorf("ParseBool(%q) = %v", s, b)
		}
	}
}
