// Package bind gives a syntax tree its meaning: names become columns, tables
// and functions; every expression gets its static type; every operator
// desugars into the small algebra of package plan.
//
// One operator is one file op_<name>.go with one function
//
//	func (b *binder) bindX(in rel, op *syntax.XOp, c ctx) rel
//
// registered in operators.go. After a mistake binding goes on with an unknown
// type that every check accepts, so one run reports several mistakes and each
// of them once.
//
// The rules follow the recorded answers of the real engine first, Kusto's
// documentation second, and Microsoft's own binder third. Messages are worded
// as Kusto words them, because clients match on them.
package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/external"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Env is what a query is bound against.
type Env struct {
	Catalog *catalog.Catalog
	Fns     *fn.Table
	// Now is the query's clock in ticks; now() and ago() fold to it.
	Now int64
	// Database is the name under which queries may name this service's own
	// tables, as in database("…").T; "" is Harrier.
	Database string
	// Parameters are the values of declared query parameters, as literals of
	// KQL; a string may also be bare.
	Parameters map[string]string
	// Options are the request's own, which mean what set statements mean; a
	// set statement in the text counts more.
	Options map[string]string
	// Given are tables that come with the request, by name.
	Given map[string]Given
	// Compat shows tables as Log Analytics does; see compatible.
	Compat bool
	// Functions finds the tenant's stored functions; nil when it has none.
	Functions func(name string) (catalog.Function, bool)
	// External fetches the files of externaldata; nil refuses to.
	External *external.Fetcher
	// Caller and Endpoint are what current_principal(),
	// current_cluster_endpoint() and their relatives tell.
	Caller   Caller
	Endpoint string
	// Probes are the answers to the probes met so far; see Bound.Probe.
	Probes []*types.Batch
}

// Bound is a bound query.
type Bound struct {
	Node plan.Node
	// Results are what the query answers with, in the order of its text: one
	// for each tabular statement, or several where that ends in fork or facet.
	// Node is the first one's.
	Results []Result
	// Tables are the catalog tables read, in order of first mention.
	Tables []string
	// Blocked are the reasons why the query, which is bound, cannot run.
	Blocked diag.List
	// Probe, when set, is a query whose rows decide on columns: the bound
	// plan is only good for checking until the query is bound again with
	// these rows added to Env.Probes.
	Probe plan.Node
}

// Result is one table of a query's answer.
type Result struct {
	Name   string // what as or a branch of fork calls it, or ""
	Node   plan.Node
	Render *Render // how it asks to be drawn, or nil
}

// Render is the visualization a query asks for: metadata only.
type Render struct {
	Chart string
	Props map[string]string
}

type binder struct {
	env       Env
	diags     diag.List
	blocked   diag.List
	nodes     int // plan nodes and rows so far
	exprs     int // nodes of expressions that variables stood for
	columns   int // columns of all operators' tables
	tabular   map[*syntax.FunctionDecl]bool
	depth     int // of functions calling functions
	exprDepth int
	render    *Render
	several   []*severalResults // operators whose further results nobody has taken
	tables    []string
	seen      map[string]bool // tables already listed
	aliases   map[string]bool // names that alias database gave the own one
	missing   missing
	set       settings
	tooBig    bool      // the size limit was reported
	probes    int       // probes met
	pending   plan.Node // the first without an answer
	before    int       // diagnostics before that one
	guessed   *[]string // names taken for columns of the open table at hand

	storedFuns map[string]*variable // stored functions by name, nil for none
	calledAt   *diag.Span           // the call of the stored function being bound
}

// Bind binds a parsed query. The node is nil when the query has errors.
func Bind(q *syntax.Query, env Env) (Bound, diag.List) {
	b := &binder{env: env, seen: map[string]bool{}}
	sc := &scope{stored: b.stored}
	b.give(sc)
	b.options()
	var results []Result
	for i, s := range q.Statements {
		switch s := s.(type) {
		case *syntax.ExprStatement:
			b.render = nil
			r, ok := b.queryStatement(s, sc)
			if ok && (i == len(q.Statements)-1 || !namesTables(s)) {
				results = b.answered(results, r)
			}
		default:
			b.statement(s, sc)
		}
	}
	return b.bound(q, results)
}

// answered adds a statement's results to those before.
func (b *binder) answered(results []Result, r rel) []Result {
	results = append(results, Result{r.name, r.node, b.render})
	if r.several != nil {
		for _, o := range r.several.others {
			if o.node != nil {
				results = append(results, Result{o.name, o.node, b.render})
			}
		}
		b.several = slices.DeleteFunc(b.several, func(s *severalResults) bool { return s == r.several })
	}
	return results
}

