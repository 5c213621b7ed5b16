package quota

import (
	"context"
	"time"
)

// Lease is an accepted call and, from Start on, the permission to run its query. Start and GiveBack are for the one that
// accepted it; the rest is safe for concurrent use.
type Lease struct {
	limiter *Limiter
	account *account
	profile Profile
	called  time.Duration
	started bool
	start   time.Duration
	budget  time.Duration
	call    string // the call's row in the ledger; "" without
	id      string // the query's row, perhaps the same; "" without

	// Guarded by the limiter's lock.
	settled bool
	ended   *Exceeded               // why the query has to stop
	cancel  context.CancelCauseFunc // of the context in use
}

// Start begins the query, for at most perRequest if that is not 0 and less than what the profile grants. *Exceeded means
// that the running time has been used up meanwhile, *Unavailable that the ledger cannot be written; the call has been
// given back then.
func (x *Lease) Start(perRequest time.Duration) error {
	if perRequest > 0 && (x.profile.PerRequest == 0 || perRequest < x.profile.PerRequest) {
		x.profile.PerRequest = perRequest
	}
	l := x.limiter
	if l.ledger != nil && x.profile.tracksRuns() {
		return l.startStored(x)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.resume(x)
	if e := x.account.checkRuns(now); e != nil {
		x.settled = true
		x.account.calls.remove(x.called)
		return e
	}
	l.begin(x, now)
	return nil
}

// resume finds the account of a lease that has waited: an idle one may have been dropped meanwhile. The caller holds the
// lock.
func (l *Limiter) resume(x *Lease) time.Duration {
	x.account = l.account(x.account.key)
	x.account.profile = x.profile
	return x.account.advance(l.now())
}

// GiveBack uncounts the call of a query that has not started: the answer was that it was not accepted.
func (x *Lease) GiveBack() {
	l := x.limiter
	l.mu.Lock()
	if x.started || x.settled || !x.profile.limitsCalls() {
		l.mu.Unlock()
		return
	}
	x.settled = true
	if x.call == "" {
		x.account.calls.remove(x.called)
	}
	l.mu.Unlock()
	if x.call != "" {
		l.store(x.account, settlement{call: x.call, called: x.called})
	}
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
	if x.profile.PerRequest > 0 {
		x.limiter.mu.Lock()
		gone := x.limiter.now() - x.start
		x.limiter.mu.Unlock()
		var release context.CancelFunc
		ctx, release = context.WithTimeoutCause(ctx, x.profile.PerRequest-gone, &TimedOut{x.profile.PerRequest})
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
		x.limiter.store(x.account, settlement{id: x.id, at: now, elapsed: elapsed})
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
