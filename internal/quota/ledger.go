package quota

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/state"
)

// ledger stores what a Limiter decides, and tells it what others decided.
//
// A call counts from the commit of its row; Reserve returns after it. Per account one transaction runs at a time, in
// this process by account.turn and among processes by the row lock of the account, and it sees all changes before it:
// the limits hold for all nodes together. Refusals for too many calls are made in memory: when the calls known here
// fill a window, nobody can have added another.
//
// Running time of other nodes is known from their leases, which count until they end, and which are looked at often
// enough for the pool to be exact to less than a hundredth while queries run here.
//
// A node with running queries says every beatEvery that it is alive. The leases of one that was not heard of for
// deadAfter have ended: they are charged up to its last sign of life, at most what they had been granted. If it lives
// after all, its queries go on, and what they really used replaces that charge.
type ledger struct {
	store  *state.Store
	node   string
	shared bool
	server bool // count by the clock of the database server
	log    *slog.Logger

	// Guarded by the limiter's lock.
	offset time.Duration // of that clock to this one's

	patience time.Duration // for one exchange with the store

	mu       sync.Mutex
	pending  []owed    // settlements that could not be stored yet
	failed   error     // of the last exchange that failed,
	failedAt time.Time // and when it did

	stop chan struct{}
	done chan struct{}
}

// settlement is the end of a query or, with a call, that the call is given back.
type settlement struct {
	id      string
	at      time.Duration
	elapsed time.Duration
	call    string
	called  time.Duration
}

type owed struct {
	account *account
	settlement
}

const (
	beatEvery   = time.Second
	deadAfter   = 15 * time.Second
	pruneEvery  = 10 * time.Minute
	keepLeases  = 2 * day // twice the longest window: a query may have begun before it
	patience    = 10 * time.Second
	looksMax    = time.Second
	looksMin    = 50 * time.Millisecond
	lookPortion = 200 // look after each 1/200 of a pool that can have been used
)

// Unavailable means that the ledger cannot be written: a call that cannot be counted is not accepted.
type Unavailable struct{ cause error }

func (e *Unavailable) Error() string {
	return "The quotas of this service cannot be read now. Try again later."
}

// Unwrap is for the log.
func (e *Unavailable) Unwrap() error { return e.cause }

// Open returns a Limiter that continues where the store stands and shares its quotas with every other on the same
// database. A nil clock is time.Now or, with a database server, that server's clock. It must be closed.
func Open(store *state.Store, clock func() time.Time, log *slog.Logger) *Limiter {
	g := &ledger{store: store, node: rand.Text(), shared: store.Shared(), server: store.Shared() && clock == nil, log: log,
		patience: patience, stop: make(chan struct{}), done: make(chan struct{})}
	l := New(clock)
	l.ledger = g
	go l.keep()
	return l
}

// Close stores what is still owed and stops. The store stays open.
func (l *Limiter) Close() error {
	if l.ledger == nil {
		return nil
	}
	close(l.ledger.stop)
	<-l.ledger.done
	l.ledger.mu.Lock()
	defer l.ledger.mu.Unlock()
	if n := len(l.ledger.pending); n > 0 {
		return fmt.Errorf("quota: the running time of %d queries could not be stored", n)
	}
	return nil
}

// reserveStored is Reserve and Accept with a ledger.
func (l *Limiter) reserveStored(of Account, p Profile, start bool) (*Lease, error) {
	l.mu.Lock()
	a := l.account(of)
	a.profile = p
	a.users++
	l.mu.Unlock()
	defer func() { l.mu.Lock(); a.users--; l.mu.Unlock() }()
	if e := l.full(a); e != nil {
		return nil, e
	}
	if err := l.turn(a); err != nil {
		return nil, &Unavailable{err}
	}
	defer a.turn.Unlock()
	if e := l.full(a); e != nil { // others had their turn meanwhile
		return nil, e
	}
	var x *Lease
	err := l.exchange(a, func(now time.Duration) (*state.Lease, []settlement, error) {
		if e := a.check(now); e != nil {
			return nil, nil, e
		}
		x = l.grant(a, now, start)
		x.call = rand.Text()
		x.id = x.call
		return l.row(x, now, true), nil, nil
	})
	var e *Exceeded
	if err == nil || errors.As(err, &e) {
		return x, err
	}
	l.takeBack(a, x)
	return nil, &Unavailable{err}
}

