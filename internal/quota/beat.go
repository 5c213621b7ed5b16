package quota

import (
	"context"
	"time"

	"github.com/harrier-hunting/harrier/internal/state"
)

// store writes the end of a lease, or that its call is given back; if that fails, it is owed.
func (l *Limiter) store(a *account, s settlement) {
	err := l.turn(a)
	if err == nil {
		err = l.settleStored(a, s)
		a.turn.Unlock()
	}
	if err != nil {
		l.ledger.log.Error("the end of a query cannot be stored; it is tried again", "error", err)
		l.owe(a, s)
	}
}

func (l *Limiter) settleStored(a *account, s settlement) error {
	err := l.exchange(a, func(time.Duration) (*state.Lease, []settlement, error) { return nil, []settlement{s}, nil })
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.id == "" {
		return nil
	}
	if _, known := a.elsewhere[s.id]; known { // everything was read anew before it was stored
		delete(a.elsewhere, s.id)
		a.runs.insert(s.at, s.elapsed)
	}
	return nil
}

func (l *Limiter) owe(a *account, s settlement) {
	l.ledger.mu.Lock()
	defer l.ledger.mu.Unlock()
	l.ledger.pending = append(l.ledger.pending, owed{a, s})
}

// keep does what has to be done from time to time, until Close.
func (l *Limiter) keep() {
	defer close(l.ledger.done)
	ticks := time.NewTicker(beatEvery)
	defer ticks.Stop()
	var pruned time.Time
	for {
		select {
		case <-l.ledger.stop:
			l.payOwed()
			return
		case <-ticks.C:
		}
		l.payOwed()
		if l.anyRunning() {
			l.beat()
		}
		if time.Since(pruned) > pruneEvery {
			pruned = time.Now()
			l.prune()
		}
	}
}

func (l *Limiter) anyRunning() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.accounts {
		if len(a.running) > 0 {
			return true
		}
	}
	return false
}

// beat says that this node is alive.
func (l *Limiter) beat() {
	ctx, cancel := context.WithTimeout(context.Background(), l.ledger.patience)
	defer cancel()
	var at int64
	if !l.ledger.server {
		l.mu.Lock()
		at = l.unix(l.now())
		l.mu.Unlock()
	}
	if err := l.ledger.store.Beat(ctx, l.ledger.node, at); err != nil {
		l.ledger.log.Error("this node cannot tell the others that it is alive", "error", err)
	}
}

func (l *Limiter) prune() {
	ctx, cancel := context.WithTimeout(context.Background(), l.ledger.patience)
	defer cancel()
	l.mu.Lock()
	before := time.Unix(0, l.unix(l.now()-keepLeases))
	l.mu.Unlock()
	if err := l.ledger.store.Prune(ctx, before); err != nil {
		l.ledger.log.Error("old calls cannot be removed from the state store", "error", err)
	}
}

// payOwed stores the settlements that could not be stored when they were due.
func (l *Limiter) payOwed() {
	l.ledger.mu.Lock()
	list := l.ledger.pending
	l.ledger.pending = nil
	l.ledger.mu.Unlock()
	for i, o := range list {
		o.account.turn.Lock()
		err := l.settleStored(o.account, o.settlement)
		o.account.turn.Unlock()
		if err != nil {
			l.ledger.mu.Lock()
			l.ledger.pending = append(l.ledger.pending, list[i:]...)
			l.ledger.mu.Unlock()
			return
		}
	}
}
