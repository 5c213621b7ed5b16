// Package catalog holds the hunting tables: names, columns, types and
// documentation as data, with the 2018 names beside today's.
//
// The data lives in three text files under data/, in a format of our own that
// reads well in a diff, and is embedded and parsed once (Builtin). Package gen
// writes the files from the schema research; nobody edits them by hand.
//
// Names are case-sensitive: LogonId and LogonID are two columns of one table.
// A table of 2018 is a Table of its own whose Legacy tells which column of
// which table of today each of its columns reads.
package catalog

import (
	"fmt"
	"sort"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Column is one documented column.
type Column struct {
	Name string
	Type types.Type
	Doc  string
}

// Table is one hunting table.
type Table struct {
	Name    string
	Doc     string
	Family  string // "devices", "email and collaboration", …
	Status  string // "current", "deprecated", "preview"
	Columns []Column
	// Time is the ordinal of the column that the look-back window filters
	// (Timestamp), or -1 for a table without an event time.
	Time int
	// Device is the ordinal of DeviceId, or -1 for tables without a device.
	Device int
	// JSON lists the text columns that hold JSON: the compatibility mode
	// reads them as dynamic.
	JSON []int
	// Compat are the columns that the compatibility mode adds.
	Compat []CompatColumn
	// Own is set for a table of this program, which no wildcard names.
	Own bool
	// Private is set for a table of this program that only those who hold a
	// permission for it know: for others it does not exist (Public), and no
	// source of events may name it.
	Private bool
	// Legacy is set for a table of 2018: it reads Legacy.Today's rows, its
	// column i being today's column Legacy.Map[i] (-1: gone, always null).
	Legacy *Legacy
}

// CompatColumn is a column that only the compatibility mode knows. It is
// empty, or shows what CompatSource says.
type CompatColumn struct {
	Name string
	Type types.Type
	From CompatSource
	Of   int // with CompatOther: the ordinal of the column it shows
}

// CompatSource tells what a CompatColumn holds.
type CompatSource uint8

// What a CompatColumn holds.
const (
	CompatEmpty CompatSource = iota
	CompatTime               // the table's event time
	CompatTable              // the table's name
	CompatOther              // another column of the table
)

// Legacy maps an old table to its successor.
type Legacy struct {
	Today *Table
	Map   []int
}

// Ordinal finds a column by its exact name; -1 means there is none.
func (t *Table) Ordinal(name string) int {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// Catalog is the set of tables a query can name.
type Catalog struct {
	tables  map[string]*Table
	names   []string
	legacy  []string
	own     []string
	renamed map[string]string
	actions map[string][]string
	public  *Catalog // without private tables; nil when there are none
}

// New makes a catalog of the given tables, for example a small one for a
// test. Two tables of one name, or two columns of one name, are an error.
func New(tables ...*Table) (*Catalog, error) {
	c := &Catalog{
		tables:  make(map[string]*Table, len(tables)),
		renamed: map[string]string{},
		actions: map[string][]string{},
	}
	for _, t := range tables {
		if err := c.add(t); err != nil {
			return nil, err
		}
	}
	sort.Strings(c.names)
	sort.Strings(c.legacy)
	return c, nil
}

func (c *Catalog) add(t *Table) error {
	if c.tables[t.Name] != nil {
		return fmt.Errorf("catalog: table %s is defined twice", t.Name)
	}
	seen := make(map[string]bool, len(t.Columns))
	for _, col := range t.Columns {
		if seen[col.Name] {
			return fmt.Errorf("catalog: column %s.%s is defined twice", t.Name, col.Name)
		}
		seen[col.Name] = true
	}
	c.tables[t.Name] = t
	switch {
	case t.Legacy != nil:
		c.legacy = append(c.legacy, t.Name)
	case t.Own:
		c.own = append(c.own, t.Name)
	default:
		c.names = append(c.names, t.Name)
	}
	return nil
}

// Table finds a table by its exact name, today's or of 2018; nil if none.
func (c *Catalog) Table(name string) *Table { return c.tables[name] }

// Names lists the hunting tables of today in alphabetical order: those that a
// wildcard can name.
func (c *Catalog) Names() []string { return c.names }

// Stored lists the tables that hold rows: the hunting tables of today, then
// this program's own.
func (c *Catalog) Stored() []string { return append(c.names[:len(c.names):len(c.names)], c.own...) }

// Only is the catalog without the tables that keep refuses.
func (c *Catalog) Only(keep func(*Table) bool) *Catalog {
	kept := func(names []string) (out []string) {
		for _, n := range names {
			if keep(c.tables[n]) {
				out = append(out, n)
			}
		}
		return out
	}
	less := *c
	less.names, less.legacy, less.own, less.tables = kept(c.names), kept(c.legacy), kept(c.own), map[string]*Table{}
	for n, t := range c.tables {
		if keep(t) {
			less.tables[n] = t
		}
	}
	if c.public != nil {
		less.public = c.public.Only(keep)
	}
	return &less
}

// Public is the catalog without its private tables.
func (c *Catalog) Public() *Catalog {
	if c.public == nil {
		return c
	}
	return c.public
}

// LegacyNames lists the tables of 2018 in alphabetical order.
func (c *Catalog) LegacyNames() []string { return c.legacy }

// RenamedColumn tells today's name of a column known under an old name, for
// hints ("EventTime is called Timestamp now"). It knows only names that no
// table of today uses.
func (c *Catalog) RenamedColumn(old string) (string, bool) {
	now, ok := c.renamed[old]
	return now, ok
}

// ActionTypes lists the known ActionType values of a table in alphabetical
// order. Microsoft publishes no complete list, so a value missing here is not
// wrong; a table of 2018 has the values of its successor.
func (c *Catalog) ActionTypes(table string) []string {
	if t := c.tables[table]; t != nil && t.Legacy != nil {
		table = t.Legacy.Today.Name
	}
	return c.actions[table]
}
