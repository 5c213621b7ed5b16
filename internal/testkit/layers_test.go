package testkit

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/harrier-hunting/harrier/"

// layers lists the packages from top to bottom: a package may import only what
// stands in a lower row. Those of one row do not know each other.
var layers = [][]string{
	{"cmd/harrier"},
	{"internal/api/openapi"},
	{"internal/api", "internal/conformance"},
	{"internal/support/gen"},
	{"internal/support"},
	{"internal/hunt"},
	{"internal/wire", "internal/simulate"},
	{"internal/ingest", "internal/exec", "internal/engine/duckdb", "internal/auth/issuer", "internal/auth/directory", "internal/audit", "internal/quota", "internal/queue", "internal/stored"},
	{"internal/access"},
	{"internal/auth", "internal/engine"},
	{"internal/lower", "internal/check"},
	{"internal/testkit/optest"},
	{"internal/guard", "internal/bind"},
	{"internal/external", "internal/plugin", "internal/reduce", "internal/scan", "internal/graph"},
	{"internal/eval"},
	{"internal/plan", "internal/geoip", "internal/kqlfmt", "internal/queryfile"},
	{"internal/fn", "internal/catalog", "internal/syntax", "internal/catalog/gen"},
	{"internal/geo"},
	{"internal/sqlx", "internal/dynamic", "internal/regex"},
	{"internal/terms", "internal/state/statetest"},
	{"internal/types", "internal/diag", "internal/state"},
}

// drivers are modules that exactly one package may import.
var drivers = map[string]string{
	"github.com/duckdb/duckdb-go-bindings": "internal/engine/duckdb",
	"modernc.org/sqlite":                   "internal/state",
}

type listed struct {
	ImportPath string
	Imports    []string
}

// TestLayers enforces the direction of dependencies.
func TestLayers(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "../../...").Output()
	if err != nil {
		t.Fatal(err)
	}
	rank := map[string]int{}
	for i, row := range layers {
		for _, p := range row {
			rank[module+p] = i
		}
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(p.ImportPath, "/testkit") {
			continue
		}
		seen++
		mine, ok := rank[p.ImportPath]
		if !ok {
			t.Errorf("%s is in no layer: give it a place in layers", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if strings.HasPrefix(imp, module) {
				if r, ok := rank[imp]; !ok || r <= mine {
					t.Errorf("%s imports %s, which is not below it", p.ImportPath, imp)
				}
			}
			for d, only := range drivers {
				if strings.HasPrefix(imp, d) && p.ImportPath != module+only {
					t.Errorf("%s imports %s; only %s may", p.ImportPath, imp, only)
				}
			}
			if imp == "reflect" || imp == "unsafe" && !slices.Contains([]string{module + "internal/engine/duckdb"}, p.ImportPath) {
				t.Errorf("%s imports %s", p.ImportPath, imp)
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d packages listed", seen)
	}
}
