package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/graph"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// graphRel is a graph between make-graph and the operator that leaves it: a
// thing of the binder alone. What leaves it is one Go operator over the edges
// and the tables of nodes (ADR 0015).
type graphRel struct {
	edges    plan.Node
	edgeCols []plan.Column
	tables   []plan.Node
	nodeCols []plan.Column
	build    graph.Build
	steps    []graph.Step
	params   parameters
	// usedEdge and usedNode are the properties that somebody reads.
	usedEdge, usedNode map[int]bool
}

// derived is a copy that may be changed: a graph with a name has several
// readers.
func (g *graphRel) derived() *graphRel {
	d := *g
	d.steps, d.params.queries = slices.Clone(g.steps), slices.Clone(g.params.queries)
	d.nodeCols = slices.Clone(g.nodeCols)
	d.usedEdge, d.usedNode = map[int]bool{}, map[int]bool{}
	for i := range g.usedEdge {
		d.usedEdge[i] = true
	}
	for i := range g.usedNode {
		d.usedNode[i] = true
	}
	return &d
}

// useAll marks every property as read.
func (g *graphRel) useAll() {
	for i := range g.edgeCols {
		g.usedEdge[i] = true
	}
	for i := range g.nodeCols {
		g.usedNode[i] = true
	}
}

// graphOperator dispatches the operators that take a graph.
func (b *binder) graphOperator(in rel, op syntax.Operator, c ctx) rel {
	g := in.graph.derived()
	switch op := op.(type) {
	case *syntax.GraphMatchOp:
		return b.bindGraphMatch(g, op, graph.NotShortest, c)
	case *syntax.GraphShortestPathsOp:
		return b.bindShortestPaths(g, op, c)
	case *syntax.GraphToTableOp:
		return b.bindGraphToTable(g, op, c)
	case *syntax.GraphMarkComponentsOp:
		return b.bindMarkComponents(g, op, c)
	case *syntax.GraphWhereOp:
		return b.bindGraphWhere(g, op, c)
	case *syntax.AsOp:
		named := in
		c.sc.set(op.Name.Text, &variable{rel: &named})
		return in
	}
	b.fail(op.Span(), "SEM0100", fmt.Sprintf("'%s' operator: a table is expected before it, but this is a graph", op.Keyword()),
		"make a table of it first: graph-match … project …, or graph-to-table")
	return rel{open: true}
}

// wantsGraph refuses a graph operator over a table.
func (b *binder) wantsGraph(op syntax.Operator) rel {
	b.fail(op.Span(), "SEM0100", fmt.Sprintf("'%s' operator: a graph is expected before it", op.Keyword()), "build one with make-graph")
	return rel{open: true}
}

// node makes the plan of an operator that leaves the graph. Properties that
// nobody reads are not fetched.
func (b *binder) graphNode(g *graphRel, o *graph.Op, out []plan.Column, at diag.Span) plan.Node {
	o.Build, o.Steps = g.build, g.steps
	ins := []plan.Node{b.onlyUsed(g.edges, func(i int) bool { return i >= len(g.edgeCols) || g.usedEdge[i] }, at)}
	for k, t := range g.tables {
		place := g.build.Tables[k].Place
		ins = append(ins, b.onlyUsed(t, func(i int) bool { return i >= len(place) || g.usedNode[place[i]] }, at))
	}
	if p := g.params.node(b); p != nil {
		for _, q := range g.params.queries {
			o.Parameters = append(o.Parameters, q.T)
		}
		ins = append(ins, p)
	}
	return plan.NewGoOp(o, out, at, ins...)
}

// onlyUsed puts nulls in the place of columns that nobody reads.
func (b *binder) onlyUsed(in plan.Node, used func(int) bool, at diag.Span) plan.Node {
	cols := slices.Clone(in.Columns())
	exprs := make([]plan.Expr, len(cols))
	all := true
	for i, col := range cols {
		if used(i) {
			exprs[i] = colRef(in.Columns(), i)
			continue
		}
		all = false
		exprs[i] = &plan.Const{Value: types.Null(col.Type), Pos: at}
		cols[i].Nullable = !col.Type.NeverNull()
	}
	if all {
		return in
	}
	return b.project(in, cols, exprs)
}

// nodeText and nodeHash compute the id of a node from its key: as text for
// node_id(), as a number for graph-to-table.
func (b *binder) nodeText(g *graphRel, at diag.Span) *eval.Prog {
	key := &plan.Col{T: g.build.Key, Null: true, Pos: at}
	return b.compiled(b.cast(key, types.String, at), ctx{}, nil)
}

// nodeHash: the recorded ids are the xxHash64 of the key's text. What they are
// for other keys is not recorded.
func (b *binder) nodeHash(g *graphRel, at diag.Span, c ctx) *eval.Prog {
	s := b.env.Fns.Lookup(fn.Scalar, "hash")
	if g.build.Key != types.String || s == nil {
		b.unsupported(at, c.inOp("The id of a node whose key is "+g.build.Key.String()), "build the graph over text: extend the edges with tostring(…) of the keys")
		return nil
	}
	return b.compiled(b.apply(s, []plan.Expr{&plan.Col{T: types.String, Pos: at}}, at, c), c, nil)
}
