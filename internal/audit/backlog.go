package audit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/harrier-hunting/harrier/internal/state"
)

// Backlog is the size of what the trail in a directory has and the audit table does not have yet, in bytes of lines.
func Backlog(ctx context.Context, st *state.Store, dir string) (int64, error) {
	origin, err := nameOf(dir)
	if err != nil {
		return 0, err
	}
	at, err := st.TrailPosition(ctx, origin)
	if err != nil {
		return 0, fmt.Errorf("audit: %w", err)
	}
	files, err := trailFiles(dir)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, name := range files {
		if name < at.File {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			return 0, fmt.Errorf("audit: %w", err)
		}
		sum += info.Size()
		if name == at.File {
			sum -= min(at.Offset, info.Size())
		}
	}
	return sum, nil
}
