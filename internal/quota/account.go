package quota

import (
	"math"
	"sort"
	"sync"
	"time"
)

// account is the state of one tenant under one contract. The limiter's lock guards it.
type account struct {
	profile Profile
	latest  time.Duration // time never runs backwards here, whatever the clock does
	calls   calls
	runs    runs
	running map[*Lease]struct{}
	timer   *time.Timer // wakes when the running queries may have emptied the pool

	// With a ledger:
	key       Account
	turn      sync.Mutex // one exchange with the ledger at a time; taken before the limiter's lock
	users     int        // exchanges that are under way or wait for their turn
	seq       int64      // the last change that is known here; 0: none
	elsewhere map[string]remote
	stale     bool // what is known here may be wrong: read everything anew
}

// remote is a lease that this limiter did not grant and that has not ended.
type remote struct {
	node   string
	start  time.Duration
	budget time.Duration // 0: no limit
	dead   bool          // its node was not heard of for too long
	until  time.Duration // then: until when it counts
}

// end is until when it counts, at a time.
func (r remote) end(now time.Duration) time.Duration {
	if !r.dead {
		return now
	}
	return min(now, r.until)
}

// open calls f with the start and the end so far of every query that has not ended.
func (a *account) open(now time.Duration, f func(start, end time.Duration)) {
	for x := range a.running {
		f(x.start, now)
	}
	for _, r := range a.elsewhere {
		f(r.start, r.end(now))
	}
}

// minimumGrant is the running time that must be left for a query to start: with less, it would use up a call to be
// cancelled at once.
const minimumGrant = time.Second

// advance moves the account to a time, at least to the latest it has seen, and forgets what has left every window.
func (a *account) advance(now time.Duration) time.Duration {
	now = max(now, a.latest)
	a.latest = now
	a.calls.drop(now - time.Hour)
	a.runs.drop(now - day)
	return now
}

// idle reports that nothing is left to remember.
func (a *account) idle() bool {
	return len(a.calls.at) == 0 && len(a.runs.list) == 0 && len(a.running) == 0 && len(a.elsewhere) == 0 && a.users == 0
}

// check returns the limit that is used up, or nil: of several, the one that renews last, because a client that waits for
// less would be refused again.
func (a *account) check(now time.Duration) *Exceeded {
	worst := a.checkRuns(now)
	if e := a.checkCalls(now); e != nil {
		worst = later(worst, e)
	}
	return worst
}

// checkRuns is check for the limits of running time.
func (a *account) checkRuns(now time.Duration) *Exceeded {
	var worst *Exceeded
	for _, l := range a.profile.runLimits() {
		if l.maximum > 0 && l.maximum-a.used(now, l.window) < grant(l) {
			worst = later(worst, a.exceeded(now, l))
		}
	}
	return worst
}

// checkCalls is check for the limits of calls.
func (a *account) checkCalls(now time.Duration) *Exceeded {
	var worst *Exceeded
	for _, l := range a.profile.callLimits() {
		if l.maximum > 0 && a.calls.since(now-l.window) >= l.maximum {
			worst = later(worst, &Exceeded{Limit: l.limit, Calls: l.maximum, Window: l.window,
				RetryAfter: a.calls.renews(now, l.window, l.maximum)})
		}
	}
	return worst
}

func later(a, b *Exceeded) *Exceeded {
	if a == nil || b.RetryAfter > a.RetryAfter {
		return b
	}
	return a
}

// grant is what must be left under a limit; a limit below minimumGrant can be used up whole.
func grant(l runLimit) time.Duration { return min(minimumGrant, l.maximum) }

// used is the running time within a window: of finished queries, and of running ones so far.
func (a *account) used(now, window time.Duration) time.Duration {
	cut := now - window
	sum := a.runs.since(cut)
	a.open(now, func(start, end time.Duration) { sum += max(0, end-max(start, cut)) })
	return sum
}

// left is the running time that the pool still holds: the least of the limits.
func (a *account) left(now time.Duration) time.Duration {
	left := time.Duration(math.MaxInt64)
	for _, l := range a.profile.runLimits() {
		if l.maximum > 0 {
			left = min(left, l.maximum-a.used(now, l.window))
		}
	}
	return left
}

// exceeded describes a limit of running time that is used up. It renews when enough old running time has left the
// window; running queries are taken to end now, for nobody knows when they will.
func (a *account) exceeded(now time.Duration, l runLimit) *Exceeded {
	wait := sort.Search(int(l.window/time.Millisecond), func(ms int) bool {
		cut := now - l.window + time.Duration(ms)*time.Millisecond
		sum := a.runs.since(cut)
		a.open(now, func(start, end time.Duration) { sum += max(0, end-max(start, cut)) })
		return l.maximum-sum >= grant(l)
	})
	return &Exceeded{Limit: l.limit, Run: l.maximum, Window: l.window, RetryAfter: time.Duration(wait) * time.Millisecond}
}

// emptied returns the limit whose pool is empty.
func (a *account) emptied(now time.Duration) *Exceeded {
	for _, l := range a.profile.runLimits() {
		if l.maximum > 0 && l.maximum-a.used(now, l.window) < resolution {
			return a.exceeded(now, l)
		}
	}
	return nil
}

// resolution is how finely the pool is watched; it keeps the timer from firing ever faster towards the end.
const resolution = time.Millisecond
