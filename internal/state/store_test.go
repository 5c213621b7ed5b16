package state_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/state"
	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

func TestMain(m *testing.M) { statetest.Main(m) }

// TestOpen: migrations run once, also when several nodes start together; the file is for its owner only; a database of
// a newer version is refused.
func TestOpen(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				s, err := state.Open(context.Background(), place)
				if err != nil {
					t.Error(err)
					return
				}
				if err := errors.Join(s.Ping(context.Background()), s.Close()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		driver, dsn := "pgx", place
		if !strings.HasPrefix(place, "postgres") {
			driver, dsn = "sqlite", "file:"+place
			info, err := os.Stat(place)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the file's mode is %v, error %v", info.Mode(), err)
			}
		}
		db, err := sql.Open(driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var n, highest int
		if err := db.QueryRow("SELECT count(*), max(version) FROM schema_version").Scan(&n, &highest); err != nil || n != highest || n < 3 {
			t.Errorf("%d migrations up to %d, error %v", n, highest, err)
		}
		if _, err := db.Exec("INSERT INTO schema_version (version) VALUES (999)"); err != nil {
			t.Fatal(err)
		}
		if _, err := state.Open(context.Background(), place); err == nil || !strings.Contains(err.Error(), "newer version") {
			t.Errorf("a newer database: %v", err)
		}
	})
}

// TestOpenTogether: processes that start together on a new file wait for one another.
func TestOpenTogether(t *testing.T) {
	dir := t.TempDir()
	for i := range 60 {
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				s, err := state.Open(context.Background(), fmt.Sprintf("%s/%d.db", dir, i))
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
}

// TestPing: a database that can be read and takes no writes is found out by the first write, and so is its recovery.
func TestPing(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		ctx := t.Context()
		s := statetest.Open(t, place)
		driver, dsn := "pgx", place
		if !s.Shared() {
			driver, dsn = "sqlite", "file:"+place
		}
		db, err := sql.Open(driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		rename := func(from, to string) {
			t.Helper()
			for _, table := range []string{"functions", "probe"} {
				if _, err := db.Exec("ALTER TABLE " + table + from + " RENAME TO " + table + to); err != nil {
					t.Fatal(err)
				}
			}
		}
		rename("", "_gone")
		if err := s.Ping(ctx); err != nil {
			t.Errorf("before any write: %v", err)
		}
		put := func() error { return s.PutFunction(ctx, "t", "F", "let F = () { print 1 };") }
		if put() == nil || s.Ping(ctx) == nil || s.Ping(ctx) == nil {
			t.Error("healthy, though it takes no writes")
		}
		rename("_gone", "")
		if err := errors.Join(s.Ping(ctx), put(), s.Ping(ctx)); err != nil {
			t.Errorf("not healthy again: %v", err)
		}
		canceled, cancel := context.WithCancel(ctx)
		cancel()
		if s.PutFunction(canceled, "t", "F", "let F = () { print 1 };") == nil || s.Ping(ctx) != nil {
			t.Error("a caller that went away makes a database unhealthy")
		}
	})
}

func TestPlaces(t *testing.T) {
	for _, place := range []string{"", "mysql://x/y", "postgres://u:secret@127.0.0.1:1/x?connect_timeout=1", "postgres://u:secret@[/x"} {
		if _, err := state.Open(t.Context(), place); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", place, err)
		}
	}
	if got := state.Redact("postgres://u:secret@h/d?password=secret"); strings.Contains(got, "secret") {
		t.Error(got)
	}
}

// TestExchange: changes of one account are one after the other, also from several stores, and everybody sees all.
func TestExchange(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		stores := []*state.Store{statetest.Open(t, place), statetest.Open(t, place)}
		a := state.Account{Tenant: "t", Contract: "p"}
		const limit, tries = 10, 20
		var accepted, wrong sync.Map
		var wg sync.WaitGroup
		full := errors.New("full")
		for i, s := range stores {
			for k := range tries {
				wg.Go(func() {
					id := fmt.Sprint(i, "-", k)
					_, err := s.Exchange(context.Background(), a, 0, false, func(h state.History) (state.Change, error) {
						if len(h.Leases) >= limit {
							return state.Change{}, full
						}
						return state.Change{Open: &state.Lease{ID: id, Node: "n", Started: 1, Running: true}}, nil
					})
					switch {
					case err == nil:
						accepted.Store(id, true)
					case !errors.Is(err, full):
						wrong.Store(id, err)
					}
				})
			}
		}
		wg.Wait()
		wrong.Range(func(id, err any) bool { t.Error(id, err); return true })
		h, err := stores[0].Look(t.Context(), a, 0, false)
		if err != nil || h.Seq != limit || len(h.Leases) != limit {
			t.Fatalf("%d leases, change %d, error %v", len(h.Leases), h.Seq, err)
		}
		for _, l := range h.Leases {
			if _, ok := accepted.Load(l.ID); !ok || !l.Running {
				t.Errorf("%+v was not accepted", l)
			}
		}
		checkClosing(t, stores, a, h)
	})
}

