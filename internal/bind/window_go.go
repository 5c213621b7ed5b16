package bind

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// windowOp runs window functions that SQL cannot say in Go, over all rows in
// their order: a session carries its start from row to row, a sum of decimals
// does not fit the engine's numbers. Its input has, after the columns it hands
// on, the arguments of the calls as further columns.
type windowOp struct {
	keep  int // columns handed on
	calls []*plan.WindowCall
	now   int64
}

// inGo reports calls that have no SQL.
func inGo(calls []*plan.WindowCall) bool {
	for _, c := range calls {
		if c.Sig.DuckDB.WhyNot != "" {
			return true
		}
	}
	return false
}

// goWindow computes calls over in as windowLayer does, in Go.
func (b *binder) goWindow(in plan.Node, calls []*plan.WindowCall, out []plan.Column) plan.Node {
	cols := append([]plan.Column(nil), in.Columns()...)
	exprs := make([]plan.Expr, len(cols))
	for i := range cols {
		exprs[i] = colRef(in.Columns(), i)
	}
	for _, c := range calls {
		for _, a := range c.Args {
			cols = append(cols, columnOf("$a", a))
			exprs = append(exprs, a)
		}
	}
	op := &windowOp{keep: len(in.Columns()), calls: calls, now: b.env.Now}
	return plan.NewGoOp(op, out, calls[0].Pos, b.project(in, cols, exprs))
}

// Name is the first function's.
func (w *windowOp) Name() string { return w.calls[0].Fn.Name }

// Ordered: the functions are about the order of rows.
func (*windowOp) Ordered(int) bool { return true }

// Run holds all rows: any row may depend on all before it.
func (w *windowOp) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	rows, err := plan.ReadAll(ctx, in[0])
	if err != nil {
		return err
	}
	args := rows.Cols[w.keep:]
	result := &types.Batch{N: rows.N, Cols: append([]*types.Vector(nil), rows.Cols[:w.keep]...)}
	for _, call := range w.calls {
		c := fn.Call{N: rows.N, Now: w.now, Args: args[:len(call.Args)], Out: types.NewVector(call.Ret, rows.N)}
		args = args[len(call.Args):]
		call.Sig.Eval(&c)
		if c.Err != nil {
			return &plan.OpError{Message: call.Fn.Name + ": " + c.Err.Error()}
		}
		result.Cols = append(result.Cols, c.Out)
	}
	return out.Write(ctx, result)
}
