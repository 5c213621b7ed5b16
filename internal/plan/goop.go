package plan

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

// GoOp is an operator that runs in Go: over the rows of its inputs (scan,
// plugins, graphs), or without any as a source of rows from outside
// (externaldata). It is a stage of its own: the plans below it run first, its
// rows enter the engine as a temporary relation, and the plan above reads that.
type GoOp struct {
	cols
	Ins []Node
	Op  RowOp
	Pos diag.Span
}

// RowOp is what a GoOp does. It holds everything it needs (constants, bound
// expressions over the columns of its inputs) and no state of a run: the same
// value may run several times at once.
type RowOp interface {
	// Name is the operator's or plugin's name in KQL.
	Name() string
	// Ordered reports whether the order of the rows of input i matters; rows
	// without a sort below have none.
	Ordered(i int) bool
	// Run reads its inputs one after the other and writes rows of the
	// node's columns. A failure that the data or the limits cause is an
	// *OpError; any other error is internal and never shown.
	Run(ctx context.Context, in []RowReader, out RowWriter) error
}

// RowReader hands out the rows of an input.
type RowReader interface {
	Columns() []Column
	// Next returns the next batch, nil at the end. It aliases memory that
	// the next call overwrites: copy what must live longer (ReadAll does).
	Next(context.Context) (*types.Batch, error)
}

// RowWriter takes rows; their order is kept. The batch is the caller's again
// when Write returns.
type RowWriter interface {
	Write(context.Context, *types.Batch) error
}

// OpError is a failure of a RowOp that is for the user to read.
type OpError struct {
	Message string
	// Limit tells that a bound on memory or size was met.
	Limit bool
}

func (e *OpError) Error() string { return e.Message }

// NewGoOp makes a node of an operator.
func NewGoOp(op RowOp, out []Column, at diag.Span, ins ...Node) *GoOp {
	n := &GoOp{Ins: ins, Op: op, Pos: at}
	n.Out = out
	return n
}

// Inputs of a Go operator: none for a source.
func (n *GoOp) Inputs() []Node { return n.Ins }

// maxOpBytes bounds the rows that a RowOp may hold in memory at once.
const maxOpBytes = 1 << 30

// ReadAll copies all rows of an input into one batch.
func ReadAll(ctx context.Context, r RowReader) (*types.Batch, error) {
	cols := r.Columns()
	all := types.NewBatch(len(cols))
	for i, c := range cols {
		all.Cols[i] = types.NewVector(c.Type, 0)
	}
	size := 0
	for {
		b, err := r.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			return all, nil
		}
		if size += all.Append(b); size > maxOpBytes {
			return nil, &OpError{Limit: true, Message: "an operator that keeps its rows in memory got more of them than it may hold; filter or aggregate before it"}
		}
	}
}
