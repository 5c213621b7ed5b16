package ingest

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func needTelemetry(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(telemetry); err != nil {
		t.Skip("SKIPPED: ../shared/telemetry, the recorded attacks, is absent: ", err)
	}
}

// TestTelemetry ingests all recorded attacks, twice: nothing breaks, every
// record is accounted for, no event of a mapped kind is left over, and the
// second run changes nothing.
func TestTelemetry(t *testing.T) {
	needTelemetry(t)
	if testing.Short() {
		t.Skip("SKIPPED: the 39 archives take some seconds")
	}
	archives, err := filepath.Glob(telemetry + "/*.*z*")
	if err != nil || len(archives) != 39 {
		t.Fatalf("%d archives, want 39: %v", len(archives), err)
	}
	sink := newMemory(false)
	start := time.Now()
	rep, err := Files(context.Background(), Options{Catalog: builtin1(t)}, sink, archives...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.0f records a second, both passes and unpacking\n%s", float64(rep.Records)/time.Since(start).Seconds(), rep)
	want := map[string]int64{
		"DeviceEvents": 223737, "DeviceRegistryEvents": 73120, "DeviceImageLoadEvents": 62213, "DeviceFileEvents": 7924,
		"DeviceNetworkEvents": 7518, "DeviceProcessEvents": 1514, "DeviceLogonEvents": 369,
	}
	if !maps.Equal(sink.rows, want) || !maps.Equal(map[string]int64(rep.Rows), want) {
		t.Errorf("rows %v, want %v", sink.rows, want)
	}
	if rep.Files != 39 || rep.BrokenTotal != 0 || rep.ProblemsAll != 0 {
		t.Errorf("%d files, %d broken records, %d problems", rep.Files, rep.BrokenTotal, rep.ProblemsAll)
	}
	if sum := rep.Rows.Total() + rep.Present.Total() + rep.Unmapped.Total(); sum != rep.Records {
		t.Errorf("%d records, %d accounted for", rep.Records, sum)
	}
	// Two of the archives hold the same recording.
	if rep.BatchesPresent != 1 {
		t.Errorf("%d batches were present, want that of the recording that comes twice", rep.BatchesPresent)
	}
	for _, k := range kinds() {
		name := channels[k.origin] + " " + number(k.id)
		if n := rep.Unmapped[name]; n != 0 {
			t.Errorf("%d events %s are left over", n, name)
		}
	}
	before := maps.Clone(sink.rows)
	again, err := Files(context.Background(), Options{Catalog: builtin1(t)}, sink, archives...)
	if err != nil || !maps.Equal(sink.rows, before) || again.Batches != 0 || again.Records != rep.Records ||
		again.BatchesPresent != rep.Batches+rep.BatchesPresent {
		t.Errorf("the second run: %v, %d batches written\n%v", err, again.Batches, sink.rows)
	}
}

// rawLines reads lines of the one member of a zip.
func rawLines(t *testing.T, path string, numbers ...int) map[int]map[string]any {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	r, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]map[string]any{}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<24)
	for n := 1; sc.Scan(); n++ {
		if slices.Contains(numbers, n) {
			var raw map[string]any
			if err := json.Unmarshal(sc.Bytes(), &raw); err != nil {
				t.Fatal(err)
			}
			out[n] = raw
		}
	}
	return out
}

// asRaw stands for "what the raw record says in the field of this name".
const asRaw = "raw:"

