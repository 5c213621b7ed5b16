package quota

import (
	"cmp"
	"slices"
	"time"
)

// Usage is how much of one limit an account has used.
type Usage struct {
	Tenant, Contract string
	Limit            Limit
	Ratio            float64 // 1 is used up
}

// Usage lists the limits of the accounts that have used most of theirs, at most that many accounts.
func (l *Limiter) Usage(accounts int) []Usage {
	l.mu.Lock()
	var all [][]Usage
	for k, a := range l.accounts {
		all = append(all, a.usage(k, a.advance(l.now())))
	}
	l.mu.Unlock()
	fullest := func(of []Usage) float64 {
		most := 0.0
		for _, u := range of {
			most = max(most, u.Ratio)
		}
		return most
	}
	slices.SortFunc(all, func(a, b []Usage) int { return cmp.Compare(fullest(b), fullest(a)) })
	return slices.Concat(all[:min(accounts, len(all))]...)
}

func (a *account) usage(k Account, now time.Duration) []Usage {
	var out []Usage
	for _, c := range a.profile.callLimits() {
		if c.maximum > 0 {
			out = append(out, Usage{k.Tenant, k.Contract, c.limit, float64(a.calls.since(now-c.window)) / float64(c.maximum)})
		}
	}
	for _, r := range a.profile.runLimits() {
		if r.maximum > 0 {
			out = append(out, Usage{k.Tenant, k.Contract, r.limit, a.used(now, r.window).Seconds() / r.maximum.Seconds()})
		}
	}
	return out
}