// bound makes the answer. Clients of a contract with one result see the first.
func (b *binder) bound(q *syntax.Query, results []Result) (Bound, diag.List) {
	var first Result
	if len(results) > 0 {
		first = results[0]
	}
	if b.pending != nil {
		return b.unanswered(first.Node), b.diags
	}
	b.reportMissing()
	if len(results) == 0 && b.diags.Err() == nil {
		b.fail(q.Span(), "SEM0001", "The query has no tabular expression statement to answer with",
			"end the query with a table, e.g. DeviceProcessEvents | take 10")
	}
	if b.diags.Err() != nil || first.Node == nil {
		for _, d := range b.blocked {
			b.diags.Add(d)
		}
		return Bound{}, b.diags
	}
	if len(results) > 1 {
		b.warn(q.Span(), SeveralResults, fmt.Sprintf("The query has %d results; the answer is the first of them", len(results)), "ask for the others in queries of their own")
	}
	b.onlyFirst()
	if b.set.maxRecords != nil {
		for i, r := range results {
			results[i].Node = b.limit(r.Node, b.set.maxRecords)
		}
	}
	return Bound{Node: results[0].Node, Results: results, Tables: b.tables, Blocked: b.blocked}, b.diags
}

// namesTables reports a statement that is there for the tables it names:
// graph-to-table … as N, … as E.
func namesTables(s *syntax.ExprStatement) bool {
	p, ok := s.X.(*syntax.Pipe)
	if !ok || len(p.Ops) == 0 {
		return false
	}
	_, ok = p.Ops[len(p.Ops)-1].(*syntax.GraphToTableOp)
	return ok
}

// queryStatement binds an expression statement: a table, or a scalar, which
// the engine answers as a table of one row (print).
func (b *binder) queryStatement(s *syntax.ExprStatement, sc *scope) (rel, bool) {
	c := ctx{sc: sc}
	if b.isTabular(s.X, sc) {
		r := b.table(s.X, c)
		return r, r.node != nil
	}
	x := b.expr(s.X, c)
	if x.Type() == types.Unknown {
		return rel{}, false
	}
	one := b.values(nil, [][]types.Value{{}})
	col := plan.Column{Name: "print_0", Type: x.Type(), Nullable: x.Nullable()}
	return rel{node: b.project(one, []plan.Column{col}, []plan.Expr{x})}, true
}

// rel is a bound tabular expression.
type rel struct {
	node plan.Node // nil after an error whose columns are unknown
	// graph is set instead of node for a graph.
	graph *graphRel
	// name is what "as" called the table, or "".
	name string
	// ordered tells that rows have an order window functions may use.
	ordered bool
	// open is set when an error left the columns unknown: names resolve to
	// Unknown without further complaint.
	open bool
	// closed is the operator after which none can come (fork, facet), or "".
	closed string
	// several are the results of that operator beside this one, or nil.
	several *severalResults
}

func (r rel) cols() []plan.Column {
	if r.node == nil {
		return nil
	}
	return r.node.Columns()
}

// ctx is where an expression stands.
type ctx struct {
	sc *scope
	// row are the columns in reach, nil where there are none.
	row  []plan.Column
	open bool // an earlier error left the row's columns unknown
	// rowID tells rows apart: an expression over one row may not be used
	// over another.
	rowID int
	op    string // keyword of the operator, for messages
	agg   *aggregates
	win   *windows
	names names // added by the operator: steps of scan, variables of a graph pattern
	// join: $left and $right.
	left, right []plan.Column
	// tuple: several columns may come out of one expression here.
	bare bool
	// search is set in the condition of search and find.
	search *searching
}

// over is the context of expressions over the rows of r in operator op.
func (b *binder) over(r rel, c ctx, op syntax.Operator) ctx {
	b.nodes++
	return ctx{sc: c.sc, row: r.cols(), open: r.open || r.node == nil, rowID: b.nodes, op: op.Keyword()}
}

// ---- diagnostics ----

func (b *binder) fail(at diag.Span, code, message, hint string) {
	b.diags.Add(diag.Diagnostic{Kind: diag.Semantic, Code: code, Message: message, Hint: hint, Span: at})
}

// block keeps a query that binds from running.
func (b *binder) block(at diag.Span, kind diag.Kind, code, message, hint string) {
	b.blocked.Add(diag.Diagnostic{Kind: kind, Code: code, Message: message, Hint: hint, Span: b.place(at)})
}

// inOp words a message as Kusto does: 'where' operator: ….
func (c ctx) inOp(message string) string {
	if c.op == "" {
		return message
	}
	return "'" + c.op + "' operator: " + message
}

func (b *binder) unsupported(at diag.Span, what, hint string) {
	b.diags.Add(diag.Diagnostic{Kind: diag.Unsupported, Code: "HRR0001",
		Message: what + " is not supported", Hint: hint, Span: at})
}

func (b *binder) warn(at diag.Span, code, message, hint string) {
	b.diags.Add(diag.Diagnostic{Kind: diag.Warning, Code: code, Message: message, Hint: hint, Span: at})
}

// badExpr stands for an expression that failed; it has the unknown type.
func badExpr(at diag.Span) plan.Expr { return &plan.Const{Pos: at} }
