package quota

import (
	"cmp"
	"slices"
	"time"
)

// Snapshot is the state of a Limiter in a form that can be stored as JSON, so that a restart does not renew quotas.
type Snapshot struct {
	Accounts []AccountSnapshot `json:"accounts"`
}

// AccountSnapshot is the history of one tenant under one contract.
type AccountSnapshot struct {
	Tenant   string        `json:"tenant"`
	Contract string        `json:"contract"`
	Calls    []time.Time   `json:"calls,omitempty"`
	Runs     []RunSnapshot `json:"runs,omitempty"`
}

// RunSnapshot is one query.
type RunSnapshot struct {
	End     time.Time     `json:"end"`
	Elapsed time.Duration `json:"elapsed"` // nanoseconds
}

// Snapshot copies the state. Queries that are running are recorded as if they ended now.
func (l *Limiter) Snapshot() Snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out Snapshot
	for k, a := range l.accounts {
		now := a.advance(l.now())
		s := AccountSnapshot{Tenant: k.Tenant, Contract: k.Contract}
		for _, at := range a.calls.at {
			s.Calls = append(s.Calls, l.wall(at))
		}
		for i, r := range a.runs.list {
			s.Runs = append(s.Runs, RunSnapshot{End: l.wall(r.end), Elapsed: r.sum - a.runs.before(i)})
		}
		for x := range a.running {
			s.Runs = append(s.Runs, RunSnapshot{End: l.wall(now), Elapsed: now - x.start})
		}
		for _, r := range a.elsewhere {
			s.Runs = append(s.Runs, RunSnapshot{End: l.wall(r.end(now)), Elapsed: r.end(now) - r.start})
		}
		out.Accounts = append(out.Accounts, s)
	}
	slices.SortFunc(out.Accounts, func(a, b AccountSnapshot) int {
		return cmp.Or(cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Contract, b.Contract))
	})
	return out
}

// wall is a limiter's time as the clock on the wall has it; the monotonic reading would not outlive the process.
func (l *Limiter) wall(at time.Duration) time.Time { return l.start.Add(at).Round(0).UTC() }

// Restore loads a snapshot into a Limiter that has not been used. What the windows no longer cover is passed over; times
// in the future, from a clock that has been set back, count as now, so that nobody is locked out for longer than a window.
func (l *Limiter) Restore(s Snapshot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, from := range s.Accounts {
		a := l.account(Account{from.Tenant, from.Contract})
		for _, at := range from.Calls {
			a.calls.at = append(a.calls.at, min(at.Sub(l.start), now))
		}
		slices.Sort(a.calls.at)
		ends := slices.Clone(from.Runs)
		slices.SortFunc(ends, func(a, b RunSnapshot) int { return a.End.Compare(b.End) })
		for _, r := range ends {
			a.runs.add(min(r.End.Sub(l.start), now), min(r.Elapsed, day))
		}
		a.advance(now)
	}
}
