package simulate

// networkDeeds are the connections within the company. Both ends are devices
// under observation, so both report: the client what it connected to, the
// server what it accepted, with the same addresses and ports.
var networkDeeds = map[string]deedFunc{
	"smb": smb, "directory": directory, "dns": lookup, "print": printing, "sql": sqlServer, "database": database,
	"intranet": intranet, "serve": serve, "peers": peers, "management": management, "rdp": rdp, "ssh": ssh,
	"ping": ping, "listen": listen, "scanned": scanned, "inspected": inspect,
}

// talk reports a connection at both ends. The server's process is the one
// that holds the port.
func (d *device) talk(p *process, to *device, port int64, url string) (localPort int64, ok bool) {
	if d == to {
		return 0, false
	}
	localPort = d.clientPort()
	d.connection(p, connection{action: "ConnectionSuccess", remoteIP: to.ip, remotePort: port, url: url, localPort: localPort, protocol: "Tcp"})
	if holder := to.holder(port); holder != nil {
		to.connection(holder, connection{action: "InboundConnectionAccepted", remoteIP: d.localIP(), remotePort: localPort,
			localPort: port, protocol: "Tcp"})
	}
	return localPort, true
}

// ports says which program holds a port.
var ports = map[int64]string{445: "System", 443: "System", 80: "System", 88: "lsass.exe", 389: "lsass.exe", 135: "svchost.exe/RPCSS",
	53: "dns.exe", 3389: "svchost.exe/TermService", 5985: "System", 1433: "sqlservr.exe", 8080: "tomcat9.exe"}

// holder finds the process that holds a port.
func (d *device) holder(port int64) *process {
	key := ports[port]
	if d.class.unix() {
		key = map[int64]string{22: "sshd", 80: "nginx", 443: "nginx", 5432: "postgres"}[port]
	}
	if key == "" {
		return nil
	}
	return d.find(key)
}

// smb opens a file on a file server or a domain controller. The system
// connects, whoever asked for it; the server sees the account.
func smb(d *device, p *process) bool {
	system, to := d.find("System"), d.w.fs
	if system == nil {
		system = p
	}
	if d.dice.chance(200) || !p.login.account.person {
		to = d.w.dc
	}
	port, ok := d.talk(system, to, 445, to.name)
	if !ok {
		return false
	}
	who := p.login.account
	if !who.person && d.owner != nil {
		who = d.owner
	}
	if !who.person {
		return true
	}
	if d.dice.chance(350) {
		to.networkLogon(who, d, port)
	}
	if to == d.w.fs && d.dice.chance(500) {
		to.served(d, who, port)
	}
	return true
}

// served makes the file server report what was done to a file on a share.
func (d *device) served(from *device, who *account, port int64) {
	system := d.find("System")
	if system == nil {
		return
	}
	a := d.w.lib.files["share"].acts.pick(d.dice)
	s := &scene{d: d, a: who, p: system}
	e := fileEvent{action: a.action, path: s.fill(a.path), from: from, by: who, port: port}
	if len(a.old.parts) > 0 {
		e.old = s.fill(a.old)
	}
	if a.label && d.dice.chance(150) {
		e.label = labels[d.dice.below(len(labels))]
	}
	e.share = `\\*\` + cutShare(e.path)
	d.fileEvent(system, e)
}

// cutShare is the share of a path like D:\share\….
func cutShare(path string) string {
	rest := path[3:]
	for i := range len(rest) {
		if rest[i] == '\\' {
			return rest[:i]
		}
	}
	return rest
}

// directory asks a domain controller.
func directory(d *device, p *process) bool {
	port := [...]int64{88, 389, 389, 135, 88}[d.dice.below(5)]
	_, ok := d.talk(p, d.w.dc, port, d.w.dc.name)
	return ok
}

func lookup(d *device, p *process) bool {
	if d == d.w.dc {
		return false
	}
	d.connection(p, connection{action: "ConnectionSuccess", remoteIP: d.w.dc.ip, remotePort: 53, protocol: "Udp"})
	return true
}

func printing(d *device, p *process) bool {
	if d.atHome || d.class.server {
		return false
	}
	printer := 1 + d.dice.below(6)
	d.connection(p, connection{action: "ConnectionSuccess", remotePort: 9100, protocol: "Tcp",
		remoteIP: sitePrinter(d.site, printer)})
	return true
}

func sqlServer(d *device, p *process) bool {
	_, ok := d.talk(p, d.w.sql, 1433, d.w.sql.name)
	return ok
}

func database(d *device, p *process) bool {
	_, ok := d.talk(p, d.w.db, 5432, d.w.db.name)
	return ok
}

func intranet(d *device, p *process) bool {
	_, ok := d.talk(p, d.w.web, 443, d.w.web.name)
	return ok
}

// serve is a request from somewhere to a server's program.
func serve(d *device, p *process) bool {
	from := d.w.anyOf(d.dice, d.w.stations).ip
	if d.exposed && d.dice.chance(800) {
		from = visitor(d.dice)
	}
	port := int64(443)
	if p.role.key == "tomcat9.exe" {
		port = 8080
	}
	holder := d.holder(port)
	if holder == nil {
		return false
	}
	d.connection(holder, connection{action: "InboundConnectionAccepted", remoteIP: from, remotePort: d.dice.between(1024, 65000),
		localPort: port, protocol: "Tcp"})
	return true
}

// peers fetches an update from another workstation.
func peers(d *device, p *process) bool {
	other := d.w.anyOf(d.dice, d.w.stations)
	if other == d || d.atHome || other.class.unix() {
		return false
	}
	d.connection(p, connection{action: "ConnectionSuccess", remoteIP: other.ip, remotePort: 7680, protocol: "Tcp"})
	return true
}

func management(d *device, p *process) bool {
	_, ok := d.talk(p, d.w.web, 443, "mgmt."+domainName)
	return ok
}

func ping(d *device, _ *process) bool {
	other := d.w.anyOf(d.dice, d.w.servers)
	if other == d {
		return false
	}
	d.connection(nil, connection{action: "IcmpConnectionInspected", remoteIP: other.ip, localPort: 8, protocol: "Icmp",
		fields: `{"direction":"Out","conn_state":"OTH","orig_pkts":"4","resp_pkts":"4","service":""}`})
	return true
}

// listen opens a port.
func listen(d *device, p *process) bool {
	port := d.dice.between(49664, 49700)
	for _, known := range [...]int64{22, 53, 80, 135, 445, 1433, 3389, 5432, 5985} {
		if d.holder(known) == p && d.dice.chance(400) {
			port = known
			break
		}
	}
	if p.login.account.person {
		port = [...]int64{3000, 8000, 8080, 5173, 9229}[d.dice.below(5)]
	}
	d.connection(p, connection{action: "ListeningConnectionCreated", localIP: "0.0.0.0", localPort: port, protocol: "Tcp"})
	return true
}

// scanned is a knock from the internet at the remote desktop of a server that
// can be reached from there.
func scanned(d *device, p *process) bool {
	if !d.exposed {
		return false
	}
	action := [...]string{"InboundConnectionAttempt", "InboundConnectionAccepted", "InboundInternetScanInspected"}[d.dice.below(3)]
	c := connection{action: action, remoteIP: visitor(d.dice), remotePort: d.dice.between(1024, 65000), localPort: 3389, protocol: "Tcp"}
	if action == "InboundInternetScanInspected" {
		c.fields = `{"PublicScannedIp":` + quote(d.publicIP()) + `,"PublicScannedPort":3389,"IpTransportProtocol":"Tcp"}`
		p = nil
	}
	d.connection(p, c)
	return true
}
