// Package plan is the small algebra that every KQL operator desugars into,
// with typed expressions. Plans are immutable; a node may be shared (a let
// used twice), so a plan is a DAG.
//
// Expressions refer to the columns of their node's input by ordinal. Names
// live only in Columns() and matter only at the end: KQL tells LogonId from
// LogonID, engines do not.
package plan

import (
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Column is one output column of a node.
type Column struct {
	Name     string
	Type     types.Type
	Nullable bool
}

// Node is one relational operator.
type Node interface {
	Columns() []Column
	Inputs() []Node
	node()
}

// Expr is a typed scalar expression over the input columns of its node.
type Expr interface {
	Type() types.Type
	Nullable() bool
	Span() diag.Span
	expr()
}

type cols struct{ Out []Column }

// Columns are the node's output columns.
func (c cols) Columns() []Column { return c.Out }
func (cols) node()               {}

// Scan reads a catalog table. Its columns are all of the table's, in order;
// Table.Legacy tables read their successor under old names.
type Scan struct {
	cols
	Table *catalog.Table
	// Bounds is set by guard alone: which rows the query may see. lower
	// refuses a scan without it.
	Bounds *Bounds
	Pos    diag.Span
}

// Bounds are the limits of a scan: both ends inclusive, in ticks.
type Bounds struct{ From, To int64 }

// Values is a constant table, row by row. No columns and one row is allowed:
// the source of print and range.
type Values struct {
	cols
	Rows [][]types.Value
}

// Filter keeps the rows for which Cond is true.
type Filter struct {
	cols
	Input Node
	Cond  Expr
	// Fence says that nothing above may be computed of a row before Cond let
	// it through: guard hides rows of which not even an error may tell.
	Fence bool
}

// Project computes Exprs[i] as column i. extend, project and its relatives,
// print and getschema all are projections.
type Project struct {
	cols
	Input Node
	Exprs []Expr
}

// Aggregate groups by Keys and computes Aggs; output columns are the keys,
// then the aggregates. With no keys there is exactly one group.
type Aggregate struct {
	cols
	Input Node
	Keys  []Expr
	Aggs  []*Agg
}

// Agg is one aggregate call. Row picks (arg_max, arg_min, take_any) that
// belong to one call in the query carry the same Pick number (> 0): all of
// them must come from the same row; Args[0] is then the ranking expression
// (none for take_any) and the last argument the value.
type Agg struct {
	Fn   *fn.Spec
	Sig  *fn.Sig
	Args []Expr
	Pick int
	Ret  types.Type
	Pos  diag.Span
}

// Distinct keeps one of each row.
type Distinct struct {
	cols
	Input Node
}

// Sort orders rows. The order is kept by Project, Filter, Limit and Window
// above it.
type Sort struct {
	cols
	Input Node
	Keys  []SortKey
	// Total says that the keys tell all rows apart: the order that rows had
	// before does not matter.
	Total bool
}

// SortKey is one ordering expression.
type SortKey struct {
	X          Expr
	Desc       bool
	NullsFirst bool
}

// Limit keeps the first N rows (any N when the input has no order).
type Limit struct {
	cols
	Input Node
	N     Expr
}

// JoinKind is the kind of a Join.
type JoinKind uint8

// The join kinds of KQL.
const (
	InnerUnique JoinKind = iota
	Inner
	LeftOuter
	RightOuter
	FullOuter
	LeftSemi
	RightSemi
	LeftAnti
	RightAnti
)

// Join pairs rows whose keys are equal (null equals null). Output: all
// columns of Left then all of Right for the inner and outer kinds; of one
// side for semi and anti. Drop lists right ordinals left out (lookup).
type Join struct {
	cols
	Kind        JoinKind
	Left, Right Node
	LeftKeys    []Expr // over Left
	RightKeys   []Expr // over Right
	// Residual, when set, is a further condition over the concatenated
	// columns of both sides.
	Residual Expr
	// DropRight lists the ordinals of Right that are not output.
	DropRight []int
}

// Union concatenates inputs that already have the same columns in the same
// order (bind projects them so).
type Union struct {
	cols
	Ins []Node
}

// Unnest pairs each input row with the items of the lists that Items compute
// (zipped; shorter lists give nulls). Output: input columns, then one per
// item, then the item index when WithIndex.
type Unnest struct {
	cols
	Input     Node
	Items     []Expr // list-typed
	KeepEmpty bool   // a row whose lists are all empty gives one row of nulls
	WithIndex bool   // zero-based index as the last column, long
	Limit     Expr   // nil: no limit of items per row
}

// Window adds columns computed over the input's row order, for each group of
// rows with the same Partition by itself.
type Window struct {
	cols
	Input     Node
	Calls     []*WindowCall
	Partition []Expr
	// Any says that any order of rows will do: the calls only number them.
	Any bool
}

// WindowCall is one window function over the rows in order.
type WindowCall struct {
	Fn   *fn.Spec
	Sig  *fn.Sig
	Args []Expr
	Ret  types.Type
	Pos  diag.Span
}

// Inputs are the nodes below.
func (*Scan) Inputs() []Node        { return nil }
func (*Values) Inputs() []Node      { return nil }
func (n *Filter) Inputs() []Node    { return []Node{n.Input} }
func (n *Project) Inputs() []Node   { return []Node{n.Input} }
func (n *Aggregate) Inputs() []Node { return []Node{n.Input} }
func (n *Distinct) Inputs() []Node  { return []Node{n.Input} }
func (n *Sort) Inputs() []Node      { return []Node{n.Input} }
func (n *Limit) Inputs() []Node     { return []Node{n.Input} }
func (n *Join) Inputs() []Node      { return []Node{n.Left, n.Right} }
func (n *Union) Inputs() []Node     { return n.Ins }
func (n *Unnest) Inputs() []Node    { return []Node{n.Input} }
func (n *Window) Inputs() []Node    { return []Node{n.Input} }

// NewLimit caps the rows of in.
func NewLimit(in Node, n Expr) *Limit {
	l := &Limit{Input: in, N: n}
	l.Out = in.Columns()
	return l
}

// NewFilter keeps the rows of in for which cond is true.
func NewFilter(in Node, cond Expr) *Filter {
	f := &Filter{Input: in, Cond: cond}
	f.Out = in.Columns()
	return f
}
