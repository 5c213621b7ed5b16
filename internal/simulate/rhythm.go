package simulate

// shift is a stretch of work at a device.
type shift struct {
	from, to    int64
	lunch, back int64 // 0: no lunch
	home        bool
}

// midnight is the last midnight at a place with an offset to UTC.
func midnight(t, zone int64) int64 { return (t+zone)/day*day - zone }

// weekend tells whether a day, given by its midnight, is no working day.
// Day 0 of the calendar, 0001-01-01, was a Monday.
func weekend(midnight, zone int64) bool { return (midnight+zone)/day%7 >= 5 }

// makePlan lays down when the owner works, from two days before the window on
// so that the window begins in the middle of life.
func (d *device) makePlan() {
	zone := d.site.zone
	late := int64(stable(150, d.id, "habit")) * minute // some are late risers
	for m := midnight(d.w.start-2*day, zone); m < d.w.end; m += day {
		switch {
		case weekend(m, zone) && !d.dice.chance(50):
			continue
		case d.dice.chance(45): // a day off
			continue
		}
		from := m + 7*hour + late + d.dice.between(0, 40*minute)
		s := shift{from: from, to: from + 7*hour + d.dice.between(20*minute, 150*minute), home: d.laptop && d.dice.chance(280)}
		if weekend(m, zone) {
			s.to = from + d.dice.between(hour, 3*hour)
		} else {
			s.lunch = m + 12*hour + d.dice.between(-20*minute, 50*minute)
			s.back = s.lunch + d.dice.between(25*minute, 65*minute)
		}
		if s.lunch < s.from+hour || s.back > s.to-hour {
			s.lunch, s.back = 0, 0
		}
		d.plan = append(d.plan, s)
	}
}

// overtime makes sure that the owner works around a time, in the office.
func (d *device) overtime(from, to int64) {
	var plan []shift
	s := shift{from: from, to: to}
	for _, x := range d.plan {
		if x.to < s.from || x.from > s.to {
			plan = append(plan, x)
			continue
		}
		s.from, s.to = min(s.from, x.from), max(s.to, x.to)
	}
	at := 0
	for at < len(plan) && plan[at].from < s.from {
		at++
	}
	d.plan = append(plan[:at:at], append([]shift{s}, plan[at:]...)...)
}

// working tells whether the owner is at work and not at lunch.
func (d *device) working(t int64) bool {
	lo, hi := 0, len(d.plan)
	for lo < hi {
		if mid := (lo + hi) / 2; d.plan[mid].to <= t {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(d.plan) || d.plan[lo].from > t {
		return false
	}
	s := d.plan[lo]
	return s.lunch == 0 || t < s.lunch || t >= s.back
}

// live schedules what the device does by itself.
func (d *device) live() {
	w := d.w
	if d.class.server {
		w.at(w.start-d.dice.between(3*day, 18*day), func() { d.boot(func() {}) })
		d.patches()
		return
	}
	for _, s := range d.plan {
		w.at(s.from, func() { d.arrive(s) })
		if s.lunch > 0 {
			w.at(s.lunch, d.lock)
			w.at(s.back, d.unlock)
		}
		w.at(s.to, d.leave)
	}
}

// patches restarts a server once a month in the night to Sunday, unless an
// attack needs it then.
func (d *device) patches() {
	for m := midnight(d.w.start, 0) + day; m < d.w.end; m += day {
		if (m/day)%7 != 6 || int(m/day/7)%4 != stable(4, d.id, "patch") {
			continue
		}
		t := m + 2*hour + int64(stable(90, d.id))*minute
		if !d.w.attackNear(t) {
			d.w.at(t, d.reboot)
		}
	}
}

// weightAt is how busy the device is, against 1000 of the average user. It is
// what is expected; weightNow is what is the case.
func (d *device) weightAt(t int64) int {
	switch {
	case d.class.server:
		return d.serverWeight(t)
	case d.working(t):
		return d.busy
	}
	return d.class.rest / 2
}

func (d *device) weightNow() int {
	switch {
	case d.power != on:
		return 0
	case d.class.server:
		return d.serverWeight(d.w.now)
	case d.console != nil && !d.console.away:
		return d.busy
	}
	return d.class.rest
}

// serverWeight rises with the office hours of the main site, and once in the
// night for backups.
func (d *device) serverWeight(t int64) int {
	local := t + sites[0].zone
	h := local % day / hour
	switch {
	case h == 2:
		return d.class.rest
	case weekend(midnight(t, sites[0].zone), sites[0].zone) || h < 7 || h > 18:
		return d.class.rest / 2
	}
	return d.class.rest * 3 / 2
}
