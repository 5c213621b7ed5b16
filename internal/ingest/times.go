package ingest

import "time"

// Datetimes are ticks of 100 ns since 0001-01-01T00:00:00Z, as everywhere.
const (
	second  = 10_000_000
	minute  = 60 * second
	hour    = 60 * minute
	day     = 24 * hour
	quarter = 15 * minute

	// unixEpoch is 1970-01-01 in ticks.
	unixEpoch = 621_355_968_000_000_000
	maxTicks  = 3_155_378_975_999_999_999
)

// parseTime reads an ISO 8601 date or date-time in the extended or the basic
// form: a T, a t or a space between date and time; minutes, seconds and any
// number of decimals optional; a zone (Z, ±hh, ±hh:mm, ±hhmm) or none, which
// means UTC. zoned tells whether there was one.
func parseTime[T string | []byte](s T) (ticks int64, zoned, ok bool) {
	r := timeReader[T]{s: s}
	y := r.number(4)
	ext := r.skip('-')
	m := r.number(2)
	if ext && !r.skip('-') {
		return 0, false, false
	}
	d := r.number(2)
	if r.bad || y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false, false
	}
	ticks = days(y, m, d) * day
	if r.i < len(s) {
		t, z, fine := r.clock()
		if !fine {
			return 0, false, false
		}
		ticks, zoned = ticks+t, z
	}
	return ticks, zoned, ticks >= 0 && ticks <= maxTicks
}

type timeReader[T string | []byte] struct {
	s   T
	i   int
	bad bool
}

func (r *timeReader[T]) number(n int) int64 {
	if len(r.s)-r.i < n {
		r.bad = true
		return 0
	}
	var x int64
	for range n {
		c := r.s[r.i]
		if !isDigit(c) {
			r.bad = true
			return 0
		}
		x = x*10 + int64(c-'0')
		r.i++
	}
	return x
}

func (r *timeReader[T]) skip(c byte) bool {
	if r.i < len(r.s) && r.s[r.i] == c {
		r.i++
		return true
	}
	return false
}

// clock reads the time of day and the zone, to the end of the text.
func (r *timeReader[T]) clock() (ticks int64, zoned, ok bool) {
	if !r.skip('T') && !r.skip('t') && !r.skip(' ') {
		return 0, false, false
	}
	h := r.number(2)
	ext := r.skip(':')
	m := r.number(2)
	var s int64
	if !r.bad && (r.skip(':') || !ext && r.i < len(r.s) && isDigit(r.s[r.i])) {
		s = r.number(2)
		ticks = r.fraction()
	}
	if r.bad || h > 23 || m > 59 || s > 59 {
		return 0, false, false
	}
	ticks += h*hour + m*minute + s*second
	shift, zoned := r.zone()
	return ticks - shift, zoned, !r.bad && r.i == len(r.s)
}

// fraction reads decimals of a second; those beyond a tick are cut off.
func (r *timeReader[T]) fraction() int64 {
	if !r.skip('.') && !r.skip(',') {
		return 0
	}
	start := r.i
	var x int64
	unit := int64(second)
	for r.i < len(r.s) && isDigit(r.s[r.i]) {
		if unit /= 10; unit > 0 {
			x += int64(r.s[r.i]-'0') * unit
		}
		r.i++
	}
	r.bad = r.bad || r.i == start
	return x
}

func (r *timeReader[T]) zone() (shift int64, zoned bool) {
	if r.skip('Z') || r.skip('z') {
		return 0, true
	}
	sign := int64(1)
	switch {
	case r.skip('+'):
	case r.skip('-'):
		sign = -1
	default:
		return 0, false
	}
	h, m := r.number(2), int64(0)
	if r.skip(':') || r.i < len(r.s) {
		m = r.number(2)
	}
	r.bad = r.bad || h > 23 || m > 59
	return sign * (h*hour + m*minute), true
}

func daysIn(y, m int64) int64 {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// days counts the days from 0001-01-01 to y-m-d. The year is taken to begin
// in March, so that the leap day is its last.
func days(y, m, d int64) int64 {
	if m <= 2 {
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 307
}

// formatTime writes ticks as ISO 8601 with all seven decimals.
func formatTime(ticks int64) string {
	t := time.Unix(ticks/second-unixEpoch/second, ticks%second*100).UTC()
	return t.Format("2006-01-02T15:04:05.0000000Z")
}
