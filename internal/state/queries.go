package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// SavedQuery is a query that is kept under a name, by one owner or by a tenant for all of its callers.
type SavedQuery struct {
	Name      string
	Text      string
	Shared    bool // has no owner
	Created   time.Time
	Changed   time.Time
	ChangedBy string
}

// Limits of saved queries.
const (
	MaxSavedQueries   = 1000 // of one owner, and shared ones of one tenant
	MaxSavedNameBytes = 256
	MaxSavedTextBytes = 256 << 10
)

// Errors that callers tell apart.
var (
	ErrName    = fmt.Errorf("a saved query has a name of 1 to %d bytes, without a slash, control characters and spaces at its ends", MaxSavedNameBytes)
	ErrTooLong = fmt.Errorf("a saved query has a text of 1 to %d bytes, without NUL", MaxSavedTextBytes)
	ErrFull    = fmt.Errorf("there are %d saved queries already; delete one", MaxSavedQueries)
)

const savedColumns = "name, owner, created, changed, changed_by"

func (q *SavedQuery) scan(scan func(...any) error, more ...any) error {
	var owner string
	var created, changed int64
	err := scan(append([]any{&q.Name, &owner, &created, &changed, &q.ChangedBy}, more...)...)
	q.Shared, q.Created, q.Changed = owner == "", time.Unix(0, created).UTC(), time.Unix(0, changed).UTC()
	return err
}

// SavedQueries lists the queries of one owner and the shared ones of the tenant, by name, without their texts.
func (s *Store) SavedQueries(ctx context.Context, tenant, owner string) (out []SavedQuery, err error) {
	err = s.each(ctx, s.read, func(r *sql.Rows) error {
		var q SavedQuery
		err := q.scan(r.Scan)
		out = append(out, q)
		return err
	}, "SELECT "+savedColumns+" FROM saved_queries WHERE tenant = $1 AND owner IN ($2, '') ORDER BY name, owner DESC", tenant, owner)
	return out, err
}

// SavedQuery returns the query of one owner, or the shared one for no owner; nil when there is none.
func (s *Store) SavedQuery(ctx context.Context, tenant, owner, name string) (*SavedQuery, error) {
	var q SavedQuery
	row := s.read.QueryRowContext(ctx, s.sql("SELECT "+savedColumns+", body FROM saved_queries WHERE tenant = $1 AND owner = $2 AND name = $3"), tenant, owner, name)
	err := q.scan(row.Scan, &q.Text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("state: saved query: %w", err)
	}
	return &q, nil
}

// SaveQuery keeps the text of q under its name, for an owner or shared, in place of what was there; by says who did it.
func (s *Store) SaveQuery(ctx context.Context, tenant, owner string, q SavedQuery, by string) error {
	if err := q.check(); err != nil {
		return err
	}
	return s.update(ctx, func(t tx) error {
		if s.shared { // two at once must not both find room for one
			if _, err := t.exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(10) || $2, 0))", tenant, owner); err != nil {
				return err
			}
		}
		var n int
		err := t.row(ctx, "SELECT count(*) FROM saved_queries WHERE tenant = $1 AND owner = $2 AND name <> $3", tenant, owner, q.Name).Scan(&n)
		if err != nil {
			return fmt.Errorf("state: %w", err)
		}
		if n >= MaxSavedQueries {
			return ErrFull
		}
		_, err = t.exec(ctx, "INSERT INTO saved_queries (tenant, owner, name, body, created, changed, changed_by) VALUES ($1, $2, $3, $4, $5, $5, $6) "+
			"ON CONFLICT (tenant, owner, name) DO UPDATE SET body = excluded.body, changed = excluded.changed, changed_by = excluded.changed_by",
			tenant, owner, q.Name, q.Text, time.Now().UnixNano(), by)
		return err
	})
}

func (q *SavedQuery) check() error {
	if q.Name == "" || len(q.Name) > MaxSavedNameBytes || !utf8.ValidString(q.Name) || strings.TrimSpace(q.Name) != q.Name ||
		strings.ContainsFunc(q.Name, func(r rune) bool { return r == '/' || unicode.IsControl(r) }) {
		return ErrName
	}
	if q.Text == "" || len(q.Text) > MaxSavedTextBytes || !utf8.ValidString(q.Text) || strings.ContainsRune(q.Text, 0) {
		return ErrTooLong
	}
	return nil
}

// DeleteQuery removes a query of an owner, or the shared one for no owner; false tells that there is none.
func (s *Store) DeleteQuery(ctx context.Context, tenant, owner, name string) (found bool, err error) {
	err = s.update(ctx, func(t tx) error {
		n, err := t.exec(ctx, "DELETE FROM saved_queries WHERE tenant = $1 AND owner = $2 AND name = $3", tenant, owner, name)
		found = n > 0
		return err
	})
	return found, err
}
