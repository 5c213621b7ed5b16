package duckdb

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// openTest opens a store that the test closes.
func openTest(t testing.TB, cfg Config) *Store {
	t.Helper()
	s, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func memory(t testing.TB) *Store { t.Helper(); return openTest(t, Config{}) }

// sql makes a query with columns of the given types.
func sql(text string, cols ...types.Type) lower.Query {
	q := lower.Query{SQL: text}
	for _, c := range cols {
		q.Columns = append(q.Columns, plan.Column{Type: c})
	}
	return q
}

// all runs a query and copies its rows out.
func all(s *Store, q lower.Query) ([][]types.Value, error) {
	ctx := context.Background()
	rows, err := s.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][]types.Value
	for {
		b, err := rows.Next(ctx)
		if b == nil || err != nil {
			return out, err
		}
		for i := range b.N {
			row := make([]types.Value, len(b.Cols))
			for j, v := range b.Cols {
				row[j] = v.Value(i)
			}
			out = append(out, row)
		}
	}
}

// mustAll is all for queries that cannot fail.
func mustAll(t testing.TB, s *Store, q lower.Query) [][]types.Value {
	t.Helper()
	rows, err := all(s, q)
	if err != nil {
		t.Fatalf("%s: %v (cause: %v)", q.SQL, err, cause(err))
	}
	return rows
}

// one runs a query of one value.
func one(t testing.TB, s *Store, q lower.Query) types.Value {
	t.Helper()
	rows := mustAll(t, s, q)
	if len(rows) != 1 || len(rows[0]) != 1 {
		t.Fatalf("%s: %d rows, want one value", q.SQL, len(rows))
	}
	return rows[0][0]
}

func cause(err error) error {
	for {
		u, ok := err.(interface{ Unwrap() error })
		if !ok || u.Unwrap() == nil {
			return err
		}
		err = u.Unwrap()
	}
}

func wantKind(t testing.TB, err error, k engine.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one of kind %s", k)
	}
	if got := engine.KindOf(err); got != k {
		t.Fatalf("kind %s, want %s: %v (cause: %v)", got, k, err, cause(err))
	}
}

// native makes a function as the function table would.
func nativeFn(name string, result types.Type, eval fn.Eval, args ...types.Type) fn.Native {
	return fn.Native{Name: name, Spec: &fn.Spec{Name: name}, Eval: eval, Args: args, Result: result}
}

// logs collects what a store logs.
type logs struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logs) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// allTypes is a table with a column of every type.
func allTypes() *catalog.Table {
	t := &catalog.Table{Name: "Everything", Time: 0, Device: -1}
	t.Columns = append(t.Columns, catalog.Column{Name: "Timestamp", Type: types.Datetime})
	for _, x := range types.Scalars() {
		t.Columns = append(t.Columns, catalog.Column{Name: "col_" + x.String(), Type: x})
	}
	return t
}

// events is a small hunting table.
func events() *catalog.Table {
	return &catalog.Table{Name: "Events", Time: 0, Device: 1, Columns: []catalog.Column{
		{Name: "Timestamp", Type: types.Datetime},
		{Name: "DeviceId", Type: types.String},
		{Name: "Count", Type: types.Long},
	}}
}

// state is a table without a time.
func state() *catalog.Table {
	return &catalog.Table{Name: "State", Time: -1, Device: -1, Columns: []catalog.Column{{Name: "Name", Type: types.String}}}
}

func catalogOf(t testing.TB, tables ...*catalog.Table) *catalog.Catalog {
	t.Helper()
	c, err := catalog.New(tables...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ticks of a day of January 2024 plus some.
func jan(day int, plus int64) int64 {
	t, _ := types.DateTicks(2024, 1, day)
	return t + plus
}

// eventBatch makes a batch of events at the given times.
func eventBatch(t *catalog.Table, times ...int64) *catalog.Batch {
	b := catalog.NewBatch(t)
	for i, at := range times {
		r := b.AddRow()
		b.Set(r, 0, types.DatetimeValue(at))
		b.Set(r, 1, types.StringValue("device"))
		b.Set(r, 2, types.LongValue(int64(i)))
	}
	return b
}

func mustWrite(t testing.TB, s *Store, id string, batches ...*catalog.Batch) {
	t.Helper()
	written, err := s.Write(context.Background(), id, batches)
	if err != nil || !written {
		t.Fatalf("write %q: written %v, %v (cause: %v)", id, written, err, cause(err))
	}
}

func counts(t testing.TB, s *Store) map[string]int64 {
	t.Helper()
	c, err := s.Counts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c
}
