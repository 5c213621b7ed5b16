package fn

import (
	"math"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

func TestConversions(t *testing.T) {
	inf := math.Inf(1)
	checkRows(t, Scalar, []row{
		// Recorded from the engine.
		{"toint", list("0x7FFFFFFF"), int32(math.MaxInt32)}, {"tolong", list("0xFFFFFFFFFFFFFFFF"), -1}, {"toint", list("0X1f"), int32(31)},
		{"toint", list("-0x10"), types.Int}, {"toint", list("  123  "), int32(123)}, {"tolong", list("\t456\t"), 456}, {"toint", list("+0"), int32(0)},
		{"toint", list("0b101"), types.Int}, {"toint", list("42.0"), types.Int}, {"tolong", list("9223372036854775808"), types.Long},
		{"tolong", list("-9223372036854775808"), math.MinInt64}, {"toint", list(""), types.Int},
		{"toint", list(2.5), int32(2)}, {"toint", list(-3.5), int32(-3)}, {"tolong", list(1e19), math.MaxInt64}, {"toint", list(1e19), int32(math.MaxInt32)},
		{"toint", list(-1e19), int32(math.MinInt32)}, {"tolong", list(inf), types.Long}, {"tolong", list(2147483648.9), 2147483648},
		{"toint", list(2147483648), int32(math.MinInt32)}, {"toint", list(-2147483649), int32(math.MaxInt32)}, {"toint", list(true), int32(1)},
		{"tolong", list(day(637134336000000000)), 637134336000000000}, {"todouble", list(ticks(36000000000)), 36000000000.0},
		{"toint", list(decText("9.99")), int32(9)}, {"tolong", list(decText("-0.5")), 0},
		{"todouble", list("  NaN  "), math.NaN()}, {"toreal", list("nan"), math.NaN()}, {"todouble", list("INF"), types.Real}, {"todouble", list("-inf"), -inf},
		{"todouble", list("+Infinity"), inf}, {"todouble", list("Inf"), inf}, {"todouble", list("1e400"), inf}, {"todouble", list("1e-400"), 0.0},
		{"todouble", list(".5"), 0.5}, {"todouble", list("5."), 5.0}, {"todouble", list("1_000"), types.Real}, {"todouble", list("1,234"), types.Real},
		{"todouble", list("0x10"), types.Real}, {"todouble", list("0b101"), types.Real}, {"todouble", list(math.MaxInt64), 9.223372036854775807e18},
		{"tobool", list("tRuE"), true}, {"tobool", list("FALSE"), false}, {"tobool", list("-1"), true}, {"tobool", list("0"), false},
		{"tobool", list(" true"), types.Bool}, {"tobool", list("1.0"), types.Bool}, {"tobool", list("yes"), types.Bool}, {"tobool", list(-5), true},
		{"toboolean", list(0), false}, {"tobool", list(types.Long), types.Bool},
		{"todecimal", list("3.14159265358979323846"), decText("3.14159265358979323846")}, {"todecimal", list("abc"), types.Decimal},
		{"todecimal", list(true), decText("1")}, {"todecimal", list(0.1), decText("0.1")}, {"todecimal", list(math.NaN()), types.Decimal},
		{"todatetime", list("2020-06-15 13:45:09"), day(637278255090000000)}, {"todatetime", list("not a date"), types.Datetime},
		{"todatetime", list(637134336000000000), day(637134336000000000)}, {"todatetime", list(-1), types.Datetime},
		{"totimespan", list("1.02:03:04.5"), ticks(937845000000)}, {"totimespan", list("1.5"), types.Timespan}, {"totimespan", list(864000000000), ticks(864000000000)},
		{"toguid", list("0123456789ab-cdef-0123-456789abcdef"), guidText("01234567-89ab-cdef-0123-456789abcdef")},
		{"toguid", list("ae3133f2-6e22-49ae-b06a-16e6a9b212eb and more"), guidText("ae3133f2-6e22-49ae-b06a-16e6a9b212eb")},
		{"toguid", list("0123-456789abcdef0123456789abcdef"), types.Guid}, {"toguid", list("0123456789abcdef"), types.Guid},
		{"toguid", list(jsonText(`"0123456789abcdef0123456789abcdef"`)), guidText("01234567-89ab-cdef-0123-456789abcdef")},
		// The same through a dynamic value.
		{"toint", list(jsonText("2147483648")), int32(math.MinInt32)}, {"toint", list(jsonText("1.9")), int32(1)}, {"tolong", list(jsonText(`"3.14"`)), types.Long},
		{"todouble", list(jsonText(`"3.14"`)), 3.14}, {"tobool", list(jsonText(`"0x10"`)), true}, {"toint", list(jsonText("[1]")), types.Int},
		{"todatetime", list(jsonText(`"2020-01-01"`)), day(637134336000000000)}, {"todouble", list(types.Dynamic), types.Real},
		// A pair without a meaning is null.
		{"tolong", list(guidText("01234567-89ab-cdef-0123-456789abcdef")), types.Long}, {"todatetime", list(ticks(5)), types.Datetime}, {"tobool", list(day(5)), types.Bool},
	})
}

func TestToString(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"tostring", list(true), "True"}, {"tostring", list(false), "False"}, {"tostring", list(types.Bool), ""}, {"tostring", list(1.0), "1.0"},
		{"tostring", list(1e11), "100000000000.0"}, {"tostring", list(math.Inf(1)), "inf"}, {"tostring", list(math.Copysign(0, -1)), "-0.0"},
		{"tostring", list(math.MinInt64), "-9223372036854775808"}, {"tostring", list(int32(-5)), "-5"}, {"tostring", list(day(637134336000000000)), "2020-01-01T00:00:00.0000000Z"},
		{"tostring", list(ticks(-937840000000)), "-1.02:03:04"}, {"tostring", list(decText("100")), "100"}, {"tostring", list("x"), "x"},
		{"tostring", list(jsonText("true")), "true"}, {"tostring", list(jsonText(`"a\"b"`)), `a"b`}, {"tostring", list(jsonText(`{"a":[1.5]}`)), `{"a":[1.5]}`},
		{"tostring", list(types.Dynamic), ""},
	})
}

