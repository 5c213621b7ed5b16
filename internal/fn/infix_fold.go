package fn

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

// infixFoldRows compare texts without case. Dynamic operands count as text.
var infixFoldRows = []Spec{
	{
		Name: "=~", Kind: Infix, Ref: "equals-operator",
		Doc:   "Both texts are equal without case.",
		Sigs:  []Sig{{Decl: "(left: stringdyn, right: stringdyn): bool"}},
		Nulls: NeverNull, Eval: equalFoldEval(false),
		DuckDB: SQL{Build: equalFoldSQL(false)},
		Examples: []Example{
			{`"abc" =~ "ABC"`, `true`}, {`"Straße" =~ "STRASSE"`, `false`}, {`"CAFÉ" =~ "café"`, `true`},
		},
	},
	{
		Name: "!~", Kind: Infix, Ref: "not-equals-operator",
		Doc:   "The texts differ even without case; true on null against a text.",
		Sigs:  []Sig{{Decl: "(left: stringdyn, right: stringdyn): bool"}},
		Nulls: NeverNull, Eval: equalFoldEval(true),
		DuckDB: SQL{Build: equalFoldSQL(true)},
		Examples: []Example{
			{`"aBc" !~ "xyz"`, `true`}, {`"aBc" !~ "ABC"`, `false`}, {`dynamic(null) !~ "a"`, `true`},
		},
	},
}

func equalFoldEval(not bool) Eval {
	return func(c *Call) {
		a, b := c.text(0), c.text(1)
		for i := range c.N {
			c.Out.Bools[i] = terms.EqualFold(a.at(i), b.at(i)) != not
		}
	}
}

// equalFoldSQL lowers a comparison with an ASCII constant to lower(x) = '…',
// which costs next to nothing on a dictionary-coded column.
func equalFoldSQL(not bool) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		x, k := b.Args[0], b.Args[1]
		if k.Const == nil {
			x, k = k, x
		}
		if k.Const == nil || k.Type != types.String || x.Type != types.String || !terms.ASCII(k.Const.S) {
			return sqlx.Expr{}, false
		}
		want := strings.ToLower(k.Const.S)
		lit := b.Dialect.Literal(types.StringValue(want))
		if !lowersFromAbroad(want) {
			if not {
				return sqlx.Format(sqlx.Cmp, "lower({0}) <> {1}", x.SQL, lit), true
			}
			return sqlx.Format(sqlx.Cmp, "lower({0}) = {1}", x.SQL, lit), true
		}
		size := sqlx.Raw(sqlx.Atom, fmt.Sprint(len(want)))
		e := sqlx.Format(sqlx.And, "lower({0}) = {1} AND strlen({0}) = {2}", x.SQL, lit, size)
		if not {
			e = sqlx.Format(sqlx.Not, "NOT {0}", e)
		}
		return e, true
	}
}

// lowersFromAbroad reports whether lower() of a text that is not ASCII can
// give want: the Kelvin sign lowers to k and İ to i, the only two. Kusto's
// comparison keeps them apart, so the size in bytes must then agree as well.
func lowersFromAbroad(want string) bool { return strings.ContainsAny(want, "ki") }
