package syntax

// SerializeOp: serialize a = x.
type SerializeOp struct {
	Op
	Exprs []Expr
}

func parseSerialize(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	return &SerializeOp{Op: op, Exprs: p.exprList(listForm{optional: true}, (*parser).namedExpr)}
}

func (o *SerializeOp) print(w *printer) { w.start("serialize", o.Params).exprs(o.Exprs) }
