package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/graph"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The names of a pattern: its variables, their properties, and the functions
// over paths and nodes. Every value they stand for is a slot of the row that
// the search fills.

// slot is the column that holds r.
func (p *pattern) slot(r graph.Ref) int {
	p.use(r)
	i := slices.Index(p.m.Slots, r)
	if i < 0 {
		i = len(p.m.Slots)
		p.m.Slots = append(p.m.Slots, r)
	}
	return i
}

// use notes which properties a Ref reads.
func (p *pattern) use(r graph.Ref) {
	if r.Of != graph.Node && r.Of != graph.EdgeVar {
		return
	}
	p.useProperty(r.Of == graph.Node, r)
}

func (p *pattern) useProperty(node bool, r graph.Ref) {
	used, n := p.g.usedEdge, len(p.g.edgeCols)
	if node {
		used, n = p.g.usedNode, len(p.g.nodeCols)
	}
	switch r.Get {
	case graph.Property:
		used[r.Col] = true
	case graph.Bag:
		for i := range n {
			used[i] = true
		}
	}
}

func (p *pattern) parameter(q *plan.ScalarQuery) int {
	return p.slot(graph.Ref{Of: graph.Parameter, Var: p.g.params.of(q), Type: q.T})
}

// isPath reports an edge of variable length.
func (p *pattern) isPath(name string) bool {
	e, ok := p.edges[name]
	return ok && p.m.Edges[e].Variable
}

// mentionsPath reports an expression in which the name of a variable length
// edge stands.
func (p *pattern) mentionsPath(x syntax.Expr) bool {
	found := false
	syntax.Walk(x, func(n syntax.Node) bool {
		if ref, ok := n.(*syntax.NameRef); ok && p.isPath(ref.Name) {
			found = true
		}
		return !found
	})
	return found
}

// perEdge binds an expression. If it speaks of a property of a variable length
// edge, outside of all(), any() and map(), it is meant for each edge of the path.
func (p *pattern) perEdge(x syntax.Expr, kind graph.FoldKind, bind func(ctx) plan.Expr) plan.Expr {
	var paths []string
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Call:
			return !isFold(n.Name.Text)
		case *syntax.Path:
			if ref, ok := n.X.(*syntax.NameRef); ok && p.isPath(ref.Name) && !slices.Contains(paths, ref.Name) {
				paths = append(paths, ref.Name)
			}
		}
		return true
	})
	switch len(paths) {
	case 0:
		return bind(p.c)
	case 1:
		return p.fold(x, kind, paths[0], false, true, bind)
	}
	p.b.unsupported(x.Span(), p.c.inOp("An expression over properties of several variable length edges"), "use map(), all() or any() of each of them")
	return badExpr(x.Span())
}

func isFold(name string) bool { return name == "all" || name == "any" || name == "map" }

// fold binds an expression over each edge of a path, or each of its inner
// nodes, and puts what all(), any() or map() makes of it into a slot.
func (p *pattern) fold(at syntax.Expr, kind graph.FoldKind, path string, inner, implicit bool, bind func(ctx) plan.Expr) plan.Expr {
	p.b.nodes++
	l := &lambda{p: p, path: path, inner: inner, implicit: implicit}
	c := ctx{sc: p.c.sc, op: p.c.op, rowID: p.b.nodes, names: l}
	if !implicit {
		c.row = p.g.edgeCols
		if inner {
			c.row = p.g.nodeCols
		}
		for i, col := range c.row {
			l.cols = append(l.cols, graph.Ref{Of: graph.Element, Col: i, Type: col.Type})
		}
	}
	x := bind(c)
	prog := p.b.compiled(x, c, func(q *plan.ScalarQuery) int {
		return l.add(graph.Ref{Of: graph.Parameter, Var: p.g.params.of(q), Type: q.T})
	})
	if prog == nil {
		return badExpr(at.Span())
	}
	for _, i := range prog.Columns() {
		if l.cols[i].Of == graph.Element {
			p.useProperty(inner, l.cols[i])
		}
	}
	t := types.Bool
	if kind == graph.Map {
		t = types.Dynamic
	}
	f := &graph.Fold{Kind: kind, Edge: p.edges[path], Inner: inner, X: prog, Cols: l.cols}
	i := p.slot(graph.Ref{Of: graph.Path, Type: t, Fold: f})
	return &plan.Col{Index: i, T: t, Pos: at.Span()}
}

// variable is a node or a single edge of the pattern.
func (p *pattern) variable(name string) (graph.Ref, []plan.Column, bool) {
	if v, ok := p.nodes[name]; ok {
		return graph.Ref{Of: graph.Node, Var: v}, p.g.nodeCols, true
	}
	if e, ok := p.edges[name]; ok && !p.m.Edges[e].Variable {
		return graph.Ref{Of: graph.EdgeVar, Var: e}, p.g.edgeCols, true
	}
	return graph.Ref{}, nil, false
}

// property is a property of a variable.
func (p *pattern) property(x *syntax.Path, c ctx) (graph.Ref, bool) {
	r, cols, _ := p.variable(x.X.(*syntax.NameRef).Name)
	i, ok := p.propertyOf(x, cols, c)
	if ok {
		r.Col, r.Type = i, cols[i].Type
	}
	return r, ok
}

func (p *pattern) propertyOf(x *syntax.Path, cols []plan.Column, c ctx) (int, bool) {
	m, ok := x.Member.(*syntax.NameRef)
	if !ok {
		p.b.unsupported(x.Member.Span(), "A call after '.'", "")
		return 0, false
	}
	i := findColumn(cols, m.Name)
	if i < 0 {
		p.b.fail(m.Span(), "SEM0100", c.inOp(fmt.Sprintf("Failed to resolve scalar expression named '%s'", m.Name)), hintDidYouMean(m.Name, columnNames(cols)))
		return 0, false
	}
	return i, true
}

