package queue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// waitInTurn queues one request after the other and returns the order in which they get the only slot.
func waitInTurn(t *testing.T, q *Queue, who [][2]string) []string {
	t.Helper()
	var order []string
	synctest.Test(t, func(t *testing.T) {
		if err := q.Acquire(t.Context(), "holder", ""); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for i, w := range who {
			wg.Go(func() {
				if err := q.Acquire(t.Context(), w[0], w[1]); err != nil {
					t.Errorf("%v: %v", w, err)
					return
				}
				order = append(order, fmt.Sprint(w[0], w[1], i))
				q.Release()
			})
			synctest.Wait()
		}
		q.Release()
		wg.Wait()
	})
	if s := q.Stats(); s.Running != 0 || s.Waiting != 0 || len(q.byName) != 0 || len(q.tenants.items) != 0 {
		t.Errorf("left over: %+v", s)
	}
	return order
}

// TestOrder: tenants in turn, then their principals in turn, then first come first served.
func TestOrder(t *testing.T) {
	got := waitInTurn(t, New(Options{Slots: 1, Length: 100}), [][2]string{
		{"a", "x"}, {"a", "x"}, {"a", "x"}, {"a", "y"}, {"b", "z"}, {"a", "y"}, {"b", "z"}, {"c", "z"},
	})
	want := []string{"ax0", "bz4", "cz7", "ay3", "bz6", "ax1", "ay5", "ax2"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestFull: whoever fills the queue does not keep others out, and nobody waits beyond its length or its time.
func TestFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(Options{Slots: 1, Length: 4, Wait: time.Minute})
		if err := q.Acquire(t.Context(), "a", "x"); err != nil {
			t.Fatal(err)
		}
		results := make([]chan error, 7)
		for i, who := range [][2]string{{"a", "x"}, {"a", "y"}, {"a", "x"}, {"a", "x"}, {"a", "x"}, {"b", "z"}, {"b", "z"}} {
			results[i] = make(chan error, 1)
			go func() { results[i] <- q.Acquire(t.Context(), who[0], who[1]) }()
			synctest.Wait()
		}
		// The fifth finds it full of its own tenant. The sixth takes the fourth's place, the seventh the third's.
		for _, i := range []int{4, 3, 2} {
			if err := <-results[i]; !errors.Is(err, ErrFull) {
				t.Errorf("request %d: %v", i, err)
			}
		}
		if err := q.Acquire(t.Context(), "b", "z"); !errors.Is(err, ErrFull) {
			t.Errorf("a tenant that holds half of the queue: %v", err)
		}
		time.Sleep(time.Minute)
		for _, i := range []int{0, 1, 5, 6} {
			if err := <-results[i]; !errors.Is(err, ErrTimeout) {
				t.Errorf("request %d: %v", i, err)
			}
		}
		if s := q.Stats(); s != (Stats{Slots: 1, Running: 1}) {
			t.Errorf("%+v", s)
		}
	})
}

// TestPromisedRoom: who was promised room waits however full the queue is, and makes no room for others.
func TestPromisedRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(Options{Slots: 1, Length: 4, Wait: time.Minute})
		if err := q.Acquire(t.Context(), "a", "x"); err != nil {
			t.Fatal(err)
		}
		enter := func(tenant string, room int) chan error {
			result := make(chan error, 1)
			go func() { result <- q.AcquireWith(t.Context(), tenant, "x", room) }()
			synctest.Wait()
			return result
		}
		for range 4 {
			enter("a", 3)
		}
		for range 4 {
			enter("b", 100) // no more than the queue is long
		}
		if n := q.Stats().Waiting; n != 8 {
			t.Fatalf("%d wait", n)
		}
		if err := <-enter("b", 100); !errors.Is(err, ErrFull) {
			t.Errorf("beyond what was promised: %v", err)
		}
		enter("c", 0) // takes the place of the one of a's that has no promise
		if err := <-enter("c", 0); !errors.Is(err, ErrFull) {
			t.Errorf("only promised places are left: %v", err)
		}
		if s := q.Stats(); s.Waiting != 8 {
			t.Errorf("%+v", s)
		}
	})
}

