package fn

import (
	"fmt"
	"math"
	"strings"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Counting in calendar periods. The names of periods are read without regard
// to case.

const periods = "year/quarter/month/week/day/hour/minute/second/millisecond/microsecond/nanosecond"

var dateAddRows = []Spec{{
	Name: "datetime_add", Ref: "datetime-add-function",
	Doc:  "A datetime moved by a number of periods; a day that the month found does not have becomes its last.",
	Sigs: []Sig{{Decl: "(part: lit string=" + periods + ", value: integer, datetime: datetime): datetime"}},
	Eval: evalDatetimeAdd, DuckDB: SQL{Build: datetimeAddSQL},
	Examples: []Example{
		{"datetime_add('month', 1, datetime(2020-01-31))", "datetime(2020-02-29)"},
		{"datetime_add('week', -53, datetime(2021-03-15 12:00))", "datetime(2020-03-09 12:00)"},
		{"datetime_add('day', -1, datetime(0001-01-01 12:00))", "datetime(null)"},
	},
}, {
	Name: "datetime_diff", Ref: "datetime-diff-function",
	Doc: "The number of period borders between two datetimes, negative when the first is earlier.",
	// Recorded: the difference in weeks is a real, all others are longs.
	Sigs: []Sig{{
		Decl:   "(part: lit string=" + periods + ", datetime1: datetime, datetime2: datetime): custom",
		Result: diffType,
	}},
	Eval: evalDatetimeDiff, DuckDB: SQL{Build: datetimeDiffSQL},
	Examples: []Example{
		{"datetime_diff('year', datetime(2017-01-01), datetime(2000-12-31))", "long(17)"},
		{"datetime_diff('week', datetime(2017-10-29), datetime(2017-09-30 23:59))", "5.0"},
		{"datetime_diff('second', datetime(2017-10-30 23:00:10.1), datetime(2017-10-30 23:00:00.9))", "long(10)"},
	},
}}

// period is a unit of counting: months, or ticks/per ticks, one of which is 1.
type period struct {
	months int64
	ticks  int64
	per    int64
}

func findPeriod(name string) (period, bool) {
	switch strings.ToLower(name) {
	case "year":
		return period{months: 12}, true
	case "quarter":
		return period{months: 3}, true
	case "month":
		return period{months: 1}, true
	case "week":
		return period{ticks: ticksPerWeek, per: 1}, true
	case "day":
		return period{ticks: types.TicksPerDay, per: 1}, true
	case "hour":
		return period{ticks: types.TicksPerHour, per: 1}, true
	case "minute":
		return period{ticks: types.TicksPerMinute, per: 1}, true
	case "second":
		return period{ticks: types.TicksPerSecond, per: 1}, true
	case "millisecond":
		return period{ticks: types.TicksPerMillisecond, per: 1}, true
	case "microsecond":
		return period{ticks: types.TicksPerMicrosecond, per: 1}, true
	case "nanosecond":
		return period{ticks: 1, per: 100}, true
	}
	return period{}, false
}

func unknownPart(function, part string) error {
	const shown = 40
	if len(part) > shown {
		part = strings.ToValidUTF8(part[:shown], "") + "…"
	}
	return fmt.Errorf("%s: %q is no part of a datetime; use one of %s", function, part, strings.ReplaceAll(periods, "/", ", "))
}

// move adds n periods to a datetime.
func (p period) move(t, n int64) (int64, bool) {
	if p.months != 0 {
		const limit = 12 * 10000
		if n > limit || n < -limit {
			return 0, false
		}
		return types.AddMonths(t, n*p.months)
	}
	shift, ok := p.span(n)
	return t + shift, ok && types.ValidDatetime(t+shift)
}

// span is n periods in ticks, if that can move a datetime to another at all.
func (p period) span(n int64) (int64, bool) {
	n /= p.per
	limit := types.MaxDatetime / p.ticks
	return n * p.ticks, n <= limit && n >= -limit
}

func evalDatetimeAdd(c *Call) {
	c.strict()
	name, p := "", period{}
	n, t, out := c.Args[1].Ints, c.Args[2].Ints, c.Out.Ints
	for i := range c.N {
		if part := c.Args[0].Strings[i]; i == 0 || part != name {
			known := false
			if p, known = findPeriod(part); !known {
				c.Err = unknownPart("datetime_add", part)
				return
			}
			name = part
		}
		r, ok := p.move(t[i], n[i])
		if out[i] = r; !ok {
			c.Out.SetNull(i)
		}
	}
}

// datetimeAddSQL lowers a constant move by ticks.
func datetimeAddSQL(b *Builder) (sqlx.Expr, bool) {
	n, ok := constLong(b.Args[1])
	if !ok || b.Args[0].Const == nil {
		return sqlx.Expr{}, false
	}
	p, ok := findPeriod(b.Args[0].Const.S)
	if !ok || p.months != 0 {
		return sqlx.Expr{}, false
	}
	shift, ok := p.span(n)
	if !ok {
		return sqlx.Expr{}, false
	}
	return shiftDatetime(b, b.Args[2], shift)
}

func diffType(args []ArgInfo) types.Type {
	if len(args) > 0 && args[0].Const != nil && strings.EqualFold(args[0].Const.S, "week") {
		return types.Real
	}
	return types.Long
}

// ordinal numbers the period of a datetime, so that a difference of ordinals
// counts the borders between two. Weeks start on Sunday: day 6 was the first.
func (p period) ordinal(t int64) int64 {
	switch {
	case p.months != 0:
		d := types.SplitDay(t / types.TicksPerDay)
		return (int64(d.Year)*12 + int64(d.Month) - 1) / p.months
	case p.ticks == ticksPerWeek:
		return (t + types.TicksPerDay) / ticksPerWeek
	}
	return t / p.ticks
}

// difference counts borders; nanoseconds of some 300 years do not fit a long.
func (p period) difference(a, b int64) (int64, bool) {
	d := p.ordinal(a) - p.ordinal(b)
	if p.per <= 1 {
		return d, true
	}
	return d * p.per, d <= math.MaxInt64/p.per && d >= math.MinInt64/p.per
}

func evalDatetimeDiff(c *Call) {
	c.strict()
	name, p := "", period{}
	a, b := c.Args[1].Ints, c.Args[2].Ints
	for i := range c.N {
		if part := c.Args[0].Strings[i]; i == 0 || part != name {
			known := false
			if p, known = findPeriod(part); !known {
				c.Err = unknownPart("datetime_diff", part)
				return
			}
			name = part
		}
		if c.Out.IsNull(i) {
			continue
		}
		d, ok := p.difference(a[i], b[i])
		switch {
		case !ok:
			c.Out.SetNull(i)
		case c.Out.Type == types.Real:
			c.Out.Floats[i] = float64(d)
		default:
			c.Out.Ints[i] = d
		}
	}
}

// datetimeDiffSQL lowers the periods that are a fixed number of ticks.
func datetimeDiffSQL(b *Builder) (sqlx.Expr, bool) {
	if b.Args[0].Const == nil {
		return sqlx.Expr{}, false
	}
	p, ok := findPeriod(b.Args[0].Const.S)
	if !ok || p.months != 0 || p.per != 1 {
		return sqlx.Expr{}, false
	}
	x, y, size := b.Args[1].SQL, b.Args[2].SQL, b.Dialect.Literal(types.LongValue(p.ticks))
	if p.ticks != ticksPerWeek {
		return sqlx.Format(sqlx.Add, "({0} // {2}) - ({1} // {2})", x, y, size), true
	}
	day := b.Dialect.Literal(types.LongValue(types.TicksPerDay))
	return sqlx.Format(sqlx.Atom, "CAST(({0} + {3}) // {2} - ({1} + {3}) // {2} AS DOUBLE)", x, y, size, day), true
}