// startStored is Start with a ledger. The query's row is another than the call's: its time is another.
func (l *Limiter) startStored(x *Lease) error {
	l.mu.Lock()
	l.resume(x)
	a := x.account
	a.users++
	l.mu.Unlock()
	defer func() { l.mu.Lock(); a.users--; l.mu.Unlock() }()
	if err := l.turn(a); err != nil {
		l.takeBack(a, x)
		return &Unavailable{err}
	}
	defer a.turn.Unlock()
	err := l.exchange(a, func(now time.Duration) (*state.Lease, []settlement, error) {
		if e := a.checkRuns(now); e != nil {
			x.settled = true
			if x.call == "" {
				return nil, nil, e
			}
			return nil, []settlement{{call: x.call, called: x.called}}, e
		}
		x.id = rand.Text()
		l.begin(x, now)
		return l.row(x, now, false), nil, nil
	})
	var e *Exceeded
	if err == nil || errors.As(err, &e) {
		return err
	}
	l.takeBack(a, x)
	return &Unavailable{err}
}

// turn waits for the account's turn. Who waited while the store did not answer another is not kept waiting for as long
// once more: a store that hangs holds nobody up for longer than two exchanges, however many wait.
func (l *Limiter) turn(a *account) error {
	since := time.Now()
	a.turn.Lock()
	l.ledger.mu.Lock()
	defer l.ledger.mu.Unlock()
	if l.ledger.failedAt.After(since) {
		a.turn.Unlock()
		return l.ledger.failed
	}
	return nil
}

// full refuses a call from memory when a window of calls is known to be full. Queries of other nodes may have ended
// since, so a refusal for running time is only made with the ledger.
func (l *Limiter) full(a *account) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a.seq == 0 || a.stale {
		return nil
	}
	if e := a.check(a.advance(l.now())); e != nil && e.ofCalls() {
		return e
	}
	return nil
}

// takeBack undoes a lease whose fate in the ledger is not known: the account is read anew, and if the lease is there
// after all, it has ended and its call is given back.
func (l *Limiter) takeBack(a *account, x *Lease) {
	if x == nil {
		return
	}
	l.mu.Lock()
	x.settled = true
	delete(a.running, x)
	now := a.latest
	l.mu.Unlock()
	if x.id != x.call {
		l.owe(a, settlement{id: x.id, at: now})
	}
	if x.call != "" {
		l.owe(a, settlement{call: x.call, called: x.called})
	}
}

// exchange has decide make its decision with everything known, and stores it. The caller has the account's turn.
func (l *Limiter) exchange(a *account, decide func(now time.Duration) (*state.Lease, []settlement, error)) error {
	ctx, cancel := context.WithTimeout(context.Background(), l.ledger.patience)
	defer cancel()
	since, nodes := l.known(a)
	seq, err := l.ledger.store.Exchange(ctx, state.Account(a.key), since, nodes, func(h state.History) (state.Change, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		now := l.learn(a, since, h)
		open, ends, err := decide(now)
		c := state.Change{Open: open}
		for _, s := range ends {
			if s.call != "" {
				a.calls.remove(s.called)
				c.Drop = append(c.Drop, s.call)
				continue
			}
			c.Close = append(c.Close, state.Lease{ID: s.id, Ended: l.unix(s.at), Elapsed: int64(s.elapsed)})
		}
		for id, r := range a.elsewhere {
			if r.dead { // and we say so
				c.Close = append(c.Close, state.Lease{ID: id, Ended: l.unix(r.until), Elapsed: int64(r.until - r.start)})
				delete(a.elsewhere, id)
				a.runs.insert(r.until, r.until-r.start)
			}
		}
		return c, err
	})
	var e *Exceeded
	if err != nil && !errors.As(err, &e) {
		l.mu.Lock()
		a.stale = true
		l.mu.Unlock()
		l.ledger.mu.Lock()
		l.ledger.failed, l.ledger.failedAt = err, time.Now()
		l.ledger.mu.Unlock()
		return err
	}
	l.mu.Lock()
	a.seq = seq
	l.mu.Unlock()
	return err
}

