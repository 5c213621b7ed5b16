package duckdb

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/sqlx"
)

// Store is one tenant's rows and the engine that queries them.
type Store struct {
	path     string // "" in memory
	readOnly bool
	log      *slog.Logger
	now      func() time.Time

	mu     sync.Mutex // guards the fields below
	db     mapping.Database
	idle   []*conn
	busy   map[*conn]struct{}
	open   int // connections that exist
	closed bool
	lock   *fileLock
	gone   chan struct{} // closed when the database is

	natives natives
	days    manifest
	writing chan struct{} // holds a token while somebody writes
}

var _ engine.Engine = (*Store)(nil)

// closePatience is how long Close waits for queries that it interrupted.
const closePatience = 10 * time.Second

// Open opens a store and checks that what it holds fits the catalog.
func Open(cfg Config) (*Store, error) {
	path, err := cfg.prepare()
	if err != nil {
		return nil, err
	}
	var lock *fileLock
	if path != "" {
		if lock, err = lockDir(cfg.Dir, cfg.ReadOnly); err != nil {
			return nil, err
		}
	}
	db, err := openDatabase(path, cfg)
	if err != nil {
		lock.release()
		return nil, err
	}
	s := &Store{
		path: path, readOnly: cfg.ReadOnly, log: cfg.Log, now: cfg.Now,
		db: db, busy: map[*conn]struct{}{}, lock: lock, gone: make(chan struct{}),
		writing: make(chan struct{}, 1), natives: natives{ceiling: ceiling()},
	}
	if err := s.load(cfg.Catalog); err != nil {
		s.Close()
		return nil, fmt.Errorf("store %s: %w", s.name(), err)
	}
	return s, nil
}

// name is what messages call the store.
func (s *Store) name() string {
	if s.path == "" {
		return "(in memory)"
	}
	return s.path
}

// Dialect is the engine's SQL.
func (s *Store) Dialect() *sqlx.Dialect { return sqlx.DuckDB }

// Close interrupts what runs, waits for it to end and closes the file. Further
// calls do nothing. A query that is not closed in time keeps the file open
// until it is; Close then says so.
func (s *Store) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		for _, c := range s.idle {
			mapping.Disconnect(&c.raw)
			s.open--
		}
		s.idle = nil
		s.finish()
	}
	s.mu.Unlock()

	patience := time.NewTimer(closePatience)
	defer patience.Stop()
	again := time.NewTicker(interruptEvery)
	defer again.Stop()
	for {
		select {
		case <-s.gone:
			return nil
		case <-patience.C:
			return fmt.Errorf("store %s: closing: queries are still open; close their rows", s.name())
		case <-again.C:
			s.interruptAll()
		}
	}
}

func (s *Store) interruptAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.busy {
		c.interrupt()
	}
}

// finish closes the database once the store is closed and its last connection
// is gone. The caller holds mu.
func (s *Store) finish() {
	if s.closed && s.open == 0 && s.db.Ptr != nil {
		mapping.Close(&s.db)
		s.lock.release()
		close(s.gone)
	}
}
