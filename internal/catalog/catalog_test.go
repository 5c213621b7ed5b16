package catalog

import (
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/types"
)

func builtinCatalog(t *testing.T) *Catalog {
	t.Helper()
	c, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBuiltinSize(t *testing.T) {
	c := builtinCatalog(t)
	columns := 0
	for _, n := range c.Names() {
		tab := c.Table(n)
		columns += len(tab.Columns)
		if tab.Doc == "" || tab.Family == "" {
			t.Errorf("%s has no description or no family", n)
		}
		if !slices.Contains([]string{"current", "deprecated", "preview"}, tab.Status) {
			t.Errorf("%s has status %q", n, tab.Status)
		}
		for _, col := range tab.Columns {
			if col.Doc == "" || !slices.Contains(types.Scalars(), col.Type) {
				t.Errorf("%s.%s: doc %q, type %v", n, col.Name, col.Doc, col.Type)
			}
		}
	}
	if len(c.Names()) != 71 || columns != 1933 || len(c.LegacyNames()) != 10 {
		t.Errorf("%d tables, %d columns, %d old tables; want 71, 1933, 10", len(c.Names()), columns, len(c.LegacyNames()))
	}
	if !slices.IsSorted(c.Names()) || !slices.IsSorted(c.LegacyNames()) {
		t.Error("names are not in alphabetical order")
	}
}

func TestTimeAndDevice(t *testing.T) {
	c := builtinCatalog(t)
	for _, x := range []struct{ table, time, device string }{
		{"DeviceProcessEvents", "Timestamp", "DeviceId"},
		{"EmailEvents", "Timestamp", ""},
		{"AlertInfo", "Timestamp", ""},
		{"AlertEvidence", "Timestamp", "DeviceId"},
		{"CallActivityEvents", "ActivityTimestamp", ""},
		{"DeviceCustomFileEvents", "TimeGenerated", "DeviceId"},
		{"DeviceTvmSoftwareInventory", "", "DeviceId"},
		{"DeviceTvmSoftwareVulnerabilitiesKB", "", ""},
		{"ExposureGraphNodes", "", ""},
		{"ProcessCreationEvents", "EventTime", "MachineId"},
		{"AlertEvents", "EventTime", "MachineId"},
		{"MachineNetworkInfo", "EventTime", "MachineId"},
	} {
		tab := c.Table(x.table)
		if tab == nil {
			t.Errorf("no table %s", x.table)
			continue
		}
		if tab.Time != tab.Ordinal(x.time) || tab.Device != tab.Ordinal(x.device) {
			t.Errorf("%s: time %d, device %d; want %s, %s", x.table, tab.Time, tab.Device, x.time, x.device)
		}
	}
}

func TestLegacy(t *testing.T) {
	c := builtinCatalog(t)
	for _, n := range c.LegacyNames() {
		tab := c.Table(n)
		now := tab.Legacy.Today
		if now == nil || now.Legacy != nil || len(tab.Legacy.Map) != len(tab.Columns) {
			t.Fatalf("%s has no proper successor", n)
		}
		for i, at := range tab.Legacy.Map {
			if at >= 0 && now.Columns[at].Type != tab.Columns[i].Type {
				t.Errorf("%s.%s is %v, today %v", n, tab.Columns[i].Name, tab.Columns[i].Type, now.Columns[at].Type)
			}
		}
	}
	for _, x := range []struct{ table, column, now, typ string }{
		{"ProcessCreationEvents", "EventTime", "Timestamp", "datetime"},
		{"ProcessCreationEvents", "LogonId", "LogonId", "long"},
		{"FileCreationEvents", "RequestSourcePort", "RequestSourcePort", "int"},
		{"MachineInfo", "RegistryMachineTag", "RegistryDeviceTag", "string"},
		{"AlertEvents", "Title", "Title", "string"},
		{"AlertEvents", "ReportId", "", "long"},
		{"AlertEvents", "Table", "", "string"},
	} {
		tab := c.Table(x.table)
		i := tab.Ordinal(x.column)
		if i < 0 {
			t.Errorf("%s has no column %s", x.table, x.column)
			continue
		}
		if got := tab.Legacy.Map[i]; got != tab.Legacy.Today.Ordinal(x.now) || tab.Columns[i].Type.String() != x.typ {
			t.Errorf("%s.%s: today's ordinal %d, type %v; want %s, %s", x.table, x.column, got, tab.Columns[i].Type, x.now, x.typ)
		}
	}
	if got := c.Table("ProcessCreationEvents").Columns[2].Name; got != "ComputerName" {
		t.Errorf("old columns are out of order: third is %s", got)
	}
}

func TestRenamedColumn(t *testing.T) {
	c := builtinCatalog(t)
	for old, want := range map[string]string{
		"EventTime": "Timestamp", "MachineId": "DeviceId", "ComputerName": "DeviceName",
		"RemoteComputerName": "RemoteDeviceName", "InitiatingProcessMd5": "InitiatingProcessMD5",
		"FinalEmailAction": "EmailAction", "PhishFilterVerdict": "ThreatTypes",
		"AadDeviceId": "", "Timestamp": "", "NetworkCardIPs": "", "EventId": "", "": "",
	} {
		if got, ok := c.RenamedColumn(old); got != want || ok != (want != "") {
			t.Errorf("RenamedColumn(%q) = %q, %v; want %q", old, got, ok, want)
		}
	}
}

func TestCaseMatters(t *testing.T) {
	tab := builtinCatalog(t).Table("DeviceProcessEvents")
	if a, b := tab.Ordinal("LogonId"), tab.Ordinal("LogonID"); a < 0 || b < 0 || a == b {
		t.Errorf("LogonId %d and LogonID %d are not two columns", a, b)
	}
	if builtinCatalog(t).Table("deviceprocessevents") != nil {
		t.Error("table names are matched without regard to case")
	}
}

func TestActionTypes(t *testing.T) {
	c := builtinCatalog(t)
	for table, value := range map[string]string{
		"DeviceProcessEvents": "ProcessCreated", "ProcessCreationEvents": "ProcessCreated",
		"DeviceEvents": "DnsQueryResponse", "CloudAppEvents": "New-InboxRule",
	} {
		if !slices.Contains(c.ActionTypes(table), value) {
			t.Errorf("%s has no action %s", table, value)
		}
	}
	if len(c.ActionTypes("DeviceEvents")) != 197 || c.ActionTypes("EmailEvents") != nil {
		t.Error("wrong action lists")
	}
}

// TestBrokenData checks that a damaged data file names its line.
func TestBrokenData(t *testing.T) {
	const table = "[T]\tf\tcurrent\tdoc\nTimestamp\tdatetime\tdoc\n"
	for _, x := range []struct{ tables, legacy, actions, want string }{
		{"A\tint\tdoc\n", "", "", "tables.txt line 1"},
		{table + "A\tfloat\tdoc\n", "", "", `unknown type "float"`},
		{table + "Timestamp\tlong\tdoc\n", "", "", "T.Timestamp is defined twice"},
		{table + table, "", "", "T is defined twice"},
		{table, "[Old]\tGone\n", "", `unknown table "Gone"`},
		{table, "[Old]\tT\nA\tB\tint\n", "", `no column "B"`},
		{table, "[T]\tT\nA\tTimestamp\tdatetime\n", "", "T is defined twice"},
		{table, "[Old]\tT\nA\n", "", "legacy.txt line 2"},
		{table, "", "[Old]\n", `unknown table "Old"`},
	} {
		_, err := load(x.tables, "", x.legacy, x.actions)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("load gave %v, want %q", err, x.want)
		}
	}
}

