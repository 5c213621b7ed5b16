// Package support tells what of KQL runs here, and how: the source of the
// reference pages, of docs/support.json and of GET /api/harrier/support.
//
// Nothing in it is claimed. Functions, aggregates, infix operators, window
// functions and plugins are the rows of their tables. Operators, statements
// and kinds of join have an example query each, which is compiled down to
// statements for an engine: what the compiler refuses is refused here too,
// with its reason. A name that Kusto documents and no table has is looked up
// the same way, by compiling a call of it.
package support

import (
	"bytes"
	"encoding/json"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/external"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

// State tells how something runs on an engine.
type State string

//go:generate go run ./gen -to ../../docs

// The states on DuckDB.
const (
	SQL     State = "sql" // the engine's own SQL, where the arguments allow it
	Go      State = "go"  // Go code that the engine calls, or that takes rows from it
	Refused State = "refused"
)

// The states on ClickHouse, which is not an engine yet.
const (
	Planned State = "planned"
	None    State = "none"
)

// Row is one operator, function or other element of the language.
type Row struct {
	Name       string      `json:"name"`
	Kind       string      `json:"kind"`
	Family     string      `json:"family,omitempty"`
	Aliases    []string    `json:"aliases,omitempty"`
	Doc        string      `json:"doc,omitempty"`
	Signatures []Signature `json:"signatures,omitempty"`
	DuckDB     State       `json:"duckdb"`
	ClickHouse State       `json:"clickhouse"`
	// Reason says why it is refused.
	Reason string `json:"reason,omitempty"`
	// Precision is set where Kusto estimates: exact or approximate, and how.
	Precision string    `json:"precision,omitempty"`
	Examples  []Example `json:"examples,omitempty"`
	// Source is the page of Kusto's reference.
	Source string `json:"source,omitempty"`
}

// Signature is one overload.
type Signature struct {
	Text   string `json:"text"`
	DuckDB State  `json:"duckdb"`
}

// Example is an expression or a query, and its value if it has one.
type Example struct {
	KQL   string `json:"kql"`
	Value string `json:"value,omitempty"`
}

// The kinds of rows, in the order of the matrix.
const (
	kindOperator  = "operator"
	kindStatement = "statement"
	kindJoin      = "join kind"
	kindScalar    = "scalar"
	kindInfix     = "infix"
	kindAggregate = "aggregate"
	kindWindow    = "window"
	kindPlugin    = "plugin"
)

// Matrix is everything.
type Matrix struct {
	Rows  []Row  `json:"rows"`
	rules []byte // the page of check's rules
}

// Builtin is the matrix of this program.
var Builtin = sync.OnceValues(func() (*Matrix, error) {
	env, err := environment()
	if err != nil {
		return nil, err
	}
	p, fns := prober{env}, env.Fns
	m := &Matrix{rules: rulesPage(env)}
	if err := m.addExamples(p); err != nil {
		return nil, err
	}
	m.addFunctions(fns)
	if err := m.addPlugins(p); err != nil {
		return nil, err
	}
	if err := m.addKnown(p, fns); err != nil {
		return nil, err
	}
	for i := range m.Rows {
		m.Rows[i].ClickHouse = Planned
		if m.Rows[i].DuckDB == Refused {
			m.Rows[i].ClickHouse = None
		}
	}
	return m, nil
})

// environment is what examples are compiled against: a fixed clock, and a host
// to fetch from that no query here reaches.
func environment() (bind.Env, error) {
	cat, err := catalog.Builtin()
	if err != nil {
		return bind.Env{}, err
	}
	fns, err := fn.Builtin()
	if err != nil {
		return bind.Env{}, err
	}
	return bind.Env{Catalog: cat, Fns: fns, Now: types.TicksOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)),
		External: external.New(external.Config{Hosts: []string{"example.org"}})}, nil
}

// Select keeps the rows of a kind, a name, or both; "" is any.
func (m *Matrix) Select(kind, name string) *Matrix {
	if kind == "" && name == "" {
		return m
	}
	out := &Matrix{Rows: []Row{}}
	for _, r := range m.Rows {
		if (kind == "" || r.Kind == kind) && (name == "" || r.Name == name) {
			out.Rows = append(out.Rows, r)
		}
	}
	return out
}

// JSON writes the matrix one row a line, so that changes of it read well.
func (m *Matrix) JSON() ([]byte, error) {
	out := bytes.NewBufferString("{\"rows\":[\n")
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for i, r := range m.Rows {
		if i > 0 {
			out.Truncate(out.Len() - 1)
			out.WriteString(",\n")
		}
		if err := enc.Encode(r); err != nil {
			return nil, err
		}
	}
	out.WriteString("]}\n")
	return out.Bytes(), nil
}
