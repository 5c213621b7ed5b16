package duckdb

import (
	"context"
	"errors"
	"fmt"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Query starts a query and returns when its first rows are there. The context
// governs the whole query, until its rows are closed.
func (s *Store) Query(ctx context.Context, q lower.Query) (engine.Rows, error) {
	if ctx.Err() != nil {
		return nil, contextFault(ctx)
	}
	c, err := s.acquire()
	if err != nil {
		return nil, s.fault(err)
	}
	return s.run(ctx, c, q, func(finished bool) { s.release(c, finished) })
}

// run starts a statement on c, which done gets back.
func (s *Store) run(ctx context.Context, c *conn, q lower.Query, done func(finished bool)) (*rows, error) {
	r := &rows{s: s, c: c, ctx: ctx, stop: c.interruptOn(ctx), done: done}
	if err := r.start(q); err != nil {
		r.Close()
		return nil, s.fault(err, ctx)
	}
	return r, nil
}

// rows streams the chunks of one query.
type rows struct {
	s    *Store
	c    *conn // nil once closed
	ctx  context.Context
	stop func()
	done func(finished bool)

	stmt   mapping.PreparedStatement
	result mapping.Result
	chunk  mapping.DataChunk
	ended  bool // the engine has nothing more to run
	failed error

	types []types.Type
	cols  []column
	batch engine.Batch
}

func (r *rows) start(q lower.Query) error {
	if err := r.s.natives.provide(r.c, q.Natives, r.s.log); err != nil {
		return err
	}
	if mapping.Prepare(r.c.raw, q.SQL, &r.stmt) == mapping.StateError {
		return &sqlError{text: mapping.PrepareError(r.stmt)}
	}
	// A statement of another kind can only come from a mistake in lowering.
	if t := mapping.PreparedStatementType(r.stmt); t != mapping.StatementTypeSelect {
		return fmt.Errorf("statement type %d is not SELECT", t)
	}
	if err := r.columns(q.Columns); err != nil {
		return err
	}
	var pending mapping.PendingResult
	defer mapping.DestroyPending(&pending)
	if mapping.PendingPreparedStreaming(r.stmt, &pending) == mapping.StateError {
		return &sqlError{text: mapping.PendingError(pending)}
	}
	if mapping.ExecutePending(pending, &r.result) == mapping.StateError {
		return r.resultError()
	}
	return nil
}

// columns checks that the engine gives what the plan says, type for type:
// memory of one type must never be read as another.
func (r *rows) columns(want []plan.Column) error {
	if n := int(mapping.PreparedStatementColumnCount(r.stmt)); n != len(want) {
		return fmt.Errorf("the SQL has %d columns, its plan %d", n, len(want))
	}
	r.types = make([]types.Type, len(want))
	r.cols = make([]column, len(want))
	r.batch.Cols = make([]*types.Vector, len(want))
	for i, w := range want {
		got := mapping.PreparedStatementColumnType(r.stmt, mapping.IdxT(i))
		if w.Type.IsList() || got != engineType(w.Type) {
			return fmt.Errorf("column %d (%s) should be %s but the SQL gives %s", i, w.Name, w.Type, typeName(got))
		}
		r.types[i] = w.Type
		r.batch.Cols[i] = &r.cols[i].vec
	}
	return nil
}

func (r *rows) resultError() error {
	return &sqlError{mapping.ResultErrorType(&r.result), mapping.ResultError(&r.result)}
}

// Next hands out the next chunk that has rows, or nil at the end. The context
// may be another than the query's, e.g. one with an earlier deadline.
func (r *rows) Next(ctx context.Context) (*engine.Batch, error) {
	switch {
	case r.failed != nil:
		return nil, r.failed
	case r.c == nil:
		return nil, r.s.internal("rows were read after being closed", errClosed)
	case r.ended:
		return nil, nil
	}
	if err := r.fetch(ctx); err != nil {
		r.failed = r.s.fault(err, ctx, r.ctx)
		return nil, r.failed
	}
	if r.ended {
		return nil, nil
	}
	for i := range r.cols {
		vec := mapping.DataChunkGetVector(r.chunk, mapping.IdxT(i))
		r.cols[i].view(r.types[i], vec, r.batch.N)
	}
	return &r.batch, nil
}

// fetch replaces the current chunk.
func (r *rows) fetch(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if ctx.Done() != r.ctx.Done() { // the query's own is watched already
		defer r.c.interruptOn(ctx)()
	}
	for {
		mapping.DestroyDataChunk(&r.chunk)
		r.chunk = mapping.FetchChunk(r.result)
		if r.chunk.Ptr == nil {
			r.ended = true
			if mapping.ResultError(&r.result) != "" {
				return r.resultError()
			}
			// A context that is over may have cut the result short.
			return errors.Join(ctx.Err(), r.ctx.Err())
		}
		if r.batch.N = int(mapping.DataChunkGetSize(r.chunk)); r.batch.N > 0 {
			return nil
		}
	}
}

// Close ends the query. A query that was not read to its end may still be
// running: its connection is not used again.
func (r *rows) Close() {
	if r.c == nil {
		return
	}
	for i := range r.cols {
		r.cols[i].drop()
	}
	finished := r.ended && r.failed == nil
	if !finished {
		mapping.Interrupt(r.c.raw)
	}
	mapping.DestroyDataChunk(&r.chunk)
	mapping.DestroyResult(&r.result)
	mapping.DestroyPrepare(&r.stmt)
	r.stop()
	r.c = nil
	r.done(finished)
}