// TestGone: a client that goes away leaves the queue at once.
func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(Options{Slots: 1, Length: 4})
		ctx, cancel := context.WithCancel(t.Context())
		_ = q.Acquire(ctx, "a", "x")
		gone := make(chan error, 1)
		go func() { gone <- q.Acquire(ctx, "a", "x") }()
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if s := q.Stats(); s.Waiting != 0 || s.Running != 1 {
			t.Errorf("%+v", s)
		}
		if err := q.Acquire(ctx, "a", "x"); !errors.Is(err, context.Canceled) {
			t.Errorf("after it has gone: %v", err)
		}
		q.Release()
	})
}

// TestNoStarvation: while one tenant keeps the queue full, another's request waits for one round at most.
func TestNoStarvation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(Options{Slots: 2, Length: 50})
		ctx, cancel := context.WithCancel(t.Context())
		var served atomic.Int64
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				for ctx.Err() == nil {
					if q.Acquire(ctx, "greedy", fmt.Sprint(i%3)) == nil {
						time.Sleep(time.Second)
						served.Add(1)
						q.Release()
					} else {
						time.Sleep(time.Millisecond)
					}
				}
			})
		}
		for range 20 {
			time.Sleep(700 * time.Millisecond)
			before := served.Load()
			if err := q.Acquire(t.Context(), "modest", "me"); err != nil {
				t.Fatal(err)
			}
			if n := served.Load() - before; n > 3 {
				t.Errorf("%d requests of the other tenant came first", n)
			}
			q.Release()
		}
		cancel()
		wg.Wait()
	})
}

// TestRandom: any mix of arrivals, cancellations and time-outs keeps the promises: never more than Slots run, never more
// than Length wait, and in the end nothing is left over and every slot can be had.
func TestRandom(t *testing.T) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 1))
		opts := Options{Slots: 1 + r.IntN(4), Length: r.IntN(12), Wait: time.Duration(r.IntN(3)) * time.Millisecond}
		q := New(opts)
		var running, most, ran, refused atomic.Int64
		var wg sync.WaitGroup
		for g := range 24 {
			mine := rand.New(rand.NewPCG(seed, uint64(g)+2))
			wg.Go(func() {
				for range 120 {
					ctx, cancel := context.WithTimeout(context.Background(), time.Duration(mine.IntN(800))*time.Microsecond)
					err := q.Acquire(ctx, fmt.Sprint(mine.IntN(3)), fmt.Sprint(mine.IntN(4)))
					if err == nil {
						n := running.Add(1)
						for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
						}
						if mine.IntN(3) == 0 {
							time.Sleep(time.Duration(mine.IntN(60)) * time.Microsecond)
						}
						running.Add(-1)
						ran.Add(1)
						q.Release()
					} else {
						refused.Add(1)
					}
					if s := q.Stats(); s.Waiting > opts.Length || s.Running > opts.Slots {
						t.Errorf("%+v of %+v", s, opts)
					}
					cancel()
				}
			})
		}
		wg.Wait()
		if most.Load() > int64(opts.Slots) || ran.Load()+refused.Load() != 24*120 || ran.Load() == 0 {
			t.Errorf("%+v: %d at a time, %d ran, %d refused", opts, most.Load(), ran.Load(), refused.Load())
		}
		if s := q.Stats(); s.Running != 0 || s.Waiting != 0 || len(q.byName) != 0 || len(q.tenants.items) != 0 {
			t.Errorf("%+v: left over %+v", opts, s)
		}
		for range opts.Slots { // no slot was lost
			if err := q.Acquire(context.Background(), "", ""); err != nil || q.Stats().Waiting != 0 {
				t.Errorf("%+v: %v", opts, err)
			}
		}
	}
}

// BenchmarkContended is a slot that changes hands.
func BenchmarkContended(b *testing.B) {
	q := New(Options{Slots: 2, Length: 1 << 20})
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if q.Acquire(context.Background(), "t", "p") == nil {
				q.Release()
			}
		}
	})
}
