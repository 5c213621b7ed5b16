package simulate

import "strconv"

// credentials: the memory of lsass is dumped, with a tool and with what
// Windows has aboard, and the local account database is saved.
func (w *world) credentials(d *device) *attack {
	return &attack{name: "credential dumping", device: d, part: 550, length: 25 * minute,
		techniques: []string{"LSASS Memory (T1003.001)", "Security Account Manager (T1003.002)", "Rundll32 (T1218.011)"},
		hunt:       `DeviceProcessEvents | where ProcessCommandLine has_all ("lsass", "-ma") or ProcessCommandLine has_all ("comsvcs", "MiniDump")`,
		play:       w.playCredentials}
}

func (w *world) playCredentials(s *script) {
	d := s.d
	var console, dumper, library, saver, lsass *process
	s.then(second, func() { console = s.run(s.shell(d), "cmd.exe/elevated", "") })
	s.then(30*second, func() {
		img := d.image(w.lib.byKey["procdump64.exe"].prog, "")
		d.fileEvent(s.shell(d), fileEvent{action: "FileCreated", path: img.path, img: img})
	})
	s.then(15*second, func() { dumper = s.run(console, "procdump64.exe", "") })
	s.then(600*millisecond, func() {
		lsass = s.find(d, "lsass.exe")
		d.event(dumper, event{action: "OpenProcessApiCall", target: lsass, fields: `{"DesiredAccess":2097151}`})
		d.event(dumper, event{action: "ReadProcessMemoryApiCall", target: lsass, fields: `{"TotalBytesCopied":64815104}`})
		d.event(dumper, event{action: "AsrLsassCredentialTheftAudited", target: lsass,
			fields: `{"RuleId":"9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2","IsAudit":true}`})
	})
	s.then(1500*millisecond, func() {
		dump := fileEvent{action: "FileCreated", path: `C:\Windows\Temp\ls.dmp`, size: 64_815_104}
		d.fileEvent(dumper, dump)
		w.raise(alert{title: "Sensitive credential memory read", severity: "High", category: "CredentialAccess",
			techniques: []string{"LSASS Memory (T1003.001)"}, device: d, account: d.owner, process: dumper, file: &dump})
	})
	s.end(2*second, &dumper)
	s.then(3*minute, func() {
		line := `rundll32.exe C:\Windows\System32\comsvcs.dll, MiniDump ` + strconv.FormatInt(lsass.pid, 10) + ` C:\Windows\Temp\d.bin full`
		library = s.run(console, "rundll32.exe", line)
		d.load(library, w.lib.dlls["comsvcs.dll"])
		d.load(library, w.lib.dlls["dbgcore.dll"])
	})
	s.then(300*millisecond, func() {
		d.event(library, event{action: "OpenProcessApiCall", target: lsass, fields: `{"DesiredAccess":2097151}`})
		d.fileEvent(library, fileEvent{action: "FileCreated", path: `C:\Windows\Temp\d.bin`, size: 63_102_976})
	})
	s.then(2*minute, func() { saver = s.run(console, "reg.exe", `reg save HKLM\SAM C:\Windows\Temp\s.hiv /y`) })
	s.then(400*millisecond, func() {
		d.fileEvent(saver, fileEvent{action: "FileCreated", path: `C:\Windows\Temp\s.hiv`, size: 65_536})
	})
	s.then(20*second, func() { s.run(console, "reg.exe", `reg save HKLM\SYSTEM C:\Windows\Temp\y.hiv /y`) })
	s.end(2*minute, &console)
}
