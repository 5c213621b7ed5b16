package ingest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// record makes a Streaming API record.
func record(category, properties string) string {
	return fmt.Sprintf(`{"time":"2024-05-06T07:08:10.5Z","tenantId":"t-1","operationName":"Publish","category":%q,"properties":%s,"Tenant":"DefaultTenant"}`,
		categoryPrefix+category, properties)
}

const networkProperties = `{"Timestamp":"2024-05-06T07:08:09.1234567Z","DeviceId":"d","DeviceName":"pc.corp","ActionType":"ConnectionSuccess",
	"RemotePort":443,"ReportId":7,"InitiatingProcessId":"12","AdditionalFields":{"a": 1},"MachineGroup":"Servers"}`

func TestDefenderShapes(t *testing.T) {
	one := strings.ReplaceAll(record("DeviceNetworkEvents", networkProperties), "\n", " ")
	for name, text := range map[string]string{
		"bare": one, "lines": one + "\r\n" + one + "\r\n", "wrapped": `{"records":[` + one + "," + one + "]}",
		"wrapped lines": `{"records":[` + one + "]}\n" + `{"records":[` + one + "]}", "array": "[" + one + ",\n" + one + "]",
		"pretty": "{\n\"records\": [\n" + one + ",\n" + one + "\n]\n}\n", "mark": "\xEF\xBB\xBF" + one,
	} {
		want := int64(2)
		if name == "bare" || name == "mark" {
			want = 1
		}
		m, rep := ingestText(t, Options{}, map[string]string{"x.json": text})
		if m.rows["DeviceNetworkEvents"] != want || rep.BrokenTotal+rep.ProblemsAll != 0 || rep.Records != want {
			t.Errorf("%s: %v\n%s", name, m.rows, rep)
			continue
		}
		r := m.all["DeviceNetworkEvents"][0]
		for c, want := range map[string]string{"Timestamp": "2024-05-06T07:08:09.1234567Z", "RemotePort": "443", "InitiatingProcessId": "12",
			"ReportId": "7", "AdditionalFields": `{"a":1}`, "DeviceName": "pc.corp"} {
			if got := valueText(r[c]); got != want {
				t.Errorf("%s: %s = %s, want %s", name, c, got, want)
			}
		}
		if rep.MachineGroups["Servers"] != want || rep.UnknownProperties.Total() != 0 {
			t.Errorf("%s: machine group not counted\n%s", name, rep)
		}
	}
}

func TestDefenderReport(t *testing.T) {
	lines := []string{
		record("DeviceInfo", `{"Timestamp":"2024-05-06T07:08:09Z","MachineGroup":"Servers","DeviceId":"d"}`),
		record("DeviceInfo", `{"DeviceId":"d","Surprise":1,"OSBuild":"x"}`),
		record("NoSuchTable", `{}`),
		`{"category":"AdvancedHunting-DeviceInfo","properties":{"DeviceId":"late"}}`,
		`{"category":"AdvancedHunting-DeviceInfo"}`,
		`{"category":"Administrative","properties":{}}`,
		`{"hello":1}`, `{"x":`, `"x"`,
		record("ProcessCreationEvents", `{"EventTime":"2024-05-06T07:08:09Z","MachineId":"m","ComputerName":"c","ProcessId":5,"LogonId":"77","EventId":1}`),
		record("EmailEvents", `{"Timestamp":"2024-05-06T07:08:09Z","subject":"lower case","Subject2":null}`),
		strings.Replace(record("DeviceInfo", `{"DeviceId":"foreign"}`), "t-1", "t-2", 1),
	}
	m, rep := ingestText(t, Options{TenantID: "T-1"}, map[string]string{"x.json": strings.Join(lines, "\n")})
	info, process := m.all["DeviceInfo"], m.all["DeviceProcessEvents"]
	if len(info) != 2 || info[0]["MachineGroup"].S != "Servers" || len(process) != 1 || len(m.all["EmailEvents"]) != 1 {
		t.Fatalf("%v\n%s", m.rows, rep)
	}
	// Without a Timestamp the time of receipt stands in.
	if got := formatTime(info[1]["Timestamp"].I); got != "2024-05-06T07:08:10.5000000Z" {
		t.Errorf("a record without Timestamp has %s", got)
	}
	for c, want := range map[string]string{"Timestamp": "2024-05-06T07:08:09.0000000Z", "DeviceId": "m", "DeviceName": "c", "ProcessId": "5", "LogonId": "77"} {
		if got := valueText(process[0][c]); got != want {
			t.Errorf("old table: %s = %s, want %s", c, got, want)
		}
	}
	if m.all["EmailEvents"][0]["Subject"].S != "lower case" {
		t.Error("a property in another case was not taken")
	}
	for _, x := range []struct {
		counts Counts
		name   string
	}{
		{rep.UnknownCategories, "AdvancedHunting-NoSuchTable"}, {rep.UnknownCategories, "Administrative"},
		{rep.UnknownProperties, "DeviceInfo.Surprise"}, {rep.UnknownProperties, "ProcessCreationEvents.EventId"},
		{rep.UnknownProperties, "EmailEvents.Subject2"}, {rep.BadValues, "DeviceInfo.OSBuild"},
	} {
		if x.counts[x.name] != 1 {
			t.Errorf("%s is not counted\n%s", x.name, rep)
		}
	}
	if rep.BrokenTotal != 5 || rep.Foreign != 1 || rep.Records != int64(len(lines)) {
		t.Errorf("%s", rep)
	}
	for i, want := range []struct {
		line   int64
		reason error
	}{{4, errNoEventTime}, {5, errNoProperties}, {7, errUnknownRecord}, {8, errJSONEnd}, {9, errJSONSyntax}} {
		if b := rep.Broken[i]; b.Line != want.line || b.Reason != want.reason.Error() || !strings.HasSuffix(b.File, "x.json") {
			t.Errorf("broken line %d: %+v, want line %d: %v", i, b, want.line, want.reason)
		}
	}
	if text := rep.String(); text != rep.String() || !strings.Contains(text, "x.json:8: "+errJSONEnd.Error()) {
		t.Errorf("%s", text)
	}
}

