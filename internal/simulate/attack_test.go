package simulate

import (
	"strings"
	"testing"
	"time"
)

// has is KQL's contains, on a column.
func (r record) contains(column, text string) bool {
	return strings.Contains(strings.ToLower(r.text(column)), strings.ToLower(text))
}

func (r record) is(column, text string) bool { return strings.EqualFold(r.text(column), text) }

// stage is what somebody who hunts for an attack looks for.
type stage struct {
	attack, table string
	rows          int // at least
	is            func(record) bool
}

var stages = []stage{
	{"phishing: the query of the API's own example", "DeviceProcessEvents", 1, func(r record) bool {
		return r.is("InitiatingProcessFileName", "powershell.exe") && r.contains("ProcessCommandLine", "appdata")
	}},
	{"phishing: the document", "DeviceFileEvents", 1, func(r record) bool {
		return r.is("InitiatingProcessFileName", "OUTLOOK.EXE") && r.contains("FileName", ".docm")
	}},
	{"phishing: Word starts PowerShell", "DeviceProcessEvents", 1, func(r record) bool {
		return r.is("InitiatingProcessFileName", "WINWORD.EXE") && r.is("FileName", "powershell.exe") &&
			r.contains("ProcessCommandLine", " -enc SQBFAFgA") && r.is("InitiatingProcessParentFileName", "OUTLOOK.EXE")
	}},
	{"phishing: download", "DeviceFileEvents", 1, func(r record) bool {
		return r.is("FileName", "updhelper.exe") && r.contains("FolderPath", `\AppData\Roaming\`) && r.contains("FileOriginUrl", lureSite)
	}},
	{"phishing: reports home", "DeviceNetworkEvents", 60, func(r record) bool {
		return r.is("RemoteUrl", beaconSite) && r.is("InitiatingProcessFileName", "updhelper.exe")
	}},
	{"phishing: looks around", "DeviceProcessEvents", 1, func(r record) bool {
		return r.contains("ProcessCommandLine", "domain admins") && r.is("InitiatingProcessFileName", "cmd.exe")
	}},
	{"credentials: ProcDump", "DeviceProcessEvents", 1, func(r record) bool {
		return r.is("FileName", "procdump64.exe") && r.contains("ProcessCommandLine", "-ma lsass") && r.is("ProcessIntegrityLevel", "High")
	}},
	{"credentials: comsvcs", "DeviceProcessEvents", 1, func(r record) bool {
		return r.is("FileName", "rundll32.exe") && r.contains("ProcessCommandLine", "comsvcs.dll, MiniDump")
	}},
	{"credentials: memory is read", "DeviceEvents", 2, func(r record) bool {
		return r.is("FileName", "lsass.exe") && r.is("ActionType", "OpenProcessApiCall") && r.contains("AdditionalFields", "2097151")
	}},
	{"credentials: dump", "DeviceFileEvents", 1, func(r record) bool {
		return r.is("FolderPath", `C:\Windows\Temp\ls.dmp`) && r.num("FileSize") > 1<<25
	}},
	{"lateral: service on the file server", "DeviceProcessEvents", 1, func(r record) bool {
		return r.is("FileName", "PSEXESVC.exe") && r.is("InitiatingProcessFileName", "services.exe") && r.contains("DeviceName", "fs01")
	}},
	{"lateral: written over SMB", "DeviceFileEvents", 1, func(r record) bool {
		return r.is("FileName", "PSEXESVC.exe") && r.is("RequestProtocol", "SMB") && r.text("RequestSourceIP") != "" && r.is("RequestAccountName", "adm01")
	}},
	{"lateral: the service is installed", "DeviceEvents", 1, func(r record) bool {
		return r.is("ActionType", "ServiceInstalled") && r.contains("AdditionalFields", "PSEXESVC")
	}},
	{"lateral: WMI starts cmd.exe", "DeviceProcessEvents", 3, func(r record) bool {
		return r.is("InitiatingProcessFileName", "WmiPrvSE.exe") && r.contains("ProcessCommandLine", `\\127.0.0.1\ADMIN$\__`)
	}},
	{"persistence: task", "DeviceEvents", 1, func(r record) bool {
		return r.is("ActionType", "ScheduledTaskCreated") && r.contains("AdditionalFields", "HealthCheck Updater")
	}},
	{"persistence: Run key", "DeviceRegistryEvents", 1, func(r record) bool {
		return strings.HasSuffix(r.text("RegistryKey"), `\CurrentVersion\Run`) && r.contains("RegistryValueData", "ProgramData")
	}},
	{"persistence: started by the task", "DeviceProcessEvents", 4, func(r record) bool {
		return r.is("FileName", "hltsvc.exe") && r.contains("InitiatingProcessCommandLine", "-s Schedule")
	}},
	{"exfiltration: failures", "DeviceLogonEvents", 150, func(r record) bool {
		return r.is("ActionType", "LogonFailed") && r.is("RemoteIP", intruderIP) && r.is("RemoteIPType", "Public")
	}},
	{"exfiltration: success", "DeviceLogonEvents", 1, func(r record) bool {
		return r.is("ActionType", "LogonSuccess") && r.is("RemoteIP", intruderIP) && r.is("LogonType", "RemoteInteractive")
	}},
	{"exfiltration: rclone in a remote session", "DeviceProcessEvents", 1, func(r record) bool {
		return r.is("FileName", "rclone.exe") && r.is("ProcessRemoteSessionIP", intruderIP) && r.num("IsProcessRemoteSession") == 1
	}},
	{"exfiltration: rare site", "DeviceNetworkEvents", 50, func(r record) bool { return r.is("RemoteUrl", dropSite) }},
	{"ransomware: backups", "DeviceProcessEvents", 1, func(r record) bool {
		return r.is("FileName", "vssadmin.exe") && r.contains("ProcessCommandLine", "delete shadows")
	}},
	{"ransomware: logs", "DeviceEvents", 2, func(r record) bool { return r.is("ActionType", "SecurityLogCleared") }},
	{"ransomware: renamed files", "DeviceFileEvents", 200, func(r record) bool {
		return r.is("ActionType", "FileRenamed") && strings.HasSuffix(r.text("FileName"), ".locked") &&
			r.text("FolderPath") == r.text("PreviousFolderPath")+".locked"
	}},
	{"ransomware: notes", "DeviceFileEvents", 7, func(r record) bool { return r.is("FileName", "README_RESTORE.txt") }},
	{"alerts", "AlertInfo", 12, func(r record) bool { return r.contains("AttackTechniques", "(T1") }},
	{"alerts: impacted devices", "AlertEvidence", 12, func(r record) bool {
		return r.is("EntityType", "Machine") && r.is("EvidenceRole", "Impacted") && r.text("DeviceId") != ""
	}},
}

// TestAttacks hunts for every stage, also in windows of one day at a weekend.
func TestAttacks(t *testing.T) {
	for _, x := range []struct {
		seed          uint64
		devices, days int
		end           time.Time
	}{
		{1, 24, 6, thursday}, {2, 10, 1, time.Date(2026, 10, 18, 22, 0, 0, 0, time.UTC)},
		{3, 12, 2, time.Date(2026, 10, 19, 2, 0, 0, 0, time.UTC)}, {4, 15, 12, thursday.Add(5 * time.Hour)},
	} {
		o := Options{Catalog: builtin(t), Seed: x.seed, Devices: x.devices, Days: x.days, End: x.end,
			Events: MinEvents(x.devices, x.days)}
		m := newMemory(true)
		simulate(t, o, m)
		for _, s := range stages {
			if n := m.match(s.table, s.is); n < s.rows {
				t.Errorf("seed %d: %s: %d rows of %s, want %d", x.seed, s.attack, n, s.table, s.rows)
			}
		}
	}
}

// TestAlertsJoin checks that evidence belongs to alerts and that its files
// and processes are among the events.
func TestAlertsJoin(t *testing.T) {
	m := newMemory(true)
	simulate(t, options(t), m)
	alerts := map[string]bool{}
	m.each("AlertInfo", func(r record) { alerts[r.text("AlertId")] = true })
	commands := map[string]bool{}
	m.each("DeviceProcessEvents", func(r record) { commands[r.text("DeviceId")+r.text("ProcessCommandLine")] = true })
	processes := 0
	m.each("AlertEvidence", func(r record) {
		if !alerts[r.text("AlertId")] {
			t.Errorf("evidence of an unknown alert %s", r.text("AlertId"))
		}
		if r.is("EntityType", "Process") {
			processes++
			if !commands[r.text("DeviceId")+r.text("ProcessCommandLine")] {
				t.Errorf("an alert names a process that never started: %s", r.text("ProcessCommandLine"))
			}
		}
	})
	if len(alerts) < 12 || processes < 8 {
		t.Errorf("%d alerts, %d processes in their evidence", len(alerts), processes)
	}
}

// TestManySeeds plays the attacks in many worlds; one that cannot be played
// is an error of Run.
func TestManySeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: takes seconds; -short")
	}
	for seed := range uint64(40) {
		end := time.Date(2026, 9, 1+int(seed)%30, int(seed*7)%24, 17, 0, 0, time.UTC)
		o := Options{Catalog: builtin(t), Seed: 1000 + seed, Devices: 10 + int(seed)%9, Days: []int{1, 2, 3}[seed%3], End: end}
		o.Events = MinEvents(o.Devices, o.Days)
		m := newMemory(false)
		simulate(t, o, m)
		if m.counts["AlertInfo"] != 12 {
			t.Errorf("seed %d: %d alerts", seed, m.counts["AlertInfo"])
		}
	}
}
