package ingest

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite the table in docs/ingest.md")

// TestActionTypes holds the mapping to documented values and tables.
func TestActionTypes(t *testing.T) {
	cat := builtin1(t)
	seen := map[kindKey]bool{}
	for _, k := range kinds() {
		key := kindKey{k.origin, k.id}
		if seen[key] {
			t.Errorf("event %v is mapped twice", key)
		}
		seen[key] = true
		if k.note == "" || len(k.actions) == 0 {
			t.Errorf("event %v has no note or no ActionType", key)
		}
		for _, a := range k.actions {
			if !slices.Contains(cat.ActionTypes(tableNames[k.table]), a) {
				t.Errorf("event %v: %s is no known ActionType of %s", key, a, tableNames[k.table])
			}
		}
	}
}

var originNames = map[origin]string{
	fromSysmon: "Sysmon", fromSecurity: "Security", fromSystem: "System", fromPowerShell: "PowerShell",
}

// TestDocs checks the table of mappings in docs/ingest.md; -update writes it.
func TestDocs(t *testing.T) {
	const file, from, to = "../../docs/ingest.md", "<!-- kinds: generated -->\n", "<!-- end of kinds -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), from)
	_, after, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("%s has no %s… %s", file, from, to)
	}
	var b strings.Builder
	b.WriteString(before + from + "| Event | Table | ActionType | Notes |\n|---|---|---|---|\n")
	for _, k := range kinds() {
		fmt.Fprintf(&b, "| %s %d | %s | %s | %s |\n", originNames[k.origin], k.id, tableNames[k.table],
			strings.Join(k.actions, ", "), k.note)
	}
	b.WriteString(to + after)
	if b.String() == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date: go test ./internal/ingest -run TestDocs -update", file)
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

var channels = map[origin]string{
	fromSysmon: "Microsoft-Windows-Sysmon/Operational", fromSecurity: "Security", fromSystem: "System",
	fromPowerShell: "Microsoft-Windows-PowerShell/Operational",
}

// TestBareEvents maps an event of every kind that says nothing but what it is:
// one row in the right table, with a documented ActionType.
func TestBareEvents(t *testing.T) {
	for _, k := range kinds() {
		line := fmt.Sprintf(`{"EventID":%d,"Channel":%q,"Hostname":"PC","TimeCreated":"2024-01-02T03:04:05Z"}`, k.id, channels[k.origin])
		m, rep := ingestText(t, Options{}, map[string]string{"a.json": line})
		rows := m.all[tableNames[k.table]]
		if len(rows) != 1 || rep.Rows.Total() != 1 || rep.BrokenTotal != 0 {
			t.Errorf("%s: %s", line, rep)
			continue
		}
		r := rows[0]
		if !slices.Contains(k.actions, r["ActionType"].S) || r["DeviceName"].S != "pc" || r["ReportId"].I != 1 ||
			formatTime(r["Timestamp"].I) != "2024-01-02T03:04:05.0000000Z" || len(r["DeviceId"].S) != 40 {
			t.Errorf("%s: %v", line, r)
		}
		checkText(t, m)
	}
}

// checkText checks that all texts are UTF-8 and AdditionalFields is JSON.
func checkText(t *testing.T, m *memory) {
	t.Helper()
	for table, rows := range m.all {
		for _, r := range rows {
			for c, v := range r {
				if !utf8.ValidString(v.S) {
					t.Errorf("%s.%s: %q is no UTF-8", table, c, v.S)
				}
			}
			if a := r["AdditionalFields"].S; a != "" && !json.Valid([]byte(a)) {
				t.Errorf("%s.AdditionalFields: %q is no JSON", table, a)
			}
		}
	}
}

// one maps a single event, given as members without the header, and returns
// its row.
func oneRow(t *testing.T, o origin, id int, members string) map[string]string {
	t.Helper()
	line := fmt.Sprintf(`{"EventID":%d,"Channel":%q,"Hostname":"PC.corp","TimeCreated":"2024-01-02T03:04:05Z",%s}`, id, channels[o], members)
	m, rep := ingestText(t, Options{}, map[string]string{"a.json": line})
	if rep.Rows.Total() != 1 {
		t.Fatalf("%s\n%s", line, rep)
	}
	checkText(t, m)
	out := map[string]string{}
	for table, rows := range m.all {
		out["table"] = table
		for c, v := range rows[0] {
			out[c] = valueText(v)
		}
	}
	return out
}

