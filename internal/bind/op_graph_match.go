package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/graph"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindGraphMatch: one row for every occurrence of the pattern.
func (b *binder) bindGraphMatch(g *graphRel, op *syntax.GraphMatchOp, shortest graph.Shortest, c ctx) rel {
	b.nodes++
	p := &pattern{b: b, g: g, m: &graph.Match{Shortest: shortest}, nodes: map[string]int{}, edges: map[string]int{},
		c: ctx{sc: c.sc, op: op.Keyword(), rowID: b.nodes}}
	p.c.names = p
	if !p.parameters(op) || !p.shape(op) {
		return rel{open: true}
	}
	if op.Project == nil {
		b.unsupported(op.Span(), "The '"+op.Keyword()+"' operator without project", "add project <variable>.<property>, …")
		return rel{open: true}
	}
	if op.Cond != nil {
		p.where(op.Cond)
	}
	cols := p.project(op.Project)
	p.m.Names = graph.Names{Node: columnNames(g.nodeCols), Edge: columnNames(g.edgeCols)}
	p.m.ID = b.nodeText(g, op.Span())
	return rel{node: b.graphNode(g, &graph.Op{Word: op.Keyword(), Match: p.m}, cols, op.Span())}
}

// bindShortestPaths: the shortest of the paths from the first to the last node.
func (b *binder) bindShortestPaths(g *graphRel, op *syntax.GraphShortestPathsOp, c ctx) rel {
	oc := ctx{op: op.Keyword()}
	kind := graph.AnyShortest
	switch out := paramText(op.Params, "output"); out {
	case "", "any":
	case "all":
		kind = graph.AllShortest
	default:
		b.fail(op.Span(), "SEM0100", oc.inOp("output must be any or all, not "+out), "")
		return rel{open: true}
	}
	if len(op.Patterns) > 1 {
		b.fail(op.Patterns[1].Span(), "SEM0100", oc.inOp("a pattern of a single sequence is expected"), "")
		return rel{open: true}
	}
	return b.bindGraphMatch(g, &op.GraphMatchOp, kind, c)
}

// pattern binds one graph-match.
type pattern struct {
	b            *binder
	g            *graphRel
	m            *graph.Match
	nodes, edges map[string]int // variables by name
	c            ctx            // of its expressions
}

func (p *pattern) fail(at diag.Span, message, hint string) bool {
	p.b.fail(at, "SEM0100", p.c.inOp(message), hint)
	return false
}

// parameters reads cycles=.
func (p *pattern) parameters(op *syntax.GraphMatchOp) bool {
	for _, x := range op.Params {
		if x.Name != "cycles" {
			continue
		}
		if p.m.Shortest != graph.NotShortest {
			p.b.unsupported(x.Span(), p.c.inOp("cycles="), "a shortest path passes no edge twice")
			return false
		}
		switch word := paramText(op.Params, "cycles"); word {
		case "all":
			p.m.Cycles = graph.AllCycles
		case "none":
			p.m.Cycles = graph.NoCycles
		case "unique_edges":
		default:
			return p.fail(x.Span(), "cycles must be all, none or unique_edges, not "+word, "")
		}
	}
	return true
}

// shape reads the nodes and edges of the pattern.
func (p *pattern) shape(op *syntax.GraphMatchOp) bool {
	for _, seq := range op.Patterns {
		last := -1
		for i, part := range seq.Parts {
			if part.Edge != (i%2 == 1) {
				return p.fail(part.Span(), "nodes and edges must take turns in a pattern", "e.g. (a)-[e]->(b)")
			}
			if part.Edge {
				if i == len(seq.Parts)-1 {
					return p.fail(part.Span(), "a pattern ends with a node", "e.g. (a)-[e]->(b)")
				}
				if !p.edge(part, last) {
					return false
				}
				continue
			}
			v, ok := p.node(part)
			if !ok {
				return false
			}
			if i > 0 {
				p.m.Edges[len(p.m.Edges)-1].Right = v
			}
			last = v
		}
	}
	return p.connected(op) && (p.m.Shortest == graph.NotShortest || p.path(op))
}

// node is the variable of a node; one without a name is met once.
func (p *pattern) node(part syntax.GraphPart) (int, bool) {
	if part.Name == nil {
		p.m.Nodes++
		return p.m.Nodes - 1, true
	}
	name := part.Name.Text
	if _, taken := p.edges[name]; taken {
		return 0, p.fail(part.Span(), fmt.Sprintf("'%s' is the name of an edge and of a node", name), "")
	}
	v, ok := p.nodes[name]
	if !ok {
		v = p.m.Nodes
		p.nodes[name] = v
		p.m.Nodes++
	}
	return v, true
}

func (p *pattern) edge(part syntax.GraphPart, left int) bool {
	e := graph.Edge{Left: left, Variable: part.Variable, Min: 1, Max: 1}
	switch {
	case part.From == "-" && part.To == "->":
	case part.From == "<-" && part.To == "-":
		e.Dir = graph.RightToLeft
	case part.From == "-" && part.To == "-":
		e.Dir = graph.AnyDir
	default:
		return p.fail(part.Span(), "an edge has one direction or none", "-[e]->, <-[e]- or -[e]-")
	}
	if part.Name != nil {
		name := part.Name.Text
		_, node := p.nodes[name]
		if _, taken := p.edges[name]; taken || node {
			return p.fail(part.Span(), fmt.Sprintf("'%s' is used twice in the pattern", name), "give the edge a name of its own")
		}
		p.edges[name] = len(p.m.Edges)
	}
	if part.Variable {
		lo, ok1 := p.bound(part.Lo)
		hi, ok2 := p.bound(part.Hi)
		if !ok1 || !ok2 {
			return false
		}
		if lo > hi {
			return p.fail(part.Span(), "the minimum of a variable length edge is above its maximum", "")
		}
		e.Min, e.Max = lo, hi
	}
	p.m.Edges = append(p.m.Edges, e)
	return true
}

