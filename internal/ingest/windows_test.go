package ingest

import (
	"strings"
	"testing"
	"time"
)

// lines joins the lines of a recording.
func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

// find returns the rows of a table that have a value, as texts.
func find(m *memory, table, column, value string) []map[string]string {
	var out []map[string]string
	for _, r := range m.all[table] {
		if valueText(r[column]) != value {
			continue
		}
		row := map[string]string{}
		for c, v := range r {
			row[c] = valueText(v)
		}
		out = append(out, row)
	}
	return out
}

func expect(t *testing.T, what string, row, want map[string]string) {
	t.Helper()
	for c, w := range want {
		if row[c] != w {
			t.Errorf("%s: %s = %q, want %q", what, c, row[c], w)
		}
	}
}

// The same event as the exporters write it.
const flat = `{"EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"PC.corp","EventTime":"2024-01-02 04:04:05","UtcTime":"2024-01-02 03:04:05.250","DestinationIp":"10.0.0.9","DestinationPort":"443","Protocol":"tcp","Initiated":"true","Image":"C:\\a.exe","ProcessId":"7","SourceModuleType":"im_msvistalog","ProcessID":3000}`

var shapes = map[string]string{
	"flat":       flat,
	"Winlogbeat": `{"@timestamp":"2024-01-02T03:04:05.250Z","event_id":3,"log_name":"Microsoft-Windows-Sysmon/Operational","computer_name":"PC.corp","host":{"name":"collector"},"process_id":3000,"event_data":{"UtcTime":"2024-01-02 03:04:05.250","DestinationIp":"10.0.0.9","DestinationPort":"443","Protocol":"tcp","Initiated":"true","Image":"C:\\a.exe","ProcessId":"7"}}`,
	"ECS":        `{"@timestamp":"2024-01-02T03:04:05.250Z","host":{"name":"collector"},"winlog":{"event_id":"3","channel":"Microsoft-Windows-Sysmon/Operational","computer_name":"PC.corp","event_data":{"UtcTime":"2024-01-02 03:04:05.250","DestinationIp":"10.0.0.9","DestinationPort":"443","Protocol":"tcp","Initiated":"true","Image":"C:\\a.exe","ProcessId":"7"}}}`,
	"XML":        `{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":{"#attributes":{"Qualifiers":1},"#text":3},"TimeCreated":{"#attributes":{"SystemTime":"2024-01-02T03:04:05.250Z"}},"Computer":"PC.corp","Channel":"Microsoft-Windows-Sysmon/Operational","Execution":{"#attributes":{"ProcessID":3000}}},"EventData":{"UtcTime":"2024-01-02 03:04:05.250","DestinationIp":"10.0.0.9","DestinationPort":443,"Protocol":"tcp","Initiated":true,"Image":"C:\\a.exe","ProcessID":7}}}`,
	"no channel": `{"EventID":"3","ProviderName":"Microsoft-Windows-Sysmon","Computer":"pc.corp.","UtcTime":"2024-01-02 03:04:05.250","DestinationIp":"10.0.0.9","DestinationPort":443,"Protocol":"tcp","Initiated":"true","Image":"C:\\a.exe","ProcessId":7}`,
}

func TestShapes(t *testing.T) {
	for name, line := range shapes {
		m, rep := ingestBytes(t, Options{}, []byte(line))
		rows := find(m, "DeviceNetworkEvents", "ActionType", "ConnectionSuccess")
		if len(rows) != 1 {
			t.Errorf("%s:\n%s", name, rep)
			continue
		}
		expect(t, name, rows[0], map[string]string{"DeviceName": "pc.corp", "RemoteIP": "10.0.0.9", "RemotePort": "443", "InitiatingProcessId": "7",
			"InitiatingProcessFileName": "a.exe", "DeviceId": "fc82c668aedfa555ab3f4d4ac9471c364b790996"})
		if name != "flat" {
			expect(t, name, rows[0], map[string]string{"Timestamp": "2024-01-02T03:04:05.2500000Z"})
		}
	}
}

// process creations of Sysmon and of the Security log, one second precision.
const (
	parentGUID = "{11111111-e3aa-62eb-0001-000000000900}" // started 2022-08-04T15:20:10Z
	childGUID  = "{11111111-e3ac-62eb-0002-000000000900}"
)

func sysmon(id int, time, rest string) string {
	return `{"EventID":` + number(int64(id)) + `,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"PC","TimeCreated":"` + time +
		`","UtcTime":"` + strings.TrimSuffix(strings.Replace(time, "T", " ", 1), "Z") + `",` + rest + `}`
}