func (l *Limiter) known(a *account) (since int64, nodes bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a.stale {
		return 0, true
	}
	return a.seq, len(a.elsewhere) > 0
}

// row is a new lease as the ledger keeps it.
func (l *Limiter) row(x *Lease, now time.Duration, counted bool) *state.Lease {
	_, runs := x.account.running[x]
	at := l.unix(now)
	return &state.Lease{ID: x.id, Counted: counted, Node: l.ledger.node, Started: at, Budget: int64(x.budget), Running: runs, Ended: at}
}

// learn brings an account up to what the ledger says and returns the time. The caller holds the limiter's lock.
func (l *Limiter) learn(a *account, since int64, h state.History) time.Duration {
	if l.ledger.server && h.Now != 0 {
		l.ledger.offset += l.duration(h.Now) - l.now()
	}
	if since == 0 {
		a.calls, a.runs, a.elsewhere, a.stale = calls{}, runs{}, map[string]remote{}, false
	}
	now := a.advance(l.now())
	for _, r := range h.Leases {
		switch {
		case since == 0:
			l.learnLease(a, r, now)
		case r.Node == l.ledger.node: // known, or declared dead while it runs; its settlement will correct that
		case r.Revised: // its old time is in the sums: read everything anew next time
			a.stale = true
		default:
			l.learnLease(a, r, now)
		}
	}
	slices.Sort(a.calls.at)
	for id, r := range a.elsewhere {
		a.elsewhere[id] = l.judge(r, now, h.Seen)
	}
	return a.advance(now)
}

// judge decides whether the node of a lease is still there.
func (l *Limiter) judge(r remote, now time.Duration, nodes map[string]int64) remote {
	if nodes == nil || r.node == l.ledger.node {
		return r
	}
	last := r.start
	if seen, ok := nodes[r.node]; ok {
		last = max(last, l.duration(seen))
	}
	if r.dead = now-last >= deadAfter; r.dead {
		if r.until = last + beatEvery; r.budget > 0 {
			r.until = min(r.until, r.start+r.budget)
		}
	}
	return r
}

// learnLease adds one row. Times in the future, of a clock that has been set back, count as now.
func (l *Limiter) learnLease(a *account, r state.Lease, now time.Duration) {
	start := min(l.duration(r.Started), now)
	if _, known := a.elsewhere[r.ID]; !known && r.Counted && a.profile.limitsCalls() {
		a.calls.at = append(a.calls.at, start)
	}
	delete(a.elsewhere, r.ID)
	switch {
	case l.isOwn(a, r.ID): // counted as it runs
	case r.Running:
		a.elsewhere[r.ID] = remote{node: r.Node, start: start, budget: time.Duration(r.Budget)}
	default:
		a.runs.insert(min(l.duration(r.Ended), now), min(time.Duration(r.Elapsed), day))
	}
}

// isOwn reports a lease that is running here.
func (l *Limiter) isOwn(a *account, id string) bool {
	for x := range a.running {
		if x.id == id {
			return true
		}
	}
	return false
}

func (l *Limiter) unix(at time.Duration) int64 { return l.start.UnixNano() + int64(at) }

func (l *Limiter) duration(unix int64) time.Duration { return time.Duration(unix - l.start.UnixNano()) }

// look learns what other nodes have stored, without a change of its own.
func (l *Limiter) look(a *account) {
	if !l.ledger.shared && len(a.elsewhere) == 0 {
		return
	}
	a.turn.Lock()
	defer a.turn.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), l.ledger.patience)
	defer cancel()
	since, nodes := l.known(a)
	h, err := l.ledger.store.Look(ctx, state.Account(a.key), since, nodes)
	if err != nil {
		l.ledger.log.Error("the quotas of other nodes cannot be read", "error", err)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.learn(a, since, h)
	a.seq = h.Seq
}

// lookEvery is how often the leases of other nodes are looked at while queries run here.
func (a *account) lookEvery(count time.Duration) time.Duration {
	least := looksMax * lookPortion
	for _, l := range a.profile.runLimits() {
		if l.maximum > 0 {
			least = min(least, l.maximum)
		}
	}
	return min(max(least/lookPortion/count, looksMin), looksMax)
}