func TestBatch(t *testing.T) {
	tab := builtinCatalog(t).Table("DeviceNetworkEvents")
	b := NewBatch(tab)
	port, name := tab.Ordinal("RemotePort"), tab.Ordinal("DeviceName")
	for i := range 100 {
		r := b.AddRow()
		if i%2 == 0 {
			b.Set(r, port, types.IntValue(int32(i)))
			b.Set(r, name, types.StringValue("host"))
		}
	}
	for i := range 100 {
		got := b.Cols[port].Value(i)
		if even := i%2 == 0; got.Null == even || (even && got.I != int64(i)) || (b.Cols[name].Strings[i] == "host") != even {
			t.Fatalf("row %d: port %+v, name %q", i, got, b.Cols[name].Strings[i])
		}
	}
}

// TestBatchReset checks that nothing of the old rows shows in new ones.
func TestBatchReset(t *testing.T) {
	b := NewBatch(builtinCatalog(t).Table("DeviceEvents"))
	for i, c := range b.Table.Columns {
		r := 0
		if i == 0 {
			r = b.AddRow()
		}
		b.Set(r, i, types.Value{Type: c.Type, I: 1, F: 1, S: "1"})
	}
	b.Reset()
	b.AddRow()
	for i, v := range b.Cols {
		if x := v.Value(0); b.N != 1 || v.Len != 1 || x.S != "" || (!x.Null && x.Type != types.String) {
			t.Errorf("%s holds %+v", b.Table.Columns[i].Name, x)
		}
	}
}
