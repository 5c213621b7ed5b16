package guard_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

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

// month is a look-back window of 30 days.
func month(e bind.Env) guard.Scope {
	return guard.Scope{From: e.Now - 30*types.TicksPerDay, To: types.MaxDatetime, MaxRows: 10_000}
}

// bound binds a query, or returns nil for one that is refused.
func bound(text string, e bind.Env) plan.Node {
	tree, diags := syntax.Parse(text)
	if diags.Err() != nil {
		return nil
	}
	b, diags := bind.Bind(tree, e)
	if diags.Err() != nil {
		return nil
	}
	return b.Node
}

// watched is a target that notes what is asked of it.
type watched struct {
	tables []*catalog.Table
	spans  [][2]int64
}

func (*watched) Dialect() *sqlx.Dialect { return sqlx.DuckDB }

func (*watched) Stage(table string) string { return table }

func (w *watched) Relations(t *catalog.Table, from, to int64) []lower.Relation {
	w.tables, w.spans = append(w.tables, t), append(w.spans, [2]int64{from, to})
	return []lower.Relation{{Name: `"stored_` + t.Name + `"`, Columns: len(t.Columns)}}
}

var stored = regexp.MustCompile(`FROM "stored_(\w+)"( WHERE c(\d+) >= CAST\((\d+) AS BIGINT\) AND c(\d+) <= CAST\((\d+) AS BIGINT\))?`)

// TestEveryScanIsBounded goes through the public hunting queries: whatever
// they do, each place that reads a table carries the window, in the plan, in
// what is asked of the store, and in the statement itself.
func TestEveryScanIsBounded(t *testing.T) {
	e := env(t)
	scope := month(e)
	queries, scans := 0, 0
	for _, q := range testkit.Corpus(t) {
		root := bound(q.Query, e)
		if root == nil {
			continue
		}
		g, err := guard.Apply(root, scope)
		if err != nil {
			t.Fatalf("%s: %v", q.Path, err)
		}
		queries++
		n := checkScans(t, q.Path, g.Root(), scope)
		scans += n
		w := &watched{}
		lowered, err := lower.Lower(g, w)
		if err != nil {
			continue // bound, but not run
		}
		for i, s := range w.spans {
			if s[0] < scope.From || s[1] > scope.To {
				t.Errorf("%s: %s is read from %d to %d", q.Path, w.tables[i].Name, s[0], s[1])
			}
		}
		checkStatement(t, q.Path, lowered.SQL, e.Catalog, scope)
	}
	t.Logf("%d queries with %d scans", queries, scans)
	if queries < 1000 || scans < queries {
		t.Errorf("only %d queries with %d scans", queries, scans)
	}
}

func checkScans(t *testing.T, name string, root plan.Node, scope guard.Scope) int {
	t.Helper()
	top, ok := root.(*plan.Limit)
	if !ok {
		t.Errorf("%s: the plan is not capped", name)
	} else if k, ok := top.N.(*plan.Const); !ok || k.Value.I != int64(scope.MaxRows)+1 {
		t.Errorf("%s: the cap is %v", name, top.N)
	}
	n := 0
	plan.Walk(root, func(x plan.Node) {
		s, ok := x.(*plan.Scan)
		if !ok {
			return
		}
		n++
		if s.Bounds == nil || s.Bounds.From < scope.From || s.Bounds.To > scope.To {
			t.Errorf("%s: a scan of %s has bounds %v", name, s.Table.Name, s.Bounds)
		}
	})
	return n
}

