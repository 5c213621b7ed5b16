package syntax

import "github.com/harrier-hunting/harrier/internal/diag"

// GraphMatchOp: graph-match pattern where cond project ….
// GraphShortestPathsOp shares its shape.
type GraphMatchOp struct {
	Op
	Patterns []GraphPattern
	Cond     Expr
	Project  []Expr
}

// GraphShortestPathsOp: graph-shortest-paths pattern where … project ….
type GraphShortestPathsOp struct{ GraphMatchOp }

// GraphPattern is one path: (a)-[e*1..3]->(b).
type GraphPattern struct {
	At
	Parts []GraphPart
}

// GraphPart is a node or an edge of a pattern.
type GraphPart struct {
	At
	Edge     bool
	Name     *Name
	From, To string // edge ends: "-", "<-" / "-", "->"
	Lo, Hi   Expr   // edge range; nil = none
	Variable bool   // edge was written with *
	// Bare marks an edge written without brackets: -->, <-- or --.
	Bare bool
}

func parseGraphMatch(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &GraphMatchOp{Op: op}
	p.graphMatch(o)
	return o
}

func parseGraphShortestPaths(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{own: []string{"output"}})
	o := &GraphShortestPathsOp{GraphMatchOp{Op: op}}
	p.graphMatch(&o.GraphMatchOp)
	return o
}

func (p *parser) graphMatch(o *GraphMatchOp) {
	o.Patterns = list(p, listForm{open: true, optional: true}, "graph match pattern", (*parser).graphPattern)
	if o.Patterns == nil {
		p.report(diag.Syntax, "KS217", p.span(), "Missing graph-match pattern.", "")
	}
	if p.take(kwWhere) {
		o.Cond = p.must(p.expr())
	}
	if p.take(kwProject) {
		o.Project = p.exprList(listForm{}, (*parser).namedExpr)
	}
}

func (p *parser) graphPattern() (GraphPattern, bool) {
	start := p.here()
	g := GraphPattern{}
	for {
		part, ok := p.graphPart()
		if !ok {
			break
		}
		g.Parts = append(g.Parts, part)
	}
	g.At = p.since(start)
	return g, g.Parts != nil
}

func (p *parser) graphPart() (GraphPart, bool) {
	start := p.here()
	part := GraphPart{}
	switch {
	case p.at() == tOpenParen:
		w := p.open()
		if name, ok := p.name(); ok {
			part.Name = &name
		}
		p.close(w)
	case p.takeGlued(tMinus, tMinus, tGreater):
		part = GraphPart{Edge: true, Bare: true, From: "-", To: "->"}
	case p.takeGlued(tLess, tMinus, tMinus):
		part = GraphPart{Edge: true, Bare: true, From: "<-", To: "-"}
	case p.takeGlued(tMinus, tMinus):
		part = GraphPart{Edge: true, Bare: true, From: "-", To: "-"}
	case p.at() == tMinus && p.peek(1) == tOpenBracket && p.glued(1):
		part = GraphPart{Edge: true, From: "-"}
		p.pos++
		p.graphEdge(&part)
	case p.at() == tLess && p.peek(1) == tMinus && p.glued(1) && p.peek(2) == tOpenBracket && p.glued(2):
		part = GraphPart{Edge: true, From: "<-"}
		p.pos += 2
		p.graphEdge(&part)
	default:
		return part, false
	}
	part.At = p.since(start)
	return part, true
}

// graphEdge parses "[name*lo..hi]" and the end of the edge.
func (p *parser) graphEdge(part *GraphPart) {
	w := p.open()
	if name, ok := p.name(); ok {
		part.Name = &name
	}
	if p.take(tStar) {
		part.Variable = true
		part.Lo = p.must(p.unary())
		p.need(tDotDot, "..")
		part.Hi = p.must(p.unary())
	}
	p.close(w)
	switch {
	case p.at() == tMinus && p.glued(0) && p.peek(1) == tGreater && p.glued(1):
		part.To = "->"
		p.pos += 2
	case p.at() == tMinus && p.glued(0):
		part.To = "-"
		p.pos++
	default:
		p.expected("]-> or ]-")
	}
}

func (o *GraphMatchOp) print(w *printer)         { o.printAs(w, "graph-match") }
func (o *GraphShortestPathsOp) print(w *printer) { o.printAs(w, "graph-shortest-paths") }

func (o *GraphMatchOp) printAs(w *printer, word string) {
	w.start(word, o.Params)
	for i, g := range o.Patterns {
		if i > 0 {
			w.str(",")
		}
		w.space()
		for _, part := range g.Parts {
			part.print(w)
		}
	}
	if o.Cond != nil {
		w.word("where").expr(o.Cond)
	}
	if o.Project != nil {
		w.word("project").exprs(o.Project)
	}
}

func (g *GraphPart) print(w *printer) {
	if !g.Edge {
		w.str("(")
		if g.Name != nil {
			w.nameText(*g.Name)
		}
		w.str(")")
		return
	}
	w.str(g.From)
	if !g.Bare {
		w.str("[")
		if g.Name != nil {
			w.nameText(*g.Name)
		}
		if g.Variable {
			w.str("*").tight(g.Lo).str("..").tight(g.Hi)
		}
		w.str("]")
	}
	w.str(g.To)
}
