package fn

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// window evaluates a window function over rows in order; a constant stands in
// every row.
func window(t *testing.T, name string, texts ...string) (string, error) {
	t.Helper()
	spec, args := findRow(t, Window, name), []testArg{}
	for _, text := range texts {
		args = append(args, readArg(t, text))
	}
	n := 3
	if len(args) > 0 {
		n = len(args[0].items)
	}
	sig, result := chooseSig(t, spec, args)
	c := Call{N: n, Out: types.NewVector(result, n)}
	for _, a := range args {
		v := types.NewVector(a.t, n)
		for i := range n {
			if a.constant {
				v.Set(i, a.items[0])
			} else {
				v.Set(i, a.items[i])
			}
		}
		c.Args = append(c.Args, v)
	}
	sig.Eval(&c)
	cells := make([]string, n)
	for i := range n {
		cells[i] = cell(c.Out, i)
	}
	return strings.Join(cells, " "), c.Err
}

func TestWindowFunctions(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"row_number", "", "1 2 3"},
		{"row_number", "long: 7 7 7", "7 8 9"},
		{"row_number", "long: 1 1 1 1;bool: true false true false", "1 2 1 2"},
		{"row_number", "long: 1 1 1;bool: null null true", "1 2 1"},
		{"row_number", "long: null 1 1", "null 2 3"},
		{"row_cumsum", "long: 2 4 6 8 10", "2 6 12 20 30"},
		{"row_cumsum", "long: 1000 2000 1400 1000 1950;bool: true false false true false", "1000 3000 4400 1000 2950"},
		{"row_cumsum", "long: 5 3 8 1 9;bool: false true false true false", "5 3 11 1 10"},
		{"row_cumsum", "real: 1.5 2.5 10;bool: true false true", "1.5 4.0 10.0"},
		{"row_cumsum", "long: null 5 null 1", "0 5 5 6"},
		{"row_cumsum", "long: 9223372036854775807 1", "9223372036854775807 -9223372036854775808"},
		{"row_cumsum", "int: 2147483647 1", "2147483647 -2147483648"},
		{"row_cumsum", "decimal: 0.1 null 0.25;bool: false false true", `"0.1" "0.1" "0.25"`},
		{"row_rank_dense", "long: 5 5 8 3 3;bool: true false false true false", "1 1 2 1 1"},
		{"row_rank_min", "long: 5 5 8 3 3;bool: true false false true false", "1 1 3 1 1"},
		{"row_rank_dense", "long: 20 20 20 10 10 5", "1 1 1 2 2 3"},
		{"row_rank_min", "long: 20 20 20 10 10 5", "1 1 1 4 4 6"},
		{"row_rank_min", "string: a a a b b c", "1 1 1 4 4 6"},
		{"row_rank", "real: nan nan 1 null null", "1 1 2 3 3"},
		{"row_rank_dense", "long: 1 2 1", "1 2 3"},
		{"row_rank_min", "long: 7 7;bool: false true", "1 1"},
		{"prev", "long: 10 20 30 30 5", "null 10 20 30 30"},
		{"prev", "long: 10 20 30 30 5;=long: 2", "null null 10 20 30"},
		{"next", "long: 10 20 30 30 5;=long: 2", "30 30 5 null null"},
		{"prev", "long: 1 2 5 7;=long: 1;=long: -999", "-999 1 2 5"},
		{"next", "long: 1 2 5 7;=long: 1;=int: -999", "2 5 7 -999"},
		{"prev", "real: 1 2;=long: 1;=long: 0", "0.0 1.0"},
		{"prev", "string: a b", `"" "a"`},
		{"prev", "long: 1 null 3", "null 1 null"},
		{"next", "bool: true false;=long: -1", "null true"},
		{"prev", "long: 1 2 3;long: 0 null 9223372036854775807", "1 null null"},
		{"prev", `dynamic: [1] {"a":2}`, "null [1]"},
	} {
		var args []string
		if c.args != "" {
			args = strings.Split(c.args, ";")
		}
		got, err := window(t, c.name, args...)
		if err != nil || got != c.want {
			t.Errorf("%s(%s) = %s, %v; want %s", c.name, c.args, got, err, c.want)
		}
	}
}

func TestRowWindowSession(t *testing.T) {
	const day = "2024-04-11T"
	times := func(s string) string { return "datetime: " + day + strings.ReplaceAll(s, " ", " "+day) }
	for _, c := range []struct{ times, first, between, restart, want string }{
		{"10:00:00 11:00:00 10:16:00 10:18:00 13:30:00 11:30:00", "01:00:00", "00:05:00", "true false true false false true",
			"10:00:00 11:00:00 10:16:00 10:16:00 13:30:00 11:30:00"},
		{"10:00:00 10:04:00 10:08:00 10:12:00", "00:08:00", "00:05:00", "false false false false",
			"10:00:00 10:00:00 10:08:00 10:08:00"},
		{"10:00:00 10:05:00", "01:00:00", "00:05:00", "null null", "10:00:00 10:05:00"},
	} {
		got, err := window(t, "row_window_session", times(c.times), "=timespan: "+c.first, "=timespan: "+c.between, "bool: "+c.restart)
		want := `"` + day + strings.ReplaceAll(c.want, " ", `.0000000Z" "`+day) + `.0000000Z"`
		if err != nil || got != want {
			t.Errorf("sessions of %s: %s, %v; want %s", c.times, got, err, want)
		}
	}
	got, _ := window(t, "row_window_session", "datetime: 2024-01-01 null 2024-01-01", "=timespan: 01:00:00", "=timespan: 01:00:00")
	if want := `"2024-01-01T00:00:00.0000000Z" null "2024-01-01T00:00:00.0000000Z"`; got != want {
		t.Errorf("sessions around a null: %s", got)
	}
}

