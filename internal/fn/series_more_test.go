package fn

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// columns runs a function with several columns on constants.
func columns(t *testing.T, name string, args ...any) []string {
	t.Helper()
	vals := make([]types.Value, len(args))
	for i, a := range args {
		vals[i] = tv(t, a)
	}
	v, err := Apply(sigFor(t, Scalar, name, vals).Eval, 0, types.Dynamic, vals...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if v.Null {
		return nil
	}
	return dynamic.AppendItems(nil, v.S)
}

func numbers(t *testing.T, text string) []float64 {
	t.Helper()
	var s series
	if s.read(text); !s.isArray {
		t.Fatalf("%s is no array", text)
	}
	return s.reals
}

func seriesText(xs []float64) types.Value { return types.DynamicValue(string(appendReals(nil, xs))) }

// Scores published with their series; the last digit is rounding.
func TestOutliersRecorded(t *testing.T) {
	got := numbers(t, string(appendReals(nil, (&fence{0.1, 0.9, fences["ctukey"].factor}).scores(
		[]float64{-3, 2.4, 15, 3.9, 5, 6, 4.5, 5.2, 3, 4, 5, 16, 7, 5, 5, 4}, []bool{true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true}, 16))))
	want := []float64{-1.9040785483608571, -0.10021466044004519, 1.3361954725339347, 0, 0, 0, 0, 0, 0, 0, 0, 1.6702443406674186, 0, 0, 0, 0}
	for k, w := range want {
		if math.Abs(got[k]-w) > 1e-14 {
			t.Errorf("item %d scores %v, want %v", k, got[k], w)
		}
	}
	checkRows(t, Scalar, []row{
		{"series_outliers", list(jsonText("[1,2,3,4,99]"), "tukey", 99), jsonText("[-0.5,0.0,0.0,0.5,0.0]")},
		{"series_outliers", list(jsonText("[1,2,3,4,9]"), "ctukey", types.Real, 10.0, 90.0, 5), jsonText("[0.0,0.0,0.0,0.0,0.0]")},
		{"series_outliers", list(jsonText("[0,0,0,0,0,0,0,0,0,0,0,5]")), jsonText(`[0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,"Infinity"]`)},
		{"series_outliers", list(jsonText("[]")), jsonText("[]")}, {"series_outliers", list(types.Dynamic), types.Dynamic},
	})
}

// Any length transforms as the definition says, and back.
func TestFourier(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		xs := make([]complex128, n)
		for k := range xs {
			xs[k] = complex(r.NormFloat64(), r.NormFloat64())
		}
		got := transform(append([]complex128{}, xs...), false)
		for k := range got {
			want := complex(0, 0)
			for j, x := range xs {
				want += x * cmplx.Rect(1, -2*math.Pi*float64(j*k%max(n, 1))/float64(n))
			}
			if cmplx.Abs(got[k]-want) > 1e-12*float64(n+1) {
				t.Fatalf("%d items: frequency %d is %v, want %v", n, k, got[k], want)
			}
		}
		for k, x := range transform(got, true) {
			if cmplx.Abs(x-xs[k]) > 1e-13 {
				t.Fatalf("%d items: item %d comes back as %v, was %v", n, k, x, xs[k])
			}
		}
	}
	if got := columns(t, "series_fft", jsonText("[0,1,0,-1]")); got[0] != "[0.0,0.0,0.0,0.0]" || got[1] != "[0.0,-2.0,0.0,2.0]" {
		t.Errorf("of a sine: %v", got)
	}
	for _, args := range [][]any{{jsonText("[1,null]")}, {jsonText("[1,2]"), jsonText("[1]")}, {types.Dynamic}, {jsonText("7")}} {
		if got := columns(t, "series_fft", args...); got != nil {
			t.Errorf("series_fft%v = %v", args, got)
		}
	}
}

