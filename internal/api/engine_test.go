package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// canned is an engine that answers every query with the same rows, or fails
// on purpose.
type canned struct {
	t     testing.TB
	rows  []string // each a JSON array
	fault string   // what happens after the rows: see failWith; "" is a normal end
	early bool     // it happens before the rows, when the query starts

	started chan struct{} // closed when a blocking query runs; may be nil
	delay   time.Duration // before the rows
	open    atomic.Int32  // results that were not closed
}

func (*canned) Dialect() *sqlx.Dialect { return sqlx.DuckDB }
func (*canned) Close() error           { return nil }

func (*canned) Stage(table string) string { return table }
func (*canned) Session(context.Context, []fn.Native) (engine.Session, error) {
	return nil, errors.New("no sessions here")
}

func (*canned) Relations(t *catalog.Table, _, _ int64) []lower.Relation {
	return []lower.Relation{{Name: t.Name, Columns: len(t.Columns)}}
}

func (e *canned) Query(ctx context.Context, q lower.Query) (engine.Rows, error) {
	if e.early {
		return nil, e.failWith(ctx)
	}
	e.open.Add(1)
	return &cannedRows{e: e, ctx: ctx, cols: q.Columns, left: e.rows}, nil
}

// secret must never be seen by a client.
const secret = "SELECT c0 FROM secret_table"

func (e *canned) failWith(ctx context.Context) error {
	switch e.fault {
	case "memory":
		return engine.NewError(engine.Memory, secret, errors.New(secret))
	case "timeout":
		return engine.NewError(engine.Timeout, secret, errors.New(secret))
	case "cancelled":
		return engine.NewError(engine.Cancelled, secret, errors.New(secret))
	case "internal":
		return engine.NewError(engine.Internal, secret, errors.New(secret))
	case "invalid":
		return engine.NewError(engine.Invalid, "the regular expression is not valid", errors.New(secret))
	case "other":
		return errors.New(secret)
	case "panic":
		panic(secret)
	case "block":
		if e.started != nil {
			close(e.started)
		}
		<-ctx.Done()
		return engine.NewError(engine.Cancelled, secret, ctx.Err())
	}
	return nil
}

type cannedRows struct {
	e    *canned
	ctx  context.Context
	cols []plan.Column
	left []string
}

func (r *cannedRows) Close() { r.e.open.Add(-1) }

// Next hands out two rows at a time.
func (r *cannedRows) Next(context.Context) (*engine.Batch, error) {
	time.Sleep(r.e.delay)
	n := min(2, len(r.left))
	if n == 0 {
		return nil, r.e.failWith(r.ctx)
	}
	b := &engine.Batch{N: n}
	for _, c := range r.cols {
		b.Cols = append(b.Cols, types.NewVector(c.Type, n))
	}
	for i, line := range r.left[:n] {
		var values []any
		if err := json.Unmarshal([]byte(line), &values); err != nil || len(values) != len(r.cols) {
			r.e.t.Errorf("canned row %s does not fit %d columns: %v", line, len(r.cols), err)
			return nil, errors.New("bad row")
		}
		for k, v := range values {
			b.Cols[k].Set(i, value(r.e.t, r.cols[k].Type, v))
		}
	}
	r.left = r.left[n:]
	return b, nil
}

// value turns a JSON value of a case file into a value of a type.
func value(t testing.TB, typ types.Type, v any) types.Value {
	out := types.Value{Type: typ}
	ok := true
	switch v := v.(type) {
	case nil:
		return types.Null(typ)
	case bool:
		return types.BoolValue(v)
	case float64:
		out.I, out.F = int64(v), v
	case string:
		switch typ {
		case types.Datetime:
			out.I, ok = types.ParseDatetime(v)
		case types.Timespan:
			out.I, ok = types.ParseTimespan(v)
		case types.Long:
			_, err := fmt.Sscan(v, &out.I)
			ok = err == nil
		case types.Real:
			out.F = map[string]float64{"NaN": math.NaN(), "+Inf": math.Inf(1), "-Inf": math.Inf(-1)}[v]
		default:
			out.S = v
		}
	}
	if !ok {
		t.Errorf("canned value %v is no %s", v, typ)
	}
	return out
}
