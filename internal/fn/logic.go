package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// logicRows are and, or, not. They are three-valued as in SQL: false decides
// an and, true an or, whatever the other side is.
var logicRows = []Spec{
	{
		Name: "and", Kind: Infix, Ref: "logical-operators", Doc: "Both are true.",
		Sigs: []Sig{
			{Decl: "(left: bool, right: bool): bool", DuckDB: SQL{Template: "{0} AND {1}", Prec: sqlx.And}},
			{Decl: "(left: bool|dynamic, right: bool|dynamic): bool"},
		},
		Nulls: NullFromArg, Eval: logicEval(false),
		Examples: []Example{{`true and false`, `false`}, {`bool(null) and false`, `false`}, {`bool(null) and true`, `bool(null)`}},
	},
	{
		Name: "or", Kind: Infix, Ref: "logical-operators", Doc: "At least one is true.",
		Sigs: []Sig{
			{Decl: "(left: bool, right: bool): bool", DuckDB: SQL{Template: "{0} OR {1}", Prec: sqlx.Or}},
			{Decl: "(left: bool|dynamic, right: bool|dynamic): bool"},
		},
		Nulls: NullFromArg, Eval: logicEval(true),
		Examples: []Example{{`true or false`, `true`}, {`bool(null) or true`, `true`}, {`bool(null) or false`, `bool(null)`}},
	},
	{
		Name: "not", Ref: "not-function", Doc: "True for false and false for true.",
		Sigs:   []Sig{{Decl: "(expression: bool): bool"}},
		Nulls:  NullIfArg,
		DuckDB: SQL{Template: "NOT {0}", Prec: sqlx.Not},
		Eval:   Map1(Always(func(b bool) bool { return !b })),
		Examples: []Example{
			{`not(false)`, `true`}, {`not(bool(null))`, `bool(null)`},
		},
	},
}

// logicEval computes and (decisive false) or or (decisive true).
func logicEval(decisive bool) Eval {
	return func(c *Call) {
		for i := range c.N {
			a, aok := boolAt(c.Args[0], i)
			b, bok := boolAt(c.Args[1], i)
			switch {
			case aok && a == decisive, bok && b == decisive:
				c.Out.Bools[i] = decisive
			case aok && bok:
				c.Out.Bools[i] = !decisive
			default:
				c.Out.SetNull(i)
			}
		}
	}
}

// boolAt reads row i of a bool or dynamic column.
func boolAt(v *types.Vector, i int) (value, ok bool) {
	switch {
	case v.IsNull(i):
		return false, false
	case v.Type == types.Dynamic:
		return dynamic.AsBool(v.Strings[i])
	}
	return v.Bools[i], true
}
