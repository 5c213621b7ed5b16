package fn

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Starts and ends of days, weeks, months and years. Weeks start on Sunday. The
// end of a period is one tick before the start of the next. A bound outside
// years 1 to 9999 is null.

var boundRows = []Spec{
	bound("startofday", "Midnight at which the day began.", dayStart, 0,
		ticksSQL(sqlx.Mul, "{0} // {d} * {d}"), "datetime(2017-01-01 10:10:17)", "datetime(2017-01-01)"),
	// One day after the epoch a week starts. The week before it starts before
	// year 1: its number, 0, becomes null.
	bound("startofweek", "Start of the Sunday on which the week began.", weekStart, 0,
		ticksSQL(sqlx.Add, "nullif(({0} + {d}) // {w} * {w}, 0) - {d}"), "datetime(2020-06-15 13:45)", "datetime(2020-06-14)"),
	bound("startofmonth", "Start of the month.", monthStart, 0,
		SQL{}, "datetime(2020-06-15 13:45)", "datetime(2020-06-01)"),
	bound("startofyear", "Start of the year.", yearStart, 0,
		SQL{}, "datetime(2020-06-15 13:45)", "datetime(2020-01-01)"),
	bound("endofday", "Last tick of the day.", dayStart, 1,
		ticksSQL(sqlx.Add, "({0} // {d} * {d}) + 863999999999"), "datetime(2017-01-01 10:10:17)", "datetime(2017-01-01T23:59:59.9999999Z)"),
	// The last week of all has no end; its start is the Sunday 9999-12-26.
	bound("endofweek", "Last tick of the Saturday that ends the week.", weekStart, 1,
		ticksSQL(sqlx.Add, "nullif(({0} + {d}) // {w} * {w}, 3155374656000000000) + 5183999999999"),
		"datetime(2020-06-15 13:45)", "datetime(2020-06-20T23:59:59.9999999Z)"),
	bound("endofmonth", "Last tick of the month.", monthStart, 1,
		SQL{}, "datetime(2020-02-29 12:00)", "datetime(2020-02-29T23:59:59.9999999Z)"),
	bound("endofyear", "Last tick of the year.", yearStart, 1,
		SQL{}, "datetime(2020-06-15 13:45)", "datetime(2020-12-31T23:59:59.9999999Z)"),
}

// bound makes one row: start finds the start of a period some periods later;
// an end is the start of the next period less end ticks.
func bound(name, doc string, start func(t, offset int64) int64, end int64, sql SQL, at, want string) Spec {
	s := Spec{
		Name: name, Ref: name + "-function", Doc: doc,
		Sigs: []Sig{
			{Decl: "(date: datetime): datetime", DuckDB: sql},
			{Decl: "(date: datetime, offset: long): datetime"},
		},
		Eval: boundEval(start, end),
		Examples: []Example{
			{name + "(" + at + ")", want},
			{name + "(" + at + ", 100000000)", "datetime(null)"},
		},
	}
	if name == "startofday" {
		s.Naming = NameFirstArg
	}
	return s
}

func boundEval(start func(t, offset int64) int64, end int64) Eval {
	return func(c *Call) {
		c.strict()
		for i, t := range c.Args[0].Ints[:c.N] {
			offset := int64(0)
			if len(c.Args) > 1 {
				// Ten million periods leave the calendar from any date, and
				// cannot wrap.
				offset = min(max(c.Args[1].Ints[i], -1e7), 1e7)
			}
			c.Out.Ints[i] = start(t, offset+end) - end
		}
		c.datetimeRange()
	}
}

const (
	ticksPerWeek = 7 * types.TicksPerDay
	outOfRange   = -1 << 62
)

func dayStart(t, offset int64) int64 {
	day := t/types.TicksPerDay + offset
	if day < 0 || day > types.MaxDay+1 {
		return outOfRange
	}
	return day * types.TicksPerDay
}

func weekStart(t, offset int64) int64 {
	day := t / types.TicksPerDay
	day += 7*offset - int64(types.Weekday(day))
	if day < 0 || day > types.MaxDay+1 {
		return outOfRange
	}
	return day * types.TicksPerDay
}

func monthStart(t, offset int64) int64 {
	date := types.SplitDay(t / types.TicksPerDay)
	month := int64(date.Year)*12 + int64(date.Month) - 1 + offset
	if month < 12 || month > 12*10000 {
		return outOfRange
	}
	return types.DayNumber(int(month/12), int(month%12)+1, 1) * types.TicksPerDay
}

func yearStart(t, offset int64) int64 {
	year := int64(types.SplitDay(t/types.TicksPerDay).Year) + offset
	if year < 1 || year > 10000 {
		return outOfRange
	}
	return types.YearStart(int(year)) * types.TicksPerDay
}

// ticksSQL is a template in which {w}, {d}, {h}, {m}, {s}, {ms} and {us} stand
// for the ticks of a week, day, hour and so on. All work on datetimes, which
// are never negative: // and % neither truncate upwards nor overflow.
func ticksSQL(p sqlx.Prec, template string) SQL {
	return SQL{Template: expandTicks(template), Prec: p}
}

func expandTicks(template string) string {
	n := func(ticks int64) string { return strconv.FormatInt(ticks, 10) }
	return strings.NewReplacer("{w}", n(ticksPerWeek), "{d}", n(types.TicksPerDay), "{h}", n(types.TicksPerHour),
		"{m}", n(types.TicksPerMinute), "{s}", n(types.TicksPerSecond), "{ms}", n(types.TicksPerMillisecond),
		"{us}", n(types.TicksPerMicrosecond)).Replace(template)
}
