package fn

import (
	"math"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

func TestBin(t *testing.T) {
	nan := math.NaN()
	checkRows(t, Scalar, []row{
		// Recorded from the engine.
		{"bin", list(4.5, 1.0), 4.0}, {"bin", list(5, 2), 4}, {"bin", list(-5, 2), -6}, {"bin", list(-5.5, 2.0), -6.0}, {"bin", list(-0.5, 1.0), -1.0},
		{"bin", list(span("16d"), span("7d")), span("14d")}, {"bin", list(-7, 4), -8}, {"bin", list(-1, 4), -4}, {"floor", list(1.5, 0.5), 1.5},
		{"bin", list(at("1955-11-05 06:15:00.5"), span("7d")), at("1955-10-31")}, {"bin", list(at("9999-12-31 23:59:59.9999999"), span("1d")), at("9999-12-31")},
		{"bin", list(at("0001-01-01 00:00:00.0000001"), span("1d")), at("0001-01-01")}, {"bin", list(types.Real, 1.0), types.Real},
		{"bin", list(at("2020-06-15 13:45:30.7654321"), span("1ms")), at("2020-06-15 13:45:30.765")},
		{"bin_at", list(6.5, 2.5, 7.0), 4.5}, {"bin_at", list(span("1h"), span("1d"), span("12h")), span("-12h")},
		{"bin_at", list(at("2017-05-15 10:20"), span("1d"), at("1970-01-01 12:00")), at("2017-05-14 12:00")},
		{"bin_at", list(at("2017-05-17 10:20"), span("7d"), at("2017-06-04")), at("2017-05-14")},
		{"bin_at", list(at("2023-03-12 07:30"), span("90m"), at("2023-03-12 00:07")), at("2023-03-12 06:07")},
		{"bin_at", list(at("1955-11-05 06:15"), span("3h"), at("1955-11-05 00:30")), at("1955-11-05 03:30")},
		// A size of zero or less is null; so is a multiple out of range.
		{"bin", list(5, 0), types.Long}, {"bin", list(5, -1), types.Long}, {"bin", list(5.0, -1.0), types.Real}, {"bin", list(5.0, nan), types.Real},
		{"bin", list(nan, 1.0), nan}, {"bin", list(math.MinInt64, 10), types.Long}, {"bin", list(math.MinInt64, 2), math.MinInt64},
		{"bin", list(decText("-0.5"), decText("1")), decText("-1")}, {"bin", list(decText("7.25"), decText("0.5")), decText("7")}, {"bin", list(decText("1"), decText("0")), types.Decimal},
		{"bin_at", list(5, 0, 1), types.Long}, {"bin_at", list(at("0001-01-01"), span("1d"), at("2020-01-01 12:00")), types.Datetime},
		{"bin_at", list(decText("6.5"), decText("2.5"), decText("7")), decText("4.5")}, {"bin_at", list(math.MaxInt64, 10, math.MinInt64), 9223372036854775802},
	})
}

func TestRounding(t *testing.T) {
	inf := math.Inf(1)
	checkRows(t, Scalar, []row{
		// Recorded from the engine or on the reference page.
		{"round", list(2.98765, 3), 2.988}, {"round", list(2.15, 1), 2.2}, {"round", list(2.15), 2.0}, {"round", list(-50.55, -2), -100.0}, {"round", list(21.5, -1), 20.0},
		{"round", list(2.5), 3.0}, {"round", list(-2.5), -3.0}, {"round", list(0.5), 1.0}, {"round", list(4.5), 5.0}, {"round", list(2.49999999), 2.0}, {"round", list(3.25, 1), 3.3},
		{"ceiling", list(-5.5), -5.0}, {"ceiling", list(3.25), 4.0}, {"ceiling", list(100000.5), 100001.0}, {"ceiling", list(types.Real), types.Real},
		{"abs", list(int32(-5)), 5}, {"abs", list(int32(math.MinInt32)), 2147483648}, {"abs", list(-1.5), 1.5}, {"abs", list(-inf), inf}, {"abs", list(span("-1h")), span("1h")},
		{"sign", list(int32(-5)), -1.0}, {"sign", list(11.2), 1.0}, {"sign", list(math.NaN()), 0.0}, {"sign", list(-inf), -1.0},
		// Extremes.
		{"abs", list(math.MinInt64), math.MinInt64}, {"abs", list(decText("-1.5")), decText("1.5")},
		{"round", list(1.5, 400), 1.5}, {"round", list(1e308, 5), 1e308}, {"round", list(1.5, -400), 0.0}, {"round", list(inf, -400), inf}, {"round", list(1.5, math.MinInt64), 0.0},
		{"round", list(15, -1), 20}, {"round", list(-15, -1), -20}, {"round", list(14, -1), 10}, {"round", list(7, 2), 7}, {"round", list(math.MaxInt64, -1), types.Long},
		{"round", list(math.MaxInt64, -2), 9223372036854775800}, {"round", list(math.MinInt64, -1), types.Long}, {"round", list(math.MaxInt64, -19), types.Long},
		{"round", list(int64(4e18), -19), 0}, {"round", list(math.MaxInt64, -20), 0}, {"round", list(int32(2147483647), -1), types.Int}, {"round", list(int32(25), -1), int32(30)},
		{"round", list(decText("2.5")), decText("3")}, {"round", list(decText("-2.345"), 2), decText("-2.35")}, {"round", list(decText("1250"), -2), decText("1300")},
		{"round", list(decText("1.5"), math.MinInt64), decText("0")}, {"ceiling", list(decText("-1.5")), decText("-1")}, {"ceiling", list(decText("1.2")), decText("2")}, {"ceiling", list(7), 7},
	})
}

func TestBits(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"binary_and", list(6, 3), 2}, {"binary_and", list(int32(-1), math.MaxInt64), math.MaxInt64}, {"binary_or", list(5, 3), 7}, {"binary_xor", list(1, 1), 0},
		{"binary_not", list(100), -101}, {"binary_shift_left", list(1, 2), 4}, {"binary_shift_left", list(1, 63), math.MinInt64}, {"binary_shift_left", list(1, 64), 1},
		{"binary_shift_left", list(1, -1), types.Long}, {"binary_shift_right", list(1, 2), 0}, {"binary_shift_right", list(-8, 1), -4}, {"binary_shift_right", list(8, math.MinInt64), types.Long},
		{"bitset_count_ones", list(42), 3}, {"bitset_count_ones", list(int32(-1)), 64}, {"binary_and", list(types.Long, 1), types.Long},
	})
}

