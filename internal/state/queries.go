package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// SavedQuery is a query that somebody keeps under a name. Names need not differ; ids do.
type SavedQuery struct {
	ID      string
	Name    string
	Text    string
	Created time.Time
}

// Limits of saved queries.
const (
	MaxSavedQueries   = 1000 // of one owner
	MaxSavedNameBytes = 256
	MaxSavedTextBytes = 1 << 20
)

// Errors that callers tell apart.
var (
	ErrTooLong = fmt.Errorf("state: a saved query has a name of 1 to %d bytes and a text of 1 to %d, without NUL", MaxSavedNameBytes, MaxSavedTextBytes)
	ErrFull    = fmt.Errorf("state: there are %d saved queries already", MaxSavedQueries)
)

// SavedQueries lists the queries of one owner in one tenant, oldest first.
func (s *Store) SavedQueries(ctx context.Context, tenant, owner string) (out []SavedQuery, err error) {
	err = s.each(ctx, s.read, func(r *sql.Rows) error {
		var q SavedQuery
		var created int64
		err := r.Scan(&q.ID, &q.Name, &q.Text, &created)
		q.Created = time.Unix(0, created).UTC()
		out = append(out, q)
		return err
	}, "SELECT id, name, body, created FROM saved_queries WHERE tenant = $1 AND owner = $2 ORDER BY created, id", tenant, owner)
	return out, err
}

// SaveQuery keeps a query; the id and the time of q are its own.
func (s *Store) SaveQuery(ctx context.Context, tenant, owner string, q SavedQuery) error {
	if q.ID == "" || owner == "" {
		return errors.New("state: a saved query needs an id and an owner")
	}
	for text, limit := range map[string]int{q.Name: MaxSavedNameBytes, q.Text: MaxSavedTextBytes} {
		if text == "" || len(text) > limit || strings.ContainsRune(text, 0) {
			return ErrTooLong
		}
	}
	return s.update(ctx, func(t tx) error {
		var n int
		if err := t.row(ctx, "SELECT count(*) FROM saved_queries WHERE tenant = $1 AND owner = $2", tenant, owner).Scan(&n); err != nil {
			return fmt.Errorf("state: %w", err)
		}
		if n >= MaxSavedQueries {
			return ErrFull
		}
		_, err := t.exec(ctx, "INSERT INTO saved_queries (id, tenant, owner, name, body, created) VALUES ($1, $2, $3, $4, $5, $6)",
			q.ID, tenant, owner, q.Name, q.Text, q.Created.UnixNano())
		return err
	})
}

// DeleteQuery removes a query of this owner; false tells that it has none of that id.
func (s *Store) DeleteQuery(ctx context.Context, tenant, owner, id string) (found bool, err error) {
	err = s.update(ctx, func(t tx) error {
		n, err := t.exec(ctx, "DELETE FROM saved_queries WHERE tenant = $1 AND owner = $2 AND id = $3", tenant, owner, id)
		found = n > 0
		return err
	})
	return found, err
}
