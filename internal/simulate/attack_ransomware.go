package simulate

import "strconv"

// ransomware: at the file server backups are deleted, services stopped and
// logs cleared; then the documents get another name, one after the other.
func (w *world) ransomware() *attack {
	return &attack{name: "ransomware", device: w.fs, part: 930, length: 30 * minute,
		techniques: []string{"Inhibit System Recovery (T1490)", "Data Encrypted for Impact (T1486)", "Service Stop (T1489)",
			"Clear Windows Event Logs (T1070.001)"},
		hunt: `DeviceFileEvents | where ActionType == "FileRenamed" and FileName endswith ".locked" | summarize count() by DeviceName, bin(Timestamp, 5m)`,
		play: w.playRansomware}
}

// preparations are what is done before, by which programs.
var preparations = [...]struct{ key, cmd string }{
	{"net.exe", "net stop VSS /y"}, {"taskkill.exe", "taskkill /f /im sqlservr.exe"},
	{"vssadmin.exe", "vssadmin.exe delete shadows /all /quiet"}, {"wmic.exe", "wmic shadowcopy delete"},
	{"wbadmin.exe", "wbadmin.exe delete catalog -quiet"}, {"bcdedit.exe", "bcdedit.exe /set {default} recoveryenabled no"},
	{"bcdedit.exe", "bcdedit.exe /set {default} bootstatuspolicy ignoreallfailures"},
	{"wevtutil.exe", "wevtutil.exe cl Security"}, {"wevtutil.exe", "wevtutil.exe cl System"},
}

func (w *world) playRansomware(s *script) {
	d := s.d
	var service, console, locker *process
	s.then(second, func() { s.installService(d, "PSEXESVC", `%SystemRoot%\PSEXESVC.exe`) })
	s.then(300*millisecond, func() { service = s.run(s.find(d, "services.exe"), "PSEXESVC.exe", "") })
	s.then(2*second, func() { console = s.run(service, "cmd.exe/attack", `cmd.exe /c C:\Users\Public\Libraries\run.bat`) })
	for _, x := range preparations {
		s.then(2500*millisecond, func() {
			p := s.run(console, x.key, x.cmd)
			switch x.key {
			case "vssadmin.exe":
				w.raise(alert{title: "File backups were deleted", severity: "High", category: "Impact",
					techniques: []string{"Inhibit System Recovery (T1490)"}, device: d, process: p})
			case "wevtutil.exe":
				d.event(s.find(d, "svchost.exe/EventLog"), event{action: "SecurityLogCleared", account: w.accounts.system, fields: "{}"})
				w.raise(alert{title: "Event log was cleared", severity: "Medium", category: "DefenseEvasion",
					techniques: []string{"Clear Windows Event Logs (T1070.001)"}, device: d, process: p})
			}
		})
	}
	s.then(20*second, func() {
		img := d.image(w.lib.byKey["locker.exe"].prog, "")
		d.fileEvent(console, fileEvent{action: "FileCreated", path: img.path, img: img})
	})
	s.then(3*second, func() { locker = s.run(console, "locker.exe", "") })
	s.encrypt(&locker)
	s.end(3*second, &locker)
	s.then(second, func() { d.exit(console) })
	s.then(second, func() { d.exit(service) })
}

// encrypt renames the documents of all shares and leaves a note in each.
func (s *script) encrypt(locker **process) {
	d := s.d
	for _, share := range shares {
		folder := `D:\` + share + `\`
		for i := range 30 {
			name := documentName(s.dice) + " " + strconv.Itoa(i+1) + [...]string{".docx", ".xlsx", ".pdf"}[s.dice.below(3)]
			s.then(180*millisecond, func() {
				d.fileEvent(*locker, fileEvent{action: "FileRenamed", path: folder + name + ".locked", old: folder + name,
					content: "locked " + folder + name})
			})
		}
		s.then(300*millisecond, func() {
			d.fileEvent(*locker, fileEvent{action: "FileCreated", path: folder + "README_RESTORE.txt", size: 1204, content: "ransom note"})
		})
	}
	s.then(second, func() {
		d.event(*locker, event{action: "AsrRansomwareAudited", path: (*locker).img.path,
			fields: `{"RuleId":"c1db55ab-c21a-4637-bb3f-a12568109d35","IsAudit":true}`})
		s.w.raise(alert{title: "Ransomware behavior detected in the file system", severity: "High", category: "Impact",
			techniques: []string{"Data Encrypted for Impact (T1486)"}, device: d, process: *locker, detection: "Antivirus"})
	})
}
