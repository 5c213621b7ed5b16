package hunt

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// maxUnits bounds one number of a duration: years 1 to 9999 have fewer seconds.
const maxUnits = 1_000_000_000_000

// units are the designators of a duration in their order, and what one of each is.
type unit struct {
	letter byte
	months int64
	ticks  int64
}

var (
	dateUnits = [...]unit{{'Y', 12, 0}, {'M', 1, 0}, {'W', 0, 7 * types.TicksPerDay}, {'D', 0, types.TicksPerDay}}
	timeUnits = [...]unit{{'H', 0, 3600 * types.TicksPerSecond}, {'M', 0, 60 * types.TicksPerSecond}, {'S', 0, types.TicksPerSecond}}
)

// parsePeriod reads a duration behind its P. Only the last number may have a fraction, and no number of months or years:
// how long half a month is, nobody knows.
func parsePeriod(text string) (months, ticks int64, ok bool) {
	if months, ticks, ok = parseCounts(text); ok {
		return months, ticks, true
	}
	date, clock, timed := strings.Cut(text, "T")
	if timed && clock == "" || !timed && date == "" {
		return 0, 0, false
	}
	p := period{ok: true}
	p.read(date, dateUnits[:])
	p.read(clock, timeUnits[:])
	return p.months, p.ticks, p.ok
}

// parseCounts reads the alternative form of a duration, which is written as a date and a time are: 0001-02-03T04:05:06.
func parseCounts(text string) (months, ticks int64, ok bool) {
	date, clock, timed := strings.Cut(text, "T")
	if !shaped(date, "dddd-dd-dd") && !shaped(date, "dddddddd") || timed && !shaped(clock, "dd:dd:dd") && !shaped(clock, "dddddd") {
		return 0, 0, false
	}
	d, t := strings.ReplaceAll(date, "-", ""), strings.ReplaceAll(clock, ":", "")
	if !timed {
		t = "000000"
	}
	month, day, hour, minute, second := digits(d[4:6]), digits(d[6:]), digits(t[:2]), digits(t[2:4]), digits(t[4:])
	if month > 12 || day > 30 || hour > 24 || minute > 60 || second > 60 {
		return 0, 0, false
	}
	seconds := int64(hour*60+minute)*60 + int64(second)
	return int64(digits(d[:4])*12 + month), int64(day)*types.TicksPerDay + seconds*types.TicksPerSecond, true
}

type period struct {
	months, ticks int64
	fraction, ok  bool
}

func (p *period) read(text string, units []unit) {
	for text != "" && p.ok {
		whole, rest, digits := number(text)
		frac, scale := int64(0), int64(1)
		if rest != "" && (rest[0] == '.' || rest[0] == ',') {
			var n int
			frac, scale, n = fraction(rest[1:])
			rest = rest[1+n:]
			p.ok = n > 0
			digits *= n
		}
		i := 0
		for rest != "" && i < len(units) && units[i].letter != rest[0] {
			i++
		}
		if rest == "" || i == len(units) || digits == 0 || p.fraction {
			p.ok = false
			return
		}
		p.fraction = scale > 1
		p.add(units[i], whole, frac, scale)
		units, text = units[i+1:], rest[1:]
	}
}

func (p *period) add(u unit, whole, frac, scale int64) {
	if u.months > 0 {
		p.ok = p.ok && frac == 0 && whole <= 12*10000
		p.months += whole * u.months
		return
	}
	if whole > types.MaxDatetime/u.ticks {
		p.ok = false
		return
	}
	p.ticks = min(p.ticks+whole*u.ticks+mulDiv(frac, u.ticks, scale), types.MaxDatetime)
}

// mulDiv is frac*ticks/scale for frac < scale <= 10^9 and ticks of at most a week, which is below 10^13: in two steps.
func mulDiv(frac, ticks, scale int64) int64 {
	return ticks/scale*frac + ticks%scale*frac/scale
}

// number reads digits; n is how many there were, 0 for none or too great a number.
func number(text string) (value int64, rest string, n int) {
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		if value = value*10 + int64(text[n]-'0'); value > maxUnits {
			return 0, text, 0
		}
		n++
	}
	return value, text[n:], n
}

// fraction reads the digits behind a decimal sign; those after the ninth are less than a tick of every unit but the
// longest, and dropped.
func fraction(text string) (value, scale int64, n int) {
	scale = 1
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		if n < 9 {
			value, scale = value*10+int64(text[n]-'0'), scale*10
		}
		n++
	}
	return value, scale, n
}