// TestRecording holds rows of one recording (a notepad started and injected
// into by way of wuauclt) against the raw records: every column of them.
func TestRecording(t *testing.T) {
	needTelemetry(t)
	path := telemetry + "/defense_evasion__covenant_lolbin_wuauclt_createremotethread.zip"
	m, rep := ingestPaths(t, Options{}, path)
	if rep.Records != 1326 || rep.BrokenTotal != 0 {
		t.Fatalf("%s", rep)
	}
	const workstation5 = "workstation5.theshire.local"
	raw := rawLines(t, path, 104, 20, 594, 614, 860)
	wuauclt := map[string]string{ // as line 594 tells, and 4688's token type
		"FileName": "wuauclt.exe", "FolderPath": `C:\Windows\System32\wuauclt.exe`, "SHA1": "2f40f94e713bc7d5759b15a15a2877014e27c05c",
		"MD5": "66a49af6fa9ebc17acf17313d0de25e1", "SHA256": "a039511a553f9da172468d4a0eb4552212a88ab9f0d0ee18cfee7ddf2e2a9a2c",
		"Id": "6208", "CommandLine": asRaw + "CommandLine", "CreationTime": "2020-10-12T22:34:38.1570000Z",
	}
	notepad := map[string]string{ // as line 610 tells
		"InitiatingProcessFileName": "notepad.exe", "InitiatingProcessFolderPath": `c:\windows\system32\notepad.exe`,
		"InitiatingProcessCommandLine": `c:\windows\system32\notepad.exe`, "InitiatingProcessId": "2368",
		"InitiatingProcessCreationTime": "2020-10-12T22:34:38.1760000Z", "InitiatingProcessSHA1": "c401cd335ba6a3bdaf8799fdc09cdc0721f06015",
		"InitiatingProcessMD5":                         "06e6c0482562459adb462ca9008262f8",
		"InitiatingProcessSHA256":                      "e5d90beeb6f13f4613c3153dabbd1466f4a062b7252d931f37210907a7f914f7",
		"InitiatingProcessVersionInfoCompanyName":      "Microsoft Corporation",
		"InitiatingProcessVersionInfoProductName":      "Microsoft® Windows® Operating System",
		"InitiatingProcessVersionInfoProductVersion":   "10.0.18362.693 (WinBuild.160101.0800)",
		"InitiatingProcessVersionInfoOriginalFileName": "NOTEPAD.EXE", "InitiatingProcessVersionInfoFileDescription": "Notepad",
		"InitiatingProcessIntegrityLevel": "High", "InitiatingProcessTokenElevation": "TokenElevationTypeFull",
		"InitiatingProcessAccountDomain": "theshire", "InitiatingProcessAccountName": "pgustavo",
		"InitiatingProcessAccountSid": "S-1-5-21-4107722679-1012484280-3777968168-1104", "InitiatingProcessSessionId": "2",
		"InitiatingProcessUniqueId": "71b87c12-d9fe-5f84-1a01-000000000500", "InitiatingProcessParentFileName": "wuauclt.exe",
		"InitiatingProcessParentId": "6208", "InitiatingProcessParentCreationTime": "2020-10-12T22:34:38.1570000Z",
	}
	for _, x := range []struct {
		name, table string
		line        int
		key, value  string // which row
		action      string
		want        map[string]string
	}{
		{"process", "DeviceProcessEvents", 594, "Timestamp", "2020-10-12T22:34:38.1570000Z", "ProcessCreated", map[string]string{
			"DeviceName": workstation5, "FileName": wuauclt["FileName"], "FolderPath": asRaw + "Image", "SHA1": wuauclt["SHA1"],
			"SHA256": wuauclt["SHA256"], "MD5": wuauclt["MD5"], "ProcessId": asRaw + "ProcessId", "ProcessCommandLine": asRaw + "CommandLine",
			"ProcessIntegrityLevel": asRaw + "IntegrityLevel", "ProcessTokenElevation": "TokenElevationTypeFull",
			"ProcessCreationTime": wuauclt["CreationTime"], "AccountDomain": "theshire", "AccountName": "pgustavo",
			"AccountSid": "S-1-5-21-4107722679-1012484280-3777968168-1104", "LogonId": "1457446", "CreatedProcessSessionId": asRaw + "TerminalSessionId",
			"ProcessUniqueId": "71b87c12-d9fe-5f84-1901-000000000500", "ProcessVersionInfoCompanyName": asRaw + "Company",
			"ProcessVersionInfoProductName": asRaw + "Product", "ProcessVersionInfoProductVersion": asRaw + "FileVersion",
			"ProcessVersionInfoOriginalFileName": asRaw + "OriginalFileName", "ProcessVersionInfoFileDescription": asRaw + "Description",
			"InitiatingProcessFileName": "cmd.exe", "InitiatingProcessFolderPath": `c:\windows\system32\cmd.exe`,
			"InitiatingProcessCommandLine": asRaw + "ParentCommandLine", "InitiatingProcessId": asRaw + "ParentProcessId",
			"InitiatingProcessCreationTime": "2020-10-12T22:34:38.1010000Z", "InitiatingProcessSHA1": "8dca9749cd48d286950e7a9fa1088c937cbccad4",
			"InitiatingProcessMD5":                         "d7ab69fad18d4a643d84a271dfc0dbdf",
			"InitiatingProcessSHA256":                      "ff79d3c4a0b7eb191783c323ab8363ebd1fd10be58d8bcc96b07067743ca81d5",
			"InitiatingProcessVersionInfoCompanyName":      "Microsoft Corporation",
			"InitiatingProcessVersionInfoProductName":      "Microsoft® Windows® Operating System",
			"InitiatingProcessVersionInfoProductVersion":   "10.0.18362.449 (WinBuild.160101.0800)",
			"InitiatingProcessVersionInfoOriginalFileName": "Cmd.Exe", "InitiatingProcessVersionInfoFileDescription": "Windows Command Processor",
			"InitiatingProcessIntegrityLevel": "High", "InitiatingProcessTokenElevation": "TokenElevationTypeFull",
			"InitiatingProcessAccountDomain": "theshire", "InitiatingProcessAccountName": "pgustavo",
			"InitiatingProcessAccountSid": "S-1-5-21-4107722679-1012484280-3777968168-1104", "InitiatingProcessLogonId": "1457446",
			"InitiatingProcessSessionId": "2", "InitiatingProcessUniqueId": "71b87c12-d9fe-5f84-1701-000000000500",
			"InitiatingProcessParentFileName": "GruntHTTP.exe", "InitiatingProcessParentId": "3356",
			"InitiatingProcessParentCreationTime": "2020-10-12T22:25:41.0000000Z", // from the parent's GUID
			"AdditionalFields":                    `{"CurrentDirectory":"C:\\Users\\pgustavo\\Desktop\\","ImpHash":"be9b473c189ddacb39d5dee749a544e5"}`,
		}},
		{"network", "DeviceNetworkEvents", 860, "Timestamp", "2020-10-12T22:34:38.6130000Z", "ConnectionSuccess", with(notepad, map[string]string{
			"DeviceName": workstation5, "RemoteIP": asRaw + "DestinationIp", "RemotePort": asRaw + "DestinationPort", "RemoteIPType": "Private",
			"LocalIP": asRaw + "SourceIp", "LocalPort": asRaw + "SourcePort", "LocalIPType": "Private", "Protocol": "Tcp",
		})},
		{"registry", "DeviceRegistryEvents", 104, "RegistryValueName", "Config Source", "RegistryValueSet", map[string]string{
			"DeviceName": "mordordc.theshire.local", "Timestamp": "2020-10-12T22:33:13.3660000Z",
			"RegistryKey":       `HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\DFSR\Parameters\Replication Groups\97D9634C-611C-418C-B807-83070FC7A0CA`,
			"RegistryValueName": "Config Source", "RegistryValueType": "Dword", "RegistryValueData": "1",
			"InitiatingProcessFileName": "DFSRs.exe", "InitiatingProcessFolderPath": `c:\windows\system32\dfsrs.exe`,
			"InitiatingProcessId": asRaw + "ProcessId", "InitiatingProcessCreationTime": "2020-10-12T20:42:25.0000000Z",
			"InitiatingProcessUniqueId": "029f9482-bfb1-5f84-5100-000000000400",
			// The registry event names no user; other events of the process do.
			"InitiatingProcessAccountDomain": "nt authority", "InitiatingProcessAccountName": "system", "InitiatingProcessAccountSid": "S-1-5-18",
		}},
		{"logon", "DeviceLogonEvents", 20, "LogonId", "5821920", "LogonSuccess", map[string]string{
			"DeviceName": "mordordc.theshire.local", "Timestamp": "2020-10-12T22:32:50.0000000Z", "LogonType": "Network",
			"AccountDomain": "theshire.local", "AccountName": "mordordc$", "AccountSid": asRaw + "TargetUserSid",
			"Protocol": asRaw + "AuthenticationPackageName", "RemoteIP": asRaw + "IpAddress", "RemoteIPType": "Loopback",
			"RemotePort": asRaw + "IpPort", "AdditionalFields": `{"LogonProcessName":"Kerberos","ElevatedToken":true,"SubjectLogonId":"0x0"}`,
		}},
		{"thread", "DeviceEvents", 614, "Timestamp", "2020-10-12T22:34:38.1690000Z", "CreateRemoteThreadApiCall", nil},
	} {
		rows := slices.DeleteFunc(find(m, x.table, x.key, x.value), func(r map[string]string) bool { return r["ActionType"] != x.action })
		if len(rows) != 1 {
			t.Errorf("%s: %d rows", x.name, len(rows))
			continue
		}
		row := rows[0]
		if x.name == "thread" {
			expect(t, x.name, row, map[string]string{"FileName": "notepad.exe", "ProcessId": "2368", "ProcessCommandLine": `c:\windows\system32\notepad.exe`,
				"InitiatingProcessFileName": wuauclt["FileName"], "InitiatingProcessId": "6208", "InitiatingProcessParentFileName": "cmd.exe",
				"AdditionalFields": `{"NewThreadId":"6932","StartAddress":"0x000001E811820000"}`})
			continue
		}
		if n := row["ReportId"]; n == "" || len(row["DeviceId"]) != 40 {
			t.Errorf("%s: ReportId %q, DeviceId %q", x.name, n, row["DeviceId"])
		}
		for _, c := range []string{"ReportId", "DeviceId", "ActionType", x.key} {
			if _, wanted := x.want[c]; !wanted {
				delete(row, c)
			}
		}
		for c, want := range x.want {
			if field, ok := strings.CutPrefix(want, asRaw); ok {
				want, _ = raw[x.line][field].(string)
				if want == "" {
					t.Errorf("%s: the raw record has no %s", x.name, field)
				}
			}
			if row[c] != want {
				t.Errorf("%s: %s = %q, want %q", x.name, c, row[c], want)
			}
			delete(row, c)
		}
		for c, v := range row {
			t.Errorf("%s: %s = %q was not expected", x.name, c, v)
		}
	}
}

// with joins two sets of expectations.
func with(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
