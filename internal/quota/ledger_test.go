package quota

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/state"
	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

func TestMain(m *testing.M) { statetest.Main(m) }

// openLimiter opens a limiter over a store that it has for itself, as another node or process would.
func openLimiter(t testing.TB, place string, clock func() time.Time) *Limiter {
	t.Helper()
	s := statetest.Open(t, place)
	l := Open(s, clock, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// crash forgets a limiter without a word to its ledger.
func crash(l *Limiter) {
	close(l.ledger.stop)
	<-l.ledger.done
	l.ledger.stop = make(chan struct{}) // Close may follow
	l.ledger.done = make(chan struct{})
	close(l.ledger.done)
}

// TestStoredRace is the bar: 200 callers at once, on one limiter and on two over one database. Exactly 15 pass per
// minute and tenant, all others are told when to come back.
func TestStoredRace(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		p := profile(t, "atp-2018")
		nodes := []*Limiter{openLimiter(t, place, nil), openLimiter(t, place, nil)}
		for tenant, use := range map[string][]*Limiter{"one": nodes[:1], "two": nodes} {
			var accepted, refused atomic.Int64
			var wg sync.WaitGroup
			for i := range 200 {
				wg.Go(func() {
					x, err := use[i%len(use)].Reserve(Account{tenant, p.Name}, p)
					var e *Exceeded
					switch {
					case err == nil:
						accepted.Add(1)
						x.Settle(time.Millisecond)
					case errors.As(err, &e) && e.Message() == "API calls quota exceeded! maximum allowed 15 per 00:01:00" &&
						e.RetryAfterSeconds() >= 50 && e.RetryAfterSeconds() <= 60:
						refused.Add(1)
					default:
						t.Errorf("%s: %v", tenant, err)
					}
				})
			}
			wg.Wait()
			if accepted.Load() != 15 || refused.Load() != 185 {
				t.Errorf("%s: %d accepted, %d refused", tenant, accepted.Load(), refused.Load())
			}
		}
	})
}

// TestStoredAgainstModel compares every answer with the model, over crashes, with two nodes taking turns.
func TestStoredAgainstModel(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		for seed := range uint64(4) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				p := randomProfile(100 + seed)
				p.Name = fmt.Sprint("random", seed)
				compareStored(t, rand.New(rand.NewPCG(seed, 9)), p, place)
			})
		}
	})
}

func compareStored(t *testing.T, r *rand.Rand, p Profile, place string) {
	ck := newClock()
	nodes := []*Limiter{openLimiter(t, place, ck.Now), openLimiter(t, place, ck.Now)}
	m := &model{p: p, running: map[int]time.Duration{}}
	leases := map[int]*Lease{}
	var now time.Duration
	refusals := 0
	for step := range 400 {
		d := time.Duration(r.Int64N(int64(3 * time.Second))) // below deadAfter: nobody beats here
		if len(leases) == 0 && r.IntN(20) == 0 {
			d *= 300
			k := r.IntN(2)
			crash(nodes[k])
			nodes[k] = openLimiter(t, place, ck.Now)
		}
		now += d
		ck.Advance(d)
		for _, n := range nodes {
			n.beat()
		}
		for id, x := range leases {
			if r.IntN(3) == 0 || len(leases) > 6 {
				m.settle(id, now)
				x.Settle(now - m.runs[len(m.runs)-1][0])
				delete(leases, id)
			}
		}
		want, budget := m.admits(now)
		x, err := nodes[r.IntN(2)].Reserve(Account{"t", p.Name}, p)
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
	if refusals == 0 {
		t.Error("nothing was refused: the test tests nothing")
	}
	for _, x := range leases {
		x.Settle(0)
	}
}

// TestCrashedNode: the leases of a node that is not heard of end; they are charged up to its last sign of life.
func TestCrashedNode(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		ck := newClock()
		p := Profile{Name: "x", RunPerHour: 10 * time.Minute}
		dead, l := openLimiter(t, place, ck.Now), openLimiter(t, place, ck.Now)
		x := reserve(t, dead, p)
		ck.Advance(4 * time.Minute)
		dead.beat()
		crash(dead)
		ck.Advance(deadAfter - time.Second)
		if b, _ := reserve(t, l, p).Budget(); b != 6*time.Minute-deadAfter+time.Second {
			t.Errorf("while it counts as alive the budget is %v", b)
		}
		ck.Advance(time.Second)
		want := 6*time.Minute - beatEvery
		y := reserve(t, l, p)
		if b, _ := y.Budget(); b != want-time.Second { // the other query ran for a second
			t.Errorf("afterwards the budget is %v, want %v", b, want-time.Second)
		}
		// It is alive after all: what its query really used counts, here and for whoever starts now.
		x.Settle(5 * time.Minute)
		if _, err := l.Reserve(Account{"t", p.Name}, p); err != nil { // learns of it, and reads everything anew the next time
			t.Fatal(err)
		}
		for _, node := range []*Limiter{l, openLimiter(t, place, ck.Now)} {
			if b, _ := reserve(t, node, p).Budget(); b != 5*time.Minute-time.Second {
				t.Errorf("then the budget is %v", b)
			}
		}
	})
}

