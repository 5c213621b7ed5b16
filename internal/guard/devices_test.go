package guard_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

// TestEveryScanIsFenced goes through the public hunting queries: in the plan,
// nothing but the filter of devices reads a table that has a device, and in the
// statement that filter is a fence.
func TestEveryScanIsFenced(t *testing.T) {
	e := env(t)
	set := bound("datatable(DeviceId:string)['d1', 'd2']", e)
	queries, scans, statements := 0, 0, 0
	for i, q := range testkit.Corpus(t) {
		root := bound(q.Query, e)
		if root == nil {
			continue
		}
		scope := month(e)
		scope.Devices = &guard.Devices{Set: set, Only: i%2 == 0}
		g, err := guard.Apply(root, scope)
		if err != nil {
			t.Fatalf("%s: %v", q.Path, err)
		}
		queries++
		scans += checkFences(t, q.Path, g.Root(), scope.Devices)
		if lowered, err := lower.Lower(g, &watched{}); err == nil {
			parts := []string{lowered.SQL}
			for _, st := range lowered.Stages {
				for _, in := range st.Inputs {
					parts = append(parts, in.SQL)
				}
			}
			for _, sql := range parts {
				statements += checkFencedSQL(t, q.Path, sql, func(table string) bool { return e.Catalog.Table(table).Device >= 0 })
			}
		}
	}
	t.Logf("%d queries, %d scans of tables with devices, %d in statements", queries, scans, statements)
	if queries < 1000 || scans < queries/2 || statements < scans/2 {
		t.Errorf("only %d queries with %d scans, %d in statements", queries, scans, statements)
	}
}

// checkFences counts the scans of tables with a device.
func checkFences(t *testing.T, name string, root plan.Node, d *guard.Devices) int {
	t.Helper()
	fenced := map[plan.Node]bool{}
	n := 0
	reads := func(reader, in plan.Node) {
		scan, ok := in.(*plan.Scan)
		if !ok || scan.Table.Device < 0 {
			return
		}
		n++
		f, ok := reader.(*plan.Filter)
		if !ok || !f.Fence {
			t.Errorf("%s: %T reads %s past the fence", name, reader, scan.Table.Name)
			return
		}
		in1, ok := f.Cond.(*plan.InQuery)
		if !ok || in1.Not == d.Only {
			t.Errorf("%s: the fence of %s is no filter of devices", name, scan.Table.Name)
			return
		}
		if c, ok := in1.X.(*plan.Col); !ok || c.Index != scan.Table.Device {
			t.Errorf("%s: the fence of %s looks at another column", name, scan.Table.Name)
		}
		fenced[scan] = true
	}
	reads(nil, root)
	plan.Walk(root, func(x plan.Node) {
		for _, in := range x.Inputs() {
			reads(x, in)
		}
		for _, ex := range plan.Exprs(x) {
			plan.Subplans(ex, func(s plan.Node) { reads(nil, s) })
		}
	})
	plan.Walk(root, func(x plan.Node) {
		if s, ok := x.(*plan.Scan); ok && s.Table.Device >= 0 && !fenced[s] {
			t.Errorf("%s: a scan of %s has no fence", name, s.Table.Name)
		}
	})
	return n
}

var (
	part   = regexp.MustCompile(`(?m)^(?:WITH )?(n\d+) AS \(`)
	reader = regexp.MustCompile(`(?:FROM|JOIN) (n\d+)\b`)
	source = regexp.MustCompile(`"stored_(\w+)"`)
)

// checkFencedSQL finds who reads the parts of a statement that read stored
// tables.
func checkFencedSQL(t *testing.T, name, sql string, device func(table string) bool) int {
	t.Helper()
	at := part.FindAllStringSubmatchIndex(sql, -1)
	raw, n := map[string]string{}, 0
	for i, m := range at {
		end := len(sql)
		if i+1 < len(at) {
			end = at[i+1][0]
		} else if k := strings.Index(sql[m[1]:], ")\nSELECT "); k >= 0 {
			end = m[1] + k
		}
		for _, s := range source.FindAllStringSubmatch(sql[m[1]:end], -1) {
			if device(s[1]) {
				raw[sql[m[2]:m[3]]] = s[1]
				n++
			}
		}
	}
	begin, finish := sqlx.DuckDB.Fence("\x00"), ""
	begin, finish, _ = strings.Cut(begin, "\x00")
	for _, m := range reader.FindAllStringSubmatchIndex(sql, -1) {
		table, ok := raw[sql[m[2]:m[3]]]
		if !ok {
			continue
		}
		line := sql[strings.LastIndexByte(sql[:m[0]], '\n')+1:]
		line, _, _ = strings.Cut(line, "\n")
		if !strings.Contains(line, " AS ("+begin) || !strings.Contains(line, finish+")") {
			t.Errorf("%s: %s is read past its fence:\n%s", name, table, line)
		}
	}
	return n
}

// TestTablesWithoutDevice: whoever adds a table with a device decides how its
// rows are hidden. These name devices, or something of them, and are governed
// by 'View data' alone (docs/access.md).
func TestTablesWithoutDevice(t *testing.T) {
	unconfined := map[string]string{
		"AADSignInEventsBeta": "AadDeviceId DeviceName", "EntraIdSignInEvents": "DeviceName EntraIdDeviceId",
		"CloudDnsEvents": "HostName", "CloudProcessEvents": "HostName", "DataSecurityBehaviors": "DeviceInfo",
		"IdentityDirectoryEvents": "DestinationDeviceName DeviceName TargetDeviceName", "IdentityLogonEvents": "DestinationDeviceName DeviceName TargetDeviceName",
		"IdentityQueryEvents": "DestinationDeviceName DeviceName TargetDeviceName",
	}
	e := env(t)
	for _, name := range append(e.Catalog.Stored(), e.Catalog.LegacyNames()...) {
		table := e.Catalog.Table(name)
		var names []string
		id := -1
		for i, c := range table.Columns {
			switch {
			case c.Name == "DeviceId" || c.Name == "MachineId":
				id = i
			case strings.Contains(c.Name, "Device") && c.Name != "DeviceType" && c.Name != "DeviceTrustType", c.Name == "HostName":
				names = append(names, c.Name)
			}
		}
		slices.Sort(names)
		if table.Device != id {
			t.Errorf("%s: its device is column %d, not %d", name, table.Device, id)
		}
		if id < 0 && strings.Join(names, " ") != unconfined[name] {
			t.Errorf("%s has no DeviceId but %q: decide whether its rows are to be hidden", name, names)
		}
	}
}
