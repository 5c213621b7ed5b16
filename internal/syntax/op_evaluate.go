package syntax

// EvaluateOp: evaluate plugin(args) : (schema).
type EvaluateOp struct {
	Op
	Plugin *Call     // nil after a syntax error
	Schema *TypeExpr // nil: none
}

func parseEvaluate(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{bare: true})
	o := &EvaluateOp{Op: op}
	if p.startsCall() {
		o.Plugin = p.call()
	} else {
		p.missing("function call")
		return o
	}
	if p.take(tColon) {
		o.Schema = p.evaluateSchema()
	}
	return o
}

func (o *EvaluateOp) print(w *printer) {
	w.start("evaluate", o.Params)
	if o.Plugin != nil {
		w.expr(o.Plugin)
	}
	if o.Schema != nil {
		w.word(":").schema(o.Schema.Columns, o.Schema.Star)
	}
}
