package state

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// The files are called NNNN_what.sql. One that has been released is never changed; a change is a new file.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock under which nodes that start together take turns.
const migrationLock = 0x48415252

type migration struct {
	version int
	text    string
}

// known lists the migrations in order.
func known() ([]migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var out []migration
	for i, name := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		n, err := strconv.Atoi(number)
		if err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, migration{n, string(text)})
	}
	return out, nil
}

// migrate applies what is missing, in one transaction.
func (s *Store) migrate(ctx context.Context) error {
	all, err := known()
	if err != nil {
		return err
	}
	return s.update(ctx, func(t tx) error {
		if s.shared {
			if _, err := t.exec(ctx, "SELECT pg_advisory_xact_lock($1)", migrationLock); err != nil {
				return err
			}
		}
		if _, err := t.exec(ctx, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"); err != nil {
			return err
		}
		var have int
		if err := t.row(ctx, "SELECT coalesce(max(version), 0) FROM schema_version").Scan(&have); err != nil {
			return err
		}
		if have > len(all) {
			return fmt.Errorf("its schema has version %d, this program knows up to %d; use a newer version", have, len(all))
		}
		for _, m := range all[have:] {
			if _, err := t.exec(ctx, m.text); err != nil {
				return fmt.Errorf("migration %d: %w", m.version, err)
			}
			if _, err := t.exec(ctx, "INSERT INTO schema_version (version) VALUES ($1)", m.version); err != nil {
				return err
			}
		}
		return nil
	})
}
