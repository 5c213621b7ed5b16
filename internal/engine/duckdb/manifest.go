package duckdb

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

// formatVersion is the layout of the schema manifest inside a store.
const formatVersion = 1

// createSchema makes what a new store needs. days has a row per day table;
// batches the ids of the batches that were written. There are no indexes, which
// cost memory and are rewritten at checkpoints: days is read once, and batches
// once per write, by a number made from the id (3 M ids: a few ms).
const createSchema = `
CREATE SCHEMA IF NOT EXISTS manifest;
CREATE TABLE IF NOT EXISTS manifest.meta (name VARCHAR NOT NULL, value VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS manifest.days (
	hunting_table VARCHAR NOT NULL, day BIGINT NOT NULL, physical VARCHAR NOT NULL,
	layout VARCHAR NOT NULL, time_column BIGINT NOT NULL,
	row_count BIGINT NOT NULL, min_time BIGINT NOT NULL, max_time BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS manifest.batches (key BIGINT NOT NULL, id VARCHAR NOT NULL, written BIGINT NOT NULL);
`

// day is one physical table.
type day struct {
	table    string
	number   int64 // days since 0001-01-01; 0 also holds rows without a usable time
	physical string
	layout   string // see layoutOf
	columns  int
	time     int // ordinal of the time column, or -1
	rows     int64
	min, max int64 // of the times in it; of no meaning in day 0
}

// manifest is what the store holds, in memory. Only a writer that has
// committed changes it.
type manifest struct {
	mu     sync.RWMutex
	tables map[string][]day // sorted by number
	// versions count the changes of a table's rows: twice each, before they
	// are committed and after; odd while that happens.
	versions map[string]uint64
	known    map[*catalog.Table]string
}

// layoutOf describes a table's columns, one "name type" a line. A day table
// fits a catalog table when its layout is a prefix of the table's: columns may
// be added at the end, never moved, retyped or removed.
func layoutOf(t *catalog.Table) string {
	var b strings.Builder
	for _, c := range t.Columns {
		fmt.Fprintf(&b, "%s %s\n", c.Name, c.Type)
	}
	return b.String()
}

// fits explains why d cannot hold rows of t, whose layout is given.
func (d *day) fits(t *catalog.Table, layout string) error {
	if !strings.HasPrefix(layout, d.layout) {
		have, want := strings.Split(d.layout, "\n"), strings.Split(layout, "\n")
		for i, h := range have {
			if i >= len(want) || h != want[i] {
				now := "nothing"
				if i < len(want) && want[i] != "" {
					now = want[i]
				}
				return fmt.Errorf("table %s: column %d was stored as %q, the catalog now has %q; "+
					"columns can only be added at the end: use the version that wrote the store, or move the store away", t.Name, i, h, now)
			}
		}
	}
	if d.time != t.Time {
		return fmt.Errorf("table %s: its time column was number %d, the catalog now says %d", t.Name, d.time, t.Time)
	}
	return nil
}

// of lists the days of a table; the caller must not change the slice.
func (m *manifest) of(table string) []day {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.tables[table]
}

// layout is layoutOf, remembered for the catalog's own tables.
func (m *manifest) layout(t *catalog.Table) string {
	m.mu.RLock()
	l, ok := m.known[t]
	m.mu.RUnlock()
	if !ok {
		return layoutOf(t)
	}
	return l
}

// replace puts in the changed tables; a table without days leaves the map.
func (m *manifest) replace(changed map[string][]day) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, days := range changed {
		if len(days) == 0 {
			delete(m.tables, name)
			continue
		}
		m.tables[name] = days
	}
}

// changing tells that tables are about to change, and the function it returns
// that they have, or that it failed.
func (m *manifest) changing(tables map[string][]day) (changed func()) {
	turn := func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		for name := range tables {
			m.versions[name]++
		}
	}
	turn()
	return turn
}

// check holds what is stored against the catalog.
func (m *manifest) check(c *catalog.Catalog) error {
	m.known = map[*catalog.Table]string{}
	if c == nil {
		return nil
	}
	for _, name := range c.Stored() {
		t := c.Table(name)
		layout := layoutOf(t)
		m.known[t] = layout
		for _, d := range m.tables[name] {
			if err := d.fits(t, layout); err != nil {
				return err
			}
		}
	}
	return nil
}

func byNumber(a, b day) int { return cmp.Compare(a.number, b.number) }

// with returns a copy of days in which d replaces the day of its number, or
// is added.
func with(days []day, d day) []day {
	out := slices.Clone(days)
	i, found := slices.BinarySearchFunc(out, d, byNumber)
	if found {
		out[i] = d
		return out
	}
	return slices.Insert(out, i, d)
}