func TestAccess(t *testing.T) {
	checkRows(t, Infix, []row{
		{".", list(jsonText(`{"a":{"b":1},"n":null}`), "a"), jsonText(`{"b":1}`)}, {".", list(jsonText(`{"n":null}`), "n"), types.Dynamic},
		{".", list(jsonText(`[1]`), "a"), types.Dynamic}, {".", list(types.Dynamic, "a"), types.Dynamic}, {"[]", list(jsonText(`{"a b":2}`), "a b"), jsonText("2")},
		{"[]", list(jsonText(`[1,2,3]`), -1), jsonText("3")}, {"[]", list(jsonText(`[1,2,3]`), 3), types.Dynamic}, {"[]", list(jsonText(`{"a":1}`), 0), types.Dynamic},
		{"[]", list(jsonText(`[1]`), types.Long), types.Dynamic}, {"[]", list(jsonText(`[1]`), math.MinInt64), types.Dynamic},
		{"[]", list(jsonText(`{"k":5}`), jsonText(`"k"`)), jsonText("5")}, {"[]", list(jsonText(`[7,8]`), jsonText("1")), jsonText("8")}, {"[]", list(jsonText(`[7,8]`), true), jsonText("8")},
	})
	checkRows(t, Scalar, []row{
		{"parse_json", list(`{"a": 1, "b": [1.0, 2e3]}`), jsonText(`{"a":1,"b":[1.0,2000.0]}`)}, {"parse_json", list("null"), types.Dynamic}, {"parse_json", list(""), types.Dynamic},
		{"parse_json", list("abc"), jsonText(`"abc"`)}, {"parse_json", list(`{'a':1}`), jsonText(`"{'a':1}"`)}, {"todynamic", list(`"hello"`), jsonText(`"hello"`)},
		{"parse_json", list(jsonText(`"[1]"`)), jsonText(`"[1]"`)}, {"parsejson", list("123"), jsonText("123")},
		// Recorded.
		{"dynamic_to_json", list(jsonText(`{"X8":{"c3":1,"a4":6},"A14":[15,13],"A1":12}`)), `{"A1":12,"A14":[15,13],"X8":{"a4":6,"c3":1}}`},
		{"dynamic_to_json", list(1.0), "1.0"}, {"dynamic_to_json", list(types.Dynamic), ""},
		{"extract_json", list("$.name", `{"name": "John", "age": 30}`), "John"}, {"extract_json", list("$.a[1]['x y']", `{"a":[0,{"x y":5}]}`), "5"},
		{"extract_json", list("$.none", `{"a":1}`), ""}, {"extractjson", list("$", `[1, 2]`), "[1,2]"}, {"extract_json", list("$.a", "not json"), ""},
	})
	v := call(t, Scalar, "extract_json", types.Long, "$.age", `{"age": 30}`, "long")
	if v != types.LongValue(30) {
		t.Errorf("extract_json to long: %+v", v)
	}
	for _, path := range []string{"name", "$.", "$[*]", "$..a", "$[1", "$['a", "$[-1]", ""} {
		args := []types.Value{types.StringValue(path), types.StringValue("{}")}
		if _, err := Apply(sigFor(t, Scalar, "extract_json", args).Eval, 0, types.String, args...); err == nil {
			t.Errorf("the path %q is accepted", path)
		}
	}
}
