package lower_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// target holds one relation per table, or what relations says.
type target struct {
	relations func(t *catalog.Table) []lower.Relation
}

func (target) Dialect() *sqlx.Dialect { return sqlx.DuckDB }

func (target) Stage(table string) string { return table }

func (x target) Relations(t *catalog.Table, _, _ int64) []lower.Relation {
	if x.relations != nil {
		return x.relations(t)
	}
	return []lower.Relation{{Name: t.Name, Columns: len(t.Columns)}}
}

func env(t testing.TB) bind.Env {
	t.Helper()
	c, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return bind.Env{Catalog: c, Fns: fns, Now: types.TicksOf(testkit.Now())}
}

// statement lowers a query; ok is false for one that does not bind.
func statement(text string, e bind.Env, to lower.Target) (q lower.Query, ok bool, err error) {
	tree, diags := syntax.Parse(text)
	if diags.Err() != nil {
		return q, false, nil
	}
	b, diags := bind.Bind(tree, e)
	if diags.Err() != nil {
		return q, false, nil
	}
	g, err := guard.Apply(b.Node, guard.Scope{From: e.Now - 30*types.TicksPerDay, To: types.MaxDatetime, MaxRows: 100})
	if err != nil {
		return q, true, err
	}
	q, err = lower.Lower(g, to)
	return q, true, err
}

func lowered(t *testing.T, text string, to lower.Target) lower.Query {
	t.Helper()
	q, ok, err := statement(text, env(t), to)
	if !ok || err != nil {
		t.Fatalf("%s: bound %v, %v", text, ok, err)
	}
	return q
}

// TestNarrowRelations: rows stored before the catalog grew lack its newest
// columns.
func TestNarrowRelations(t *testing.T) {
	old := target{func(c *catalog.Table) []lower.Relation {
		return []lower.Relation{{Name: "old", Columns: 3}, {Name: "new", Columns: len(c.Columns)}}
	}}
	q := lowered(t, "DeviceInfo | project DeviceName, OSBuild, OSPlatform", old)
	for _, want := range []string{"SELECT c2, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS BIGINT) AS c7 FROM old", "SELECT c2, c6, c7 FROM new"} {
		if !strings.Contains(strings.ReplaceAll(q.SQL, "''", "CAST(NULL AS VARCHAR)"), want) {
			t.Errorf("no %q in\n%s", want, q.SQL)
		}
	}
	if strings.Contains(q.SQL, "CAST(NULL AS VARCHAR)") {
		t.Errorf("a text is null in\n%s", q.SQL)
	}
}

func TestNoRelations(t *testing.T) {
	none := target{func(*catalog.Table) []lower.Relation { return nil }}
	q := lowered(t, "DeviceInfo | sort by OSBuild asc | serialize n = row_number() | project DeviceName, n", none)
	if !strings.Contains(q.SQL, "WHERE false") || strings.Contains(q.SQL, "DeviceInfo") {
		t.Errorf("an empty table is\n%s", q.SQL)
	}
}

// TestOnlyNeededColumns: hunting tables are wide; a statement names what it
// uses.
func TestOnlyNeededColumns(t *testing.T) {
	q := lowered(t, "DeviceProcessEvents | extend a = strcat(FileName, 'x'), b = toupper(SHA1) | summarize count() by a", target{})
	if !strings.Contains(q.SQL, "SELECT c4 FROM DeviceProcessEvents") || strings.Contains(q.SQL, "toupper") {
		t.Errorf("too much is read:\n%s", q.SQL)
	}
	if len(q.Columns) != 2 || q.Columns[1].Name != "count_" {
		t.Errorf("columns are %v", q.Columns)
	}
}

// TestNativesAreListed: every native function of a statement is asked for,
// once.
func TestNativesAreListed(t *testing.T) {
	q := lowered(t, `DeviceProcessEvents | where FileName has "a" and FileName has "b" and ProcessCommandLine matches regex "x" | extend u = toupper(FileName) | project u`, target{})
	seen := map[string]int{}
	for _, n := range q.Natives {
		seen[n.Name]++
		if n.Eval == nil || n.Spec == nil || !strings.Contains(q.SQL, n.Name+"(") {
			t.Errorf("%s is listed, but not used or without a meaning", n.Name)
		}
	}
	for _, part := range strings.Split(q.SQL, "kql_")[1:] {
		name, _, _ := strings.Cut(part, "(")
		if seen["kql_"+name] != 1 {
			t.Errorf("kql_%s is listed %d times", name, seen["kql_"+name])
		}
	}
}

