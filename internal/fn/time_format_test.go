package fn

import (
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/types"
)

func TestFormatTimes(t *testing.T) {
	d, odd := at("2017-01-29 09:00:05"), at("2009-06-15T13:45:30.6175425")
	neg, most := span("-02:30:00"), ticks(types.TimespanValue(1<<63-1).I)
	checkRows(t, Scalar, []row{
		// Recorded from the engine or on the reference page.
		{"format_datetime", list(d, "yy-MM-dd [HH:mm:ss]"), "17-01-29 [09:00:05]"}, {"format_datetime", list(d, "yyyy-M-dd [H:mm:ss]"), "2017-1-29 [9:00:05]"},
		{"format_datetime", list(d, "yy-MM-dd [hh:mm:ss tt]"), "17-01-29 [09:00:05 AM]"}, {"format_datetime", list(at("2020-06-15 13:45:09"), "M/d/yyyy h:mm:ss tt"), "6/15/2020 1:45:09 PM"},
		{"format_datetime", list(odd, "f"), "6"}, {"format_datetime", list(odd, "ffff"), "6175"}, {"format_datetime", list(odd, "fffffff"), "6175425"}, {"format_datetime", list(odd, "FFFFFFF"), "6175425"},
		{"format_datetime", list(at("2009-06-15T13:45:30.05"), "F"), ""}, {"format_datetime", list(at("2009-06-15T13:45:30.000115"), "FFFFFFF"), "000115"}, {"format_datetime", list(at("2009-06-15T13:45:30.617"), "FF"), "61"},
		{"format_datetime", list(at("2009-06-15T13:45:30.000005"), "fffff"), "00000"}, {"format_datetime", list(odd, "h"), "1"}, {"format_datetime", list(odd, "hh"), "01"}, {"format_datetime", list(odd, "HH"), "13"},
		{"format_datetime", list(at("0900-01-01"), "y"), "0"}, {"format_datetime", list(at("0900-01-01"), "yy"), "00"}, {"format_datetime", list(at("0900-01-01"), "yyyy"), "0900"}, {"format_datetime", list(at("0001-01-01"), "yyyy"), "0001"},
		{"format_datetime", list(at("2019-06-15"), "y"), "19"}, {"format_datetime", list(odd, "tt"), "PM"}, {"format_datetime", list(odd, "d"), "15"}, {"format_datetime", list(odd, "M"), "6"},
		{"format_datetime", list(at("2020-12-09 23:45:59.999"), "yyyyMMddHHmmss"), "20201209234559"}, {"format_datetime", list(at("2020-06-15 00:00"), "h hh tt"), "12 12 AM"}, {"format_datetime", list(at("2020-06-15 12:00"), "h tt"), "12 PM"},
		{"format_datetime", list(types.Datetime, "yyyy"), ""}, {"format_datetime", list(at("9999-12-31 23:59:59.9999999"), "yyyy_MM,dd.HH"), "9999_12,31.23"},
		{"format_timespan", list(span("29.09:00:05.12345"), "dd.hh:mm:ss:FF"), "29.09:00:05:12"}, {"format_timespan", list(span("29.09:00:05.12345"), "ddd.h:mm:ss [fffffff]"), "029.9:00:05 [1234500]"},
		{"format_timespan", list(span("1.01:01:01.123"), "d:h:m:s.fff"), "1:1:1:1.123"}, {"format_timespan", list(most, "d.hh:mm:ss"), "10675199.02:48:05"}, {"format_timespan", list(span("1d"), "dddd"), "0001"},
		{"format_timespan", list(neg, "hh:mm"), "-02:30"}, {"format_timespan", list(span("7d"), "d.hh:mm:ss.fffffff"), "7.00:00:00.0000000"}, {"format_timespan", list(span("15.13:45:30"), "H"), "13"},
		{"format_timespan", list(ticks(-1<<63), "d.hh:mm:ss.fffffff"), "-10675199.02:48:05.4775808"}, {"format_timespan", list(ticks(1), "FFFFFFF"), "0000001"}, {"format_timespan", list(types.Timespan, "d"), ""},
	})
}

// Recorded: these patterns are errors of the query.
func TestBadPatterns(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		arg           any
	}{
		{"format_datetime", "yyyy-MM-ddTHH:mm:ss.fffffff", at("2024-02-29")}, {"format_timespan", "%d", span("1d")}, {"format_timespan", "c", span("1d")},
		{"format_timespan", `d\.hh`, span("1d")}, {"format_datetime", "yyy", at("2024-02-29")}, {"format_datetime", "ddd", at("2024-02-29")}, {"format_datetime", "t", at("2024-02-29")},
		{"format_datetime", "ffffffff", at("2024-02-29")}, {"format_timespan", "ddddddddd", span("1d")}, {"format_timespan", "yyyy", span("1d")}, {"format_datetime", "é", at("2024-02-29")},
		{"format_datetime", strings.Repeat("d ", 500), at("2024-02-29")}, {"format_datetime", strings.Repeat("d", 70), at("2024-02-29")}, {"format_datetime", "T", types.Datetime},
	} {
		args := []types.Value{tv(t, c.arg), types.StringValue(c.pattern)}
		got, err := Apply(sigFor(t, Scalar, c.name, args).Eval, 0, types.String, args...)
		if err == nil || !strings.HasPrefix(err.Error(), c.name+": ") {
			t.Errorf("%s %q: %q, %v", c.name, c.pattern, got.S, err)
		}
	}
}

// Patterns that the standard library knows too.
func FuzzFormatDatetime(f *testing.F) {
	f.Add(int64(637134336000000000))
	f.Fuzz(func(t *testing.T, n int64) {
		n = int64(uint64(n) % uint64(types.MaxDatetime+1))
		sec := n/types.TicksPerSecond - unixEpoch/types.TicksPerSecond
		want := time.Unix(sec, n%types.TicksPerSecond*100).UTC().Format("2006-01-02 15:04:05.0000000 1/2/06 3:4:5 PM 03")
		got := call(t, Scalar, "format_datetime", types.String, day(n), "yyyy-MM-dd HH:mm:ss.fffffff M/d/yy h:m:s tt hh")
		if got.S != want {
			t.Fatalf("%q, want %q", got.S, want)
		}
	})
}

func BenchmarkFormatDatetime(b *testing.B) {
	const n = 2048
	c := Call{N: n, Args: []*types.Vector{types.NewVector(types.Datetime, n), types.NewVector(types.String, n)}, Out: types.NewVector(types.String, n)}
	for i := range n {
		c.Args[0].Ints[i] = 637134336000000000 + int64(i)*1234567891
		c.Args[1].Strings[i] = "yyyy-MM-dd HH:mm:ss"
	}
	for b.Loop() {
		formatRows(&c, "format_datetime", datetimeLetters, appendDatetimeItem)
	}
	if c.Err != nil || c.Out.Strings[0] != "2020-01-01 00:00:00" {
		b.Fatal(c.Err, c.Out.Strings[0])
	}
}
