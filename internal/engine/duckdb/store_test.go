package duckdb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/types"
)

func names(s *Store, t *catalog.Table, from, to int64) string {
	var out []string
	for _, r := range s.Relations(t, from, to) {
		out = append(out, strings.Trim(r.Name, `"`))
	}
	return strings.Join(out, " ")
}

func TestDays(t *testing.T) {
	table, plain := events(), state()
	cfg := Config{Dir: t.TempDir(), Catalog: catalogOf(t, table, plain)}
	s := openTest(t, cfg)
	b := eventBatch(table, jan(3, 5), jan(1, 9), jan(3, 1), jan(2, 0), jan(1, ticksPerDay-1), -5, maxTicks+1)
	b.AddRow() // without a time
	p := catalog.NewBatch(plain)
	p.Set(p.AddRow(), 0, types.StringValue("x"))
	mustWrite(t, s, "a", b, p)
	mustWrite(t, s, "b", eventBatch(table, jan(3, 0), maxTicks))
	check := func(s *Store) {
		t.Helper()
		for _, c := range []struct {
			from, to int64
			want     string
		}{
			{math.MinInt64, math.MaxInt64, "Events_0 Events_20240101 Events_20240102 Events_20240103 Events_99991231"},
			{jan(2, 0), jan(2, 0), "Events_0 Events_20240102"},
			{jan(1, 9), jan(2, 0), "Events_0 Events_20240101 Events_20240102"},
			{jan(1, ticksPerDay), jan(1, ticksPerDay), "Events_0 Events_20240102"},
			{jan(1, 0), jan(1, 8), "Events_0"}, // the day's first row is later
			{jan(3, 0), jan(4, 0), "Events_0 Events_20240103"},
			{jan(3, 6), jan(9, 0), "Events_0"},
			{0, 0, "Events_0"},
		} {
			if got := names(s, table, c.from, c.to); got != c.want {
				t.Errorf("%d to %d: %s, want %s", c.from, c.to, got, c.want)
			}
		}
		if got := names(s, plain, 0, 0); got != "State_0" {
			t.Error(got)
		}
		if got := fmt.Sprint(counts(t, s)); got != "map[Events:10 State:1]" {
			t.Error(got)
		}
		rows := mustAll(t, s, sql(`SELECT c0, c2 FROM "Events_20240103"`, types.Datetime, types.Long))
		if fmt.Sprint(rows[0][0].I, rows[1][0].I, rows[2][0].I) != fmt.Sprint(jan(3, 1), jan(3, 5), jan(3, 0)) || rows[0][1].I != 2 {
			t.Errorf("rows are not in order of time within their batch: %v", rows)
		}
		if rows = mustAll(t, s, sql(`SELECT c0 FROM "Events_0"`, types.Datetime)); len(rows) != 3 {
			t.Errorf("day 0 has %v", rows)
		}
	}
	check(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openTest(t, cfg)
	check(s)
	legacy := &catalog.Table{Name: "OldEvents", Legacy: &catalog.Legacy{Today: table, Map: []int{1}}}
	if got := names(s, legacy, jan(2, 0), jan(2, 0)); got != "Events_0 Events_20240102" {
		t.Errorf("an old name has %s", got)
	}
	s.Close()
	cfg.ReadOnly = true
	s = openTest(t, cfg)
	check(s)
	if _, err := s.Write(context.Background(), "c", nil); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Error("a write to a read-only store: ", err)
	}
}

// TestManyDays: a broken clock cannot make more tables than maxDays.
func TestManyDays(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 2048 tables")
	}
	table := events()
	s := openTest(t, Config{Catalog: catalogOf(t, table)})
	var times []int64
	for d := range int64(maxDays + 100) {
		times = append(times, (d+1000)*ticksPerDay+7)
	}
	mustWrite(t, s, "a", eventBatch(table, times...))
	mustWrite(t, s, "b", eventBatch(table, times[maxDays-10:]...))
	if n := len(s.Relations(table, math.MinInt64, math.MaxInt64)); n != maxDays+1 {
		t.Errorf("%d day tables, want %d and day 0", n, maxDays)
	}
	if n := one(t, s, sql(`SELECT count(*) FROM "Events_0"`, types.Long)); n.I != 200 {
		t.Errorf("day 0 has %d rows", n.I)
	}
	if n := counts(t, s)["Events"]; n != int64(len(times))+110 {
		t.Errorf("%d rows", n)
	}
}

