package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Position is how far a trail of audit files has been taken over.
type Position struct {
	File   string
	Offset int64 // the first byte of File not yet taken
	Batch  int64 // the last batch made
}

// TrailPosition returns the position of a trail; the zero one for a new trail.
func (s *Store) TrailPosition(ctx context.Context, origin string) (p Position, err error) {
	err = s.read.QueryRowContext(ctx, s.sql("SELECT file, position, batch FROM audit_origins WHERE origin = $1"), origin).Scan(&p.File, &p.Offset, &p.Batch)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return p, fmt.Errorf("state: audit position: %w", err)
	}
	return p, nil
}

// TakeTrail stores lines as the trail's next batch and moves its position, in one transaction: each line is taken once.
// No lines only move the position.
func (s *Store) TakeTrail(ctx context.Context, origin string, to Position, lines string) error {
	return s.update(ctx, func(t tx) error {
		if _, err := t.exec(ctx, "INSERT INTO audit_origins (origin, file, position, batch) VALUES ($1, $2, $3, $4) "+
			"ON CONFLICT (origin) DO UPDATE SET file = excluded.file, position = excluded.position, batch = excluded.batch",
			origin, to.File, to.Offset, to.Batch); err != nil || lines == "" {
			return err
		}
		_, err := t.exec(ctx, "INSERT INTO audit_batches (origin, batch, made, lines) VALUES ($1, $2, $3, $4)", origin, to.Batch, time.Now().UnixNano(), lines)
		return err
	})
}

// TrailBatch is some lines of a trail.
type TrailBatch struct {
	Origin string
	Batch  int64
	Lines  string
}

// NextTrailBatch returns the oldest batch of any trail that a node does not have yet, nil when it has all.
func (s *Store) NextTrailBatch(ctx context.Context, node string) (*TrailBatch, error) {
	var b TrailBatch
	err := s.read.QueryRowContext(ctx, s.sql("SELECT b.origin, b.batch, b.lines FROM audit_batches b "+
		"LEFT JOIN audit_loaded l ON l.origin = b.origin AND l.node = $1 WHERE b.batch > coalesce(l.batch, 0) ORDER BY b.origin, b.batch LIMIT 1"), node).
		Scan(&b.Origin, &b.Batch, &b.Lines)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("state: audit batch: %w", err)
	}
	return &b, nil
}

// TrailLoaded notes that a node has a batch. When no other node can want it, the batch goes.
func (s *Store) TrailLoaded(ctx context.Context, node string, b *TrailBatch) error {
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(ctx, "INSERT INTO audit_loaded (node, origin, batch) VALUES ($1, $2, $3) "+
			"ON CONFLICT (node, origin) DO UPDATE SET batch = excluded.batch", node, b.Origin, b.Batch)
		if err != nil || s.shared {
			return err
		}
		_, err = t.exec(ctx, "DELETE FROM audit_batches WHERE origin = $1 AND batch <= $2", b.Origin, b.Batch)
		return err
	})
}

// PruneTrail forgets batches made before a time, for nodes that were away for long.
func (s *Store) PruneTrail(ctx context.Context, before time.Time) error {
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(ctx, "DELETE FROM audit_batches WHERE made < $1", before.UnixNano())
		return err
	})
}
