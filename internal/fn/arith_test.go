package fn

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// at and span read the literals of datetimes and timespans in test tables.
func at(text string) day {
	n, ok := types.ParseDatetime(text)
	if !ok {
		return -1
	}
	return day(n)
}

func span(text string) ticks {
	n, ok := types.ParseTimespan(text)
	if !ok {
		return math.MinInt64
	}
	return ticks(n)
}

func TestArithmetic(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	checkRows(t, Infix, []row{
		// Recorded from the engine.
		{"+", list(math.MaxInt64, 1), math.MinInt64}, {"-", list(math.MinInt64, 1), math.MaxInt64}, {"*", list(math.MaxInt64, 2), -2},
		{"*", list(math.MinInt64, 2), 0}, {"/", list(7, 2), 3}, {"/", list(-7, 2), -3}, {"/", list(7, -2), -3}, {"/", list(-7, -2), 3},
		{"%", list(7, 3), 1}, {"%", list(-7, 3), 2}, {"%", list(7, -3), 1}, {"%", list(-7, -3), 2}, {"%", list(-9223372036854775807, 7), 0},
		{"%", list(-100, 7), 5}, {"/", list(1, 0), types.Long}, {"%", list(-10, 0), types.Long}, {"/", list(-2147483648, -1), 2147483648},
		{"/", list(1.0, 0.0), inf}, {"/", list(-1.0, 0.0), -inf}, {"/", list(0.0, 0.0), nan}, {"-", list(inf, inf), nan}, {"*", list(inf, 0.0), nan},
		{"*", list(1.5e300, 1.5e300), inf}, {"%", list(-5.5, 2.0), 0.5}, {"%", list(5.5, -3.0), 2.5}, {"%", list(7.5, 2.0), 1.5},
		{"+", list(types.Long, 1), types.Long}, {"/", list(types.Long, -5), types.Long}, {"+", list(nan, 1.0), nan},
		{"/", list(span("1d"), span("1h")), 24.0}, {"*", list(span("1d"), 2.5), span("2.12:00:00")},
		{"/", list(span("01:30:00"), 2), span("00:45:00")}, {"/", list(span("90m"), ticks(1)), 54000000000.0},
		{"-", list(at("2020-06-15"), at("2020-06-14")), span("1d")}, {"+", list(at("1950-06-15 13:45"), span("2h")), at("1950-06-15 15:45")},
		{"+", list(at("9999-12-31 23:59:59.9999999"), ticks(1)), types.Datetime}, {"-", list(at("0001-01-01"), ticks(1)), types.Datetime},
		{"-", list(at("9999-12-31"), at("0001-01-01")), span("3652058.00:00:00")}, {"+", list(types.Datetime, span("1d")), types.Datetime},
		{"-", list(at("2020-01-01"), types.Datetime), types.Timespan},
		{"+", list(decText("0.1"), decText("0.2")), decText("0.3")}, {"-", list(decText("0.3"), decText("0.3")), decText("0")},
		{"/", list(decText("1"), decText("3")), decText("0.3333333333333333333333333333333333")}, {"%", list(decText("10"), decText("3")), decText("1")},
		// Extremes.
		{"/", list(math.MinInt64, -1), math.MinInt64}, {"%", list(math.MinInt64, -1), 0}, {"%", list(-1, math.MinInt64), math.MaxInt64},
		{"+", list(at("2020-01-01"), ticks(math.MaxInt64)), types.Datetime}, {"-", list(at("2020-01-01"), ticks(math.MinInt64)), types.Datetime},
		{"-", list(ticks(math.MinInt64), at("9999-12-31")), types.Datetime}, {"+", list(span("1d"), at("2020-01-01")), at("2020-01-02")},
		{"*", list(span("1d"), inf), types.Timespan}, {"*", list(span("1d"), nan), types.Timespan}, {"*", list(int32(3), span("1d")), span("3d")},
		{"/", list(span("1d"), 0), types.Timespan}, {"/", list(span("1d"), 0.0), types.Timespan}, {"%", list(span("25h"), span("1d")), span("1h")},
		{"%", list(span("-1h"), span("1d")), span("23h")}, {"%", list(at("2020-01-01 05:00"), span("1d")), span("5h")},
		{"/", list(at("2020-01-01"), span("1d")), 737424.0}, {"*", list(at("2020-01-01"), 100), types.Datetime}, {"*", list(at("0001-01-02"), 3), at("0001-01-04")},
		{"%", list(decText("-7.5"), decText("2")), decText("0.5")}, {"/", list(decText("1"), decText("0")), types.Decimal},
		{"*", list(decText("-0.5"), decText("0")), decText("0")}, {"*", list(decText("99999999999999999999"), decText("99999999999999999999")), decText("9999999999999999999800000000000000000000")},
		{"*", list(span("1d"), decText("1.5")), span("36h")},
		{"unary -", list(math.MinInt64), math.MinInt64}, {"unary -", list(span("-1d")), span("1d")}, {"unary -", list(decText("0")), decText("0")},
		{"unary -", list(decText("-2.5")), decText("2.5")}, {"unary -", list(int32(math.MinInt32)), 2147483648}, {"unary -", list(jsonText("2")), jsonText("-2")},
		{"unary -", list(jsonText("[1]")), types.Dynamic}, {"unary +", list(int32(2)), int32(2)}, {"unary +", list(1.5), 1.5}, {"unary +", list(decText("3")), decText("3")},
	})
	if got := call(t, Infix, "unary -", types.Real, 0.0); !math.Signbit(got.F) {
		t.Error("the negative of 0.0 has no sign") // recorded: -0.0 prints so
	}
}

