package duckdb

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	mapping "github.com/duckdb/duckdb-go-bindings"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// maxID bounds a batch id.
const maxID = 1024

// unixEpoch is 1970-01-01 in ticks.
const unixEpoch = 621_355_968_000_000_000

// Write stores batches in one transaction under an id. If batches were stored
// under that id before, nothing happens and written is false. Only one write
// runs at a time; queries go on meanwhile.
func (s *Store) Write(ctx context.Context, id string, batches []*catalog.Batch) (written bool, err error) {
	if id == "" || len(id) > maxID || strings.ContainsRune(id, 0) {
		return false, fmt.Errorf("store %s: write: a batch id has 1 to %d bytes and no NUL", s.name(), maxID)
	}
	for _, b := range batches {
		if err := checkBatch(b); err != nil {
			return false, fmt.Errorf("store %s: write %q: %w", s.name(), id, err)
		}
	}
	c, done, err := s.beginWrite(ctx)
	if err != nil {
		return false, err
	}
	defer func() { done(err == nil) }()
	changed, settle := map[string][]day{}, func() {}
	defer func() { settle() }()
	err = c.transaction(ctx, func() error {
		if written, err = s.claim(c, id); err != nil || !written {
			return err
		}
		for _, b := range batches {
			if err := s.writeBatch(ctx, c, b, changed); err != nil {
				return err
			}
		}
		settle = s.days.changing(changed)
		return nil
	})
	if err != nil {
		return false, s.writeFault(fmt.Sprintf("write %q", id), err, ctx)
	}
	s.days.replace(changed)
	return written, nil
}

// beginWrite waits for its turn. done gives the turn and the connection back;
// the connection is kept only if all went well on it.
func (s *Store) beginWrite(ctx context.Context) (c *conn, done func(keep bool), err error) {
	if s.readOnly {
		return nil, nil, fmt.Errorf("store %s is open read-only", s.name())
	}
	select {
	case s.writing <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, contextFault(ctx)
	}
	if c, err = s.acquire(); err != nil {
		<-s.writing
		return nil, nil, fmt.Errorf("store %s: %w", s.name(), err)
	}
	return c, func(keep bool) { s.release(c, keep); <-s.writing }, nil
}

// writeFault describes a failed write. Its reader runs the service, so the
// engine's words are shown.
func (s *Store) writeFault(what string, err error, ctx context.Context) error {
	if ctx.Err() != nil {
		return contextFault(ctx)
	}
	if e := (*sqlError)(nil); errors.As(err, &e) && e.is(mapping.ErrorTypeInterrupt, "INTERRUPT Error") {
		return engine.NewError(engine.Cancelled, fmt.Sprintf("store %s: %s: the store is closing", s.name(), what), err)
	}
	s.log.Error("store: "+what, "error", err)
	return engine.NewError(engine.Internal, fmt.Sprintf("store %s: %s", s.name(), what), err)
}

// claim records an id, or reports that it is there already.
func (s *Store) claim(c *conn, id string) (bool, error) {
	now := unixEpoch + s.now().UnixNano()/100
	key := number(idKey(id))
	n, err := c.execCount("INSERT INTO manifest.batches SELECT " + key + ", " + text(id) + ", " + number(now) +
		" WHERE NOT EXISTS (FROM manifest.batches WHERE key = " + key + " AND id = " + text(id) + ")")
	return n == 1, err
}

