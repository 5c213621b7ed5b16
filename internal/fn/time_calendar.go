package fn

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Parts of a datetime. The parts are longs, as the engine gives them.

var datePartRows = []Spec{
	datePart("getyear", "", "getyear-function", "The year.", "getyear(datetime(2015-10-12))", "long(2015)"),
	datePart("monthofyear", "", "monthofyear-function", "The month, 1 to 12.", "monthofyear(datetime(2015-12-14))", "long(12)"),
	datePart("getmonth", "", "monthofyear-function", "The month, 1 to 12.", "getmonth(datetime(2015-10-12))", "long(10)"),
	datePart("dayofmonth", "", "day-of-month-function", "The day of the month, 1 to 31.", "dayofmonth(datetime(2015-12-14))", "long(14)"),
	datePart("dayofyear", "", "day-of-year-function", "The day of the year, 1 to 366.", "dayofyear(datetime(2020-12-31))", "long(366)"),
	datePart("week_of_year", "", "week-of-year-function", "The ISO 8601 week of the year.", "week_of_year(datetime(2020-12-31))", "long(53)"),
	datePart("weekofyear", "week_of_year", "week-of-year-function",
		"The week of the year, where week 1 has the first Wednesday.", "weekofyear(datetime(2020-06-15))", "long(25)"),
	{
		Name: "hourofday", Ref: "hour-of-day-function", Nulls: NullIfArg,
		Doc:      "The hour, 0 to 23.",
		Sigs:     []Sig{{Decl: "(date: datetime): long"}},
		Eval:     partEval("hour"),
		DuckDB:   ticksSQL(sqlx.Mul, "{0} // {h} % 24"),
		Examples: []Example{{"hourofday(datetime(2015-12-14 18:54))", "long(18)"}, {"hourofday(datetime(null))", "long(null)"}},
	}, {
		Name: "dayofweek", Ref: "day-of-week-function",
		Doc:  "Whole days since the Sunday before, as a timespan.",
		Sigs: []Sig{{Decl: "(date: datetime): timespan"}},
		Eval: longFuncOK(dayOfWeek),
		// Day numbers plus one count from a Sunday; see dayOfWeek for the null.
		DuckDB: ticksSQL(sqlx.Mul, "nullif(({0} + {d}) // {d}, 3652059) % 7 * {d}"),
		Examples: []Example{
			{"dayofweek(datetime(1947-11-30 10:00:05))", "timespan(00:00:00)"},
			{"dayofweek(datetime(1970-05-11))", "timespan(1.00:00:00)"},
			{"dayofweek(datetime(9999-12-31))", "timespan(null)"},
		},
	}, {
		Name: "datetime_part", Ref: "datetime-part-function", Nulls: NullIfArg,
		Doc:  "One part of a datetime as a number.",
		Sigs: []Sig{{Decl: datePartDecl}},
		Eval: evalDatetimePart, DuckDB: SQL{Build: datetimePartSQL},
		Examples: []Example{
			{"datetime_part('quarter', datetime(2017-10-30 01:02:03.7654321))", "long(4)"},
			{"datetime_part('microsecond', datetime(2017-10-30 01:02:03.7654321))", "long(765432)"},
		},
	}, {
		Name: "datepart", Ref: "datetime-part-function", Nulls: NullIfArg, Obsolete: "datetime_part", Hidden: true,
		Doc:  "One part of a datetime as a number.",
		Sigs: []Sig{{Decl: datePartDecl}},
		Eval: evalDatetimePart, DuckDB: SQL{Build: datetimePartSQL},
		Examples: []Example{{"datepart('Day', datetime(2017-10-30))", "long(30)"}, {"datepart('hour', datetime(2017-10-30 05:00))", "long(5)"}},
	},
}

const datePartDecl = "(part: lit string=year/quarter/month/week_of_year/day/dayofyear/hour/minute/second/millisecond/microsecond/nanosecond, date: datetime): long"