func TestDynamicArithmetic(t *testing.T) {
	checkRows(t, Infix, []row{
		{"+", list(jsonText("3"), jsonText("4")), jsonText("7")}, {"+", list(jsonText("3"), jsonText("0.5")), jsonText("3.5")},
		{"/", list(jsonText("7"), jsonText("2")), jsonText("3")}, {"/", list(jsonText("1"), jsonText("0")), types.Dynamic},
		{"+", list(jsonText(`"a"`), jsonText("1")), types.Dynamic}, {"+", list(jsonText("[1]"), jsonText("1")), types.Dynamic},
		{"+", list(jsonText("3"), int32(4)), 7}, {"*", list(int32(4), jsonText("3")), 12}, {"-", list(jsonText("10"), 4), 6},
		{"*", list(jsonText("1.5"), 2), 2}, {"*", list(jsonText("1.5"), 2.0), 3.0}, {"%", list(-7, jsonText("3")), 2},
		{"+", list(jsonText(`"5"`), 1), 6}, {"+", list(types.Dynamic, 1), types.Long}, {"+", list(jsonText("true"), 1), 2},
		{"+", list(decText("0.5"), jsonText("1.5")), decText("2")}, {"+", list(jsonText(`"1d"`), span("1h")), span("25h")},
		{"+", list(at("2020-01-01"), jsonText(`"1.00:00:00"`)), at("2020-01-02")}, {"+", list(jsonText(`"x"`), at("2020-01-01")), types.Datetime},
		{"-", list(at("2020-01-02"), jsonText(`"2020-01-01T00:00:00Z"`)), span("1d")}, {"-", list(jsonText(`"2020-01-01"`), at("2020-01-02")), span("-1d")},
		{"+", list(jsonText("9223372036854775807"), 1), math.MinInt64},
	})
}

// Long operators against arbitrary precision.
func FuzzLongOperators(f *testing.F) {
	f.Add(int64(math.MinInt64), int64(-1))
	f.Add(int64(-7), int64(3))
	f.Fuzz(func(t *testing.T, a, b int64) {
		x, y := big.NewInt(a), big.NewInt(b)
		wrap := func(z *big.Int) int64 {
			z = new(big.Int).And(z, new(big.Int).SetUint64(math.MaxUint64))
			return int64(z.Uint64())
		}
		checks := []row{{"+", list(a, b), wrap(new(big.Int).Add(x, y))}, {"-", list(a, b), wrap(new(big.Int).Sub(x, y))}, {"*", list(a, b), wrap(new(big.Int).Mul(x, y))}}
		if b != 0 {
			checks = append(checks, row{"/", list(a, b), wrap(new(big.Int).Quo(x, y))}, row{"%", list(a, b), wrap(new(big.Int).Mod(x, y))})
		}
		checkRows(t, Infix, checks)
		if exact, ok := multiplyExact(a, b); ok != new(big.Int).Mul(x, y).IsInt64() || ok && exact != a*b {
			t.Errorf("multiplyExact(%d, %d) = %d, %v", a, b, exact, ok)
		}
	})
}

