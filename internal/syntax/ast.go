package syntax

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Node is anything in the tree.
type Node interface{ Span() diag.Span }

// At is embedded in every node and gives its span.
type At struct{ Pos diag.Span }

// Span returns the node's place in the query text.
func (a At) Span() diag.Span { return a.Pos }

// Query is a whole request: statements in order. All but the last tabular
// expression statement are usually let, set or declare statements.
type Query struct {
	At
	Statements []Statement
}

// Statement is one statement of a query.
type Statement interface {
	Node
	statement()
}

// Expr is any expression. KQL has one expression grammar for scalars and
// tables: a pipeline is an expression, and a table name is a name.
type Expr interface {
	Node
	expr()
}

// Operator is one tabular operator of a pipeline; see the files op_*.go.
type Operator interface {
	Node
	// Keyword is the operator as written (filter, order, mvexpand …).
	Keyword() string
	head() *Op
	print(*printer)
}

// Op is embedded in every operator node.
type Op struct {
	At
	Word   string
	Params []Param
}

// Keyword is the operator as written.
func (o Op) Keyword() string { return o.Word }

func (o *Op) head() *Op { return o }

// Param is one operator parameter: kind=inner, hint.strategy=shuffle,
// withsource=T. Value is a literal or a NameRef; properties of render can
// also be expressions or a NameList.
type Param struct {
	At
	Name  string
	Value Expr
}

// Name is a declared or referenced identifier, unquoted: ['a b'] has Text "a b".
type Name struct {
	At
	Text   string
	Quoted bool // was written ['…'] or ["…"]
}

// ---- statements ----

// LetStatement binds a name to a scalar, a table or a function.
type LetStatement struct {
	At
	Name  Name
	Value Expr // FunctionDecl for functions
}

// SetStatement is "set option = value".
type SetStatement struct {
	At
	Name  Name
	Value Expr // nil: "set option"
}

// AliasStatement is "alias database N = expr".
type AliasStatement struct {
	At
	Name  Name
	Value Expr
}

// RestrictStatement is "restrict access to (a, b)".
type RestrictStatement struct {
	At
	Params []Param
	To     []Expr
}

// QueryParametersStatement is "declare query_parameters(a:type = default, …)".
type QueryParametersStatement struct {
	At
	Params []FunctionParam
}

// PatternStatement is "declare pattern N = (args)[path] { … }".
type PatternStatement struct {
	At
	Name   Name
	Params []FunctionParam
	Path   *FunctionParam
	Cases  []PatternCase
}

// PatternCase is one "(values).[path] = { body }" of a pattern.
type PatternCase struct {
	At
	Args []Expr
	Path Expr
	Body FunctionBody
}

// ExprStatement is a query (or scalar) expression standing alone.
type ExprStatement struct {
	At
	X Expr
}

func (*LetStatement) statement()             {}
func (*SetStatement) statement()             {}
func (*AliasStatement) statement()           {}
func (*RestrictStatement) statement()        {}
func (*QueryParametersStatement) statement() {}
func (*PatternStatement) statement()         {}
func (*ExprStatement) statement()            {}

// ---- functions ----

// FunctionDecl is "(params) { body }", with or without the word view.
type FunctionDecl struct {
	At
	View   bool
	Params []FunctionParam
	Body   FunctionBody
}

// FunctionBody is what stands between the braces.
type FunctionBody struct {
	At
	Statements []Statement // let (and declare) statements
	X          Expr        // nil: empty body
}

// FunctionParam is "name:type = default" or "T:(col:type, …)" or "T:(*)".
type FunctionParam struct {
	At
	Name    Name
	Type    types.Type // Unknown when Tabular
	Tabular bool
	Star    bool         // T:(*)
	Columns []ColumnDecl // T:(a:string)
	Default Expr
}

// ColumnDecl is "name:type". TypeName is as written.
type ColumnDecl struct {
	At
	Name     Name
	Type     types.Type // Unknown when no type was written or it is not known
	TypeName string
}
