package syntax

// WhereOp: where/filter cond.
type WhereOp struct {
	Op
	Cond Expr
}

func parseWhere(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	return &WhereOp{Op: op, Cond: p.must(p.namedExpr())}
}

func (o *WhereOp) print(w *printer) { w.start("where", o.Params).expr(o.Cond) }
