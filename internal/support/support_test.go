package support

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

func matrix(t *testing.T) *Matrix {
	t.Helper()
	m, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestInventory: the operators, statements, kinds of join and plugins are
// those of Kusto's documentation, and so is every function name.
func TestInventory(t *testing.T) {
	data, err := os.ReadFile(testkit.Shared(t, "kql/inventory.json"))
	if err != nil {
		t.Fatal(err)
	}
	var inventory []struct{ Kind, Name string }
	if err := json.Unmarshal(data, &inventory); err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, r := range matrix(t).Rows {
		for _, name := range append([]string{r.Name}, r.Aliases...) {
			have[r.Kind+" "+name] = true
			if r.Kind == kindWindow {
				have[kindScalar+" "+name] = true
			}
		}
	}
	kinds := map[string]string{"tabular operator": kindOperator, "statement": kindStatement, "join kind": kindJoin, "plugin": kindPlugin,
		"scalar function": kindScalar, "aggregation function": kindAggregate, "window function": kindWindow, "scalar operator": kindInfix, "graph function": kindScalar}
	operators := 0
	for _, x := range inventory {
		kind, ok := kinds[x.Kind]
		if !ok {
			continue
		}
		if kind == kindOperator {
			operators++
		}
		name := strings.TrimSuffix(x.Name, " join")
		if kind == kindInfix && (strings.HasPrefix(name, "!") || strings.Contains(name, "between")) {
			continue // desugared, or a row of the same name
		}
		if !have[kind+" "+name] {
			t.Errorf("no row for the %s %s", x.Kind, x.Name)
		}
	}
	if got := len(matrix(t).Select(kindOperator, "").Rows); got != operators || got != 52 {
		t.Errorf("%d operators, the inventory has %d", got, operators)
	}
}

// TestStates: what is refused says why and has no signature that runs; what
// runs has no reason.
func TestStates(t *testing.T) {
	count := map[State]int{}
	for _, r := range matrix(t).Rows {
		count[r.DuckDB]++
		switch r.DuckDB {
		case SQL, Go:
			if r.Reason != "" || r.ClickHouse != Planned {
				t.Errorf("%s %s runs: %s %s", r.Kind, r.Name, r.ClickHouse, r.Reason)
			}
		case Refused:
			if r.Reason == "" || r.ClickHouse != None {
				t.Errorf("%s %s is refused without a reason", r.Kind, r.Name)
			}
		default:
			t.Errorf("%s %s: state %q", r.Kind, r.Name, r.DuckDB)
		}
		if r.DuckDB != Refused && (r.Doc == "" || r.Source == "" || len(r.Examples) == 0) {
			t.Errorf("%s %s runs without doc, source or example", r.Kind, r.Name)
		}
	}
	if count[SQL] < 100 || count[Go] < 100 || count[Refused] < 20 {
		t.Errorf("states %v", count)
	}
}

// TestProbe: a refusal is told from a mistake in an example.
func TestProbe(t *testing.T) {
	p := prober{}
	m := matrix(t)
	if r := m.Select(kindOperator, "where").Rows; len(r) != 1 || r[0].DuckDB != SQL {
		t.Errorf("where: %+v", r)
	}
	if r := m.Select(kindOperator, "inline_external_table").Rows; len(r) != 1 || r[0].DuckDB != Go {
		t.Errorf("inline_external_table: %+v", r)
	}
	if r := m.Select(kindPlugin, "python").Rows; len(r) != 1 || r[0].DuckDB != Refused {
		t.Errorf("python: %+v", r)
	}
	if _, _, err := p.compile("T | wher 1"); err == nil {
		t.Error("a mistake passes for a state")
	}
}

// TestPrecision: what Kusto estimates says what it is here.
func TestPrecision(t *testing.T) {
	for name, want := range map[string]string{"dcount": "exact", "percentiles": "exact", "hll": "approximate beyond", "tdigest": "approximate beyond", "sum": ""} {
		rows := matrix(t).Select(kindAggregate, name).Rows
		if len(rows) != 1 || !strings.Contains(rows[0].Precision, want) || want == "" && rows[0].Precision != "" {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

func TestFamilies(t *testing.T) {
	for name, want := range map[string]string{"strcat": "Texts", "array_sum": "Arrays, bags and sets", "dcount_hll": "Sketches", "percentile_tdigest": "Sketches",
		"series_fir": "Series", "ipv4_compare": "IP addresses", "parse_ipv4": "IP addresses", "bin": "Mathematics", "tolong": "Conversion and types", "ago": "Dates and times"} {
		if got := familyOf(name).title; got != want {
			t.Errorf("%s is in %q", name, got)
		}
	}
}

// TestPages: every row stands on one page, and the data is what the rows are.
func TestPages(t *testing.T) {
	m := matrix(t)
	pages := m.Pages()
	for _, r := range m.Rows {
		if page := string(pages[fileOf(r)]); !strings.Contains(page, "| `"+r.Name+"` |") {
			t.Errorf("%s %s is not on %s", r.Kind, r.Name, fileOf(r))
		}
	}
	data, err := m.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back Matrix
	if err := json.Unmarshal(data, &back); err != nil || len(back.Rows) != len(m.Rows) {
		t.Errorf("%d of %d rows: %v", len(back.Rows), len(m.Rows), err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	listed := slices.DeleteFunc(slices.Clone(fns.Specs()), func(s *fn.Spec) bool { return s.Hidden })
	if len(m.Rows) < len(listed)+52 {
		t.Errorf("%d rows for %d functions", len(m.Rows), len(listed))
	}
}