// checkClosing ends a lease twice: others are told the second time that its time changed.
func checkClosing(t *testing.T, stores []*state.Store, a state.Account, h state.History) {
	t.Helper()
	for i, elapsed := range []int64{5, 7} {
		end := []state.Lease{{ID: h.Leases[0].ID, Ended: 10, Elapsed: elapsed}, {ID: "nobody"}}
		seq, err := stores[0].Exchange(t.Context(), a, h.Seq, false, func(state.History) (state.Change, error) { return state.Change{Close: end}, nil })
		if err != nil {
			t.Fatal(err)
		}
		next, err := stores[1].Look(t.Context(), a, h.Seq, true)
		if err != nil || next.Seq != seq || len(next.Leases) != 1 {
			t.Fatalf("%+v, error %v", next, err)
		}
		if l := next.Leases[0]; l.Running || l.Ended != 10 || l.Elapsed != elapsed || l.Revised != (i == 1) {
			t.Errorf("%+v", l)
		}
		h.Seq = seq
	}
	if err := stores[0].Beat(t.Context(), "n", 77); err != nil {
		t.Fatal(err)
	}
	if seen, err := stores[1].Look(t.Context(), a, h.Seq, true); err != nil || seen.Seen["n"] != 77 {
		t.Errorf("%+v, error %v", seen, err)
	}
	if err := stores[0].Prune(t.Context(), time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if gone, err := stores[1].Look(t.Context(), a, 0, true); err != nil || len(gone.Leases) != 0 || len(gone.Seen) != 0 {
		t.Errorf("%+v, error %v", gone, err)
	}
}

// TestServerClock: PostgreSQL tells its time, with which all nodes count.
func TestServerClock(t *testing.T) {
	s := statetest.Open(t, statetest.Postgres(t))
	_, err := s.Exchange(t.Context(), state.Account{Tenant: "t"}, 0, false, func(h state.History) (state.Change, error) {
		if d := time.Since(time.Unix(0, h.Now)); d < -time.Second || d > time.Second {
			t.Errorf("its clock is %v off", d)
		}
		return state.Change{}, nil
	})
	if err == nil {
		err = s.Beat(t.Context(), "n", 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Look(t.Context(), state.Account{Tenant: "t"}, 0, true)
	if err != nil || h.Seq != 0 {
		t.Errorf("a transaction without changes left %+v, error %v", h, err)
	}
}

func TestFunctions(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		s := statetest.Open(t, place)
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.PutFunction(ctx, "t", "b", "one"))
		must(s.PutFunction(ctx, "t", "a", "x"))
		must(s.PutFunction(ctx, "other", "c", "x"))
		before, err := s.Functions(ctx, "t")
		must(err)
		if len(before) != 2 || before[0].Name != "a" || before[1].Name != "b" {
			t.Fatalf("%+v", before)
		}
		must(s.PutFunction(ctx, "t", "b", "two"))
		after, err := s.Functions(ctx, "t")
		must(err)
		if after[1].Version <= before[1].Version || after[0] != before[0] {
			t.Errorf("%+v, then %+v", before, after)
		}
		if text, err := s.FunctionText(ctx, "t", "b"); text != "two" || err != nil {
			t.Errorf("%q, %v", text, err)
		}
		for _, want := range []bool{true, false} {
			if found, err := s.DeleteFunction(ctx, "t", "b"); found != want || err != nil {
				t.Errorf("deleted %v, %v", found, err)
			}
		}
		if text, err := s.FunctionText(ctx, "t", "b"); text != "" || err != nil {
			t.Errorf("%q, %v", text, err)
		}
		for i, step := range []struct {
			hash string
			want bool
		}{{"1", true}, {"1", false}, {"2", true}, {"1", true}} {
			if got, err := s.ImportFunction(ctx, "t", "i", "text", step.hash); got != step.want || err != nil {
				t.Errorf("step %d: imported %v, %v", i, got, err)
			}
		}
	})
}

