package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/graph"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindGraphToTable: the nodes or the edges, or both under names.
func (b *binder) bindGraphToTable(g *graphRel, op *syntax.GraphToTableOp, c ctx) rel {
	oc := ctx{sc: c.sc, op: op.Keyword()}
	g.useAll()
	if n := len(op.Outputs); n > 2 || n == 2 && op.Outputs[0].Word == op.Outputs[1].Word {
		b.fail(op.Span(), "SEM0100", oc.inOp("nodes, edges, or both of them once are expected"), "")
		return rel{open: true}
	}
	var first rel
	for i, o := range op.Outputs {
		if len(op.Outputs) > 1 && o.As == nil {
			b.fail(o.Span(), "SEM0100", oc.inOp("several outputs need names"), "write "+o.Word+" as <name>")
			return rel{open: true}
		}
		r := b.graphOutput(g, o, oc)
		if o.As != nil && r.node != nil {
			r.name = o.As.Text
			named := r
			c.sc.set(o.As.Text, &variable{rel: &named})
		}
		if i == 0 {
			first = r
		}
	}
	return first
}

func (b *binder) graphOutput(g *graphRel, o syntax.GraphToTableOutput, c ctx) rel {
	t := &graph.Table{Nodes: o.Word == "nodes"}
	var cols []plan.Column
	id := func(param string) bool {
		name := paramText(o.Params, param)
		if name == "" {
			return false
		}
		cols = append(cols, plan.Column{Name: name, Type: types.Long, Nullable: true})
		return true
	}
	if t.Nodes {
		t.WithID = id("with_node_id")
		cols = append(cols, g.nodeCols...)
	} else {
		t.WithSource, t.WithTarget = id("with_source_id"), id("with_target_id")
		cols = append(cols, g.edgeCols...)
	}
	if t.WithID || t.WithSource || t.WithTarget {
		if t.Hash = b.nodeHash(g, o.Span(), c); t.Hash == nil {
			return rel{open: true}
		}
	}
	if len(cols) == 0 {
		b.unsupported(o.Span(), c.inOp("A table of nodes without properties"), "give them one: make-graph … with_node_id=name")
		return rel{open: true}
	}
	for i, col := range cols {
		if findColumn(cols, col.Name) < i {
			b.fail(o.Span(), "SEM0171", c.inOp(fmt.Sprintf("A column with the name '%s' is already declared.", col.Name)), "give the id another name")
			return rel{open: true}
		}
	}
	return rel{node: b.graphNode(g, &graph.Op{Word: "graph-to-table", Table: t}, cols, o.Span())}
}

// bindMarkComponents adds the number of its component to every node.
func (b *binder) bindMarkComponents(g *graphRel, op *syntax.GraphMarkComponentsOp, c ctx) rel {
	oc := ctx{sc: c.sc, op: op.Keyword()}
	kind, name := paramText(op.Params, "kind"), paramText(op.Params, "with_component_id")
	if kind != "" && kind != "weak" && kind != "strong" {
		b.fail(op.Span(), "SEM0100", oc.inOp("kind must be weak or strong, not "+kind), "")
		return rel{open: true}
	}
	if name == "" {
		name = "ComponentId"
	}
	if findColumn(g.nodeCols, name) >= 0 {
		b.fail(op.Span(), "SEM0171", oc.inOp(fmt.Sprintf("A column with the name '%s' is already declared.", name)), "give with_component_id another name")
		return rel{open: true}
	}
	g.usedNode[len(g.nodeCols)] = true
	g.nodeCols = append(g.nodeCols, plan.Column{Name: name, Type: types.Long, Nullable: true})
	g.steps = append(g.steps, graph.Step{Components: &graph.Components{Strong: kind == "strong"}})
	return rel{graph: g}
}

// bindGraphWhere keeps the nodes or edges for which a condition on their
// properties is true. A node takes its edges with it.
func (b *binder) bindGraphWhere(g *graphRel, op *syntax.GraphWhereOp, c ctx) rel {
	b.nodes++
	cols, used := g.edgeCols, g.usedEdge
	nodes := op.Keyword() == "graph-where-nodes"
	if nodes {
		cols, used = g.nodeCols, g.usedNode
	}
	oc := ctx{sc: c.sc, op: op.Keyword(), row: cols, rowID: b.nodes}
	x := b.boolean(b.expr(op.Cond, oc), op.Cond.Span(), op.Keyword(), oc)
	plan.Refs(x, func(i int) { used[i] = true })
	p := b.compiled(x, oc, func(q *plan.ScalarQuery) int { return len(cols) + g.params.of(q) })
	if p == nil {
		return rel{open: true}
	}
	if nodes {
		g.steps = append(g.steps, graph.Step{Nodes: p})
	} else {
		g.steps = append(g.steps, graph.Step{Edges: p})
	}
	return rel{graph: g}
}