func (p *pattern) column(r graph.Ref, at syntax.Expr) plan.Expr {
	return &plan.Col{Index: p.slot(r), T: r.Type, Null: r.Get == graph.Property, Pos: at.Span()}
}

// member resolves variable.property.
func (p *pattern) member(b *binder, x *syntax.Path, c ctx) (plan.Expr, bool) {
	name := x.X.(*syntax.NameRef).Name
	if p.isPath(name) {
		b.unsupported(x.Span(), c.inOp("A property of a variable length edge here"), "use map("+name+", …)")
		return badExpr(x.Span()), true
	}
	if _, _, ok := p.variable(name); !ok {
		return nil, false
	}
	r, ok := p.property(x, c)
	if !ok {
		return badExpr(x.Span()), true
	}
	return p.column(r, x), true
}

// bare: a variable alone is the bag of its properties, a variable length edge
// the array of its edges' bags.
func (p *pattern) bare(b *binder, x *syntax.NameRef, c ctx) (plan.Expr, bool) {
	if p.isPath(x.Name) {
		return p.fold(x, graph.Map, x.Name, false, true, func(c ctx) plan.Expr {
			return c.names.(*lambda).element(graph.Ref{Of: graph.Element, Get: graph.Bag, Type: types.Dynamic}, x)
		}), true
	}
	r, _, ok := p.variable(x.Name)
	if !ok {
		return nil, false
	}
	r.Get, r.Type = graph.Bag, types.Dynamic
	return p.column(r, x), true
}

// call binds the functions over paths and nodes.
func (p *pattern) call(b *binder, x *syntax.Call, c ctx) (plan.Expr, bool) {
	name := x.Name.Text
	if isFold(name) {
		return p.foldCall(x, c), true
	}
	get, t, ok := nodeFunction(name)
	switch {
	case name == "inner_nodes":
		p.fail(x.Span(), "inner_nodes() stands only as the first argument of all(), any() and map()", "")
		return badExpr(x.Span()), true
	case name == "labels":
		return p.labels(x, c, true), true
	case !ok:
		return nil, false
	}
	if r, ok := p.nodeArgument(x, c); ok {
		r.Get, r.Type = get, t
		return p.column(r, x), true
	}
	return badExpr(x.Span()), true
}

// nodeFunction are the functions of one node.
func nodeFunction(name string) (graph.Get, types.Type, bool) {
	switch name {
	case "node_degree_in":
		return graph.InDegree, types.Long, true
	case "node_degree_out":
		return graph.OutDegree, types.Long, true
	case "node_id":
		return graph.ID, types.String, true
	}
	return 0, 0, false
}

// nodeArgument is the variable that a function of one node is called on.
func (p *pattern) nodeArgument(x *syntax.Call, c ctx) (graph.Ref, bool) {
	if len(x.Args) == 1 {
		if ref, ok := x.Args[0].(*syntax.NameRef); ok {
			if r, _, ok := p.variable(ref.Name); ok && r.Of == graph.Node {
				return r, true
			}
		}
	}
	p.fail(x.Span(), x.Name.Text+"() takes a node of the pattern", "inside of all(), any() and map() of inner_nodes() it takes nothing")
	return graph.Ref{}, false
}

// labels: graphs made by make-graph have none.
func (p *pattern) labels(x *syntax.Call, c ctx, argument bool) plan.Expr {
	ok := len(x.Args) == 0 && !argument
	if len(x.Args) == 1 {
		if ref, is := x.Args[0].(*syntax.NameRef); is {
			_, edge := p.edges[ref.Name]
			_, node := p.nodes[ref.Name]
			ok = edge || node
		}
	}
	if !ok {
		p.fail(x.Span(), "labels() takes a node or an edge of the pattern", "")
		return badExpr(x.Span())
	}
	return &plan.Const{Value: types.DynamicValue("[]"), Pos: x.Span()}
}

// foldCall binds all(edge, x), any(edge, x) and map(edge, x), and the same over
// inner_nodes(edge).
func (p *pattern) foldCall(x *syntax.Call, c ctx) plan.Expr {
	kind := map[string]graph.FoldKind{"all": graph.All, "any": graph.Any, "map": graph.Map}[x.Name.Text]
	if len(x.Args) != 2 {
		p.b.fail(x.Span(), "SEM0219", c.inOp(fmt.Sprintf("The function '%s' expects 2 arguments.", x.Name.Text)), "")
		return badExpr(x.Span())
	}
	over, inner := x.Args[0], false
	if call, ok := over.(*syntax.Call); ok && call.Name.Text == "inner_nodes" && len(call.Args) == 1 {
		over, inner = call.Args[0], true
	}
	ref, ok := over.(*syntax.NameRef)
	if !ok || !p.isPath(ref.Name) {
		p.fail(x.Args[0].Span(), x.Name.Text+"() takes a variable length edge of the pattern, or its inner_nodes()", "e.g. (a)-[e*1..3]->(b) and "+x.Name.Text+"(e, …)")
		return badExpr(x.Span())
	}
	return p.fold(x, kind, ref.Name, inner, false, func(c ctx) plan.Expr {
		v := p.b.expr(x.Args[1], c)
		if kind != graph.Map {
			v = p.b.boolean(v, x.Args[1].Span(), x.Name.Text, c)
		}
		return v
	})
}
