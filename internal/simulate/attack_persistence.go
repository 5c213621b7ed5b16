package simulate

const (
	healthSite = "health-stats.test"
	healthIP   = "203.0.113.68"
)

// persistence: a program in ProgramData that a scheduled task starts every
// half hour and a Run key at every logon.
func (w *world) persistence(d *device) *attack {
	return &attack{name: "persistence", device: d, part: 720, length: 130 * minute,
		techniques: []string{"Scheduled Task (T1053.005)", "Registry Run Keys / Startup Folder (T1547.001)"},
		hunt: `DeviceRegistryEvents | where RegistryKey endswith @"\CurrentVersion\Run" and RegistryValueData has "ProgramData" ` +
			`| union (DeviceEvents | where ActionType == "ScheduledTaskCreated" and AdditionalFields has "HealthCheck")`,
		play: w.playPersistence}
}

func (w *world) playPersistence(s *script) {
	d := s.d
	var console, creator, setter *process
	const task, program = "HealthCheck Updater", `C:\ProgramData\HealthCheck\hltsvc.exe`
	run := registryEvent{action: "RegistryValueSet", valueType: "String", key: `HKCU\Software\Microsoft\Windows\CurrentVersion\Run`,
		name: "HealthCheck", data: program + " /logon"}
	s.then(second, func() { console = s.run(s.shell(d), "cmd.exe/attack", "") })
	s.then(20*second, func() {
		img := d.image(w.lib.byKey["hltsvc.exe"].prog, "")
		d.fileEvent(console, fileEvent{action: "FileCreated", path: img.path, img: img})
	})
	s.then(15*second, func() {
		creator = s.run(console, "schtasks.exe", `schtasks /create /sc minute /mo 30 /tn "`+task+`" /tr "`+program+` /check" /f`)
	})
	s.then(250*millisecond, func() {
		d.event(creator, event{action: "ScheduledTaskCreated", account: d.owner, fields: `{"TaskName":"\\` + task +
			`","TaskContent":` + quote(`<Task version="1.2"><Triggers><TimeTrigger><Repetition><Interval>PT30M</Interval></Repetition></TimeTrigger></Triggers><Actions><Exec><Command>`+program+`</Command><Arguments>/check</Arguments></Exec></Actions></Task>`) +
			`,"SubjectUserName":` + quote(d.owner.name) + `}`})
		scheduler := s.find(d, "svchost.exe/Schedule")
		d.fileEvent(scheduler, fileEvent{action: "FileCreated", path: `C:\Windows\System32\Tasks\` + task, size: 3204})
		d.registryEvent(scheduler, registryEvent{action: "RegistryKeyCreated",
			key: `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree\` + task})
	})
	s.then(40*second, func() {
		setter = s.run(console, "reg.exe", `reg add HKCU\Software\Microsoft\Windows\CurrentVersion\Run /v HealthCheck /t REG_SZ /d "`+run.data+`" /f`)
	})
	s.then(150*millisecond, func() {
		d.registryEvent(setter, run)
		w.raise(alert{title: "Suspicious scheduled task and autostart entry", severity: "Medium", category: "Persistence",
			techniques: []string{"Scheduled Task (T1053.005)", "Registry Run Keys / Startup Folder (T1547.001)"}, device: d,
			account: d.owner, process: creator, registry: &run})
	})
	s.end(30*second, &console)
	for i := range 4 {
		var p *process
		s.then(25*minute, func() {
			scheduler := s.find(d, "svchost.exe/Schedule")
			p = s.must(d, "hltsvc.exe", d.start(scheduler, w.lib.byKey["hltsvc.exe"], launch{login: d.console}))
		})
		s.then(3*second, func() {
			if i == 0 {
				s.resolve(p, healthSite, healthIP)
			}
			s.connect(p, healthSite, healthIP, 443)
		})
		s.end(20*second, &p)
	}
}
