package syntax

// FacetOp: facet by a, b with (subquery).
type FacetOp struct {
	Op
	By   []Expr
	With Expr // nil: none
}

func parseFacet(p *parser, op Op) Operator {
	o := &FacetOp{Op: op}
	p.need(kwBy, "by")
	o.By = p.exprList(listForm{stops: []kind{kwWith}}, (*parser).simplePath)
	if !p.take(kwWith) {
		return o
	}
	if p.at() == tOpenParen {
		o.With = p.subquery()
		return o
	}
	start := p.here()
	inner := p.operator(start)
	o.With = &Pipe{At: p.since(start), Ops: []Operator{inner}}
	return o
}

func (o *FacetOp) print(w *printer) {
	w.start("facet", o.Params).word("by").exprs(o.By)
	if o.With != nil {
		w.word("with").group(o.With)
	}
}
