package types

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
