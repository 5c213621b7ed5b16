package fn

import (
	"math"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

func TestSeriesPairs(t *testing.T) {
	a, b := jsonText("[1,2,4]"), jsonText("[4,2,1]")
	checkRows(t, Scalar, []row{
		// Recorded from the engine.
		{"series_add", list(a, b), jsonText("[5,4,5]")}, {"series_subtract", list(a, b), jsonText("[-3,0,3]")}, {"series_multiply", list(a, b), jsonText("[4,4,4]")},
		{"series_pow", list(jsonText("[1,2,3,4]"), jsonText("[1,2,3,0.5]")), jsonText("[1.0,4.0,27.0,2.0]")},
		{"series_equals", list(a, b), jsonText("[false,true,false]")}, {"series_not_equals", list(a, b), jsonText("[true,false,true]")}, {"series_less", list(a, b), jsonText("[true,false,false]")},
		{"series_greater", list(a, b), jsonText("[false,false,true]")}, {"series_greater_equals", list(a, b), jsonText("[false,true,true]")},
		// The pages: reals of a division, nulls for what is missing.
		{"series_divide", list(a, b), jsonText("[0.25,1.0,4.0]")}, {"series_divide", list(jsonText("[2,-2,0]"), 0), jsonText(`["Infinity","-Infinity","NaN"]`)},
		{"series_less_equals", list(a, b), jsonText("[true,true,false]")}, {"series_add", list(a, jsonText(`[1,"x"]`)), jsonText("[2,null,null]")},
		{"series_add", list(jsonText("[]"), jsonText("[1]")), jsonText("[null]")}, {"series_add", list(jsonText("[]"), 1), jsonText("[]")},
		{"series_add", list(a, types.Long), jsonText("[null,null,null]")}, {"series_add", list(types.Dynamic, a), types.Dynamic}, {"series_add", list(a, jsonText("5")), types.Dynamic},
		{"series_add", list(jsonText("[1,2.5]"), a), jsonText("[2.0,4.5,null]")}, {"series_add", list(a, int32(1)), jsonText("[2,3,5]")}, {"series_add", list(decText("0.5"), a), jsonText("[1.5,2.5,4.5]")},
		{"series_add", list(jsonText("[9223372036854775807]"), 1), jsonText("[-9223372036854775808]")}, {"series_subtract", list(1, a), jsonText("[0,-1,-3]")},
		// Longs too large for a real still differ.
		{"series_equals", list(jsonText("[9007199254740993]"), 9007199254740992), jsonText("[false]")}, {"series_equals", list(jsonText("[1]"), 1.0), jsonText("[true]")},
		{"series_equals", list(jsonText(`["NaN"]`), jsonText(`["NaN"]`)), jsonText("[false]")}, {"series_not_equals", list(jsonText(`["NaN"]`), 1), jsonText("[true]")},
		{"series_less_equals", list(jsonText(`["NaN","Infinity"]`), 1), jsonText("[false,false]")},
	})
}

func TestSeriesUnary(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"series_abs", list(jsonText("[-6.5,0,8.2]")), jsonText("[6.5,0.0,8.2]")}, {"series_floor", list(jsonText("[-1.5,1,2.5]")), jsonText("[-2.0,1.0,2.0]")},
		{"series_acos", list(jsonText("[-1,0,1]")), jsonText("[3.141592653589793,1.5707963267948966,0.0]")}, {"series_atan", list(jsonText("[0,null]")), jsonText("[0.0,null]")},
		{"series_cos", list(jsonText("[-1,0,1]")), jsonText("[0.5403023058681398,1.0,0.5403023058681398]")},
		{"series_ceiling", list(jsonText("[-1.5,1,2.5]")), jsonText("[-1.0,1.0,3.0]")}, {"series_sign", list(jsonText("[-6,0,8]")), jsonText("[-1,0,1]")},
		{"series_abs", list(jsonText(`[-1,"2",true,null,[1]]`)), jsonText("[1,null,null,null,null]")}, {"series_abs", list(jsonText("[]")), jsonText("[]")},
		{"series_abs", list(jsonText("{}")), types.Dynamic}, {"series_abs", list(types.Dynamic), types.Dynamic}, {"series_abs", list(jsonText(`["-Infinity"]`)), jsonText(`["Infinity"]`)},
		{"series_abs", list(jsonText("[-9223372036854775808]")), jsonText("[-9223372036854775808]")}, {"series_log", list(jsonText("[1,0,-1]")), jsonText(`[0.0,"-Infinity",null]`)},
		{"series_exp", list(jsonText("[0,1000]")), jsonText(`[1.0,"Infinity"]`)}, {"series_sin", list(jsonText("[0]")), jsonText("[0.0]")},
		{"series_tan", list(jsonText("[0]")), jsonText("[0.0]")}, {"series_asin", list(jsonText("[0,2]")), jsonText("[0.0,null]")},
	})
}