// TestSharedPool runs queries on two nodes at the same time, in real time: together they get the hour's running time,
// exact to 1 %.
func TestSharedPool(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		const pool = 12 * time.Second
		p := Profile{Name: "x", RunPerHour: pool}
		nodes := []*Limiter{openLimiter(t, place, nil), openLimiter(t, place, nil)}
		var used atomic.Int64
		var wg sync.WaitGroup
		for i := range 6 {
			if !nodes[0].ledger.shared && i%2 == 1 {
				continue // one node has a file for itself
			}
			wg.Go(func() {
				time.Sleep(time.Duration(i) * 100 * time.Millisecond)
				x := reserve(t, nodes[i%2], p)
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
		if got := time.Duration(used.Load()); got < pool*99/100 || got > pool*101/100 {
			t.Errorf("the queries ran for %v together, want %v", got, pool)
		}
		if e := refused(t, nodes[1], p); e.Limit != RunPerHour {
			t.Errorf("%+v", e)
		}
	})
}

// TestLedgerFails: a call that cannot be counted is not accepted; what is owed is stored later.
func TestLedgerFails(t *testing.T) {
	s, err := state.Open(t.Context(), statetest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	l := Open(s, newClock().Now, slog.New(slog.DiscardHandler))
	x := reserve(t, l, profile(t, "atp-2018"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var gone *Unavailable
	if _, err := l.Reserve(Account{"t", "atp-2018"}, profile(t, "atp-2018")); !errors.As(err, &gone) || gone.Unwrap() == nil {
		t.Errorf("got %v", err)
	}
	x.Settle(time.Second)
	if err := l.Close(); err == nil {
		t.Error("closed without a word of what could not be stored")
	}
}

// TestLedgerHangs: a state store that does not answer keeps nobody waiting for longer than two exchanges, however many ask,
// and refuses them all; when it answers again, nothing of that counts.
func TestLedgerHangs(t *testing.T) {
	place := statetest.File(t)
	s := statetest.Open(t, place)
	l := Open(s, newClock().Now, slog.New(slog.DiscardHandler))
	l.ledger.patience = 300 * time.Millisecond
	p := profile(t, "atp-2018")
	running := reserve(t, l, p)
	db, err := sql.Open("sqlite", "file:"+place)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Conn(t.Context())
	if err == nil {
		_, err = tx.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	}
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			var gone *Unavailable
			if _, err := l.Accept(Account{"t", p.Name}, p); !errors.As(err, &gone) {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Go(func() { running.Settle(time.Second) })
	wg.Wait()
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("they waited for %v", d)
	}
	if _, err := tx.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	for i := range 15 {
		x, err := l.Accept(Account{"t", p.Name}, p)
		if err == nil {
			err = x.Start(0)
		}
		if i < 14 == (err != nil) {
			t.Errorf("call %d: %v", i, err)
		}
		if err == nil {
			x.Settle(time.Second)
		}
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	again := openLimiter(t, place, newClock().Now)
	if e := refused(t, again, p); e.Limit != CallsPerMinute {
		t.Errorf("%+v", e)
	}
}

// TestGivenBackOnNodes: a call that one node gives back is free on all, also when the store did not hear of it at once.
func TestGivenBackOnNodes(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		ck := newClock()
		nodes := []*Limiter{openLimiter(t, place, ck.Now), openLimiter(t, place, ck.Now)}
		p := profile(t, "atp-2018")
		of := Account{"t", "mde"}
		var list []*Lease
		for i := range 15 {
			x, err := nodes[i%2].Accept(of, p)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, x)
		}
		if _, err := nodes[0].Accept(of, p); err == nil {
			t.Fatal("16 calls")
		}
		list[0].GiveBack()
		list[0].GiveBack() // once only
		list[2].GiveBack()
		for i := range 3 {
			if _, err := nodes[0].Accept(of, p); (err != nil) != (i == 2) {
				t.Errorf("call %d after two were given back: %v", i, err)
			}
		}
		ck.Advance(30 * time.Second)
		if err := list[1].Start(0); err != nil {
			t.Fatal(err)
		}
		ck.Advance(20 * time.Second)
		list[1].GiveBack() // in vain: it runs
		list[1].Settle(20 * time.Second)
		ck.Advance(10 * time.Second)
		third := openLimiter(t, place, ck.Now)
		for i := range 16 {
			if _, err := third.Accept(of, p); (err != nil) != (i == 15) {
				t.Errorf("call %d of the next minute: %v", i, err)
			}
		}
		for _, u := range third.Usage(10) {
			if u.Limit == RunPerHour && math.Abs(u.Ratio-20.0/900) > 1e-9 {
				t.Errorf("the wait was charged: %+v", u)
			}
		}
	})
}

func BenchmarkStored(b *testing.B) {
	for name, place := range map[string]func(testing.TB) string{"sqlite": statetest.File, "postgres": statetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			ck := newClock()
			l := openLimiter(b, place(b), ck.Now)
			p := profile(b, "mde-2025")
			p.RunPerHour, p.RunPerDay = 100*time.Hour, 1000*time.Hour
			for b.Loop() {
				ck.Advance(3 * time.Second)
				reserve(b, l, p).Settle(time.Second)
			}
		})
	}
}
