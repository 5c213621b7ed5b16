package types

// Ticks of the calendar. A datetime is ticks since 0001-01-01T00:00:00Z in
// the proleptic Gregorian calendar; MaxDatetime is 9999-12-31 23:59:59.9999999.
const (
	TicksPerMicrosecond int64 = 10
	TicksPerMillisecond       = 1000 * TicksPerMicrosecond
	TicksPerSecond            = 1000 * TicksPerMillisecond
	TicksPerMinute            = 60 * TicksPerSecond
	TicksPerHour              = 60 * TicksPerMinute
	TicksPerDay               = 24 * TicksPerHour

	MinDatetime int64 = 0
	MaxDatetime int64 = 3155378975999999999
)

// DateTicks returns the ticks of midnight of a date, and whether there is
// such a date between years 1 and 9999.
func DateTicks(year, month, day int) (int64, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month) {
		return 0, false
	}
	return DayNumber(year, month, day) * TicksPerDay, true
}

// SplitDate is the inverse of DateTicks; ticks must be a valid datetime.
func SplitDate(ticks int64) (year, month, day int) {
	d := SplitDay(ticks / TicksPerDay)
	return d.Year, d.Month, d.Day
}

// DaysInMonth is the length of a month; month is 1 to 12.
func DaysInMonth(year, month int) int {
	switch month {
	case 2:
		if leap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// FormatDatetime prints a datetime as Kusto does: 2024-02-25T00:00:00.0000000Z.
func FormatDatetime(ticks int64) string {
	var buf [28]byte
	return string(AppendDatetime(buf[:0], ticks))
}

// AppendDatetime appends FormatDatetime's text to dst. Ticks outside the
// range of datetime are printed as the nearest end of it.
func AppendDatetime(dst []byte, ticks int64) []byte {
	ticks = min(max(ticks, 0), MaxDatetime)
	year, month, day := SplitDate(ticks)
	dst = appendDigits(dst, uint64(year), 4)
	dst = append(dst, '-')
	dst = appendDigits(dst, uint64(month), 2)
	dst = append(dst, '-')
	dst = appendDigits(dst, uint64(day), 2)
	dst = append(dst, 'T')
	rest := uint64(ticks % TicksPerDay)
	dst = appendClock(dst, rest)
	dst = append(dst, '.')
	dst = appendDigits(dst, rest%uint64(TicksPerSecond), 7)
	return append(dst, 'Z')
}

// appendClock appends hh:mm:ss of the ticks since midnight.
func appendClock(dst []byte, rest uint64) []byte {
	dst = appendDigits(dst, rest/uint64(TicksPerHour), 2)
	dst = append(dst, ':')
	dst = appendDigits(dst, rest/uint64(TicksPerMinute)%60, 2)
	dst = append(dst, ':')
	return appendDigits(dst, rest/uint64(TicksPerSecond)%60, 2)
}

// appendDigits appends n in exactly width digits.
func appendDigits(dst []byte, n uint64, width int) []byte {
	at := len(dst)
	for range width {
		dst = append(dst, '0')
	}
	for i := at + width - 1; i >= at; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
	return dst
}
