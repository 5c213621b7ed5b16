package audit

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/harrier-hunting/harrier/internal/state"
)

// TestBacklog counts what is behind the position of the trail.
func TestBacklog(t *testing.T) {
	ctx := context.Background()
	st, err := state.Open(ctx, filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{"audit-2026-11-01.jsonl": "{}\n{}\n", "audit-2026-11-02.jsonl": "{}\n", "other": "xxxx"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	origin, err := nameOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	check := func(want int64) {
		t.Helper()
		if got, err := Backlog(ctx, st, dir); err != nil || got != want {
			t.Errorf("%d, want %d, error %v", got, want, err)
		}
	}
	check(9)
	for i, at := range []state.Position{{File: "audit-2026-11-01.jsonl", Offset: 3}, {File: "audit-2026-11-02.jsonl", Offset: 3}} {
		at.Batch = int64(i + 1)
		if err := st.TakeTrail(ctx, origin, at, "{}"); err != nil {
			t.Fatal(err)
		}
		check([]int64{6, 0}[i])
	}
}
