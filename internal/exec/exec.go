// Package exec runs a lowered query and hands back its rows.
//
// Most queries are one statement on one engine. One with Go operators runs
// stage by stage within one session: the statements that feed an operator, the
// operator itself, its rows loaded as a temporary relation, and at last the
// statement that gives the answer.
//
// The row cap is kept here: the guard lets one row more through, so that a cut
// result is told from one that ended by itself.
package exec

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Rows is a result, batch by batch, cut at the row cap.
type Rows struct {
	in        engine.Rows
	session   engine.Session // nil for a query without stages
	max, seen int
	truncated bool
}

// Run starts the query. maxRows 0 means no cap.
func Run(ctx context.Context, e engine.Engine, q lower.Query, maxRows int) (*Rows, error) {
	if len(q.Stages) > 0 {
		return staged(ctx, e, q, maxRows)
	}
	in, err := e.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	return &Rows{in: in, max: maxRows}, nil
}

// staged runs the stages and starts the last statement.
func staged(ctx context.Context, e engine.Engine, q lower.Query, maxRows int) (*Rows, error) {
	s, err := e.Session(ctx, natives(q))
	if err != nil {
		return nil, err
	}
	for _, st := range q.Stages {
		if err := stage(ctx, s, st); err != nil {
			s.Close()
			return nil, err
		}
	}
	in, err := s.Query(ctx, q)
	if err != nil {
		s.Close()
		return nil, err
	}
	return &Rows{in: in, session: s, max: maxRows}, nil
}

// natives are the functions of all statements of a query.
func natives(q lower.Query) []fn.Native {
	all := q.Natives[:len(q.Natives):len(q.Natives)]
	for _, st := range q.Stages {
		for _, in := range st.Inputs {
			all = append(all, in.Natives...)
		}
	}
	return all
}

// Next returns the next batch, or nil at the end.
func (r *Rows) Next(ctx context.Context) (*engine.Batch, error) {
	if r.truncated {
		return nil, nil
	}
	b, err := r.in.Next(ctx)
	if b == nil || err != nil {
		return nil, err
	}
	if r.max > 0 && r.seen+b.N > r.max {
		r.truncated = true
		b.N = r.max - r.seen
		for _, c := range b.Cols {
			shorten(c, b.N)
		}
	}
	r.seen += b.N
	if b.N == 0 {
		return nil, nil
	}
	return b, nil
}

// shorten cuts a vector to n values; its slices may be longer than Len.
func shorten(v *types.Vector, n int) { v.Len = n }

// Count is the number of rows handed out so far.
func (r *Rows) Count() int { return r.seen }

// Truncated reports that there were more rows than the cap.
func (r *Rows) Truncated() bool { return r.truncated }

// Close releases the engine's resources.
func (r *Rows) Close() {
	r.in.Close()
	if r.session != nil {
		r.session.Close()
	}
}