func TestIdempotent(t *testing.T) {
	table := events()
	cfg := Config{Dir: t.TempDir(), Catalog: catalogOf(t, table)}
	s := openTest(t, cfg)
	ctx := context.Background()
	b := []*catalog.Batch{eventBatch(table, jan(1, 0), jan(2, 0))}
	mustWrite(t, s, "it's 1", b...)
	if written, err := s.Write(ctx, "it's 1", b); written || err != nil {
		t.Error("the second time: ", written, err)
	}
	mustWrite(t, s, "it's 2", b...)
	mustWrite(t, s, "empty", catalog.NewBatch(table))
	mustWrite(t, s, "nothing at all")
	s.Close()
	s = openTest(t, cfg)
	for _, id := range []string{"it's 1", "it's 2", "empty", "nothing at all"} {
		if written, err := s.Write(ctx, id, b); written || err != nil {
			t.Errorf("%q after reopening: %v %v", id, written, err)
		}
	}
	if n := counts(t, s)["Events"]; n != 4 {
		t.Errorf("%d rows, want 4", n)
	}
}

// TestRefusedBatches: a wrong batch leaves nothing behind, not even its id.
func TestRefusedBatches(t *testing.T) {
	table := events()
	ints := &catalog.Table{Name: "Ints", Time: -1, Columns: []catalog.Column{{Name: "I", Type: types.Int}}}
	s := openTest(t, Config{Catalog: catalogOf(t, table, ints)})
	ctx := context.Background()
	good := eventBatch(table, jan(1, 0))
	wide := catalog.NewBatch(ints)
	wide.Set(wide.AddRow(), 0, types.Value{Type: types.Int, I: 1 << 40})
	short := eventBatch(table, jan(1, 0))
	short.N = 2
	few := eventBatch(table, jan(1, 0))
	few.Cols = few.Cols[:2]
	wrong := eventBatch(table, jan(1, 0))
	wrong.Cols[2] = types.NewVector(types.Real, 1)
	old := &catalog.Batch{Table: &catalog.Table{Name: "Old", Legacy: &catalog.Legacy{Today: table}}}
	for name, bad := range map[string]*catalog.Batch{"wide int": wide, "short": short, "few": few, "wrong type": wrong,
		"legacy": old, "nil": nil, "no table": {}} {
		if written, err := s.Write(ctx, "id", []*catalog.Batch{good, bad}); err == nil || written {
			t.Errorf("%s: written %v, %v", name, written, err)
		}
	}
	for _, id := range []string{"", strings.Repeat("x", maxID+1), "a\x00b"} {
		if _, err := s.Write(ctx, id, nil); err == nil {
			t.Errorf("id %.10q was accepted", id)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Write(done, "id", []*catalog.Batch{good}); engine.KindOf(err) != engine.Cancelled {
		t.Error("cancelled: ", err)
	}
	if c := counts(t, s); len(c) != 0 || len(s.Relations(table, 0, maxTicks)) != 0 {
		t.Errorf("something was stored: %v", c)
	}
	mustWrite(t, s, "id", good)
}

func TestGrowingCatalog(t *testing.T) {
	dir := t.TempDir()
	small, big := events(), events()
	big.Columns = append(big.Columns, catalog.Column{Name: "Extra", Type: types.String}, catalog.Column{Name: "Score", Type: types.Real})
	s := openTest(t, Config{Dir: dir, Catalog: catalogOf(t, small)})
	mustWrite(t, s, "1", eventBatch(small, jan(1, 0), jan(2, 0)))
	version, err := s.CatalogVersion()
	if err != nil || version == "" {
		t.Fatal(version, err)
	}
	s.Close()

	s = openTest(t, Config{Dir: dir, Catalog: catalogOf(t, big)})
	if now, _ := s.CatalogVersion(); now == version {
		t.Error("the catalog's version did not change")
	}
	if r := s.Relations(big, jan(1, 0), jan(2, 0)); len(r) != 2 || r[0].Columns != 3 || r[1].Columns != 3 {
		t.Errorf("before writing: %v", r)
	}
	b := eventBatch(big, jan(2, 5), jan(3, 0))
	b.Set(0, 3, types.StringValue("more than twelve bytes"))
	b.Set(0, 4, types.Value{Type: types.Real, F: 1.5})
	mustWrite(t, s, "2", b)
	if r := s.Relations(big, jan(1, 0), jan(3, 0)); len(r) != 3 || r[0].Columns != 3 || r[1].Columns != 5 || r[2].Columns != 5 {
		t.Errorf("after writing: %v", r)
	}
	got := mustAll(t, s, sql(`SELECT c3, c4 FROM "Events_20240102" ORDER BY c0`, types.String, types.Real))
	if fmt.Sprint(got) != "[[{string false 0 0 } {real true 0 0 }] [{string false 0 0 more than twelve bytes} {real false 0 1.5 }]]" {
		t.Error(got)
	}
	s.Close()
	s = openTest(t, Config{Dir: dir, Catalog: catalogOf(t, big)})
	if r := s.Relations(big, jan(1, 0), jan(3, 0)); len(r) != 3 || r[0].Columns != 3 || r[1].Columns != 5 {
		t.Errorf("after reopening: %v", r)
	}
}

func TestIncompatibleCatalog(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, Config{Dir: dir, Catalog: catalogOf(t, events())})
	mustWrite(t, s, "1", eventBatch(events(), jan(1, 0)))
	// Another table of the name, in the hands of a running store.
	moved := events()
	moved.Columns[1], moved.Columns[2] = moved.Columns[2], moved.Columns[1]
	if r := s.Relations(moved, 0, maxTicks); len(r) != 1 || !strings.Contains(r[0].Name, "unreadable") {
		t.Errorf("a moved column is read: %v", r)
	}
	b := catalog.NewBatch(moved)
	b.Set(b.AddRow(), 0, types.DatetimeValue(jan(1, 0)))
	if _, err := s.Write(context.Background(), "2", []*catalog.Batch{b}); err == nil {
		t.Error("a moved column is written")
	}
	s.Close()

	retyped, removed, renamed, timeless := events(), events(), events(), events()
	retyped.Columns[2].Type = types.Real
	removed.Columns = removed.Columns[:2]
	renamed.Columns[1].Name = "MachineId"
	timeless.Time = -1
	for name, c := range map[string]struct {
		table *catalog.Table
		want  string
	}{
		"moved": {moved, "column 1"}, "retyped": {retyped, "Count real"}, "removed": {removed, "nothing"},
		"renamed": {renamed, "MachineId"}, "timeless": {timeless, "time column"},
	} {
		_, err := Open(Config{Dir: dir, Catalog: catalogOf(t, c.table)})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "Events") {
			t.Errorf("%s: %v", name, err)
		}
	}
	openTest(t, Config{Dir: dir, Catalog: catalogOf(t, events())})
}

