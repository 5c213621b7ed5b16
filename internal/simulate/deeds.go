package simulate

import "strings"

// deed finds what a name in data stands for.
func (l *library) deed(name string) (kind, deed) {
	k, what, _ := strings.Cut(name, ".")
	switch k {
	case "file":
		if d := l.files[what]; d != nil {
			return kFile, d
		}
	case "reg":
		if d := l.registry[what]; d != nil {
			return kRegistry, d
		}
	case "ev":
		if d := l.events[what]; d != nil {
			return kEvent, d
		}
	case "net":
		if d := l.hosts[what]; d != nil {
			return kNetwork, d
		}
		if d, ok := networkDeeds[what]; ok {
			return kNetwork, d
		}
	case "logon":
		if d, ok := logonDeeds[what]; ok {
			return kLogon, d
		}
	}
	return 0, nil
}

// deedFunc is a deed that is a function of its own.
type deedFunc func(d *device, p *process) bool

func (f deedFunc) do(d *device, p *process) bool { return f(d, p) }

// act lets the device do one thing, and at times a few more of the kind.
func (d *device) act() {
	if d.power != on {
		return
	}
	for range 3 {
		k := d.pickKind()
		p := d.pickProcess(k)
		if p == nil {
			continue
		}
		if !d.perform(k, p) {
			continue
		}
		if k != kLaunch && k != kLogon {
			for range d.dice.below(3) {
				d.soon(p, 50*millisecond, 25*second, func() { d.perform(k, p) })
			}
		}
		return
	}
}

func (d *device) pickKind() kind {
	n := d.dice.below(d.class.total)
	for k, w := range d.class.mix {
		if n -= w; n < 0 {
			return kind(k)
		}
	}
	return kNetwork
}

// pickProcess chooses a process that does things of a kind, by weight. What
// people run does most while they are there, and rests while they are away.
func (d *device) pickProcess(k kind) *process {
	total := 0
	for _, p := range d.procs {
		total += d.weight(p, k)
	}
	n := d.dice.below(total)
	for _, p := range d.procs {
		w := d.weight(p, k)
		if n < w {
			return p
		}
		n -= w
	}
	return nil
}

func (d *device) weight(p *process, k kind) int {
	w := 0
	switch k {
	case kLaunch:
		w = p.role.spawn
	case kImage:
		w = len(p.role.prog.dlls)
	default:
		w = p.role.does[k].total()
	}
	switch {
	case !p.login.account.person || d.class.server:
		return 12 * w
	case p.login.away:
		return w
	}
	return 60 * w
}

func (d *device) perform(k kind, p *process) bool {
	switch k {
	case kLaunch:
		return d.launchFrom(p)
	case kImage:
		d.load(p, p.role.prog.dlls[d.dice.below(len(p.role.prog.dlls))])
		return true
	}
	return p.role.does[k].pick(d.dice).do(d, p)
}
