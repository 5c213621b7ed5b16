package exec_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// played is an engine that hands out batches of given sizes and then an error.
type played struct {
	sizes  []int
	err    error
	next   int // the value of the next row
	closed int
}

func (p *played) Dialect() *sqlx.Dialect                                  { return sqlx.DuckDB }
func (p *played) Relations(*catalog.Table, int64, int64) []lower.Relation { return nil }
func (p *played) Stage(table string) string                               { return "staged " + table }
func (p *played) Close() error                                            { return nil }
func (p *played) Query(_ context.Context, q lower.Query) (engine.Rows, error) {
	if q.SQL == "fail" {
		return nil, p.err
	}
	return &playedRows{p}, nil
}

// Session notes what is loaded; its statements are the engine's.
func (p *played) Session(context.Context, []fn.Native) (engine.Session, error) {
	return &playedSession{played: p, loaded: map[string]*engine.Batch{}}, nil
}

type playedSession struct {
	*played
	loaded map[string]*engine.Batch
}

func (s *playedSession) Load(_ context.Context, table string, _ []plan.Column, b *engine.Batch) error {
	s.loaded[table] = b
	return nil
}

func (s *playedSession) Query(ctx context.Context, q lower.Query) (engine.Rows, error) {
	if b := s.loaded[q.SQL]; b != nil {
		return &loadedRows{s.played, b}, nil
	}
	return s.played.Query(ctx, q)
}

func (s *playedSession) Close() { s.closed++ }

type loadedRows struct {
	*played
	b *engine.Batch
}

func (r *loadedRows) Next(context.Context) (*engine.Batch, error) {
	b := r.b
	r.b = nil
	return b, nil
}

func (r *loadedRows) Close() { r.closed++ }

// doubler writes twice what it reads, then fails as it is told.
type doubler struct{ err error }

func (doubler) Name() string     { return "doubler" }
func (doubler) Ordered(int) bool { return true }

func (d doubler) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	if d.err != nil && d.err.Error() == "panic" {
		panic("oops")
	}
	b, err := plan.ReadAll(ctx, in[0])
	if err != nil {
		return err
	}
	for i := range b.Cols[0].Ints {
		b.Cols[0].Ints[i] *= 2
	}
	if err := out.Write(ctx, b); err != nil {
		return err
	}
	return d.err
}

func TestStages(t *testing.T) {
	long := []plan.Column{{Name: "x", Type: types.Long}}
	staged := func(op plan.RowOp) lower.Query {
		return lower.Query{SQL: "s2", Columns: long, Stages: []lower.Stage{
			{Op: doubler{}, Inputs: []lower.Query{{SQL: "rows", Columns: long}}, Table: "s1", Columns: long},
			{Op: op, Inputs: []lower.Query{{SQL: "s1", Columns: long}}, Table: "s2", Columns: long},
		}}
	}
	e := &played{sizes: []int{2, 3}}
	r, err := exec.Run(context.Background(), e, staged(doubler{}), 4)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(r)
	if err != nil || !slices.Equal(got, []int64{0, 4, 8, 12}) || !r.Truncated() {
		t.Errorf("%v, %v", got, err)
	}
	r.Close()
	if e.closed != 4 { // two inputs, the result, the session
		t.Errorf("%d closings", e.closed)
	}
	for want, fault := range map[engine.Kind]error{
		engine.Invalid:   &plan.OpError{Message: "so it is"},
		engine.Memory:    &plan.OpError{Message: "too much", Limit: true},
		engine.Internal:  errors.New("panic"),
		engine.Timeout:   context.DeadlineExceeded,
		engine.Cancelled: context.Canceled,
	} {
		_, err := exec.Run(context.Background(), &played{sizes: []int{2}}, staged(doubler{fault}), 4)
		if engine.KindOf(err) != want || want == engine.Internal && strings.Contains(err.Error(), "oops") {
			t.Errorf("%v becomes %v", fault, err)
		}
	}
}

type playedRows struct{ *played }

func (p *playedRows) Next(context.Context) (*engine.Batch, error) {
	if len(p.sizes) == 0 {
		return nil, p.err
	}
	n := p.sizes[0]
	p.sizes = p.sizes[1:]
	v := types.NewVector(types.Long, n)
	for i := range n {
		v.Ints[i] = int64(p.next)
		p.next++
	}
	return &engine.Batch{N: n, Cols: []*types.Vector{v}}, nil
}

func (p *playedRows) Close() { p.closed++ }

// read drains a result and tells its values.
func read(r *exec.Rows) ([]int64, error) {
	var out []int64
	for {
		b, err := r.Next(context.Background())
		if b == nil || err != nil {
			return out, err
		}
		if b.Cols[0].Len != b.N {
			return out, fmt.Errorf("a batch of %d has a column of %d", b.N, b.Cols[0].Len)
		}
		for i := range b.N {
			out = append(out, b.Cols[0].Ints[i])
		}
	}
}

func TestRowCap(t *testing.T) {
	for _, c := range []struct {
		sizes     []int
		limit     int
		rows      int
		truncated bool
	}{
		{[]int{3, 3}, 0, 6, false},
		{[]int{3, 3}, 7, 6, false},
		{[]int{3, 3}, 6, 6, false},
		{[]int{3, 4}, 6, 6, true},
		{[]int{3, 3, 1}, 6, 6, true},
		{[]int{10}, 4, 4, true},
		{[]int{1, 1, 1}, 2, 2, true},
		{nil, 5, 0, false},
	} {
		e := &played{sizes: c.sizes}
		r, err := exec.Run(context.Background(), e, lower.Query{}, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(r)
		if err != nil || len(got) != c.rows || r.Count() != c.rows || r.Truncated() != c.truncated {
			t.Errorf("%v capped at %d: %d rows (count %d), truncated %v, %v", c.sizes, c.limit, len(got), r.Count(), r.Truncated(), err)
		}
		for i, x := range got {
			if x != int64(i) {
				t.Errorf("%v capped at %d: row %d is %d", c.sizes, c.limit, i, x)
			}
		}
		if b, err := r.Next(context.Background()); b != nil || err != nil {
			t.Errorf("after its end it gives %v, %v", b, err)
		}
		r.Close()
		if e.closed != 1 {
			t.Errorf("closed %d times", e.closed)
		}
	}
}

func TestFaults(t *testing.T) {
	fault := engine.NewError(engine.Memory, "too much", errors.New("cause"))
	if _, err := exec.Run(context.Background(), &played{err: fault}, lower.Query{SQL: "fail"}, 1); engine.KindOf(err) != engine.Memory {
		t.Errorf("starting gives %v", err)
	}
	r, err := exec.Run(context.Background(), &played{sizes: []int{2}, err: fault}, lower.Query{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := read(r); len(got) != 2 || engine.KindOf(err) != engine.Memory {
		t.Errorf("%d rows, then %v", len(got), err)
	}
}

func TestKinds(t *testing.T) {
	for err, want := range map[error]engine.Kind{
		context.DeadlineExceeded: engine.Timeout,
		context.Canceled:         engine.Cancelled,
		errors.New("x"):          engine.Internal,
		fmt.Errorf("around: %w", engine.NewError(engine.Invalid, "bad", nil)): engine.Invalid,
	} {
		if got := engine.KindOf(err); got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
	secret := engine.NewError(engine.Internal, "it failed", errors.New("/etc/secret"))
	if secret.Error() != "engine: internal: it failed" || !errors.Is(secret, secret.Unwrap()) {
		t.Errorf("an internal error says %q", secret.Error())
	}
}