// parseTime reads a calendar date, with or without a time of day and a zone, in the extended form (2024-03-01T12:30:00Z)
// or the basic one (20240301T123000Z). Without a zone it is UTC.
func parseTime(text string) (int64, bool) {
	date, clock, timed := strings.Cut(text, "T")
	if !timed {
		date, clock, timed = strings.Cut(text, " ")
	}
	day, ok := parseDate(date)
	if !ok || !timed {
		return day, ok
	}
	of, ok := parseClock(clock)
	ticks := day + of
	return ticks, ok && types.ValidDatetime(ticks)
}

// parseDate reads a day of a month (2024-03-01), of a year (2024-061) or of a week (2024-W09-5), with or without hyphens.
func parseDate(text string) (int64, bool) {
	d := strings.ReplaceAll(text, "-", "")
	if len(d) < 7 || !shaped(d[:4], "dddd") || digits(d[:4]) == 0 {
		return 0, false
	}
	year := digits(d[:4])
	day, ok := int64(0), false
	switch {
	case shaped(text, "dddd-dd-dd"), shaped(text, "dddddddd"):
		m, n := digits(d[4:6]), digits(d[6:])
		if ok = m >= 1 && m <= 12 && n >= 1 && n <= types.DaysInMonth(year, m); ok {
			day = types.DayNumber(year, m, n)
		}
	case shaped(text, "dddd-ddd"), shaped(text, "ddddddd"):
		n, first := int64(digits(d[4:])), types.DayNumber(year, 1, 1)
		day, ok = first+n-1, n >= 1 && n <= types.DayNumber(year, 12, 31)-first+1
	case shaped(text, "dddd-Wdd-d"), shaped(text, "ddddWddd"):
		week, n, first := int64(digits(d[5:7])), int64(digits(d[7:])), firstMonday(year)
		day = first + (week-1)*7 + n - 1
		ok = n >= 1 && n <= 7 && week >= 1 && day < firstMonday(year+1)
	}
	ticks := day * types.TicksPerDay
	return ticks, ok && types.ValidDatetime(ticks)
}

// firstMonday is the Monday of the week that holds January 4th. Day 0, the first of the calendar, was a Monday.
func firstMonday(year int) int64 {
	n := types.DayNumber(year, 1, 4)
	return n - n%7
}

// parseClock reads a time of day with its zone into ticks after midnight UTC; a zone can make them negative.
func parseClock(text string) (int64, bool) {
	offset := int64(0)
	if at := strings.IndexAny(text, "Z+-"); at >= 0 {
		var ok bool
		if offset, ok = parseZone(text[at:]); !ok {
			return 0, false
		}
		text = text[:at]
	}
	text, part, fractional := cutAny(text, ".,")
	hms := strings.ReplaceAll(text, ":", "")
	if !shaped(text, "dd") && !shaped(text, "dd:dd") && !shaped(text, "dd:dd:dd") && !shaped(text, "dddd") && !shaped(text, "dddddd") {
		return 0, false
	}
	unit, ticks := int64(24*3600)*types.TicksPerSecond, int64(0)
	for i, base := range []int64{24, 60, 60} {
		if len(hms) < 2*i+2 {
			break
		}
		n := int64(digits(hms[2*i : 2*i+2]))
		unit /= base
		if n > base || i > 0 && n == base {
			return 0, false
		}
		ticks += n * unit
	}
	if fractional {
		value, scale, n := fraction(part)
		if n == 0 || n != len(part) {
			return 0, false
		}
		ticks += mulDiv(value, unit, scale)
	}
	if ticks > types.TicksPerDay { // 24:00:00 is the end of the day
		return 0, false
	}
	return ticks - offset, true
}

// parseZone reads Z, +02, +0200 or +02:00.
func parseZone(text string) (int64, bool) {
	if text == "Z" {
		return 0, true
	}
	d := strings.ReplaceAll(text[1:], ":", "")
	if !shaped(text[1:], "dd") && !shaped(text[1:], "dddd") && !shaped(text[1:], "dd:dd") {
		return 0, false
	}
	hours, minutes := digits(d[:2]), 0
	if len(d) == 4 {
		minutes = digits(d[2:])
	}
	if hours > 14 || minutes > 59 {
		return 0, false
	}
	offset := int64(hours*60+minutes) * 60 * types.TicksPerSecond
	if text[0] == '-' {
		offset = -offset
	}
	return offset, text[0] != 'Z'
}

func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// shaped compares a text with a form, in which d is any digit.
func shaped(text, form string) bool {
	if len(text) != len(form) {
		return false
	}
	for i := range len(form) {
		digit := text[i] >= '0' && text[i] <= '9'
		if form[i] == 'd' && !digit || form[i] != 'd' && text[i] != form[i] {
			return false
		}
	}
	return true
}

func digits(text string) (n int) {
	for i := range len(text) {
		n = n*10 + int(text[i]-'0')
	}
	return n
}
