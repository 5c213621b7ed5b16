package quota

import (
	"sync"
	"time"
)

// Limiter grants leases. It is safe for concurrent use; every decision in memory is made under one lock and takes
// microseconds. With a ledger (ledger.go) a decision is stored before it counts.
type Limiter struct {
	clock  func() time.Time
	start  time.Time
	ledger *ledger // nil: in memory only

	mu       sync.Mutex
	accounts map[Account]*account
}

// Account names what is counted together: each contract of a tenant counts its own calls, as the public services do. A
// change of its profile takes what was used before along.
type Account struct{ Tenant, Contract string }

// New returns a Limiter without any history, in memory only. A nil clock is time.Now.
func New(clock func() time.Time) *Limiter {
	if clock == nil {
		clock = time.Now
	}
	return &Limiter{clock: clock, start: clock(), accounts: map[Account]*account{}}
}

// Reserve accepts a call and starts its query at once: Accept and Start in one. The caller must Settle the lease, whatever
// happens to the query: until then its running time grows.
func (l *Limiter) Reserve(of Account, p Profile) (*Lease, error) {
	if l.ledger != nil && (p.limitsCalls() || p.tracksRuns()) {
		return l.reserveStored(of, p, true)
	}
	return l.reserve(of, p, true)
}

// Accept counts a call, or returns *Exceeded, or *Unavailable when the ledger cannot be written. Its query has not started
// yet: the caller must either Start the lease, or GiveBack the call when it is not answered; a call that is left alone
// stays counted.
func (l *Limiter) Accept(of Account, p Profile) (*Lease, error) {
	if l.ledger != nil && p.limitsCalls() {
		return l.reserveStored(of, p, false)
	}
	return l.reserve(of, p, false)
}

// reserve does either in memory.
func (l *Limiter) reserve(of Account, p Profile, start bool) (*Lease, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.account(of)
	a.profile = p
	now := a.advance(l.now())
	if e := a.check(now); e != nil {
		return nil, e
	}
	return l.grant(a, now, start), nil
}

// grant counts a call that was found to be within all limits.
func (l *Limiter) grant(a *account, now time.Duration, start bool) *Lease {
	x := &Lease{limiter: l, account: a, profile: a.profile, called: now}
	if x.profile.limitsCalls() {
		a.calls.at = append(a.calls.at, now)
	}
	if start {
		l.begin(x, now)
	}
	return x
}

// begin starts the query of a lease.
func (l *Limiter) begin(x *Lease, now time.Duration) {
	x.started, x.start, x.budget = true, now, x.profile.PerRequest
	if !x.profile.tracksRuns() {
		return
	}
	if left := x.account.left(now); x.budget == 0 || left < x.budget {
		x.budget = left
	}
	x.account.running[x] = struct{}{}
	l.watch(x.account, now)
}

// now is the limiter's time. Subtraction uses the monotonic clock where there is one.
func (l *Limiter) now() time.Duration {
	return l.clock().Sub(l.start) + l.skew()
}

// skew is how far the clock that counts is ahead of this machine's.
func (l *Limiter) skew() time.Duration {
	if l.ledger == nil {
		return 0
	}
	return l.ledger.offset
}

// account finds or makes the account. A new one is the occasion to drop those that are idle, which bounds their number
// by the tenants that were active within a day.
func (l *Limiter) account(k Account) *account {
	if a, ok := l.accounts[k]; ok {
		return a
	}
	now := l.now()
	for other, a := range l.accounts {
		if a.advance(now); a.idle() {
			delete(l.accounts, other)
		}
	}
	a := &account{key: k, running: map[*Lease]struct{}{}, elsewhere: map[string]remote{}}
	l.accounts[k] = a
	return a
}

// watch sets the timer to the earliest time at which the running queries can have emptied the pool: together they use it
// up as many times as fast as there are queries. Time that leaves the windows meanwhile only makes it later, and then
// the timer is set again.
func (l *Limiter) watch(a *account, now time.Duration) {
	if a.timer != nil {
		a.timer.Stop()
	}
	if len(a.running) == 0 {
		return
	}
	count := time.Duration(len(a.running) + len(a.elsewhere))
	wait := a.left(now) / count
	if l.ledger != nil && (l.ledger.shared || len(a.elsewhere) > 0) {
		wait = min(wait, a.lookEvery(count))
	}
	a.timer = time.AfterFunc(max(wait, resolution), func() { l.wake(a) })
}

// wake ends every running query of an account whose pool is empty.
func (l *Limiter) wake(a *account) {
	if l.ledger != nil {
		l.look(a)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := a.advance(l.now())
	e := a.emptied(now)
	if e == nil {
		l.watch(a, now)
		return
	}
	for x := range a.running {
		x.end(e)
	}
}