func TestSeriesReductions(t *testing.T) {
	five := jsonText("[1,2,3,4,5]")
	checkRows(t, Scalar, []row{
		{"series_product", list(jsonText("[1,2,3,4]")), 24.0}, {"series_sum", list(jsonText("[1,2,3,4]")), 10.0},
		{"series_dot_product", list(jsonText("[1,2,4]"), jsonText("[4,2,1]")), 12.0}, {"series_dot_product", list(jsonText("[2,4,8]"), 2), 28.0}, {"series_dot_product", list(3, jsonText("[3,6,12]")), 63.0},
		{"series_cosine_similarity", list(jsonText("[0.1,0.2,0.1,0.2]"), jsonText("[0.11,0.2,0.11,0.21]")), 0.9993534382550399},
		{"series_cosine_similarity", list(jsonText("[0.1,0.2,0.1,0.2]"), jsonText("[1,2,3,4]")), 0.9237604307034012},
		{"series_pearson_correlation", list(five, jsonText("[2,4,6,8,10]")), 0.9999999999999998}, {"series_pearson_correlation", list(jsonText("[0,0,5]"), jsonText("[0,0,5]")), 1.0000000000000002},
		{"series_magnitude", list(jsonText("[1,2,3,4]")), 5.477225575051661},
		{"series_sum", list(jsonText(`[1,null,3,"x"]`)), 4.0}, {"series_sum", list(jsonText("[null]")), types.Real}, {"series_sum", list(types.Dynamic), types.Real}, {"series_sum", list(jsonText("7")), types.Real},
		{"series_dot_product", list(jsonText("[1,2,3]"), jsonText("[1,null]")), 1.0}, {"series_dot_product", list(five, types.Real), types.Real}, {"series_dot_product", list(types.Dynamic, five), types.Real},
		{"series_cosine_similarity", list(jsonText("[3,4]"), jsonText("[3,4,99]")), 1.0}, {"series_cosine_similarity", list(jsonText("[3,4]"), jsonText("[3,4]"), types.Real, 10.0), 0.5},
		{"series_cosine_similarity", list(jsonText("[0]"), jsonText("[1]")), math.NaN()},
		{"series_pearson_correlation", list(five, jsonText("[1,2,3,4,null]")), types.Real}, {"series_pearson_correlation", list(five, jsonText("[1]")), types.Real},
	})
}

func TestSeriesStats(t *testing.T) {
	recorded := jsonText("[23,46,23,87,4,8,3,75,2,56,13,75,32,16,29]")
	checkRows(t, Scalar, []row{
		{"series_stats_dynamic", list(recorded), jsonText(`{"min":2.0,"min_idx":8,"max":87.0,"max_idx":3,"avg":32.8,"stdev":28.50363385354827,"variance":812.4571428571429,"sum":492.0,"len":15}`)},
		{"series_stats_dynamic", list(jsonText(`[null,2,"NaN",4,4,"Infinity"]`), true), jsonText(`{"min":2.0,"min_idx":1,"max":4.0,"max_idx":3,"avg":3.3333333333333337,"stdev":1.1547005383792515,"variance":1.3333333333333333,"sum":10.0,"len":6}`)},
		{"series_stats_dynamic", list(jsonText(`[1,"NaN"]`)), types.Dynamic}, {"series_stats_dynamic", list(jsonText("[]")), types.Dynamic}, {"series_stats_dynamic", list(jsonText("[1,null]"), false), types.Dynamic},
		{"series_stats_dynamic", list(jsonText("[5]")), jsonText(`{"min":5.0,"min_idx":0,"max":5.0,"max_idx":0,"avg":5.0,"stdev":0.0,"variance":0.0,"sum":5.0,"len":1}`)},
		{"series_fit_line_dynamic", list(jsonText("[1]")), types.Dynamic}, {"series_fit_line_dynamic", list(jsonText("[1,null]")), types.Dynamic}, {"series_fit_line_dynamic", list(types.Dynamic), types.Dynamic},
	})
}

