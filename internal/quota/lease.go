package quota

import (
	"context"
	"time"
)

// Lease is the permission to run one query. It is safe for concurrent use.
type Lease struct {
	limiter    *Limiter
	account    *account
	start      time.Duration
	perRequest time.Duration
	budget     time.Duration
	id         string // in the ledger; "" without

	// Guarded by the limiter's lock.
	settled bool
	ended   *Exceeded               // why the query has to stop
	cancel  context.CancelCauseFunc // of the context in use
}

// Budget is the running time that the query can have at most as things stood when it was granted: the least of the
// profile's time per request and what is left in the pool. ok is false when nothing limits it.
func (x *Lease) Budget() (budget time.Duration, ok bool) { return x.budget, x.budget > 0 }

// Deadline is the end of the budget, by the limiter's clock.
func (x *Lease) Deadline() (deadline time.Time, ok bool) {
	if x.budget <= 0 {
		return time.Time{}, false
	}
	x.limiter.mu.Lock()
	defer x.limiter.mu.Unlock()
	return x.limiter.start.Add(x.start + x.budget - x.limiter.skew()), true
}

// Context derives the context under which the query must run. It ends with cause *TimedOut when the query has run as
// long as one query may, and with cause *Exceeded when the tenant's running time is used up; context.Cause tells. The
// cancel function must be called; it does not settle the lease.
func (x *Lease) Context(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	stop := func() { cancel(nil) }
	if x.perRequest > 0 {
		x.limiter.mu.Lock()
		gone := x.limiter.now() - x.start
		x.limiter.mu.Unlock()
		var release context.CancelFunc
		ctx, release = context.WithTimeoutCause(ctx, x.perRequest-gone, &TimedOut{x.perRequest})
		stop = func() { release(); cancel(nil) }
	}
	x.limiter.mu.Lock()
	defer x.limiter.mu.Unlock()
	x.cancel = cancel
	if x.ended != nil {
		cancel(x.ended)
	}
	return ctx, stop
}

// end stops the query. The caller holds the limiter's lock; cancelling a context runs no code of ours under it.
func (x *Lease) end(why *Exceeded) {
	if x.ended == nil {
		x.ended = why
		if x.cancel != nil {
			x.cancel(why)
		}
	}
}

// Settle replaces the running charge by the time the query really used. Only the first call counts.
func (x *Lease) Settle(elapsed time.Duration) {
	elapsed = min(max(elapsed, 0), day) // a longer time cannot matter
	now, tracked := x.settle(elapsed)
	if tracked && x.id != "" {
		x.limiter.store(x.account, settlement{x.id, now, elapsed})
	}
}

// settle does it in memory and returns when that was. tracked is false when there is nothing to store.
func (x *Lease) settle(elapsed time.Duration) (now time.Duration, tracked bool) {
	l, a := x.limiter, x.account
	l.mu.Lock()
	defer l.mu.Unlock()
	if x.settled {
		return 0, false
	}
	x.settled = true
	if _, tracked = a.running[x]; !tracked {
		return 0, false
	}
	delete(a.running, x)
	now = a.advance(l.now())
	a.runs.add(now, elapsed)
	l.watch(a, now)
	return now, true
}
