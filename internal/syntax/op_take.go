package syntax

// TakeOp: take/limit n.
type TakeOp struct {
	Op
	N Expr
}

func parseTake(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	return &TakeOp{Op: op, N: p.must(p.namedExpr())}
}

func (o *TakeOp) print(w *printer) { w.start("take", o.Params).expr(o.N) }
