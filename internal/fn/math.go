package fn

import (
	"math"
	"math/rand/v2"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Rounding, signs, powers, logarithms and chance.

var mathRows = []Spec{{
	Name: "abs", Ref: "abs-function", Naming: NameFirstArg,
	Doc: "Magnitude of a number or timespan.",
	Sigs: []Sig{
		{Decl: "(number: integer): long"},
		{Decl: "(number: number): arg0", DuckDB: realOnly("abs({0})", sqlx.Atom)},
		{Decl: "(number: timespan): timespan"},
	},
	Eval: evalAbs, Nulls: NullIfArg,
	Examples: []Example{{"abs(-5)", "long(5)"}, {"abs(-1.5)", "1.5"}, {"abs(-1d)", "timespan(1.00:00:00)"}},
}, {
	Name: "sign", Ref: "sign-function", Nulls: NullIfArg,
	Doc:      "-1, 0 or 1, as the number is negative, zero or positive.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(sign), // recorded: the sign of NaN is 0
	Examples: []Example{{"sign(-42)", "-1.0"}, {"sign(0)", "0.0"}, {"sign(11.2)", "1.0"}},
}, {
	Name: "round", Ref: "round-function", Naming: NameFirstArg,
	Doc:  "Rounds to a number of digits after the point, halves away from zero.",
	Sigs: []Sig{{Decl: "(number: number, precision?: const long): arg0"}},
	Eval: evalRound, DuckDB: SQL{Build: roundSQL},
	Examples: []Example{{"round(2.98765, 3)", "2.988"}, {"round(-2.5)", "-3.0"}, {"round(21.5, -1)", "20.0"}, {"round(15, -1)", "long(20)"}},
}, {
	Name: "ceiling", Ref: "ceiling-function", Naming: NameFirstArg,
	Doc:  "Smallest whole number that is not below the number.",
	Sigs: []Sig{{Decl: "(number: number): arg0"}},
	Eval: evalCeiling, DuckDB: SQL{Build: ceilingSQL},
	Examples: []Example{{"ceiling(-1.1)", "-1.0"}, {"ceiling(0.9)", "1.0"}, {"ceiling(7)", "long(7)"}},
}, {
	Name: "sqrt", Ref: "sqrt-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Square root; NaN of a negative number.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Sqrt),
	Examples: []Example{{"sqrt(16)", "4.0"}, {"sqrt(-1)", "real(nan)"}},
}, {
	Name: "pow", Ref: "pow-function", Nulls: NullIfArg,
	Doc:      "Base raised to the power of exponent.",
	Sigs:     []Sig{{Decl: "(base: number, exponent: number): real"}},
	Eval:     realFunc2(math.Pow),
	Examples: []Example{{"pow(2, 10)", "1024.0"}, {"pow(2, -1)", "0.5"}, {"pow(-8, 1.0 / 3.0)", "real(nan)"}},
}, {
	Name: "exp", Ref: "exp-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "e raised to the power of the number.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Exp),
	Examples: []Example{{"exp(0)", "1.0"}, {"exp(100000.5)", "real(+inf)"}},
}, {
	Name: "exp2", Ref: "exp2-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "2 raised to the power of the number.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Exp2),
	Examples: []Example{{"exp2(3)", "8.0"}, {"exp2(-1)", "0.5"}},
}, {
	Name: "exp10", Ref: "exp10-function", Nulls: NullIfArg,
	Doc:      "10 raised to the power of the number.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(func(x float64) float64 { return math.Pow(10, x) }),
	Examples: []Example{{"exp10(2)", "100.0"}, {"exp10(0)", "1.0"}},
}, {
	Name: "log", Ref: "log-function", Naming: NameFirstArg,
	Doc:      "Natural logarithm; null of a negative number.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFuncOK(logOf(math.Log)),
	Examples: []Example{{"log(1)", "0.0"}, {"log(0)", "real(-inf)"}, {"log(-1)", "real(null)"}},
}, {
	Name: "log10", Ref: "log10-function", Naming: NameFirstArg,
	Doc:      "Logarithm to base 10; null of a negative number.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFuncOK(logOf(math.Log10)),
	Examples: []Example{{"log10(1000) > 2.9999", "true"}, {"log10(-5)", "real(null)"}},
}, {
	Name: "log2", Ref: "log2-function", Naming: NameFirstArg,
	Doc:      "Logarithm to base 2; null of a negative number.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFuncOK(logOf(math.Log2)),
	Examples: []Example{{"log2(8)", "3.0"}, {"log2(-8)", "real(null)"}},
}, {
	Name: "rand", Ref: "rand-function", Naming: NameFirstArg, Vol: PerRow,
	Doc: "A random real below 1, or a random whole number below a limit, new for every row.",
	Sigs: []Sig{
		{Decl: "(): real", DuckDB: SQL{Template: "random()"}},
		{Decl: "(number: integer): real"},
	},
	Eval:     evalRand,
	Examples: []Example{{"rand() < 1.0", "true"}, {"rand(1)", "0.0"}},
}}

