package simulate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/types"
)

// attack is a scripted intrusion.
type attack struct {
	name       string
	device     *device // where it shows first
	start      int64
	part       int64 // when it happens, in per mille of the window
	length     int64
	techniques []string
	hunt       string
	play       func(*script)
}

// describe is the report's entry.
func (a *attack) describe() Attack {
	return Attack{Name: a.name, Device: a.device.name, Start: types.TimeOf(a.start), Techniques: a.techniques, Hunt: a.hunt}
}

// plotAttacks chooses victims and times. Where the victim is somebody's
// workstation, the time is one at which that person works; if there is none
// in a short window, that person works overtime.
func (w *world) plotAttacks() {
	office, desk, admin := w.stations[0], w.stations[1], w.stations[2]
	w.attacks = []*attack{w.phishing(office), w.credentials(admin), w.lateral(admin), w.persistence(desk), w.exfiltration(), w.ransomware()}
	for _, a := range w.attacks {
		d := newDice(w.o.Seed, "attack "+a.name)
		a.start = w.start + (w.end-w.start)/1000*a.part + d.between(0, 10*minute)
		if !a.device.class.server {
			a.start = a.device.officeHours(a.start, a.length)
			a.device.overtime(a.start-hour, a.start+a.length+hour/2)
		}
		s := &script{w: w, d: a.device, at: a.start, name: a.name, dice: d}
		w.at(a.start, func() { a.play(s) })
	}
	slices.SortFunc(w.attacks, func(a, b *attack) int { return cmp.Compare(a.start, b.start) })
}

// officeHours moves a time to the nearest one at which the owner works for so
// long, if there is one within a tenth of the window; else it stays.
func (d *device) officeHours(t, length int64) int64 {
	best, far := t, (d.w.end-d.w.start)/10
	for _, s := range d.plan {
		at := s.from + 80*minute
		if at+length > s.to || at < d.w.start+hour || at+length > d.w.end {
			continue
		}
		if off := max(at-t, t-at); off < far {
			best, far = at, off
		}
	}
	return best
}

// attackNear tells whether a server has to stay up around a time.
func (w *world) attackNear(t int64) bool {
	for _, a := range w.attacks {
		if t > a.start-6*hour && t < a.start+6*hour {
			return true
		}
	}
	return false
}

// script plays an attack step by step. Its time runs ahead of the world's: a
// step is scheduled, not run.
type script struct {
	w    *world
	d    *device
	at   int64
	name string
	dice dice
}

// then does something so long after the step before, give or take.
func (s *script) then(after int64, do func()) {
	s.at += after + s.dice.between(0, after/6)
	s.w.at(s.at, do)
}

// must is a process that the attack needs. Without it the rows would not tell
// the story that doc.go tells.
func (s *script) must(d *device, key string, p *process) *process {
	if p == nil {
		s.w.out.fail(fmt.Errorf("simulate: attack %s: %s does not run on %s; try another --seed", s.name, key, d.short))
		return &process{d: d, ended: true, login: d.builtin(s.w.accounts.system), img: &image{}, role: s.w.lib.byKey[key]}
	}
	return p
}

// find gives a running program.
func (s *script) find(d *device, key string) *process { return s.must(d, key, d.find(key)) }

// shell gives the desktop of who sits in front of a device.
func (s *script) shell(d *device) *process { return s.find(d, d.class.shell) }

// run starts a program with a command line.
func (s *script) run(parent *process, key, cmd string) *process {
	d := parent.d
	return s.must(d, key, d.start(parent, s.w.lib.byKey[key], launch{cmd: cmd}))
}

// later runs a tool from a console, as the next step.
func (s *script) later(after int64, console **process, key, cmd string) {
	s.then(after, func() { s.run(*console, key, cmd) })
}

// end ends a process, as the next step.
func (s *script) end(after int64, p **process) {
	s.then(after, func() { (*p).d.exit(*p) })
}

// resolve is the DNS answer before a first connection.
func (s *script) resolve(p *process, name, ip string) {
	p.d.event(p, event{action: "DnsQueryResponse", fields: `{"DnsQueryString":` + quote(name) + `,"DnsQueryResult":"[{\"Result\":\"` + ip +
		`\",\"DnsQueryType\":\"A\"}]"}`})
}

// connect is a connection to the attacker.
func (s *script) connect(p *process, name, ip string, port int64) {
	p.d.connection(p, connection{action: "ConnectionSuccess", remoteIP: ip, url: name, remotePort: port, protocol: "Tcp"})
}
