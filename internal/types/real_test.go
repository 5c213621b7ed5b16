package types

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestFormatReal(t *testing.T) {
	third := 1.0
	tenth, fifth := 0.1, 0.2
	cases := map[float64]string{
		// Recorded from the engine.
		1.5: "1.5", 1: "1.0", 1500: "1500.0", 1e11: "100000000000.0", 3.14159: "3.14159",
		tenth + fifth: "0.30000000000000007", third / 3: "0.3333333333333333",
		math.Copysign(0, -1): "-0.0", math.Inf(1): "inf", -1.5: "-1.5",
		40.764323000000005: "40.764323000000008", 40.76422600000001: "40.76422600000001",
		50.25000000000001: "50.25000000000001", 50.74999999999999: "50.74999999999999",
		10.000000000000002: "10.000000000000002", 9.999999999999999: "9.999999999999999",
		11.000000000000002: "11.000000000000002", 50.62500000000001: "50.62500000000001",
		// By the same rules.
		math.Inf(-1): "-inf", 1e20: "100000000000000000000.0", 1e21: "1e21", 1.5e22: "1.5e22",
		1e-5: "0.00001", 1e-7: "1e-7", 1.5e-7: "1.5e-7", math.MaxFloat64: "1.7976931348623158e308",
		123456789: "123456789.0",
	}
	for f, want := range cases {
		if got := FormatReal(f); got != want {
			t.Errorf("FormatReal(%g) = %s, want %s", f, got, want)
		}
	}
	if got := FormatReal(math.NaN()); got != "NaN" {
		t.Errorf("NaN prints as %s", got)
	}
}

// Whatever is printed reads back as the same number.
func TestFormatRealRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300000 {
		f := math.Float64frombits(r.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		s := FormatReal(f)
		if back, err := strconv.ParseFloat(s, 64); err != nil || back != f {
			t.Fatalf("%x prints as %s, which reads as %x", f, s, back)
		}
		if len(s) > 26 && f > 1 && f < 1e21 {
			t.Fatalf("%x prints at length: %s", f, s)
		}
	}
}

func TestPowersOfTen(t *testing.T) {
	for i, p := range powersOfTen {
		exact, _, err := big.ParseFloat("1e"+strconv.Itoa(8*i-348), 10, 2000, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		rounded := new(big.Float).SetPrec(64).Set(exact)
		got := new(big.Float).SetMantExp(new(big.Float).SetPrec(64).SetUint64(p.f), p.e)
		if p.f>>63 != 1 || got.Cmp(rounded) != 0 {
			t.Errorf("entry %d is %v, want %v", i, got, rounded)
		}
	}
}

func BenchmarkAppendReal(b *testing.B) {
	var buf [32]byte
	for i := range b.N {
		AppendReal(buf[:0], 40.764323000000005+float64(i))
	}
}