// The example of the page, by its chart: the best cut of eleven items.
func TestTwoLines(t *testing.T) {
	got := columns(t, "series_fit_2lines", jsonText("[1,2.2,2.5,4.7,5.0,12,10.3,10.3,9,8.3,6.2]"))
	if len(got) != 15 || got[1] != "5" {
		t.Fatalf("columns %v", got)
	}
	for k, want := range map[int]float64{0: 0.986513, 6: -1.03714, 7: 12.98, 11: 1.05, 12: -0.07} {
		if f, _ := dynamic.AsReal(got[k]); math.Abs(f-want) > 5e-6*math.Max(1, math.Abs(want)) {
			t.Errorf("column %d is %v, want %v", k, f, want)
		}
	}
	// The sums agree with a fit of every cut.
	r := rand.New(rand.NewPCG(3, 4))
	for n := 2 * minSplit; n < 60; n++ {
		ys := make([]float64, n)
		for k := range ys {
			ys[k] = 1e6 + r.NormFloat64()
		}
		best, at := math.Inf(1), 0
		for k := minSplit; k <= n-minSplit; k++ {
			l, right := fitLine(ys[:k]), fitLine(ys[k:])
			if sum := l.rvariance*float64(k-1) + right.rvariance*float64(n-k-1); sum < best {
				best, at = sum, k
			}
		}
		if got := cut(ys); got != at {
			t.Errorf("%d items are cut at %d, want %d", n, got, at)
		}
	}
	if at := cut([]float64{5, 5, 5, 5, 5}); at != minSplit {
		t.Errorf("a constant series is cut at %d", at)
	}
}

func TestFitPoly(t *testing.T) {
	x := make([]float64, 200)
	y := make([]float64, 200)
	for k := range x {
		x[k] = float64(k)/40 - 2.3
		y[k] = math.Pow(x[k], 5) - 8*math.Pow(x[k], 3) + 10*x[k] + 6
	}
	got := columns(t, "series_fit_poly", seriesText(y), seriesText(x), int32(5))
	for k, want := range []float64{1, 0, -8, 0, 10, 6} {
		if f := numbers(t, got[1])[k]; math.Abs(f-want) > 1e-10 {
			t.Errorf("coefficient %d is %v, want %v", k, f, want)
		}
	}
	// Degree 1 is the straight line.
	line, poly := columns(t, "series_fit_line", jsonText("[2,5,6,8,11,15,17,18,25,26,30,30]")), columns(t, "series_fit_poly", jsonText("[2,5,6,8,11,15,17,18,25,26,30,30]"))
	for k, at := range map[int]int{0: 0, 2: 2, 3: 3} {
		a, _ := dynamic.AsReal(line[k])
		b, _ := dynamic.AsReal(poly[at])
		if math.Abs(a-b) > 1e-12*math.Abs(a) {
			t.Errorf("column %d: %v, but %v of the line", at, b, a)
		}
	}
	for _, args := range [][]any{{jsonText("[1]")}, {jsonText("[1,null,3]")}, {jsonText("[1,2,3]"), jsonText("[1,2]")}, {types.Dynamic}} {
		if got := columns(t, "series_fit_poly", args...); got != nil {
			t.Errorf("series_fit_poly%v = %v", args, got)
		}
	}
}

// traffic is the example of series_periods_detect.
const traffic = "[80,139,87,110,68,54,50,51,53,133,86,141,97,156,94,149,95,140,77,61,50,54,47,133,72,152,94,148,105,162,101,160,87,63,53,55,54,151,103,189,108,183,113,175,113,178,90,71,62,62,65,165,109,181,115,182,121,178,114,170]"

// What the pages print of periods: cut to two digits.
func TestPeriodsPublished(t *testing.T) {
	cut := func(text string) (out []float64) {
		for _, f := range numbers(t, text) {
			out = append(out, math.Floor(f*100)/100)
		}
		return out
	}
	got := columns(t, "series_periods_detect", jsonText(traffic), 0.0, 50.0, 2)
	if s := cut(got[1]); got[0] != "[14.0,0.0]" || s[0] != 0.84 || s[1] != 0 {
		t.Errorf("detected %v", got)
	}
	got = columns(t, "series_periods_validate", jsonText(traffic), 14.0, 10.0)
	if s := cut(got[1]); got[0] != "[14.0,10.0]" || s[0] != 0.84 || s[1] != 0 {
		t.Errorf("validated %v", got)
	}
	checkRows(t, Scalar, []row{
		{"series_seasonal", list(jsonText("[2,5,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1]")),
			jsonText("[1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0]")},
		{"series_seasonal", list(jsonText("[8,12,14,12,10,10,12,14,12,10,10,12,14,12,10,10,12,14,12,10]")),
			jsonText("[10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0]")},
		{"series_seasonal", list(jsonText("[1,3,5,2,4,6,1,3,5,2,4,6]")), jsonText("[0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0]")},
	})
}

