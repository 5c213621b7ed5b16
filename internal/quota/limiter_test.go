package quota

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func profile(t testing.TB, name string) Profile {
	t.Helper()
	p, ok := Lookup(name)
	if !ok {
		t.Fatalf("no profile %q", name)
	}
	return p
}

func reserve(t testing.TB, l *Limiter, p Profile) *Lease {
	t.Helper()
	x, err := l.Reserve(Account{"t", p.Name}, p)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func refused(t testing.TB, l *Limiter, p Profile) *Exceeded {
	t.Helper()
	_, err := l.Reserve(Account{"t", p.Name}, p)
	var e *Exceeded
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want *Exceeded", err)
	}
	return e
}

// TestRace lets 200 goroutines call at the same instant: exactly as many pass as the profile allows.
func TestRace(t *testing.T) {
	for name, want := range map[string]int64{"atp-2018": 15, "mde-2025": 45, "xdr-2025": 45, "unlimited": 200} {
		l := New(newClock().Now)
		p := profile(t, name)
		var accepted atomic.Int64
		var wg sync.WaitGroup
		begin := make(chan struct{})
		for range 200 {
			wg.Go(func() {
				<-begin
				x, err := l.Reserve(Account{"t", p.Name}, p)
				if err != nil {
					return
				}
				accepted.Add(1)
				x.Settle(time.Millisecond)
				x.Settle(time.Millisecond)
			})
		}
		close(begin)
		wg.Wait()
		if got := accepted.Load(); got != want {
			t.Errorf("%s: %d accepted, want %d", name, got, want)
		}
	}
}

// TestRaceWithoutSettling is the same with queries that do not end: charging them must not refuse the others.
func TestRaceWithoutSettling(t *testing.T) {
	l := New(newClock().Now)
	p := profile(t, "atp-2018")
	var accepted atomic.Int64
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if _, err := l.Reserve(Account{"t", p.Name}, p); err == nil {
				accepted.Add(1)
			}
		})
	}
	wg.Wait()
	if got := accepted.Load(); got != 15 {
		t.Errorf("%d accepted, want 15", got)
	}
}

func TestCallsWindowSlides(t *testing.T) {
	ck := newClock()
	l := New(ck.Now)
	p := profile(t, "atp-2018")
	for range 15 {
		reserve(t, l, p).Settle(0)
		ck.Advance(2 * time.Second)
	}
	// 30 s after the first call: it leaves the window in 30 s, the others every 2 s.
	e := refused(t, l, p)
	if e.Limit != CallsPerMinute || e.RetryAfter != 30*time.Second || e.RetryAfterSeconds() != 30 {
		t.Fatalf("%+v", e)
	}
	ck.Advance(30*time.Second - 1)
	if e := refused(t, l, p); e.RetryAfter != 1 || e.RetryAfterSeconds() != 1 {
		t.Fatalf("%+v", e)
	}
	ck.Advance(1)
	reserve(t, l, p).Settle(0)
	if e := refused(t, l, p); e.RetryAfter != 2*time.Second {
		t.Fatalf("%+v", e)
	}
	// Tenants and contracts count apart.
	if _, err := l.Reserve(Account{"other", p.Name}, p); err != nil {
		t.Fatal(err)
	}
	reserve(t, l, profile(t, "graph-2026"))
}