// TestMapping maps single events and looks at the columns that matter.
func TestMapping(t *testing.T) {
	for _, x := range []struct {
		name    string
		origin  origin
		id      int
		members string
		want    map[string]string
	}{
		{"driver", fromSysmon, 6, `"ImageLoaded":"C:\\Windows\\d.sys","Hashes":"SHA1=AB,MD5=CD,SHA256=EF,IMPHASH=01","Signed":"true"`,
			map[string]string{"ActionType": "DriverLoad", "FileName": "d.sys", "FolderPath": `C:\Windows\d.sys`, "SHA1": "ab", "MD5": "cd", "SHA256": "ef",
				"AdditionalFields": `{"Signed":"true","ImpHash":"01"}`}},
		{"inbound", fromSysmon, 3, `"Initiated":"false","Protocol":"udp","SourceIp":"10.0.0.1","SourcePort":53,"DestinationIp":"0:0:0:0:0:0:0:1","DestinationPort":"70000","Image":"C:\\a\\B.exe","User":"CORP\\Ann","ProcessId":"7"`,
			map[string]string{"ActionType": "InboundConnectionAccepted", "RemoteIP": "10.0.0.1", "RemotePort": "53", "RemoteIPType": "Private",
				"LocalIP": "::1", "LocalIPType": "Loopback", "LocalPort": "", "Protocol": "Udp", "InitiatingProcessFileName": "B.exe",
				"InitiatingProcessFolderPath": `c:\a\b.exe`, "InitiatingProcessAccountDomain": "corp", "InitiatingProcessAccountName": "ann", "InitiatingProcessId": "7"}},
		{"delete value", fromSysmon, 12, `"EventType":"DeleteValue","TargetObject":"HKU\\S-1-5-21-1-2-3-4\\Software\\Run\\x"`,
			map[string]string{"ActionType": "RegistryValueDeleted", "RegistryKey": `HKEY_CURRENT_USER\S-1-5-21-1-2-3-4\Software\Run`, "RegistryValueName": "x",
				"PreviousRegistryKey": `HKEY_CURRENT_USER\S-1-5-21-1-2-3-4\Software\Run`}},
		{"delete key, type in the message", fromSysmon, 12, `"EventType":"INFO","Message":"Registry object added or deleted:\r\nRuleName: -\r\nEventType: DeleteKey\r\nUtcTime: x","TargetObject":"HKCR\\.x"`,
			map[string]string{"ActionType": "RegistryKeyDeleted", "RegistryKey": `HKEY_LOCAL_MACHINE\SOFTWARE\Classes\.x`}},
		{"qword", fromSysmon, 13, `"TargetObject":"HKLM\\System\\A\\b","Details":"QWORD (0x00000001-0x00000002)"`,
			map[string]string{"RegistryKey": `HKEY_LOCAL_MACHINE\System\A`, "RegistryValueName": "b", "RegistryValueType": "Qword", "RegistryValueData": "4294967298"}},
		{"value name with a device path", fromSysmon, 13, `"TargetObject":"HKLM\\bam\\S-1-5-18\\\\Device\\HarddiskVolume2\\a.exe","Details":"Binary Data"`,
			map[string]string{"RegistryKey": `HKEY_LOCAL_MACHINE\bam\S-1-5-18`, "RegistryValueName": `\Device\HarddiskVolume2\a.exe`, "RegistryValueType": "Binary", "RegistryValueData": ""}},
		{"value name with a drive", fromSysmon, 13, `"TargetObject":"HKLM\\Store\\C:\\a b\\c.exe","Details":"DWORD (0xffffffff)"`,
			map[string]string{"RegistryKey": `HKEY_LOCAL_MACHINE\Store`, "RegistryValueName": `C:\a b\c.exe`, "RegistryValueType": "Dword", "RegistryValueData": "4294967295"}},
		{"rename", fromSysmon, 14, `"TargetObject":"HKLM\\a.bak","NewName":"HKLM\\a"`,
			map[string]string{"ActionType": "RegistryKeyRenamed", "RegistryKey": `HKEY_LOCAL_MACHINE\a`, "PreviousRegistryKey": `HKEY_LOCAL_MACHINE\a.bak`}},
		{"mark of the web", fromSysmon, 15, `"TargetFilename":"C:\\d\\a.zip:Zone.Identifier","Hash":"SHA1=AA","Contents":"[ZoneTransfer]  ZoneId=3  ReferrerUrl=https://r.example/  HostUrl=https://h.example/a.zip?x=1"`,
			map[string]string{"FileName": "a.zip:Zone.Identifier", "SHA1": "aa", "FileOriginUrl": "https://h.example/a.zip?x=1", "FileOriginReferrerUrl": "https://r.example/"}},
		{"wmi", fromSysmon, 21, `"User":"CORP\\Ann","Consumer":"\"c\"","Filter":"\"f\"","Operation":"Created"`,
			map[string]string{"ActionType": "WmiBindEventFilterToConsumer", "AccountName": "ann", "AdditionalFields": `{"Operation":"Created","Consumer":"\"c\"","Filter":"\"f\""}`}},
		{"dns", fromSysmon, 22, `"QueryName":"a.example","QueryStatus":"0","QueryResults":"type:  5 b.example;::ffff:1.2.3.4;2001:db8::1;type: x;"`,
			map[string]string{"AdditionalFields": `{"DnsQueryString":"a.example","DnsQueryResult":[{"DnsQueryType":5,"Result":"b.example"},{"DnsQueryType":1,"Result":"1.2.3.4"},{"DnsQueryType":28,"Result":"2001:db8::1"}],"DnsQueryStatus":"0"}`}},
		{"anonymous pipe", fromSysmon, 17, `"PipeName":"<Anonymous Pipe>"`,
			map[string]string{"AdditionalFields": `{"FileOperation":"File created","NamedPipeEnd":"Server","PipeName":"<Anonymous Pipe>"}`}},
		{"failed logon", fromSecurity, 4625, `"TargetUserName":"Ann","TargetDomainName":"CORP","TargetUserSid":"S-1-0-0","LogonType":"10","Status":"0xC000006D","SubStatus":"0xC000006A","IpAddress":"203.0.113.9","IpPort":"0","WorkstationName":"WS1","AuthenticationPackageName":"NTLM","SubjectUserSid":"S-1-5-18","SubjectUserName":"PC$","SubjectDomainName":"CORP"`,
			map[string]string{"ActionType": "LogonFailed", "AccountName": "ann", "AccountDomain": "corp", "AccountSid": "", "LogonType": "RemoteInteractive",
				"FailureReason": "InvalidUserNameOrPassword", "RemoteIP": "203.0.113.9", "RemoteIPType": "Reserved", "RemotePort": "", "RemoteDeviceName": "ws1",
				"Protocol": "Ntlm", "InitiatingProcessAccountName": "system", "InitiatingProcessAccountDomain": "nt authority", "InitiatingProcessAccountSid": "S-1-5-18"}},
		{"unknown failure", fromSecurity, 4625, `"Status":"0xC000010B","SubStatus":"0x0","LogonType":99`,
			map[string]string{"FailureReason": "0xc000010b", "LogonType": "99"}},
		{"group member", fromSecurity, 4732, `"MemberSid":"S-1-5-21-1-2-3-9","MemberName":"-","TargetUserName":"Administrators","TargetDomainName":"Builtin","TargetSid":"S-1-5-32-544","SubjectUserName":"Ann","SubjectDomainName":"CORP","SubjectUserSid":"S-1-5-21-1-2-3-4","SubjectLogonId":"0x10"`,
			map[string]string{"ActionType": "UserAccountAddedToLocalGroup", "AccountSid": "S-1-5-21-1-2-3-9", "InitiatingProcessAccountName": "ann", "InitiatingProcessLogonId": "16",
				"AdditionalFields": `{"GroupName":"Administrators","GroupDomainName":"Builtin","GroupSid":"S-1-5-32-544"}`}},
		{"registry value of the Security log", fromSecurity, 4657, `"ObjectName":"\\REGISTRY\\MACHINE\\SYSTEM\\X","ObjectValueName":"Start","OldValue":"2","NewValue":"4","NewValueType":"%%1876","OperationType":"%%1905","ProcessId":"0xa5c","ProcessName":"C:\\Windows\\System32\\reg.exe"`,
			map[string]string{"ActionType": "RegistryValueSet", "RegistryKey": `HKEY_LOCAL_MACHINE\SYSTEM\X`, "RegistryValueName": "Start", "RegistryValueType": "Dword",
				"RegistryValueData": "4", "PreviousRegistryValueData": "2", "InitiatingProcessId": "2652", "InitiatingProcessFileName": "reg.exe"}},
		{"service", fromSystem, 7045, `"ServiceName":"s","ImagePath":"\"C:\\Program Files\\a b.exe\" -x","ServiceType":"user mode service","StartType":"auto start","AccountName":"LocalSystem"`,
			map[string]string{"ActionType": "ServiceInstalled", "FileName": "a b.exe", "FolderPath": `C:\Program Files\a b.exe`, "ProcessCommandLine": `"C:\Program Files\a b.exe" -x`,
				"AdditionalFields": `{"ServiceName":"s","ServiceAccount":"LocalSystem","ServiceStartType":"auto start","ServiceType":"user mode service"}`}},
		{"share", fromSecurity, 5145, `"ShareName":"\\\\*\\C$","ShareLocalPath":"\\??\\C:\\","RelativeTargetName":"Windows\\a.exe","IpAddress":"::ffff:10.0.0.9","IpPort":"50000","SubjectUserName":"Ann","SubjectDomainName":"CORP","SubjectUserSid":"S-1-5-21-1-2-3-4","SubjectLogonId":"0xff"`,
			map[string]string{"ActionType": "NetworkShareObjectAccessChecked", "FileName": "a.exe", "FolderPath": `C:\Windows\a.exe`, "RemoteIP": "::ffff:10.0.0.9", "RemotePort": "50000", "AccountName": "ann", "LogonId": "255"}},
		{"blocked", fromSecurity, 5157, `"Direction":"%%14593","SourceAddress":"10.0.0.2","SourcePort":"5","DestAddress":"8.8.8.8","DestPort":"53","Protocol":"17","Application":"\\device\\harddiskvolume2\\a.exe","ProcessId":"4"`,
			map[string]string{"table": "DeviceEvents", "ActionType": "FirewallOutboundConnectionBlocked", "RemoteIP": "8.8.8.8", "RemotePort": "53", "LocalIP": "10.0.0.2", "AdditionalFields": `{"Protocol":"Udp"}`}},
		{"powershell", fromPowerShell, 4103, `"ContextInfo":"  Severity = Informational\r\n  Host Application = C:\\W\\powershell.exe -nop\r\n  Command Name = Get-Date\r\n  User = CORP\\Ann\r\n","Payload":"CommandInvocation(Get-Date): \"Get-Date\"","ExecutionProcessID":77`,
			map[string]string{"ActionType": "PowerShellCommand", "InitiatingProcessFileName": "powershell.exe", "InitiatingProcessCommandLine": `C:\W\powershell.exe -nop`,
				"InitiatingProcessAccountName": "ann", "InitiatingProcessId": "77", "AdditionalFields": `{"Command":"Get-Date","Payload":"CommandInvocation(Get-Date): \"Get-Date\""}`}},
		{"script in two parts", fromPowerShell, 4104, `"ScriptBlockText":"a","MessageNumber":"2","MessageTotal":"2","ScriptBlockId":"i","Path":"C:\\s.ps1"`,
			map[string]string{"FileName": "s.ps1", "AdditionalFields": `{"Command":"a","ScriptBlockId":"i","MessageTotal":2,"MessageNumber":2,"ScriptName":"C:\\s.ps1"}`}},
	} {
		t.Run(x.name, func(t *testing.T) {
			got := oneRow(t, x.origin, x.id, x.members)
			for c, want := range x.want {
				if got[c] != want {
					t.Errorf("%s = %q, want %q", c, got[c], want)
				}
			}
		})
	}
}

