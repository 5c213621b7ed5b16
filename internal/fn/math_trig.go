package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Angles in radians.

var trigRows = []Spec{{
	Name: "sin", Ref: "sin-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Sine of an angle in radians.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Sin),
	Examples: []Example{{"sin(0)", "0.0"}, {"sin(real(null))", "real(null)"}},
}, {
	Name: "cos", Ref: "cos-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Cosine of an angle in radians.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Cos),
	Examples: []Example{{"cos(0)", "1.0"}, {"round(cos(1), 9)", "0.540302306"}},
}, {
	Name: "tan", Ref: "tan-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Tangent of an angle in radians.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Tan),
	Examples: []Example{{"tan(0)", "0.0"}, {"round(tan(1), 9)", "1.557407725"}},
}, {
	Name: "cot", Ref: "cot-function", Nulls: NullIfArg,
	Doc:      "Cotangent of an angle in radians.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(func(x float64) float64 { return 1 / math.Tan(x) }),
	Examples: []Example{{"round(cot(1), 9)", "0.642092616"}, {"cot(0)", "real(+inf)"}},
}, {
	Name: "asin", Ref: "asin-function", Naming: NameFirstArg,
	Doc:      "Angle in radians whose sine is the number; null outside -1 to 1.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFuncOK(arcOf(math.Asin)),
	Examples: []Example{{"asin(0)", "0.0"}, {"asin(1.5)", "real(null)"}},
}, {
	Name: "acos", Ref: "acos-function", Naming: NameFirstArg,
	Doc:      "Angle in radians whose cosine is the number; null outside -1 to 1.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFuncOK(arcOf(math.Acos)),
	Examples: []Example{{"acos(1)", "0.0"}, {"acos(-2)", "real(null)"}},
}, {
	Name: "atan", Ref: "atan-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Angle in radians whose tangent is the number.",
	Sigs:     []Sig{{Decl: "(number: number): real"}},
	Eval:     realFunc(math.Atan),
	Examples: []Example{{"round(atan(0.5), 9)", "0.463647609"}, {"atan(0)", "0.0"}},
}, {
	Name: "atan2", Ref: "atan2-function", Naming: NameFirstArg, Nulls: NullIfArg,
	Doc:      "Angle in radians between the x axis and the line to the point (y, x).",
	Sigs:     []Sig{{Decl: "(y: number, x: number): real"}},
	Eval:     realFunc2(math.Atan2),
	Examples: []Example{{"atan2(1, 1) == pi() / 4", "true"}, {"atan2(0, 1)", "0.0"}},
}, {
	Name: "pi", Ref: "pi-function", Nulls: NeverNull,
	Doc:      "The circle constant.",
	Sigs:     []Sig{{Decl: "(): real"}},
	Eval:     evalPi,
	DuckDB:   SQL{Build: piSQL},
	Examples: []Example{{"pi()", "3.141592653589793"}},
}, {
	Name: "degrees", Ref: "degrees-function", Nulls: NullIfArg,
	Doc:      "An angle in radians as degrees.",
	Sigs:     []Sig{{Decl: "(radians: number): real"}},
	Eval:     realFunc(func(x float64) float64 { return x * (180 / math.Pi) }),
	Examples: []Example{{"degrees(pi())", "180.0"}, {"degrees(0)", "0.0"}},
}, {
	Name: "radians", Ref: "radians-function", Nulls: NullIfArg,
	Doc:      "An angle in degrees as radians.",
	Sigs:     []Sig{{Decl: "(degrees: number): real"}},
	Eval:     realFunc(func(x float64) float64 { return x * (math.Pi / 180) }),
	Examples: []Example{{"radians(180) == pi()", "true"}, {"radians(0)", "0.0"}},
}}

// arcOf gives the inverse functions null outside their range.
func arcOf(f func(float64) float64) func(float64) (float64, bool) {
	return func(x float64) (float64, bool) { return f(x), !(x < -1 || x > 1) }
}

func evalPi(c *Call) {
	for i := range c.N {
		c.Out.Floats[i] = math.Pi
	}
}

func piSQL(b *Builder) (sqlx.Expr, bool) {
	return b.Dialect.Literal(types.Value{Type: types.Real, F: math.Pi}), true
}
