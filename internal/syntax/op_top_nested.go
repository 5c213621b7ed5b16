package syntax

// TopNestedOp: top-nested n of x with others="o" by agg, top-nested ….
type TopNestedOp struct {
	Op
	Clauses []TopNestedClause
}

// TopNestedClause is one level of top-nested.
type TopNestedClause struct {
	At
	N      Expr // nil = all
	Of     Expr
	Others Expr // nil = none
	By     Expr // Ordered or plain, possibly NamedExpr
}

func parseTopNested(p *parser, op Op) Operator {
	p.pos-- // every clause begins with the keyword
	return &TopNestedOp{Op: op, Clauses: list(p, listForm{}, "clause", (*parser).topNestedClause)}
}

func (p *parser) topNestedClause() (TopNestedClause, bool) {
	start := p.here()
	c := TopNestedClause{}
	if !p.take(kwTopNested) {
		return c, false
	}
	c.N = p.namedExpr()
	p.need(kwOf, "of")
	c.Of = p.must(p.namedExpr())
	if p.take(kwWith) {
		p.need(kwOthers, "others")
		p.need(tEqual, "=")
		if c.Others = p.signedLiteral(); c.Others == nil {
			c.Others = p.must(p.expr())
		}
	}
	p.need(kwBy, "by")
	c.By = p.must(p.ordered())
	c.At = p.since(start)
	return c, true
}

func (o *TopNestedOp) print(w *printer) {
	for i, c := range o.Clauses {
		if i > 0 {
			w.str(",")
		}
		w.word("top-nested")
		if c.N != nil {
			w.expr(c.N)
		}
		w.word("of").expr(c.Of)
		if c.Others != nil {
			w.word("with others =").expr(c.Others)
		}
		w.word("by").expr(c.By)
	}
}