// The example of the page, to the digits it prints, and the recorded slope.
func TestSeriesFitLine(t *testing.T) {
	l := fitLine([]float64{2, 5, 6, 8, 11, 15, 17, 18, 25, 26, 30, 30})
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"rsquare", 1 - l.rvariance/l.variance, 0.9829}, {"slope", l.slope, 2.7307}, {"variance", l.variance, 98.6287}, {"rvariance", l.rvariance, 1.6864},
		{"interception", l.interception, -1.6666}, {"first", l.at(0), 1.0641}, {"last", l.at(11), 31.1025},
	} {
		if math.Abs(c.got-c.want) > 1e-4 {
			t.Errorf("%s is %v, want %v", c.name, c.got, c.want)
		}
	}
	if l := fitLine([]float64{1, 2, 3, 4, 5}); l.slope != 0.9999999999999999 || l.variance != 2.5 {
		t.Errorf("slope %v, variance %v", l.slope, l.variance)
	}
}

func TestSeriesFills(t *testing.T) {
	gaps := jsonText("[111,null,36,41,null,null,16,61,33,null,null]")
	reals := jsonText("[null,111.0,null,36.0,41.0,null,null,16.0,61.0,33.0,null,null]")
	longs := jsonText("[null,111,null,36,41,null,null,16,61,33,null,null]")
	none := jsonText("[null,null,null,null]")
	checkRows(t, Scalar, []row{
		// Recorded from the engine (24.333333333333336 there is the same number, printed by others).
		{"series_fill_backward", list(gaps), jsonText("[111,36,36,41,16,16,16,61,33,null,null]")},
		{"series_fill_forward", list(jsonText("[null,null,36,41,null,null,16,61,33,null,null]")), jsonText("[null,null,36,41,41,41,16,61,33,33,33]")},
		{"series_fill_const", list(jsonText("[111,null,36,41,23,null]"), 0.0), jsonText("[111,0.0,36,41,23,0.0]")}, {"series_fill_const", list(jsonText("[111,null]"), -1), jsonText("[111,-1]")},
		{"series_fill_linear", list(reals), jsonText("[111.0,111.0,73.5,36.0,41.0,32.66666666666667,24.333333333333337,16.0,61.0,33.0,33.0,33.0]")},
		{"series_fill_linear", list(reals, types.Real, false), jsonText("[null,111.0,73.5,36.0,41.0,32.66666666666667,24.333333333333337,16.0,61.0,33.0,null,null]")},
		{"series_fill_linear", list(longs), jsonText("[111,111,73,36,41,32,24,16,61,33,33,33]")}, {"series_fill_linear", list(longs, types.Real, false), jsonText("[null,111,73,36,41,32,24,16,61,33,null,null]")},
		{"series_fill_linear", list(none), jsonText("[0.0,0.0,0.0,0.0]")}, {"series_fill_linear", list(none, types.Real, false), jsonText("[0.0,0.0,0.0,0.0]")},
		{"series_fill_linear", list(none, types.Real, true, 3.14159), jsonText("[3.14159,3.14159,3.14159,3.14159]")}, {"series_fill_linear", list(none, types.Real, true, types.Real), none},
		{"series_fill_linear", list(jsonText("[10,30,0,80,0]")), jsonText("[10,30,0,80,0]")},
		// Placeholders, and what is no series.
		{"series_fill_const", list(jsonText("[0,0.0,null,1]"), decText("7.5"), 0), jsonText("[7.5,7.5,null,1]")}, {"series_fill_const", list(jsonText("[null]"), types.Long), jsonText("[null]")},
		{"series_fill_forward", list(jsonText("[-1,1,-1]"), -1.0), jsonText("[-1,1,1]")}, {"series_fill_linear", list(jsonText("[0,-1,-1,30]"), -1), jsonText("[0,10,20,30]")},
		{"series_fill_linear", list(jsonText("[-1,-1]"), -1), jsonText("[0,0]")}, {"series_fill_linear", list(jsonText(`[1,"x",-1,4]`), -1), jsonText(`[1,"x",3,4]`)},
		{"series_fill_linear", list(jsonText("[]")), jsonText("[]")}, {"series_fill_backward", list(jsonText("[]")), jsonText("[]")}, {"series_fill_forward", list(jsonText("1")), types.Dynamic},
		{"series_fill_const", list(types.Dynamic, 1), types.Dynamic},
		{"series_fill_linear", list(jsonText("[0," + strings.Repeat("null,", 48) + "49]")), jsonText("[" + counting(49) + "]")},
	})
}

