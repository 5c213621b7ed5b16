package syntax

import (
	"math"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

// one parses a single expression.
func one(t *testing.T, text string) Expr {
	t.Helper()
	q, diags := Parse("print " + text)
	if len(diags) > 0 {
		t.Fatalf("%s: %s", text, diags.Render("print "+text))
	}
	op, ok := q.Statements[0].(*ExprStatement).X.(*Pipe).Ops[0].(*PrintOp)
	if !ok || len(op.Exprs) != 1 {
		t.Fatalf("%s: want one expression", text)
	}
	return op.Exprs[0]
}

func TestLiterals(t *testing.T) {
	day := types.TicksPerDay
	for _, c := range []struct {
		text string
		want types.Value
	}{
		{"5", types.LongValue(5)},
		{"0x10", types.LongValue(16)},
		{"9223372036854775807", types.LongValue(math.MaxInt64)},
		{"long(-9223372036854775808)", types.LongValue(math.MinInt64)},
		{"long(max)", types.LongValue(math.MaxInt64)},
		{"int64(7)", types.LongValue(7)},
		{"int(-5)", types.IntValue(-5)},
		{"int( 5 )", types.IntValue(5)},
		{"int(0xFFFFFFFF)", types.IntValue(-1)},
		{"int32(min)", types.IntValue(math.MinInt32)},
		{"int(null)", types.Null(types.Int)},
		{"1.5e3", types.RealValue(1500)},
		{"1.", types.RealValue(1)},
		{"1e999", types.RealValue(math.Inf(1))},
		{"real(5)", types.RealValue(5)},
		{"real(-inf)", types.RealValue(math.Inf(-1))},
		{"double(null)", types.Null(types.Real)},
		{"decimal(1.50)", types.Value{Type: types.Decimal, S: "1.5"}},
		{"true", types.BoolValue(true)},
		{"False", types.BoolValue(false)},
		{"bool(true)", types.BoolValue(true)},
		{"bool(0)", types.BoolValue(false)},
		{"bool(null)", types.Null(types.Bool)},
		{"1.5d", types.TimespanValue(day * 3 / 2)},
		{"time(2)", types.TimespanValue(2 * day)},
		{"timespan('1.00:00:00')", types.TimespanValue(day)},
		{"time(-1d)", types.TimespanValue(-day)},
		{"time(null)", types.Null(types.Timespan)},
		{"datetime(0001-01-02)", types.DatetimeValue(day)},
		{"date('0001-01-02')", types.DatetimeValue(day)},
		{"datetime(min)", types.DatetimeValue(0)},
		{"datetime(null)", types.Null(types.Datetime)},
		{"guid(12E8B78D55B446AEB06826D7A0080254)", types.Value{Type: types.Guid, S: "12e8b78d-55b4-46ae-b068-26d7a0080254"}},
		{"guid(null)", types.Null(types.Guid)},
		{"'a' \"b\" @'c'", types.StringValue("abc")},
		{"dynamic(null)", types.Null(types.Dynamic)},
		{"dynamic([1, nULL])", types.Value{}},
		{`dynamic({"b":1e20, "a":[true,1h,datetime(2020-01-01),"q\"\u0001"], "b":{}})`,
			types.DynamicValue(`{"b":{},"a":[true,"01:00:00","2020-01-01T00:00:00.0000000Z","q\"\u0001"]}`)},
		{"dynamic([1, 2.0, 'x', -real(1.5), -0x10, dynamic([1e300]), 1e-9])",
			types.DynamicValue(`[1,2.0,"x",-1.5,-16,[1e300],1e-9]`)},
		{"dynamic(real(nan))", types.DynamicValue(`"NaN"`)},
	} {
		if c.want == (types.Value{}) { // a name that is not null must be refused
			if _, diags := Parse("print " + c.text); len(diags) == 0 {
				t.Errorf("%s: want a refusal", c.text)
			}
			continue
		}
		lit, ok := one(t, c.text).(*Literal)
		if !ok || lit.Value != c.want {
			t.Errorf("%s: got %+v, want %+v", c.text, lit, c.want)
			continue
		}
		if lit.Text != c.text {
			t.Errorf("%s: kept the text %q", c.text, lit.Text)
		}
	}
	if lit := one(t, "real(nan)").(*Literal); !math.IsNaN(lit.Value.F) || lit.Value.Null {
		t.Errorf("real(nan): got %+v", lit.Value)
	}
	if lit := one(t, `"a" h"b"`).(*Literal); !lit.Hidden {
		t.Error("a string with an obfuscated part must be hidden")
	}
	if call, ok := one(t, "datetime()").(*Call); !ok || call.Name.Text != "now" {
		t.Errorf("datetime() is the current time, got %T", one(t, "datetime()"))
	}
}

func TestMalformedLiterals(t *testing.T) {
	for _, text := range []string{
		"int(x)", "int()", "int(1.5)", "int(2147483648)", "int(0x1FFFFFFFF)", "long(9223372036854775808)",
		"9223372036854775808", "0x1FFFFFFFFFFFFFFFF", "real(abc)", "real(0x10)", "real(1_0)", "real()", "decimal(a)",
		"bool(2)", "bool(yes)", "time(1.5)", "time(1w)", "time()", "datetime(24:00)", "datetime(8:60)", "datetime(8:0)", "datetime(garbage)",
		"datetime(2020-02-30)", "guid(1)", "guid()", "99999999999999999d",
	} {
		lit, ok := one(t, text).(*Literal)
		if !ok || lit.Malformed == "" || !lit.Value.Null || lit.Text != text {
			t.Errorf("%s: got %+v", text, lit)
		}
		_, diags := Parse("print dynamic([" + text + "])")
		if len(diags) == 0 {
			t.Errorf("dynamic([%s]) is taken", text)
		}
	}
}

// TestTimeOfDay: a datetime without a date is of the current day.
func TestTimeOfDay(t *testing.T) {
	for text, want := range map[string]int64{"datetime(8:00)": 8 * types.TicksPerHour, "datetime( 23:59:59.5 )": types.TicksPerDay - types.TicksPerSecond/2} {
		l, ok := one(t, text).(*Literal)
		if !ok || !l.Today || l.Value != types.DatetimeValue(want) || Print(l) != text {
			t.Errorf("%s is read as %+v, printed %s", text, l, Print(l))
		}
	}
}
