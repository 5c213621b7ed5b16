package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/types"
)

// endless is a query that nobody can wait for.
const endless = "SELECT count(*) FROM range(10000000) a(x), range(10000000) b(y) WHERE (x * y) % 7 = 3"

func TestColumnTypes(t *testing.T) {
	s := memory(t)
	cases := []struct {
		name, sql string
		cols      []types.Type
	}{
		{"hugeint", "SELECT sum(1::BIGINT)", []types.Type{types.Long}},
		{"decimal", "SELECT 1.5", []types.Type{types.Real}},
		{"untyped null", "SELECT NULL", []types.Type{types.String}},
		{"int for long", "SELECT 1::INTEGER", []types.Type{types.Long}},
		{"long for int", "SELECT 1::BIGINT", []types.Type{types.Int}},
		{"float", "SELECT 1::FLOAT", []types.Type{types.Real}},
		{"timestamp", "SELECT TIMESTAMP '2024-01-01'", []types.Type{types.Datetime}},
		{"enum", "SELECT 'a'::ENUM('a')", []types.Type{types.String}},
		{"uuid", "SELECT uuid()", []types.Type{types.Guid}},
		{"list", "SELECT [1::BIGINT]", []types.Type{types.Long.List()}},
		{"struct", "SELECT {'a': 1}", []types.Type{types.Dynamic}},
		{"too few", "SELECT 1::BIGINT", []types.Type{types.Long, types.Long}},
		{"too many", "SELECT 1::BIGINT, 2::BIGINT", []types.Type{types.Long}},
		{"not a query", "CREATE TABLE x (a INTEGER)", []types.Type{types.Long}},
		{"two statements", "SELECT 1::BIGINT; SELECT 2::BIGINT", []types.Type{types.Long}},
		{"none", "", nil},
		{"parameter", "SELECT ?::BIGINT", []types.Type{types.Long}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := all(s, sql(c.sql, c.cols...))
			wantKind(t, err, engine.Internal)
		})
	}
	mustAll(t, s, sql("SELECT 1::BIGINT", types.Long))
}

// TestStreaming: the batch keeps its vectors, and what it gave before
// Next is gone after it.
func TestStreaming(t *testing.T) {
	s := memory(t)
	ctx := context.Background()
	rows, err := s.Query(ctx, sql("SELECT i, 'row number ' || i, i::INTEGER, i % 2 = 0, i / 2 FROM range(100000) r(i)",
		types.Long, types.String, types.Int, types.Bool, types.Real))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var first *engine.Batch
	n := int64(0)
	for {
		b, err := rows.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			break
		}
		if first == nil {
			first = b
		} else if b != first || b.Cols[0] != first.Cols[0] {
			t.Fatal("a new batch per call")
		}
		for i := range b.N {
			if b.Cols[0].Ints[i] != n || b.Cols[1].Strings[i] != fmt.Sprint("row number ", n) || b.Cols[2].Ints[i] != n ||
				b.Cols[3].Bools[i] != (n%2 == 0) || b.Cols[4].Floats[i] != float64(n)/2 {
				t.Fatalf("row %d is wrong", n)
			}
			n++
		}
	}
	if n != 100000 {
		t.Errorf("%d rows", n)
	}
	if b, err := rows.Next(ctx); b != nil || err != nil {
		t.Error("after the end: ", b, err)
	}
	rows.Close()
	rows.Close()
	if _, err := rows.Next(ctx); engine.KindOf(err) != engine.Internal {
		t.Error("after Close: ", err)
	}
}

// TestConnectionsComeBack: finished queries share connections; one that was
// left early gives up its own.
func TestConnectionsComeBack(t *testing.T) {
	s := memory(t)
	for range 20 {
		mustAll(t, s, sql("SELECT i FROM range(5000) r(i)", types.Long))
	}
	if s.open != 1 || len(s.idle) != 1 {
		t.Errorf("%d connections open, %d idle after queries in sequence", s.open, len(s.idle))
	}
	rows, err := s.Query(context.Background(), sql("SELECT i FROM range(100000000) r(i)", types.Long))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rows.Next(context.Background()); err != nil {
		t.Fatal(err)
	}
	rows.Close()
	if s.open != 0 || len(s.busy) != 0 {
		t.Errorf("%d connections open, %d busy after leaving early", s.open, len(s.busy))
	}
	mustAll(t, s, sql("SELECT 1::BIGINT", types.Long))
}

