package syntax

// RangeOp: range x from a to b step c (only as the first operator).
type RangeOp struct {
	Op
	Name           Name
	From, To, Step Expr
}

func parseRange(p *parser, op Op) Operator {
	o := &RangeOp{Op: op, Name: p.needName()}
	p.need(kwFrom, "from")
	o.From = p.must(p.expr())
	p.need(kwTo, "to")
	o.To = p.must(p.expr())
	p.need(kwStep, "step")
	o.Step = p.must(p.expr())
	return o
}

func (o *RangeOp) print(w *printer) {
	w.start("range", o.Params).name(o.Name).clause("from", o.From).clause("to", o.To).clause("step", o.Step)
}
