package types

import "strings"

// dateBlanks are the spaces inside dates; text copied from elsewhere has some
// that are not ASCII.
const dateBlanks = " \t\r\n\u00a0\u202f"

// dateScanner is the slow path: it takes the text apart into numbers, words
// and separators and accepts what makes one date.
type dateScanner struct {
	rest   string
	nums   [3]int // the numbers of the date in order of appearance
	digits [3]int // how many digits each was written with
	n      int
	month  int // a month's name, 0 = none
}

func (p *dateScanner) parse() (int64, bool) {
	for first := true; !p.atTime(); first = false {
		mark := p.skipSeparator()
		if !first && p.atTime() {
			break
		}
		switch {
		case mark && (first || p.rest == ""):
			return 0, false
		case p.rest == "":
			return p.date()
		case p.rest[0] >= '0' && p.rest[0] <= '9':
			if !p.number() {
				return 0, false
			}
		default:
			if !p.word() {
				return 0, false
			}
		}
	}
	day, ok := p.date()
	if !ok {
		return 0, false
	}
	clock, ok := p.clock()
	if !ok {
		return 0, false
	}
	shift, ok := p.zone()
	ticks := day + clock - shift
	return ticks, ok && ticks >= 0 && ticks <= MaxDatetime
}

// atTime reports whether digits and a colon come next, after blanks or a "T".
func (p *dateScanner) atTime() bool {
	s := strings.TrimLeft(p.rest, dateBlanks)
	if s != "" && (s[0] == 'T' || s[0] == 't') && p.n > 0 {
		s = s[1:]
	}
	n := countDigits(s)
	if n == 0 || n > 2 || n == len(s) || s[n] != ':' {
		return false
	}
	p.rest = s
	return true
}

// skipSeparator skips blanks with at most one mark among them and reports
// whether there was a mark.
func (p *dateScanner) skipSeparator() bool {
	p.rest = strings.TrimLeft(p.rest, dateBlanks)
	mark := p.rest != "" && strings.IndexByte("-/.,", p.rest[0]) >= 0
	if mark {
		p.rest = strings.TrimLeft(p.rest[1:], dateBlanks)
	}
	return mark
}

func (p *dateScanner) number() bool {
	n := countDigits(p.rest)
	if p.n == 3 || n > 4 {
		return false
	}
	p.nums[p.n], _ = fixedDigits(p.rest[:n])
	p.digits[p.n] = n
	p.n++
	p.rest = p.rest[n:]
	return true
}

// word reads the name of a month or, before everything else, of a day.
func (p *dateScanner) word() bool {
	n := 0
	for n < len(p.rest) && isLetter(p.rest[n]) {
		n++
	}
	w := strings.ToLower(p.rest[:n])
	p.rest = p.rest[n:]
	if m := nameIndex(w, monthNames); m > 0 && p.month == 0 {
		p.month = m
		return true
	}
	return nameIndex(w, dayNames) > 0 && p.n == 0 && p.month == 0
}

const (
	monthNames = "january february march april may june july august september october november december"
	dayNames   = "monday tuesday wednesday thursday friday saturday sunday"
)

// nameIndex finds a full or three-letter name in a list; 0 is not found.
func nameIndex(w, list string) int {
	if len(w) < 3 {
		return 0
	}
	i := 0
	for name := range strings.SplitSeq(list, " ") {
		i++
		if w == name || len(w) == 3 && strings.HasPrefix(name, w) {
			return i
		}
	}
	return 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// date decides which number is the year, the month and the day.
func (p *dateScanner) date() (int64, bool) {
	var year, month, day, yearDigits int
	switch {
	case p.month > 0 && p.n == 2:
		month = p.month
		if p.digits[0] == 4 { // 2022 Dec 2
			year, day, yearDigits = p.nums[0], p.nums[1], 4
		} else { // 2 Dec 2022, Dec 2, 2022
			day, year, yearDigits = p.nums[0], p.nums[1], p.digits[1]
		}
	case p.month == 0 && p.n == 3 && p.digits[0] == 4:
		year, month, day, yearDigits = p.nums[0], p.nums[1], p.nums[2], 4
	case p.month == 0 && p.n == 3:
		month, day, year, yearDigits = p.nums[0], p.nums[1], p.nums[2], p.digits[2]
	case p.month == 0 && p.n == 2 && p.digits[0] == 4: // 2015-01
		year, month, day, yearDigits = p.nums[0], p.nums[1], 1, 4
	default:
		return 0, false
	}
	switch yearDigits {
	case 4:
	case 1, 2: // the window of .NET's invariant calendar
		year += 1900
		if year < 1950 {
			year += 100
		}
	default:
		return 0, false
	}
	return DateTicks(year, month, day)
}

// clock reads h:mm[:ss[.f…]] [AM|PM].
func (p *dateScanner) clock() (int64, bool) {
	hour, ok := p.part(23)
	if !ok || p.rest == "" {
		return 0, false
	}
	p.rest = p.rest[1:] // the colon that atTime saw
	minute, ok := p.part(59)
	if !ok {
		return 0, false
	}
	ticks := int64(minute) * TicksPerMinute
	if strings.HasPrefix(p.rest, ":") {
		p.rest = p.rest[1:]
		second, ok := p.part(59)
		if !ok {
			return 0, false
		}
		ticks += int64(second) * TicksPerSecond
		if strings.HasPrefix(p.rest, ".") {
			n := countDigits(p.rest[1:])
			ticks += fractionTicks(p.rest[1 : 1+n])
			p.rest = p.rest[1+n:]
		}
	}
	p.rest = strings.TrimLeft(p.rest, dateBlanks)
	if half := halfOfDay(p.rest); half != 0 {
		if hour < 1 || hour > 12 {
			return 0, false
		}
		hour %= 12
		if half == 'p' {
			hour += 12
		}
		p.rest = p.rest[2:]
	}
	return ticks + int64(hour)*TicksPerHour, true
}

// halfOfDay is 'a' for AM, 'p' for PM, else 0 (GMT too ends in an M).
func halfOfDay(s string) byte {
	if len(s) < 2 || s[1]|0x20 != 'm' {
		return 0
	}
	if half := s[0] | 0x20; half == 'a' || half == 'p' {
		return half
	}
	return 0
}

// part reads one or two digits that are at most limit.
func (p *dateScanner) part(limit int) (int, bool) {
	n := countDigits(p.rest)
	if n == 0 || n > 2 {
		return 0, false
	}
	v, _ := fixedDigits(p.rest[:n])
	p.rest = p.rest[n:]
	return v, v <= limit
}

// zone reads Z, GMT, UTC or ±hh[[:]mm] and returns what to subtract.
func (p *dateScanner) zone() (int64, bool) {
	s := strings.Trim(p.rest, dateBlanks)
	switch strings.ToUpper(s) {
	case "", "Z", "GMT", "UTC", "UT":
		return 0, true
	}
	if s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	digits := strings.Replace(s[1:], ":", "", 1)
	if len(digits) == 2 {
		digits += "00"
	}
	n, ok := fixedDigits(digits)
	if !ok || len(digits) != 4 || n/100 > 14 || n%100 > 59 {
		return 0, false
	}
	shift := int64(n/100)*TicksPerHour + int64(n%100)*TicksPerMinute
	if s[0] == '-' {
		shift = -shift
	}
	return shift, true
}
