package syntax

// PrintOp: print a = x, y (only as the first operator).
type PrintOp struct {
	Op
	Exprs []Expr
}

func parsePrint(p *parser, op Op) Operator {
	return &PrintOp{Op: op, Exprs: p.exprList(listForm{}, (*parser).namedExpr)}
}

func (o *PrintOp) print(w *printer) { w.start("print", o.Params).exprs(o.Exprs) }
