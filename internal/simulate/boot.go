package simulate

import "fmt"

// boot starts the device; then happens when it is ready for people.
func (d *device) boot(then func()) {
	w := d.w
	d.power = on
	d.boots++
	d.started = 0
	d.lastPid = d.dice.between(60, 110) * 4
	d.logins = d.logins[:0]
	key, pid, who := "System", int64(4), w.accounts.system
	if d.class.unix() {
		key, pid, who = "systemd", 1, w.accounts.root
		if d.class.has("mac") {
			key = "launchd"
		}
	}
	r := w.lib.byKey[key]
	root := &process{d: d, role: r, login: d.builtin(who), pid: pid, start: w.now, integrity: "System"}
	root.elevation = "TokenElevationTypeDefault"
	root.number = root.login.number
	if d.class.unix() {
		root.integrity, root.elevation = "", ""
	}
	root.img = d.image(r.prog, "")
	s := scene{d: d}
	root.cmd = s.fill(r.commands.items[0].line)
	d.enter(root)
	for _, name := range d.class.boot {
		d.follow(name, nil)
	}
	d.soon(root, 30*second, 55*second, then)
	if !d.class.unix() {
		d.soon(root, 3*second, 4*second, d.serviceLogons)
		d.soon(root, 60*second, 70*second, func() { d.attest(root) })
	}
}

// follow runs a list of steps from now on. l is who logs on, if that is why.
func (d *device) follow(name string, l *login) {
	for _, step := range d.w.lib.boot[name] {
		d.w.at(d.w.now+step.after+d.dice.between(0, 90*millisecond), func() {
			if d.power == on && (l == nil || !l.ended) {
				d.step(name, step, l)
			}
		})
	}
}

func (d *device) step(list string, step bootStep, l *login) {
	resolve := func(key string) string {
		if key == "$shell" {
			return d.class.shell
		}
		return key
	}
	child := d.w.lib.byKey[resolve(step.child)]
	if !child.fits(d.class) || !d.installed(child) {
		return
	}
	parent := d.find(resolve(step.parent))
	if l != nil && l.remoteIP == "" && parent != nil && parent.number > 1 {
		parent = d.findFor(parent.login, resolve(step.parent))
	}
	if parent == nil {
		if l == nil {
			d.w.out.fail(fmt.Errorf("simulate: list %s: %s does not run when %s is to start", list, step.parent, step.child))
		}
		return
	}
	o := launch{number: max(step.number, 0)}
	if child.as == "user" {
		o.login = l
	}
	d.start(parent, child, o)
}

// serviceLogons are the logons of the system's own accounts.
func (d *device) serviceLogons() {
	p, a := d.find("lsass.exe"), d.w.accounts
	if p == nil {
		return
	}
	for _, x := range [...]struct {
		who  *account
		kind string
	}{{a.network, "Service"}, {a.local, "Service"}, {a.fonts, "Interactive"}, {a.windows, "Interactive"}} {
		d.logon(p, logonEvent{action: "LogonSuccess", kind: x.kind, who: x.who, protocol: "Negotiate", logonID: x.who.logonID})
	}
}

// attest reports how the device was started.
func (d *device) attest(p *process) {
	d.event(p, event{action: "DeviceBootAttestationInfo", fields: `{"TpmVersion":"2.0","SecureBoot":true,"BitlockerUnlock":true,` +
		`"BootDebuggingDisabled":true,"CodeIntegrityEnabled":true,"PCR0":"` + signerHash(d.model) + `"}`})
	d.event(p, event{action: "DriverLoad", path: `C:\Windows\System32\drivers\WdFilter.sys`, fields: "{}"})
}

// shutDown ends everything.
func (d *device) shutDown() {
	d.logOff()
	d.endRemote()
	for len(d.procs) > 0 {
		d.exit(d.procs[len(d.procs)-1])
	}
	d.power = off
}

// reboot is a restart for updates.
func (d *device) reboot() {
	d.shutDown()
	d.w.at(d.w.now+d.dice.between(40*second, 4*minute), func() { d.boot(func() {}) })
}