func TestRefusals(t *testing.T) {
	e := env(t)
	for text, want := range map[string]string{
		`externaldata(x:string)["https://example.com"]`: "externaldata",
		"DeviceLogonEvents | extend s = " + strings.Repeat("(", 30) + "IsLocalAdmin == IsLocalAdmin" + strings.Repeat(") == IsLocalAdmin", 30): "as large as this",
	} {
		_, ok, err := statement(text, e, target{})
		var un *lower.Unsupported
		if !ok || !errors.As(err, &un) || !strings.Contains(un.What, want) {
			t.Errorf("%.60s: %v, %v", text, ok, err)
		}
	}
	if _, err := lower.Lower(guard.Guarded{}, target{}); err == nil {
		t.Error("nothing was guarded, and lowered all the same")
	}
}

// TestLogicInFilters: dear conditions come after cheap ones, and three
// thousand of them are no problem.
func TestLogicInFilters(t *testing.T) {
	q := lowered(t, `DeviceProcessEvents | where ProcessCommandLine has "x" and ReportId == 5`, target{})
	if a, b := strings.Index(q.SQL, "kql_has"), strings.Index(q.SQL, "CAST(5 AS"); a < b {
		t.Errorf("the text is searched before the number is compared:\n%s", q.SQL)
	}
	var many strings.Builder
	many.WriteString("DeviceProcessEvents | where ReportId == 0")
	for i := range 3000 {
		many.WriteString(" or ReportId == " + string(rune('1'+i%9)))
	}
	at := time.Now()
	if q := lowered(t, many.String(), target{}); strings.Count(q.SQL, " OR ") != 3000 {
		t.Errorf("%d alternatives of 3000", strings.Count(q.SQL, " OR "))
	}
	if d := time.Since(at); d > 10*time.Second {
		t.Errorf("it took %s", d)
	}
}

// FuzzLower: whatever the text, compiling it ends soon, without a panic, in a
// statement of bounded size or in a refusal.
func FuzzLower(f *testing.F) {
	e := env(f)
	for _, file := range testkit.CaseFiles(f, "cases") {
		for _, c := range file.Cases {
			f.Add(c.Query)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		at := time.Now()
		q, ok, err := statement(text, e, target{})
		if d := time.Since(at); d > 20*time.Second {
			t.Errorf("compiling took %s", d)
		}
		var un *lower.Unsupported
		switch {
		case !ok:
		case err != nil && !errors.As(err, &un):
			t.Errorf("%v", err)
		case err == nil && (q.SQL == "" || len(q.SQL) > 256<<20):
			t.Errorf("a statement of %d bytes", len(q.SQL))
		case err == nil && strings.IndexByte(q.SQL, 0) >= 0:
			t.Error("the statement holds a NUL")
		}
	})
}

// TestColumnsAgree: what the plan promises is what the statement lists.
func TestColumnsAgree(t *testing.T) {
	for _, text := range []string{"DeviceInfo", "print 1", "DeviceInfo | count", "DeviceInfo | getschema", "range x from 1 to 2 step 1", "DeviceInfo | join DeviceInfo on DeviceId"} {
		q := lowered(t, text, target{})
		last := q.SQL[strings.LastIndex(q.SQL, "\nSELECT ")+8:]
		list, _, _ := strings.Cut(last, " FROM ")
		if n := strings.Count(list, ",") + 1; n != len(q.Columns) {
			t.Errorf("%s: %d columns for %d", text, n, len(q.Columns))
		}
		for i, c := range q.Columns {
			if c.Name == "" || c.Type == types.Unknown {
				t.Errorf("%s: column %d is %v", text, i, plan.Column(c))
			}
		}
	}
}

// TestGrowth: texts that SQL would join without a limit are joined by the
// function's own meaning once they hold many values; others stay SQL.
func TestGrowth(t *testing.T) {
	double := strings.Repeat("| extend FileName = strcat(FileName, FileName) ", 6)
	for text, native := range map[string]bool{
		"DeviceProcessEvents | project x = strcat(FileName, FolderPath)":                                                                         false,
		"DeviceProcessEvents " + double + "| project FileName":                                                                                   false,
		"DeviceProcessEvents " + double + "| project x = strcat(FileName, 'x')":                                                                  true,
		"DeviceProcessEvents " + double + "| where DeviceName != '' | sort by DeviceName | project x = strcat_delim('', FileName, 'x')":          true,
		"DeviceProcessEvents " + double + "| project x = strcat(FolderPath, 'x')":                                                                false,
		"DeviceInfo | join kind=inner (DeviceProcessEvents " + double + ") on DeviceId | project x = strcat(FileName, 'x')":                      true,
		"union (DeviceProcessEvents " + double + "), DeviceProcessEvents | summarize x = max(FileName) by DeviceId | project x = strcat(x, 'x')": true,
		"print x = toscalar(DeviceProcessEvents " + double + "| project FileName) | extend y = strcat(x, 'x')":                                   true,
	} {
		q := lowered(t, text, target{})
		if got := slices.ContainsFunc(q.Natives, func(n fn.Native) bool {
			return n.Spec.Joins
		}); got != native {
			t.Errorf("%s\nnative: %v, want %v", text, got, native)
		}
	}
}
