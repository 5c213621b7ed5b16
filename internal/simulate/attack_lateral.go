package simulate

// lateral: with an administrator's credentials to the file server by PsExec,
// and to the database server by WMI.
func (w *world) lateral(d *device) *attack {
	return &attack{name: "lateral movement", device: d, part: 630, length: 30 * minute,
		techniques: []string{"SMB/Windows Admin Shares (T1021.002)", "Service Execution (T1569.002)",
			"Windows Management Instrumentation (T1047)", "Lateral Tool Transfer (T1570)"},
		hunt: `DeviceProcessEvents | where InitiatingProcessFileName in~ ("PSEXESVC.exe", "WmiPrvSE.exe") and FileName =~ "cmd.exe"`,
		play: w.playLateral}
}

func (w *world) playLateral(s *script) {
	d, to := s.d, w.fs
	var console, client, service *process
	var port int64
	s.then(second, func() { console = s.run(s.shell(d), "cmd.exe/elevated", "") })
	s.then(25*second, func() {
		client = s.run(console, "PsExec.exe", `PsExec.exe \\`+to.short+` -accepteula -s cmd.exe`)
		port, _ = d.talk(s.find(d, "System"), to, 445, to.name)
	})
	s.then(300*millisecond, func() { to.networkLogon(d.owner, d, port) })
	s.then(600*millisecond, func() { s.copyService(to, port) })
	s.then(400*millisecond, func() { s.installService(to, "PSEXESVC", `%SystemRoot%\PSEXESVC.exe`) })
	s.then(300*millisecond, func() {
		service = s.run(s.find(to, "services.exe"), "PSEXESVC.exe", "")
		to.event(service, event{action: "NamedPipeEvent", fields: `{"PipeName":"\\Device\\NamedPipe\\PSEXESVC-` + d.short +
			`-stdin","FileOperation":"File created","NamedPipeEnd":"Server","RemoteClientsAccess":"AcceptRemote","SessionId":0,"DesiredAccess":1180063}`})
		w.raise(alert{title: "Suspicious remote service execution", severity: "High", category: "LateralMovement",
			techniques: []string{"Service Execution (T1569.002)", "SMB/Windows Admin Shares (T1021.002)"}, device: to, account: d.owner,
			process: service, ip: d.ip})
	})
	s.lookAround(&service)
	s.end(10*second, &service)
	s.then(second, func() { d.exit(client) })
	s.byWMI(&console)
	s.end(20*second, &console)
}

// copyService is the service's program on its way over the admin share.
func (s *script) copyService(to *device, port int64) {
	img := to.image(s.w.lib.byKey["PSEXESVC.exe"].prog, "")
	to.fileEvent(s.find(to, "System"), fileEvent{action: "FileCreated", path: img.path, img: img, from: s.d, by: s.d.owner,
		port: port, share: `\\*\ADMIN$`})
}

// installService is a new service, as registry and event log see it.
func (s *script) installService(to *device, name, path string) {
	services := s.find(to, "services.exe")
	key := `HKLM\SYSTEM\CurrentControlSet\Services\` + name
	to.registryEvent(services, registryEvent{action: "RegistryKeyCreated", key: key})
	to.registryEvent(services, registryEvent{action: "RegistryValueSet", valueType: "ExpandString", key: key, name: "ImagePath", data: path})
	to.registryEvent(services, registryEvent{action: "RegistryValueSet", valueType: "Dword", key: key, name: "Start", data: "3"})
	to.event(services, event{action: "ServiceInstalled", path: `C:\Windows\` + name + ".exe", account: s.w.accounts.system,
		fields: `{"ServiceName":` + quote(name) + `,"ServiceAccount":"LocalSystem","ServiceStartType":"3","ServiceType":"16"}`})
}

// byWMI runs commands on the database server.
func (s *script) byWMI(console **process) {
	d, to, w := s.d, s.w.sql, s.w
	for i, cmd := range [...]string{"whoami", "net localgroup administrators", "tasklist /v"} {
		remote := `cmd.exe /Q /c ` + cmd + ` 1> \\127.0.0.1\ADMIN$\__168` + string(rune('0'+i)) + ` 2>&1`
		var client, host, child *process
		s.then(50*second, func() {
			client = s.run(*console, "wmic.exe", `wmic /node:"`+to.short+`" process call create "`+remote+`"`)
		})
		s.then(700*millisecond, func() {
			port, _ := d.talk(client, to, 135, to.name)
			to.networkLogon(d.owner, d, port)
		})
		s.then(500*millisecond, func() {
			host = s.run(s.find(to, "svchost.exe/DcomLaunch"), "WmiPrvSE.exe", `C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding`)
			to.event(host, event{action: "RemoteWmiOperation", remoteIP: d.localIP(), account: d.owner,
				fields: `{"Operation":"ExecMethod","Namespace":"root\\cimv2","Query":"Win32_Process::Create"}`})
		})
		s.then(400*millisecond, func() {
			child = s.run(host, "cmd.exe/attack", remote)
			to.event(host, event{action: "ProcessCreatedUsingWmiQuery", target: child, fields: `{"IsWmiQueryLocal":false}`})
			to.event(host, event{action: "AsrPsexecWmiChildProcessAudited", target: child,
				fields: `{"RuleId":"d1e49aac-8f56-4280-b9ba-993a6d77406c","IsAudit":true}`})
			if i == 0 {
				w.raise(alert{title: "Suspicious WMI process creation", severity: "Medium", category: "LateralMovement",
					techniques: []string{"Windows Management Instrumentation (T1047)"}, device: to, account: d.owner, process: child, ip: d.ip})
			}
		})
		s.end(3*second, &child)
	}
}