// idKey makes the number by which an id is looked up.
func idKey(id string) int64 {
	sum := sha256.Sum256([]byte(id))
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// checkBatch refuses a batch whose vectors are not what its table says.
func checkBatch(b *catalog.Batch) error {
	switch {
	case b == nil || b.Table == nil:
		return errors.New("a batch without a table")
	case b.Table.Legacy != nil:
		return fmt.Errorf("table %s is an old name; write to %s", b.Table.Name, b.Table.Legacy.Today.Name)
	case b.N < 0 || b.N > 1<<30:
		return fmt.Errorf("table %s: a batch of %d rows", b.Table.Name, b.N)
	case len(b.Cols) != len(b.Table.Columns) || len(b.Cols) == 0:
		return fmt.Errorf("table %s: a batch of %d columns for a table of %d", b.Table.Name, len(b.Cols), len(b.Table.Columns))
	}
	for i, c := range b.Table.Columns {
		v := b.Cols[i]
		if v == nil || v.Type != c.Type || v.Type.IsList() {
			return fmt.Errorf("table %s: column %s of the batch is not of type %s", b.Table.Name, c.Name, c.Type)
		}
		if err := checkLength(v, b.N); err != nil {
			return fmt.Errorf("table %s: column %s: %w", b.Table.Name, c.Name, err)
		}
	}
	return nil
}

// writeBatch appends the rows of b to their day tables, making those that are
// missing. changed collects what the manifest will be after the commit.
func (s *Store) writeBatch(ctx context.Context, c *conn, b *catalog.Batch, changed map[string][]day) error {
	t := b.Table
	days, ok := changed[t.Name]
	if !ok {
		days = s.days.of(t.Name)
	}
	for _, p := range split(b, days) {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := s.dayTable(c, t, p.day, days)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		if err := appendRows(c, d.physical, b, p.rows); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		d.count(b, p.rows)
		if err := c.exec(d.save()); err != nil {
			return err
		}
		days = with(days, d)
		changed[t.Name] = days
	}
	return nil
}

// dayTable finds the day's table, brings it up to the catalog's columns, or
// makes it.
func (s *Store) dayTable(c *conn, t *catalog.Table, n int64, days []day) (day, error) {
	layout := s.days.layout(t)
	if i, ok := slices.BinarySearchFunc(days, day{number: n}, byNumber); ok {
		d := days[i]
		if err := d.fits(t, layout); err != nil {
			return day{}, err
		}
		for ; d.columns < len(t.Columns); d.columns++ {
			if err := c.exec(addColumn(d.physical, d.columns, t.Columns[d.columns].Type)); err != nil {
				return day{}, err
			}
		}
		d.layout = layout
		return d, nil
	}
	d := day{
		table: t.Name, number: n, physical: physicalName(t.Name, n), layout: layout,
		columns: len(t.Columns), time: t.Time, min: maxTicks, max: 0,
	}
	if err := c.exec(createDay(d.physical, t)); err != nil {
		return day{}, err
	}
	return d, c.exec("INSERT INTO manifest.days VALUES (" + strings.Join([]string{
		text(d.table), number(d.number), text(d.physical), text(d.layout), number(int64(d.time)),
		number(0), number(d.min), number(d.max),
	}, ", ") + ")")
}

// save writes the manifest row of a day that exists.
func (d *day) save() string {
	return "UPDATE manifest.days SET row_count = " + number(d.rows) + ", min_time = " + number(d.min) +
		", max_time = " + number(d.max) + ", layout = " + text(d.layout) + " WHERE physical = " + text(d.physical)
}

// count adds rows, which are in order of time, to d's figures.
func (d *day) count(b *catalog.Batch, rows []int32) {
	d.rows += int64(len(rows))
	if d.number != 0 {
		time := b.Cols[b.Table.Time].Ints
		d.min = min(d.min, time[rows[0]])
		d.max = max(d.max, time[rows[len(rows)-1]])
	}
}

// physicalName is for people who look into the file, e.g. with explain.
func physicalName(table string, n int64) string {
	if n == 0 {
		return table + "_0"
	}
	y, m, d := types.SplitDate(n * ticksPerDay)
	return fmt.Sprintf("%s_%04d%02d%02d", table, y, m, d)
}

func createDay(physical string, t *catalog.Table) string {
	var b strings.Builder
	b.WriteString("CREATE TABLE " + ident(physical) + " (")
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "c%d %s", i, sqlx.DuckDB.TypeName(c.Type))
		if c.Type.NeverNull() {
			b.WriteString(" NOT NULL")
		}
	}
	b.WriteString(")")
	return b.String()
}

// addColumn adds a column of the catalog to a table of an earlier catalog. A
// string is "" in the rows that are there.
func addColumn(physical string, i int, t types.Type) string {
	sql := fmt.Sprintf("ALTER TABLE %s ADD COLUMN c%d %s", ident(physical), i, sqlx.DuckDB.TypeName(t))
	if t.NeverNull() {
		sql += " DEFAULT ''"
	}
	return sql
}
