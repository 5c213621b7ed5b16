package duckdb

import (
	"math"
	"os"
	"strconv"
	"strings"
)

// The engine's own limit counts the pages of its buffers, but neither the
// texts of the chunks that are on their way through a plan nor what Go holds.
// So a native function that made much asks what the whole process holds, and
// ends its query rather than let the system end the process.

// watched is how many bytes a call makes before it asks; asking takes some
// microseconds.
const watched = 1 << 20

// memoryMark is userMark for "out of memory".
const memoryMark = "harrier-memory"

// ceiling is what the process may hold: three quarters of the machine, or of
// the control group; no limit where the system does not tell.
func ceiling() int64 {
	most := int64(math.MaxInt64)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if _, rest, ok := strings.Cut(string(text), "MemTotal:"); ok {
			if kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64); err == nil {
				most = kib << 10
			}
		}
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n > 0 {
			most = min(most, n)
		}
	}
	return most / 4 * 3
}

// held is what the process holds; 0 where the system does not tell.
func held() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