// datePart makes the row of a function that is one part of a datetime.
func datePart(name, obsoleteFor, ref, doc, example, value string) Spec {
	part := map[string]string{
		"getyear": "year", "monthofyear": "month", "getmonth": "month", "dayofmonth": "day",
		"dayofyear": "dayofyear", "week_of_year": "week_of_year", "weekofyear": "weekofyear",
	}[name]
	return Spec{
		Name: name, Ref: ref, Doc: doc, Nulls: NullIfArg, Obsolete: obsoleteFor, Hidden: obsoleteFor != "",
		Sigs: []Sig{{Decl: "(date: datetime): long"}}, Eval: partEval(part),
		Examples: []Example{{example, value}, {name + "(datetime(null))", "long(null)"}},
	}
}

// partEval computes one part of its only argument.
func partEval(part string) Eval {
	f := partFunc(part)
	return func(c *Call) {
		c.strict()
		for i, t := range c.Args[0].Ints[:c.N] {
			c.Out.Ints[i] = f(t)
		}
	}
}

// partFunc finds the meaning of a part's name; nil: there is none.
func partFunc(part string) func(ticks int64) int64 {
	civil := func(pick func(types.CivilDay) int) func(int64) int64 {
		return func(t int64) int64 { return int64(pick(types.SplitDay(t / types.TicksPerDay))) }
	}
	within := func(unit, of int64) func(int64) int64 {
		return func(t int64) int64 { return t / unit % of }
	}
	switch strings.ToLower(part) {
	case "year":
		return civil(func(d types.CivilDay) int { return d.Year })
	case "quarter":
		return civil(func(d types.CivilDay) int { return (d.Month + 2) / 3 })
	case "month":
		return civil(func(d types.CivilDay) int { return d.Month })
	case "day":
		return civil(func(d types.CivilDay) int { return d.Day })
	case "dayofyear":
		return civil(func(d types.CivilDay) int { return d.YearDay })
	case "week_of_year":
		return func(t int64) int64 { return int64(types.IsoWeek(t / types.TicksPerDay)) }
	case "weekofyear":
		return func(t int64) int64 { return int64(types.WednesdayWeek(t / types.TicksPerDay)) }
	case "hour":
		return within(types.TicksPerHour, 24)
	case "minute":
		return within(types.TicksPerMinute, 60)
	case "second":
		return within(types.TicksPerSecond, 60)
	case "millisecond":
		return within(types.TicksPerMillisecond, 1000)
	case "microsecond":
		return within(types.TicksPerMicrosecond, 1_000_000)
	case "nanosecond":
		return func(t int64) int64 { return t % types.TicksPerSecond * 100 }
	}
	return nil
}

func evalDatetimePart(c *Call) {
	c.strict()
	part, f := "", partFunc("year")
	for i, t := range c.Args[1].Ints[:c.N] {
		if p := c.Args[0].Strings[i]; i == 0 || p != part {
			part = p
			if f = partFunc(p); f == nil {
				c.Err = unknownPart("datetime_part", p)
				return
			}
		}
		c.Out.Ints[i] = f(t)
	}
}

// datetimePartSQL lowers the parts that need no calendar.
func datetimePartSQL(b *Builder) (sqlx.Expr, bool) {
	part := b.Args[0].Const
	if part == nil {
		return sqlx.Expr{}, false
	}
	template := ""
	switch strings.ToLower(part.S) {
	case "hour":
		template = "{0} // {h} % 24"
	case "minute":
		template = "{0} // {m} % 60"
	case "second":
		template = "{0} // {s} % 60"
	case "millisecond":
		template = "{0} // {ms} % 1000"
	default:
		return sqlx.Expr{}, false
	}
	return sqlx.Format(sqlx.Mul, expandTicks(template), b.Args[1].SQL), true
}

// dayOfWeek is computed by the engine from the datetime one day later, for
// which 9999-12-31 has no room: recorded as null.
func dayOfWeek(t int64) (int64, bool) {
	day := t / types.TicksPerDay
	return int64(types.Weekday(day)) * types.TicksPerDay, day < types.MaxDay
}
