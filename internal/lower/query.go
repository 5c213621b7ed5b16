// Package lower turns a guarded plan into SQL of one dialect.
//
// Every plan node becomes one common table expression whose columns are
// c0, c1 …; names of KQL never reach an engine. A call becomes the SQL of its
// row in the function table where there is one, and a native function that
// runs the row's Go meaning otherwise.
//
// A Go operator ends a statement: the plans below it become statements of
// their own, whose rows it turns into a temporary relation that the statement
// above reads. See Stage.
package lower

import (
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/sqlx"
)

// Query is one statement for an engine, and the stages that run before it.
type Query struct {
	SQL     string
	Columns []plan.Column
	// Natives are the functions the engine must provide before it runs SQL.
	Natives []fn.Native
	// Stages run before, in this order, within the same session.
	Stages []Stage
}

// Stage is a Go operator. Its inputs are statements without stages of their
// own, which may read the relations of earlier stages; its rows become the
// temporary relation Table, with column c0, c1 … for each of Columns and their
// number, from 0, as column o.
type Stage struct {
	Op      plan.RowOp
	Inputs  []Query
	Table   string
	Columns []plan.Column
}

// Relation is one stored table of rows, e.g. one day of a hunting table. Its
// column i is named "c<i>" and belongs to catalog column i; it may hold fewer
// columns than the catalog does now (the rest are null).
type Relation struct {
	Name    string // ready for use in FROM
	Columns int
}

// Target is an engine as seen from here.
type Target interface {
	Dialect() *sqlx.Dialect
	// Relations lists what holds the rows of t between two datetimes
	// (inclusive ticks), possibly with rows outside.
	Relations(t *catalog.Table, from, to int64) []Relation
	// Stage names the temporary relation of a stage, ready for use in FROM.
	Stage(table string) string
}

// Unsupported is a plan that this target cannot express; it is an answer for
// the user, not a fault.
type Unsupported struct {
	What string
	Why  string    // "": not supported
	Pos  diag.Span // of what is not supported; zero when unknown
}

func (u *Unsupported) Error() string {
	if u.Why != "" {
		return u.What + ": " + u.Why
	}
	return u.What + " is not supported"
}
