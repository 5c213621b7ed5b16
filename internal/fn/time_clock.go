package fn

import "github.com/harrier-hunting/harrier/internal/types"

// The query's clock and the instants made from numbers.

var clockRows = []Spec{{
	Name: "now", Ref: "now-function", Vol: PerQuery,
	Doc:      "The time at which the query started, moved by an offset.",
	Sigs:     []Sig{{Decl: "(offset?: timespan): datetime"}},
	Eval:     evalNow,
	Examples: []Example{{"now() - now()", "timespan(00:00:00)"}, {"now(-2d) - now()", "timespan(-2.00:00:00)"}},
}, {
	Name: "ago", Ref: "ago-function", Vol: PerQuery,
	Doc:      "The time a timespan before the query started.",
	Sigs:     []Sig{{Decl: "(timespan: timespan): datetime"}},
	Eval:     evalAgo,
	Examples: []Example{{"now() - ago(1h)", "timespan(01:00:00)"}, {"ago(timespan(null))", "datetime(null)"}},
}, {
	Name: "unixtime_seconds_todatetime", Ref: "unixtime-seconds-todatetime-function",
	Doc:      "The datetime a number of seconds after 1970.",
	Sigs:     []Sig{{Decl: "(number: number): datetime"}},
	Eval:     unixTime(types.TicksPerSecond, 1),
	Examples: []Example{{"unixtime_seconds_todatetime(1546300800)", "datetime(2019-01-01)"}, {"unixtime_seconds_todatetime(-0.5)", "datetime(1969-12-31T23:59:59.5Z)"}},
}, {
	Name: "unixtime_milliseconds_todatetime", Ref: "unixtime-milliseconds-todatetime-function",
	Doc:      "The datetime a number of milliseconds after 1970.",
	Sigs:     []Sig{{Decl: "(number: number): datetime"}},
	Eval:     unixTime(types.TicksPerMillisecond, 1),
	Examples: []Example{{"unixtime_milliseconds_todatetime(1546300800000)", "datetime(2019-01-01)"}, {"unixtime_milliseconds_todatetime(1e30)", "datetime(null)"}},
}, {
	Name: "unixtime_microseconds_todatetime", Ref: "unixtime-microseconds-todatetime-function",
	Doc:      "The datetime a number of microseconds after 1970.",
	Sigs:     []Sig{{Decl: "(number: number): datetime"}},
	Eval:     unixTime(types.TicksPerMicrosecond, 1),
	Examples: []Example{{"unixtime_microseconds_todatetime(1546300800000000)", "datetime(2019-01-01)"}, {"unixtime_microseconds_todatetime(long(null))", "datetime(null)"}},
}, {
	Name: "unixtime_nanoseconds_todatetime", Ref: "unixtime-nanoseconds-todatetime-function",
	Doc:      "The datetime a number of nanoseconds after 1970.",
	Sigs:     []Sig{{Decl: "(number: number): datetime"}},
	Eval:     unixTime(1, 100),
	Examples: []Example{{"unixtime_nanoseconds_todatetime(1546300800000000000)", "datetime(2019-01-01)"}, {"unixtime_nanoseconds_todatetime(200)", "datetime(1970-01-01T00:00:00.0000002Z)"}},
}}

// unixEpoch is 1970-01-01 in ticks.
const unixEpoch int64 = 719162 * types.TicksPerDay

func evalNow(c *Call) {
	c.strict()
	for i := range c.N {
		c.Out.Ints[i] = c.Now
		if len(c.Args) > 0 {
			c.Out.Ints[i] += c.Args[0].Ints[i]
		}
	}
	c.datetimeRange()
}

func evalAgo(c *Call) {
	c.strict()
	for i := range c.N {
		c.Out.Ints[i] = c.Now - c.Args[0].Ints[i]
	}
	c.datetimeRange()
}

// unixTime adapts a unit of ticks/per ticks, one of which is 1. Whole numbers
// are exact, with a fraction of a tick cut off; reals are rounded to the
// nearest tick.
func unixTime(ticks, per int64) Eval {
	limit := types.MaxDatetime / ticks // no datetime lies further away
	return func(c *Call) {
		c.strict()
		arg := c.Args[0]
		for i := range c.N {
			t, ok := int64(0), true
			if arg.Type.IsInteger() {
				n := arg.Ints[i] / per
				t, ok = n*ticks, n <= limit && n >= -limit
			} else {
				t, ok = roundTicks(numberAt(arg, i), float64(ticks)/float64(per))
			}
			if c.Out.Ints[i] = t + unixEpoch; !ok {
				c.Out.SetNull(i)
			}
		}
		c.datetimeRange()
	}
}