// counting is "0,1,2,…,n".
func counting(n int64) string {
	var b []byte
	for k := range n + 1 {
		if k > 0 {
			b = append(b, ',')
		}
		b = appendNumber(b, true, k, 0)
	}
	return string(b)
}

func TestSeriesFilters(t *testing.T) {
	flat := jsonText("[3,3,3,3]")
	checkRows(t, Scalar, []row{
		// Recorded from the engine.
		{"series_fir", list(jsonText("[5,15,10,20]"), jsonText("[1,-1]"), false, false), jsonText("[5,10,-5,10]")},
		{"series_iir", list(jsonText("[10,30,0]"), jsonText("[1]"), jsonText("[1,-1]")), jsonText("[10.0,40.0,40.0]")}, {"series_iir", list(jsonText("[0,1,2,3,4]"), jsonText("[1]"), jsonText("[1,-1]")), jsonText("[0.0,1.0,3.0,6.0,10.0]")},
		{"series_seasonal", list(jsonText("[1,3,5,1,3,5,2,4,6]"), 3), jsonText("[1.0,3.0,5.0,1.0,3.0,5.0,1.0,3.0,5.0]")},
		{"series_seasonal", list(jsonText("[1,3,5,2,4,6,1,3,5,2,4,6]"), 3), jsonText("[1.5,3.5,5.5,1.5,3.5,5.5,1.5,3.5,5.5,1.5,3.5,5.5]")},
		// The pages' rules.
		{"series_fir", list(jsonText("[5,15]"), jsonText("[1,-1]")), jsonText("[5,10]")}, {"series_fir", list(jsonText("[5,15]"), jsonText("[1,-1]"), true), types.Dynamic},
		{"series_fir", list(flat, jsonText("[1,1]")), jsonText("[1.5,3.0,3.0,3.0]")}, {"series_fir", list(flat, jsonText("[1,1]"), false), jsonText("[3,6,6,6]")}, {"series_fir", list(flat, jsonText("[0.5]"), false), jsonText("[1.5,1.5,1.5,1.5]")},
		{"series_fir", list(jsonText("[0,0,9,0,0]"), jsonText("[1,2,3]"), false, true), jsonText("[0,9,18,27,0]")}, {"series_fir", list(jsonText("[9]"), jsonText("[1,2,3,4,5]"), false, true), jsonText("[27]")},
		{"series_fir", list(jsonText("[0,0,9,0,0]"), jsonText("[1,2,3,4]"), false, true), jsonText("[0,9,18,27,36]")}, {"series_fir", list(jsonText("[1,2,4]"), jsonText("[1,1]"), true, true), jsonText("[0.5,1.5,3.0]")},
		{"series_fir", list(jsonText("[1,null,3,4]"), jsonText("[1,1]"), false), jsonText("[1,null,null,7]")}, {"series_fir", list(flat, jsonText("[]")), types.Dynamic}, {"series_fir", list(flat, jsonText("[null]")), types.Dynamic},
		{"series_fir", list(jsonText("[]"), jsonText("[1]")), jsonText("[]")}, {"series_fir", list(types.Dynamic, flat), types.Dynamic},
		{"series_iir", list(jsonText("[4,8]"), jsonText("[1,1]"), jsonText("[2,0,5]")), jsonText("[2.0,6.0]")}, {"series_iir", list(flat, jsonText("[1]"), jsonText("[0,1]")), types.Dynamic}, {"series_iir", list(flat, jsonText("[1]"), jsonText("[]")), types.Dynamic},
		{"series_iir", list(flat, types.Dynamic, flat), types.Dynamic},
		{"series_seasonal", list(jsonText("[1,null,3]"), 2), jsonText("[2.0,null,2.0]")}, {"series_seasonal", list(jsonText("[1,2]"), -5), jsonText("[0.0,0.0]")}, {"series_seasonal", list(jsonText("[1,2]"), math.MaxInt64), jsonText("[1.0,2.0]")},
		{"series_seasonal", list(jsonText("[]"), 3), jsonText("[]")}, {"series_seasonal", list(types.Dynamic, 3), types.Dynamic},
	})
}

