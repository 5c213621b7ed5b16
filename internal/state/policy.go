package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Policy returns the text of the access policy and its version, which every change raises. No text means that the policy
// has not changed since the version that the caller knows; version 0 that there is none.
func (s *Store) Policy(ctx context.Context, known int64) (text string, version int64, err error) {
	var changed sql.NullString
	err = s.read.QueryRowContext(ctx, s.sql("SELECT version, CASE WHEN version <> $1 THEN body END FROM policy WHERE id = 1"), known).Scan(&version, &changed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, fmt.Errorf("state: access policy: %w", err)
	}
	return changed.String, version, nil
}

// PutPolicy stores the access policy in place of the one before.
func (s *Store) PutPolicy(ctx context.Context, text string) (version int64, err error) {
	err = s.update(ctx, func(t tx) error {
		return t.row(ctx, "INSERT INTO policy (id, body, version, changed) VALUES (1, $1, 1, $2) "+
			"ON CONFLICT (id) DO UPDATE SET body = excluded.body, changed = excluded.changed, version = policy.version + 1 RETURNING version",
			text, time.Now().UnixNano()).Scan(&version)
	})
	if err != nil {
		return 0, fmt.Errorf("state: access policy: %w", err)
	}
	return version, nil
}
