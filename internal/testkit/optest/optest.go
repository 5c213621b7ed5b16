// Package optest runs Go operators in memory, for tests: a query over constant
// tables is parsed and bound, and its plan computed without an engine.
package optest

import (
	"context"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Env is what queries are bound against.
func Env(t testing.TB) bind.Env {
	t.Helper()
	c, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return bind.Env{Catalog: c, Fns: fns, Now: types.TicksOf(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))}
}

// Bind parses and binds a query.
func Bind(env bind.Env, text string) (plan.Node, diag.List) {
	tree, diags := syntax.Parse(text)
	if diags.Err() != nil {
		return nil, diags
	}
	b, more := bind.Bind(tree, env)
	return b.Node, append(diags, more...)
}

// Rows runs a query and returns its rows as canonical JSON arrays.
func Rows(t testing.TB, env bind.Env, text string) ([]string, error) {
	t.Helper()
	n, diags := Bind(env, text)
	if diags.Err() != nil {
		t.Fatalf("%s\n%s", text, diags.Render(text))
	}
	b, err := Compute(context.Background(), n)
	if err != nil {
		return nil, err
	}
	out := make([]string, b.N)
	for i := range out {
		row := []byte("[")
		for k, v := range b.Cols {
			if k > 0 {
				row = append(row, ',')
			}
			row = dynamic.AppendRow(row, v, i)
		}
		out[i] = string(append(row, ']'))
	}
	return out, nil
}

// batchSize is how many rows a reader hands out at once: small, so that state
// has to live across batches.
const batchSize = 3

// Compute runs a plan of constants, projections, filters and Go operators.
func Compute(ctx context.Context, n plan.Node) (*types.Batch, error) {
	switch n := n.(type) {
	case *plan.Values:
		b := empty(n.Out)
		for _, row := range n.Rows {
			b.N++
			for i, v := range row {
				b.Cols[i].Grow(b.N)
				b.Cols[i].Set(b.N-1, v)
			}
		}
		return b, nil
	case *plan.Project:
		return project(ctx, n)
	case *plan.Filter:
		return filter(ctx, n)
	case *plan.GoOp:
		in := make([]plan.RowReader, len(n.Ins))
		for i, from := range n.Ins {
			b, err := Compute(ctx, from)
			if err != nil {
				return nil, err
			}
			in[i] = &reader{cols: from.Columns(), b: b}
		}
		w := &writer{empty(n.Out)}
		return w.b, n.Op.Run(ctx, in, w)
	}
	return nil, &plan.OpError{Message: "optest: no rule for " + plan.Print(n)}
}

func project(ctx context.Context, n *plan.Project) (*types.Batch, error) {
	in, err := Compute(ctx, n.Input)
	if err != nil {
		return nil, err
	}
	out := &types.Batch{N: in.N}
	for _, e := range n.Exprs {
		if q, ok := e.(*plan.ScalarQuery); ok {
			b, err := Compute(ctx, q.Node)
			if err != nil {
				return nil, err
			}
			v := types.NewVector(q.T, in.N)
			for i := range in.N {
				if b.N == 0 {
					v.SetNull(i)
				} else {
					v.Set(i, b.Cols[0].Value(0))
				}
			}
			out.Cols = append(out.Cols, v)
			continue
		}
		p, err := eval.Compile(e, 0)
		if err != nil {
			return nil, err
		}
		v, err := p.Machine().Run(in.N, in.Cols)
		if err != nil {
			return nil, err
		}
		out.Cols = append(out.Cols, v)
	}
	return out, nil
}

func filter(ctx context.Context, n *plan.Filter) (*types.Batch, error) {
	in, err := Compute(ctx, n.Input)
	if err != nil {
		return nil, err
	}
	p, err := eval.Compile(n.Cond, 0)
	if err != nil {
		return nil, err
	}
	keep, err := p.Filter(in.N, in.Cols)
	if err != nil {
		return nil, err
	}
	out := empty(n.Out)
	for i, ok := range keep {
		if ok {
			out.N++
			for k, v := range in.Cols {
				out.Cols[k].Grow(out.N)
				eval.Copy(out.Cols[k], out.N-1, v, i)
			}
		}
	}
	return out, nil
}

func empty(cols []plan.Column) *types.Batch {
	b := types.NewBatch(len(cols))
	for i, c := range cols {
		b.Cols[i] = types.NewVector(c.Type, 0)
	}
	return b
}

// reader hands out a batch in parts and overwrites each with the next.
type reader struct {
	cols []plan.Column
	b    *types.Batch
	at   int
	part *types.Batch
}

func (r *reader) Columns() []plan.Column { return r.cols }

func (r *reader) Next(context.Context) (*types.Batch, error) {
	if r.at >= r.b.N {
		return nil, nil
	}
	if r.part == nil {
		r.part = empty(r.cols)
	}
	r.part.N = min(batchSize, r.b.N-r.at)
	for k, v := range r.part.Cols {
		v.Reset(v.Type, r.part.N)
		for i := range r.part.N {
			eval.Copy(v, i, r.b.Cols[k], r.at+i)
		}
	}
	r.at += r.part.N
	return r.part, nil
}

type writer struct{ b *types.Batch }

func (w *writer) Write(_ context.Context, b *types.Batch) error {
	w.b.Append(b)
	return nil
}
