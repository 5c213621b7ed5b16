package syntax

// ExtendOp: extend a = x, (b, c) = y, z.
type ExtendOp struct {
	Op
	Exprs []Expr
}

func parseExtend(p *parser, op Op) Operator {
	return &ExtendOp{Op: op, Exprs: p.exprList(listForm{}, (*parser).namedExpr)}
}

func (o *ExtendOp) print(w *printer) { w.start("extend", o.Params).exprs(o.Exprs) }
