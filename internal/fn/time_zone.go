package fn

import (
	"strings"
	"time"
	_ "time/tzdata" // zones do not depend on the machine's files being there

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Time zones. A name that the engine does not list gives null.

var zoneRows = []Spec{{
	Name: "datetime_utc_to_local", Ref: "datetime-utc-to-local-function",
	Doc:  "What clocks of a time zone show at a UTC time.",
	Sigs: []Sig{{Decl: "(from: datetime, timezone: string): datetime"}},
	Eval: func(c *Call) { zoneTimes(c, toLocal) },
	Examples: []Example{
		{"datetime_utc_to_local(datetime(2022-07-11 22:18), 'US/Pacific')", "datetime(2022-07-11 15:18)"},
		{"datetime_utc_to_local(datetime(2022-07-11), 'Mars/Base')", "datetime(null)"},
	},
}, {
	Name: "datetime_local_to_utc", Ref: "datetime-local-to-utc-function",
	Doc:  "The UTC time at which clocks of a time zone show a time; of two such times the first.",
	Sigs: []Sig{{Decl: "(from: datetime, timezone: string): datetime"}},
	Eval: func(c *Call) { zoneTimes(c, toUTC) },
	Examples: []Example{
		{"datetime_local_to_utc(datetime(2020-02-02 20:02:20), 'US/Pacific')", "datetime(2020-02-03 04:02:20)"},
		{"datetime_local_to_utc(datetime(2022-03-27 02:00), 'Europe/Brussels')", "datetime(2022-03-27)"},
	},
}, {
	Name: "datetime_list_timezones", Ref: "datetime-list-timezones", Nulls: NeverNull,
	Doc:      "The names of all time zones.",
	Sigs:     []Sig{{Decl: "(): dynamic"}},
	Eval:     evalListZones,
	Examples: []Example{{"array_length(datetime_list_timezones())", "long(597)"}, {"tostring(datetime_list_timezones()[0])", `"Africa/Abidjan"`}},
}}

// zoneTimes loads each zone once per call.
func zoneTimes(c *Call, convert func(ticks int64, zone *time.Location) int64) {
	c.strict()
	var zone *time.Location
	name := ""
	loaded := map[string]*time.Location{}
	for i, t := range c.Args[0].Ints[:c.N] {
		if n := c.Args[1].Strings[i]; i == 0 || n != name {
			known := false
			if zone, known = loaded[n]; !known {
				zone = findZone(n)
				loaded[n] = zone
			}
			name = n
		}
		if zone == nil {
			c.Out.SetNull(i)
		} else if !c.Out.IsNull(i) {
			c.Out.Ints[i] = convert(t, zone)
		}
	}
	c.datetimeRange()
}

// findZone loads a zone the engine lists, else nil. The list keeps names like
// "Local" and paths away from the loader.
func findZone(name string) *time.Location {
	if name == "" || strings.IndexByte(name, ' ') >= 0 || !strings.Contains(zoneNames, " "+name+" ") {
		return nil
	}
	zone, err := time.LoadLocation(strings.Clone(name)) // the name may live in the engine's memory
	if err != nil {
		return nil
	}
	return zone
}

// offsetAt is how far a zone's clocks are ahead of UTC at a time, in ticks.
func offsetAt(ticks int64, zone *time.Location) int64 {
	sec := (ticks - unixEpoch) / types.TicksPerSecond
	if ticks < unixEpoch && (ticks-unixEpoch)%types.TicksPerSecond != 0 {
		sec--
	}
	_, offset := time.Unix(sec, 0).In(zone).Zone()
	return int64(offset) * types.TicksPerSecond
}

func toLocal(ticks int64, zone *time.Location) int64 { return ticks + offsetAt(ticks, zone) }

// toUTC tries the offsets in force a day before and after. Where clocks were
// put back both can fit and the greater, earlier one wins; where they were put
// forward neither may, and the documented answers use the greater.
func toUTC(ticks int64, zone *time.Location) int64 {
	before, after := offsetAt(ticks-types.TicksPerDay, zone), offsetAt(ticks+types.TicksPerDay, zone)
	high, low := max(before, after), min(before, after)
	if high != low && offsetAt(ticks-high, zone) != high && offsetAt(ticks-low, zone) == low {
		return ticks - low
	}
	return ticks - high
}

func evalListZones(c *Call) {
	list := []byte{'['}
	for name := range strings.FieldsSeq(zoneNames) {
		if len(list) > 1 {
			list = append(list, ',')
		}
		list = dynamic.AppendString(list, name)
	}
	text := string(append(list, ']'))
	for i := range c.N {
		c.Out.Strings[i] = text
	}
}