func TestCancel(t *testing.T) {
	s := memory(t)
	before := runtime.NumGoroutine()
	for _, c := range []struct {
		name string
		ctx  func() (context.Context, context.CancelFunc)
		kind engine.Kind
	}{
		{"deadline", func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), 150*time.Millisecond)
		}, engine.Timeout},
		{"cancel", func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(150*time.Millisecond, cancel)
			return ctx, cancel
		}, engine.Cancelled},
	} {
		for _, text := range []string{endless, "SELECT x FROM (SELECT x FROM range(200000000) a(x) ORDER BY hash(x)) LIMIT 1"} {
			t.Run(c.name, func(t *testing.T) {
				ctx, cancel := c.ctx()
				defer cancel()
				start := time.Now()
				rows, err := s.Query(ctx, sql(text, types.Long))
				if err == nil {
					_, err = rows.Next(ctx)
					rows.Close()
				}
				wantKind(t, err, c.kind)
				if took := time.Since(start); took > 3*time.Second {
					t.Errorf("took %s", took)
				} else {
					t.Log(took)
				}
			})
		}
	}
	// A context that is over already, and one that only Next has.
	done, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Query(done, sql("SELECT 1::BIGINT", types.Long))
	wantKind(t, err, engine.Cancelled)
	rows, err := s.Query(context.Background(), sql("SELECT x FROM range(100000000000) a(x) WHERE x < 2000000 OR x = -1", types.Long))
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	for b := (&engine.Batch{}); b != nil && err == nil; {
		b, err = rows.Next(short)
	}
	wantKind(t, err, engine.Timeout)
	_, again := rows.Next(context.Background())
	wantKind(t, again, engine.Timeout)
	rows.Close()

	for range 50 {
		if runtime.NumGoroutine() <= before {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines before, %d after", before, n)
	}
	if got := one(t, s, sql("SELECT 5::BIGINT", types.Long)); got.I != 5 {
		t.Error("the store does not work afterwards")
	}
}

