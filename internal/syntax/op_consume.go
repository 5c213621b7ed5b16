package syntax

// ConsumeOp: consume.
type ConsumeOp struct{ Op }

func parseConsume(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{bare: true})
	return &ConsumeOp{Op: op}
}

func (o *ConsumeOp) print(w *printer) { w.start("consume", o.Params) }
