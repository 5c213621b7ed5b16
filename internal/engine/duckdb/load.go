package duckdb

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// load reads the manifest of a store, after making it in a new one, and holds
// it against the catalog.
func (s *Store) load(c *catalog.Catalog) error {
	if !s.readOnly {
		if err := s.initialise(); err != nil {
			return err
		}
	}
	format, err := s.meta("format")
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(format); err != nil || n > formatVersion {
		return fmt.Errorf("its format is %q, this program knows up to %d; use a newer version", format, formatVersion)
	}
	if err := s.loadDays(); err != nil {
		return err
	}
	if err := s.days.check(c); err != nil {
		return err
	}
	if s.readOnly || c == nil {
		return nil
	}
	return s.setMeta("catalog", catalogVersion(c))
}

// initialise makes the schema in one transaction: a store is new or whole.
func (s *Store) initialise() error {
	c, err := s.acquire()
	if err != nil {
		return err
	}
	defer s.release(c, true)
	return c.transaction(context.Background(), func() error {
		return c.exec(createSchema + "INSERT INTO manifest.meta SELECT 'format', " + text(strconv.Itoa(formatVersion)) +
			" WHERE NOT EXISTS (FROM manifest.meta WHERE name = 'format')")
	})
}

// catalogVersion names a catalog by its tables and columns.
func catalogVersion(c *catalog.Catalog) string {
	h := sha256.New()
	for _, name := range c.Stored() {
		fmt.Fprintf(h, "%s\n%s\n", name, layoutOf(c.Table(name)))
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// CatalogVersion names the catalog that the store was last opened with.
func (s *Store) CatalogVersion() (string, error) { return s.meta("catalog") }

func (s *Store) meta(name string) (value string, err error) {
	err = s.each("SELECT value FROM manifest.meta WHERE name = "+text(name), []types.Type{types.String}, func(row []types.Value) {
		value = row[0].S
	})
	return value, err
}

func (s *Store) setMeta(name, value string) error {
	if have, err := s.meta(name); err != nil || have == value {
		return err
	}
	c, err := s.acquire()
	if err != nil {
		return err
	}
	defer s.release(c, true)
	return c.transaction(context.Background(), func() error {
		return c.exec("DELETE FROM manifest.meta WHERE name = " + text(name) +
			"; INSERT INTO manifest.meta VALUES (" + text(name) + ", " + text(value) + ")")
	})
}

func (s *Store) loadDays() error {
	s.days.tables, s.days.versions = map[string][]day{}, map[string]uint64{}
	sql := "SELECT hunting_table, physical, layout, day, time_column, row_count, min_time, max_time FROM manifest.days"
	cols := []types.Type{types.String, types.String, types.String, types.Long, types.Long, types.Long, types.Long, types.Long}
	return s.each(sql, cols, func(row []types.Value) {
		d := day{
			table: row[0].S, physical: row[1].S, layout: row[2].S, number: row[3].I, time: int(row[4].I),
			rows: row[5].I, min: row[6].I, max: row[7].I,
		}
		d.columns = strings.Count(d.layout, "\n")
		s.days.tables[d.table] = with(s.days.tables[d.table], d)
	})
}

// each runs a query of the store's own and calls f with copies of its rows.
func (s *Store) each(sql string, cols []types.Type, f func([]types.Value)) error {
	q := lower.Query{SQL: sql, Columns: make([]plan.Column, len(cols))}
	for i, t := range cols {
		q.Columns[i].Type = t
	}
	ctx := context.Background()
	rows, err := s.Query(ctx, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	row := make([]types.Value, len(cols))
	for {
		b, err := rows.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		for i := range b.N {
			for j, v := range b.Cols {
				row[j] = v.Value(i)
			}
			f(row)
		}
	}
}

// text and number write constants of the store's own statements.
func text(s string) string { return sqlx.DuckDB.Literal(types.StringValue(s)).Text }

func number(i int64) string { return sqlx.DuckDB.Literal(types.LongValue(i)).Text }

// ident quotes a name.
func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
