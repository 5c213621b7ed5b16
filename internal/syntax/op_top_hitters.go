package syntax

// TopHittersOp: top-hitters n of x by y.
type TopHittersOp struct {
	Op
	N, Of, By Expr // By is nil when not given
}

func parseTopHitters(p *parser, op Op) Operator {
	o := &TopHittersOp{Op: op, N: p.must(p.namedExpr())}
	p.need(kwOf, "of")
	o.Of = p.must(p.namedExpr())
	if p.take(kwBy) {
		o.By = p.must(p.namedExpr())
	}
	return o
}

func (o *TopHittersOp) print(w *printer) {
	w.start("top-hitters", o.Params).expr(o.N).word("of").expr(o.Of)
	if o.By != nil {
		w.word("by").expr(o.By)
	}
}
