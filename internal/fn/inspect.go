package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// inspectRows tell what a value is: null, NaN, infinite, of which type.
var inspectRows = []Spec{
	{
		Name: "isnull", Ref: "isnull-function", Doc: "The value is null. A string never is, nor is an array or a bag.",
		Sigs:  []Sig{{Decl: "(expression: scalar): bool"}},
		Nulls: NeverNull, Eval: nullEval(true), DuckDB: SQL{Build: nullSQL(true)},
		Examples: []Example{
			{`isnull(long(null))`, `true`}, {`isnull("")`, `false`}, {`isnull(parse_json(""))`, `true`}, {`isnull(dynamic([]))`, `false`},
		},
	},
	notNullRow("isnotnull", ""),
	notNullRow("notnull", "isnotnull"),
	realTestRow("isnan", "The real is not a number.", math.IsNaN,
		Example{`isnan(0.0 / 0.0)`, `true`}, Example{`isnan(1.5)`, `false`}, Example{`isnan(real(null))`, `bool(null)`}),
	realTestRow("isinf", "The real is an infinity.", func(f float64) bool { return math.IsInf(f, 0) },
		Example{`isinf(-1.0 / 0.0)`, `true`}, Example{`isinf(1.0)`, `false`}),
	realTestRow("isfinite", "The real is neither an infinity nor NaN.", func(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) },
		Example{`isfinite(1.0)`, `true`}, Example{`isfinite(0.0 / 0.0)`, `false`}),
	{
		Name: "gettype", Ref: "gettype-function", Doc: "The name of the value's type; of a dynamic value, what it holds.",
		Naming: NamePrefixArg, Prefix: "type",
		Sigs:  []Sig{{Decl: "(value: scalar): string"}},
		Nulls: NeverNull, Eval: typeEval, DuckDB: SQL{Build: typeSQL},
		Examples: []Example{
			{`gettype(1)`, `"long"`}, {`gettype(dynamic({"a":1}))`, `"dictionary"`}, {`gettype(parse_json("1.5"))`, `"double"`},
			{`gettype(dynamic(null))`, `"null"`}, {`gettype(toint("bad"))`, `"int"`},
		},
	},
}

func notNullRow(name, obsolete string) Spec {
	return Spec{
		Name: name, Obsolete: obsolete, Hidden: obsolete != "", Ref: "isnotnull-function",
		Doc:   "The value is not null. A string never is null.",
		Sigs:  []Sig{{Decl: "(expression: scalar): bool"}},
		Nulls: NeverNull, Eval: nullEval(false), DuckDB: SQL{Build: nullSQL(false)},
		Examples: []Example{
			{name + `(1)`, `true`}, {name + `(int(null))`, `false`}, {name + `("")`, `true`},
		},
	}
}

func nullEval(want bool) Eval {
	return func(c *Call) {
		for i := range c.N {
			c.Out.Bools[i] = c.Args[0].IsNull(i) == want
		}
	}
}

func nullSQL(want bool) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		switch a := b.Args[0]; {
		case !a.Nullable || a.Type == types.String:
			return b.Dialect.Literal(types.BoolValue(!want)), true
		case want:
			return sqlx.Format(sqlx.Cmp, "{0} IS NULL", a.SQL), true
		default:
			return sqlx.Format(sqlx.Cmp, "{0} IS NOT NULL", a.SQL), true
		}
	}
}

// realTestRow is a test that DuckDB has under the same name.
func realTestRow(name, doc string, test func(float64) bool, examples ...Example) Spec {
	return Spec{
		Name: name, Ref: name + "-function", Doc: doc, Examples: examples,
		Sigs:  []Sig{{Decl: "(number: real): bool"}},
		Nulls: NullIfArg, Eval: Map1(Always(test)), DuckDB: SQL{Template: name + "({0})"},
	}
}

func typeEval(c *Call) {
	a := c.Args[0]
	for i := range c.N {
		if a.Type == types.Dynamic {
			c.Out.Strings[i] = dynamic.TypeName(c.json(0, i))
		} else {
			c.Out.Strings[i] = a.Type.String()
		}
	}
}

func typeSQL(b *Builder) (sqlx.Expr, bool) {
	t := b.Args[0].Type
	if t == types.Dynamic {
		return sqlx.Expr{}, false
	}
	return b.Dialect.Literal(types.StringValue(t.String())), true
}
