package bind

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/graph"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// lambda are the names inside of all(), any() and map(): the properties of the
// edge or inner node at hand by their own names (columns of the row), and the
// pattern's variables around it. In the implicit form, "where e.line == 1", the
// edge at hand goes by the name of the path.
type lambda struct {
	p        *pattern
	path     string
	inner    bool // over inner nodes
	implicit bool
	cols     []graph.Ref
}

func (l *lambda) add(r graph.Ref) int {
	i := slices.Index(l.cols, r)
	if i < 0 {
		i = len(l.cols)
		l.cols = append(l.cols, r)
	}
	return i
}

// element is something of the edge or node at hand.
func (l *lambda) element(r graph.Ref, at syntax.Expr) plan.Expr {
	return &plan.Col{Index: l.add(r), T: r.Type, Null: r.Get == graph.Property, Pos: at.Span()}
}

// outer is a slot of the row around.
func (l *lambda) outer(r graph.Ref, at syntax.Expr) plan.Expr {
	return l.element(graph.Ref{Of: graph.Outer, Var: l.p.slot(r), Type: r.Type}, at)
}

func (l *lambda) member(b *binder, x *syntax.Path, c ctx) (plan.Expr, bool) {
	name := x.X.(*syntax.NameRef).Name
	if l.implicit && name == l.path {
		i, ok := l.p.propertyOf(x, l.p.g.edgeCols, c)
		if !ok {
			return badExpr(x.Span()), true
		}
		return l.element(graph.Ref{Of: graph.Element, Col: i, Type: l.p.g.edgeCols[i].Type}, x), true
	}
	if _, _, ok := l.p.variable(name); !ok {
		if l.p.isPath(name) {
			return l.p.member(b, x, c)
		}
		return nil, false
	}
	r, ok := l.p.property(x, c)
	if !ok {
		return badExpr(x.Span()), true
	}
	return l.outer(r, x), true
}

func (l *lambda) bare(b *binder, x *syntax.NameRef, c ctx) (plan.Expr, bool) {
	r, _, ok := l.p.variable(x.Name)
	if !ok {
		whole, ok := l.p.bare(b, x, c)
		if k, isCol := whole.(*plan.Col); ok && isCol {
			return l.element(graph.Ref{Of: graph.Outer, Var: k.Index, Type: k.T}, x), true
		}
		return whole, ok
	}
	r.Get, r.Type = graph.Bag, types.Dynamic
	return l.outer(r, x), true
}

func (l *lambda) call(b *binder, x *syntax.Call, c ctx) (plan.Expr, bool) {
	name := x.Name.Text
	get, t, node := nodeFunction(name)
	switch {
	case l.implicit && (isFold(name) || node && len(x.Args) > 0):
		// Of the whole path, as outside.
		e, ok := l.p.call(b, x, l.p.c)
		if k, isCol := e.(*plan.Col); ok && isCol {
			return l.element(graph.Ref{Of: graph.Outer, Var: k.Index, Type: k.T}, x), true
		}
		return e, ok
	case isFold(name):
		b.unsupported(x.Span(), c.inOp(name+"() inside of all(), any() or map()"), "")
		return badExpr(x.Span()), true
	case name == "labels":
		return l.p.labels(x, c, l.implicit), true
	case name == "inner_nodes":
		return l.p.call(b, x, c)
	case !node:
		return nil, false
	case len(x.Args) == 0 && l.inner:
		return l.element(graph.Ref{Of: graph.Element, Get: get, Type: t}, x), true
	}
	r, ok := l.p.nodeArgument(x, c)
	if !ok {
		return badExpr(x.Span()), true
	}
	r.Get, r.Type = get, t
	return l.outer(r, x), true
}