// bound is an end of *min..max.
func (p *pattern) bound(x syntax.Expr) (int, bool) {
	e := p.b.expr(x, ctx{sc: p.c.sc, op: p.c.op})
	if e.Type() == types.Unknown {
		return 0, false
	}
	k, ok := e.(*plan.Const)
	if !ok || !k.Value.Type.IsInteger() || k.Value.Null || k.Value.I < 0 {
		return 0, p.fail(x.Span(), "the length of an edge must be a constant integer, 0 or more", "")
	}
	if k.Value.I > graph.MaxLength {
		p.b.diags.Addf(diag.Limit, "HRR0006", x.Span(), "'%s' operator: a path of more than %d edges", p.c.op, graph.MaxLength)
		return 0, false
	}
	return int(k.Value.I), true
}

// connected refuses patterns in pieces, and closed ones where no cycles are
// wanted: they match nothing, or it is not said what they match.
func (p *pattern) connected(op *syntax.GraphMatchOp) bool {
	up := make([]int, p.m.Nodes)
	for i := range up {
		up[i] = i
	}
	root := func(v int) int {
		for up[v] != v {
			v = up[v]
		}
		return v
	}
	pieces := p.m.Nodes
	for _, e := range p.m.Edges {
		l, r := root(e.Left), root(e.Right)
		if l != r {
			up[l] = r
			pieces--
			continue
		}
		if p.m.Cycles == graph.NoCycles {
			p.b.unsupported(op.Span(), p.c.inOp("A pattern that comes back to a node with cycles=none"), "use cycles=unique_edges")
			return false
		}
	}
	if pieces > 1 {
		return p.fail(op.Span(), "the sequences of a pattern must share nodes", "name a node in one sequence that stands in another, or run graph-match twice")
	}
	return true
}

// path: graph-shortest-paths wants a chain with a variable length edge.
func (p *pattern) path(op *syntax.GraphMatchOp) bool {
	variable := false
	for _, e := range p.m.Edges {
		variable = variable || e.Variable
	}
	if !variable {
		return p.fail(op.Span(), "the pattern must have a variable length edge", "e.g. (a)-[e*1..5]->(b)")
	}
	if p.m.Nodes != len(p.m.Edges)+1 {
		p.b.unsupported(op.Span(), p.c.inOp("A pattern that comes back to a node"), "use graph-match")
		return false
	}
	return true
}

// where binds the conditions one by one. One that speaks of a property of a
// variable length edge holds for each of its edges.
func (p *pattern) where(x syntax.Expr) {
	for _, term := range andTerms(x) {
		cond := p.perEdge(term, graph.All, func(c ctx) plan.Expr {
			return p.b.boolean(p.b.expr(term, c), term.Span(), "where", c)
		})
		if cond.Type() == types.Unknown {
			continue
		}
		for _, k := range conjuncts(cond) {
			if prog := p.b.compiled(k, p.c, p.parameter); prog != nil {
				p.m.Conds = append(p.m.Conds, prog)
			}
		}
	}
}

// andTerms takes "a and (b and c)" apart.
func andTerms(x syntax.Expr) []syntax.Expr {
	var out []syntax.Expr
	for {
		switch y := x.(type) {
		case *syntax.Paren:
			x = y.X
			continue
		case *syntax.Binary:
			if y.Op == "and" {
				out = append(andTerms(y.Y), out...)
				x = y.X
				continue
			}
		}
		return append([]syntax.Expr{x}, out...)
	}
}

// project binds the columns. What mentions a variable length edge is dynamic.
func (p *pattern) project(list []syntax.Expr) []plan.Column {
	names, count := newNamer(nil), columnCounter{}
	var cols []plan.Column
	for _, e := range list {
		x, name, explicit := e, "", false
		if n, ok := e.(*syntax.NamedExpr); ok {
			x, name, explicit = n.X, n.Names[0].Text, true
			if len(n.Names) > 1 {
				p.b.fail(n.Span(), "SEM0149", p.c.inOp("The expression does not have multiple named values."), "name one column")
				continue
			}
		} else {
			name = p.b.autoName(e, p.c)
		}
		v := p.perEdge(x, graph.Map, func(c ctx) plan.Expr { return p.b.expr(x, c) })
		if p.mentionsPath(x) {
			v = p.b.cast(v, types.Dynamic, x.Span())
		}
		switch {
		case name == "":
			name = names.take(count.next())
		case names.used[name] && explicit:
			p.b.duplicate(e, name, p.c)
			continue
		default:
			name = names.take(name)
		}
		if prog := p.b.compiled(v, p.c, p.parameter); prog != nil {
			p.m.Project = append(p.m.Project, prog)
			cols = append(cols, columnOf(name, v))
		}
	}
	return cols
}
