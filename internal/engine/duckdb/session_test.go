package duckdb

import (
	"context"
	"testing"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

var oneLong = []plan.Column{{Name: "x", Type: types.Long}}

// longs reads the only column of a statement within a session.
func longs(t *testing.T, s engine.Session, sql string) []int64 {
	t.Helper()
	rows, err := s.Query(context.Background(), lower.Query{SQL: sql, Columns: oneLong})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	b, err := plan.ReadAll(context.Background(), sessionRows{rows})
	if err != nil {
		t.Fatal(err)
	}
	return b.Cols[0].Ints
}

type sessionRows struct{ engine.Rows }

func (sessionRows) Columns() []plan.Column { return oneLong }

func TestSession(t *testing.T) {
	st, err := Open(Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	ctx := context.Background()
	for range 3 { // the connection is used again; nothing is left on it
		s, err := st.Session(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		cols := []plan.Column{{Type: types.String}, {Type: types.Int}, {Type: types.Dynamic}, {Type: types.Bool}, {Type: types.Real}}
		b := types.NewBatch(len(cols))
		const n = 5000
		for i, c := range cols {
			b.Cols[i] = types.NewVector(c.Type, n)
		}
		b.N = n
		for i := range n {
			b.Cols[0].Strings[i] = "text \x00 that is longer than twelve bytes"
			b.Cols[1].Ints[i] = int64(i)
			b.Cols[2].Strings[i] = "[1]"
			if i%2 == 0 {
				b.Cols[1].SetNull(i)
				b.Cols[2].SetNull(i)
			}
		}
		if err := s.Load(ctx, "s1", cols, b); err != nil {
			t.Fatal(err)
		}
		table := st.Stage("s1")
		if got := longs(t, s, "SELECT CAST(count(c1) + sum(len(c0)) - count(c2) AS BIGINT) FROM "+table+" WHERE c0 IS NOT NULL AND c3 = false AND c4 = 0 AND (c1 = o OR c1 IS NULL)"); got[0] != n*int64(len(b.Cols[0].Strings[0])) {
			t.Errorf("loaded %d", got[0])
		}
		// A statement that is not read to its end is closed by the next.
		if _, err := s.Query(ctx, lower.Query{SQL: "SELECT o FROM " + table, Columns: oneLong}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Query(ctx, lower.Query{SQL: "SELECT CAST(1 AS BIGINT)", Columns: oneLong}); err == nil {
			t.Error("a statement follows one that may still run")
		}
		s.Close()
		s.Close()
		if again, err := st.Session(ctx, nil); err != nil {
			t.Fatal(err)
		} else {
			if _, err := again.Query(ctx, lower.Query{SQL: "SELECT o FROM " + table, Columns: oneLong}); err == nil {
				t.Error("the relation outlives its session")
			}
			again.Close()
		}
	}
}

func TestSessionCancelled(t *testing.T) {
	st, err := Open(Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	ctx, cancel := context.WithCancel(context.Background())
	s, err := st.Session(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	b := types.NewBatch(1)
	b.Cols[0] = types.NewVector(types.Long, 10)
	b.N = 10
	if err := s.Load(ctx, "s1", oneLong, b); engine.KindOf(err) != engine.Cancelled {
		t.Errorf("loading gives %v", err)
	}
	s.Close()
	if _, err := st.Session(ctx, nil); engine.KindOf(err) != engine.Cancelled {
		t.Errorf("a new session gives %v", err)
	}
}

// What a transaction registers is gone with it, so functions come first.
func TestSessionFunctions(t *testing.T) {
	st, err := Open(Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	f := nativeFn("session_one", types.Long, func(c *fn.Call) { c.Out.Ints[0] = c.Args[0].Ints[0] + 1 }, types.Long)
	for range 2 {
		s, err := st.Session(context.Background(), []fn.Native{f})
		if err != nil {
			t.Fatal(err)
		}
		if got := longs(t, s, "SELECT session_one(CAST(1 AS BIGINT))"); got[0] != 2 {
			t.Errorf("gives %d", got[0])
		}
		s.Close()
	}
}