func security(id int, time, rest string) string {
	return `{"EventID":` + number(int64(id)) + `,"Channel":"security","Hostname":"pc","TimeCreated":"` + time + `",` + rest + `}`
}

// TestJoin checks that a row knows its process, that one's parent, and the
// other log's account of them, wherever in the file they stand.
func TestJoin(t *testing.T) {
	m, rep := ingestBytes(t, Options{}, []byte(lines(
		sysmon(11, "2022-08-04T15:20:15.000Z", `"ProcessGuid":"`+childGUID+`","TargetFilename":"C:\\t.txt"`),
		security(5156, "2022-08-04T15:20:16.000Z", `"ProcessID":"4392","Application":"\\device\\harddiskvolume2\\w\\child.exe","Direction":"%%14593","DestAddress":"1.2.3.4","DestPort":"80"`),
		sysmon(1, "2022-08-04T15:20:12.500Z", `"ProcessGuid":"`+childGUID+`","ProcessId":"4392","Image":"C:\\W\\Child.exe","CommandLine":"child -x","User":"CORP\\Ann","LogonId":"0x10","TerminalSessionId":"1","IntegrityLevel":"High","Hashes":"SHA1=AA,MD5=BB,SHA256=CC,IMPHASH=DD","Company":"Co","ParentProcessGuid":"`+parentGUID+`","ParentProcessId":"100","ParentImage":"C:\\W\\Parent.exe","ParentCommandLine":"parent"`),
		security(4688, "2022-08-04T15:20:12.400Z", `"NewProcessId":"0x1128","NewProcessName":"C:\\W\\Child.exe","CommandLine":"child -x","ProcessId":"0x64","ParentProcessName":"C:\\W\\Parent.exe","TokenElevationType":"%%1937","MandatoryLabel":"S-1-16-12288","SubjectUserSid":"S-1-5-21-1-2-3-4","SubjectUserName":"Ann","SubjectDomainName":"CORP","SubjectLogonId":"0x10","TargetUserName":"-","TargetLogonId":"0x0"`),
		sysmon(5, "2022-08-04T15:20:30.000Z", `"ProcessGuid":"`+childGUID+`","ProcessId":"4392"`),
		security(4624, "2022-08-04T15:21:00.000Z", `"ProcessId":"0x1128","ProcessName":"C:\\W\\other.exe","TargetUserName":"Bob","LogonType":"3"`),
	)))
	initiating := map[string]string{
		"InitiatingProcessId": "4392", "InitiatingProcessFileName": "Child.exe", "InitiatingProcessFolderPath": `c:\w\child.exe`,
		"InitiatingProcessCommandLine": "child -x", "InitiatingProcessCreationTime": "2022-08-04T15:20:12.5000000Z",
		"InitiatingProcessSHA1": "aa", "InitiatingProcessMD5": "bb", "InitiatingProcessSHA256": "cc",
		"InitiatingProcessAccountDomain": "corp", "InitiatingProcessAccountName": "ann", "InitiatingProcessAccountSid": "S-1-5-21-1-2-3-4",
		"InitiatingProcessIntegrityLevel": "High", "InitiatingProcessTokenElevation": "TokenElevationTypeFull",
		"InitiatingProcessParentFileName": "Parent.exe", "InitiatingProcessParentId": "100",
		"InitiatingProcessParentCreationTime": "2022-08-04T15:20:10.0000000Z", "InitiatingProcessUniqueId": strings.Trim(childGUID, "{}"),
		"InitiatingProcessSessionId": "1", "InitiatingProcessVersionInfoCompanyName": "Co",
	}
	expect(t, "file", find(m, "DeviceFileEvents", "FileName", "t.txt")[0], initiating)
	expect(t, "connection", find(m, "DeviceNetworkEvents", "RemoteIP", "1.2.3.4")[0], initiating)
	created := find(m, "DeviceProcessEvents", "ProcessId", "4392")
	if len(created) != 2 {
		t.Fatalf("%d process creations\n%s", len(created), rep)
	}
	for i, r := range created {
		expect(t, "creation "+number(int64(i)), r, map[string]string{
			"SHA1": "aa", "AccountName": "ann", "AccountSid": "S-1-5-21-1-2-3-4", "ProcessTokenElevation": "TokenElevationTypeFull", "LogonId": "16",
			"ProcessIntegrityLevel": "High", "ProcessCreationTime": "2022-08-04T15:20:12.5000000Z", "InitiatingProcessFileName": "Parent.exe",
			"InitiatingProcessId": "100", "InitiatingProcessCreationTime": "2022-08-04T15:20:10.0000000Z", "InitiatingProcessCommandLine": "parent",
		})
	}
	// The PID has ended and belongs to another program by then.
	expect(t, "logon", find(m, "DeviceLogonEvents", "AccountName", "bob")[0], map[string]string{
		"InitiatingProcessFileName": "other.exe", "InitiatingProcessId": "4392", "InitiatingProcessCommandLine": "", "InitiatingProcessCreationTime": ""})
	for i, r := range m.all["DeviceFileEvents"] {
		if r["ReportId"].I != int64(i)+1 {
			t.Errorf("the first row's ReportId is %d", r["ReportId"].I)
		}
	}
}