// Decimal operators against rational numbers.
func FuzzDecimalOperators(f *testing.F) {
	f.Add("1", "3")
	f.Add("-7.5", "2")
	f.Add("0.000000000000000000001", "99999999999999999999999999999999")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, ok1 := types.ParseDecimal(a)
		b, ok2 := types.ParseDecimal(b)
		if !ok1 || !ok2 || len(a)+len(b) > 120 {
			return
		}
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		check := func(op string, got string, ok bool, want *big.Rat) {
			if !ok {
				t.Fatalf("%s %s %s has no value", a, op, b)
			}
			g, valid := new(big.Rat).SetString(got)
			if canonical, again := types.ParseDecimal(got); !valid || !again || canonical != got {
				t.Fatalf("%s %s %s = %q is not canonical", a, op, b, got)
			}
			// 34 digits: the error is below 1e-33 of the value.
			diff := new(big.Rat).Sub(g, want)
			limit := new(big.Rat).Abs(want)
			limit.Mul(limit, new(big.Rat).SetFrac(big.NewInt(1), decimalPower(33)))
			if diff.Abs(diff).Cmp(limit) > 0 {
				t.Fatalf("%s %s %s = %s, want %s", a, op, b, got, want.FloatString(40))
			}
		}
		r, ok := addDecimal(a, b)
		check("+", r, ok, new(big.Rat).Add(x, y))
		r, ok = subtractDecimal(a, b)
		check("-", r, ok, new(big.Rat).Sub(x, y))
		r, ok = multiplyDecimal(a, b)
		check("*", r, ok, new(big.Rat).Mul(x, y))
		if y.Sign() != 0 {
			r, ok = divideDecimal(a, b)
			check("/", r, ok, new(big.Rat).Quo(x, y))
		}
	})
}

// What the lowerings look like; that they equal Eval is the engine's property
// test.
func TestArithmeticSQL(t *testing.T) {
	column := func(name string, ty types.Type) Arg {
		return Arg{SQL: sqlx.Raw(sqlx.Atom, name), Type: ty, Nullable: true}
	}
	constant := func(v types.Value) Arg { return Arg{SQL: sqlx.DuckDB.Literal(v), Type: v.Type, Const: &v} }
	long := func(n int64) Arg { return constant(types.LongValue(n)) }
	far := Arg{SQL: sqlx.Raw(sqlx.Atom, "f("+strings.Repeat("x", 60)+")"), Type: types.Long}
	for _, c := range []struct {
		op   string
		args []Arg
		want string
	}{
		{"+", []Arg{column("a", types.Real), column("b", types.Real)}, "a + b"},
		{"+", []Arg{column("a", types.Long), column("b", types.Long)}, ""},
		{"+", []Arg{column("a", types.Long), long(1)}, "CASE WHEN a <= CAST(9223372036854775806 AS BIGINT) THEN a + CAST(1 AS BIGINT) ELSE xor(a + CAST(-9223372036854775807 AS BIGINT), CAST(-9223372036854775808 AS BIGINT)) END"},
		{"+", []Arg{far, long(1)}, ""}, // long text is not repeated
		{"-", []Arg{column("a", types.Datetime), column("b", types.Datetime)}, "a - b"},
		{"-", []Arg{column("a", types.Datetime), constant(types.TimespanValue(10))}, "CASE WHEN a >= CAST(10 AS BIGINT) THEN a + CAST(-10 AS BIGINT) END"},
		{"/", []Arg{column("a", types.Long), long(7)}, "a // CAST(7 AS BIGINT)"},
		{"/", []Arg{column("a", types.Long), long(-1)}, ""},
		{"/", []Arg{column("a", types.Long), long(0)}, ""},
		{"%", []Arg{column("a", types.Long), long(-7)}, "(a % CAST(7 AS BIGINT) + CAST(7 AS BIGINT)) % CAST(7 AS BIGINT)"},
		{"%", []Arg{column("a", types.Long), column("b", types.Long)}, ""},
		{"*", []Arg{column("a", types.Long), long(2)}, ""},
	} {
		if got := lowered(t, Infix, c.op, types.Unknown, c.args...); got != c.want {
			t.Errorf("%s: %q, want %q", c.op, got, c.want)
		}
	}
}

// lowered renders a call in DuckDB's SQL; "" means that the row declines.
func lowered(t *testing.T, kind Kind, name string, result types.Type, args ...Arg) string {
	t.Helper()
	vals := make([]types.Value, len(args))
	for i, a := range args {
		vals[i] = types.Null(a.Type)
	}
	sql := sigFor(t, kind, name, vals).DuckDB
	if sql.Build != nil {
		e, ok := sql.Build(&Builder{Dialect: sqlx.DuckDB, Args: args, Result: result})
		if !ok {
			return ""
		}
		return e.Text
	}
	return sqlx.Format(max(sql.Prec, sqlx.Or), sql.Template, argSQL(args)...).Text
}
