package exec

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// maxStageBytes bounds the rows that one Go operator may hand on.
const maxStageBytes = 1 << 30

// maxStageRows is what a batch can number.
const maxStageRows = 1<<31 - 1

// stage runs a Go operator over its inputs and loads its rows.
func stage(ctx context.Context, s engine.Session, st lower.Stage) error {
	in := make([]plan.RowReader, len(st.Inputs))
	for i, q := range st.Inputs {
		in[i] = &input{s: s, q: q}
	}
	out := newOutput(st.Columns)
	if err := operate(ctx, st.Op, in, out); err != nil {
		return opFault(st.Op, err)
	}
	return s.Load(ctx, st.Table, st.Columns, out.rows)
}

// operate runs the operator; a panic in it is an internal error.
func operate(ctx context.Context, op plan.RowOp, in []plan.RowReader, out plan.RowWriter) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panics: %v\n%s", op.Name(), p, debug.Stack())
		}
	}()
	return op.Run(ctx, in, out)
}

// opFault tells what went wrong in an operator in the kinds of engine errors.
func opFault(op plan.RowOp, err error) error {
	var known *engine.Error
	var said *plan.OpError
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &said) && said.Limit:
		return engine.NewError(engine.Memory, said.Message, err)
	case errors.As(err, &said):
		return engine.NewError(engine.Invalid, said.Message, err)
	case errors.Is(err, context.DeadlineExceeded):
		return engine.NewError(engine.Timeout, "the query took longer than it may", err)
	case errors.Is(err, context.Canceled):
		return engine.NewError(engine.Cancelled, "the query was cancelled", err)
	}
	return engine.NewError(engine.Internal, op.Name()+" failed", err)
}

// input reads the rows of one statement, which starts when the first of them
// is asked for. An operator reads its inputs one after the other: a session
// runs one statement at a time.
type input struct {
	s     engine.Session
	q     lower.Query
	rows  engine.Rows
	ended bool
}

// Columns are those of the statement.
func (r *input) Columns() []plan.Column { return r.q.Columns }

// Next returns the next batch, nil at the end.
func (r *input) Next(ctx context.Context) (*types.Batch, error) {
	if r.ended {
		return nil, nil
	}
	if r.rows == nil {
		rows, err := r.s.Query(ctx, r.q)
		if err != nil {
			return nil, err
		}
		r.rows = rows
	}
	b, err := r.rows.Next(ctx)
	if b == nil || err != nil {
		r.ended = true
		r.rows.Close()
	}
	return b, err
}

// output gathers the rows of an operator.
type output struct {
	rows  *types.Batch
	bytes int
}

func newOutput(cols []plan.Column) *output {
	o := &output{rows: types.NewBatch(len(cols))}
	for i, c := range cols {
		o.rows.Cols[i] = types.NewVector(c.Type, 0)
	}
	return o
}

// Write copies rows.
func (o *output) Write(ctx context.Context, b *types.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(b.Cols) != len(o.rows.Cols) {
		return fmt.Errorf("%d columns instead of %d", len(b.Cols), len(o.rows.Cols))
	}
	for i, v := range b.Cols {
		if v.Type != o.rows.Cols[i].Type {
			return fmt.Errorf("column %d is %s instead of %s", i, v.Type, o.rows.Cols[i].Type)
		}
	}
	o.bytes += o.rows.Append(b)
	if o.bytes > maxStageBytes || o.rows.N > maxStageRows {
		return &plan.OpError{Limit: true, Message: "an operator gives more rows than may be kept; filter or aggregate before it"}
	}
	return nil
}