// checkStatement finds every place of a statement that reads a stored table.
func checkStatement(t *testing.T, name, sql string, c *catalog.Catalog, scope guard.Scope) {
	t.Helper()
	if strings.Count(sql, `"stored_`) != len(stored.FindAllString(sql, -1)) {
		t.Errorf("%s: a stored table stands in an unknown place:\n%s", name, sql)
	}
	for _, m := range stored.FindAllStringSubmatch(sql, -1) {
		table := c.Table(m[1])
		if table.Time < 0 {
			continue
		}
		from, _ := strconv.ParseInt(m[4], 10, 64)
		if m[2] == "" || m[3] != m[5] || m[3] != strconv.Itoa(table.Time) || from < scope.From {
			t.Errorf("%s: %s is read without its window: %s", name, m[1], m[0])
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	if _, err := guard.Apply(nil, guard.Scope{To: 1}); err == nil {
		t.Error("no plan is guarded")
	}
	e := env(t)
	if _, err := guard.Apply(bound("DeviceInfo", e), guard.Scope{From: 2, To: 1}); err == nil {
		t.Error("a window that ends before it begins is taken")
	}
	if _, err := lower.Lower(guard.Guarded{}, &watched{}); err == nil {
		t.Error("a plan that was not guarded is lowered")
	}
}

// TestApplyLeavesThePlan: binding may share nodes; the guard works on a copy.
func TestApplyLeavesThePlan(t *testing.T) {
	e := env(t)
	root := bound("let T = DeviceInfo | where Timestamp > ago(1d); T | join T on DeviceId", e)
	before := plan.Print(root)
	if _, err := guard.Apply(root, month(e)); err != nil {
		t.Fatal(err)
	}
	if after := plan.Print(root); after != before {
		t.Errorf("the plan became\n%swas\n%s", after, before)
	}
}

func TestNoCap(t *testing.T) {
	e := env(t)
	s := month(e)
	s.MaxRows = 0
	g, err := guard.Apply(bound("DeviceInfo", e), s)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := g.Root().(*plan.Scan); !ok || g.MaxRows() != 0 {
		t.Errorf("without a cap the plan is %s", plan.Print(g.Root()))
	}
}

// TestDevices: every scan of a table with a device is filtered, however deep,
// by one set that sees all times; a set that is none is refused.
func TestDevices(t *testing.T) {
	e := env(t)
	set := bound("DeviceInfo | project DeviceId", e)
	for query, want := range map[string]int{
		"DeviceInfo":                      1,
		"EmailEvents | count":             0,
		"MachineInfo | project MachineId": 1,
		"let T = DeviceInfo; T | join T on DeviceId | where DeviceId in ((DeviceEvents | project DeviceId)) | extend n = toscalar(DeviceLogonEvents | count)": 3,
		"union DeviceEvents, EmailEvents, (AlertEvidence | take 1)":                             2,
		"DeviceProcessEvents | invoke FileProfile()":                                            6,
		"find in (DeviceInfo, AlertInfo, AlertEvidence) where Timestamp > ago(1d)":              2,
		"DeviceInfo | mv-apply x = pack_array(1) on (where toscalar(DeviceEvents | count) > 0)": 2,
	} {
		root := bound(query, e)
		if root == nil {
			t.Errorf("%s does not bind", query)
			continue
		}
		g, err := guard.Apply(root, guard.Scope{From: 1, To: 2, Devices: &guard.Devices{Set: set}})
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		filtered, plain := map[plan.Node]bool{}, map[*plan.Scan]bool{}
		sets := map[plan.Node]bool{}
		plan.Walk(g.Root(), func(n plan.Node) {
			switch n := n.(type) {
			case *plan.Filter:
				if in, ok := n.Cond.(*plan.InQuery); ok && in.Not {
					if scan, ok := n.Input.(*plan.Scan); ok {
						filtered[scan], sets[in.Node] = true, true
					}
				}
			case *plan.Scan:
				plain[n] = true
			}
		})
		for scan := range plain {
			whole := scan.Bounds.From == types.MinDatetime && scan.Bounds.To == types.MaxDatetime
			if !filtered[scan] && !whole && scan.Table.Device >= 0 {
				t.Errorf("%s: a scan of %s shows all devices", query, scan.Table.Name)
			}
		}
		if len(filtered) < want || (want == 0) != (len(filtered) == 0) || len(sets) > 1 {
			t.Errorf("%s: %d scans are filtered, want %d or more, by %d sets", query, len(filtered), want, len(sets))
		}
	}
	for _, bad := range []plan.Node{nil, bound("DeviceInfo", e), bound("DeviceInfo | project OSBuild", e)} {
		if _, err := guard.Apply(set, guard.Scope{From: 1, To: 2, Devices: &guard.Devices{Set: bad}}); err == nil {
			t.Error("a set of no device ids is taken")
		}
	}
	closed := func(x *catalog.Table) bool { return x.Name != "DeviceEvents" }
	for query, refused := range map[string]bool{"DeviceInfo": false, "MiscEvents": true, "DeviceInfo | where DeviceId in ((DeviceEvents | project DeviceId))": true} {
		if _, err := guard.Apply(bound(query, e), guard.Scope{From: 1, To: 2, MayRead: closed}); (err != nil) != refused {
			t.Errorf("%s: %v", query, err)
		}
	}
}
