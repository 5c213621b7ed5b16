package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/conformance"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/ingest"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

// maxRows is the row cap of the tests here.
const maxRows = 10_000

// recorded loads every recorded attack, shifted to end now, into a store.
func recorded(t *testing.T) *duckdb.Store {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED in -short: loads all recorded telemetry, about a minute")
	}
	dir := testkit.Shared(t, "telemetry")
	var files []string
	for _, pattern := range []string{"*.zip", "*.tar.gz"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 39 {
		t.Fatalf("%d recordings, want 39", len(files))
	}
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	store, err := duckdb.Open(duckdb.Config{Dir: t.TempDir(), Catalog: cat, MemoryLimit: "2GB", MaxTemp: "4GB", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	report, err := ingest.Files(t.Context(), ingest.Options{Catalog: cat, Rebase: time.Now().UTC()}, store, files...)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(report.String())
	return store
}

// TestCorpusOnTelemetry runs every public hunting query that compiles on the
// recorded attacks: no internal error may come of any.
func TestCorpusOnTelemetry(t *testing.T) {
	store := recorded(t)
	svc, err := service(store, "local", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	run := local(svc, "local", quota.Profile{Name: "test", Window: 30 * 24 * time.Hour, Rows: maxRows})
	example(t, run)
	ran, rows, refused, counted := 0, 0, 0, 0
	for _, q := range testkit.Corpus(t) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		n, err := drain(ctx, run, q.Query)
		cancel()
		var qe *hunt.QueryError
		switch {
		case err == nil:
			ran++
			rows += n
			counted += countAgrees(t, run, q, n)
		case errors.As(err, &qe):
			refused++
		case engine.KindOf(err) == engine.Invalid:
			t.Logf("%s: %v", q.Path, err)
			ran++
		default:
			t.Errorf("%s: %v (%v)\n%s", q.Path, err, errors.Unwrap(err), q.Query)
		}
	}
	t.Logf("%d queries ran, %d rows, %d of them counted twice; %d refused by the compiler", ran, rows, counted, refused)
	if ran < 980 {
		t.Errorf("only %d queries ran", ran)
	}
}

func drain(ctx context.Context, run conformance.Runner, query string) (int, error) {
	res, err := run(ctx, query)
	if err != nil {
		return 0, err
	}
	defer res.Close()
	for {
		b, err := res.Next()
		if b == nil || err != nil {
			return res.Rows.Count(), err
		}
	}
}

// countAgrees runs the query again with "| count" behind it. Nothing above the
// count reads a column, so the plan is pruned to the bone; the number of rows
// must not change. It returns 1 if there was something to compare.
func countAgrees(t *testing.T, run conformance.Runner, q testkit.CorpusQuery, rows int) int {
	t.Helper()
	if rows >= maxRows || rows == 0 || strings.Contains(q.Query, "rand(") {
		return 0
	}
	res, err := run(t.Context(), strings.TrimRight(q.Query, " \t\r\n;")+"\n| count")
	if err != nil {
		var qe *hunt.QueryError
		if !errors.As(err, &qe) { // a render or a comment at the end refuses the count
			t.Errorf("%s: with count: %v (%v)\n%s", q.Path, err, errors.Unwrap(err), q.Query)
		}
		return 0
	}
	defer res.Close()
	b, err := res.Next()
	if err != nil || b == nil || len(res.Columns) != 1 {
		return 0
	}
	if got := b.Cols[0].Ints[0]; got != int64(rows) {
		t.Errorf("%s: %d rows, but count says %d\n%s", q.Path, rows, got, q.Query)
	}
	return 1
}

// example runs the contract's example query in the names of 2018 and of today.
// The recordings hold no PowerShell that starts a program out of AppData, so its
// true answer here is empty; the same hunt for what they do hold is not.
func example(t *testing.T, run conformance.Runner) {
	t.Helper()
	old := `ProcessCreationEvents | where InitiatingProcessFileName =~ "powershell.exe" | where ProcessCommandLine contains "%s" | project EventTime, FileName, InitiatingProcessFileName | limit 2`
	now := `DeviceProcessEvents | where InitiatingProcessFileName =~ "powershell.exe" | where ProcessCommandLine contains "%s" | project Timestamp, FileName, InitiatingProcessFileName | limit 2`
	for _, c := range []struct {
		query, needle, first string
		rows                 int
		file                 string
	}{
		{old, "appdata", "EventTime", 0, ""},
		{now, "appdata", "Timestamp", 0, ""},
		{old, "localgroup administrators", "EventTime", 2, "net.exe"},
		{now, "localgroup administrators", "Timestamp", 2, "net.exe"},
	} {
		query := fmt.Sprintf(c.query, c.needle)
		res, err := run(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		n := 0
		for {
			b, err := res.Next()
			if err != nil {
				t.Fatal(err)
			}
			if b == nil {
				break
			}
			for i := range b.N {
				if f := b.Cols[1].Strings[i]; f != c.file {
					t.Errorf("%s: FileName %s, want %s", query, f, c.file)
				}
			}
			n += b.N
		}
		if n != c.rows || res.Columns[0].Name != c.first {
			t.Errorf("%s: %d rows, want %d; first column %s, want %s", query, n, c.rows, res.Columns[0].Name, c.first)
		}
		res.Close()
	}
}
