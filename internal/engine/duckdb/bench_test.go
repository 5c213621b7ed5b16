//go:build unix

package duckdb

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

const benchRows = 1_000_000

// benchStore has a million rows of command lines in a table named big.
func benchStore(b *testing.B) *Store {
	b.Helper()
	s := openTest(b, Config{Dir: b.TempDir()})
	c, err := s.acquire()
	if err != nil {
		b.Fatal(err)
	}
	defer s.release(c, true)
	err = c.exec(fmt.Sprintf(`CREATE TABLE big AS SELECT i AS c0, (i %% 1000)::INTEGER AS c1,
		'C:\Windows\System32\svchost.exe -k netsvcs -p -s Service' || (i * 7919 %% 100003) || ' /run ' || md5(i::VARCHAR) AS c2,
		'host-' || (i %% 50) || '.corp.example.org' AS c3
		FROM range(%d) r(i); CHECKPOINT`, benchRows))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// cpuTime is the processor time of all threads, the engine's included.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func perRow(b *testing.B, start time.Duration, rows int) {
	b.Helper()
	b.ReportMetric(float64(cpuTime(b)-start)/float64(b.N)/float64(rows), "cpu-ns/row")
}

// drain reads a query to its end without looking at the rows.
func drain(b *testing.B, s *Store, text string, cols []types.Type, natives ...fn.Native) {
	b.Helper()
	ctx := context.Background()
	rows, err := s.Query(ctx, using(sql(text, cols...), natives...))
	if err != nil {
		b.Fatal(err, cause(err))
	}
	defer rows.Close()
	for {
		batch, err := rows.Next(ctx)
		if err != nil {
			b.Fatal(err)
		}
		if batch == nil {
			return
		}
	}
}

func BenchmarkScan(b *testing.B) {
	s := benchStore(b)
	for _, c := range []struct {
		name, sql string
		cols      []types.Type
	}{
		{"long", "SELECT c0 FROM big", []types.Type{types.Long}},
		{"int", "SELECT c1 FROM big", []types.Type{types.Int}},
		{"string", "SELECT c2 FROM big", []types.Type{types.String}},
		{"dictionary", "SELECT c3 FROM big", []types.Type{types.String}},
		{"all", "FROM big", []types.Type{types.Long, types.Int, types.String, types.String}},
		{"count", "SELECT count(c2) FROM big WHERE length(c2) >= 0", []types.Type{types.Long}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			start := cpuTime(b)
			for b.Loop() {
				drain(b, s, c.sql, c.cols)
			}
			perRow(b, start, benchRows)
		})
	}
}

// BenchmarkNative compares functions in Go with the engine's own.
func BenchmarkNative(b *testing.B) {
	s := benchStore(b)
	has := nativeFn("go_contains", types.Bool, fn.Map2(func(a, b string) (bool, bool) { return strings.Contains(a, b), true }),
		types.String, types.String)
	length := nativeFn("go_length", types.Long, fn.Map1(func(a string) (int64, bool) { return int64(len(a)), true }), types.String)
	left := nativeFn("go_left", types.String, fn.Map1(func(a string) (string, bool) { return a[:40], true }), types.String)
	short := nativeFn("go_short", types.String, fn.Map1(func(a string) (string, bool) { return a[:10], true }), types.String)
	plus := nativeFn("go_plus", types.Long, fn.Map2(func(a, b int64) (int64, bool) { return a + b, true }), types.Long, types.Long)
	for _, c := range []struct{ name, sql string }{
		{"none", "SELECT count(*) FROM big WHERE c2 <> ''"},
		{"contains/engine", "SELECT count(*) FROM big WHERE contains(c2, 'abcdef')"},
		{"contains/go", "SELECT count(*) FROM big WHERE go_contains(c2, 'abcdef')"},
		{"length/engine", "SELECT sum(strlen(c2))::BIGINT FROM big"},
		{"length/go", "SELECT sum(go_length(c2))::BIGINT FROM big"},
		{"left40/engine", "SELECT count(*) FROM big WHERE left(c2, 40) <> ''"},
		{"left40/go", "SELECT count(*) FROM big WHERE go_left(c2) <> ''"},
		{"left10/engine", "SELECT count(*) FROM big WHERE left(c2, 10) <> ''"},
		{"left10/go", "SELECT count(*) FROM big WHERE go_short(c2) <> ''"},
		{"plus/engine", "SELECT sum(c0 + 1)::BIGINT FROM big"},
		{"plus/go", "SELECT sum(go_plus(c0, 1))::BIGINT FROM big"},
		{"dictionary/engine", "SELECT sum(strlen(c3))::BIGINT FROM big"},
		{"dictionary/go", "SELECT sum(go_length(c3))::BIGINT FROM big"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			start := cpuTime(b)
			for b.Loop() {
				drain(b, s, c.sql, []types.Type{types.Long}, has, length, left, short, plus)
			}
			perRow(b, start, benchRows)
		})
	}
}

// BenchmarkSmallQuery is what a query costs beside its rows.
func BenchmarkSmallQuery(b *testing.B) {
	s := benchStore(b)
	b.ReportAllocs()
	for b.Loop() {
		drain(b, s, "SELECT c0 FROM big WHERE c0 = 5", []types.Type{types.Long})
	}
}

func BenchmarkWrite(b *testing.B) {
	table := allTypes()
	s := openTest(b, Config{Dir: b.TempDir(), Catalog: catalogOf(b, table)})
	batch := catalog.NewBatch(table)
	for i := range 20000 {
		r := batch.AddRow()
		batch.Set(r, 0, types.DatetimeValue(jan(1, int64(i*977%20000))))
		for c, col := range table.Columns[1:] {
			v := types.Value{Type: col.Type, I: int64(i % 2), F: float64(i)}
			if col.Type.Storage() == types.StoreStrings {
				v.S = fmt.Sprintf("some value of a column, number %d", i*7919%20000)
			}
			batch.Set(r, c+1, v)
		}
	}
	n := 0
	b.ReportAllocs()
	start := cpuTime(b)
	for b.Loop() {
		n++
		if _, err := s.Write(context.Background(), fmt.Sprint(n), []*catalog.Batch{batch}); err != nil {
			b.Fatal(err)
		}
	}
	perRow(b, start, 20000)
}
