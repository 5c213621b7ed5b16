package hunt

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

// TestPluginExamples runs the examples of every plugin that is not refused.
func TestPluginExamples(t *testing.T) {
	table, err := plugin.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	env := testEnv(t)
	store := fixtureStore(t)
	scope := testScope(env)
	for _, s := range table.Specs() {
		if s.Refused != "" {
			continue
		}
		if len(s.Examples) == 0 {
			t.Errorf("%s has no example", s.Name)
		}
		for _, x := range s.Examples {
			c := &testkit.Case{Query: x.KQL, Sections: []*testkit.Section{{Kind: "rows"}}}
			got := sectionsOf(c, env, scope, store)
			if s.Fetches {
				if !strings.Contains(got["error"], "--external-host example.org") {
					t.Errorf("%s gives %v", x.KQL, got)
				}
				continue
			}
			lines := strings.Split(strings.TrimSuffix(got["rows"], "\n"), "\n")
			want := strings.Split(x.Rows, "\n")
			slices.Sort(lines)
			slices.Sort(want)
			if got["error"] != "" || !slices.Equal(lines, want) {
				t.Errorf("%s\n%sgives\n%s\nwant\n%s", x.KQL, got["error"], strings.Join(lines, "\n"), x.Rows)
			}
		}
	}
}

// TestPluginArguments calls every plugin with arguments of all sorts: the
// answer is rows or a diagnostic, never an internal error.
func TestPluginArguments(t *testing.T) {
	table, err := plugin.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	env := testEnv(t)
	store := fixtureStore(t)
	scope := testScope(env)
	pool := []string{"s", "n", "t", "d", "b", "r", "g", "q", "nosuch", "T", "(T)", "DeviceInfo", "*", "'~'", "'x'", "''", "1", "-1", "0", "2.5", "1h", "0s", "true",
		"datetime(2026-01-01)", "datetime(2026-01-03)", "datetime(null)", "long(null)", "dynamic(['a','b'])", "dynamic([])", "dynamic({})", "dynamic([1h])", "count()", "sum(n)", "max(s)", "make_list(d)",
		"n > 1", "e1 = (n > 1)", "b", "return_unmatched = true", "columnsConflict = 'replace_source'", "return_unmatched = 'x'", "toscalar(T | count)", "toscalar(T | project t)", "typeof(a: long)", "'week'", "now()", "s s"}
	data := `let T = datatable(s:string, n:long, t:datetime, d:dynamic, b:bool, r:real, g:guid, q:timespan)[
"10.0.0.1", 1, datetime(2026-01-01), dynamic({"a":1,"s":"x"}), true, 1.5, guid(74be27de-1e4e-49d9-b579-fe0b331d3642), 1h,
"10.0.0.0/8", long(null), datetime(null), dynamic(null), bool(null), real(nan), guid(null), timespan(null),
"", 3, datetime(2026-01-02), dynamic([1]), false, real(null), guid(74be27de-1e4e-49d9-b579-fe0b331d3642), 2h];
T | evaluate `
	r := rand.New(rand.NewPCG(1, 1))
	runs, rows := 0, 0
	for _, s := range table.Specs() {
		for range 150 {
			args := make([]string, r.IntN(9))
			for i := range args {
				args[i] = pool[r.IntN(len(pool))]
			}
			if sig := s.Signatures(); len(sig) > 0 && r.IntN(2) == 0 { // closer to what it takes
				args = plausible(r, sig[r.IntN(len(sig))], pool)
			}
			query := data + s.Name + "(" + strings.Join(args, ", ") + ")"
			if r.IntN(8) == 0 {
				query += " : (*, z: long)"
			}
			got, err := ask(store, query, env, scope)
			var refused *QueryError
			switch runs++; {
			case err == nil:
				rows += len(got.rows)
			case errors.As(err, &refused):
			case engine.KindOf(err) == engine.Internal:
				t.Errorf("%s\n%s", query, causes(err))
			}
		}
	}
	if rows < 100 {
		t.Errorf("%d calls gave only %d rows", runs, rows)
	}
	t.Logf("%d calls, %d rows", runs, rows)
}

// plausible picks arguments of the right number and, mostly, kind.
func plausible(r *rand.Rand, sig *fn.Signature, pool []string) []string {
	kinds := map[string][]string{
		"summable": {"t", "n", "1", "10", "datetime(2026-01-01)", "datetime(2026-01-05)", "1d", "1h"}, "scalar": {"s", "t", "1d", "0.1", "'week'", "d"},
		"notdynamic": {"s", "n", "b"}, "tabular": {"T", "(T | project s, n)"}, "dynamic": {"d"}, "array": {"dynamic(['a','x'])", "dynamic([1h, 1d])"},
		"bool": {"n > 1", "b", "true"}, "string": {"'x'", "s", "'true'"}, "number": {"50", "1"}, "integer": {"2"}, "timespan": {"1d"}, "datetime|timespan": {"t"},
	}
	var args []string
	for _, p := range sig.Params {
		for range p.Min + r.IntN(min(p.Max-p.Min, 2)+1) {
			list := kinds[p.Word]
			if len(list) == 0 || r.IntN(10) == 0 {
				list = pool
			}
			if p.Name == "TimelineColumn" || p.Name == "Start" || p.Name == "End" {
				list = map[string][]string{"TimelineColumn": {"t"}, "Start": {"datetime(2026-01-01)"}, "End": {"datetime(2026-01-04)"}}[p.Name]
			}
			args = append(args, list[r.IntN(len(list))])
		}
	}
	return args
}
