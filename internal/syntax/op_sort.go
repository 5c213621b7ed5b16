package syntax

// SortOp: sort/order by a asc, b.
type SortOp struct {
	Op
	Keys []Expr // Ordered or plain
}

func parseSort(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{bare: true})
	p.need(kwBy, "by")
	return &SortOp{Op: op, Keys: p.exprList(listForm{}, (*parser).ordered)}
}

func (o *SortOp) print(w *printer) { w.start("sort", o.Params).word("by").exprs(o.Keys) }
