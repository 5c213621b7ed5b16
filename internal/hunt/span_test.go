package hunt

import (
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/types"
)

func at(t testing.TB, text string) int64 {
	t.Helper()
	n, ok := types.ParseDatetime(text)
	if !ok {
		t.Fatalf("%s is no time", text)
	}
	return n
}

// TestSpan reads every form, as seen on a leap day's morrow at noon.
func TestSpan(t *testing.T) {
	const now = "2024-03-31T12:00:00Z"
	for _, c := range []struct{ text, from, to string }{
		{"", "0001-01-01", "9999-12-31T23:59:59.9999999Z"},
		{"P30D", "2024-03-01T12:00:00Z", now},
		{" PT5H ", "2024-03-31T07:00:00Z", now},
		{"P1DT2H", "2024-03-30T10:00:00Z", now},
		{"P2W", "2024-03-17T12:00:00Z", now},
		{"P1Y2M3W4DT5H6M7.5S", "2023-01-06T06:53:52.5Z", now},
		{"PT0.5H", "2024-03-31T11:30:00Z", now},
		{"PT1,25S", "2024-03-31T11:59:58.75Z", now},
		{"P0.5D", "2024-03-31T00:00:00Z", now},
		{"P1.5W", "2024-03-21T00:00:00Z", now},
		{"PT90M", "2024-03-31T10:30:00Z", now},
		{"PT36H", "2024-03-30T00:00:00Z", now},
		{"P0D", now, now},
		{"P1M", "2024-02-29T12:00:00Z", now},
		{"P13M", "2023-02-28T12:00:00Z", now},
		{"P1Y", "2023-03-31T12:00:00Z", now},
		{"P5000Y", "0001-01-01", now},
		{"P900000D", "0001-01-01", now},
		{"2024-03-01", "2024-03-01", now},
		{"20240301", "2024-03-01", now},
		{"2024-03-01T10:20:30.1234567Z", "2024-03-01T10:20:30.1234567Z", now},
		{"2024-03-01T10:20:30,123456789Z", "2024-03-01T10:20:30.1234567Z", now},
		{"20240301T102030Z", "2024-03-01T10:20:30Z", now},
		{"2024-03-01T10:30", "2024-03-01T10:30:00Z", now},
		{"2024-03-01T10", "2024-03-01T10:00:00Z", now},
		{"2024-03-01T10.5", "2024-03-01T10:30:00Z", now},
		{"2024-03-01T24:00:00Z", "2024-03-02", now},
		{"2024-03-01T10:20:30+02:00", "2024-03-01T08:20:30Z", now},
		{"2024-03-01T22:20:30-0330", "2024-03-02T01:50:30Z", now},
		{"2024-03-01T10:20:30+02", "2024-03-01T08:20:30Z", now},
		{"2024-03-01 10:20:30", "2024-03-01T10:20:30Z", now},
		{"2024-03-01/2024-03-08", "2024-03-01", "2024-03-08"},
		{"2024-03-01T00:00:00Z/2024-03-08T00:00:00Z", "2024-03-01", "2024-03-08"},
		{"2024-03-08/2024-03-08", "2024-03-08", "2024-03-08"},
		{"P7D/2024-03-08", "2024-03-01", "2024-03-08"},
		{"P1M/2024-03-31", "2024-02-29", "2024-03-31"},
		{"2024-03-01/P7D", "2024-03-01", "2024-03-08"},
		{"2024-01-31T00:00:00Z/P1M", "2024-01-31", "2024-02-29"},
		{"2024-01-31/P9000Y", "2024-01-31", "9999-12-31T23:59:59.9999999Z"},
		{"p1dt2h", "2024-03-30T10:00:00Z", now},
		{"2024-03-01t10:20:30z/p7d", "2024-03-01T10:20:30Z", "2024-03-08T10:20:30Z"},
		{"2024-061", "2024-03-01", now},
		{"2024061T12", "2024-03-01T12:00:00Z", now},
		{"2024-001/2024-366", "2024-01-01", "2024-12-31"},
		{"2024-W09-5", "2024-03-01", now},
		{"2024W095T10:30", "2024-03-01T10:30:00Z", now},
		{"2020-W53-7", "2021-01-03", now},
		{"2020-W01-1", "2019-12-30", now},
		{"2024-03-01T10:00:00Z/12:30:00", "2024-03-01T10:00:00Z", "2024-03-01T12:30:00Z"},
		{"2024-03-01T10:00:00+02:00/12:30:00", "2024-03-01T08:00:00Z", "2024-03-01T10:30:00Z"},
		{"2024-03-01T10:00/02T12:30", "2024-03-01T10:00:00Z", "2024-03-02T12:30:00Z"},
		{"2024-03-01/08", "2024-03-01", "2024-03-08"},
		{"2024-03-01/05-08", "2024-03-01", "2024-05-08"},
		{"P0000-01-00T00:00:00", "2024-02-29T12:00:00Z", now},
		{"P0001-02-03T04:05:06", "2023-01-28T07:54:54Z", now},
		{"P00000001T000000", "2024-03-30T12:00:00Z", now},
		{"P0000-00-07/2024-03-08", "2024-03-01", "2024-03-08"},
		{"9999-12-31/P1Y", "9999-12-31", "9999-12-31T23:59:59.9999999Z"},
	} {
		s, err := ParseSpan(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if from, to := s.Bounds(at(t, now)); from != at(t, c.from) || to != at(t, c.to) {
			t.Errorf("%q is %s to %s, want %s to %s", c.text, types.FormatDatetime(from), types.FormatDatetime(to), c.from, c.to)
		}
	}
}

func TestSpanRefused(t *testing.T) {
	for _, text := range []string{
		"30D", "P", "PT", "P1DT", "P1H", "PT1D", "P1S", "P1", "P1D2W", "PT1M1H", "PD", "P-1D", "-P1D", "P1.D", "P.5D", "P0.5Y", "P1.5M", "P1.5DT1H",
		"P1D/P1D", "P1D/", "/P1D", "/", "P1D/2024-03-01/2024-03-02", "2024-03-02/2024-03-01", "2024-13-01", "2024-02-30", "2023-02-29", "2024-3-1",
		"2024-03", "2024", "0000-01-01", "2024-03-01T", "2024-03-01T25:00", "2024-03-01T10:60", "2024-03-01T24:00:01", "2024-03-01T10:00:00.Z",
		"2024-03-01T10:00:00+15:00", "2024-03-01T10:00:00+2", "2024-03-01T10:00:00ZZ", "9999-12-31T24:00:00", "0001-01-01T00:00:00+01:00",
		"yesterday", "1d", "ago(1d)", "P999999999999999999999D", "P99999999Y", "2023-366", "2024-000", "2024-367", "2024-W00-1",
		"2024-W53-1", "2024-W09-8", "2024-W09-0", "2024-W095", "0001-W00-1", "9999-W53-1", "P0001-13-00T00:00:00", "P0001-02-31T00:00:00", "P0001-02-03T25:00:00",
		"P0001-02", "2024-03-01/8", "2024-03-01/:8", "2024-03-01T10:00:00Z/09:00:00", "2024-03-01T10:00:00Z/2:30:00", "2024-03-01/4-03-08", "08/2024-03-01",
		"PT1ſ", "2024-03-01T10:00:00Z/12:30:00+01:00:00", strings.Repeat("P", 300), "P1D\x00", "P1D'", "２０２４-03-01",
	} {
		if s, err := ParseSpan(text); err == nil {
			t.Errorf("%q is taken as %+v", text, s)
		} else if len(err.Error()) > 400 {
			t.Errorf("%q: the text is long: %v", text, err)
		}
	}
}

func FuzzSpan(f *testing.F) {
	for _, s := range []string{"P1Y2M3W4DT5H6M7.5S", "2024-03-01T10:20:30.1234567+02:00/P9999Y", "P1.999999999W", "20240301T24/PT0,1S"} {
		f.Add(s, int64(638_000_000_000_000_000))
	}
	f.Fuzz(func(t *testing.T, text string, now int64) {
		s, err := ParseSpan(text)
		if err != nil || !types.ValidDatetime(now) {
			return
		}
		from, to := s.Bounds(now)
		if !types.ValidDatetime(from) || !types.ValidDatetime(to) {
			t.Errorf("%q is %d to %d", text, from, to)
		}
	})
}

// TestScope: the shorter window wins, and only who asks for older rows in vain is warned.
func TestScope(t *testing.T) {
	now := time.Date(2024, 3, 31, 12, 0, 0, 0, time.UTC)
	s := &Service{Clock: func() time.Time { return now }}
	month := quota.Profile{Window: 30 * 24 * time.Hour}
	span := func(text string) Span {
		out, err := ParseSpan(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const end = "9999-12-31T23:59:59.9999999Z"
	for _, c := range []struct {
		name         string
		q            Request
		from, to     string
		asked, bound bool
	}{
		{"no span", Request{Profile: month}, "2024-03-01T12:00:00Z", end, false, true},
		{"shorter", Request{Profile: month, Span: span("P1D")}, "2024-03-30T12:00:00Z", "2024-03-31T12:00:00Z", false, false},
		{"as long", Request{Profile: month, Span: span("P30D")}, "2024-03-01T12:00:00Z", "2024-03-31T12:00:00Z", false, true},
		{"longer", Request{Profile: month, Span: span("P90D")}, "2024-03-01T12:00:00Z", "2024-03-31T12:00:00Z", true, true},
		{"before", Request{Profile: month, Span: span("P1D/2024-01-01")}, end, end, true, true},
		{"over the start", Request{Profile: month, Span: span("P7D/2024-03-05")}, "2024-03-01T12:00:00Z", "2024-03-05", true, true},
		{"times", Request{Profile: month, From: now.Add(-time.Hour), To: now}, "2024-03-31T11:00:00Z", "2024-03-31T12:00:00Z", false, false},
		{"all of them", Request{Profile: month, From: now.Add(-time.Hour), Span: span("P1D")}, "2024-03-31T11:00:00Z", "2024-03-31T12:00:00Z", false, false},
		{"no window", Request{Span: span("2001-01-01")}, "2001-01-01", "2024-03-31T12:00:00Z", false, false},
		{"nothing", Request{}, "0001-01-01", end, false, true},
	} {
		got, e := s.scope(c.q)
		if got.From != at(t, c.from) || got.To != at(t, c.to) || e.asked != c.asked || e.bound != c.bound {
			t.Errorf("%s: %s to %s, %+v", c.name, types.FormatDatetime(got.From), types.FormatDatetime(got.To), e)
		}
	}
}

// TestMeter: alone a query has all that was used; together they share each moment, and the parts add up.
func TestMeter(t *testing.T) {
	var used Usage
	now := func() Usage { return used }
	spend := func(user, kernel time.Duration) { used.User += user; used.Kernel += kernel }
	var m meter
	spend(time.Hour, time.Hour) // before anybody ran
	a := m.enter(now)
	spend(100, 10)
	b := m.enter(now)
	spend(60, 6)
	if got := m.since(a, now); got != (Usage{User: 130, Kernel: 13}) {
		t.Errorf("the first has %+v", got)
	}
	got := m.since(b, now)
	m.leave(now)
	if got != (Usage{User: 30, Kernel: 3}) {
		t.Errorf("the second has %+v", got)
	}
	spend(5, 5)
	if got := m.since(a, now); got != (Usage{User: 135, Kernel: 18}) {
		t.Errorf("the first has %+v at its end", got)
	}
	m.leave(now)
	spend(time.Hour, time.Hour)
	c := m.enter(now)
	used.Peak = 7
	if got := m.since(c, now); got != (Usage{Peak: 7}) {
		t.Errorf("the third has %+v", got)
	}
}
