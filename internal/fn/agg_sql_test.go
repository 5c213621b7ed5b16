package fn

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// aggSQL renders a call of an aggregate over columns c0, c1 …; "=50" is a
// constant.
func aggSQL(t *testing.T, name string, native bool, args ...string) (string, bool) {
	t.Helper()
	spec := findRow(t, Aggregate, name)
	b := &Builder{Dialect: sqlx.DuckDB, Result: types.Dynamic}
	var read []testArg
	for i, text := range args {
		a := readArg(t, text)
		read = append(read, a)
		arg := Arg{SQL: sqlx.Raw(sqlx.Atom, fmt.Sprint("c", i)), Type: a.t, Nullable: true}
		if a.constant {
			arg.SQL, arg.Const = sqlx.DuckDB.Literal(a.items[0]), &a.items[0]
		}
		b.Args = append(b.Args, arg)
	}
	if native {
		b.Native = func(name string, _ types.Type, args ...Arg) (sqlx.Expr, bool) {
			return sqlx.Call("kql_"+name, argSQL(args)...), true
		}
	}
	sig, _ := chooseSig(t, spec, read)
	if sig.DuckDB.Build != nil {
		e, ok := sig.DuckDB.Build(b)
		return e.Text, ok
	}
	return sqlx.Format(sqlx.Atom, sig.DuckDB.Template, argSQL(b.Args)...).Text, sig.DuckDB.Template != ""
}

func TestAggregateSQL(t *testing.T) {
	const fold = "CAST(((%s + 9223372036854775808) & 18446744073709551615) - 9223372036854775808 AS BIGINT)"
	for _, c := range []struct{ name, args, want string }{
		{"count", "", "count(*)"},
		{"count", "string:", "count(*)"},
		{"countif", "bool:", "count(*) FILTER (WHERE c0)"},
		{"dcount", "long:;=long: 4", "count(DISTINCT c0)"},
		{"dcountif", "long:;bool:", "count(DISTINCT c0) FILTER (WHERE c1)"},
		{"sum", "int:", fmt.Sprintf(fold, "coalesce(sum(c0), 0)")},
		{"sum", "real:", "coalesce(sum(c0), CAST(0 AS DOUBLE))"},
		{"sumif", "timespan:;bool:", fmt.Sprintf(fold, "coalesce(sum(c0) FILTER (WHERE c1), 0)")},
		{"avg", "real:", "coalesce(avg(c0), CAST('nan' AS DOUBLE))"},
		{"avgif", "datetime:;bool:", "CAST(sum(c0) FILTER (WHERE c1) // count(c0) FILTER (WHERE c1) AS BIGINT)"},
		{"min", "real:", "CASE WHEN bool_or(isnan(c0)) THEN CAST('nan' AS DOUBLE) ELSE min(c0) END"},
		{"maxif", "string:;bool:", "coalesce(max(c0) FILTER (WHERE c1), '')"},
		{"take_any", "string:", "coalesce(any_value(nullif(c0, '')), '')"},
		{"stdevif", "long:;bool:", "sqrt(coalesce(round(var_samp(c0) FILTER (WHERE c1), 10), CAST(0 AS DOUBLE)))"},
		{"covariance", "long:;int:", "coalesce(covar_samp(c1, c0), CAST(0 AS DOUBLE))"},
		{"binary_all_xor", "long:", "bit_xor(c0)"},
		{"percentile", "long:;=long: 7", "quantile_disc(c0, 0.07)"},
		{"percentile", "int:;=real: 99.9", "CAST(quantile_disc(c0, 0.999) AS BIGINT)"},
		{"percentiles", "real:;=decimal: 100", "quantile_disc(c0, 1.0)"},
		{"make_list", "long:", "kql_make_list(list(c0))"},
		{"make_set_if", "long:;bool:;=long: 5", "kql_make_set(list(c0) FILTER (WHERE c1), CAST(5 AS BIGINT))"},
		{"makelist", "long:", "kql_makelist(list(c0))"},
		{"percentilesw_array", "long:;long:;=long: 5", "kql_percentilesw_array(list(c0), list(c1), CAST(5 AS BIGINT))"},
	} {
		var args []string
		if c.args != "" {
			args = strings.Split(c.args, ";")
		}
		if got, ok := aggSQL(t, c.name, true, args...); !ok || got != c.want {
			t.Errorf("%s(%s): %s, %v; want %s", c.name, c.args, got, ok, c.want)
		}
	}
}

func TestAggregateSQLDeclines(t *testing.T) {
	for _, c := range []struct {
		name, args string
		native     bool
	}{
		{"sum", "decimal:", true},
		{"max", "decimal:", true},
		{"stdev", "real:", true},
		{"covariance", "long:;real:", true},
		{"percentile", "long:;long:", true}, // not constant
		{"percentile", "long:;=long: 101", true},
		{"percentile", "long:;=real: 33.33333333333333", true},
		{"make_list", "long:", false},
		{"make_list", "long:;long:", true},
	} {
		if got, ok := aggSQL(t, c.name, c.native, strings.Split(c.args, ";")...); ok {
			t.Errorf("%s(%s) does not decline: %s", c.name, c.args, got)
		}
	}
}

func TestDecimalFraction(t *testing.T) {
	for p, want := range map[float64]string{0: "0.00", 5: "0.05", 50: "0.50", 99.9: "0.999", 0.25: "0.0025", 100: "1.0", 1e-3: "0.00001"} {
		if got, ok := decimalFraction(p); !ok || got != want {
			t.Errorf("%v %% is %s, %v; want %s", p, got, ok, want)
		}
	}
}

func TestPercentRank(t *testing.T) {
	for _, c := range []struct {
		n    uint64
		p    float64
		want uint64
	}{{100, 7, 7}, {100, 0, 1}, {1, 100, 1}, {5, 30, 2}, {1000, 99.9, 999}, {18, 75, 14}, {3, 33.3, 1}, {3, 33.4, 2}} {
		if got := percentRank(c.n, c.p); got != c.want {
			t.Errorf("place of %v %% of %d is %d, want %d", c.p, c.n, got, c.want)
		}
	}
}
