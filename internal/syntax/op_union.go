package syntax

// UnionOp: union a, b*, (c | …). As the first operator Pipe.Source is nil.
type UnionOp struct {
	Op
	Tables []Expr
}

func parseUnion(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{own: []string{"best_effort"}})
	return &UnionOp{Op: op, Tables: p.exprList(listForm{}, func(p *parser) Expr {
		if p.at() == tOpenParen {
			return p.paren()
		}
		return p.entity()
	})}
}

func (o *UnionOp) print(w *printer) { w.start("union", o.Params).exprs(o.Tables) }
