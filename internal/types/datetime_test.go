package types

import (
	"testing"
	"time"
)

// ticks of a date and time, computed by the standard library.
func at(y, mo, d, h, mi, s, frac int) int64 {
	t := time.Date(y, time.Month(mo), d, h, mi, s, 0, time.UTC)
	zero := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	return (t.Unix()-zero.Unix())*TicksPerSecond + int64(frac)
}

func TestParseDatetime(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
	}{
		// ISO 8601 and sortable
		{"2014-05-25T08:20:03.123456Z", at(2014, 5, 25, 8, 20, 3, 1234560)},
		{"2014-05-25T08:20:03.123456", at(2014, 5, 25, 8, 20, 3, 1234560)},
		{"2014-05-25T08:20", at(2014, 5, 25, 8, 20, 0, 0)},
		{"2014-11-08 15:55:55.123456Z", at(2014, 11, 8, 15, 55, 55, 1234560)},
		{"2014-11-08 15:55:55", at(2014, 11, 8, 15, 55, 55, 0)},
		{"2014-11-08 15:55", at(2014, 11, 8, 15, 55, 0, 0)},
		{"2014-11-08", at(2014, 11, 8, 0, 0, 0, 0)},
		{"2014-11-08 15:05:25 GMT", at(2014, 11, 8, 15, 5, 25, 0)},
		{"2014-11-08T15:05 GMT", at(2014, 11, 8, 15, 5, 0, 0)},
		{"2015-12-31 23:59:59.9", at(2015, 12, 31, 23, 59, 59, 9000000)},
		{"2020-02-29 23:59:59.99999994", at(2020, 2, 29, 23, 59, 59, 9999999)},
		{"2020-02-29 23:59:59.99999995", at(2020, 3, 1, 0, 0, 0, 0)},
		{"1970-5-12", at(1970, 5, 12, 0, 0, 0, 0)},
		{"0001-01-01", 0},
		{"9999-12-31 23:59:59.9999999", MaxDatetime},
		// RFC 822
		{"Sat, 8 Nov 14 15:05:02 GMT", at(2014, 11, 8, 15, 5, 2, 0)},
		{"Sat, 8 Nov 14 15:05:02", at(2014, 11, 8, 15, 5, 2, 0)},
		{"Sat, 8 Nov 14 15:05", at(2014, 11, 8, 15, 5, 0, 0)},
		{"8 Nov 14 15:05 GMT", at(2014, 11, 8, 15, 5, 0, 0)},
		// RFC 850
		{"Saturday, 08-Nov-14 15:05:02 GMT", at(2014, 11, 8, 15, 5, 2, 0)},
		{"08-Nov-14 15:05", at(2014, 11, 8, 15, 5, 0, 0)},
		// recorded from the engine
		{"12-02-2022", at(2022, 12, 2, 0, 0, 0, 0)},
		{"12-02-2022 13:45:56", at(2022, 12, 2, 13, 45, 56, 0)},
		{"2/3/2022", at(2022, 2, 3, 0, 0, 0, 0)},
		{"2022/12/02", at(2022, 12, 2, 0, 0, 0, 0)},
		{"Dec 2, 2022", at(2022, 12, 2, 0, 0, 0, 0)},
		{"Fri, 02 Dec 2022 13:45:56 GMT", at(2022, 12, 2, 13, 45, 56, 0)},
		{"2017 - 08 - 01", at(2017, 8, 1, 0, 0, 0, 0)},
		{"2025, 6, 14", at(2025, 6, 14, 0, 0, 0, 0)},
		{"2022-12-02T13:45:56+02:00", at(2022, 12, 2, 11, 45, 56, 0)},
		{"2022-12-02T13:45:56-05:00", at(2022, 12, 2, 18, 45, 56, 0)},
		// other forms seen in hunting queries
		{"10 MAY 2021", at(2021, 5, 10, 0, 0, 0, 0)},
		{"01/16/2022 00:00:00", at(2022, 1, 16, 0, 0, 0, 0)},
		{"5/3/2020 10:00:00 PM", at(2020, 5, 3, 22, 0, 0, 0)},
		{"5/3/2020 12:00:00 AM", at(2020, 5, 3, 0, 0, 0, 0)},
		{"2021-01-01\u202f10:10:17", at(2021, 1, 1, 10, 10, 17, 0)},
		{"2015-01", at(2015, 1, 1, 0, 0, 0, 0)},
		{" 2015-01-02 ", at(2015, 1, 2, 0, 0, 0, 0)},
		{"2015-01-02, 10:00", at(2015, 1, 2, 10, 0, 0, 0)},
	} {
		if got, ok := ParseDatetime(c.text); !ok || got != c.want {
			t.Errorf("%q: got %s (%v), want %s", c.text, FormatDatetime(got), ok, FormatDatetime(c.want))
		}
	}
}

func TestParseDatetimeRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "not a date", "13-01-2022", "2022-13-01", "2022-02-30", "2021-02-29", "0000-01-01", "10000-01-01",
		"8:00", "5:00:00 PM", "2022-01-01 24:00", "2022-01-01 10:60", "2022-01-01 10:10:60", "2022-01-01T", "2022",
		"2022-01-01 13:00 PM", "2022-01-01 0:00 AM", "2022-01-01 10:10 +25:00", "2022-01-01 10:10 PST", "1-2-3-4",
		"Nov Dec 2022", "2022-01-01 10", "Saturday", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59.99999999",
		"2022-01-01 10:10:10.5.5", "2022-01-01-", "-2022-01-01", "2022--01-01", "2022-01-01,", ", 2022-01-01", "123", "M/D/Y H:M:S AM/PM",
	} {
		if got, ok := ParseDatetime(text); ok {
			t.Errorf("%q: got %s, want a refusal", text, FormatDatetime(got))
		}
	}
}

// Every thirteenth day of ten thousand years: all days of all months come up.
func TestDatesAgreeWithTheCalendar(t *testing.T) {
	const stride = 13
	day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for ticks := int64(0); ticks <= MaxDatetime; ticks += stride * TicksPerDay {
		y, m, d := SplitDate(ticks)
		if wy, wm, wd := day.Date(); y != wy || m != int(wm) || d != wd {
			t.Fatalf("ticks %d: got %d-%d-%d, want %d-%d-%d", ticks, y, m, d, wy, wm, wd)
		}
		if back, ok := DateTicks(y, m, d); !ok || back != ticks {
			t.Fatalf("%d-%d-%d: got ticks %d, want %d", y, m, d, back, ticks)
		}
		day = day.AddDate(0, 0, stride)
	}
}

func TestFormatDatetime(t *testing.T) {
	for _, c := range []struct {
		ticks int64
		want  string
	}{
		{0, "0001-01-01T00:00:00.0000000Z"},
		{at(2024, 2, 25, 0, 0, 0, 0), "2024-02-25T00:00:00.0000000Z"},
		{at(2009, 6, 15, 13, 45, 30, 6175000), "2009-06-15T13:45:30.6175000Z"},
		{MaxDatetime, "9999-12-31T23:59:59.9999999Z"},
		{-5, "0001-01-01T00:00:00.0000000Z"},
		{MaxDatetime + 1, "9999-12-31T23:59:59.9999999Z"},
	} {
		if got := FormatDatetime(c.ticks); got != c.want {
			t.Errorf("%d: got %s, want %s", c.ticks, got, c.want)
		}
	}
}

func FuzzParseDatetime(f *testing.F) {
	for _, s := range []string{"2014-05-25T08:20:03.123456Z", "Sat, 8 Nov 14 15:05:02 GMT", "5/3/2020 10:00 PM", "2025, 6, 14"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ticks, ok := ParseDatetime(s)
		if !ok {
			return
		}
		if ticks < 0 || ticks > MaxDatetime {
			t.Fatalf("%q: %d is out of range", s, ticks)
		}
		if back, ok := ParseDatetime(FormatDatetime(ticks)); !ok || back != ticks {
			t.Fatalf("%q: %s reads back as %d, want %d", s, FormatDatetime(ticks), back, ticks)
		}
	})
}