func TestWindowRefuses(t *testing.T) {
	_, err := window(t, "prev", "long: 1 2", "=long: 1", "=string: a")
	if err == nil || !strings.Contains(err.Error(), "default value is string") {
		t.Errorf("a default of another type: %v", err)
	}
}

func TestWindowSQL(t *testing.T) {
	long := func(name string) Arg { return Arg{SQL: sqlx.Raw(sqlx.Atom, name), Type: types.Long} }
	flag := Arg{SQL: sqlx.Raw(sqlx.Cmp, "c1 <> c2"), Type: types.Bool}
	one := types.LongValue(1)
	for _, c := range []struct {
		name string
		args []Arg
		want []string
		part string
	}{
		{name: "row_number", want: []string{"row_number() OVER (ORDER BY n)"}},
		{name: "row_number", want: []string{"row_number() OVER (PARTITION BY k, m ORDER BY n)"}, part: "k, m"},
		{name: "row_cumsum", args: []Arg{long("c0"), flag}, part: "k", want: []string{
			"count(CASE WHEN (c1 <> c2) THEN 1 END) OVER (PARTITION BY k ORDER BY n ROWS UNBOUNDED PRECEDING)",
			fmt.Sprintf(wrapLong, "coalesce(sum(c0) OVER (PARTITION BY p0, k ORDER BY n ROWS UNBOUNDED PRECEDING), 0)")}},
		{name: "row_number", args: []Arg{{SQL: sqlx.DuckDB.Literal(one), Type: types.Long, Const: &one}, flag}, want: []string{
			"count(CASE WHEN (c1 <> c2) THEN 1 END) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING)",
			"(row_number() OVER (PARTITION BY p0 ORDER BY n) - 1 + CAST(1 AS BIGINT))"}},
		{name: "row_cumsum", args: []Arg{{SQL: sqlx.Raw(sqlx.Add, "c0 + 1.5"), Type: types.Real}, flag}, want: []string{
			"count(CASE WHEN (c1 <> c2) THEN 1 END) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING)",
			"coalesce(sum(c0 + 1.5) OVER (PARTITION BY p0 ORDER BY n ROWS UNBOUNDED PRECEDING), CAST(0 AS DOUBLE))"}},
		{name: "row_rank_dense", args: []Arg{long("c0")}, want: []string{
			"CASE WHEN row_number() OVER (ORDER BY n) = 1 OR lag(c0) OVER (ORDER BY n) IS DISTINCT FROM c0 THEN row_number() OVER (ORDER BY n) END",
			"count(p0) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING)"}},
		{name: "prev", args: []Arg{{SQL: sqlx.Raw(sqlx.Atom, "'{w}{0}'"), Type: types.String}}, want: []string{
			"coalesce(lag('{w}{0}') OVER (ORDER BY n), '')"}},
	} {
		b := &Builder{Dialect: sqlx.DuckDB, Args: c.args, Result: types.Long}
		if c.name == "prev" {
			b.Result = types.String
		}
		w, ok := findRow(t, Window, c.name).Window(b)
		if !ok {
			t.Errorf("%s declines", c.name)
			continue
		}
		var got []string
		var helpers []sqlx.Expr
		for i, template := range append(w.Helpers, w.Value) {
			got = append(got, w.Fill(template, c.part, "ORDER BY n", argSQL(c.args), helpers).Text)
			helpers = append(helpers, sqlx.Raw(sqlx.Atom, "p"+string(rune('0'+i))))
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// What SQL cannot say is declined, not said wrongly.
func TestWindowSQLDeclines(t *testing.T) {
	text := types.StringValue("a")
	for _, c := range []struct {
		name string
		args []Arg
	}{
		{"row_cumsum", []Arg{{SQL: sqlx.Raw(sqlx.Atom, "c0"), Type: types.Decimal}}},
		{"prev", []Arg{{SQL: sqlx.Raw(sqlx.Atom, "c0"), Type: types.Long}, {SQL: sqlx.Raw(sqlx.Atom, "1"), Type: types.Long},
			{SQL: sqlx.DuckDB.Literal(text), Type: types.String, Const: &text}}},
	} {
		if w, ok := findRow(t, Window, c.name).Window(&Builder{Dialect: sqlx.DuckDB, Args: c.args, Result: c.args[0].Type}); ok {
			t.Errorf("%s(%v) does not decline: %v", c.name, c.args[0].Type, w)
		}
	}
	if findRow(t, Window, "row_window_session").Window != nil {
		t.Error("row_window_session has SQL")
	}
}
