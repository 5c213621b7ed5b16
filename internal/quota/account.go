package quota

import (
	"math"
	"sort"
	"time"
)

// account is the state of one tenant under one profile. The limiter's lock guards it.
type account struct {
	profile Profile
	latest  time.Duration // time never runs backwards here, whatever the clock does
	calls   calls
	runs    runs
	running map[*Lease]struct{}
	timer   *time.Timer // wakes when the running queries may have emptied the pool
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
	return len(a.calls.at) == 0 && len(a.runs.list) == 0 && len(a.running) == 0
}

// check returns the limit that is used up, or nil: of several, the one that renews last, because a client that waits for
// less would be refused again.
func (a *account) check(now time.Duration) *Exceeded {
	var worst *Exceeded
	for _, l := range a.profile.callLimits() {
		if l.maximum > 0 && a.calls.since(now-l.window) >= l.maximum {
			worst = later(worst, &Exceeded{Limit: l.limit, Calls: l.maximum, Window: l.window,
				RetryAfter: a.calls.renews(now, l.window, l.maximum)})
		}
	}
	for _, l := range a.profile.runLimits() {
		if l.maximum > 0 && l.maximum-a.used(now, l.window) < grant(l) {
			worst = later(worst, a.exceeded(now, l))
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
	for x := range a.running {
		sum += now - max(x.start, cut)
	}
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
		for x := range a.running {
			sum += max(0, now-max(x.start, cut))
		}
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
