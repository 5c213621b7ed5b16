package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/types"
)

// The arithmetic operators. What the recorded answers say: long arithmetic
// wraps, division of longs truncates, division and remainder by zero are
// null, a remainder is never negative, reals follow IEEE 754, and a datetime
// outside years 1 to 9999 is null. Timespans use all 64 bits and wrap.
//
// Each operator lists the same groups of overloads: numbers, time, dynamic.

var arithRows = []Spec{{
	Name: "+", Kind: Infix, Ref: "numerical-operators",
	Doc: "Sum of two numbers or timespans, or a datetime moved by a timespan.",
	Sigs: []Sig{
		{Decl: "(left: number, right: number): widest", DuckDB: SQL{Build: addSQL}},
		{Decl: "(left: timespan, right: timespan): timespan", DuckDB: SQL{Build: addSQL}},
		{Decl: "(left: datetime, right: timespan): datetime", DuckDB: SQL{Build: shiftSQL}},
		{Decl: "(left: timespan, right: datetime): datetime", DuckDB: SQL{Build: shiftSQL}},
		// (a + b) / 2 is the time in the middle: the ticks add up.
		{Decl: "(left: datetime, right: datetime): datetime"},
		{Decl: "(left: dynamic, right: dynamic): dynamic", Eval: dynamicAdd},
		{Decl: "(left: dynamic, right: int): long", Eval: dynamicAdd},
		{Decl: "(left: int, right: dynamic): long", Eval: dynamicAdd},
		{Decl: "(left: dynamic, right: long|real|decimal|timespan|datetime): arg1", Eval: dynamicAdd},
		{Decl: "(left: long|real|decimal|timespan|datetime, right: dynamic): arg0", Eval: dynamicAdd},
	},
	Eval: evalAdd,
	Examples: []Example{
		{"9223372036854775807 + 1", "long(-9223372036854775808)"},
		{"1 + 2.5", "3.5"},
		{"datetime(2020-02-28) + 36h", "datetime(2020-02-29T12:00:00Z)"},
		{"datetime(9999-12-31) + 1d", "datetime(null)"},
		{"(datetime(2020-06-14) + datetime(2020-06-16)) / 2", "datetime(2020-06-15)"},
	},
}, {
	Name: "-", Kind: Infix, Ref: "numerical-operators",
	Doc: "Difference of two numbers, timespans or datetimes, or a datetime moved back by a timespan.",
	Sigs: []Sig{
		{Decl: "(left: number, right: number): widest", DuckDB: SQL{Build: subtractSQL}},
		{Decl: "(left: timespan, right: timespan): timespan", DuckDB: SQL{Build: subtractSQL}},
		// Two datetimes are at most 10,000 years apart: no overflow.
		{Decl: "(left: datetime, right: datetime): timespan", DuckDB: plainMinus},
		{Decl: "(left: datetime, right: dynamic): timespan", Eval: dynamicSubtract},
		{Decl: "(left: dynamic, right: datetime): timespan", Eval: dynamicSubtract},
		{Decl: "(left: datetime, right: timespan): datetime", DuckDB: SQL{Build: shiftBackSQL}},
		{Decl: "(left: timespan, right: datetime): datetime"},
		{Decl: "(left: dynamic, right: dynamic): dynamic", Eval: dynamicSubtract},
		{Decl: "(left: dynamic, right: int): long", Eval: dynamicSubtract},
		{Decl: "(left: int, right: dynamic): long", Eval: dynamicSubtract},
		{Decl: "(left: dynamic, right: long|real|decimal|timespan): arg1", Eval: dynamicSubtract},
		{Decl: "(left: long|real|decimal|timespan, right: dynamic): arg0", Eval: dynamicSubtract},
	},
	Eval: evalSubtract,
	Examples: []Example{
		{"5 - 7", "long(-2)"},
		{"datetime(2020-06-15) - datetime(2020-06-14)", "timespan(1.00:00:00)"},
		{"datetime(2020-06-15) - 1d - 12h", "datetime(2020-06-13T12:00:00Z)"},
		{"datetime(0001-01-01) - 1tick", "datetime(null)"},
	},
}, {
	Name: "*", Kind: Infix, Ref: "numerical-operators",
	Doc: "Product of two numbers, or a timespan taken a number of times.",
	Sigs: []Sig{
		{Decl: "(left: number, right: number): widest", DuckDB: realOnly("{0} * {1}", mulPrec)},
		{Decl: "(left: timespan, right: timespan): timespan"},
		{Decl: "(left: timespan, right: number): timespan"},
		{Decl: "(left: number, right: timespan): timespan"},
		{Decl: "(left: datetime, right: number): datetime"},
		{Decl: "(left: number, right: datetime): datetime"},
		{Decl: "(left: dynamic, right: dynamic): dynamic", Eval: dynamicMultiply},
		{Decl: "(left: dynamic, right: int): long", Eval: dynamicMultiply},
		{Decl: "(left: int, right: dynamic): long", Eval: dynamicMultiply},
		{Decl: "(left: dynamic, right: long|real|decimal): arg1", Eval: dynamicMultiply},
		{Decl: "(left: long|real|decimal, right: dynamic): arg0", Eval: dynamicMultiply},
	},
	Eval: evalMultiply,
	Examples: []Example{
		{"7 * 6", "long(42)"},
		{"1d * 2.5", "timespan(2.12:00:00)"},
		{"9223372036854775807 * 2", "long(-2)"},
	},
}, {
	Name: "/", Kind: Infix, Ref: "numerical-operators",
	Doc: "Quotient of two numbers, cut to a whole number for longs; how often one timespan fits another.",
	Sigs: []Sig{
		{Decl: "(left: number, right: number): widest", DuckDB: SQL{Build: divideSQL}},
		{Decl: "(left: timespan, right: timespan): real", DuckDB: ratioSQL},
		{Decl: "(left: timespan, right: number): timespan", DuckDB: SQL{Build: divideSQL}},
		{Decl: "(left: datetime, right: datetime): real", DuckDB: ratioSQL},
		{Decl: "(left: datetime, right: timespan): real", DuckDB: ratioSQL},
		{Decl: "(left: datetime, right: number): datetime"},
		{Decl: "(left: dynamic, right: dynamic): dynamic", Eval: dynamicDivide},
		{Decl: "(left: dynamic, right: int): long", Eval: dynamicDivide},
		{Decl: "(left: int, right: dynamic): long", Eval: dynamicDivide},
		{Decl: "(left: dynamic, right: long|real|decimal): arg1", Eval: dynamicDivide},
		{Decl: "(left: long|real|decimal, right: dynamic): arg0", Eval: dynamicDivide},
	},
	Eval: evalDivide,
	Examples: []Example{
		{"-7 / 2", "long(-3)"},
		{"1 / 0", "long(null)"},
		{"1.0 / 0.0", "real(+inf)"},
		{"1d / 1h", "24.0"},
	},
}, {
	Name: "%", Kind: Infix, Ref: "numerical-operators",
	Doc: "Remainder of a division, from 0 up to but not including the divisor's magnitude.",
	Sigs: []Sig{
		{Decl: "(left: number, right: number): widest", DuckDB: SQL{Build: moduloSQL}},
		{Decl: "(left: timespan, right: timespan): timespan", DuckDB: SQL{Build: moduloSQL}},
		{Decl: "(left: timespan, right: number): timespan"},
		{Decl: "(left: datetime, right: datetime): timespan", DuckDB: SQL{Build: moduloSQL}},
		{Decl: "(left: datetime, right: timespan): timespan", DuckDB: SQL{Build: moduloSQL}},
		{Decl: "(left: datetime, right: number): datetime"},
		{Decl: "(left: dynamic, right: dynamic): dynamic", Eval: dynamicModulo},
		{Decl: "(left: dynamic, right: int): long", Eval: dynamicModulo},
		{Decl: "(left: int, right: dynamic): long", Eval: dynamicModulo},
		{Decl: "(left: dynamic, right: long|real|decimal): arg1", Eval: dynamicModulo},
		{Decl: "(left: long|real|decimal, right: dynamic): arg0", Eval: dynamicModulo},
	},
	Eval: evalModulo,
	Examples: []Example{
		{"-7 % 3", "long(2)"},
		{"7 % -3", "long(1)"},
		{"5 % 0", "long(null)"},
		{"-5.5 % 2.0", "0.5"},
	},
}, {
	Name: "unary -", Kind: Infix, Ref: "numerical-operators",
	Doc: "A number or timespan with the opposite sign.",
	Sigs: []Sig{
		// Recorded: the negative of the int -2147483648 is a long.
		{Decl: "(operand: int|long|real|decimal|timespan): custom", Result: promoteInt,
			DuckDB: realOnly("-{0}", unaryPrec)},
		{Decl: "(operand: dynamic): dynamic"},
	},
	Eval: evalNegate,
	Examples: []Example{
		{"-(2 + 3)", "long(-5)"},
		{"-(1d + 2h)", "timespan(-1.02:00:00)"},
		{"-int(null)", "long(null)"},
	},
}, {
	Name: "unary +", Kind: Infix, Ref: "numerical-operators",
	Doc: "A number or timespan as it is.",
	Sigs: []Sig{
		{Decl: "(operand: summable): arg0"},
		{Decl: "(operand: dynamic): dynamic"},
	},
	Eval: evalSame, DuckDB: SQL{Build: sameSQL}, Nulls: NullIfArg,
	Examples: []Example{
		{"+(2 + 3)", "long(5)"},
		{"+1.5h", "timespan(01:30:00)"},
	},
}}

