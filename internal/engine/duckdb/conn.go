package duckdb

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	mapping "github.com/duckdb/duckdb-go-bindings"
)

// maxIdle bounds the connections kept for the next query. How many queries
// may run at once is the caller's business.
const maxIdle = 8

// interruptEvery is the pause between two interrupts of one cancelled call.
const interruptEvery = 5 * time.Millisecond

// conn is one connection; one goroutine at a time uses it, except that anyone
// may interrupt it.
type conn struct {
	raw mapping.Connection

	mu   sync.Mutex
	deaf bool // no interrupts: it commits
}

func (c *conn) interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.deaf {
		mapping.Interrupt(c.raw)
	}
}

// commit ends a transaction. An interrupt would make the engine report a
// failure after the commit has happened.
func (c *conn) commit() error {
	c.setDeaf(true)
	defer c.setDeaf(false)
	return c.exec("COMMIT")
}

func (c *conn) setDeaf(deaf bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deaf = deaf
}

// sqlError is an error of the engine in its own words.
type sqlError struct {
	kind mapping.ErrorType
	text string
}

func (e *sqlError) Error() string { return e.text }

var errClosed = errors.New("the store is closed")

// acquire hands out a connection, an idle one if there is one.
func (s *Store) acquire() (*conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	var c *conn
	if n := len(s.idle); n > 0 {
		c, s.idle = s.idle[n-1], s.idle[:n-1]
	} else {
		c = &conn{}
		if mapping.Connect(s.db, &c.raw) == mapping.StateError {
			return nil, errors.New("the engine gave no connection")
		}
		s.open++
	}
	s.busy[c] = struct{}{}
	return c, nil
}

// release takes a connection back. keep is false when something may still be
// running on it: only disconnecting ends that for certain.
func (s *Store) release(c *conn, keep bool) {
	s.mu.Lock()
	delete(s.busy, c)
	if keep && !s.closed && len(s.idle) < maxIdle {
		s.idle = append(s.idle, c)
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	mapping.Disconnect(&c.raw)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	s.finish()
}

// exec runs statements that give no rows worth reading.
func (c *conn) exec(sql string) error {
	_, err := c.execCount(sql)
	return err
}

// execCount is exec; it tells how many rows the last statement changed.
func (c *conn) execCount(sql string) (int64, error) {
	var res mapping.Result
	defer mapping.DestroyResult(&res)
	if mapping.Query(c.raw, sql, &res) == mapping.StateError {
		return 0, &sqlError{mapping.ResultErrorType(&res), mapping.ResultError(&res)}
	}
	return int64(mapping.RowsChanged(&res)), nil
}

// transaction runs f between BEGIN and COMMIT. The context ends f, never the
// commit itself: a commit either happens or fails, and the caller knows which.
func (c *conn) transaction(ctx context.Context, f func() error) error {
	if err := c.exec("BEGIN TRANSACTION"); err != nil {
		return err
	}
	stop := c.interruptOn(ctx)
	err := f()
	stop()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		return c.commit()
	}
	if back := c.exec("ROLLBACK"); back != nil {
		return fmt.Errorf("%w (and rolling back: %s)", err, back)
	}
	return err
}

// interruptOn interrupts whatever runs on c from the moment ctx ends until
// stop is called. stop returns only when no interrupt can come any more, so
// that the connection's next user is not hit.
func (c *conn) interruptOn(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	quit, exited := make(chan struct{}), make(chan struct{})
	unregister := context.AfterFunc(ctx, func() {
		defer close(exited)
		tick := time.NewTicker(interruptEvery)
		defer tick.Stop()
		for {
			c.interrupt()
			select {
			case <-quit:
				return
			case <-tick.C:
			}
		}
	})
	return func() {
		if !unregister() {
			close(quit)
			<-exited
		}
	}
}
