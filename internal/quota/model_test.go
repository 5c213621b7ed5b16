package quota

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// model is the limiter in its plainest form: it keeps everything for ever and counts by looking at all of it.
type model struct {
	p       Profile
	calls   []time.Duration
	runs    [][2]time.Duration // start, end
	running map[int]time.Duration
}

func (m *model) used(now, window time.Duration) time.Duration {
	var sum time.Duration
	for _, r := range m.runs {
		sum += max(0, r[1]-max(r[0], now-window))
	}
	for _, start := range m.running {
		sum += now - max(start, now-window)
	}
	return sum
}

// admits reports whether a call is accepted and, if so, for how long it may run.
func (m *model) admits(now time.Duration) (bool, time.Duration) {
	for window, limit := range map[time.Duration]int{time.Minute: m.p.CallsPerMinute, time.Hour: m.p.CallsPerHour} {
		n := 0
		for _, at := range m.calls {
			if at > now-window {
				n++
			}
		}
		if limit > 0 && n >= limit {
			return false, 0
		}
	}
	budget := m.p.PerRequest
	for window, limit := range map[time.Duration]time.Duration{time.Hour: m.p.RunPerHour, day: m.p.RunPerDay} {
		if limit == 0 {
			continue
		}
		left := limit - m.used(now, window)
		if left < min(minimumGrant, limit) {
			return false, 0
		}
		if budget == 0 || left < budget {
			budget = left
		}
	}
	return true, budget
}

// TestAgainstModel sends random calls at random times, with queries that overlap, and compares every answer.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { compare(t, rand.New(rand.NewPCG(seed, 7)), randomProfile(seed)) })
	}
}

func randomProfile(seed uint64) Profile {
	r := rand.New(rand.NewPCG(seed, 1))
	if all := Profiles(); seed < uint64(len(all)) {
		return all[seed]
	}
	return Profile{Name: "random", CallsPerMinute: r.IntN(20), CallsPerHour: r.IntN(100),
		RunPerHour: time.Duration(r.IntN(20)) * time.Minute, RunPerDay: time.Duration(r.IntN(60)) * time.Minute,
		PerRequest: time.Duration(r.IntN(600)) * time.Second}
}

func compare(t *testing.T, r *rand.Rand, p Profile) {
	ck := newClock()
	l := New(ck.Now)
	m := &model{p: p, running: map[int]time.Duration{}}
	leases := map[int]*Lease{}
	var now time.Duration
	refusals := 0
	for step := range 1500 {
		if r.IntN(4) > 0 {
			d := time.Duration(r.Int64N(int64(10 * time.Second)))
			if step%300 < 100 {
				d /= 20 // a burst
			}
			if r.IntN(100) == 0 {
				d *= 300 // now and then a pause
			}
			now += d
			ck.Advance(d)
		}
		quiet := r.IntN(100) == 0 // all queries end, and the program restarts, which changes nothing
		for _, id := range slices.Sorted(maps.Keys(leases)) {
			if quiet || r.IntN(3) == 0 {
				m.settle(id, now)
				leases[id].Settle(now - m.runs[len(m.runs)-1][0])
				delete(leases, id)
			}
		}
		if quiet {
			l = restart(t, l, ck)
		}
		want, budget := m.admits(now)
		x, err := l.Reserve(Account{"t", p.Name}, p)
		if (err == nil) != want {
			t.Fatalf("step %d at %v: %v, the model says %v", step, now, err, want)
		}
		if err != nil {
			refusals++
			checkRenewal(t, m, now, err)
			continue
		}
		if got, _ := x.Budget(); got != budget {
			t.Fatalf("step %d at %v: budget %v, the model says %v", step, now, got, budget)
		}
		m.calls = append(m.calls, now)
		m.running[step], leases[step] = now, x
	}
	if p.Name != "unlimited" && p.CallsPerMinute < 100 && p.CallsPerMinute+p.CallsPerHour > 0 && // more than the steps reach
		refusals == 0 {
		t.Error("nothing was refused: the test tests nothing")
	}
}

func (m *model) settle(id int, now time.Duration) {
	m.runs = append(m.runs, [2]time.Duration{m.running[id], now})
	delete(m.running, id)
}

// checkRenewal asks the model again at the time that the refusal names, as if the running queries had ended: then the
// call passes, and a moment earlier it does not.
func checkRenewal(t *testing.T, m *model, now time.Duration, err error) {
	t.Helper()
	var e *Exceeded
	if !errors.As(err, &e) || e.RetryAfter <= 0 || e.RetryAfter > e.Window {
		t.Fatalf("at %v: %+v", now, err)
	}
	ended := &model{p: m.p, calls: m.calls, runs: append([][2]time.Duration(nil), m.runs...)}
	for _, start := range m.running {
		ended.runs = append(ended.runs, [2]time.Duration{start, now})
	}
	if ok, _ := ended.admits(now + e.RetryAfter); !ok {
		t.Fatalf("at %v: refused again after waiting as told: %+v", now, e)
	}
	if ok, _ := ended.admits(now + e.RetryAfter - time.Millisecond - 1); ok {
		t.Fatalf("at %v: told to wait for longer than needed: %+v", now, e)
	}
}

