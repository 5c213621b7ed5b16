package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/state"
)

// stateFlags say where quotas, stored functions and other state are.
type stateFlags struct {
	State string `help:"State store: path of a SQLite file, or postgres://user@host/database for several servers (give a password as HARRIER_STATE or PGPASSWORD); default: state.db in the data directory."`
}

// auditFlags say how long the audit trail is kept.
type auditFlags struct {
	AuditKeep keepTime `help:"How long audit records are kept, such as 180d or 12h; 0d keeps them for ever." default:"180d"`
}

// keepTime is a time in days or in Go's units.
type keepTime time.Duration

// UnmarshalText reads 180d or 12h.
func (k *keepTime) UnmarshalText(text []byte) error {
	if days, ok := strings.CutSuffix(string(text), "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			*k = keepTime(time.Duration(n) * 24 * time.Hour)
			return nil
		}
	}
	d, err := time.ParseDuration(string(text))
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no time to keep records for: give days, such as 180d, or hours, such as 12h", text)
	}
	*k = keepTime(d)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (k keepTime) MarshalText() ([]byte, error) {
	if d := time.Duration(k); d%(24*time.Hour) == 0 {
		return []byte(strconv.FormatInt(int64(d/(24*time.Hour)), 10) + "d"), nil
	}
	return []byte(time.Duration(k).String()), nil
}

// openState opens the state store.
func (f engineFlags) openState(ctx context.Context) (*state.Store, error) {
	return state.Open(ctx, orIn(f.State, f.Data, "state.db"))
}

// findState opens the state store for a tool beside the server: nil when no server has made one yet.
func (f engineFlags) findState(ctx context.Context) (*state.Store, error) {
	if f.State == "" {
		if _, err := os.Stat(orIn("", f.Data, "state.db")); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	}
	return f.openState(ctx)
}

// lasting is what of a server outlives it.
type lasting struct {
	store   *state.Store
	limiter *quota.Limiter
}

func (c *serveCmd) openLasting(ctx context.Context, log *slog.Logger) (*lasting, error) {
	store, err := c.openState(ctx)
	if err != nil {
		return nil, err
	}
	return &lasting{store, quota.Open(store, nil, log)}, nil
}

func (l *lasting) Close() error { return errors.Join(l.limiter.Close(), l.store.Close()) }

// health adds the state store and the audit trail to what has to answer: without them requests are refused.
func (l *lasting) health(trail *audit.Writer, others func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error { return errors.Join(l.store.Ping(ctx), trail.Health(), others(ctx)) }
}

// relay makes the audit trail a table of each tenant.
func (c *serveCmd) relay(ctx context.Context, l *lasting, stores tenantStores, log *slog.Logger) (*audit.Relay, error) {
	cat, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	sinks := map[string]audit.Sink{}
	for tenant, store := range stores {
		sinks[tenant] = store
	}
	return audit.StartRelay(ctx, audit.RelayOptions{Dir: orIn(c.AuditDir, c.Data, "audit"), State: l.store, Catalog: cat, Sinks: sinks,
		Keep: time.Duration(c.AuditKeep), Log: log})
}
