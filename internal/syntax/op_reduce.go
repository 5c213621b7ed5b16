package syntax

// ReduceOp: reduce by x with threshold=…, characters=….
type ReduceOp struct {
	Op
	By    Expr
	Props []Param
}

func parseReduce(p *parser, op Op) Operator {
	form := paramForm{bare: true, own: []string{"threshold", "characters"}}
	op.Params = p.params(form)
	o := &ReduceOp{Op: op}
	p.need(kwBy, "by")
	o.By = p.must(p.namedExpr())
	if p.take(kwWith) {
		o.Props = p.commaParams(form, func(p *parser, _ string) Expr { return p.paramValue() })
	}
	return o
}

func (o *ReduceOp) print(w *printer) {
	w.start("reduce", o.Params).word("by").expr(o.By)
	if o.Props != nil {
		w.word("with").commaParams(o.Props)
	}
}
