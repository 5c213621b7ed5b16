package hunt

import (
	"slices"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

// many is enough rows for several threads and many chunks; k is a
// permutation of their numbers.
const many = "range x from 1 to 150000 step 1 | extend k = (x * 7919) % 150001 | sort by k asc "

// TestOrderSurvives: the order of a sort reaches the answer through all
// operators that keep it, though the engine runs on several threads.
func TestOrderSurvives(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	scope.MaxRows = 0
	for _, c := range []struct {
		name, query string
		rows        int
	}{
		{"filter and projection", many + "| where x % 5 == 0 | project k", 30000},
		{"native filter", many + `| where tostring(x) has_any ("7", "77", "777") | project k`, 3},
		{"native projection", many + `| extend s = strcat_delim("-", k, x) | project k, s`, 150000},
		{"take", many + "| extend y = x + 1 | take 5000 | project k", 5000},
		{"take before filter", many + "| take 5000 | where k % 2 == 0 | project k", 2500},
		{"two sorts", many + "| sort by x % 1 asc | project k", 150000},
		{"windows", many + "| extend n = row_number() | where n % 3 == 0 | project k", 50000},
		{"mv-expand", many + "| take 50000 | extend d = pack_array(k, k) | mv-expand d | project k", 100000},
		{"parse", many + `| extend s = strcat("k=", k, ";") | parse s with "k=" v:long ";" | project v`, 150000},
		{"let", "let T = " + many + "; T | where x > 0 | project k", 150000},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ask(store, c.query, env, scope)
			if err != nil {
				t.Fatal(causes(err))
			}
			if len(got.rows) != c.rows {
				t.Errorf("%d rows, want %d", len(got.rows), c.rows)
			}
			if !slices.IsSortedFunc(got.rows, func(a, b []types.Value) int { return int(a[0].I - b[0].I) }) {
				t.Errorf("the rows are out of order\n%s", got.compiled.Query.SQL)
			}
		})
	}
}

// TestOrderInside: aggregates and windows see the rows in the order of the
// sort below them.
func TestOrderInside(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	for _, c := range []struct{ name, query string }{
		{"lists", many + "| summarize l = make_list(k) | extend s = array_sort_asc(l) | project ok = tostring(l) == tostring(s)"},
		{"lists per group", many + "| summarize l = make_list(k) by g = x % 7 | extend s = array_sort_asc(l) | summarize ok = countif(tostring(l) == tostring(s)) == 7"},
		{"first of equal ranks", many + "| summarize arg_max(x % 10 * 0, k) | project ok = k == 1"},
		{"first of equal ranks per group", many + "| summarize arg_min(x * 0, k), m = min(k) by g = x % 7 | summarize ok = countif(k == m) == 7"},
		{"row numbers", many + "| serialize n = row_number(), p = prev(k), s = row_cumsum(1) | summarize ok = countif(n == k and s == k and (isnull(p) or p == k - 1)) == 150000"},
		{"restarts", many + "| extend g = k / 1000 | serialize n = row_number(1, g != prev(g)) | summarize ok = max(n) == 1000"},
		{"first row of toscalar", "let T = " + many + "; print ok = toscalar(T | project k) == 1"},
		{"top of a tie", many + "| top 3 by x * 0 | summarize ok = max(k) == 3"},
		{"take any row of a sort", many + "| take 1 | project ok = k == 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ask(store, c.query, env, scope)
			if err != nil {
				t.Fatal(causes(err))
			}
			if len(got.rows) != 1 || !got.rows[0][0].Bool() {
				t.Errorf("the order is lost: %v\n%s", got.rows, got.compiled.Query.SQL)
			}
		})
	}
}
