package types

import (
	"testing"
	"time"
)

// goTime is the same instant in the standard library, the oracle of this file.
func goTime(ticks int64) time.Time {
	epoch := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	sec := ticks / TicksPerSecond
	return time.Unix(epoch.Unix()+sec, ticks%TicksPerSecond*100).UTC()
}

func goTicks(t time.Time) int64 {
	epoch := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	return (t.Unix()-epoch.Unix())*TicksPerSecond + int64(t.Nanosecond()/100)
}

func checkDay(t *testing.T, day int64) {
	t.Helper()
	want := time.Date(1, 1, 1+int(day), 0, 0, 0, 0, time.UTC)
	got := SplitDay(day)
	if got.Year != want.Year() || got.Month != int(want.Month()) || got.Day != want.Day() || got.YearDay != want.YearDay() {
		t.Fatalf("day %d: got %+v, want %s (day %d of the year)", day, got, want.Format(time.DateOnly), want.YearDay())
	}
	if back := DayNumber(got.Year, got.Month, got.Day); back != day {
		t.Fatalf("day %d: %+v goes back to %d", day, got, back)
	}
	if w := Weekday(day); w != int(want.Weekday()) {
		t.Fatalf("day %d: weekday %d, want %d", day, w, want.Weekday())
	}
	if _, week := want.ISOWeek(); IsoWeek(day) != week {
		t.Fatalf("%s: ISO week %d, want %d", want.Format(time.DateOnly), IsoWeek(day), week)
	}
}

// Every day of ten thousand years, against the standard library.
func TestCivilEveryDay(t *testing.T) {
	for day := int64(0); day <= MaxDay; day++ {
		checkDay(t, day)
	}
}

func TestCivilEdges(t *testing.T) {
	if got := SplitDay(-5); got != SplitDay(0) {
		t.Errorf("a day before the first gives %+v", got)
	}
	if got := SplitDay(MaxDay + 9); got != (CivilDay{9999, 12, 31, 365}) {
		t.Errorf("a day after the last gives %+v", got)
	}
	if got := DayNumber(0, 1, 1); got != -366 {
		t.Errorf("0000-01-01 is day %d, want -366", got)
	}
	if MaxDatetime != (MaxDay+1)*TicksPerDay-1 {
		t.Errorf("MaxDay and MaxDatetime disagree")
	}
	for _, ticks := range []int64{-1, MaxDatetime + 1, -1 << 63, 1<<63 - 1} {
		if ValidDatetime(ticks) {
			t.Errorf("%d ticks pass for a datetime", ticks)
		}
	}
}

// The older rule: Sunday weeks, week 1 has the first Wednesday. Checked by
// counting Wednesdays.
func TestWednesdayWeek(t *testing.T) {
	for day := YearStart(1996); day < YearStart(2030); day++ {
		d := time.Date(1, 1, 1+int(day), 0, 0, 0, 0, time.UTC)
		wed := d.AddDate(0, 0, 3-int(d.Weekday()))
		count := 0
		for x := time.Date(wed.Year(), 1, 1, 0, 0, 0, 0, time.UTC); !x.After(wed); x = x.AddDate(0, 0, 1) {
			if x.Weekday() == time.Wednesday {
				count++
			}
		}
		if got := WednesdayWeek(day); got != count {
			t.Fatalf("%s: week %d, want %d", d.Format(time.DateOnly), got, count)
		}
	}
}

func TestAddMonths(t *testing.T) {
	at := func(y, m, d int) int64 { return DayNumber(y, m, d) * TicksPerDay }
	for _, c := range []struct {
		from, months, want int64
		ok                 bool
	}{
		{at(2020, 1, 31), 1, at(2020, 2, 29), true}, // recorded answers
		{at(2020, 3, 31), -1, at(2020, 2, 29), true},
		{at(2020, 11, 30), 3, at(2021, 2, 28), true},
		{at(2019, 1, 31), 13, at(2020, 2, 29), true},
		{at(2020, 2, 29), 12, at(2021, 2, 28), true},
		{at(2020, 2, 29), 48, at(2024, 2, 29), true},
		{at(2020, 5, 31) + 7, -15, at(2019, 2, 28) + 7, true},
		{at(1, 1, 1), -1, 0, false},
		{at(9999, 12, 31), 1, 0, false},
		{at(2020, 1, 1), 1 << 62, 0, false},
		{at(2020, 1, 1), -1 << 63, 0, false},
		{-1, 1, 0, false},
	} {
		got, ok := AddMonths(c.from, c.months)
		if got != c.want || ok != c.ok {
			t.Errorf("AddMonths(%s, %d) = %s, %v", goTime(c.from), c.months, goTime(got), ok)
		}
	}
}

func FuzzCivil(f *testing.F) {
	f.Add(int64(0), int64(1))
	f.Add(MaxDatetime, int64(-1))
	f.Add(int64(637134336000000000), int64(13))
	f.Fuzz(func(t *testing.T, ticks, months int64) {
		ticks = int64(uint64(ticks) % uint64(MaxDatetime+1))
		checkDay(t, ticks/TicksPerDay)
		if back := goTicks(goTime(ticks)); back != ticks {
			t.Fatalf("the oracle itself: %d became %d", ticks, back)
		}
		months %= 130000
		got, ok := AddMonths(ticks, months)
		from := goTime(ticks)
		first := time.Date(from.Year(), from.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
		if inside := first.Year() >= 1 && first.Year() <= 9999; inside != ok {
			t.Fatalf("AddMonths(%s, %d): ok %v, want %v", from, months, ok, inside)
		} else if !inside {
			return
		}
		last := first.AddDate(0, 1, -1).Day()
		h, m, s := from.Clock()
		want := time.Date(first.Year(), first.Month(), min(from.Day(), last), h, m, s, from.Nanosecond(), time.UTC)
		if got != goTicks(want) {
			t.Fatalf("AddMonths(%s, %d) = %s, want %s", from, months, goTime(got), want)
		}
	})
}

func BenchmarkSplitDay(b *testing.B) {
	sum := 0
	for i := range b.N {
		sum += SplitDay(int64(i) % MaxDay).Month
	}
	if sum == 0 && b.N > 1 {
		b.Fatal("months add up to nothing")
	}
}