// weeks is the series that the pages of decomposition generate: five weeks of
// hours with noise, three dips and three spikes; slope adds a trend.
func weeks(r *rand.Rand, weekend, slope float64) []float64 {
	ys := make([]float64, 24*7*5)
	for k := range ys {
		h := k + 1
		base := 15.0
		if (h/24)%7 >= 5 {
			base = weekend
		}
		ys[k] = 2*r.Float64() + base - float64((h%24)/10*((h%24)/10)) + slope*float64(h)
		switch h {
		case 150, 200, 780:
			ys[k] -= 8
		case 300, 400, 600:
			ys[k] += 8
		}
	}
	return ys
}

// The pages show that the week is found, with and without a trend, and that
// the dips and spikes are what stands out.
func TestAnomaliesOfThePages(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		for _, c := range []struct {
			ys    []float64
			trend string
		}{{weeks(r, 10, 0), "avg"}, {weeks(r, 5, 1/72.0), "linefit"}} {
			p := newPeriodogram(c.ys)
			if found := p.periods(0, 1000); len(found) == 0 || found[0].length != 168 || found[0].score < seasonScore {
				t.Fatalf("periods %v", found)
			}
			got := columns(t, "series_decompose_anomalies", seriesText(c.ys), 2.5, -1, c.trend)
			others := 0
			for k, flag := range numbers(t, got[0]) {
				want := 0.0
				switch k + 1 {
				case 150, 200, 780:
					want = -1
				case 300, 400, 600:
					want = 1
				}
				if want == 0 && flag != 0 {
					others++
				} else if flag != want {
					t.Errorf("%s: the flag at %d is %v, want %v", c.trend, k+1, flag, want)
				}
			}
			// With a trend, an outlier moves the median of its hour of the
			// week, and another week's hour stands out.
			if c.trend == "avg" && others > 0 || others > 6 {
				t.Errorf("%s: %d other flags", c.trend, others)
			}
		}
	}
}

// Noise has no season, nor has a line or a constant.
func TestNoPeriods(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	found := 0
	for range 300 {
		ys := make([]float64, 30+r.IntN(300))
		slope := float64(r.IntN(3))
		for k := range ys {
			ys[k] = r.NormFloat64() + slope*float64(k)
		}
		if p := newPeriodogram(ys); len(p.periods(0, 1000)) > 0 && p.periods(0, 1000)[0].score >= seasonScore {
			found++
		}
	}
	if found > 0 {
		t.Errorf("%d of 300 series of noise have a season", found)
	}
	for _, ys := range [][]float64{nil, {1, 2, 3}, make([]float64, 50), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}} {
		if p := newPeriodogram(ys); p != nil {
			t.Errorf("%v has a periodogram", ys)
		}
	}
}

func TestDecompose(t *testing.T) {
	for _, c := range []struct {
		args []any
		want string
	}{
		{list(jsonText("[1,5,2,6,3,7]"), 2, "avg"), "[2.0,6.0,2.0,6.0,2.0,6.0] [2.0,6.0,2.0,6.0,2.0,6.0] [0.0,0.0,0.0,0.0,0.0,0.0] [-1.0,-1.0,0.0,0.0,1.0,1.0]"},
		{list(jsonText("[1,5]"), 0, "none"), "[0.0,0.0] [0.0,0.0] [0.0,0.0] [1.0,5.0]"},
		{list(jsonText("[2,4,9,null]"), 0, "avg", 2), "[3.0,3.0,3.0,3.0] [0.0,0.0,0.0,0.0] [3.0,3.0,3.0,3.0] [-1.0,1.0,6.0,null]"},
		{list(jsonText("[2,4]"), 3), ""}, {list(jsonText("[2,null]"), 0), ""}, {list(jsonText("[]"), 0), ""}, {list(jsonText("[1,2]"), 0, "avg", 2), ""}, {list(jsonText("7"), 0), ""},
		{list(jsonText("[7]"), 1, "linefit"), "[7.0] [7.0] [0.0] [0.0]"},
	} {
		text := ""
		for k, col := range columns(t, "series_decompose", c.args...) {
			if k > 0 {
				text += " "
			}
			text += col
		}
		if text != c.want {
			t.Errorf("%v: %s, want %s", c.args, text, c.want)
		}
	}
}