// realFunc adapts a function of one number of any type.
func realFunc(f func(float64) float64) Eval {
	return func(c *Call) {
		c.strict()
		arg, out := c.Args[0], c.Out.Floats[:c.N]
		if arg.Type == types.Real {
			for i, x := range arg.Floats[:c.N] {
				out[i] = f(x)
			}
			return
		}
		for i := range out {
			out[i] = f(numberAt(arg, i))
		}
	}
}

// realFuncOK is realFunc for a function that has no value for some numbers.
func realFuncOK(f func(float64) (float64, bool)) Eval {
	return func(c *Call) {
		c.strict()
		for i := range c.N {
			r, ok := f(numberAt(c.Args[0], i))
			if c.Out.Floats[i] = r; !ok {
				c.Out.SetNull(i)
			}
		}
	}
}

// realFunc2 is realFunc for two numbers.
func realFunc2(f func(a, b float64) float64) Eval {
	return func(c *Call) {
		c.strict()
		for i := range c.N {
			c.Out.Floats[i] = f(numberAt(c.Args[0], i), numberAt(c.Args[1], i))
		}
	}
}

// logOf gives a logarithm's null for negative numbers, as recorded.
func logOf(f func(float64) float64) func(float64) (float64, bool) {
	return func(x float64) (float64, bool) { return f(x), !(x < 0) }
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func evalAbs(c *Call) {
	c.strict()
	arg := c.Args[0]
	switch arg.Type {
	case types.Real:
		for i := range c.N {
			c.Out.Floats[i] = math.Abs(arg.Floats[i])
		}
	case types.Decimal:
		for i := range c.N {
			c.Out.Strings[i] = absDecimal(arg.Strings[i])
		}
	default:
		for i := range c.N {
			c.Out.Ints[i] = max(arg.Ints[i], -arg.Ints[i]) // wraps for the smallest
		}
	}
}

func evalCeiling(c *Call) {
	c.strict()
	arg := c.Args[0]
	switch arg.Type {
	case types.Real:
		for i := range c.N {
			c.Out.Floats[i] = math.Ceil(arg.Floats[i])
		}
	case types.Decimal:
		for i := range c.N {
			if r, ok := ceilingDecimal(arg.Strings[i]); ok {
				c.Out.Strings[i] = r
			} else {
				c.Out.SetNull(i)
			}
		}
	default:
		copy(c.Out.Ints[:c.N], arg.Ints)
	}
}

func ceilingSQL(b *Builder) (sqlx.Expr, bool) {
	switch b.Args[0].Type {
	case types.Real:
		return sqlx.Call("ceil", b.Args[0].SQL), true
	case types.Int, types.Long:
		return b.Args[0].SQL, true
	}
	return sqlx.Expr{}, false
}

// evalRand uses the runtime's generator, which is seeded by the system and
// safe for many threads. A limit of zero or less has no number below it.
func evalRand(c *Call) {
	c.strict()
	for i := range c.N {
		switch {
		case len(c.Args) == 0:
			c.Out.Floats[i] = rand.Float64()
		case c.Args[0].Ints[i] > 0:
			c.Out.Floats[i] = float64(rand.Int64N(c.Args[0].Ints[i]))
		default:
			c.Out.SetNull(i)
		}
	}
}
