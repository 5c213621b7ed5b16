package types

import "strings"

// ParseDatetime reads a datetime as Kusto's datetime(…) literal and
// todatetime() do: ISO 8601, RFC 822, RFC 850, the sortable forms, and the
// looser ones recorded from the engine (month names, month/day/year with any
// of the separators "-", "/", ".", "," and spaces, AM and PM). A zone or an
// offset is applied; without one the text is UTC. A time without a date is
// refused: it would mean today, which a constant cannot know.
//
// Reference: query/scalar-data-types/datetime.md; recorded answers for the
// looser forms ('12-02-2022' is 2 December, '13-01-2022' is null).
func ParseDatetime(s string) (int64, bool) {
	if ticks, ok := parseISO(s); ok {
		return ticks, true
	}
	if len(s) > maxDatetimeText {
		return 0, false
	}
	p := dateScanner{rest: s}
	return p.parse()
}

// maxDatetimeText bounds the slow path; the longest documented form has some
// fifty characters.
const maxDatetimeText = 100

// parseISO is the fast path: YYYY-MM-DD, optionally [T ]hh:mm[:ss[.f…]][Z].
func parseISO(s string) (int64, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	year, ok1 := fixedDigits(s[0:4])
	month, ok2 := fixedDigits(s[5:7])
	day, ok3 := fixedDigits(s[8:10])
	ticks, ok := DateTicks(year, month, day)
	if !ok || !ok1 || !ok2 || !ok3 {
		return 0, false
	}
	if len(s) == 10 {
		return ticks, true
	}
	if len(s) < 16 || s[10] != 'T' && s[10] != ' ' || s[13] != ':' {
		return 0, false
	}
	hour, ok1 := fixedDigits(s[11:13])
	minute, ok2 := fixedDigits(s[14:16])
	if !ok1 || !ok2 || hour > 23 || minute > 59 {
		return 0, false
	}
	ticks += int64(hour)*TicksPerHour + int64(minute)*TicksPerMinute
	rest := s[16:]
	if len(rest) >= 3 && rest[0] == ':' {
		second, ok := fixedDigits(rest[1:3])
		if !ok || second > 59 {
			return 0, false
		}
		ticks += int64(second) * TicksPerSecond
		rest = rest[3:]
		if len(rest) > 1 && rest[0] == '.' {
			n := countDigits(rest[1:])
			ticks += fractionTicks(rest[1 : 1+n])
			rest = rest[1+n:]
		}
	}
	return ticks, (rest == "" || rest == "Z") && ticks <= MaxDatetime
}

func fixedDigits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func countDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// fractionTicks turns the digits after the seconds' point into ticks,
// rounding half up at the eighth digit as .NET does.
func fractionTicks(digits string) int64 {
	var n int64
	for i := range 7 {
		n *= 10
		if i < len(digits) {
			n += int64(digits[i] - '0')
		}
	}
	if len(digits) > 7 && digits[7] >= '5' {
		n++
	}
	return n
}

// dateScanner is the slow path: it takes the text apart into numbers, words
// and separators and accepts what makes one date.
type dateScanner struct {
	rest   string
	nums   [3]int // the numbers of the date in order of appearance
	digits [3]int // how many digits each was written with
	n      int
	month  int // a month's name, 0 = none
	named  int // how many numbers came before the month's name
}

func (p *dateScanner) parse() (int64, bool) {
	for !p.atTime() {
		p.skipSeparators()
		switch {
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
	s := strings.TrimLeft(p.rest, " ,\u00a0\u202f")
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

func (p *dateScanner) skipSeparators() {
	p.rest = strings.TrimLeft(p.rest, " -/.,\u00a0\u202f")
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
		p.month, p.named = m, p.n
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
	p.rest = strings.TrimLeft(p.rest, " \u00a0\u202f")
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
	s := strings.Trim(p.rest, " \u00a0\u202f")
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
