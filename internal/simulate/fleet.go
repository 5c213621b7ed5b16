package simulate

import (
	"fmt"
	"strconv"
)

// power is whether a device runs.
type power uint8

// The states of a device.
const (
	off power = iota
	on
	asleep
)

// device is a machine under observation.
type device struct {
	w     *world
	dice  dice
	class *class
	os    *platform
	site  *site
	n     int

	id, short, name string
	group           string
	laptop          bool
	exposed         bool // reachable from the internet
	vendor, model   string
	mac, ip, ip6    string
	homeIP          string // address when used at home
	atHome          bool
	owner           *account
	busy            int // how active its user is, 1000 on average
	plan            []shift

	power    power
	boots    int64
	started  int64 // processes since the start
	lastPid  int64
	reportID int64
	procs    []*process
	logins   []*login
	console  *login          // who is logged on in front of it
	remote   *login          // who is logged on through RDP
	seen     map[string]bool // hashes of programs whose certificate was reported
}

// site is an office with a network of its own.
type site struct {
	name     string
	n        int
	zone     int64 // offset to UTC
	publicIP string
}

var sites = [...]site{
	{"North", 0, 1 * hour, "203.0.113.10"},
	{"East", 1, -5 * hour, "203.0.113.20"},
	{"South", 2, 8 * hour, "203.0.113.30"},
}

// core is the part of the fleet that is there first, and in this order: the
// smallest fleet has MinDevices of them.
var core = [...]string{"dc", "fs", "office", "office", "admin", "jump", "sql", "linuxweb", "web", "linuxdb", "mac"}

// pattern is the mix of the rest.
var pattern = [...]string{"office", "office", "developer", "office", "office", "office", "mac", "office", "developer", "office",
	"app", "office", "office", "admin", "office", "linuxweb", "office", "developer", "office", "office"}

// newFleet makes the devices and their users.
func (w *world) newFleet(n int) {
	kinds := classes()
	counts := map[string]int{}
	for i := range n {
		name := pattern[(i-len(core)+len(pattern))%len(pattern)]
		if i < len(core) {
			name = core[i]
		}
		counts[name]++
		d := w.newDevice(i, counts[name], kinds[name])
		w.devices = append(w.devices, d)
		w.place(d)
	}
	w.accounts = newAccounts(w.o.Seed, n-counts["admin"], counts["admin"]+2)
	users, admins := 0, 0
	for _, d := range w.devices {
		switch {
		case d.class.name == "admin":
			d.owner = w.accounts.admins[admins]
			admins++
		case !d.class.server:
			d.owner = w.accounts.users[users]
			users++
		}
	}
}

func (w *world) newDevice(i, nth int, c *class) *device {
	seed := strconv.FormatUint(w.o.Seed, 10)
	tag := "device " + strconv.Itoa(i)
	d := &device{w: w, n: i, class: c, dice: newDice(w.o.Seed, tag), group: c.group, seen: map[string]bool{}}
	h1, _, _ := hashes(seed + tag)
	d.id = h1
	d.os = c.systems[nth%len(c.systems)]
	d.site = &sites[0]
	if !c.server {
		d.site = &sites[[...]int{0, 0, 1, 0, 1, 2}[i%6]]
	}
	d.short = fmt.Sprintf("%s-%04d", c.prefix, nth)
	if c.server {
		d.short = fmt.Sprintf("%s%02d", c.prefix, nth)
	}
	d.name = d.short + "." + domainName
	d.laptop = stable(100, seed, tag, "laptop") < c.laptops
	models := c.models
	if models == nil {
		if models = desks; d.laptop {
			models = laps
		}
	}
	d.vendor, d.model = cutModel(models[stable(len(models), seed, tag, "model")])
	d.exposed = c.name == "jump" || c.name == "linuxweb" && nth == 1
	d.address(nth)
	d.busy = 450 + stable(500, seed, tag, "busy1") + stable(700, seed, tag, "busy2")
	return d
}

func cutModel(s string) (vendor, model string) {
	for i := range len(s) {
		if s[i] == '|' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// address gives the device its place in the network: 10/8, and the prefix for
// documentation in IPv6.
func (d *device) address(nth int) {
	net, host := 20+d.n/200, d.n%200+20
	if d.class.server {
		net, host = 1+d.n/200, d.n%200+10
	}
	d.ip = fmt.Sprintf("10.%d.%d.%d", 10+d.site.n, net, host)
	d.ip6 = fmt.Sprintf("2001:db8:%x:%x::%x", 0x10+d.site.n, net, host)
	d.homeIP = fmt.Sprintf("10.200.%d.%d", d.n/250, d.n%250+2)
	d.mac = fmt.Sprintf("02-00-5E-%02X-%02X-%02X", d.n>>16&255, d.n>>8&255, nth&255)
}

// place notes what the device is to the others.
func (w *world) place(d *device) {
	switch d.class.name {
	case "dc":
		w.dc = d
	case "fs":
		w.fs = d
	case "web":
		w.web = d
	case "sql":
		w.sql = d
	case "jump":
		w.jump = d
	case "linuxdb":
		w.db = d
	}
	switch {
	case !d.class.server:
		w.stations = append(w.stations, d)
	case d.class.unix():
		w.linux = append(w.linux, d)
	default:
		w.servers = append(w.servers, d)
	}
}

// anyOf chooses a device.
func (w *world) anyOf(dice dice, list []*device) *device { return list[dice.below(len(list))] }

// localIP is the address the device has now, publicIP the one it shows to
// the internet.
func (d *device) localIP() string {
	if d.atHome {
		return d.homeIP
	}
	return d.ip
}

func (d *device) publicIP() string {
	if d.atHome {
		return "198.51.100." + strconv.Itoa(98+d.n%22)
	}
	if d.exposed {
		return "203.0.113." + strconv.Itoa(40+d.n%20)
	}
	return d.site.publicIP
}
