package simulate

import "fmt"

// visitor is an address of somebody on the internet.
func visitor(d dice) string { return fmt.Sprintf("198.51.100.%d", d.between(120, 250)) }

// sitePrinter is the address of a printer.
func sitePrinter(s *site, n int) string { return fmt.Sprintf("10.%d.9.%d", 10+s.n, 30+n) }

// rdp is what a remote desktop client does: the first time it logs on to a
// server, later it only keeps the connection alive.
func rdp(d *device, p *process) bool {
	if p.launched != nil || !p.login.account.admin {
		to := p.launched
		if to == nil {
			to = d.w.anyOf(d.dice, d.w.servers)
		}
		_, ok := d.talk(p, to, 3389, to.name)
		return ok
	}
	to := d.w.anyOf(d.dice, d.w.servers)
	if to.remote != nil || to == d {
		return false
	}
	port, ok := d.talk(p, to, 3389, to.name)
	if !ok || to.holder(3389) == nil {
		return false
	}
	p.launched = to
	p.opened = to.beginRemote(p.login.account, d.localIP(), d.short, port)
	return true
}

// ssh logs on to a Linux server.
func ssh(d *device, p *process) bool {
	to := d.w.anyOf(d.dice, d.w.linux)
	port, ok := d.talk(p, to, 22, to.name)
	if ok && d.dice.chance(500) {
		to.shell(d, port)
	}
	return ok
}

// shell opens a shell for somebody who comes from another device.
func (d *device) shell(from *device, port int64) {
	daemon := d.find("sshd")
	if daemon == nil {
		return
	}
	l := d.newLogin(d.w.accounts.deploy, -1)
	l.remoteIP, l.remoteDevice = from.localIP(), from.short
	d.logon(daemon, logonEvent{action: "LogonSuccess", kind: "Network", who: l.account, remoteIP: l.remoteIP, remoteDevice: l.remoteDevice,
		port: port, protocol: "publickey", logonID: -1})
	d.soon(daemon, 40*millisecond, 200*millisecond, func() {
		session := d.start(daemon, d.w.lib.byKey["sshd/session"], launch{})
		if session == nil {
			return
		}
		d.soon(session, 30*millisecond, 200*millisecond, func() {
			d.start(session, d.w.lib.byKey["bash"], launch{login: l})
		})
	})
}
