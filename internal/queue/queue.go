// Package queue decides who runs next when more wants to run than may.
//
// A Queue has a number of slots. Whoever finds none free waits, for a bounded time, in a queue of bounded length. A slot
// that comes free goes to the tenants in turn, and within a tenant to its principals in turn: a tenant that sends ten
// thousand requests delays another by one request, and so does a script that shares its tenant with a person. The
// requests of one principal are served in the order of their arrival.
//
// Waiting room is shared in the same way. When it is full, the newcomer takes the place of the last arrival of the
// tenant that holds most of it, unless its own tenant does: filling the queue does not keep others out of it. Room can
// be promised to a tenant, for requests that were already accepted in another way: that many of it may wait however full
// the queue is, and none of those makes room.
//
// Every state change is made under one lock and takes a few steps; a waiter is woken exactly once, by a slot, by the end
// of its patience or of its context, or by having to make room.
package queue

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// Reasons why a request does not run. Both mean: try again later.
var (
	ErrFull    = errors.New("queue: too many requests are waiting")
	ErrTimeout = errors.New("queue: no slot came free in time")
)

// Options bound a Queue. Slots must be positive.
type Options struct {
	Slots  int           // requests that run at a time
	Length int           // requests that wait at a time; 0 lets nobody wait
	Wait   time.Duration // the longest wait; 0 is no limit
}

// Queue hands out slots. It is safe for concurrent use.
type Queue struct {
	opts Options

	mu      sync.Mutex
	running int
	waiting int
	tenants ring[*tenant]
	byName  map[string]*tenant
}

// tenant has waiters; one without any is forgotten.
type tenant struct {
	name       string
	waiting    int
	room       int // that is promised
	principals ring[*principal]
	byName     map[string]*principal
}

type principal struct {
	name    string
	waiters []*waiter // in the order of arrival
}

// waiter learns its fate from ready: nil is a slot.
type waiter struct {
	ready     chan error // holds one
	tenant    *tenant
	principal *principal
}

// New makes a queue. Fewer than one slot counts as one.
func New(opts Options) *Queue {
	opts.Slots, opts.Length = max(opts.Slots, 1), max(opts.Length, 0)
	return &Queue{opts: opts, byName: map[string]*tenant{}}
}

// Acquire waits for a slot. On nil the caller must call Release once. Errors: ErrFull, ErrTimeout, or the context's.
func (q *Queue) Acquire(ctx context.Context, tenantName, principalName string) error {
	return q.AcquireWith(ctx, tenantName, principalName, 0)
}

// AcquireWith is Acquire for a tenant that was promised room, which is at most the length of the queue.
func (q *Queue) AcquireWith(ctx context.Context, tenantName, principalName string, room int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w, err := q.enter(tenantName, principalName, min(room, q.opts.Length))
	if w == nil {
		return err
	}
	var patience <-chan time.Time
	if q.opts.Wait > 0 {
		timer := time.NewTimer(q.opts.Wait)
		defer timer.Stop()
		patience = timer.C
	}
	select {
	case err := <-w.ready:
		return err
	case <-ctx.Done():
		err = ctx.Err()
	case <-patience:
		err = ErrTimeout
	}
	if q.leave(w) {
		return err
	}
	// Its fate was decided in the meantime. A slot is used if somebody is still there to use it.
	fate := <-w.ready
	if fate == nil && ctx.Err() != nil {
		q.Release()
		return ctx.Err()
	}
	return fate
}

// Release gives a slot back.
func (q *Queue) Release() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w := q.next(); w != nil {
		w.ready <- nil // the slot changes hands
		return
	}
	q.running--
}

// Stats are the figures of this instant.
type Stats struct {
	Slots, Running, Waiting int
}

// Stats tells how full the queue is.
func (q *Queue) Stats() Stats {
	q.mu.Lock()
	defer q.mu.Unlock()
	return Stats{q.opts.Slots, q.running, q.waiting}
}

// enter takes a free slot, which needs no waiter, or queues one.
func (q *Queue) enter(tenantName, principalName string, room int) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.running < q.opts.Slots { // nobody waits then
		q.running++
		return nil, nil
	}
	t := q.byName[tenantName]
	promised := room > 0 && (t == nil || t.waiting < room)
	if !promised && q.waiting >= q.opts.Length && !q.makeRoom(tenantName) {
		return nil, ErrFull
	}
	if t == nil {
		t = &tenant{name: tenantName, byName: map[string]*principal{}}
		q.byName[tenantName] = t
		q.tenants.add(t)
	}
	p := t.byName[principalName]
	if p == nil {
		p = &principal{name: principalName}
		t.byName[principalName] = p
		t.principals.add(p)
	}
	t.room = max(t.room, room)
	w := &waiter{ready: make(chan error, 1), tenant: t, principal: p}
	p.waiters = append(p.waiters, w)
	t.waiting++
	q.waiting++
	return w, nil
}

// next takes out the waiter whose turn it is.
func (q *Queue) next() *waiter {
	if q.waiting == 0 {
		return nil
	}
	t := q.tenants.turn()
	w := t.principals.turn().waiters[0]
	q.remove(w)
	return w
}

// leave takes out a waiter that has lost patience; it reports false when it is out already.
func (q *Queue) leave(w *waiter) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.remove(w)
}

// makeRoom sends away the last arrival of the largest tenant in favour of a smaller one.
func (q *Queue) makeRoom(newcomer string) bool {
	var largest *tenant
	for _, t := range q.tenants.items {
		if t.waiting > t.room && (largest == nil || t.waiting > largest.waiting) {
			largest = t
		}
	}
	mine := 0
	if t := q.byName[newcomer]; t != nil {
		mine = t.waiting
	}
	if largest == nil || largest.waiting <= mine+1 { // it would only change places
		return false
	}
	var longest *principal
	for _, p := range largest.principals.items {
		if longest == nil || len(p.waiters) > len(longest.waiters) {
			longest = p
		}
	}
	w := longest.waiters[len(longest.waiters)-1]
	q.remove(w)
	w.ready <- ErrFull
	return true
}

// remove forgets a waiter, and its principal and tenant when it was their last.
func (q *Queue) remove(w *waiter) bool {
	p, t := w.principal, w.tenant
	i := slices.Index(p.waiters, w)
	if i < 0 {
		return false
	}
	p.waiters = slices.Delete(p.waiters, i, i+1)
	t.waiting--
	q.waiting--
	if len(p.waiters) == 0 {
		t.principals.remove(p)
		delete(t.byName, p.name)
	}
	if t.waiting == 0 {
		q.tenants.remove(t)
		delete(q.byName, t.name)
	}
	return true
}