// What is not documented, and what costs too much, is refused with advice.
func TestSeriesRefusals(t *testing.T) {
	long := jsonText("[" + strings.Repeat("1,", 49_999) + "1]")
	wide := jsonText("[" + strings.Repeat("1,", 4_000_000) + "1.5]")
	for _, c := range []struct {
		name string
		args []any
		want string
	}{
		{"series_fir", list(long, long), "shorter filters"}, {"series_iir", list(long, long, long), "shorter filters"},
		{"series_outliers", list(jsonText("[1,2]"), "mad"), "ctukey or tukey"}, {"series_outliers", list(jsonText("[1,2]"), "ctukey", 0.0, 20.0, 80.0), "10 and 90"},
		{"series_outliers", list(jsonText("[1,2]"), "tukey", 0.0, 25.0, 75.0), "any with tukey"},
		{"series_decompose", list(jsonText("[1,2]"), -2), "the period must be"}, {"series_decompose", list(jsonText("[1,2]"), 0, "line"), "kind of trend"},
		{"series_decompose", list(jsonText("[1,2]"), 0, "avg", -1), "test points"}, {"series_decompose_anomalies", list(jsonText("[1,2]"), 1.5, 0, "avg", 0, "x"), "outlier test"},
		{"series_fit_poly", list(jsonText("[1,2]"), jsonText("[1,2]"), int32(65)), "from 1 to 64"}, {"series_periods_detect", list(jsonText("[1,2]"), 0.0, 9.0, 0), "number of periods"},
		{"series_exp", list(wide), "at most 16 MB"}, {"series_divide", list(wide, 3), "at most 16 MB"},
	} {
		args := make([]types.Value, len(c.args))
		for i, a := range c.args {
			args[i] = tv(t, a)
		}
		_, err := Apply(sigFor(t, Scalar, c.name, args).Eval, 0, types.Dynamic, args...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

// FuzzSeries: no input makes a series function panic or write what is no
// canonical JSON.
func FuzzSeries(f *testing.F) {
	f.Add("[1,null,3.5]", "[1,-1]", int64(2), true)
	f.Add(`["NaN","Infinity",{},[]]`, "[0]", int64(-2), false)
	f.Add("{}", "7", int64(math.MinInt64), true)
	table, err := Builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, a, b string, n int64, flag bool) {
		x, y := canonicalOrNull(a), canonicalOrNull(b)
		for _, spec := range table.Specs() {
			if spec.Kind != Scalar || !strings.HasPrefix(spec.Name, "series_") {
				continue
			}
			for i := range spec.Sigs {
				fuzzSeriesSig(t, spec.Name, &spec.Sigs[i], x, y, n, flag)
			}
		}
	})
}

func canonicalOrNull(text string) types.Value {
	if c, ok := dynamic.Compact(text); ok && c != "null" {
		return types.DynamicValue(c)
	}
	return types.Null(types.Dynamic)
}

// words are what the text parameters of series functions may be.
var words = map[string][2]string{"kind": {"ctukey", "tukey"}, "method": {"tukey", "ctukey"}, "trend": {"linefit", "avg"}}

func fuzzSeriesSig(t *testing.T, name string, sig *Sig, x, y types.Value, n int64, flag bool) {
	t.Helper()
	var args []types.Value
	for k, p := range sig.Signature().Params {
		switch {
		case p.Word == "array" && k == 0:
			args = append(args, x)
		case p.Word == "array":
			args = append(args, y)
		case p.Declared == types.Bool:
			args = append(args, types.BoolValue(flag))
		case p.Declared == types.Real:
			args = append(args, types.RealValue(float64(n)))
		case p.Declared == types.String:
			args = append(args, types.StringValue(words[p.Name][uint64(n)%2]))
		default:
			args = append(args, types.LongValue(n))
		}
	}
	result := sig.Signature().Type
	if sig.Signature().Returns != RetType {
		result = types.Dynamic
	}
	v, err := Apply(sig.Eval, 0, result, args...)
	if err == errPanic {
		t.Fatalf("%s%v panics", name, args)
	}
	if err == nil && v.Type == types.Dynamic && !v.Null {
		if c, ok := dynamic.Compact(v.S); !ok || c != v.S {
			t.Fatalf("%s%v = %s, which is not canonical", name, args, v.S)
		}
	}
}
