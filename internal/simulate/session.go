package simulate

// arrive is somebody who comes to work: the device starts, wakes up or is
// unlocked.
func (d *device) arrive(s shift) {
	d.atHome = s.home
	switch {
	case d.power == off:
		d.boot(d.logOn)
	case d.console == nil:
		d.wake()
		d.logOn()
	default:
		d.wake()
		d.unlock()
	}
}

func (d *device) wake() {
	if d.power == asleep {
		d.power = on
		d.beat()
	}
}

// checker is the program that checks passwords.
func (d *device) checker() *process {
	if d.class.has("mac") {
		return d.find("loginwindow")
	}
	return d.find("lsass.exe")
}

// logOn opens a session in front of the device, at times at the second try.
func (d *device) logOn() {
	p := d.checker()
	if d.console != nil || p == nil {
		return
	}
	if d.dice.chance(70) {
		d.logon(p, logonEvent{action: "LogonFailed", kind: "Interactive", who: d.owner, failure: "InvalidUserNameOrPassword",
			protocol: "Negotiate"})
	}
	d.soon(p, 3*second, 12*second, func() {
		if d.console != nil {
			return
		}
		l := d.newLogin(d.owner, 1)
		if d.class.unix() {
			l.number = -1
		}
		kind := "Interactive"
		if d.atHome {
			kind = "CachedInteractive"
		}
		d.logon(p, logonEvent{action: "LogonSuccess", kind: kind, who: d.owner, protocol: "Negotiate", logonID: l.logonID})
		d.console = l
		d.closeLogonScreen()
		for _, name := range d.class.logon {
			d.follow(name, l)
		}
	})
}

func (d *device) closeLogonScreen() {
	if ui := d.find("LogonUI.exe"); ui != nil {
		d.exit(ui)
	}
}

func (d *device) lock() {
	if d.console == nil || d.console.away || d.power != on {
		return
	}
	d.console.away = true
	if p := d.find("winlogon.exe"); p != nil {
		d.start(p, d.w.lib.byKey["LogonUI.exe"], launch{})
	}
}

func (d *device) unlock() {
	if d.console == nil || !d.console.away {
		return
	}
	d.console.away = false
	d.closeLogonScreen()
	if p := d.checker(); p != nil {
		d.logon(p, logonEvent{action: "LogonSuccess", kind: "Unlock", who: d.console.account, protocol: "Negotiate", logonID: d.console.logonID})
	}
}

// leave is the end of work: shut down, log off, sleep, or just locked.
func (d *device) leave() {
	if d.power != on {
		return
	}
	n := d.dice.below(100)
	switch {
	case n < 26:
		d.shutDown()
	case n < 31:
		d.logOff()
	case d.laptop:
		d.lock()
		d.w.at(d.w.now+d.dice.between(2*second, 40*second), func() {
			if d.power == on && d.console != nil && d.console.away {
				d.power = asleep
			}
		})
	default:
		d.lock()
	}
}

// logOff ends the session in front of the device.
func (d *device) logOff() {
	if d.console == nil {
		return
	}
	d.end(d.console)
	d.console = nil
}

// end closes a session with all its programs, the latest first.
func (d *device) end(l *login) {
	l.ended = true
	for i := len(d.procs) - 1; i >= 0; i-- {
		if i < len(d.procs) && d.procs[i].login == l {
			d.exit(d.procs[i])
			i = len(d.procs)
		}
	}
}

// beginRemote opens a session for somebody who comes through RDP.
func (d *device) beginRemote(who *account, fromIP, fromDevice string, port int64) *login {
	p := d.find("lsass.exe")
	if p == nil || d.remote != nil {
		return nil
	}
	l := d.newLogin(who, 3)
	l.remoteIP, l.remoteDevice = fromIP, fromDevice
	d.logon(p, logonEvent{action: "LogonSuccess", kind: "Network", who: who, remoteIP: fromIP, remoteDevice: fromDevice,
		protocol: "Ntlm", logonID: d.dice.between(0x20000, 0x7fffffff)})
	d.logon(p, logonEvent{action: "LogonSuccess", kind: "RemoteInteractive", who: who, remoteIP: fromIP, remoteDevice: fromDevice,
		port: port, protocol: "Negotiate", logonID: l.logonID})
	d.remote = l
	d.follow("logon/remote", l)
	return l
}

// endRemote closes it, and what the system ran for it.
func (d *device) endRemote() {
	if d.remote == nil {
		return
	}
	d.end(d.remote)
	d.remote = nil
	for _, key := range [...]string{"winlogon.exe", "csrss.exe", "dwm.exe"} {
		if p := d.find(key); p != nil && p.number == 3 {
			d.exit(p)
		}
	}
}
