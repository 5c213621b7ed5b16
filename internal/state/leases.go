package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Account names whose calls are counted together.
type Account struct{ Tenant, Contract string }

// Lease is one accepted call, or the query of one that has a row of its own. Times are nanoseconds since 1970.
type Lease struct {
	ID      string
	Counted bool // it is a call
	Node    string
	Started int64
	Budget  int64 // the running time it was granted; 0: no limit
	Running bool
	Ended   int64 // of no meaning while it runs
	Elapsed int64
	Revised bool // it had ended before, with another time, or was given back
}

// Change is what happens to an account under its lock.
type Change struct {
	Open  *Lease   // a call that is accepted, or a query that starts, now
	Close []Lease  // leases that end, by ID with Ended and Elapsed; those not there are passed over
	Drop  []string // calls that are given back, by ID; those not there are passed over
}

func (c Change) empty() bool { return c.Open == nil && len(c.Close) == 0 && len(c.Drop) == 0 }

// History is what happened to an account since the change that the caller knows.
type History struct {
	Seq    int64 // of the last change
	Now    int64 // by the clock of the database; 0 when it has none of its own
	Leases []Lease
	Seen   map[string]int64 // when nodes with running leases in Leases were last heard of
}

// now is the time of a database server at this point of a transaction.
func (s *Store) now() string {
	if s.shared {
		return "(extract(epoch from clock_timestamp()) * 1000000)::bigint * 1000"
	}
	return "0"
}

// Exchange locks an account, shows decide what happened after change since, and stores what decide makes of it in the
// same transaction. It returns the number of the account's last change. An error of decide is returned as it is; its
// change is stored all the same. Whoever else changes the account waits meanwhile, on whatever node.
func (s *Store) Exchange(ctx context.Context, a Account, since int64, nodes bool, decide func(History) (Change, error)) (int64, error) {
	var seq int64
	var refused error
	err := s.update(ctx, func(t tx) error {
		var h History
		// The account's row lock is taken here, and its next number.
		err := t.row(ctx, "INSERT INTO quota_accounts (tenant, contract, seq) VALUES ($1, $2, 1) "+
			"ON CONFLICT (tenant, contract) DO UPDATE SET seq = quota_accounts.seq + 1 RETURNING seq, "+s.now(), a.Tenant, a.Contract).Scan(&seq, &h.Now)
		if err != nil {
			return fmt.Errorf("state: account: %w", err)
		}
		if h.Seq = seq - 1; h.Seq > since {
			if h.Leases, err = s.leases(ctx, t.t, a, since, h.Seq); err != nil {
				return err
			}
		}
		if nodes || anyRunning(h.Leases) {
			if h.Seen, err = s.seen(ctx, t.t); err != nil {
				return err
			}
		}
		var c Change
		c, refused = decide(h)
		if c.empty() {
			seq = h.Seq
			return errNothing
		}
		return t.store(ctx, a, seq, c)
	})
	if errors.Is(err, errNothing) {
		err = nil
	}
	if err != nil {
		return 0, err
	}
	return seq, refused
}

// errNothing ends a transaction that changes nothing.
var errNothing = errors.New("state: nothing to store")

func (t tx) store(ctx context.Context, a Account, seq int64, c Change) error {
	if l := c.Open; l != nil {
		var ended *int64
		if !l.Running {
			ended = &l.Ended
		}
		_, err := t.exec(ctx, "INSERT INTO quota_leases (id, tenant, contract, seq, node, started, budget, ended, elapsed, revised, counted) "+
			"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)", l.ID, a.Tenant, a.Contract, seq, l.Node, l.Started, l.Budget, ended, l.Elapsed, number(l.Counted))
		if err != nil {
			return err
		}
	}
	for _, l := range c.Close {
		_, err := t.exec(ctx, "UPDATE quota_leases SET revised = CASE WHEN ended IS NULL THEN 0 ELSE 1 END, ended = $1, elapsed = $2, seq = $3 WHERE id = $4",
			l.Ended, l.Elapsed, seq, l.ID)
		if err != nil {
			return err
		}
	}
	for _, id := range c.Drop { // only calls whose queries never ran are given back
		_, err := t.exec(ctx, "UPDATE quota_leases SET counted = 0, revised = 1, ended = started, elapsed = 0, seq = $1 WHERE id = $2", seq, id)
		if err != nil {
			return err
		}
	}
	return nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Look is Exchange without lock and change: what other nodes have stored by now.
func (s *Store) Look(ctx context.Context, a Account, since int64, nodes bool) (h History, err error) {
	// The number is read first: what comes between it and the rows is read again next time.
	err = s.read.QueryRowContext(ctx, s.sql("SELECT seq, "+s.now()+" FROM quota_accounts WHERE tenant = $1 AND contract = $2"),
		a.Tenant, a.Contract).Scan(&h.Seq, &h.Now)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	if err != nil {
		return h, fmt.Errorf("state: account: %w", err)
	}
	if h.Seq > since {
		if h.Leases, err = s.leases(ctx, s.read, a, since, h.Seq); err != nil {
			return h, err
		}
	}
	if nodes || anyRunning(h.Leases) {
		h.Seen, err = s.seen(ctx, s.read)
	}
	return h, err
}

// leases lists those whose last change is after since and not after upTo.
func (s *Store) leases(ctx context.Context, q querier, a Account, since, upTo int64) (out []Lease, err error) {
	err = s.each(ctx, q, func(r *sql.Rows) error {
		var l Lease
		var ended sql.NullInt64
		var revised, counted int
		if err := r.Scan(&l.ID, &l.Node, &l.Started, &l.Budget, &ended, &l.Elapsed, &revised, &counted); err != nil {
			return err
		}
		l.Running, l.Ended, l.Revised, l.Counted = !ended.Valid, ended.Int64, revised != 0, counted != 0
		out = append(out, l)
		return nil
	}, "SELECT id, node, started, budget, ended, elapsed, revised, counted FROM quota_leases "+
		"WHERE tenant = $1 AND contract = $2 AND seq > $3 AND seq <= $4 ORDER BY seq, started", a.Tenant, a.Contract, since, upTo)
	return out, err
}

func anyRunning(list []Lease) bool {
	for _, l := range list {
		if l.Running {
			return true
		}
	}
	return false
}

func (s *Store) seen(ctx context.Context, q querier) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.each(ctx, q, func(r *sql.Rows) error {
		var node string
		var at int64
		err := r.Scan(&node, &at)
		out[node] = at
		return err
	}, "SELECT node, seen FROM nodes")
	return out, err
}

// Beat notes that a node is alive, at a time; 0 is now, by the clock of the database server.
func (s *Store) Beat(ctx context.Context, node string, at int64) error {
	when := "CAST($2 AS BIGINT)"
	if at == 0 {
		when = s.now() + " + " + when
	}
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(ctx, "INSERT INTO nodes (node, seen) VALUES ($1, "+when+") ON CONFLICT (node) DO UPDATE SET seen = excluded.seen", node, at)
		return err
	})
}

// Prune forgets leases that began, and nodes that were heard of, before a time.
func (s *Store) Prune(ctx context.Context, before time.Time) error {
	return s.update(ctx, func(t tx) error {
		if _, err := t.exec(ctx, "DELETE FROM quota_leases WHERE started < $1", before.UnixNano()); err != nil {
			return err
		}
		_, err := t.exec(ctx, "DELETE FROM nodes WHERE seen < $1", before.UnixNano())
		return err
	})
}
