package types

import "testing"

func TestParseGuid(t *testing.T) {
	const want = "12e8b78d-55b4-46ae-b068-26d7a0080254"
	for _, text := range []string{
		want, "12E8B78D-55B4-46AE-B068-26D7A0080254", "{12e8b78d-55b4-46ae-b068-26d7a0080254}",
		"(12e8b78d-55b4-46ae-b068-26d7a0080254)", "12e8b78d55b446aeb06826d7a0080254", "  " + want + " ",
	} {
		if got, ok := ParseGuid(text); !ok || got != want {
			t.Errorf("%q: got %q (%v)", text, got, ok)
		}
	}
	for _, text := range []string{"", "x", want[1:], want + "0", "12e8b78d-55b4-46ae-b068_26d7a0080254", "{" + want,
		"12e8b78g-55b4-46ae-b068-26d7a0080254", "1-2e8b78d55b4-46ae-b068-26d7a0080254"} {
		if got, ok := ParseGuid(text); ok {
			t.Errorf("%q: got %q, want a refusal", text, got)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"0", "0"}, {"-0.00", "0"}, {"3", "3"}, {"+3.50", "3.5"}, {"0.1", "0.1"}, {".5", "0.5"}, {"5.", "5"},
		{"-12.340", "-12.34"}, {"007", "7"}, {"1e3", "1000"}, {"12.5E-3", "0.0125"}, {"1.25e1", "12.5"},
		{"123.45678", "123.45678"}, {"1e-400", "0." + zeros(399) + "1"},
		{"1234567890123456789012345678901234", "1234567890123456789012345678901234"},
	} {
		if got, ok := ParseDecimal(c.text); !ok || got != c.want {
			t.Errorf("%q: got %q (%v), want %q", c.text, got, ok, c.want)
		}
	}
	for _, text := range []string{"", ".", "-", "1e", "1e+", "1e999", "x", "1.2.3", "0x10", "nan", "1 2",
		"12345678901234567890123456789012345"} {
		if got, ok := ParseDecimal(text); ok {
			t.Errorf("%q: got %q, want a refusal", text, got)
		}
	}
}

func zeros(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0'
	}
	return string(b)
}
