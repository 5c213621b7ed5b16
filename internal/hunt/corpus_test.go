package hunt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
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

// TestCorpus holds the compiler against Microsoft's own binder on public
// hunting queries.
func TestCorpus(t *testing.T) {
	env := testEnv(t)
	scope := testScope(env)
	bindOK, parsed, bound, same, unsupported, closed := 0, 0, 0, 0, 0, 0
	var rejected, differ []string
	reasons := map[string]int{}
	for _, q := range testkit.Corpus(t) {
		if !q.BindOK || len(q.Result.Columns) == 0 { // no columns: only let statements
			continue
		}
		bindOK++
		c, err := Compile(q.Query, env, scope, month{})
		var qe *QueryError
		switch {
		case c.Bound.Node != nil:
			parsed++
			bound++
			if err != nil { // bound, but not run: externaldata
				closed++
			}
			if d := schemaDiff(q, c.Bound.Node.Columns()); d != "" {
				differ = append(differ, q.Path+": "+d)
			} else {
				same++
			}
		case errors.As(err, &qe):
			d := qe.First()
			if d.Kind != diag.Syntax {
				parsed++
			}
			if d.Kind == diag.Unsupported {
				unsupported++
				reasons[d.Message]++
				continue
			}
			rejected = append(rejected, q.Path+": "+d.Message)
		default:
			t.Errorf("%s: %v", q.Path, err)
		}
	}
	t.Logf("bind_ok %d: parsed %.1f %%, bound %.1f %% (%d refused by name), schema as recorded %.2f %%; %d bound but refused where they would run",
		bindOK, percent(parsed, bindOK), percent(bound, bindOK), unsupported, percent(same, bound), closed)
	for _, list := range [][]string{rejected, differ} {
		slices.Sort(list)
		t.Log(strings.Join(list, "\n"))
	}
	t.Log(reasons)
	if percent(parsed, bindOK) < 98 || percent(bound, bindOK) < 90 || percent(same, bound) < 99 {
		t.Errorf("below the bars: 98 %% parse, 90 %% bind, 99 %% of the bound with the recorded schema")
	}
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
	var times []time.Duration
	for b.Loop() {
		for _, q := range queries {
			at := time.Now()
			if _, err := Compile(q, env, scope, month{}); err != nil {
				b.Fatal(err)
			}
			times = append(times, time.Since(at))
		}
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs/median-query")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs/p99-query")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "µs/worst-query")
}