func TestRunningTimePerHour(t *testing.T) {
	ck := newClock()
	l := New(ck.Now)
	p := profile(t, "atp-2018") // 15 min an hour, 10 min a query
	x := reserve(t, l, p)
	if b, ok := x.Budget(); b != 10*time.Minute || !ok {
		t.Fatalf("budget %v, %v", b, ok)
	}
	ck.Advance(10 * time.Minute)
	x.Settle(10 * time.Minute)
	x.Settle(time.Hour) // counts once
	x = reserve(t, l, p)
	if d, ok := x.Deadline(); !ok || !d.Equal(ck.Now().Add(5*time.Minute)) {
		t.Fatalf("deadline %v, want five minutes from now, what is left of the hour", d)
	}
	ck.Advance(5 * time.Minute)
	e := refused(t, l, p) // the running query has used the rest
	if e.Limit != RunPerHour || e.Run != 15*time.Minute || e.Window != time.Hour || e.RetryAfter != 45*time.Minute+time.Second {
		t.Fatalf("%+v", e)
	}
	if want := "Query running time quota exceeded! maximum allowed 00:15:00 per 01:00:00. You can send requests again in 2701 seconds."; e.Error() != want {
		t.Errorf("message %q", e.Error())
	}
	x.Settle(5 * time.Minute)
	ck.Advance(45 * time.Minute) // the first query begins to leave the window
	if e := refused(t, l, p); e.RetryAfter != time.Second {
		t.Fatalf("%+v", e)
	}
	ck.Advance(30 * time.Second)
	if b, _ := reserve(t, l, p).Budget(); b != 30*time.Second {
		t.Fatalf("budget %v", b)
	}
}

func TestRunningTimePerDay(t *testing.T) {
	ck := newClock()
	l := New(ck.Now)
	p := profile(t, "atp-2018")
	for range 24 { // 10 min an hour for a day: 4 h
		x := reserve(t, l, p)
		ck.Advance(10 * time.Minute)
		x.Settle(10 * time.Minute)
		ck.Advance(50 * time.Minute)
	}
	// Exactly a day after its start the first query begins to leave.
	e := refused(t, l, p)
	if e.Limit != RunPerDay || e.RetryAfter != time.Second {
		t.Fatalf("%+v", e)
	}
	if want := "Query running time quota exceeded! maximum allowed 04:00:00 per 1.00:00:00. You can send requests again in 1 seconds."; e.Error() != want {
		t.Errorf("message %q", e.Error())
	}
	if e.Maximum() != "04:00:00" || e.Code() != "TooManyRequests" {
		t.Errorf("%s %s", e.Maximum(), e.Code())
	}
}

// TestWorstLimitIsTold: a client that waits as told is not refused again.
func TestWorstLimitIsTold(t *testing.T) {
	ck := newClock()
	l := New(ck.Now)
	p := Profile{Name: "x", CallsPerMinute: 2, CallsPerHour: 2, RunPerHour: time.Minute}
	for range 2 {
		reserve(t, l, p).Settle(20 * time.Second)
	}
	e := refused(t, l, p)
	if e.Limit != CallsPerHour || e.RetryAfter != time.Hour {
		t.Fatalf("%+v", e)
	}
	if e.Error() != "API calls quota exceeded! maximum allowed 2 per 01:00:00" || e.Code() != "429" {
		t.Errorf("%s: %s", e.Code(), e)
	}
	ck.Advance(e.RetryAfter)
	reserve(t, l, p)
}

func TestMessages(t *testing.T) {
	// As recorded from the public service.
	for want, e := range map[string]*Exceeded{
		"API calls quota exceeded! maximum allowed 15 per 00:01:00":   {Limit: CallsPerMinute, Calls: 15, Window: time.Minute},
		"API calls quota exceeded! maximum allowed 45 per 00:01:00":   {Limit: CallsPerMinute, Calls: 45, Window: time.Minute},
		"API calls quota exceeded! maximum allowed 1500 per 01:00:00": {Limit: CallsPerHour, Calls: 1500, Window: time.Hour},
	} {
		if e.Message() != want || e.Code() != "429" || e.RetryAfterSeconds() != 1 {
			t.Errorf("%s %q, retry after %d s", e.Code(), e.Message(), e.RetryAfterSeconds())
		}
	}
	if got := (&TimedOut{10 * time.Minute}).Error(); got != "Query exceeded the timeout period. One query may run for 00:10:00." {
		t.Error(got)
	}
	if got := (&TimedOut{200 * time.Millisecond}).Error(); got != "Query exceeded the timeout period. One query may run for 00:00:00.2000000." {
		t.Error(got)
	}
}