// TestCancelHitsOnlyItsQuery cancels many queries while others run on the
// connections they gave back.
func TestCancelHitsOnlyItsQuery(t *testing.T) {
	s := memory(t)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for g := range errs {
		wg.Go(func() {
			for k := range 40 {
				if g%2 == 0 {
					ctx, cancel := context.WithTimeout(context.Background(), time.Duration(k)*100*time.Microsecond)
					if rows, err := s.Query(ctx, sql("SELECT i FROM range(20000) r(i)", types.Long)); err == nil {
						for b, err := rows.Next(ctx); b != nil && err == nil; b, err = rows.Next(ctx) {
						}
						rows.Close()
					}
					cancel()
				} else if _, err := all(s, sql("SELECT sum(i)::BIGINT FROM range(200000) r(i)", types.Long)); err != nil {
					errs[g] = errors.Join(errs[g], err)
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func TestMemoryLimit(t *testing.T) {
	for name, cfg := range map[string]Config{
		"in memory":      {MemoryLimit: "60MB", Threads: 2},
		"spills too far": {Dir: t.TempDir(), MemoryLimit: "60MB", MaxTemp: "20MB", Threads: 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := openTest(t, cfg)
			_, err := all(s, sql("SELECT count(*) FROM (SELECT x, list(y) AS l FROM (SELECT x, uuid()::VARCHAR AS y FROM range(5000000) r(x)) GROUP BY x ORDER BY l)", types.Long))
			wantKind(t, err, engine.Memory)
			mustAll(t, s, sql("SELECT 1::BIGINT", types.Long))
		})
	}
	t.Run("spills enough", func(t *testing.T) {
		s := openTest(t, Config{Dir: t.TempDir(), MemoryLimit: "60MB", Threads: 2})
		got := one(t, s, sql("SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY y) AS n, y FROM (SELECT uuid()::VARCHAR AS y FROM range(2000000) r(x))) WHERE n > 0 AND y <> ''", types.Long))
		if got.I != 2000000 {
			t.Error(got)
		}
	})
	if _, err := os.Stat(".tmp"); err == nil {
		t.Error("a store in memory made a directory for temporary files in the working directory")
	}
}

// TestLockDown: nothing but the store's own rows can be reached, by any SQL.
func TestLockDown(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.csv")
	if err := os.WriteFile(secret, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]Config{"file": {Dir: filepath.Join(dir, "store")}, "memory": {}} {
		s := openTest(t, cfg)
		c, err := s.acquire()
		if err != nil {
			t.Fatal(err)
		}
		defer s.release(c, true)
		for _, text := range []string{
			"SELECT * FROM read_csv('" + secret + "')",
			"SELECT * FROM '" + secret + "'",
			"SELECT * FROM read_text('" + secret + "')",
			"SELECT * FROM read_blob('/etc/passwd')",
			"SELECT * FROM read_json('" + secret + "')",
			"SELECT * FROM read_parquet('" + secret + "')",
			"SELECT * FROM glob('/*')",
			"SELECT * FROM read_csv('https://example.org/x.csv')",
			"COPY (SELECT 1) TO '" + filepath.Join(dir, "out.csv") + "'",
			"COPY (SELECT 1) TO '" + filepath.Join(dir, "out.parquet") + "' (FORMAT parquet)",
			"EXPORT DATABASE '" + filepath.Join(dir, "export") + "'",
			"IMPORT DATABASE '" + dir + "'",
			"ATTACH '" + filepath.Join(dir, "other.duckdb") + "'",
			"INSTALL httpfs", "LOAD httpfs", "LOAD '/tmp/x.duckdb_extension'", "FORCE INSTALL fts FROM community",
			"SET memory_limit = '1TB'", "SET GLOBAL threads = 64", "SET enable_external_access = true",
			"SET lock_configuration = false", "RESET lock_configuration", "PRAGMA memory_limit = '1TB'",
			"SET temp_directory = '/tmp'", "SET allowed_directories = ['/']", "SET allowed_paths = ['/etc/passwd']",
			"SET preserve_insertion_order = false", "SET log_query_path = '/tmp/log'", "PRAGMA enable_logging",
			"CREATE PERSISTENT SECRET (TYPE http)",
		} {
			if err := c.exec(text); err == nil {
				t.Errorf("%s: %s was allowed", name, text)
			}
		}
		// What the engine itself would do without harm, a caller still may not.
		for _, text := range []string{"ATTACH ':memory:' AS other", "CREATE TABLE x (a INTEGER)", "DROP SCHEMA manifest CASCADE",
			"DELETE FROM manifest.days", "CHECKPOINT", "PRAGMA database_list", "EXPLAIN SELECT 1"} {
			if _, err := all(s, sql(text, types.Long)); engine.KindOf(err) != engine.Internal || err == nil {
				t.Errorf("%s: Query ran %s: %v", name, text, err)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 2 {
		t.Errorf("files appeared: %v", left)
	}
}

func TestConcurrentQueries(t *testing.T) {
	s := memory(t)
	var wg sync.WaitGroup
	errs := make([]error, 16)
	for g := range errs {
		wg.Go(func() {
			for k := range 10 {
				n := int64(g*1000 + k*7 + 1)
				rows, err := all(s, sql(fmt.Sprintf("SELECT i, 'value ' || i FROM range(%d) r(i)", n), types.Long, types.String))
				if err == nil && (int64(len(rows)) != n || rows[n-1][1].S != fmt.Sprint("value ", n-1)) {
					err = fmt.Errorf("%d rows, want %d", len(rows), n)
				}
				errs[g] = errors.Join(errs[g], err)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if len(s.idle) > maxIdle || s.open != len(s.idle) {
		t.Errorf("%d idle connections of %d", len(s.idle), s.open)
	}
}

func TestCloseWhileRunning(t *testing.T) {
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	result := make(chan error)
	go func() {
		close(started)
		_, err := all(s, sql(endless, types.Long))
		result <- err
	}()
	<-started
	time.Sleep(100 * time.Millisecond)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wantKind(t, <-result, engine.Cancelled)
	if err := s.Close(); err != nil {
		t.Error("a second Close: ", err)
	}
	if _, err := s.Query(context.Background(), lower.Query{SQL: "SELECT 1"}); err == nil || !strings.Contains(fmt.Sprint(cause(err)), "closed") {
		t.Error("a query after Close: ", err)
	}
}
