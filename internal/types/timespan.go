package types

import (
	"math/bits"
	"strings"
)

// FormatTimespan prints a timespan in .NET's constant format, as Kusto does:
// [-][d.]hh:mm:ss[.fffffff].
func FormatTimespan(ticks int64) string {
	var buf [32]byte
	return string(AppendTimespan(buf[:0], ticks))
}

// AppendTimespan appends FormatTimespan's text to dst.
func AppendTimespan(dst []byte, ticks int64) []byte {
	n := uint64(ticks)
	if ticks < 0 {
		dst = append(dst, '-')
		n = -n // also right for the smallest value
	}
	if days := n / uint64(TicksPerDay); days > 0 {
		width := 1
		for d := days; d >= 10; d /= 10 {
			width++
		}
		dst = append(appendDigits(dst, days, width), '.')
	}
	rest := n % uint64(TicksPerDay)
	dst = appendClock(dst, rest)
	if f := rest % uint64(TicksPerSecond); f > 0 {
		dst = append(dst, '.')
		dst = appendDigits(dst, f, 7)
	}
	return dst
}

// ParseTimespan reads a timespan as totimespan() does: [-][d.]hh:mm[:ss[.f]],
// a whole number of days, or a number with a unit ("1.5h", "15 seconds",
// "-1d"). A fraction of a tick is cut off.
//
// Reference: query/scalar-data-types/timespan.md. "1.5" without a unit is
// null in the recorded answers, "-1d" is not.
func ParseTimespan(s string) (int64, bool) {
	s = strings.Trim(s, dateBlanks)
	if len(s) > maxTimespanText {
		return 0, false
	}
	neg := strings.HasPrefix(s, "-")
	if neg {
		s = s[1:]
	}
	n := countDigits(s)
	if n == 0 {
		return 0, false
	}
	var mag uint64
	var ok bool
	switch {
	case n == len(s):
		mag, ok = scaleTicks(s, "", "d")
	case strings.IndexByte(s, ':') >= 0:
		mag, ok = parseClockSpan(s)
	default:
		whole, frac, unit := s[:n], "", s[n:]
		if unit[0] == '.' {
			f := countDigits(unit[1:])
			frac, unit = unit[1:1+f], unit[1+f:]
		}
		mag, ok = scaleTicks(whole, frac, strings.TrimLeft(unit, " "))
	}
	if !ok {
		return 0, false
	}
	return signedTicks(mag, neg)
}

// maxTimespanText bounds the text of a timespan.
const maxTimespanText = 64

func signedTicks(mag uint64, neg bool) (int64, bool) {
	const limit = uint64(1) << 63
	if neg {
		return -int64(mag), mag <= limit
	}
	return int64(mag), mag < limit
}

// parseClockSpan reads [d.]hh:mm[:ss[.f]] and d:hh:mm:ss[.f].
func parseClockSpan(s string) (uint64, bool) {
	var days uint64
	frac := ""
	if i := strings.IndexByte(s, '.'); i >= 0 && i < strings.IndexByte(s, ':') {
		d, ok := smallNumber(s[:i], 8)
		if !ok {
			return 0, false
		}
		days, s = d, s[i+1:]
	}
	if i := strings.IndexByte(s, '.'); i >= 0 {
		frac, s = s[i+1:], s[:i]
		if frac == "" || len(frac) > 7 || countDigits(frac) != len(frac) {
			return 0, false
		}
	}
	var parts [4]uint64 // d, h, m, s
	n := strings.Count(s, ":") + 1
	if n < 2 || n > 4 || n == 4 && days > 0 || n == 2 && frac != "" {
		return 0, false
	}
	at := 1
	if n == 4 {
		at = 0
	}
	for part := range strings.SplitSeq(s, ":") {
		v, ok := smallNumber(part, 8)
		if !ok || at == 1 && v > 23 || at > 1 && v > 59 {
			return 0, false
		}
		parts[at] = v
		at++
	}
	days += parts[0]
	total := parts[1]*uint64(TicksPerHour) + parts[2]*uint64(TicksPerMinute) + parts[3]*uint64(TicksPerSecond)
	if frac != "" {
		total += uint64(fractionTicks(frac))
	}
	return days*uint64(TicksPerDay) + total, true // 8 digits of days stay below 2^64
}

func smallNumber(s string, width int) (uint64, bool) {
	n, ok := fixedDigits(s)
	return uint64(n), ok && s != "" && len(s) <= width
}

// TimespanUnit gives the length of a unit of timespan literals in hundredths
// of a tick (a nanosecond is a hundredth of a microsecond).
func TimespanUnit(unit string) (hundredths int64, ok bool) {
	switch unit {
	case "d", "day", "days":
		return 100 * TicksPerDay, true
	case "h", "hr", "hrs", "hour", "hours":
		return 100 * TicksPerHour, true
	case "m", "min", "minute", "minutes":
		return 100 * TicksPerMinute, true
	case "s", "sec", "second", "seconds":
		return 100 * TicksPerSecond, true
	case "ms", "milli", "millis", "millisec", "millisecond", "milliseconds":
		return 100 * TicksPerMillisecond, true
	case "micro", "micros", "microsec", "microsecond", "microseconds":
		return 100 * TicksPerMicrosecond, true
	case "nano", "nanos", "nanosec", "nanosecond", "nanoseconds":
		return 1, true
	case "tick", "ticks":
		return 100, true
	}
	return 0, false
}

// scaleTicks computes (whole + 0.frac) * unit in ticks. Both parts are
// computed exactly in hundredths of a tick; the fraction counts to its
// fifteenth digit.
func scaleTicks(whole, frac, unit string) (uint64, bool) {
	size, ok := TimespanUnit(unit)
	if !ok {
		return 0, false
	}
	var n uint64
	for i := 0; i < len(whole); i++ {
		hi, lo := bits.Mul64(n, 10)
		sum, carry := bits.Add64(lo, uint64(whole[i]-'0'), 0)
		if hi != 0 || carry != 0 {
			return 0, false
		}
		n = sum
	}
	hi, lo := bits.Mul64(n, uint64(size))
	if hi >= 100 {
		return 0, false
	}
	ticks, rest := bits.Div64(hi, lo, 100)
	var part uint64
	scale := uint64(1)
	for i := 0; i < len(frac) && scale < 1e15; i++ {
		scale *= 10
		part = part*10 + uint64(frac[i]-'0')
	}
	hi, lo = bits.Mul64(part, uint64(size)) // part < scale, so hi < scale
	more, _ := bits.Div64(hi, lo, scale)
	ticks, carry := bits.Add64(ticks, (rest+more)/100, 0)
	return ticks, carry == 0
}