func TestUnlimited(t *testing.T) {
	l := New(newClock().Now)
	x := reserve(t, l, profile(t, "unlimited"))
	if _, ok := x.Budget(); ok {
		t.Error("an unlimited lease has a budget")
	}
	if _, ok := x.Deadline(); ok {
		t.Error("an unlimited lease has a deadline")
	}
	ctx, cancel := x.Context(context.Background())
	if ctx.Err() != nil {
		t.Error(ctx.Err())
	}
	cancel()
	x.Settle(time.Hour)
}

func TestProfiles(t *testing.T) {
	names := map[string]bool{}
	for _, p := range Profiles() {
		if names[p.Name] {
			t.Errorf("%s twice", p.Name)
		}
		names[p.Name] = true
		if got, ok := Lookup(p.Name); !ok || got != p {
			t.Errorf("Lookup(%s) = %v", p.Name, got)
		}
	}
	if p, _ := Lookup("atp-2018"); p.Window != 30*24*time.Hour || p.Rows != 10000 || p.CallsPerMinute != 15 || p.CallsPerHour != 0 ||
		p.RunPerHour != 15*time.Minute || p.RunPerDay != 4*time.Hour || p.PerRequest != 10*time.Minute || p.ResultBytes != 0 {
		t.Errorf("%+v", p)
	}
	if _, ok := Lookup("atp-2017"); ok {
		t.Error("found a profile that does not exist")
	}
}

// TestContextTimesOut uses the fake time of synctest, timers included.
func TestContextTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(nil)
		x := reserve(t, l, profile(t, "mde-2025"))
		begin := time.Now()
		ctx, cancel := x.Context(context.Background())
		defer cancel()
		<-ctx.Done()
		var late *TimedOut
		if !errors.As(context.Cause(ctx), &late) || time.Since(begin) != 200*time.Second {
			t.Errorf("ended after %v because of %v", time.Since(begin), context.Cause(ctx))
		}
		x.Settle(time.Since(begin))
	})
}

// TestPoolEndsQueries runs queries at the same time: together they get the hour's 15 minutes and not a moment more.
func TestPoolEndsQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(nil)
		p := profile(t, "atp-2018")
		var wg sync.WaitGroup
		var used atomic.Int64
		for range 5 {
			wg.Go(func() {
				x := reserve(t, l, p)
				begin := time.Now()
				ctx, cancel := x.Context(context.Background())
				defer cancel()
				<-ctx.Done()
				var e *Exceeded
				if !errors.As(context.Cause(ctx), &e) || e.Limit != RunPerHour {
					t.Errorf("ended because of %v", context.Cause(ctx))
				}
				used.Add(int64(time.Since(begin)))
				x.Settle(time.Since(begin))
			})
		}
		wg.Wait()
		if got := time.Duration(used.Load()); got < 15*time.Minute-5*resolution || got > 15*time.Minute {
			t.Errorf("the queries ran for %v together", got)
		}
		if e := refused(t, l, p); e.Limit != RunPerHour {
			t.Errorf("%+v", e)
		}
	})
}

// TestPoolRenews: a query goes on when old running time leaves the window in time.
func TestPoolRenews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(nil)
		p := Profile{Name: "x", RunPerHour: 10 * time.Minute, PerRequest: 9 * time.Minute}
		x := reserve(t, l, p)
		time.Sleep(8 * time.Minute)
		x.Settle(8 * time.Minute)
		time.Sleep(51 * time.Minute) // 59 minutes after the start: 2 minutes are left, and 8 come back from now + 1 min
		x = reserve(t, l, p)
		if b, _ := x.Budget(); b != 2*time.Minute {
			t.Errorf("budget %v", b)
		}
		begin := time.Now()
		ctx, cancel := x.Context(context.Background())
		defer cancel()
		<-ctx.Done()
		var late *TimedOut
		if !errors.As(context.Cause(ctx), &late) || time.Since(begin) != 9*time.Minute {
			t.Errorf("ended after %v because of %v", time.Since(begin), context.Cause(ctx))
		}
		x.Settle(time.Since(begin))
	})
}
