package plan

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Const is a constant.
type Const struct {
	Value types.Value
	Pos   diag.Span
}

// Col is column Index of the node's input; for a join's residual, of the
// concatenation of both inputs.
type Col struct {
	Index int
	T     types.Type
	Null  bool
	Pos   diag.Span
}

// Call is a function or infix operator applied to arguments that already have
// the types its signature wants.
type Call struct {
	Fn   *fn.Spec
	Sig  *fn.Sig
	Args []Expr
	T    types.Type
	Null bool
	Pos  diag.Span
}

// Outer is what a correlated subquery is computed for, such as the key of
// partition. It has no value of its own: bind replaces every one of them when
// it makes the subquery a plan over all keys at once (ADR 0014), and no
// finished plan holds any.
type Outer struct {
	Of   int // tells the subqueries around an expression apart
	T    types.Type
	Null bool
	Pos  diag.Span
}

// ScalarQuery is toscalar: the first column of the first row, null when there
// is none.
type ScalarQuery struct {
	Node Node
	T    types.Type
	Pos  diag.Span
}

// InQuery is "x in (tabular)": X equals a value of the first column of Node.
type InQuery struct {
	X    Expr
	Node Node
	Not  bool
	Pos  diag.Span
}

// Type, Nullable and Span of the expressions.

func (e *Const) Type() types.Type       { return e.Value.Type }
func (e *Col) Type() types.Type         { return e.T }
func (e *Call) Type() types.Type        { return e.T }
func (e *Outer) Type() types.Type       { return e.T }
func (e *ScalarQuery) Type() types.Type { return e.T }
func (e *InQuery) Type() types.Type     { return types.Bool }

func (e *Const) Nullable() bool       { return e.Value.Null }
func (e *Col) Nullable() bool         { return e.Null && e.T != types.String }
func (e *Call) Nullable() bool        { return e.Null && e.T != types.String }
func (e *Outer) Nullable() bool       { return e.Null && e.T != types.String }
func (e *ScalarQuery) Nullable() bool { return e.T != types.String }
func (e *InQuery) Nullable() bool     { return false }

func (e *Const) Span() diag.Span       { return e.Pos }
func (e *Col) Span() diag.Span         { return e.Pos }
func (e *Call) Span() diag.Span        { return e.Pos }
func (e *Outer) Span() diag.Span       { return e.Pos }
func (e *ScalarQuery) Span() diag.Span { return e.Pos }
func (e *InQuery) Span() diag.Span     { return e.Pos }

func (*Const) expr()       {}
func (*Col) expr()         {}
func (*Call) expr()        {}
func (*Outer) expr()       {}
func (*ScalarQuery) expr() {}
func (*InQuery) expr()     {}