func TestDrop(t *testing.T) {
	table, plain := events(), state()
	now := time.Date(2024, 1, 10, 0, 0, 0, 0, time.UTC)
	cfg := Config{Dir: t.TempDir(), Catalog: catalogOf(t, table, plain), Now: func() time.Time { return now }}
	s := openTest(t, cfg)
	ctx := context.Background()
	b := eventBatch(table, jan(1, 0), jan(1, 5), jan(2, 0), jan(3, 0), 12, -5)
	b.AddRow()
	p := catalog.NewBatch(plain)
	p.Set(p.AddRow(), 0, types.StringValue("x"))
	mustWrite(t, s, "old", b, p)
	now = now.AddDate(0, 0, 20)
	mustWrite(t, s, "new", eventBatch(table, jan(4, 0)))

	drop := func(before, want int64, left string, rows int64) {
		t.Helper()
		n, err := s.Drop(ctx, before)
		if err != nil {
			t.Fatal(err, cause(err))
		}
		if got := names(s, table, math.MinInt64, math.MaxInt64); n != want || got != left || counts(t, s)["Events"] != rows {
			t.Errorf("dropped %d, left %s with %d rows; want %d, %s, %d", n, got, counts(t, s)["Events"], want, left, rows)
		}
	}
	drop(0, 0, "Events_0 Events_20240101 Events_20240102 Events_20240103 Events_20240104", 8)
	drop(jan(2, -1), 1, "Events_0 Events_20240101 Events_20240102 Events_20240103 Events_20240104", 7) // tick 12 of day 0
	drop(jan(2, 0), 2, "Events_0 Events_20240102 Events_20240103 Events_20240104", 5)
	if written, _ := s.Write(ctx, "old", nil); written {
		t.Error("the id is forgotten too early")
	}
	drop(jan(11, 0), 3, "Events_0", 2)
	if written, _ := s.Write(ctx, "new", nil); written {
		t.Error("the newer id is forgotten")
	}
	mustWrite(t, s, "old", eventBatch(table, jan(12, 0)))
	s.Close()
	s = openTest(t, cfg)
	if got := fmt.Sprint(names(s, table, 0, maxTicks), counts(t, s)); got != "Events_0 Events_20240112map[Events:3 State:1]" {
		t.Error(got)
	}
}

