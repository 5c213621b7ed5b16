package ingest

import (
	"net/netip"
	"strconv"
)

// endpoint is one side of a connection.
type endpoint struct {
	ip   string
	port int64 // -1: not known
	name string
}

func port(e *event, f field) int64 {
	if n, ok := e.num(f); ok && n >= 0 && n <= 65535 {
		return n
	}
	return -1
}

func (m *mapper) connection(r row, local, remote endpoint, protocol string) {
	ip, kind := address(local.ip)
	r.text(cLocalIP, ip)
	r.text(cLocalIPType, kind)
	r.known(cLocalPort, local.port)
	m.remote(r, remote)
	r.text(cProtocol, protocol)
}

func (m *mapper) remote(r row, remote endpoint) {
	ip, kind := address(remote.ip)
	r.text(cRemoteIP, ip)
	r.text(cRemoteIPType, kind)
	r.known(cRemotePort, remote.port)
}

// reserved are ranges that are neither public nor private.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("224.0.0.0/4"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/128"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("ff00::/8"),
}

var teredo = netip.MustParsePrefix("2001::/32")

// address writes an address in its shortest form, as Defender does, and
// classes it; what is no address is kept without a class.
func address(ip string) (text, kind string) {
	if ip == "" {
		return "", ""
	}
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip, ""
	}
	if a.Is4() {
		return ip, ipType(a)
	}
	return a.String(), ipType(a.WithZone(""))
}

// ipType uses the names that the schema documents: Public, Private, Reserved,
// Loopback, Teredo, FourToSixMapping, Broadcast. Addresses that only reach the
// own link count as private, multicast as reserved.
func ipType(a netip.Addr) string {
	switch {
	case a.Is4In6():
		return "FourToSixMapping"
	case a.IsLoopback():
		return "Loopback"
	case a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "Broadcast"
	case a.IsPrivate(), a.IsLinkLocalUnicast():
		return "Private"
	case teredo.Contains(a):
		return "Teredo"
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return "Reserved"
		}
	}
	return "Public"
}

// protocolName is Defender's spelling of a protocol's name or number.
func protocolName(s string) string {
	switch s {
	case "tcp", "6":
		return "Tcp"
	case "udp", "17":
		return "Udp"
	case "1":
		return "Icmp"
	case "2":
		return "Igmp"
	case "58":
		return "IcmpV6"
	}
	return s
}

// firewallConnection maps what the filtering platform let through or held.
// Source is the sender of the first packet, whichever side it is.
func firewallConnection(m *mapper, e *event, k *kind) {
	inbound := e.is(fDirection, "%%14592")
	local := endpoint{ip: e.text(fSourceAddress), port: port(e, fSourcePort)}
	remote := endpoint{ip: e.text(fDestAddress), port: port(e, fDestPort)}
	if inbound {
		local, remote = remote, local
	}
	r := m.row(k, choose(inbound, 1, 0))
	protocol := protocolName(e.text(fProtocol))
	m.connection(r, local, remote, protocol)
	m.initiating(r, m.bySecurity(e, fProcessID, fApplication, "Process ID"))
	f := m.fields.reset().text("Protocol", choose(r.sheet.at[cProtocol] < 0, protocol, ""))
	r.text(cAdditional, f.field("FilterRuntimeId", e, fFilterID).text("LayerName", layers[e.text(fLayerName)]).String())
}

// layers are the message table's names of the platform's layers.
var layers = map[string]string{
	"%%14597": "Transport", "%%14608": "Resource Assignment", "%%14609": "Listen", "%%14610": "Receive/Accept",
	"%%14611": "Connect",
}

func firewallListen(m *mapper, e *event, k *kind) {
	r := m.row(k, 0)
	ip, kind := address(e.text(fSourceAddress))
	r.text(cLocalIP, ip)
	r.text(cLocalIPType, kind)
	r.known(cLocalPort, port(e, fSourcePort))
	r.text(cProtocol, protocolName(e.text(fProtocol)))
	m.initiating(r, m.bySecurity(e, fProcessID, fApplication, "Process ID"))
}

// bySecurity finds the process that a Security event names by PID and image;
// label is how the rendered message calls the PID, for exporters that lose it.
func (m *mapper) bySecurity(e *event, pid, image field, label string) *process {
	return m.byPID(securityPID(e, pid, label), e.text(image), subject(e))
}

func securityPID(e *event, f field, label string) int64 {
	if n, ok := e.num(f); ok {
		return n
	}
	if n, ok := parseInt([]byte(e.fromMessage(label))); ok {
		return n
	}
	return 0
}

// number is a count as JSON text.
func number(n int64) string { return strconv.FormatInt(n, 10) }
