package fn

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Datetimes and timespans put together from their parts.

var makeTimeRows = []Spec{{
	Name: "make_datetime", Ref: "make-datetime-function", Naming: NameOnlyArg,
	Doc: "A datetime from its parts, or from another value; null when there is no such date or time.",
	Sigs: []Sig{
		{Decl: "(year: number, month: number, day: number, hour?: number, minute?: number, second?: number): datetime"},
		{Decl: "(value: scalar): datetime", Eval: convertEval},
	},
	Eval: evalMakeDatetime,
	Examples: []Example{
		{"make_datetime(2017, 10, 1)", "datetime(2017-10-01)"},
		{"make_datetime(2020, 2, 29, 23, 59, 59.9999999)", "datetime(2020-02-29T23:59:59.9999999Z)"},
		{"make_datetime(2021, 2, 29)", "datetime(null)"},
		{"make_datetime('2017-10-01')", "datetime(2017-10-01)"},
	},
}, {
	Name: "make_timespan", Ref: "make-timespan-function", Naming: NameOnlyArg,
	Doc: "A timespan from its parts, or from another value; null when a part is out of range.",
	// The page has seconds with a fraction.
	Sigs: []Sig{
		{Decl: "(days: integer, hours: integer, minutes: integer, seconds: number): timespan"},
		{Decl: "(hours: integer, minutes: integer, seconds?: number): timespan"},
		{Decl: "(value: scalar): timespan", Eval: convertEval},
	},
	Eval: evalMakeTimespan,
	Examples: []Example{
		{"make_timespan(1, 12, 30, 55.123)", "timespan(1.12:30:55.123)"},
		{"make_timespan(2, 30)", "timespan(02:30:00)"},
		{"make_timespan(24, 0)", "timespan(null)"},
	},
}}

func evalMakeDatetime(c *Call) {
	c.strict()
	for i := range c.N {
		if c.Out.IsNull(i) {
			continue
		}
		var part [6]float64
		for k, a := range c.Args {
			part[k] = numberAt(a, i)
		}
		year, ok1 := smallPart(part[0], 1, 9999)
		month, ok2 := smallPart(part[1], 1, 12)
		day, ok3 := smallPart(part[2], 1, 31)
		clock, ok4 := clockTicks(part[3], part[4], part[5])
		if !ok1 || !ok2 || !ok3 || !ok4 || day > types.DaysInMonth(year, month) {
			c.Out.SetNull(i)
			continue
		}
		c.Out.Ints[i] = types.DayNumber(year, month, day)*types.TicksPerDay + clock
	}
}

// smallPart cuts the fraction off a part and checks its range.
func smallPart(x float64, low, high int) (int, bool) {
	if !(x > -1e9 && x < 1e9) {
		return 0, false
	}
	n := int(x)
	return n, n >= low && n <= high
}

// clockTicks is the time of day in ticks. Seconds have a fraction, rounded to
// the nearest tick but never up to the next minute.
func clockTicks(hour, minute, second float64) (int64, bool) {
	h, ok1 := smallPart(hour, 0, 23)
	m, ok2 := smallPart(minute, 0, 59)
	s, ok3 := roundTicks(second, float64(types.TicksPerSecond))
	if !ok1 || !ok2 || !ok3 || second < 0 || second >= 60 {
		return 0, false
	}
	s = min(s, types.TicksPerMinute-1)
	return int64(h)*types.TicksPerHour + int64(m)*types.TicksPerMinute + s, true
}

// roundTicks is x units in ticks, to the nearest.
func roundTicks(x, unit float64) (int64, bool) {
	ticks := math.Round(x * unit)
	return int64(ticks), ticks > -1<<62 && ticks < 1<<62
}

func evalMakeTimespan(c *Call) {
	c.strict()
	const maxDays = 10675198 // and a time of day still fit 64 bits
	for i := range c.N {
		if c.Out.IsNull(i) {
			continue
		}
		var part [4]float64 // days, hours, minutes, seconds
		first := 1
		if len(c.Args) == 4 {
			first = 0
		}
		for k, a := range c.Args {
			part[first+k] = numberAt(a, i)
		}
		days, ok1 := smallPart(part[0], 0, maxDays)
		clock, ok2 := clockTicks(part[1], part[2], part[3])
		if !ok1 || !ok2 {
			c.Out.SetNull(i)
			continue
		}
		c.Out.Ints[i] = int64(days)*types.TicksPerDay + clock
	}
}
