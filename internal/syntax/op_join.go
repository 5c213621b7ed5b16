package syntax

// JoinOp: join kind=… (right) on a, $left.x == $right.y. Where is "join … where cond".
type JoinOp struct {
	Op
	Right Expr
	On    []Expr
	Where Expr
}

func parseJoin(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &JoinOp{Op: op, Right: p.must(p.expr())}
	switch {
	case p.take(kwOn):
		o.On = p.exprList(listForm{open: true}, (*parser).expr)
	case p.take(kwWhere):
		o.Where = p.must(p.expr())
	}
	return o
}

func (o *JoinOp) print(w *printer) {
	w.start("join", o.Params).expr(o.Right)
	if o.On != nil {
		w.word("on").exprs(o.On)
	}
	if o.Where != nil {
		w.word("where").expr(o.Where)
	}
}
