package hunt

import (
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// escapes are attempts to see rows from before the window. The fixture marks
// such rows in all their text, in their numbers, and by their time.
var escapes = []string{
	"DeviceProcessEvents",
	"DeviceProcessEvents | where Timestamp > datetime(1900-01-01)",
	"DeviceProcessEvents | where Timestamp < ago(30d) or true",
	"DeviceProcessEvents | where Timestamp != now()",
	"DeviceProcessEvents | where not(Timestamp > ago(30d))",
	"DeviceProcessEvents | where Timestamp <= ago(30d)",
	"DeviceProcessEvents | where Timestamp between (datetime(2020-01-01) .. datetime(2026-10-02))",
	"DeviceProcessEvents | where Timestamp !between (ago(30d) .. now())",
	"DeviceProcessEvents | where isnull(Timestamp) or Timestamp < ago(29d)",
	"DeviceProcessEvents | where FileName has 'outside' or ReportId > 666000 or ProcessId == 666666",
	"DeviceProcessEvents | project-away Timestamp",
	"DeviceProcessEvents | project-rename T = Timestamp | where T < ago(30d)",
	"DeviceProcessEvents | extend Timestamp = now() | where Timestamp > ago(1d)",
	"DeviceProcessEvents | extend Timestamp = Timestamp + 3650d | where Timestamp > now()",
	"DeviceProcessEvents | project Timestamp = ago(1d), FileName, ReportId",
	"DeviceProcessEvents | distinct DeviceName, FileName",
	"DeviceProcessEvents | summarize make_set(FileName), make_list(ReportId), min(Timestamp), max(ReportId)",
	"DeviceProcessEvents | summarize arg_min(Timestamp, *)",
	"DeviceProcessEvents | summarize arg_max(ReportId, *) by DeviceId",
	"DeviceProcessEvents | summarize take_any(*) by FileName",
	"DeviceProcessEvents | top 50 by ReportId desc",
	"DeviceProcessEvents | sort by Timestamp asc | take 3 | serialize p = prev(FileName)",
	"DeviceProcessEvents | count | extend x = iff(Count == 25, '', 'outside-the-window')",
	"union DeviceProcessEvents, DeviceNetworkEvents, DeviceLogonEvents, DeviceFileEvents, DeviceInfo, AlertEvidence, CloudAppEvents",
	"union withsource=T Device*",
	"union isfuzzy=true DeviceProcessEvents, NoSuchTable",
	"let T = DeviceProcessEvents; T | union T, (T | where Timestamp < ago(30d))",
	"let T = materialize(DeviceProcessEvents); T | where Timestamp > ago(1d) | union (T | where ReportId > 1000)",
	"let f = (T:(*)) { T | where ReportId > 1000 }; f(DeviceProcessEvents)",
	"let f = () { DeviceProcessEvents }; f | where Timestamp < ago(30d)",
	"let when = datetime(2020-01-01); DeviceProcessEvents | where Timestamp >= when",
	"let v = view () { DeviceProcessEvents }; union v",
	"table('DeviceProcessEvents') | where Timestamp < ago(30d)",
	"DeviceInfo | join kind=inner (DeviceProcessEvents) on DeviceId",
	"DeviceInfo | join kind=leftouter (DeviceProcessEvents | where Timestamp < ago(30d)) on DeviceId",
	"DeviceInfo | join kind=rightouter DeviceProcessEvents on DeviceId",
	"DeviceInfo | join kind=fullouter DeviceProcessEvents on DeviceName",
	"DeviceInfo | join kind=rightanti DeviceProcessEvents on DeviceName",
	"DeviceInfo | join kind=rightsemi DeviceProcessEvents on DeviceId",
	"DeviceInfo | join kind=leftanti DeviceProcessEvents on DeviceId",
	"DeviceTvmSoftwareInventory | join kind=leftouter DeviceProcessEvents on DeviceId",
	"DeviceTvmSoftwareInventory | lookup DeviceProcessEvents on DeviceId",
	"print toscalar(DeviceProcessEvents | summarize make_set(FileName))",
	"print toscalar(DeviceProcessEvents | where Timestamp < ago(30d) | project FileName)",
	"print toscalar(DeviceProcessEvents | summarize min(Timestamp))",
	"print x = iff('outside-the-window' in ((DeviceProcessEvents | project DeviceName)), 'outside-the-window', '')",
	"print x = iff('outside-the-window' has_any ((DeviceProcessEvents | where isnotempty(DeviceName) | project DeviceName)), 'outside-the-window', '')",
	"DeviceInfo | where 'outside-the-window.exe' in ((DeviceProcessEvents | project FileName)) | extend x = 'outside-the-window'",
	"DeviceProcessEvents | where DeviceId in ((DeviceProcessEvents | where Timestamp < ago(30d) | project DeviceId)) | extend x = 'outside-the-window'",
	"DeviceProcessEvents | mv-expand x = pack_array(FileName, DeviceName) to typeof(string)",
	"CloudAppEvents | mv-expand IPTags",
	"CloudAppEvents | extend o = tostring(RawEventData.Outside)",
	"DeviceProcessEvents | parse FileName with f '.exe'",
	"DeviceProcessEvents | as T | union T",
	"ProcessCreationEvents",
	"ProcessCreationEvents | where EventTime < ago(30d)",
	"ProcessCreationEvents | summarize arg_min(EventTime, *)",
	"union ProcessCreationEvents, NetworkCommunicationEvents, LogonEvents, FileCreationEvents, MachineInfo, AlertEvents",
	"AlertEvents | project AlertId, Title",
	"MachineInfo | project EventTime = now(), ComputerName",
	"DeviceProcessEvents | evaluate pivot(FileName)",
	"DeviceProcessEvents | evaluate pivot(FileName, count(), DeviceName)",
	"DeviceProcessEvents | project d = bag_pack(FileName, ReportId) | evaluate bag_unpack(d)",
	"DeviceProcessEvents | project FileName, DeviceName, ReportId | evaluate narrow()",
	"DeviceProcessEvents | project FileName, DeviceName, ReportId | evaluate basket(0.015)",
	"DeviceProcessEvents | evaluate preview(100)",
	"DeviceProcessEvents | evaluate rows_near(ReportId > 0, 5)",
	"DeviceProcessEvents | evaluate sliding_window_counts(DeviceName, Timestamp, ago(20d), now(), 3650d, 1d)",
	"DeviceInfo | evaluate new_activity_metrics(DeviceName, Timestamp, ago(3650d), now(), 100d, DeviceProcessEvents)",
	"datatable(ip:string)['10.0.0.1'] | evaluate ipv4_lookup((DeviceProcessEvents | extend net = '0.0.0.0/0'), ip, net)",
	"DeviceProcessEvents | invoke f()\n; let f = (T:(*)) { T };", // refused, and that is fine
}

// TestNothingOutside runs the escapes: no cell shows a row from before the
// window.
func TestNothingOutside(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	ran := 0
	for _, q := range escapes {
		got, err := ask(store, q, env, scope)
		if err != nil {
			if !invalid(err) {
				t.Errorf("%s: %s", q, causes(err))
			}
			continue
		}
		ran++
		for _, col := range got.compiled.Query.Columns {
			if outside(types.StringValue(col.Name), scope.From) {
				t.Errorf("%s: a column is called %s", q, col.Name)
			}
		}
		for _, row := range got.rows {
			for k, v := range row {
				if outside(v, scope.From) {
					t.Errorf("%s: column %s shows %s", q, got.compiled.Query.Columns[k].Name, testkit.Literal(v))
				}
			}
		}
	}
	if ran < len(escapes)-5 {
		t.Errorf("only %d of %d queries ran", ran, len(escapes))
	}
}

// outside reports a value that only rows outside the window have.
func outside(v types.Value, from int64) bool {
	if v.Null {
		return false
	}
	switch v.Type {
	case types.String, types.Dynamic:
		return strings.Contains(v.S, testkit.Outside) || strings.Contains(v.S, "66666")
	case types.Int, types.Long:
		return v.I >= testkit.OutsideNumber && v.I < testkit.OutsideNumber+10
	case types.Datetime:
		return v.I < from && v.I > 0
	}
	return false
}

// TestMarked makes sure that the marks are there to be seen: without a window
// they show.
func TestMarked(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	wide := scope
	wide.From = types.MinDatetime
	for _, table := range []string{"DeviceProcessEvents", "DeviceNetworkEvents", "DeviceLogonEvents", "DeviceFileEvents", "DeviceInfo", "AlertEvidence", "CloudAppEvents"} {
		got, err := ask(store, table, env, wide)
		if err != nil {
			t.Fatal(causes(err))
		}
		if !slices.ContainsFunc(got.rows, func(row []types.Value) bool {
			return slices.ContainsFunc(row, func(v types.Value) bool { return outside(v, scope.From) })
		}) {
			t.Errorf("%s has no marked row", table)
		}
	}
}

// TestNarrowedAnswers: a condition on the time gives the same rows whether it
// narrows the scan or stands above a union, through which nothing narrows.
func TestNarrowedAnswers(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	for _, cond := range []string{
		"Timestamp > ago(2d)", "Timestamp >= datetime(2026-10-30T08:15:00Z) and Timestamp <= datetime(2026-10-30T09:00:00.0000001Z)",
		"Timestamp < datetime(2026-10-03T00:00:00Z)", "Timestamp <= datetime(2026-10-03T00:00:00Z)", "Timestamp == datetime(2026-10-31T12:30:01Z)",
		"Timestamp between (datetime(2026-10-30) .. 1d)", "Timestamp > ago(300d)", "datetime(2026-10-31) < Timestamp", "datetime(2026-10-31) == Timestamp",
		"Timestamp > datetime(2026-10-31) and FileName != 'sh'", "Timestamp > now()", "Timestamp > ago(1d) or DeviceId == 'd1'",
		"Timestamp > ago(1d) and Timestamp < ago(2d)", "bin(Timestamp, 1d) == datetime(2026-10-31)", "startofday(Timestamp) >= datetime(2026-10-31)",
	} {
		narrow, err := ask(store, "DeviceProcessEvents | where "+cond+" | project ReportId", env, scope)
		if err != nil {
			t.Fatalf("%s: %s", cond, causes(err))
		}
		plain, err := ask(store, "let T = DeviceProcessEvents; union T, (T | where false) | where "+cond+" | project ReportId", env, scope)
		if err != nil {
			t.Fatalf("%s: %s", cond, causes(err))
		}
		if a, b := ids(narrow.rows), ids(plain.rows); !slices.Equal(a, b) {
			t.Errorf("where %s: narrowed %v, plain %v", cond, a, b)
		}
	}
}

func ids(rows [][]types.Value) []int64 {
	out := []int64{}
	for _, r := range rows {
		out = append(out, r[0].I)
	}
	slices.Sort(out)
	return out
}
