package duckdb

import (
	"context"
	"fmt"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/lower"
)

const (
	ticksPerDay = 24 * 60 * 60 * 10_000_000
	// maxTicks is 9999-12-31T23:59:59.9999999, KQL's last datetime.
	maxTicks = 3_155_378_975_999_999_999
	// maxDays bounds the day tables of one hunting table. A sender with a
	// broken clock must not make millions of them: further days go to day 0.
	maxDays = 2048
)

// dayOf is the day of a time; 0 if it is not one.
func dayOf(ticks int64) int64 {
	if ticks < 0 || ticks > maxTicks {
		return 0
	}
	return ticks / ticksPerDay
}

// Relations lists the day tables of t that have rows between from and to, in
// order of time; day 0 is always among them. A table of 2018 reads the
// relations of its successor.
func (s *Store) Relations(t *catalog.Table, from, to int64) []lower.Relation {
	if t.Legacy != nil {
		t = t.Legacy.Today
	}
	layout := s.days.layout(t)
	var out []lower.Relation
	for _, d := range s.days.of(t.Name) {
		if d.number != 0 && (d.max < from || d.min > to) {
			continue
		}
		r := lower.Relation{Name: ident(d.physical), Columns: d.columns}
		if err := d.fits(t, layout); err != nil {
			// Open checked its own catalog, so this is another table of the
			// same name: a query of it must fail, not misread.
			s.log.Error("a table does not fit the store", "error", err)
			r.Name = ident("unreadable: " + d.physical)
		}
		out = append(out, r)
	}
	return out
}

// Version tells whether the rows of a table have changed. Whoever asks before
// and after it began to read, and gets the same settled version, has read the
// rows of that version, from the relations that were listed after the first
// answer.
func (s *Store) Version(table string) (version uint64, settled bool) {
	s.days.mu.RLock()
	defer s.days.mu.RUnlock()
	v := s.days.versions[table]
	return v, v%2 == 0
}

// Counts tells the number of rows per hunting table; a table without rows is
// not in it.
func (s *Store) Counts(ctx context.Context) (map[string]int64, error) {
	if err := ctx.Err(); err != nil {
		return nil, contextFault(ctx)
	}
	s.days.mu.RLock()
	defer s.days.mu.RUnlock()
	out := make(map[string]int64, len(s.days.tables))
	for name, days := range s.days.tables {
		for _, d := range days {
			out[name] += d.rows
		}
	}
	return out, nil
}

// Drop removes the days that ended before a time, and from day 0 the rows with
// an earlier time. It also forgets the ids of batches written before it. It
// returns the number of rows removed. Queries that run keep what they see; one
// that was lowered but not yet started may find a table gone and fail.
func (s *Store) Drop(ctx context.Context, before int64) (int64, error) {
	return s.drop(ctx, "", before)
}

// DropTable is Drop for the days of one table; ids are kept.
func (s *Store) DropTable(ctx context.Context, table string, before int64) (int64, error) {
	return s.drop(ctx, table, before)
}

// drop removes days of one table, or of all when only is "".
func (s *Store) drop(ctx context.Context, only string, before int64) (int64, error) {
	c, done, err := s.beginWrite(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { done(err == nil) }()
	var removed int64
	changed, settle := map[string][]day{}, func() {}
	defer func() { settle() }()
	err = c.transaction(ctx, func() error {
		for name, days := range s.days.tables {
			if only != "" && name != only {
				continue
			}
			var kept []day
			for _, d := range days {
				gone, err := dropDay(c, &d, before)
				if err != nil {
					return fmt.Errorf("drop %s: %w", d.physical, err)
				}
				removed += gone
				if d.rows > 0 {
					kept = append(kept, d)
				}
				if gone > 0 {
					changed[name] = nil
				}
			}
			if _, ok := changed[name]; ok {
				changed[name] = kept
			}
		}
		settle = s.days.changing(changed)
		if only != "" {
			return nil
		}
		return c.exec("DELETE FROM manifest.batches WHERE written < " + number(before))
	})
	if err != nil {
		return 0, s.writeFault("drop old days", err, ctx)
	}
	s.days.replace(changed)
	return removed, nil
}

// dropDay removes what d holds from before a time and tells how many rows that
// was; d.rows is what remains, and a table with none is gone.
func dropDay(c *conn, d *day, before int64) (gone int64, err error) {
	where := " WHERE physical = " + text(d.physical)
	switch {
	case d.number != 0 && before >= (d.number+1)*ticksPerDay:
		gone, d.rows = d.rows, 0
	case d.number == 0 && d.time >= 0:
		col := fmt.Sprintf("c%d", d.time)
		gone, err = c.execCount("DELETE FROM " + ident(d.physical) + " WHERE " + col + " >= 0 AND " + col + " < " + number(min(before, maxTicks)))
		if err != nil || gone == 0 {
			return 0, err
		}
		d.rows -= gone
	default:
		return 0, nil
	}
	if d.rows > 0 {
		return gone, c.exec("UPDATE manifest.days SET row_count = " + number(d.rows) + where)
	}
	return gone, c.exec("DROP TABLE " + ident(d.physical) + "; DELETE FROM manifest.days" + where)
}