// typesTable has a column of every type.
func typesTable(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	tables := []*catalog.Table{{Name: "T", Time: -1, Device: -1}}
	for _, typ := range types.Scalars() {
		tables[0].Columns = append(tables[0].Columns, catalog.Column{Name: typ.String(), Type: typ})
	}
	for _, n := range tableNames {
		tables = append(tables, c.Table(n))
	}
	c, err = catalog.New(tables...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestConversions stores JSON values in columns of every type; "null" is the
// null value and "!" a value that must be counted as wrong.
func TestConversions(t *testing.T) {
	cat := typesTable(t)
	for _, x := range []struct{ column, json, want string }{
		{"bool", "true", "true"}, {"bool", "0", "false"}, {"bool", `"TRUE"`, "true"}, {"bool", `"1"`, "true"}, {"bool", "2", "!"}, {"bool", "[]", "!"}, {"bool", `""`, "null"},
		{"int", "12", "12"}, {"int", `" -12 "`, "-12"}, {"int", "2147483648", "!"}, {"int", "1.0", "1"}, {"int", "1.5", "!"}, {"int", "true", "1"}, {"int", `""`, "null"},
		{"long", "9223372036854775807", "9223372036854775807"}, {"long", "9223372036854775808", "!"}, {"long", `"0x3e7"`, "999"}, {"long", "1e3", "1000"}, {"long", `"x"`, "!"}, {"long", "{}", "!"},
		{"real", "1.5", "1.5"}, {"real", `"NaN"`, "NaN"}, {"real", `"1e-2"`, "0.01"}, {"real", "true", "!"}, {"real", "1e999", "!"},
		{"decimal", "1.500", "1.5"}, {"decimal", `"-0.0"`, "0"}, {"decimal", "100", "100"}, {"decimal", "1e5", "!"},
		{"datetime", `"2024-05-06T07:08:09.1Z"`, "2024-05-06T07:08:09.1000000Z"}, {"datetime", `"2024-05-06"`, "2024-05-06T00:00:00.0000000Z"}, {"datetime", "5", "!"}, {"datetime", `"soon"`, "!"},
		{"timespan", `"1.02:03:04.5"`, "937845000000"}, {"timespan", `"-00:00:01"`, "-10000000"}, {"timespan", "70", "70"}, {"timespan", `"25:00:00"`, "!"}, {"timespan", `"1:2"`, "!"}, {"timespan", `"."`, "!"},
		{"guid", `"{6E5B7C2A-0000-4000-8000-0123456789AB}"`, "6e5b7c2a-0000-4000-8000-0123456789ab"}, {"guid", `"6e5b7c2a000040008000 0123456789"`, "!"},
		{"guid", `"6e5b7c2a0000400080000123456789ab"`, "6e5b7c2a-0000-4000-8000-0123456789ab"}, {"guid", `"00000000-0000-0000-0000-000000000000"`, "00000000-0000-0000-0000-000000000000"},
		{"string", `"a\u00e9"`, "aé"}, {"string", "1.0", "1.0"}, {"string", "true", "true"}, {"string", `{ "a" : [1, 2] }`, `{"a":[1,2]}`}, {"string", "null", "null"},
		{"dynamic", `{ "a" : [1, "x y"] }`, `{"a":[1,"x y"]}`}, {"dynamic", `"[1, 2]"`, "[1,2]"}, {"dynamic", `"[1, 2"`, `"[1, 2"`}, {"dynamic", "12", "12"}, {"dynamic", `"x"`, `"x"`}, {"dynamic", "null", "null"},
	} {
		m, rep := ingestText(t, Options{Catalog: cat}, map[string]string{"x.json": record("T", fmt.Sprintf(`{%q:%s}`, x.column, x.json))})
		if len(m.all["T"]) != 1 {
			t.Fatalf("%s: %s", x.json, rep)
		}
		v, ok := m.all["T"][0][x.column]
		got := "null"
		if ok {
			got = valueText(v)
		} else if rep.BadValues["T."+x.column] == 1 {
			got = "!"
		}
		if got != x.want {
			t.Errorf("%s column, %s: %s, want %s", x.column, x.json, got, x.want)
		}
	}
}

// TestDeepRecord bounds nesting.
func TestDeepRecord(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	_, rep := ingestText(t, Options{}, map[string]string{"x.json": record("DeviceInfo", `{"AdditionalFields":`+deep+`}`)})
	if rep.BrokenTotal != 1 || !strings.Contains(rep.String(), errJSONDepth.Error()) {
		t.Errorf("%s", rep)
	}
}

// TestDefenderRebase moves every datetime, so that the last event is at the
// target, and names the batches by it.
func TestDefenderRebase(t *testing.T) {
	text := record("DeviceProcessEvents", `{"Timestamp":"2024-05-06T07:00:00Z","ProcessCreationTime":"2024-05-06T06:59:59Z"}`) + "\n" +
		record("DeviceProcessEvents", `{"Timestamp":"2024-05-06T08:00:00Z"}`)
	path := write(t, "x.json", []byte(text))
	target := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	m, _ := ingestPaths(t, Options{Rebase: target}, path)
	rows := m.all["DeviceProcessEvents"]
	for i, x := range []struct{ column, want string }{{"Timestamp", "2030-01-01T11:00:00.0000000Z"}, {"Timestamp", "2030-01-01T12:00:00.0000000Z"}} {
		if got := valueText(rows[i][x.column]); got != x.want {
			t.Errorf("row %d: %s, want %s", i, got, x.want)
		}
	}
	if got := valueText(rows[0]["ProcessCreationTime"]); got != "2030-01-01T10:59:59.0000000Z" {
		t.Errorf("creation time %s", got)
	}
	plain, _ := ingestPaths(t, Options{}, path)
	for id := range m.ids {
		if plain.ids[id] || !strings.Contains(id, "@") {
			t.Errorf("id %s does not tell the shift", id)
		}
	}
}

// FuzzDefender throws lines at the ingest: nothing crashes, every record is
// accounted for, what is no JSON is broken, and what is stored is text.
func FuzzDefender(f *testing.F) {
	f.Add([]byte(record("DeviceNetworkEvents", networkProperties)))
	f.Add([]byte(record("ProcessCreationEvents", `{"EventTime":"2024-05-06T07:08:09Z","LogonId":"\ud800","AdditionalFields":{"a":["\ud83d"]}}`)))
	f.Add([]byte(`{"records":[{"category":"AdvancedHunting-DeviceInfo","properties":{"Timestamp":"x","MergedDeviceIds":"{}"}}, 5]}`))
	f.Add([]byte("{\"category\":\"\xff\",\"properties\":{}}"))
	f.Fuzz(fuzzIngest)
}

func fuzzIngest(t *testing.T, b []byte) {
	m, rep := ingestBytes(t, Options{Limits: Limits{Record: 1 << 16}}, b)
	checkText(t, m)
	sum := rep.Rows.Total() + rep.Unmapped.Total() + rep.UnknownCategories.Total() + rep.Foreign + rep.BrokenTotal
	if sum != rep.Records {
		t.Errorf("%d records, %d accounted for\n%s", rep.Records, sum, rep)
	}
	if text := rep.String(); !json.Valid(b) && rep.Records+rep.ProblemsAll == 0 && strings.TrimSpace(string(b)) != "" {
		t.Errorf("%q left no trace\n%s", b, text)
	}
}
