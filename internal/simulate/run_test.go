package simulate

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestEdition notices when the same options begin to make other rows.
func TestEdition(t *testing.T) {
	o := options(t)
	o.Devices, o.Days, o.Events = 12, 2, 8000
	m := newMemory(false)
	simulate(t, o, m)
	const want = "b4bf7e299cbc15d12b7eb6cc497907b9"
	if got := m.sum(); got != want {
		t.Errorf("the rows of edition %d have changed (hash %s, was %s): raise edition, so that a data directory "+
			"filled before takes the new rows, and put the new hash here", edition, got, want)
	}
}

func TestSameAgain(t *testing.T) {
	o := options(t)
	sums := map[string]bool{}
	for range 2 {
		m := newMemory(false)
		simulate(t, o, m)
		sums[m.sum()] = true
	}
	if len(sums) != 1 {
		t.Error("equal options made different rows")
	}
	o.Seed++
	m := newMemory(false)
	simulate(t, o, m)
	if sums[m.sum()] {
		t.Error("another seed made the same rows")
	}
}

func TestOnceOnly(t *testing.T) {
	o, m := options(t), newMemory(false)
	first := simulate(t, o, m)
	n := m.total()
	second := simulate(t, o, m)
	if m.total() != n || second.Batches != 0 || second.Present.Total() != n || first.Rows.Total() != n {
		t.Errorf("first %d rows, then %d rows and %d present", n, second.Rows.Total(), second.Present.Total())
	}
	o.End = o.End.Add(time.Second)
	if simulate(t, o, m); m.total() == n {
		t.Error("another end made no rows")
	}
}

func TestCounts(t *testing.T) {
	sunday := time.Date(2026, 10, 18, 3, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		devices, days int
		events        int64
		end           time.Time
	}{
		{24, 4, 40_000, thursday}, {10, 1, MinEvents(10, 1), thursday}, {10, 1, 9000, sunday},
		{11, 2, MinEvents(11, 2), sunday}, {30, 1, MinEvents(30, 1), thursday.Add(-9 * time.Hour)},
		{15, 10, 60_000, sunday}, {60, 2, 30_000, thursday},
	} {
		o := Options{Catalog: builtin(t), Seed: 3, Devices: x.devices, Days: x.days, Events: x.events, End: x.end}
		m := newMemory(false)
		rep := simulate(t, o, m)
		if n := m.total(); n < x.events*95/100 || n > x.events*105/100 || rep.Rows.Total() != n {
			t.Errorf("%+v: %d rows", x, n)
		}
	}
}

// TestTables checks that every table about devices gets rows.
func TestTables(t *testing.T) {
	m := newMemory(false)
	rep := simulate(t, options(t), m)
	for _, name := range builtin(t).Names() {
		if strings.HasPrefix(name, "Device") && !slices.Contains(filledTables(), name) {
			t.Errorf("%s is not simulated", name)
		}
	}
	for _, name := range filledTables() {
		if m.counts[name] == 0 {
			t.Errorf("%s has no rows", name)
		}
		if !strings.Contains(rep.String(), "  "+name+"\n") {
			t.Errorf("the report does not mention %s", name)
		}
	}
	if len(rep.Attacks) != 6 {
		t.Errorf("%d attacks", len(rep.Attacks))
	}
}

func TestBadOptions(t *testing.T) {
	for _, x := range []struct {
		change func(*Options)
		want   string
	}{
		{func(o *Options) { o.Catalog = nil }, "no catalog"},
		{func(o *Options) { o.Devices = 9 }, "give 10 to"},
		{func(o *Options) { o.Devices = MaxDevices + 1 }, "give 10 to"},
		{func(o *Options) { o.Days = 0 }, "0 days"},
		{func(o *Options) { o.Events = 100 }, "at least"},
		{func(o *Options) { o.Events = MaxEvents + 1 }, "at most"},
		{func(o *Options) { o.End = time.Time{} }, "window ends"},
	} {
		o := options(t)
		x.change(&o)
		if _, err := Run(context.Background(), o, newMemory(false)); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%v, want %q", err, x.want)
		}
	}
	if _, err := Run(context.Background(), options(t), nil); err == nil {
		t.Error("a missing sink is no error")
	}
}

func TestStops(t *testing.T) {
	m := newMemory(false)
	m.fail = errors.New("disk full")
	if _, err := Run(context.Background(), options(t), m); !errors.Is(err, m.fail) {
		t.Errorf("a failing sink gave %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	o := options(t)
	o.Progress = func(done, total int64) { cancel() }
	if _, err := Run(ctx, o, newMemory(false)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context gave %v", err)
	}
}

func BenchmarkRun(b *testing.B) {
	o := Options{Catalog: builtin(b), Seed: 1, Devices: 50, Days: 30, Events: 300_000, End: thursday}
	for b.Loop() {
		if _, err := Run(context.Background(), o, discard{}); err != nil {
			b.Fatal(err)
		}
	}
}