// Reals to a relative 1e-9, as the recorded answers are compared.
func TestRealFunctions(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name string
		args []any
		want float64
	}{
		// Recorded from the engine or on the reference page.
		{"sqrt", list(-1.0), nan}, {"sqrt", list(5.5), 2.345207879911715}, {"log", list(5), 1.6094379124341003}, {"log10", list(5), 0.6989700043360189},
		{"log2", list(5), 2.321928094887362}, {"log", list(0.0), -inf}, {"exp", list(-5.5), 0.004086771438464067}, {"exp", list(100000.5), inf}, {"exp2", list(3), 8},
		{"exp10", list(2), 100}, {"pow", list(2, 63), 9.223372036854776e+18}, {"pow", list(-8, 1.0/3), nan}, {"pow", list(2.0, 0.5), 1.4142135623730951},
		{"loggamma", list(5), 3.1780538303479458}, {"gamma", list(5), 24}, {"cos", list(1), 0.5403023058681398}, {"cot", list(1), 0.6420926159343306},
		{"atan", list(0.5), 0.46364760900080609}, {"atan2", list(1, 1), 0.7853981633974483}, {"atan2", list(0, -1), math.Pi}, {"atan2", list(-1, 0), -math.Pi / 2},
		{"degrees", list(math.Pi / 4), 45}, {"degrees", list(math.Pi * 1.5), 270}, {"radians", list(90), 1.5707963267948966}, {"pi", nil, math.Pi},
		{"erf", list(1), 0.842700792949715}, {"erf", list(-3), -0.999977909503001}, {"erfc", list(-3.0), 1.999977909503001},
		{"beta_cdf", list(0.9, 10.0, 20.0), 0.9999999999999593}, {"beta_cdf", list(1.5, 10.0, 20.0), nan}, {"beta_cdf", list(-10.0, 10.0, 20.0), nan}, {"beta_cdf", list(0.1, -1.0, 20.0), 1},
		{"beta_inv", list(0.1, 10.0, 20.0), 0.22641502238874897}, {"beta_inv", list(0.1, -1.0, 20.0), nan}, {"beta_pdf", list(0.5, 10.0, 20.0), 0.746176019310951},
		{"beta_pdf", list(1.5, 10.0, 20.0), nan}, {"beta_pdf", list(0.1, -1.0, 20.0), nan},
		// Known values.
		{"beta_cdf", list(0, 2, 3), 0}, {"beta_cdf", list(1, 2, 3), 1}, {"beta_cdf", list(0.5, 1, 1), 0.5}, {"beta_cdf", list(0.5, 20000, 1), nan}, {"beta_inv", list(1, 2, 3), 1},
		{"welch_test", list(5, 1, 10, 5, 2, 12), 1}, {"gamma", list(171), 7.257415615307994e306}, {"gamma", list(0.5), math.Sqrt(math.Pi)}, {"sqrt", list(decText("2.25")), 1.5},
		{"tan", list(1), 1.5574077246549023}, {"sin", list(1), 0.8414709848078965}, {"asin", list(1), math.Pi / 2}, {"acos", list(0.5), math.Pi / 3},
	} {
		if got := call(t, Scalar, c.name, types.Real, c.args...); got.Null || !near(got.F, c.want, 1e-9) {
			t.Errorf("%s%v = %+v, want %v", c.name, c.args, got, c.want)
		}
	}
	checkRows(t, Scalar, []row{
		{"log", list(-1.0), types.Real}, {"log2", list(-8), types.Real}, {"log10", list(-0.5), types.Real}, {"asin", list(1.5), types.Real}, {"acos", list(-2), types.Real},
		{"beta_inv", list(1.5, 10.0, 20.0), types.Real}, {"beta_inv", list(0, 10.0, 20.0), types.Real}, {"sin", list(types.Real), types.Real}, {"pow", list(types.Long, 2), types.Real},
		{"rand", list(0), types.Real}, {"rand", list(-3), types.Real}, {"rand", list(1), 0.0},
	})
}

