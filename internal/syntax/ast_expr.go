package syntax

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

// ---- expressions ----

// Literal is a constant as written. Value is typed; null literals such as
// int(null) have Value.Null. A dynamic(…) literal has compact JSON in Value.S.
type Literal struct {
	At
	Value types.Value
	Text  string // source text
	// Hidden marks an obfuscated string literal (h"…"): never logged.
	Hidden bool
	// Today marks a datetime without a date, such as datetime(8:00): Value is
	// the time since the current day began.
	Today bool
	// Malformed says why Text is no value of its type; Value is null then.
	// Binding goes on, running is refused: collections hold queries whose
	// reader is to fill in datetime("MM/DD/YYYY").
	Malformed string
}

// TypeExpr is typeof(…): a scalar type or a row schema.
type TypeExpr struct {
	At
	Type     types.Type   // typeof(string)
	TypeName string       // the scalar type as written; "" for a row schema
	Columns  []ColumnDecl // typeof(a:string, b:long)
	Star     bool         // leading or lone "*": typeof(*, a:string)
}

// NameRef is a reference to a column, variable, table or function without
// parentheses. Wildcard is set when it holds unquoted "*" (project-away a*);
// a Wildcard that is also Quoted was written [a*].
type NameRef struct {
	At
	Name     string
	Quoted   bool
	Wildcard bool
}

// Star is a lone "*".
type Star struct{ At }

// Paren is "(x)".
type Paren struct {
	At
	X Expr
}

// Unary is "-x" or "+x".
type Unary struct {
	At
	Op string
	X  Expr
}

// Binary is "x op y" for arithmetic, comparison, string and logic operators.
// Op is the canonical lower-case spelling: + - * / % == != < <= > >= =~ !~
// and or has !has has_cs !has_cs contains … "matches regex" like !like.
// "<>" is "!=", "notcontains" is "!contains".
type Binary struct {
	At
	Op   string
	OpAt diag.Span
	X, Y Expr
}

// In is "x in (a, b)" and its family: in !in in~ !in~ has_any has_all.
// One right-hand side may be tabular.
type In struct {
	At
	Op   string
	OpAt diag.Span
	X    Expr
	List []Expr
}

// Between is "x between (lo .. hi)" or "!between".
type Between struct {
	At
	Not    bool
	OpAt   diag.Span
	X      Expr
	Lo, Hi Expr
}

// Call is "name(args)". Args may be NamedExpr (named arguments), Star, or a
// pipeline in toscalar, totable and materialize. Params is only set for
// "toscalar kind=nooptimization (…)".
type Call struct {
	At
	Name   Name
	Params []Param
	Args   []Expr
}

// Path is "x.name" or "x.['name']"; also database("d").T and cluster("c").
// Member is a *NameRef or a *Call.
type Path struct {
	At
	X      Expr
	Member Expr
}

// Index is "x[i]".
type Index struct {
	At
	X, I Expr
}

// NamedExpr is "name = x" or "(a, b) = x".
type NamedExpr struct {
	At
	Names []Name
	// Tuple is set when the names were written in parentheses.
	Tuple bool
	X     Expr
}

// Ordered is "x asc nulls first" in sort, top and graph operators.
type Ordered struct {
	At
	X     Expr
	Order string // "", "asc", "desc", "granny-asc" …
	Nulls string // "", "first", "last"
}

// Pipe is "source | op | op". Source is nil inside subqueries that start with
// an operator: fork (where x | take 1), partition by k (…), mv-apply … on (…).
type Pipe struct {
	At
	Source Expr
	Ops    []Operator
}

// Source operators stand where a table is expected.

// DataTable is "datatable (a:type, …) [v, …]".
type DataTable struct {
	At
	Params  []Param
	Columns []ColumnDecl
	Values  []Expr
}

// ExternalData is "externaldata (schema) ['uri', …] with (k = v)".
type ExternalData struct {
	At
	Params  []Param
	Columns []ColumnDecl
	URIs    []Expr
	Props   []Param
}

// InlineExternalTable is "inline_external_table (schema) kind=… partition by
// (…) pathformat=(…) dataformat=… (uri, …) with (…)".
type InlineExternalTable struct {
	At
	Params      []Param // also kind and dataformat
	Columns     []ColumnDecl
	PartitionBy []FunctionParam // Default is the expression of "= …"
	PathFormat  []Expr          // names, strings and calls of datetime_pattern
	Rest        []Expr          // the addresses
	Props       []Param
}

// NameList is a list of columns as the value of a property: ycolumns=a, b.
type NameList struct {
	At
	Names []Name
}

// EntityGroup is "entity_group [a, b]".
type EntityGroup struct {
	At
	Members []Expr
}

// Bad stands where nothing sensible could be parsed; a diagnostic says why.
type Bad struct{ At }

func (*FunctionDecl) expr()        {}
func (*Literal) expr()             {}
func (*TypeExpr) expr()            {}
func (*NameRef) expr()             {}
func (*Star) expr()                {}
func (*Paren) expr()               {}
func (*Unary) expr()               {}
func (*Binary) expr()              {}
func (*In) expr()                  {}
func (*Between) expr()             {}
func (*Call) expr()                {}
func (*Path) expr()                {}
func (*Index) expr()               {}
func (*NamedExpr) expr()           {}
func (*Ordered) expr()             {}
func (*Pipe) expr()                {}
func (*DataTable) expr()           {}
func (*ExternalData) expr()        {}
func (*InlineExternalTable) expr() {}
func (*EntityGroup) expr()         {}
func (*NameList) expr()            {}
func (*Bad) expr()                 {}
