package hunt

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// month is a target that holds thirty day tables of everything.
type month struct{}

func (month) Dialect() *sqlx.Dialect { return sqlx.DuckDB }

func (month) Stage(table string) string { return table }
func (month) Relations(t *catalog.Table, from, to int64) []lower.Relation {
	var days []lower.Relation
	for d := range 30 {
		days = append(days, lower.Relation{Name: fmt.Sprintf("%s_%02d", t.Name, d), Columns: len(t.Columns)})
	}
	return days
}

func testEnv(t testing.TB) bind.Env {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return bind.Env{Catalog: cat, Fns: fns, Now: types.TicksOf(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))}
}

func testScope(env bind.Env) guard.Scope {
	return guard.Scope{From: env.Now - 30*types.TicksPerDay, To: types.MaxDatetime, MaxRows: 10_000}
}

// odd are queries whose record is the binder's and cannot be the engine's: a
// fuzzy union of tables none of which exists, and parse into a column that
// exists already, of which the binder then keeps two of one name.
var odd = []string{"alexverboon-7d5fc903889c", "reprise99-a71e1c2fad39"}

// splitTypes are searches over all tables. Where a name has one type in two
// tables and another in the third, Microsoft's binder forgets the third; by the
// reference page of union every type has a column of its own.
var splitTypes = []string{"microsoft-0247942bf438", "microsoft-ed2cc79cb8f1", "microsoft-2b2af295c42d"}

// TestCorpus holds the compiler against Microsoft's own binder on public
// hunting queries: what it takes binds, with the columns it found.
func TestCorpus(t *testing.T) {
	env := testEnv(t)
	scope := testScope(env)
	bindOK, bound, blocked, rejected := 0, 0, 0, 0
	for _, q := range testkit.Corpus(t) {
		c, err := Compile(q.Query, env, scope, month{})
		var qe *QueryError
		switch {
		case err != nil && !errors.As(err, &qe):
			t.Errorf("%s: %v", q.ID, err)
		case !q.ParseOK:
			rejected++
			if err == nil {
				t.Errorf("%s: Microsoft's parser rejects it", q.ID)
			}
		case !q.BindOK || len(q.Result.Columns) == 0 || slices.Contains(odd, q.ID): // no columns: only let statements
		case c.Bound.Node == nil:
			bindOK++
			t.Errorf("%s: %s", q.ID, qe.First().Message)
		default:
			bindOK++
			bound++
			if err != nil { // bound, but not run: externaldata, placeholders
				blocked++
			}
			last := c.Bound.Node // to the binder a query's columns are those of its last statement
			if n := len(c.Bound.Results); n > 0 {
				last = c.Bound.Results[n-1].Node
			}
			if d := schemaDiff(q, last.Columns()); d != "" && !slices.Contains(splitTypes, q.ID) {
				t.Errorf("%s: %s", q.ID, d)
			}
		}
	}
	t.Logf("%d of %d bind with the recorded columns, %d of them would not run here; %d are rejected", bound, bindOK, blocked, rejected)
	if bindOK < 1000 || rejected < 10 {
		t.Error("too few queries")
	}
}

// TestCorpusCompat: queries that need columns of Log Analytics, or dynamic
// where the hunting tables have text, bind in the compatibility mode.
func TestCorpusCompat(t *testing.T) {
	env := testEnv(t)
	env.Compat = true
	scope := testScope(env)
	all, bound := 0, 0
	for _, q := range testkit.Corpus(t) {
		if q.BindOK || !q.Compat && !q.TimeGenerated {
			continue
		}
		all++
		c, err := Compile(q.Query, env, scope, month{})
		if c.Bound.Node == nil {
			t.Errorf("%s: %v", q.ID, err)
			continue
		}
		bound++
	}
	t.Logf("%d of %d bind in the compatibility mode", bound, all)
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

func schemaDiff(q testkit.CorpusQuery, cols []plan.Column) string {
	var want, got []string
	for _, c := range q.Result.Columns {
		want = append(want, c[0]+":"+c[1])
	}
	for _, c := range cols {
		got = append(got, c.Name+":"+c.Type.String())
	}
	if q.Result.Open && len(got) >= len(want) { // the rest depends on the data
		got = got[:len(want)]
	}
	if slices.Equal(want, got) {
		return ""
	}
	for i := range max(len(want), len(got)) {
		w, g := "nothing", "nothing"
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if w != g {
			return fmt.Sprintf("column %d is %s, want %s", i, g, w)
		}
	}
	return ""
}

// BenchmarkCompile is parse + bind + guard + lower over the public hunting
// queries that compile; the median of a query is reported.
func BenchmarkCompile(b *testing.B) {
	env := testEnv(b)
	scope := testScope(env)
	var queries []string
	for _, q := range testkit.Corpus(b) {
		if _, err := Compile(q.Query, env, scope, month{}); err == nil {
			queries = append(queries, q.Query)
		}
	}
	runs := make([][]time.Duration, len(queries))
	for b.Loop() {
		for i, q := range queries {
			at := time.Now()
			if _, err := Compile(q, env, scope, month{}); err != nil {
				b.Fatal(err)
			}
			runs[i] = append(runs[i], time.Since(at))
		}
	}
	// A query's time is the median of its runs: one run may meet the garbage
	// collector or another process.
	times := make([]time.Duration, len(runs))
	for i, r := range runs {
		slices.Sort(r)
		times[i] = r[len(r)/2]
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs/median-query")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs/p99-query")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "µs/worst-query")
}
