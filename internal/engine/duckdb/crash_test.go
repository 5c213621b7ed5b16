package duckdb

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

const crashRows = 3000

// crashBatch is batch number k: every number gives another day.
func crashBatch(t *catalog.Table, k int) []*catalog.Batch {
	times := make([]int64, crashRows)
	for i := range times {
		times[i] = jan(1+k%20, int64(i))
	}
	return []*catalog.Batch{eventBatch(t, times...)}
}

// TestCrashWriter is the process that TestKill kills.
func TestCrashWriter(t *testing.T) {
	dir, from := os.Getenv("HARRIER_CRASH_DIR"), os.Getenv("HARRIER_CRASH_FROM")
	if dir == "" {
		t.Skip("run by TestKill in a process of its own")
	}
	first, err := strconv.Atoi(from)
	if err != nil {
		t.Fatal(err)
	}
	table := events()
	s := openTest(t, Config{Dir: dir, Catalog: catalogOf(t, table)})
	for k := first; ; k++ {
		if _, err := s.Write(context.Background(), strconv.Itoa(k), crashBatch(table, k)); err != nil {
			t.Fatal(err, cause(err))
		}
		fmt.Printf("stored %d\n", k)
	}
}

// TestKill kills a writing process again and again. What it acknowledged is
// there, a batch is there whole or not at all, and sending again whatever was
// not acknowledged doubles nothing.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir, table := t.TempDir(), events()
	cfg := Config{Dir: dir, Catalog: catalogOf(t, table)}
	stored := 0 // batches acknowledged so far, all rounds
	for round := range 4 {
		last := runAndKill(t, cfg, stored, time.Duration(20+130*round)*time.Millisecond)
		s := openTest(t, cfg)
		n := counts(t, s)["Events"]
		if n%crashRows != 0 || n < int64(last+1)*crashRows || n > int64(last+2)*crashRows {
			t.Fatalf("round %d: %d rows after batch %d was acknowledged", round, n, last)
		}
		real := int64(0)
		for _, r := range s.Relations(table, math.MinInt64, math.MaxInt64) {
			real += one(t, s, sql("SELECT count(*) FROM "+r.Name, types.Long)).I
		}
		if real != n {
			t.Fatalf("round %d: the manifest says %d rows, the tables have %d", round, n, real)
		}
		for k := range last + 2 {
			if _, err := s.Write(context.Background(), strconv.Itoa(k), crashBatch(table, k)); err != nil {
				t.Fatal(err)
			}
		}
		if n := counts(t, s)["Events"]; n != int64(last+2)*crashRows {
			t.Fatalf("round %d: %d rows after sending %d batches again", round, n, last+2)
		}
		stored = last + 2
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// runAndKill lets a process write for a while and returns the number of the
// last batch that it acknowledged. Meanwhile nobody else may open the store.
func runAndKill(t *testing.T, cfg Config, from int, after time.Duration) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrashWriter$")
	cmd.Env = append(os.Environ(), "HARRIER_CRASH_DIR="+cfg.Dir, "HARRIER_CRASH_FROM="+strconv.Itoa(from))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := -1
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		k, ok := strings.CutPrefix(lines.Text(), "stored ")
		if !ok {
			t.Errorf("the writer says %q", lines.Text())
			continue
		}
		if last < 0 {
			_, err := Open(cfg)
			if want := fmt.Sprintf("in use by process %d", cmd.Process.Pid); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("a second process: %v, want %q", err, want)
			}
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		last, _ = strconv.Atoi(k)
	}
	_ = cmd.Wait() // it was killed, so it always fails
	if last < from {
		t.Fatalf("the writer stored nothing")
	}
	t.Logf("killed after batch %d", last)
	return last
}

// TestNativeIsFreed: a closed store keeps no function alive.
func TestNativeIsFreed(t *testing.T) {
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	big := new([1 << 16]byte)
	seen := weak.Make(big)
	f := nativeFn("holds_memory", types.Long, func(c *fn.Call) { c.Out.Ints[0] = int64(big[0]) })
	mustAll(t, s, using(sql("SELECT holds_memory()", types.Long), f))
	f, big = fn.Native{}, nil
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		runtime.GC()
	}
	if seen.Value() != nil {
		t.Error("the function is still referenced after Close")
	}
}