// restart carries the state through its stored form into a new limiter.
func restart(t *testing.T, old *Limiter, ck *clock) *Limiter {
	t.Helper()
	data, err := json.Marshal(old.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	var s Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	l := New(ck.Now)
	l.start = old.start // leases of the test count from there
	l.Restore(s)
	return l
}

func TestSnapshotOfRunningQueries(t *testing.T) {
	ck := newClock()
	l := New(ck.Now)
	p := profile(t, "atp-2018")
	reserve(t, l, p)
	ck.Advance(4 * time.Minute)
	l2 := New(ck.Now)
	l2.Restore(l.Snapshot())
	if b, _ := reserve(t, l2, Profile{Name: p.Name, RunPerHour: 10 * time.Minute}).Budget(); b != 6*time.Minute {
		t.Errorf("budget %v, want what the running query has not used", b)
	}
}

// TestRestoreFromTheFuture: a clock that was set back must not lock a tenant out.
func TestRestoreFromTheFuture(t *testing.T) {
	ck := newClock()
	l := New(ck.Now)
	p := Profile{Name: "x", CallsPerMinute: 1, RunPerHour: time.Hour}
	later := ck.Now().Add(1000 * time.Hour)
	l.Restore(Snapshot{Accounts: []AccountSnapshot{{Tenant: "t", Contract: "x", Calls: []time.Time{later},
		Runs: []RunSnapshot{{End: later, Elapsed: 1 << 62}, {End: ck.Now(), Elapsed: -1}}}}})
	if e := refused(t, l, p); e.RetryAfter > time.Hour {
		t.Fatalf("%+v", e)
	}
	ck.Advance(time.Hour)
	reserve(t, l, p)
}

// TestClockSetBack: time does not run backwards for the windows.
func TestClockSetBack(t *testing.T) {
	ck := newClock()
	l := New(ck.Now)
	p := Profile{Name: "x", CallsPerMinute: 2, RunPerHour: time.Minute}
	x := reserve(t, l, p)
	ck.Advance(30 * time.Second)
	reserve(t, l, p).Settle(0)
	ck.Advance(-time.Hour)
	x.Settle(time.Second)
	if e := refused(t, l, p); e.RetryAfter != 30*time.Second {
		t.Fatalf("%+v", e)
	}
}

// TestMemoryIsBounded: accounts without history go, lists give memory back, and without a limit of calls runs merge.
func TestMemoryIsBounded(t *testing.T) {
	ck := newClock()
	l := New(ck.Now)
	p := profile(t, "atp-2018")
	for i := range 1000 {
		x, err := l.Reserve(Account{fmt.Sprint("tenant", i), p.Name}, p)
		if err != nil {
			t.Fatal(err)
		}
		x.Settle(time.Second)
	}
	ck.Advance(day)
	reserve(t, l, p).Settle(0)
	if n := len(l.accounts); n != 1 {
		t.Errorf("%d accounts, want 1", n)
	}
	free := Profile{Name: "free", RunPerDay: 12 * time.Hour}
	for range maxRuns + 100 {
		reserve(t, l, free).Settle(time.Millisecond)
	}
	a := l.accounts[Account{"t", "free"}]
	if n := len(a.runs.list); n > maxRuns {
		t.Errorf("%d runs kept", n)
	}
	if got, want := a.used(a.latest, day), time.Duration(maxRuns+100)*time.Millisecond; got != want {
		t.Errorf("merging changed the sum: %v, want %v", got, want)
	}
	ck.Advance(day)
	reserve(t, l, free)
	if len(a.runs.list) != 0 || cap(a.runs.list) > 16 {
		t.Errorf("%d runs kept in %d", len(a.runs.list), cap(a.runs.list))
	}
}

func BenchmarkReserve(b *testing.B) {
	ck := newClock()
	l := New(ck.Now)
	p := profile(b, "mde-2025")
	p.RunPerHour, p.RunPerDay = 100*time.Hour, 1000*time.Hour
	for b.Loop() {
		ck.Advance(3 * time.Second)
		x, err := l.Reserve(Account{"t", p.Name}, p)
		if err != nil {
			b.Fatal(err)
		}
		x.Settle(time.Second)
	}
}

func BenchmarkRefuse(b *testing.B) {
	ck := newClock()
	l := New(ck.Now)
	p := profile(b, "mde-2025")
	for range 1200 {
		ck.Advance(3 * time.Second)
		if x, err := l.Reserve(Account{"t", p.Name}, p); err == nil {
			x.Settle(time.Second)
		}
	}
	for b.Loop() {
		if _, err := l.Reserve(Account{"t", p.Name}, p); err == nil {
			b.Fatal("accepted")
		}
	}
}