// TestReadersAndWriter: queries run while batches arrive and days go, and each
// sees whole batches only.
func TestReadersAndWriter(t *testing.T) {
	table := events()
	s := openTest(t, Config{Dir: t.TempDir(), Catalog: catalogOf(t, table)})
	ctx := context.Background()
	const perBatch = 5000
	times := make([]int64, perBatch)
	for i := range times {
		times[i] = jan(5, int64(i))
	}
	mustWrite(t, s, "first", eventBatch(table, times...))
	stop := make(chan struct{})
	var readers, writers sync.WaitGroup
	errs := make([]error, 4)
	for g := range errs {
		readers.Go(func() {
			for last := int64(0); ; {
				rows, err := all(s, sql(`SELECT count(*), max(c1) FROM "Events_20240105"`, types.Long, types.String))
				if err == nil && (rows[0][0].I%perBatch != 0 || rows[0][0].I < last) {
					err = fmt.Errorf("%d rows after %d", rows[0][0].I, last)
				}
				if err != nil {
					errs[g] = err
					return
				}
				last = rows[0][0].I
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for w := range 3 {
		writers.Go(func() {
			for k := range 5 {
				if _, err := s.Write(ctx, fmt.Sprint(w, "/", k), []*catalog.Batch{eventBatch(table, times...)}); err != nil {
					t.Error(err, cause(err))
				}
			}
		})
	}
	writers.Go(func() {
		for k := range 5 {
			if _, err := s.Write(ctx, fmt.Sprint("old", k), []*catalog.Batch{eventBatch(table, jan(1, int64(k)))}); err != nil {
				t.Error(err, cause(err))
			}
			if _, err := s.Drop(ctx, jan(3, 0)); err != nil {
				t.Error(err, cause(err))
			}
		}
	})
	writers.Wait()
	close(stop)
	readers.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err, cause(err))
	}
	if n := counts(t, s)["Events"]; n != 16*perBatch {
		t.Errorf("%d rows", n)
	}
}

// TestCloseWhileWriting: a write is whole or not there, whatever ends it.
func TestCloseWhileWriting(t *testing.T) {
	table := events()
	cfg := Config{Dir: t.TempDir(), Catalog: catalogOf(t, table)}
	times := make([]int64, 50000)
	for i := range times {
		times[i] = jan(1+i%25, int64(i))
	}
	b := []*catalog.Batch{eventBatch(table, times...)}
	want := int64(0)
	for k := range 6 {
		s, err := Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(k*k)*3*time.Millisecond, func() { s.Close() })
		for i := 0; err == nil; i++ {
			if _, err = s.Write(context.Background(), fmt.Sprint(k, "/", i), b); err == nil {
				want += int64(len(times))
			}
		}
		if k := engine.KindOf(err); k != engine.Cancelled && !errors.Is(err, errClosed) {
			t.Errorf("the write ended with %v (cause: %v)", err, cause(err))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n := counts(t, openTest(t, cfg))["Events"]; n != want {
		t.Errorf("%d rows, %d were written", n, want)
	}
}

func TestOneOwner(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, Config{Dir: dir})
	for _, cfg := range []Config{{Dir: dir}, {Dir: dir, ReadOnly: true}} {
		_, err := Open(cfg)
		if err == nil || !strings.Contains(err.Error(), FileName) || !strings.Contains(err.Error(), "in use by process") {
			t.Errorf("a second store in one process: %v", err)
		}
	}
	s.Close()
	a, b := openTest(t, Config{Dir: dir, ReadOnly: true}), openTest(t, Config{Dir: dir, ReadOnly: true})
	if _, err := Open(Config{Dir: dir}); err == nil {
		t.Error("a writer beside readers")
	}
	a.Close()
	b.Close()
	openTest(t, Config{Dir: dir})
}

func TestOpenErrors(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  Config
		want string
	}{
		"read-only memory":  {Config{ReadOnly: true}, "memory"},
		"read-only nothing": {Config{Dir: t.TempDir(), ReadOnly: true}, FileName},
		"bad limit":         {Config{MemoryLimit: "a lot"}, "memory_limit"},
		"a file":            {Config{Dir: "store_test.go"}, "store_test.go"},
	} {
		if s, err := Open(c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
			if s != nil {
				s.Close()
			}
		}
	}
}

// TestDropTable removes days of one table only and forgets no id.
func TestDropTable(t *testing.T) {
	table := events()
	other := events()
	other.Name = "Others"
	s := openTest(t, Config{Catalog: catalogOf(t, table, other)})
	mustWrite(t, s, "id", eventBatch(table, jan(1, 0), jan(2, 0)), eventBatch(other, jan(1, 0)))
	if n, err := s.DropTable(context.Background(), "Events", jan(2, 0)); n != 1 || err != nil {
		t.Errorf("dropped %d, error %v", n, err)
	}
	if n, err := s.DropTable(context.Background(), "Nothing", maxTicks); n != 0 || err != nil {
		t.Errorf("dropped %d of a table without rows, error %v", n, err)
	}
	if got := counts(t, s); got["Events"] != 1 || got["Others"] != 1 {
		t.Errorf("left %v", got)
	}
	if written, err := s.Write(context.Background(), "id", nil); written || err != nil {
		t.Errorf("the id is forgotten, error %v", err)
	}
}