// TestClock checks that times that look like UTC and are not become UTC: on a
// 12-hour dial, in local time without a zone, and in Sysmon's slow clock.
func TestClock(t *testing.T) {
	event := func(header, utc string) string {
		return `{"EventID":11,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"pc","TimeCreated":"` + header + `","UtcTime":"` + utc + `","TargetFilename":"C:\\f"}`
	}
	m, _ := ingestBytes(t, Options{}, []byte(lines(
		event("2023-09-05T11:59:00.000Z", "2023-09-05 18:59:00.000"), // 11:59 in the morning, seven hours behind
		event("2023-09-05T01:10:00.000Z", "2023-09-05 20:10:00.000"), // ten past one in the afternoon
		`{"EventID":4634,"Channel":"Security","Hostname":"pc","TimeCreated":"2023-09-05T11:58:00.000Z","TargetUserName":"morning"}`,
		`{"EventID":4634,"Channel":"Security","Hostname":"pc","TimeCreated":"2023-09-05T01:12:00.000Z","TargetUserName":"afternoon"}`,
		`{"EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"pc","TimeCreated":"2023-09-05T01:12:00.000Z","UtcTime":"2023-09-04 03:00:00.000","DestinationIp":"1.1.1.1"}`,
		`{"EventID":4634,"Channel":"Security","Hostname":"other","EventTime":"2023-09-05 13:12:00","@timestamp":"2023-09-05T20:14:12Z","TargetUserName":"guess"}`,
	)))
	for user, want := range map[string]string{"morning": "2023-09-05T18:58:00.0000000Z", "afternoon": "2023-09-05T20:12:00.0000000Z"} {
		expect(t, user, find(m, "DeviceEvents", "AccountName", user)[0], map[string]string{"Timestamp": want})
	}
	expect(t, "slow clock", find(m, "DeviceNetworkEvents", "RemoteIP", "1.1.1.1")[0], map[string]string{"Timestamp": "2023-09-05T20:12:00.0000000Z"})

	local := `{"EventID":4634,"Channel":"Security","Hostname":"pc","EventTime":"2023-09-05 13:12:00","@timestamp":"2023-09-05T20:14:12Z","TargetUserName":"a"}`
	m, _ = ingestBytes(t, Options{}, []byte(local))
	expect(t, "no Sysmon", find(m, "DeviceEvents", "AccountName", "a")[0], map[string]string{"Timestamp": "2023-09-05T20:12:00.0000000Z"})
	replayed := strings.Replace(local, "2023-09-05T20", "2023-10-05T20", 1)
	m, _ = ingestBytes(t, Options{}, []byte(replayed))
	expect(t, "collected later", find(m, "DeviceEvents", "AccountName", "a")[0], map[string]string{"Timestamp": "2023-09-05T13:12:00.0000000Z"})
}

// TestEscapes checks that NXLog's XML escapes are undone, unless the recording
// shows that there are none.
func TestEscapes(t *testing.T) {
	event := func(guid, cmd string) string {
		return sysmon(1, "2024-01-02T03:04:05.000Z", `"SourceModuleType":"im_msvistalog","ProcessGuid":"`+guid+`","ProcessId":"7","Image":"C:\\a.exe","CommandLine":"`+cmd+`"`)
	}
	m, _ := ingestBytes(t, Options{}, []byte(lines(event(childGUID, `a &amp;&amp; b &gt; c &amp;lt;`))))
	expect(t, "escaped", find(m, "DeviceProcessEvents", "ProcessId", "7")[0], map[string]string{"ProcessCommandLine": `a && b > c &lt;`})
	m, _ = ingestBytes(t, Options{}, []byte(lines(event(childGUID, `a &amp; b`), event(parentGUID, `x & y`))))
	expect(t, "as it is", find(m, "DeviceProcessEvents", "ProcessUniqueId", strings.Trim(childGUID, "{}"))[0], map[string]string{"ProcessCommandLine": `a &amp; b`})
}