func TestPrograms(t *testing.T) {
	for in, want := range map[string]string{
		"": "", `"C:\a b\c.exe" x`: `C:\a b\c.exe`, `C:\Program Files\a.exe -k x`: `C:\Program Files\a.exe`, `C:\a.exe`: `C:\a.exe`,
		`rundll32.exe x.dll,a`: "rundll32.exe", `\??\C:\a.SYS`: `\??\C:\a.SYS`, `%COMSPEC% /c x`: "%COMSPEC%", `a.exex b.dll`: "a.exex b.dll",
	} {
		if got := program(in); got != want {
			t.Errorf("program(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestIPTypes(t *testing.T) {
	for in, want := range map[string]string{
		"8.8.8.8": "Public", "2600::1": "Public", "10.1.2.3": "Private", "192.168.0.1": "Private", "169.254.1.1": "Private", "fe80::1%5": "Private",
		"fd00::1": "Private", "127.0.0.1": "Loopback", "::1": "Loopback", "::ffff:8.8.8.8": "FourToSixMapping", "2001:0:1::1": "Teredo",
		"255.255.255.255": "Broadcast", "224.0.0.1": "Reserved", "ff02::1": "Reserved", "0.0.0.0": "Reserved", "x": "", "": "",
	} {
		if _, got := address(in); got != want {
			t.Errorf("%s is %q, want %q", in, got, want)
		}
	}
}
