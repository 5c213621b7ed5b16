package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Function is a stored function of a tenant. Every change gives it another version.
type Function struct {
	Name    string
	Text    string
	Version int64
}

// Functions lists a tenant's functions by name, with their versions but without their texts.
func (s *Store) Functions(ctx context.Context, tenant string) (out []Function, err error) {
	err = s.each(ctx, s.read, func(r *sql.Rows) error {
		var f Function
		err := r.Scan(&f.Name, &f.Version)
		out = append(out, f)
		return err
	}, "SELECT name, version FROM functions WHERE tenant = $1 ORDER BY name", tenant)
	return out, err
}

// FunctionText returns the text of a function; "" when it is gone.
func (s *Store) FunctionText(ctx context.Context, tenant, name string) (text string, err error) {
	err = s.read.QueryRowContext(ctx, s.sql("SELECT body FROM functions WHERE tenant = $1 AND name = $2"), tenant, name).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("state: function %s: %w", name, err)
	}
	return text, nil
}

// PutFunction stores a function, in place of one of the same name.
func (s *Store) PutFunction(ctx context.Context, tenant, name, text string) error {
	return s.update(ctx, func(t tx) error { return t.putFunction(ctx, tenant, name, text) })
}

func (t tx) putFunction(ctx context.Context, tenant, name, text string) error {
	now := time.Now().UnixNano()
	// Also a function that is deleted and made again within one tick of a clock gets another version.
	_, err := t.exec(ctx, "INSERT INTO functions (tenant, name, body, version, changed) VALUES ($1, $2, $3, $4, $4) "+
		"ON CONFLICT (tenant, name) DO UPDATE SET body = excluded.body, changed = excluded.changed, "+
		"version = CASE WHEN excluded.version > functions.version THEN excluded.version ELSE functions.version + 1 END", tenant, name, text, now)
	return err
}

// DeleteFunction removes a function; false tells that there was none.
func (s *Store) DeleteFunction(ctx context.Context, tenant, name string) (found bool, err error) {
	err = s.update(ctx, func(t tx) error {
		n, err := t.exec(ctx, "DELETE FROM functions WHERE tenant = $1 AND name = $2", tenant, name)
		found = n > 0
		return err
	})
	return found, err
}

// ImportFunction stores a function that comes from a file, unless this text of it has been imported before: what was
// changed or deleted since stays so until the file changes.
func (s *Store) ImportFunction(ctx context.Context, tenant, name, text, hash string) (imported bool, err error) {
	err = s.update(ctx, func(t tx) error {
		n, err := t.exec(ctx, "INSERT INTO function_imports (tenant, name, hash) VALUES ($1, $2, $3) "+
			"ON CONFLICT (tenant, name) DO UPDATE SET hash = excluded.hash WHERE function_imports.hash <> excluded.hash", tenant, name, hash)
		if err != nil || n == 0 {
			return err
		}
		imported = true
		return t.putFunction(ctx, tenant, name, text)
	})
	return imported, err
}
