package duckdb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/engine"
)

// userMark begins the message of a native function that is meant for the
// user. It travels inside the engine's own error text.
const userMark = "harrier-says: "

// nativePrefix is what the engine puts before a native function's message.
const nativePrefix = "Invalid Input Error: "

// maxMessage bounds a message that quotes data.
const maxMessage = 1000

// inUse is the error of a store that somebody else has open.
func inUse(dir, owner string) error {
	who := "another process"
	if owner != "" {
		who = "process " + owner
	}
	return fmt.Errorf("store %s/%s is in use by %s; one process owns a store: stop that one, or ask it instead", dir, FileName, who)
}

// fault turns an error of the engine into one of the known kinds. The
// engine's words stay in the cause; only what a native function says for the
// user is shown. ctxs are the contexts whose end interrupts the query.
func (s *Store) fault(err error, ctxs ...context.Context) error {
	var known *engine.Error
	if errors.As(err, &known) {
		return err
	}
	var e *sqlError
	if !errors.As(err, &e) {
		for _, ctx := range ctxs {
			if ctx.Err() != nil {
				return contextFault(ctx)
			}
		}
		return s.internal("the engine failed", err)
	}
	if msg, ok := strings.CutPrefix(e.text, nativePrefix+userMark); ok {
		return engine.NewError(engine.Invalid, clip(msg), err)
	}
	switch {
	case e.text == nativePrefix+memoryMark:
		return outOfMemory(err)
	case e.is(mapping.ErrorTypeInterrupt, "INTERRUPT Error"):
		for _, ctx := range ctxs {
			if ctx.Err() != nil {
				return contextFault(ctx)
			}
		}
		return engine.NewError(engine.Cancelled, "the query was stopped because the service is shutting down", err)
	case e.is(mapping.ErrorTypeOutOfMemory, "Out of Memory Error"),
		strings.Contains(e.text, "No space left on device"):
		s.log.Warn("query exceeds memory or temporary space", "error", e.text)
		return outOfMemory(err)
	}
	if strings.Contains(e.text, "Max expression depth limit") {
		return engine.NewError(engine.Invalid, "the query has too many operators or expressions within each other to run; make it shorter, or split it", err)
	}
	return s.internal("the query could not be run by the engine", err)
}

func outOfMemory(cause error) error {
	return engine.NewError(engine.Memory, "the query needs more memory or temporary space than it may use; "+
		"filter earlier, keep fewer columns, or look at a shorter time", cause)
}

// is compares by type where the engine gives one and by text where it only
// gives that (while preparing a statement).
func (e *sqlError) is(t mapping.ErrorType, prefix string) bool {
	return e.kind == t || e.kind == mapping.ErrorTypeInvalid && strings.HasPrefix(e.text, prefix)
}

func (s *Store) internal(message string, cause error) error {
	s.log.Error(message, "error", cause)
	return engine.NewError(engine.Internal, message, cause)
}

func contextFault(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return engine.NewError(engine.Timeout, "the query took longer than it may", ctx.Err())
	}
	return engine.NewError(engine.Cancelled, "the query was cancelled", ctx.Err())
}

// clip bounds a message, cutting between characters.
func clip(msg string) string {
	if len(msg) <= maxMessage {
		return msg
	}
	return strings.ToValidUTF8(msg[:maxMessage], "") + "…"
}
