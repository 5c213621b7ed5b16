package hunt

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/wire"
)

var (
	update     = flag.Bool("update", false, "rewrite the plan and sql sections of the case files")
	updateRows = flag.Bool("update-rows", false, "rewrite the rows, schema, error and warnings sections too; look at every one of them")
)

// The sections of a case are checks; what is absent is not checked.
//
//	plan, sql        the guarded plan and its statement
//	schema           the columns: name:type, …
//	rows             one JSON array a line, in any order; "rows in order": in that
//	                 order. A last line "cut" says that the row cap was reached.
//	warnings, error  diagnostics as printed under the query; error is also what
//	                 the engine says of data it cannot compute
//	cap N            not a check: the row cap
var sections = []string{"plan", "sql", "schema", "rows", "warnings", "error", "cap"}

// TestCases runs testdata/cases/*.txtar over the fixture.
func TestCases(t *testing.T) {
	env := testEnv(t)
	store := fixtureStore(t)
	for _, f := range testkit.CaseFiles(t, "cases") {
		t.Run(strings.TrimSuffix(filepath.Base(f.Path), ".txtar"), func(t *testing.T) {
			for _, c := range f.Cases {
				t.Run(c.Name, func(t *testing.T) { runCase(t, c, env, store) })
			}
		})
		if *update || *updateRows {
			if err := os.WriteFile(f.Path, []byte(f.Text()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func runCase(t *testing.T, c *testkit.Case, env bind.Env, store *duckdb.Store) {
	scope := testScope(env)
	if s := c.Section("cap"); s != nil {
		n, err := strconv.Atoi(s.Arg)
		if err != nil {
			t.Fatalf("cap: %v", err)
		}
		scope.MaxRows = n
	}
	got := sectionsOf(c, env, scope, store)
	checks := 0
	for _, s := range c.Sections {
		if !slices.Contains(sections, s.Kind) {
			t.Errorf("line %d: there is no section %s", s.Line, s.Kind)
		}
		if s.Kind == "cap" {
			continue
		}
		checks++
		text, ok := got[s.Kind]
		switch {
		case !ok && got["error"] != "":
			t.Errorf("refused:\n%s", got["error"])
		case *updateRows, *update && (s.Kind == "plan" || s.Kind == "sql"):
			s.Text = text
		case s.Text != text:
			t.Errorf("line %d: %s is\n%swant\n%s", s.Line, s.Kind, text, s.Text)
		}
	}
	if checks == 0 {
		t.Error("the case checks nothing")
	}
	if got["error"] != "" && c.Section("error") == nil {
		t.Errorf("refused:\n%s", got["error"])
	}
}

// sectionsOf runs a case and writes every section that applies.
func sectionsOf(c *testkit.Case, env bind.Env, scope guard.Scope, store *duckdb.Store) map[string]string {
	compiled, err := Prepare(context.Background(), c.Query, env, scope, store)
	var q *QueryError
	switch {
	case errors.As(err, &q):
		return map[string]string{"error": q.Diagnostics.Render(c.Query), "warnings": compiled.Warnings.Render(c.Query)}
	case err != nil:
		return map[string]string{"error": fault(err)}
	}
	out := map[string]string{
		"warnings": compiled.Warnings.Render(c.Query),
		"plan":     plan.Print(compiled.Guarded.Root()),
		"sql":      compiled.Query.Text() + "\n",
		"schema":   schemaText(compiled.Query.Columns),
	}
	if rows := c.Section("rows"); rows != nil || c.Section("error") != nil {
		lines, err := rowLines(store, compiled, scope.MaxRows)
		if err != nil {
			return map[string]string{"error": fault(err)}
		}
		out["rows"] = joinRows(lines, rows)
	}
	return out
}

// fault is what a user sees of an error, and for an internal one its cause.
func fault(err error) string {
	if engine.KindOf(err) == engine.Internal {
		return causes(err) + "\n"
	}
	return err.Error() + "\n"
}

// joinRows puts rows without an order into the order in which they are
// expected, so that differences read well, or else sorts them.
func joinRows(lines []string, want *testkit.Section) string {
	if want != nil && want.Arg != "in order" {
		expected := strings.Split(want.Text, "\n")
		slices.Sort(lines)
		slices.SortStableFunc(lines, func(a, b string) int { return place(expected, a) - place(expected, b) })
	}
	return strings.Join(append(lines, ""), "\n")
}

func place(expected []string, line string) int {
	if i := slices.Index(expected, line); i >= 0 {
		return i
	}
	return len(expected)
}

func schemaText(cols []plan.Column) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = c.Name + ":" + c.Type.String()
	}
	return strings.Join(parts, ", ") + "\n"
}

func rowLines(store *duckdb.Store, c Compiled, limit int) ([]string, error) {
	ctx := context.Background()
	rows, err := exec.Run(ctx, store, c.Query, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []string
	for {
		b, err := rows.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			break
		}
		for i := range b.N {
			line := []byte{'['}
			for k, v := range b.Cols {
				if k > 0 {
					line = append(line, ',')
				}
				line = wire.AppendValue(line, v, i, wire.TimeTrimmed)
			}
			lines = append(lines, string(append(line, ']')))
		}
	}
	if rows.Truncated() {
		lines = append(lines, "cut")
	}
	return lines, nil
}