func near(got, want, eps float64) bool {
	return got == want || math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= eps*math.Abs(want)
}

// The example of the page: two samples of ten and their p-value of 0.021.
func TestWelch(t *testing.T) {
	a := []float64{27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4}
	b := []float64{27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4}
	moments := func(xs []float64) (mean, variance float64) {
		for _, x := range xs {
			mean += x / float64(len(xs))
		}
		for _, x := range xs {
			variance += (x - mean) * (x - mean) / float64(len(xs)-1)
		}
		return mean, variance
	}
	m1, v1 := moments(a)
	m2, v2 := moments(b)
	if p := welch(m1, v1, 15, m2, v2, 15); math.Abs(p-0.021) > 0.0005 {
		t.Errorf("p = %v, want 0.021", p)
	}
	// Many degrees of freedom: the normal distribution takes over seamlessly.
	if x, y := betaTail(4, 2*maxBeta), betaTail(4, 2*maxBeta+1); !near(x, y, 1e-3) {
		t.Errorf("the tail jumps from %v to %v", x, y)
	}
}

func TestBetaInverseInverts(t *testing.T) {
	for _, a := range []float64{0.5, 1, 2, 10, 500} {
		for _, b := range []float64{0.5, 3, 40} {
			for p := 0.01; p < 1; p += 0.07 {
				x, ok := betaInverse(p, a, b)
				if !ok || !near(betaCDF(x, a, b), p, 1e-9) {
					t.Errorf("beta_inv(%v, %v, %v) = %v, where the distribution is %v", p, a, b, x, betaCDF(x, a, b))
				}
			}
		}
	}
}

func TestRand(t *testing.T) {
	spec := sigFor(t, Scalar, "rand", nil)
	c := Call{N: 1000, Out: types.NewVector(types.Real, 1000)}
	spec.Eval(&c)
	seen := map[float64]bool{}
	for i, x := range c.Out.Floats {
		if x < 0 || x >= 1 {
			t.Fatalf("row %d: %v", i, x)
		}
		seen[x] = true
	}
	if len(seen) < 990 {
		t.Errorf("only %d different numbers in 1000 rows", len(seen))
	}
	if v := call(t, Scalar, "rand", types.Real, 10); v.F < 0 || v.F > 9 || v.F != math.Trunc(v.F) {
		t.Errorf("rand(10) = %v", v.F)
	}
}

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		name     string
		x        float64
		from, to string
		want     float64
	}{
		// Recorded from the engine.
		{"convert_angle", 1.2, "Degree", "Arcminute", 72}, {"convert_energy", 1.2, "Joule", "BritishThermalUnit", 0.0011373805443759806},
		{"convert_mass", 1.2, "Kilogram", "Pound", 2.6455471462185307}, {"convert_temperature", 1.2, "Kelvin", "DegreeCelsius", -271.95},
		{"convert_volume", 1.2, "CubicMeter", "AcreFoot", 0.0009728568},
		{"convert_angle", 90, "degree", "RADIAN", math.Pi / 2}, {"convert_angle", 30, "Degree", "Tilt", 0.5}, {"convert_angle", 0.5, "Tilt", "Degree", 30},
		{"convert_angle", 0.25, "Tilt", "Tilt", 0.25}, {"convert_length", 1, "UsSurveyFoot", "Meter", 1200.0 / 3937}, {"convert_length", 1, "DtpPoint", "Inch", 1.0 / 72},
		{"convert_speed", 36, "KilometerPerHour", "MeterPerSecond", 10}, {"convert_force", 5, "Newton", "Dyn", 5e5}, {"convert_temperature", -40, "DegreeFahrenheit", "DegreeCelsius", -40},
		{"convert_temperature", 100, "DegreeCelsius", "DegreeDelisle", 0}, {"convert_energy", 1, "KilowattHour", "Megajoule", 3.6},
	} {
		got := call(t, Scalar, c.name, types.Real, c.x, c.from, c.to)
		if got.Null || !near(got.F, c.want, 1e-12) && math.Abs(got.F-c.want) > 1e-12 {
			t.Errorf("%s(%v, %s, %s) = %+v, want %v", c.name, c.x, c.from, c.to, got, c.want)
		}
	}
	checkRows(t, Scalar, []row{
		{"convert_length", list(1.0, "Meter", "Furlong"), types.Real}, {"convert_length", list(types.Real, "Meter", "Meter"), types.Real}, {"convert_mass", list(1.0, "", ""), types.Real},
	})
	for _, units := range [][]unit{angleUnits, energyUnits, forceUnits, lengthUnits, massUnits, speedUnits, volumeUnits} {
		for _, u := range units {
			if !(u.size > 0) || math.IsInf(u.size, 0) {
				t.Errorf("%s has size %v", u.name, u.size)
			}
		}
	}
}