// TestRebase moves event and process times and the times in AdditionalFields.
func TestRebase(t *testing.T) {
	text := lines(
		sysmon(11, "2022-08-04T15:20:15.000Z", `"ProcessGuid":"`+childGUID+`","ProcessId":"7","TargetFilename":"C:\\t.txt","CreationUtcTime":"2022-08-04 15:20:14.000"`),
		security(4634, "2022-08-04T16:00:00.000Z", `"TargetUserName":"ann"`))
	m, _ := ingestBytes(t, Options{Rebase: time.Date(2026, 1, 1, 1, 0, 0, 0, time.UTC)}, []byte(text))
	expect(t, "last", find(m, "DeviceEvents", "AccountName", "ann")[0], map[string]string{"Timestamp": "2026-01-01T01:00:00.0000000Z"})
	expect(t, "first", find(m, "DeviceFileEvents", "FileName", "t.txt")[0], map[string]string{
		"Timestamp": "2026-01-01T00:20:15.0000000Z", "InitiatingProcessCreationTime": "2026-01-01T00:20:12.0000000Z",
		"AdditionalFields": `{"FileCreationTime":"2026-01-01T00:20:14.0000000Z"}`})
}

// TestAccounting checks that what is not mapped is counted, and broken events
// are reported where they stand.
func TestAccounting(t *testing.T) {
	m, rep := ingestBytes(t, Options{}, []byte(lines(
		`{"EventID":99,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"pc","UtcTime":"2024-01-02 03:04:05.000"}`,
		`{"EventID":5158,"Channel":"security"}`, `{"EventID":5158,"Channel":"Security"}`,
		`{"EventID":"x","ProviderName":"Own"}`,
		`{"EventID":4624,"Channel":"Security","TimeCreated":"2024-01-02T03:04:05Z"}`,
		`{"EventID":4624,"Channel":"Security","Hostname":"pc","TimeCreated":"yesterday"}`,
		sysmon(12, "2024-01-02T03:04:05.000Z", `"TargetObject":"HKLM\\a"`),
	)))
	for name, n := range map[string]int64{"Microsoft-Windows-Sysmon/Operational 99": 1, "Security 5158": 2, "Own x": 1} {
		if rep.Unmapped[name] != n {
			t.Errorf("%s is counted %d times, want %d", name, rep.Unmapped[name], n)
		}
	}
	if rep.BrokenTotal != 2 || rep.Broken[0] != (BrokenLine{"x", 5, errNoHost.Error()}) || rep.Broken[1] != (BrokenLine{"x", 6, errNoTime.Error()}) {
		t.Errorf("%+v", rep.Broken)
	}
	if rep.Assumed[assumedCreate] != 1 || m.rows["DeviceRegistryEvents"] != 1 || rep.Records != 7 {
		t.Errorf("%s", rep)
	}
}

// TestBoundedNames checks that hostile names do not fill the report.
func TestBoundedNames(t *testing.T) {
	var b strings.Builder
	for i := range 3 * maxNames {
		b.WriteString(`{"EventID":` + number(int64(i)) + `,"Channel":"Own"}` + "\n" + "{\n")
	}
	_, rep := ingestBytes(t, Options{}, []byte("{}\n"+b.String()))
	if len(rep.Unmapped) != maxNames+1 || rep.Unmapped[Other] != 2*maxNames || len(rep.Broken) != maxListed || rep.BrokenTotal != 3*maxNames+1 {
		t.Errorf("%d names, %d others, %d lines, %d broken", len(rep.Unmapped), rep.Unmapped[Other], len(rep.Broken), rep.BrokenTotal)
	}
}

// FuzzWindows throws lines at the ingest, see fuzzIngest.
func FuzzWindows(f *testing.F) {
	for _, s := range shapes {
		f.Add([]byte(s))
	}
	for _, k := range kinds() {
		f.Add([]byte(`{"EventID":` + number(k.id) + `,"Channel":"` + channels[k.origin] + `","Hostname":"p","TimeCreated":"2024-01-02T03:04:05Z","UtcTime":"2024-01-02 03:04:05.1","ProcessGuid":"` +
			childGUID + `","ProcessId":"7","User":"A\\b","TargetObject":"HKLM\\a\\b","Details":"QWORD (0x1-0x2)","EventType":"DeleteValue","ContextInfo":"a = b","ServiceFileName":"a.exe b"}`))
	}
	f.Fuzz(fuzzIngest)
}
