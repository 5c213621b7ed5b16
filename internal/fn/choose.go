package fn

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// chooseRows pick one of their arguments: iff, case, coalesce, max_of, min_of.
// A predicate that is null is not true.
var chooseRows = []Spec{
	{
		Name: "iff", Aliases: []string{"iif"}, Ref: "iff-function", Doc: "The second argument where the first is true, else the third.",
		Sigs:  []Sig{{Decl: "(if: bool, then: commondyn, else: commondyn): common"}},
		Nulls: NullFromArg, Eval: caseEval,
		DuckDB: SQL{Build: caseSQL},
		Examples: []Example{
			{`iff(1 < 2, "yes", "no")`, `"yes"`}, {`iif(bool(null), "t", "f")`, `"f"`}, {`iff(false, 1, long(null))`, `long(null)`},
		},
	},
	{
		Name: "case", Ref: "case-function", Doc: "The value after the first predicate that is true, else the last argument.",
		Sigs:  []Sig{{Decl: "(predicate: bool{1,}, then: commondyn{1,}, else: commondyn): common"}},
		Nulls: NullFromArg, Eval: caseEval,
		DuckDB: SQL{Build: caseSQL},
		Examples: []Example{
			{`case(5 <= 3, "Small", 5 <= 10, "Medium", "Large")`, `"Medium"`}, {`case(bool(null), "c1", true, "c2", "def")`, `"c2"`},
			{`case(false, 1, 7)`, `7`},
		},
	},
	{
		Name: "coalesce", Ref: "coalesce-function", Doc: "The first argument that is not null; for strings the first that is not empty.",
		Sigs:  []Sig{{Decl: "(arg: common{2,64}): common"}},
		Nulls: NullIfAllArgs, Eval: coalesceEval,
		DuckDB: SQL{Build: coalesceSQL},
		Examples: []Example{
			{`coalesce(tolong("not a number"), tolong("42"), 33)`, `42`}, {`coalesce("", "b", "c")`, `"b"`},
			{`coalesce(real(null), real(null))`, `real(null)`},
		},
	},
	{
		Name: "max_of", Ref: "max-of-function", Doc: "The greatest argument; nulls do not count.",
		Sigs:  []Sig{{Decl: "(arg: commonord{2,64}): common"}},
		Nulls: NullIfAllArgs, Eval: extremeEval(greater),
		Examples: []Example{
			{`max_of(10, 1, -3, 17)`, `17`}, {`max_of(1, long(null), 3)`, `3`}, {`max_of("a", "B")`, `"a"`},
			{`max_of(int(null), int(null))`, `int(null)`},
		},
	},
	{
		Name: "min_of", Ref: "min-of-function", Doc: "The least argument; nulls do not count.",
		Sigs:  []Sig{{Decl: "(arg: commonord{2,64}): common"}},
		Nulls: NullIfAllArgs, Eval: extremeEval(less),
		Examples: []Example{
			{`min_of(10, 1, -3, 17)`, `long(-3)`}, {`min_of(int(null), int(5))`, `int(5)`}, {`min_of(2h, 1h)`, `1h`},
		},
	},
}

// caseEval: predicate, value, predicate, value …, else. Every row takes the
// value after its first true predicate.
func caseEval(c *Call) {
	last := len(c.Args) - 1
	for i := range c.N {
		k := 0
		for k < last {
			if p := c.Args[k]; !p.IsNull(i) && p.Bools[i] {
				break
			}
			k += 2
		}
		copyRow(c.Out, i, c.Args[min(k+1, last)], i)
	}
}

func caseSQL(b *Builder) (sqlx.Expr, bool) {
	last := len(b.Args) - 1
	var s strings.Builder
	s.WriteString("CASE")
	for k := 0; k < last; k += 2 {
		s.WriteString(" WHEN " + b.Args[k].SQL.Text + " THEN " + b.Args[k+1].SQL.Text)
	}
	s.WriteString(" ELSE " + b.Args[last].SQL.Text + " END")
	return sqlx.Raw(sqlx.Atom, s.String()), true
}

func coalesceEval(c *Call) {
	last := len(c.Args) - 1
	for i := range c.N {
		k := 0
		for k < last && missing(c.Args[k], i) {
			k++
		}
		copyRow(c.Out, i, c.Args[k], i)
	}
}

// missing reports a null or an empty string.
func missing(v *types.Vector, i int) bool {
	if v.Type == types.String {
		return v.Strings[i] == ""
	}
	return v.IsNull(i)
}

func coalesceSQL(b *Builder) (sqlx.Expr, bool) {
	args := make([]sqlx.Expr, len(b.Args))
	for k, a := range b.Args {
		args[k] = a.SQL
		if a.Type == types.String && k < len(args)-1 {
			args[k] = sqlx.Format(sqlx.Atom, "nullif({0}, '')", a.SQL)
		}
	}
	return sqlx.Call("coalesce", args...), true
}

// extremeEval keeps the argument that is want (less or greater) than the one
// kept so far. NaN is kept only where nothing else is there before it.
func extremeEval(want relation) Eval {
	return func(c *Call) {
		for i := range c.N {
			best := -1
			for k, a := range c.Args {
				if a.IsNull(i) {
					continue
				}
				if best < 0 {
					best = k
					continue
				}
				x, _ := castRow(a, i, a.Type)
				y, _ := castRow(c.Args[best], i, a.Type)
				if relateValues(x, y) == want {
					best = k
				}
			}
			if best < 0 {
				c.Out.SetNull(i)
			} else {
				copyRow(c.Out, i, c.Args[best], i)
			}
		}
	}
}
