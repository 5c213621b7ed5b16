// Package graph holds the graph operators of KQL: make-graph builds a property
// graph out of tables, and graph-match, graph-shortest-paths and graph-to-table
// make tables out of it again.
//
// A graph exists within one operator's run. The binder collects what happens to
// it, from make-graph to the operator that leaves it, in one Op: its inputs are
// the edges, the tables of nodes and, where expressions ask for them, one row of
// values computed beforehand. Rows are read into vectors, nodes get numbers in
// the order of their first mention, and edges become adjacency lists.
//
// Expressions over a pattern are compiled (package eval) over a row of slots; a
// Ref says what a slot holds: a property of a variable's node or edge, a degree,
// or what all(), any() and map() make of a variable length edge. Conditions on
// one variable alone are computed for all nodes or edges at once before the
// search, the others as soon as their variables are bound.
//
// A search can take time and memory without bounds, so it counts its steps and
// gives up with an error that says what to restrict.
package graph

import (
	"context"
	"fmt"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Op is a pipeline of graph operators: exactly one of Match and Table is set.
type Op struct {
	Word  string // the last operator's name
	Build Build
	Steps []Step
	Match *Match
	Table *Table
	// Parameters are the types of the values of the last input; none: there
	// is no such input.
	Parameters []types.Type
}

// Build is make-graph. Input 0 are the edges; their properties are the first
// Edges columns. Inputs 1 … are the tables of nodes.
type Build struct {
	Edges          int
	Source, Target int // columns of the edges that hold the keys
	Partition      int // column of the edges whose values tell graphs apart; -1
	Key            types.Type
	Props          []types.Type // properties of nodes
	// IDs are the properties that hold a node's key; nodes known from edges
	// alone have no others.
	IDs    []int
	Tables []NodeTable
}

// NodeTable is a table of nodes: column i is property Place[i], or none (-1).
type NodeTable struct {
	Key, Partition int
	Place          []int
}

// Step is an operator between make-graph and the end; one field is set.
// Conditions are over the properties, then the parameters.
type Step struct {
	Components *Components
	Nodes      *eval.Prog // graph-where-nodes
	Edges      *eval.Prog // graph-where-edges
}

// Components is graph-mark-components: it adds a property to the nodes.
type Components struct{ Strong bool }

// Table is graph-to-table. Hash computes the id of a node from its key.
type Table struct {
	Nodes bool // nodes with their id first when WithID; else edges
	// WithID adds the node's id, WithSource and WithTarget those of an
	// edge's ends.
	WithID, WithSource, WithTarget bool
	Hash                           *eval.Prog
}

// Name is the operator's name.
func (o *Op) Name() string { return o.Word }

// Ordered: a graph has no order.
func (*Op) Ordered(int) bool { return false }

// Run builds the graph and leaves it.
func (o *Op) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	var params []types.Value
	if len(o.Parameters) > 0 {
		b, err := plan.ReadAll(ctx, in[len(in)-1])
		if err != nil {
			return err
		}
		for i, t := range o.Parameters {
			v := types.Null(t)
			if b.N > 0 {
				v = b.Cols[i].Value(0)
			}
			params = append(params, v)
		}
	}
	g, err := o.Build.build(ctx, in)
	if err != nil {
		return err
	}
	for _, s := range o.Steps {
		if err := g.step(s, params); err != nil {
			return err
		}
	}
	switch {
	case o.Table != nil:
		return g.table(ctx, o.Table, out)
	case o.Match != nil:
		g.connect()
		return g.match(ctx, o, params, out)
	}
	return fmt.Errorf("graph: %s makes no table", o.Word)
}

// step changes the graph.
func (g *graph) step(s Step, params []types.Value) error {
	switch {
	case s.Components != nil:
		g.components(s.Components.Strong)
	case s.Nodes != nil:
		keep, err := filter(s.Nodes, g.nodes, g.props, params)
		if err != nil {
			return err
		}
		g.nodeGone = without(g.nodeGone, keep)
		for e := range g.source {
			if g.nodeGone[g.source[e]] || g.nodeGone[g.target[e]] {
				g.dropEdge(e)
			}
		}
	case s.Edges != nil:
		keep, err := filter(s.Edges, len(g.source), g.edgeProps, params)
		if err != nil {
			return err
		}
		for e, ok := range keep {
			if !ok {
				g.dropEdge(e)
			}
		}
	}
	return nil
}

func filter(p *eval.Prog, n int, props []*types.Vector, params []types.Value) ([]bool, error) {
	cols := append([]*types.Vector{}, props...)
	for _, v := range params {
		cols = append(cols, repeated(v, n))
	}
	return p.Filter(n, cols)
}

// repeated is a column of n times the same value.
func repeated(x types.Value, n int) *types.Vector {
	v := types.NewVector(x.Type, n)
	for i := range n {
		v.Set(i, x)
	}
	return v
}

func without(gone, keep []bool) []bool {
	if gone == nil {
		gone = make([]bool, len(keep))
	}
	for i, ok := range keep {
		gone[i] = gone[i] || !ok
	}
	return gone
}
