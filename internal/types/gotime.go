package types

import "time"

// unixEpochTicks is 1970-01-01 in ticks.
const unixEpochTicks int64 = 621355968000000000

// TicksOf converts a Go time to ticks.
func TicksOf(t time.Time) int64 {
	return unixEpochTicks + t.Unix()*10_000_000 + int64(t.Nanosecond()/100)
}

// TimeOf converts ticks to a Go time in UTC.
func TimeOf(ticks int64) time.Time {
	ticks -= unixEpochTicks
	sec := ticks / 10_000_000
	rest := ticks % 10_000_000
	return time.Unix(sec, rest*100).UTC()
}
