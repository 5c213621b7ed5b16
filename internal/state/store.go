package state

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"modernc.org/sqlite"               // driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	read   *sql.DB
	write  *sql.DB // with SQLite one connection: the one writer
	shared bool
	doubt  atomic.Bool // the last write did not succeed
}

const (
	maxConns  = 16               // to PostgreSQL, per node
	maxRead   = 4                // to SQLite
	busy      = 10 * time.Second // another process writes to the file
	retry     = 5 * time.Millisecond
	idleAfter = 5 * time.Minute
)

// Open opens the database at a place and brings its schema up to date. A place is postgres://… or the path of a SQLite
// file (also as sqlite://path), which is made if need be, for its owner only.
func Open(ctx context.Context, place string) (*Store, error) {
	s, err := open(place)
	if err != nil {
		return nil, err
	}
	if err := s.logAhead(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("state %s: %w", Redact(place), err), s.Close())
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("state %s: %w", Redact(place), err), s.Close())
	}
	return s, nil
}

func open(place string) (*Store, error) {
	if isPostgres(place) {
		db, err := sql.Open("pgx", place)
		if err != nil {
			return nil, fmt.Errorf("state: the address of the database is not valid; write postgres://user@host/database: %w", hide(err, place))
		}
		db.SetMaxOpenConns(maxConns)
		db.SetMaxIdleConns(maxConns)
		db.SetConnMaxIdleTime(idleAfter)
		return &Store{read: db, write: db, shared: true}, nil
	}
	path := strings.TrimPrefix(place, "sqlite://")
	if path == "" || strings.Contains(path, "://") {
		return nil, fmt.Errorf("state %q: give the path of a file or postgres://user@host/database", Redact(place))
	}
	if err := touch(path); err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	write, err := sql.Open("sqlite", dsn(path, "immediate"))
	if err != nil {
		return nil, fmt.Errorf("state %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn(path, "deferred"))
	if err != nil {
		return nil, fmt.Errorf("state %s: %w", path, errors.Join(err, write.Close()))
	}
	read.SetMaxOpenConns(maxRead)
	return &Store{read: read, write: write}, nil
}

func isPostgres(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

// dsn names a SQLite file with its settings. A transaction of the writer takes the write lock when it begins, because
// one that takes it later can find that its reads are out of date.
func dsn(path, lock string) string {
	q := url.Values{"_txlock": {lock}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()), "synchronous(NORMAL)", "foreign_keys(1)",
	}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// touch makes the file, for its owner only: SQLite would let the umask decide, and gives the log the file's mode.
func touch(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// logAhead gives a SQLite file its write-ahead log, which it then keeps. SQLite does not wait for another process that
// does the same at the same time, since each of the two could be waiting for the other; so the wait is here.
func (s *Store) logAhead(ctx context.Context) error {
	if s.shared {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, busy)
	defer cancel()
	for {
		_, err := s.write.ExecContext(ctx, "PRAGMA journal_mode = WAL")
		var of *sqlite.Error
		if !errors.As(err, &of) || of.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(retry + mathrand.N(retry)): // not in step with the other
		}
	}
}

// Redact is a place without its password, for messages.
func Redact(place string) string {
	if !isPostgres(place) {
		return place
	}
	u, err := url.Parse(place)
	if err != nil {
		return "postgres://…"
	}
	u.RawQuery = ""
	return u.Redacted()
}

// hide drops an error that quotes the place, and with it a password.
func hide(err error, place string) error {
	if strings.Contains(err.Error(), place) {
		return errors.New("it cannot be read")
	}
	return err
}

// Shared tells that other nodes may use the same database.
func (s *Store) Shared() bool { return s.shared }

// Ping reports whether the database answers and, when its last write did not succeed, whether it takes one: a full disk
// can still be read.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("state: the database does not answer: %w", err)
	}
	if !s.doubt.Load() {
		return nil
	}
	filler := make([]byte, probeBytes/2)
	_, _ = rand.Read(filler) // never fails
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(ctx, "INSERT INTO probe (id, filler) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET filler = excluded.filler", hex.EncodeToString(filler))
		return err
	})
}

// probeBytes is more than most transactions write: what failed transactions have left in SQLite's log still takes small
// ones when the disk is full.
const probeBytes = 128 << 10

// Close closes the database.
func (s *Store) Close() error {
	if s.shared {
		return s.write.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close())
}

// sql writes a statement for the driver: SQLite numbers parameters with a question mark.
func (s *Store) sql(text string) string {
	if s.shared {
		return text
	}
	return strings.ReplaceAll(text, "$", "?")
}

// tx is a transaction of the writer.
type tx struct {
	s *Store
	t *sql.Tx
}

// update runs do in a transaction, which is committed unless do returns an error.
func (s *Store) update(ctx context.Context, do func(tx) error) error {
	err := s.transact(ctx, do)
	if !errors.Is(err, errNothing) && !errors.Is(err, context.Canceled) {
		s.doubt.Store(err != nil) // also when do has a reason of its own: Ping finds out
	}
	return err
}

func (s *Store) transact(ctx context.Context, do func(tx) error) error {
	t, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	defer func() { _ = t.Rollback() }() // after a commit it does nothing
	if err := do(tx{s, t}); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("state: %w", err)
	}
	return nil
}

func (t tx) exec(ctx context.Context, text string, args ...any) (int64, error) {
	r, err := t.t.ExecContext(ctx, t.s.sql(text), args...)
	if err != nil {
		return 0, fmt.Errorf("state: %w", err)
	}
	return r.RowsAffected()
}

func (t tx) row(ctx context.Context, text string, args ...any) *sql.Row {
	return t.t.QueryRowContext(ctx, t.s.sql(text), args...)
}

// querier is a connection pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each calls scan for every row of a query.
func (s *Store) each(ctx context.Context, q querier, scan func(*sql.Rows) error, text string, args ...any) error {
	rows, err := q.QueryContext(ctx, s.sql(text), args...)
	if err != nil {
		return fmt.Errorf("state: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("state: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("state: %w", err)
	}
	return nil
}
