package duckdb

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

// TestCeiling: a function that makes much asks what the process holds, and
// ends its query when that is more than it may; one that makes little, not.
func TestCeiling(t *testing.T) {
	repeat := nativeFn("repeat_x", types.String, fn.Map1(func(n int64) (string, bool) { return strings.Repeat("x", int(n)), true }), types.Long)
	for _, c := range []struct {
		ceiling, size int64
		fails         bool
	}{
		{1, 1000, false}, {1, 2 << 20, true}, {ceiling(), 2 << 20, false},
	} {
		s := memory(t)
		s.natives.ceiling = c.ceiling
		rows, err := all(s, using(sql(fmt.Sprintf("SELECT strlen(repeat_x(i)) FROM range(%d, %d) r(i)", c.size, c.size+1), types.Long), repeat))
		switch {
		case c.fails && engine.KindOf(err) != engine.Memory:
			t.Errorf("%d bytes above a ceiling of %d: %v, %v", c.size, c.ceiling, rows, err)
		case !c.fails && (err != nil || rows[0][0] != types.LongValue(c.size)):
			t.Errorf("%d bytes below a ceiling of %d: %v, %v", c.size, c.ceiling, rows, err)
		}
	}
	if n := held(); n != 0 && (n < 1<<20 || n > math.MaxInt64/2) {
		t.Errorf("the process is said to hold %d bytes", n)
	}
}

// TestOutputSize: what a function makes for one chunk is bounded, also when
// the function itself does not ask.
func TestOutputSize(t *testing.T) {
	s := memory(t)
	big := strings.Repeat("x", 1<<20)
	share := nativeFn("share_x", types.String, fn.Map1(func(int64) (string, bool) { return big, true }), types.Long)
	_, err := all(s, using(sql("SELECT max(strlen(share_x(i))) FROM range(2048) r(i)", types.Long), share))
	if engine.KindOf(err) != engine.Invalid || !strings.Contains(err.Error(), "256 MiB") {
		t.Errorf("2 GiB in one chunk: %v", err)
	}
}
