package simulate

import "strconv"

// process is a running program.
type process struct {
	d         *device
	role      *role
	img       *image
	parent    *process
	login     *login
	pid       int64
	start     int64
	number    int64 // Windows session, -1 on Unix
	cmd       string
	unique    string
	integrity string
	elevation string
	kids      []*process // those that end with it
	at        int        // place in device.procs
	ended     bool
	launched  *device // where an RDP client is logged on, and
	opened    *login  // its session there
}

// launch says what is special about a start; the zero value: nothing.
type launch struct {
	login  *login // as whom, for roles that run as a user
	cmd    string // the command line, if not one of the role's
	number int64  // Windows session, if not the parent's (0: the parent's)
	silent bool   // no event; for what is there before the first event
}

// start runs a program as a child of another. It returns nil if it cannot run
// now: nobody is logged on, or the parent is gone.
func (d *device) start(parent *process, r *role, o launch) *process {
	if parent.ended || d.power == off || parent.start >= d.w.now {
		return nil
	}
	l := d.sessionOf(parent, r, o.login)
	if l == nil || l.ended {
		return nil
	}
	p := &process{d: d, role: r, parent: parent, login: l, start: d.w.now, number: parent.number}
	if o.number != 0 {
		p.number = o.number
	} else if l.account.person && r.as == "user" {
		p.number = l.number
	}
	s := scene{d: d, a: l.account, pp: parent}
	p.img = d.image(r.prog, d.home(s.person()))
	s.exe = p.img
	c := r.commands.pick(d.dice)
	p.cmd = o.cmd
	if p.cmd == "" {
		p.cmd = s.fill(c.line)
	}
	p.integrity, p.elevation = rights(parent, l, r)
	d.enter(p)
	if r.life.until == "parent" {
		parent.kids = append(parent.kids, p)
	}
	if !o.silent {
		ev := d.row(tProcess, "ProcessCreated")
		ev.by(parent)
		ev.process(p)
		d.mirror(tCustomProcess, "ProcessCreated", p, func(r row) { r.process(p) })
	}
	if r.life.until == "" {
		d.w.at(d.w.now+d.dice.between(r.life.lo, r.life.hi), func() { d.exit(p) })
	}
	d.unfold(p, c, o.cmd != "")
	return p
}

// enter gives a process its identity and puts it among the running ones.
func (d *device) enter(p *process) {
	d.started++
	p.unique = strconv.FormatInt(d.boots<<48|d.started, 10)
	if p.pid == 0 {
		p.pid = d.newPid()
	}
	p.at = len(d.procs)
	d.procs = append(d.procs, p)
}

// newPid finds a free process id; like Windows, it comes back to old ones.
func (d *device) newPid() int64 {
	step, limit, first := 4*d.dice.between(1, 60), int64(26_000), int64(600)
	if d.class.unix() {
		step, limit, first = d.dice.between(1, 40), 99_000, 500
	}
	for {
		d.lastPid += step
		if d.lastPid > limit {
			d.lastPid = first
		}
		if !d.taken(d.lastPid) {
			return d.lastPid
		}
		step = 4
	}
}

func (d *device) taken(pid int64) bool {
	for _, p := range d.procs {
		if p.pid == pid {
			return true
		}
	}
	return false
}

// exit ends a process and those that live on it.
func (d *device) exit(p *process) {
	if p.ended {
		return
	}
	p.ended = true
	last := len(d.procs) - 1
	d.procs[p.at] = d.procs[last]
	d.procs[p.at].at = p.at
	d.procs[last] = nil
	d.procs = d.procs[:last]
	for _, k := range p.kids {
		d.exit(k)
	}
	p.kids = nil
	if p.opened != nil && p.launched.remote == p.opened {
		p.launched.endRemote()
	}
}

// find gives the newest running process of a role, or nil.
func (d *device) find(key string) *process {
	var found *process
	for _, p := range d.procs {
		if p.role.key == key && (found == nil || p.start > found.start) {
			found = p
		}
	}
	return found
}

// findFor is find among the processes of a session.
func (d *device) findFor(l *login, key string) *process {
	var found *process
	for _, p := range d.procs {
		if p.login == l && p.role.key == key && (found == nil || p.start > found.start) {
			found = p
		}
	}
	return found
}

// row begins a row about this device, now. Before the window it is the row
// that swallows everything.
func (d *device) row(t tableID, action string) row {
	if d.w.now < d.w.start {
		return row{}
	}
	r := d.w.tables[t].add()
	d.reportID++
	table := r.sheet.table
	r.batch.Set(r.n, table.Time, datetime(d.w.now))
	r.batch.Set(r.n, table.Device, text(d.id))
	r.text(cDeviceName, d.name)
	r.text(cActionType, action)
	r.text(cMachineGroup, d.group)
	r.num(cReportID, d.reportID)
	return r
}
