package syntax

// TopOp: top n by a desc.
type TopOp struct {
	Op
	N  Expr
	By []Expr // one, Ordered or plain
}

func parseTop(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &TopOp{Op: op, N: p.must(p.namedExpr())}
	p.need(kwBy, "by")
	o.By = []Expr{p.must(p.ordered())}
	return o
}

func (o *TopOp) print(w *printer) { w.start("top", o.Params).expr(o.N).word("by").exprs(o.By) }
