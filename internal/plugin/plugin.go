// Package plugin is the table of evaluate's plugins: one row each, beside its
// meaning where it runs in Go.
//
// A row says what a plugin is called, what it takes, in the notation of the
// function table, and what the reference page shows as examples, which the
// tests run. Three kinds of plugins exist. Those that are plain relational
// algebra (pivot, preview, rolling_percentile) have a row only: package bind
// desugars them, and the engine does the work. Those that go through rows in
// ways algebra does not say (sequence_detect, basket) are a plan.RowOp of this
// package; bind lets the engine filter and group as much as it can before rows
// come here. The rest call out of the service or run foreign code: they are
// known, and refused with the reason.
package plugin

import (
	"fmt"
	"slices"
	"sync"

	"github.com/harrier-hunting/harrier/internal/fn"
)

// Spec is one plugin.
type Spec struct {
	Name string
	Doc  string // one line
	Ref  string // page of the public reference, without folder and ".md"
	// Sigs are the overloads in the notation of the function table. A "col"
	// parameter takes the name of a column, "tabular" a table, "agg" a call of
	// an aggregate. Arguments may be given by a parameter's name.
	Sigs []string
	// Refused says why the plugin is never run.
	Refused string
	// Caution words a warning where answers may differ from the engine's.
	Caution string
	// Fetches tells that it asks other hosts: its examples are compiled only.
	Fetches  bool
	Examples []Example

	parsed []*fn.Signature
}

// Example is a query and the rows it gives, as JSON arrays, one a line.
type Example struct{ KQL, Rows string }

// Signatures are the parsed overloads.
func (s *Spec) Signatures() []*fn.Signature { return s.parsed }

// Table is all plugins by name.
type Table struct {
	specs []*Spec
	index map[string]*Spec
}

// Builtin is the table of every row in this package.
var Builtin = sync.OnceValues(func() (*Table, error) { return newTable(rows()) })

func newTable(rows []Spec) (*Table, error) {
	t := &Table{index: map[string]*Spec{}}
	for i := range rows {
		s := rows[i]
		for _, decl := range s.Sigs {
			p, err := fn.ParseSignature(decl)
			if err != nil {
				return nil, fmt.Errorf("plugin %s: %w", s.Name, err)
			}
			s.parsed = append(s.parsed, p)
		}
		if t.index[s.Name] != nil {
			return nil, fmt.Errorf("plugin %s: two rows have this name", s.Name)
		}
		t.index[s.Name] = &s
		t.specs = append(t.specs, &s)
	}
	return t, nil
}

// Lookup finds a plugin by its exact name, or nil.
func (t *Table) Lookup(name string) *Spec { return t.index[name] }

// Specs lists all plugins in table order.
func (t *Table) Specs() []*Spec { return t.specs }

// Names lists the plugins that run, sorted.
func (t *Table) Names() []string {
	var names []string
	for _, s := range t.specs {
		if s.Refused == "" {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	return names
}

// rows lists every plugin.
func rows() []Spec {
	return slices.Concat(refusedRows, []Spec{storageSchema}, shapeRows, lookupRows, usageRows, sequenceRows, patternRows)
}
