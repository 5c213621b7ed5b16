package types

// Calendar arithmetic on day numbers and ticks, exact for years 1 to 9999.
//
// A day number counts days since 0001-01-01 (a Monday), so ticks/TicksPerDay
// is the day number of a datetime and both run from 0: nothing here has to
// floor a negative quotient. Dates are split with the method of Neri and
// Schneider ("Euclidean affine functions", 2022): years start in March, so
// that the leap day is the last day, and every division is by a constant that
// compiles to a multiplication; there is no table and no loop.

// MaxDay is the day number of 9999-12-31.
const MaxDay int64 = 3652058

// march1 is the distance from 0000-03-01, where the method counts from, to
// 0001-01-01.
const march1 = 306

// CivilDay is a date taken apart.
type CivilDay struct {
	Year, Month, Day int
	YearDay          int // 1 to 366
}

// SplitDay takes a day number apart. Day numbers outside 0 to MaxDay give the
// nearest day inside.
func SplitDay(day int64) CivilDay {
	n := uint32(min(max(day, 0), MaxDay)) + march1
	n1 := 4*n + 3
	century := n1 / 146097
	n2 := n1%146097 | 3 // 4*day of the century + 3
	p := uint64(2939745) * uint64(n2)
	yearOfCentury := uint32(p >> 32)
	dayOfYear := uint32(p) / 2939745 / 4 // since 1 March
	n3 := 2141*dayOfYear + 197913
	d := CivilDay{
		Year:    int(100*century + yearOfCentury),
		Month:   int(n3 >> 16),
		Day:     int(n3&0xffff)/2141 + 1,
		YearDay: int(dayOfYear) + 60,
	}
	if dayOfYear >= march1 { // January and February belong to the next year
		d.Year++
		d.Month -= 12
		d.YearDay -= march1 + 59
	} else if leap(d.Year) {
		d.YearDay++
	}
	return d
}

// DayNumber is the inverse of SplitDay. The date must exist and lie in years
// 0 to 10000; year 0 gives negative numbers.
func DayNumber(year, month, day int) int64 {
	y, m := year, month
	if m <= 2 {
		y--
		m += 12
	}
	// Year -1 of the count is reached from January of year 0 only; shifting
	// by 400 years keeps the quotients non-negative.
	y += 400
	century := y / 100
	days := 1461*y/4 - century + century/4 + (979*m-2919)/32 + day - 1
	return int64(days) - march1 - 146097
}

// YearStart is the day number of 1 January.
func YearStart(year int) int64 { return DayNumber(year, 1, 1) }

// Weekday of a day number: 0 is Sunday, 6 Saturday.
func Weekday(day int64) int { return int((day + 1) % 7) }

// IsoWeek is the ISO 8601 week of a day: weeks start on Monday and week 1 has
// the year's first Thursday. The last day of all, a Friday, still has its
// Thursday.
func IsoWeek(day int64) int {
	thursday := day - day%7 + 3
	return (SplitDay(thursday).YearDay-1)/7 + 1
}

// WednesdayWeek is the week of the year under the older rule of weekofyear():
// weeks start on Sunday and week 1 has the year's first Wednesday.
func WednesdayWeek(day int64) int {
	wednesday := day - int64(Weekday(day)) + 3
	return (SplitDay(wednesday).YearDay-1)/7 + 1
}

// AddMonths moves a datetime by calendar months; a day that the month found
// does not have becomes its last day. It reports false when the result is
// outside years 1 to 9999.
func AddMonths(ticks, months int64) (int64, bool) {
	const limit = 12 * 10000
	if months > limit || months < -limit || !ValidDatetime(ticks) {
		return 0, false
	}
	date := SplitDay(ticks / TicksPerDay)
	at := int64(date.Year)*12 + int64(date.Month) - 1 + months
	if at < 12 || at >= limit {
		return 0, false
	}
	year, month := int(at/12), int(at%12)+1
	day := min(date.Day, DaysInMonth(year, month))
	return DayNumber(year, month, day)*TicksPerDay + ticks%TicksPerDay, true
}

// ValidDatetime reports ticks that are a datetime, from 0001-01-01 to
// 9999-12-31 23:59:59.9999999.
func ValidDatetime(ticks int64) bool { return uint64(ticks) <= uint64(MaxDatetime) }
