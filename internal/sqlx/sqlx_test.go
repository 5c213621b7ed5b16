package sqlx

import (
	"math"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

func TestFormat(t *testing.T) {
	a, b := Raw(Atom, "a"), Raw(Atom, "b")
	sum, or, cmp := Raw(Add, "a + b"), Raw(Or, "a OR b"), Raw(Cmp, "a = b")
	for _, c := range []struct {
		p        Prec
		template string
		args     []Expr
		want     string
	}{
		{Add, "{0} + {1}", []Expr{a, b}, "a + b"},
		{Mul, "{0} * {1}", []Expr{sum, b}, "(a + b) * b"},
		{Add, "{0} - {1}", []Expr{sum, sum}, "a + b - (a + b)"}, // left as it is, right not
		{And, "{0} AND {1}", []Expr{or, cmp}, "(a OR b) AND a = b"},
		{Or, "{0} OR {1}", []Expr{or, or}, "a OR b OR (a OR b)"},
		{Cmp, "{0} = {1}", []Expr{cmp, a}, "(a = b) = a"}, // comparisons do not chain
		{Not, "NOT {0}", []Expr{Raw(Not, "NOT a")}, "NOT (NOT a)"},
		{Not, "NOT {0}", []Expr{cmp}, "NOT a = b"},
		{Atom, "f({0}, {1})", []Expr{sum, or}, "f(a + b, a OR b)"},
		{Atom, "f({*})", []Expr{sum, or, a}, "f(a + b, a OR b, a)"},
		{Atom, "f({*})", nil, "f()"},
		{Atom, "CASE WHEN {0} THEN {1} END", []Expr{or, sum}, "CASE WHEN (a OR b) THEN (a + b) END"},
		{Atom, "x[{0}]", []Expr{sum}, "x[a + b]"},
		{Atom, "{0}", []Expr{sum}, "(a + b)"},
		{Unary, "-{0}", []Expr{Raw(Unary, "-a")}, "-(-a)"},
		{Atom, "{7} {x} {", []Expr{a}, "{7} {x} {"},
		{Atom, "f({0}, {0})", []Expr{sum}, "f(a + b, a + b)"},
	} {
		if got := Format(c.p, c.template, c.args...); got.Text != c.want || got.Prec != c.p {
			t.Errorf("%q with %v is %q (%d), want %q", c.template, c.args, got.Text, got.Prec, c.want)
		}
	}
}

// TestArgumentsAreNoTemplates: what stands in an argument is never filled in.
func TestArgumentsAreNoTemplates(t *testing.T) {
	if got := Format(Atom, "f({0}, {1})", Raw(Atom, "'{1}'"), Raw(Atom, "'{*}'")); got.Text != "f('{1}', '{*}')" {
		t.Errorf("arguments were filled in: %s", got.Text)
	}
}

func TestJoin(t *testing.T) {
	a, or := Raw(Atom, "a"), Raw(Or, "b OR c")
	for want, got := range map[string]Expr{
		"true": AllOf(), "false": AnyOf(), "a": AllOf(a), "b OR c": AllOf(or), "a AND (b OR c)": AllOf(a, or), "a OR b OR c": AnyOf(a, or),
	} {
		if got.Text != want {
			t.Errorf("%s, want %s", got.Text, want)
		}
	}
	if got := Call("f", a, or); got.Text != "f(a, b OR c)" || got.Prec != Atom {
		t.Errorf("a call is %v", got)
	}
}

func TestLiteral(t *testing.T) {
	for _, c := range []struct {
		v    types.Value
		want string
	}{
		{types.BoolValue(true), "true"},
		{types.Null(types.Bool), "CAST(NULL AS BOOLEAN)"},
		{types.IntValue(-1), "CAST(-1 AS INTEGER)"},
		{types.LongValue(math.MinInt64), "CAST(-9223372036854775808 AS BIGINT)"},
		{types.DatetimeValue(5), "CAST(5 AS BIGINT)"},
		{types.RealValue(0.1), "CAST(1e-01 AS DOUBLE)"},
		{types.RealValue(math.NaN()), "CAST('nan' AS DOUBLE)"},
		{types.RealValue(math.Inf(-1)), "CAST('-inf' AS DOUBLE)"},
		{types.StringValue(""), "''"},
		{types.Null(types.String), "''"},
		{types.StringValue("it's; DROP TABLE x --"), "'it''s; DROP TABLE x --'"},
		{types.StringValue("'"), "''''"},
		{types.StringValue(`\`), `'\'`},
		{types.StringValue("a\x00b"), "concat('a', chr(0), 'b')"},
		{types.StringValue("a\xffb"), "'a\ufffdb'"},
		{types.DynamicValue(`{"a":"'"}`), `'{"a":"''"}'`},
		{types.Null(types.Dynamic), "CAST(NULL AS VARCHAR)"},
	} {
		got := DuckDB.Literal(c.v)
		if got.Text != c.want || got.Prec != Atom {
			t.Errorf("%v is %s, want %s", c.v, got.Text, c.want)
		}
	}
}

// FuzzStringLiteral: outside its quotes a string literal has nothing but
// concat and chr(0).
func FuzzStringLiteral(f *testing.F) {
	for _, s := range []string{"", "'", "a'b''c", "\x00", "'\x00'", "\xff", "--", "/*", "$$", `\'`, "😀", "\\u0027"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := DuckDB.Literal(types.StringValue(s)).Text
		var outside, value strings.Builder
		quoted := false
		for i := 0; i < len(text); i++ {
			switch {
			case text[i] != '\'':
				if quoted {
					value.WriteByte(text[i])
				} else {
					outside.WriteByte(text[i])
				}
			case quoted && i+1 < len(text) && text[i+1] == '\'':
				value.WriteByte('\'')
				i++
			default:
				quoted = !quoted
			}
		}
		valid := strings.ToValidUTF8(s, "\ufffd")
		if rest := strings.NewReplacer("concat(", "", ", chr(0), ", "", ")", "").Replace(outside.String()); quoted || rest != "" {
			t.Errorf("%q is written %s", s, text)
		}
		if value.String() != strings.ReplaceAll(valid, "\x00", "") || strings.IndexByte(text, 0) >= 0 {
			t.Errorf("%q is written %s, which says %q", s, text, value.String())
		}
	})
}

func TestTypeNames(t *testing.T) {
	for x, want := range map[types.Type]string{
		types.Bool: "BOOLEAN", types.Int: "INTEGER", types.Long: "BIGINT", types.Datetime: "BIGINT", types.Timespan: "BIGINT", types.Real: "DOUBLE",
		types.Decimal: "VARCHAR", types.Guid: "VARCHAR", types.String: "VARCHAR", types.Dynamic: "VARCHAR", types.Real.List(): "DOUBLE[]", types.Dynamic.List(): "VARCHAR[]",
	} {
		if got := DuckDB.TypeName(x); got != want {
			t.Errorf("%s is %s, want %s", x, got, want)
		}
	}
}
