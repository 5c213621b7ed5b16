package ingest

// clock finds out what the times in a recording mean.
//
// A record's header time is often not UTC though it looks so: NXLog writes
// local time without a zone, and some exports write local time, even on a
// 12-hour dial, and put a Z behind it. Sysmon's UtcTime is UTC by
// construction. So the first pass notes, per device and hour of header time,
// by how many quarters of an hour UtcTime is ahead; the commonest difference
// is the correction of that hour, of Sysmon's and of the other channels'
// events alike. Where no Sysmon event tells, a header time without a zone is
// compared with @timestamp, the UTC time of collection; else it is believed.
//
// UtcTime itself has a flaw: network and DNS events (3 and 22) take it from a
// kernel clock that stands still while the machine sleeps. They do not vote,
// and an event whose UtcTime is more than five minutes off its corrected
// header time takes the latter.
type clock struct {
	votes map[clockKey]votes
	fixed map[clockKey]int64
	full  bool
}

// clockKey is an hour of a device's header time, or with hour -1 the device,
// or with host -1 the recording.
type clockKey struct{ host, hour int32 }

type votes []vote

type vote struct{ quarters, n int32 }

const (
	maxClockKeys = 200_000
	utcTolerance = 5 * minute
	// maxZone bounds differences from the time of collection: more than a
	// time zone can explain means that the recording was collected later.
	maxZone = 14 * hour
	// votes of the time of collection are kept apart from Sysmon's.
	collected = 1 << 30
)

func newClock() clock {
	return clock{votes: map[clockKey]votes{}, fixed: map[clockKey]int64{}}
}

// observe lets an event vote. header is its header time, 0 if it has none.
func (c *clock) observe(host int32, e *event, header int64, zoned bool, o origin) {
	if header == 0 {
		return
	}
	key := clockKey{host, int32(header / hour)}
	if o == fromSysmon && !e.is(fEventID, "3") && !e.is(fEventID, "22") {
		if utc := e.time(fUtcTime); utc != 0 {
			c.vote(key, utc-header)
			c.vote(clockKey{host, -1}, utc-header)
			c.vote(clockKey{-1, -1}, utc-header)
			return
		}
	}
	if !zoned && e.has(fEventTime) {
		if at := e.time(fAtTimestamp); at != 0 && at-header < maxZone && header-at < maxZone {
			c.vote(clockKey{host | collected, -1}, at-header)
		}
	}
}

func (c *clock) vote(key clockKey, ahead int64) {
	q := floorDiv(ahead+quarter/2, quarter)
	vs := c.votes[key]
	for i := range vs {
		if int64(vs[i].quarters) == q {
			vs[i].n++
			return
		}
	}
	if len(vs) >= 64 || vs == nil && len(c.votes) >= maxClockKeys || q != int64(int32(q)) {
		return
	}
	c.votes[key] = append(vs, vote{int32(q), 1})
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// settle counts the votes.
func (c *clock) settle() {
	for key, vs := range c.votes {
		best := vs[0]
		for _, v := range vs[1:] {
			if v.n > best.n || v.n == best.n && v.quarters < best.quarters {
				best = v
			}
		}
		c.fixed[key] = int64(best.quarters) * quarter
	}
	c.votes = nil
}

// correct turns a header time into UTC.
func (c *clock) correct(host int32, header int64) int64 {
	if header == 0 {
		return 0
	}
	for _, key := range [...]clockKey{{host, int32(header / hour)}, {host, -1}, {-1, -1}, {host | collected, -1}} {
		if ahead, ok := c.fixed[key]; ok {
			if t := header + ahead; t > 0 && t <= maxTicks {
				return t
			}
		}
	}
	return header
}

// headerTime reads the time in an event's header.
func headerTime(e *event) (ticks int64, zoned bool) {
	for _, f := range [...]field{fEventTime, fTimeCreated, fAtTimestamp} {
		if v := &e.vals[f]; v.kind == jsonString {
			if t, z, ok := parseTime(v.raw); ok {
				return t, z
			}
		}
	}
	return 0, false
}
