// Package engine is what every SQL engine gives: run a lowered query, hand
// back column vectors, say in known kinds what went wrong. Each engine lives
// in its own package and is the only user of its driver.
package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Engine runs lowered queries.
type Engine interface {
	lower.Target
	// Query runs a query without stages.
	Query(context.Context, lower.Query) (Rows, error)
	// Session is for the statements of one query with stages: they see the
	// same rows and the relations loaded before. Its context governs all of
	// it. The native functions are those of all its statements.
	Session(context.Context, []fn.Native) (Session, error)
	Close() error
}

// Session runs the statements of one query, one at a time.
type Session interface {
	// Query runs a statement; its rows are closed before the next one.
	Query(context.Context, lower.Query) (Rows, error)
	// Load makes the temporary relation of a stage: the columns of rows as
	// c0, c1 … and the row's number, from 0, as o.
	Load(ctx context.Context, table string, columns []plan.Column, rows *Batch) error
	// Close drops the relations. Rows still open are closed with it.
	Close()
}

// Rows hands out a result batch by batch.
type Rows interface {
	// Next returns the next batch, or nil at the end. The batch aliases
	// engine memory until the next call of Next or Close.
	Next(context.Context) (*Batch, error)
	Close()
}

// Batch is some rows of a result, one vector per column.
type Batch = types.Batch

// Kind says what a fault means for the caller.
type Kind uint8

// The kinds of faults. Internal faults never show their cause to a caller.
const (
	Internal  Kind = iota
	Timeout        // the deadline passed
	Cancelled      // the caller went away
	Memory         // memory or temporary space limit
	Invalid        // the query's data cannot be computed: Message says why
)

func (k Kind) String() string {
	return [...]string{"internal", "timeout", "cancelled", "memory", "invalid"}[k]
}

// Error is a fault of an engine. Message is safe to show; the cause is for
// the log only.
type Error struct {
	Kind    Kind
	Message string
	cause   error
}

// NewError makes a fault.
func NewError(k Kind, message string, cause error) *Error { return &Error{k, message, cause} }

func (e *Error) Error() string { return fmt.Sprintf("engine: %s: %s", e.Kind, e.Message) }

// Unwrap gives the cause to errors.Is; it is not for showing.
func (e *Error) Unwrap() error { return e.cause }

// KindOf classifies any error that came out of an engine.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	case errors.Is(err, context.Canceled):
		return Cancelled
	}
	return Internal
}