func TestSavedQueries(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		s := statetest.Open(t, place)
		ctx := t.Context()
		for _, who := range [][2]string{{"t", "me"}, {"t", "you"}, {"u", "me"}, {"t", ""}, {"u", ""}} {
			q := state.SavedQuery{Name: "n ü", Text: "of " + who[0] + who[1]}
			if err := s.SaveQuery(ctx, who[0], who[1], q, "by"); err != nil {
				t.Fatal(err)
			}
		}
		list, err := s.SavedQueries(ctx, "t", "me")
		if err != nil || len(list) != 2 || list[0].Shared || !list[1].Shared || list[0].Text != "" || list[0].Name != "n ü" || list[0].ChangedBy != "by" {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := s.SaveQuery(ctx, "t", "me", state.SavedQuery{Name: "n ü", Text: "new"}, "other"); err != nil {
			t.Fatal(err)
		}
		for owner, want := range map[string]string{"me": "new", "you": "of tyou", "": "of t"} {
			q, err := s.SavedQuery(ctx, "t", owner, "n ü")
			if err != nil || q.Text != want || q.Changed.Before(q.Created) {
				t.Errorf("%q: %+v, %v", owner, q, err)
			}
		}
		for _, bad := range []state.SavedQuery{{Name: "n"}, {Text: "t"}, {Name: " n", Text: "t"}, {Name: "a/b", Text: "t"}, {Name: "a\nb", Text: "t"}, {Name: "\xff", Text: "t"},
			{Name: "n", Text: "a\x00b"}, {Name: strings.Repeat("n", 257), Text: "t"}, {Name: "n", Text: strings.Repeat("t", state.MaxSavedTextBytes+1)}} {
			if err := s.SaveQuery(ctx, "t", "me", bad, ""); !errors.Is(err, state.ErrName) && !errors.Is(err, state.ErrTooLong) {
				t.Errorf("%.20q was saved: %v", bad.Name, err)
			}
		}
		for i, want := range []bool{true, false} {
			if found, err := s.DeleteQuery(ctx, "t", "me", "n ü"); found != want || err != nil {
				t.Errorf("deletion %d: %v, %v", i, found, err)
			}
		}
		if q, err := s.SavedQuery(ctx, "t", "me", "n ü"); q != nil || err != nil {
			t.Errorf("%+v, %v", q, err)
		}
		if q, err := s.SavedQuery(ctx, "t", "you", "n ü"); q == nil || err != nil {
			t.Errorf("somebody else's: %+v, %v", q, err)
		}
	})
}

// TestSavedQueriesFull: several at once find room for as many as there is.
func TestSavedQueriesFull(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		s := statetest.Open(t, place)
		for i := range state.MaxSavedQueries - 2 {
			if err := s.SaveQuery(t.Context(), "t", "me", state.SavedQuery{Name: fmt.Sprint(i), Text: "x"}, ""); err != nil {
				t.Fatal(err)
			}
		}
		var full atomic.Int32
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				err := s.SaveQuery(context.Background(), "t", "me", state.SavedQuery{Name: fmt.Sprint("more", i), Text: "x"}, "")
				if errors.Is(err, state.ErrFull) {
					full.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := full.Load(); n != 6 {
			t.Errorf("%d of 8 found it full", n)
		}
		if err := s.SaveQuery(t.Context(), "t", "me", state.SavedQuery{Name: "1", Text: "again"}, ""); err != nil {
			t.Errorf("one that is there: %v", err)
		}
	})
}

func TestPolicy(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		one, two := statetest.Open(t, place), statetest.Open(t, place)
		if text, version, err := two.Policy(t.Context(), 0); text != "" || version != 0 || err != nil {
			t.Fatalf("%q %d %v", text, version, err)
		}
		for i := range int64(3) {
			put, err := one.PutPolicy(t.Context(), fmt.Sprint("text", i))
			if err != nil {
				t.Fatal(err)
			}
			text, version, err := two.Policy(t.Context(), i)
			if text != fmt.Sprint("text", i) || version != put || err != nil {
				t.Errorf("%q %d %v", text, version, err)
			}
			if text, again, err := two.Policy(t.Context(), version); text != "" || again != version || err != nil {
				t.Errorf("unchanged: %q %d %v", text, again, err)
			}
		}
	})
}

// TestRelay: every node gets every line once and in order.
func TestRelay(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		s := statetest.Open(t, place)
		ctx := t.Context()
		for i := range int64(3) {
			if err := s.TakeTrail(ctx, "o", state.Position{File: "f", Offset: 10 * (i + 1), Batch: i + 1}, fmt.Sprint("lines ", i+1)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.TakeTrail(ctx, "o", state.Position{File: "g", Batch: 3}, ""); err != nil {
			t.Fatal(err)
		}
		if p, err := s.TrailPosition(ctx, "o"); err != nil || p != (state.Position{File: "g", Batch: 3}) {
			t.Errorf("%+v, %v", p, err)
		}
		nodes := []string{"one"}
		if s.Shared() {
			nodes = append(nodes, "two")
		}
		for _, node := range nodes {
			for i := range int64(4) {
				b, err := s.NextTrailBatch(ctx, node)
				if err != nil {
					t.Fatal(err)
				}
				if i == 3 {
					if b != nil {
						t.Errorf("a fourth batch: %+v", b)
					}
					break
				}
				if b == nil || b.Batch != i+1 || b.Lines != fmt.Sprint("lines ", i+1) {
					t.Fatalf("%s: batch %d is %+v", node, i+1, b)
				}
				if err := s.TrailLoaded(ctx, node, b); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := s.PruneTrail(ctx, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if b, err := s.NextTrailBatch(ctx, "three"); b != nil || err != nil {
			t.Errorf("%+v, %v", b, err)
		}
	})
}
