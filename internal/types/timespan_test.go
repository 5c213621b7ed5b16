package types

import (
	"math"
	"testing"
)

func TestParseTimespan(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
	}{
		{"2", 2 * TicksPerDay},
		{"1d", TicksPerDay},
		{"-1d", -TicksPerDay},
		{"1.5h", 90 * TicksPerMinute},
		{"15 seconds", 15 * TicksPerSecond},
		{"20min", 20 * TicksPerMinute},
		{"90s", 90 * TicksPerSecond},
		{"100ms", 100 * TicksPerMillisecond},
		{"10microsecond", 100},
		{"250nanos", 2},
		{"7tick", 7},
		{"0.5tick", 0},
		{"1.9999999s", 19999999},
		{"0.12:34:56.7", 12*TicksPerHour + 34*TicksPerMinute + 567*TicksPerSecond/10},
		{"1.02:03:04.5", TicksPerDay + 2*TicksPerHour + 3*TicksPerMinute + 45*TicksPerSecond/10},
		{"-1.02:03:04.5", -(TicksPerDay + 2*TicksPerHour + 3*TicksPerMinute + 45*TicksPerSecond/10)},
		{"1:02:03:04", TicksPerDay + 2*TicksPerHour + 3*TicksPerMinute + 4*TicksPerSecond},
		{"23:59:59.9999999", TicksPerDay - 1},
		{"0:0:0.001", TicksPerMillisecond},
		{"00:00:00.001", TicksPerMillisecond},
		{"01:30", 90 * TicksPerMinute},
		{"100.00:00:00", 100 * TicksPerDay},
		{"10675199.02:48:05.4775807", math.MaxInt64},
		{"-10675199.02:48:05.4775808", math.MinInt64},
	} {
		if got, ok := ParseTimespan(c.text); !ok || got != c.want {
			t.Errorf("%q: got %s (%v), want %s", c.text, FormatTimespan(got), ok, FormatTimespan(c.want))
		}
	}
	for _, text := range []string{
		"", "-", "abc", "1.5", "1w", "1us", "100ns", "24:00:00", "1:60:00", "1:00:60", "1:2:3:4:5", "1.1.1:00:00",
		"10675199.02:48:05.4775808", "10675200d", "99999999999999999999d", "1:00:00.12345678", "1 fortnight", "--1d",
	} {
		if got, ok := ParseTimespan(text); ok {
			t.Errorf("%q: got %s, want a refusal", text, FormatTimespan(got))
		}
	}
}

func TestFormatTimespan(t *testing.T) {
	for _, c := range []struct {
		ticks int64
		want  string
	}{
		{0, "00:00:00"},
		{1, "00:00:00.0000001"},
		{-TicksPerHour, "-01:00:00"},
		{TicksPerDay, "1.00:00:00"},
		{26*TicksPerHour + 5000000, "1.02:00:00.5000000"},
		{math.MaxInt64, "10675199.02:48:05.4775807"},
		{math.MinInt64, "-10675199.02:48:05.4775808"},
	} {
		if got := FormatTimespan(c.ticks); got != c.want {
			t.Errorf("%d: got %s, want %s", c.ticks, got, c.want)
		}
	}
}

func FuzzParseTimespan(f *testing.F) {
	for _, s := range []string{"1.5h", "-1.02:03:04.5", "15 seconds", "2", "10675199.02:48:05.4775807"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ticks, ok := ParseTimespan(s)
		if !ok {
			return
		}
		if back, ok := ParseTimespan(FormatTimespan(ticks)); !ok || back != ticks {
			t.Fatalf("%q: %s reads back as %d, want %d", s, FormatTimespan(ticks), back, ticks)
		}
	})
}
