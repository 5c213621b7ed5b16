package syntax

// DistinctOp: distinct a, b or distinct *.
type DistinctOp struct {
	Op
	Exprs []Expr
}

func parseDistinct(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	return &DistinctOp{Op: op, Exprs: p.exprList(listForm{}, func(p *parser) Expr {
		if x := p.star(); x != nil {
			return x
		}
		return p.namedExpr()
	})}
}

func (o *DistinctOp) print(w *printer) { w.start("distinct", o.Params).exprs(o.Exprs) }