// promoteInt is the result type of an operator that makes a long of an int.
func promoteInt(args []ArgInfo) types.Type {
	if len(args) == 0 {
		return types.Unknown
	}
	if args[0].Type == types.Int {
		return types.Long
	}
	return args[0].Type
}

// Operators on two longs (or ticks); false is null.

func addLong(a, b int64) (int64, bool)      { return a + b, true }
func subtractLong(a, b int64) (int64, bool) { return a - b, true }
func multiplyLong(a, b int64) (int64, bool) { return a * b, true }

// multiplyExact refuses what does not fit, for datetimes, which do not wrap.
func multiplyExact(a, b int64) (int64, bool) {
	r := a * b
	return r, a == 0 || r/a == b && (a != -1 || b != math.MinInt64)
}

func divideLong(a, b int64) (int64, bool) {
	if b == 0 {
		return 0, false
	}
	return a / b, true // Go wraps the one overflow, the smallest by -1
}

func moduloLong(a, b int64) (int64, bool) {
	if b == 0 {
		return 0, false
	}
	m := a % b
	switch {
	case m >= 0:
	case b < 0:
		m -= b
	default:
		m += b
	}
	return m, true
}

// Operators on two reals.

func addReal(a, b float64) float64      { return a + b }
func subtractReal(a, b float64) float64 { return a - b }
func multiplyReal(a, b float64) float64 { return a * b }
func divideReal(a, b float64) float64   { return a / b }

func moduloReal(a, b float64) float64 {
	m := math.Mod(a, b)
	if m < 0 {
		m += math.Abs(b)
	}
	return m
}
