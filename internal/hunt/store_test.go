package hunt

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// openFixture fills a store in memory with the fixture; it is only read.
var openFixture = sync.OnceValues(func() (*duckdb.Store, error) {
	c, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	s, err := duckdb.Open(duckdb.Config{Catalog: c, Threads: 2, Now: testkit.Now})
	if err != nil {
		return nil, err
	}
	batches, err := testkit.Fixture(c)
	if err == nil {
		_, err = s.Write(context.Background(), "fixture", batches)
	}
	return s, err
})

func fixtureStore(t testing.TB) *duckdb.Store {
	t.Helper()
	s, err := openFixture()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answer is a query's result, copied out.
type answer struct {
	compiled Compiled
	rows     [][]types.Value
	cut      bool
}

// ask compiles and runs a query on a store.
func ask(s *duckdb.Store, query string, env bind.Env, scope guard.Scope) (answer, error) {
	c, err := Prepare(context.Background(), query, env, scope, s)
	a := answer{compiled: c}
	if err != nil {
		return a, err
	}
	rows, err := exec.Run(context.Background(), s, c.Query, scope.MaxRows)
	if err != nil {
		return a, err
	}
	defer rows.Close()
	a.rows, err = collect(rows, c.Query.Columns)
	a.cut = rows.Truncated()
	return a, err
}

func collect(rows *exec.Rows, cols []plan.Column) ([][]types.Value, error) {
	var out [][]types.Value
	for {
		b, err := rows.Next(context.Background())
		if b == nil || err != nil {
			return out, err
		}
		for i := range b.N {
			row := make([]types.Value, len(cols))
			for k, v := range b.Cols {
				row[k] = v.Value(i)
			}
			out = append(out, row)
		}
	}
}

// causes unfolds an error: an engine's error hides its cause from users.
func causes(err error) string {
	text := err.Error()
	if u := errors.Unwrap(err); u != nil {
		text += ": " + causes(u)
	}
	return text
}
