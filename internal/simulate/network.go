package simulate

import (
	"fmt"
	"strconv"
	"strings"
)

// host is a server on the internet.
type host struct {
	name     string
	port     int64
	protocol string
}

// hostDeed is a kind of servers that programs connect to.
type hostDeed struct {
	all  []host
	list weighted[host] // the first ones are the busiest
}

// hostLine reads "name port protocol".
func (l *library) hostLine(section, _, line string) error {
	if line == "" {
		l.hosts[section] = &hostDeed{}
		return nil
	}
	f := strings.Fields(line)
	if len(f) != 3 || l.hosts[section] == nil {
		return fmt.Errorf("%q is not name, port and protocol", line)
	}
	port, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil {
		return err
	}
	h := l.hosts[section]
	h.all = append(h.all, host{f[0], port, f[2]})
	h.list = zipf(h.all)
	return nil
}

// addressOf is the address of a name: always the same, always one of those
// reserved for documentation (RFC 5737).
func addressOf(name string) string {
	n := stable(2*250, name)
	if n < 250 {
		return "192.0.2." + strconv.Itoa(n+2)
	}
	return "198.51.100." + strconv.Itoa((n-250)%95+2)
}

// address6 is the IPv6 address of a name (RFC 3849).
func address6(name string) string {
	return fmt.Sprintf("2001:db8:%x:%x::%x", 0x8000+stable(200, name, "net"), stable(4000, name, "sub"), 1+stable(60000, name))
}

// ipType is the class of an address as RemoteIPType has it. The simulated
// internet is public, though its addresses are reserved.
func ipType(ip string) string {
	switch {
	case ip == "":
		return ""
	case ip == "127.0.0.1" || ip == "::1":
		return "Loopback"
	case strings.HasPrefix(ip, "10."):
		return "Private"
	case strings.HasPrefix(ip, "fe80:"):
		return "LinkLocal"
	}
	return "Public"
}

// connection is a network event.
type connection struct {
	action           string
	remoteIP, url    string
	remotePort       int64
	localIP          string // the device's if empty
	localPort        int64  // one of those for clients if 0
	protocol, fields string
}

// connection reports it; p is nil for what the sensor saw on the wire.
func (d *device) connection(p *process, c connection) {
	if c.localIP == "" {
		c.localIP = d.localIP()
	}
	if c.localPort == 0 {
		c.localPort = d.clientPort()
	}
	fill := func(r row) {
		r.text(cRemoteIP, c.remoteIP)
		r.text(cRemoteIPType, ipType(c.remoteIP))
		r.text(cRemoteURL, c.url)
		if c.remoteIP != "" {
			r.num(cRemotePort, c.remotePort)
		}
		r.text(cLocalIP, c.localIP)
		r.text(cLocalIPType, ipType(c.localIP))
		r.num(cLocalPort, c.localPort)
		r.text(cProtocol, c.protocol)
		r.text(cAdditional, c.fields)
	}
	r := d.row(tNetwork, c.action)
	r.by(p)
	fill(r)
	if p != nil {
		d.mirror(tCustomNetwork, c.action, p, fill)
	}
}

// aggregated says how many alike events one report stands for.
func aggregated(d dice) string {
	return `{"uniqueEventsAggregated":` + strconv.FormatInt(d.between(2, 40), 10) + "}"
}

// clientPort is a port of the range for clients.
func (d *device) clientPort() int64 {
	if d.class.unix() {
		return d.dice.between(32768, 60999)
	}
	return d.dice.between(49152, 65535)
}

// do connects the program to one of the servers of the kind.
func (h *hostDeed) do(d *device, p *process) bool {
	d.visit(p, h.list.pick(d.dice))
	return true
}

// visit connects a program to a server on the internet. Most connections
// succeed; some servers have IPv6.
func (d *device) visit(p *process, h host) {
	c := connection{action: "ConnectionSuccess", remoteIP: addressOf(h.name), url: h.name, remotePort: h.port, protocol: h.protocol}
	if stable(100, h.name, "v6") < 25 && !d.atHome && d.dice.chance(400) {
		c.remoteIP, c.localIP = address6(h.name), d.ip6
	}
	switch n := d.dice.below(1000); {
	case n < 30:
		c.action = "ConnectionFailed"
	case n < 50:
		c.action = "ConnectionAttempt"
	case n < 70 && h.port == 443:
		c.action = "ConnectionRequest"
	case n < 85:
		c.action = "ConnectionFound"
	case n < 95:
		c.action = "ConnectionSuccessAggregatedReport"
		c.fields = aggregated(d.dice)
	}
	if h.port == 80 {
		c.url = "http://" + h.name + "/" + words[d.dice.below(len(words))]
	}
	d.connection(p, c)
	if c.action == "ConnectionSuccess" && h.port == 443 && d.dice.chance(25) {
		d.sawTLS(h.name, c)
	}
}
