package simulate

// logonDeeds are the logons that nobody in front of a screen makes.
var logonDeeds = map[string]deedFunc{
	"network": networkLogonDeed, "typo": typo, "service": serviceLogon, "batch": batchLogon, "ssh": sshLogon, "sshfail": sshFailure,
}

// logonEvent is a logon, or an attempt.
type logonEvent struct {
	action, kind           string
	who                    *account
	name                   string // as typed, if there is no such account
	failure                string
	protocol               string
	remoteIP, remoteDevice string
	port                   int64
	logonID                int64
	fields                 string
}

// logon reports it; p is the program that checks.
func (d *device) logon(p *process, e logonEvent) {
	r := d.row(tLogon, e.action)
	r.by(p)
	r.text(cLogonType, e.kind)
	if e.who != nil {
		r.text(cAccountDomain, d.domain(e.who))
		r.text(cAccountName, e.who.name)
		r.text(cAccountSid, e.who.sid)
		if e.action == "LogonSuccess" {
			r.flag(cIsLocalAdmin, e.who.admin)
		}
	} else {
		domain := domainShort
		if d.class.unix() {
			domain = d.short
		}
		r.text(cAccountDomain, domain)
		r.text(cAccountName, e.name)
	}
	r.text(cFailureReason, e.failure)
	r.text(cProtocol, e.protocol)
	if e.logonID > 0 {
		r.num(cLogonID, e.logonID)
	}
	local := `{"IsLocalLogon":true}`
	if e.remoteIP != "" {
		local = `{"IsLocalLogon":false}`
		r.text(cRemoteIP, e.remoteIP)
		r.text(cRemoteIPType, ipType(e.remoteIP))
		r.text(cRemoteDevice, e.remoteDevice)
		if e.port > 0 {
			r.num(cRemotePort, e.port)
		}
	}
	if e.fields != "" {
		local = e.fields
	}
	r.text(cAdditional, local)
}

// networkLogon is a logon for a file or another service.
func (d *device) networkLogon(who *account, from *device, port int64) {
	p := d.find("lsass.exe")
	if p == nil {
		return
	}
	protocol := "Kerberos"
	if d.dice.chance(120) {
		protocol = "Ntlm"
	}
	e := logonEvent{action: "LogonSuccess", kind: "Network", who: who, remoteIP: from.localIP(), remoteDevice: from.short,
		port: port, protocol: protocol, logonID: d.dice.between(0x20000, 0x7fffffff)}
	if d.class.server && d.dice.chance(20) {
		e.action, e.fields = "LogonSuccessAggregatedReport", aggregated(d.dice)
	}
	d.logon(p, e)
}

// networkLogonDeed is somebody at a server, or the management at a workstation.
func networkLogonDeed(d *device, p *process) bool {
	if !d.class.server {
		if !d.dice.chance(250) {
			return false
		}
		d.networkLogon(d.w.accounts.scan, d.w.web, 0)
		return true
	}
	from := d.w.anyOf(d.dice, d.w.stations)
	if from.owner == nil || from.power != on || from.class.unix() {
		return false
	}
	d.networkLogon(from.owner, from, d.dice.between(49152, 65535))
	return true
}

// typo is a wrong password, or a name spelled wrong.
func typo(d *device, p *process) bool {
	e := logonEvent{action: "LogonFailed", kind: "Interactive", who: d.owner, failure: "InvalidUserNameOrPassword", protocol: "Negotiate"}
	if d.class.server {
		from := d.w.anyOf(d.dice, d.w.stations)
		e.kind, e.who, e.remoteIP, e.remoteDevice, e.protocol = "Network", from.owner, from.localIP(), from.short, "Ntlm"
	} else if d.console != nil {
		e.kind = "Unlock"
	}
	if e.who == nil {
		return false
	}
	if d.dice.chance(250) {
		e.name, e.who = misspell(d.dice, e.who.name), nil
	}
	d.logon(p, e)
	return true
}

// misspell swaps two letters or drops one.
func misspell(d dice, name string) string {
	i := d.below(len(name) - 1)
	if d.chance(500) {
		return name[:i] + name[i+1:]
	}
	return name[:i] + name[i+1:i+2] + name[i:i+1] + name[i+2:]
}

func serviceLogon(d *device, p *process) bool {
	a := [...]*account{d.w.accounts.system, d.w.accounts.network, d.w.accounts.local}[d.dice.below(3)]
	d.logon(p, logonEvent{action: "LogonSuccess", kind: "Service", who: a, protocol: "Negotiate", logonID: a.logonID})
	return true
}

func batchLogon(d *device, p *process) bool {
	if !d.class.server {
		return false
	}
	d.logon(p, logonEvent{action: "LogonSuccess", kind: "Batch", who: d.w.accounts.backup, protocol: "Negotiate",
		logonID: d.dice.between(0x20000, 0x7fffffff)})
	return true
}

// sshLogon is an administrator who opens a shell.
func sshLogon(d *device, p *process) bool {
	from := d.w.anyOf(d.dice, d.w.stations)
	if from.power != on {
		return false
	}
	port := from.clientPort()
	d.connection(p, connection{action: "InboundConnectionAccepted", remoteIP: from.localIP(), remotePort: port, localPort: 22, protocol: "Tcp"})
	d.shell(from, port)
	return true
}

// sshFailure is a guess; at a server on the internet, a stranger's.
func sshFailure(d *device, p *process) bool {
	e := logonEvent{action: "LogonFailed", kind: "Network", failure: "InvalidUserNameOrPassword", protocol: "password", logonID: -1,
		name: [...]string{"root", "admin", "oracle", "test", "ubuntu", "deploy"}[d.dice.below(6)]}
	from := d.w.anyOf(d.dice, d.w.stations)
	e.remoteIP, e.remoteDevice = from.localIP(), from.short
	if d.exposed {
		e.remoteIP, e.remoteDevice = visitor(d.dice), ""
	}
	d.logon(p, e)
	return true
}
