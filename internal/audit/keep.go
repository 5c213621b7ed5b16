package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/harrier-hunting/harrier/internal/types"
)

// maxTicks is a time after all records.
const maxTicks = types.MaxDatetime

// tidy removes what is older than Keep: whole files of the trail that have been taken over, and whole days of the table.
func (r *Relay) tidy(ctx context.Context) error {
	now := r.o.Clock()
	err := r.o.State.PruneTrail(ctx, now.Add(-relayKeep))
	if r.o.Keep <= 0 {
		return err
	}
	before := now.Add(-r.o.Keep)
	files, listErr := trailFiles(r.o.Dir)
	err = errors.Join(err, listErr)
	for _, name := range files {
		if day, _ := dayOfFile(name); name >= r.at.File || day.Add(24*time.Hour).After(before) {
			continue
		}
		if e := os.Remove(filepath.Join(r.o.Dir, name)); e != nil {
			err = errors.Join(err, fmt.Errorf("audit: %w", e))
		} else {
			r.o.Log.Info("an old file of the audit trail has been removed", "file", name)
		}
	}
	for tenant, sink := range r.o.Sinks {
		if _, e := sink.DropTable(ctx, Table, types.TicksOf(before)); e != nil {
			err = errors.Join(err, fmt.Errorf("audit: tenant %s: %w", tenant, e))
		}
	}
	return err
}
