package syntax

// GraphMarkComponentsOp: graph-mark-components kind=weak with_component_id=x.
type GraphMarkComponentsOp struct{ Op }

// GraphWhereOp: graph-where-nodes / graph-where-edges.
type GraphWhereOp struct {
	Op
	Cond Expr
}

func parseGraphMarkComponents(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{own: []string{"with_component_id"}})
	return &GraphMarkComponentsOp{Op: op}
}

func parseGraphWhere(p *parser, op Op) Operator {
	return &GraphWhereOp{Op: op, Cond: p.must(p.expr())}
}

func (o *GraphMarkComponentsOp) print(w *printer) { w.start("graph-mark-components", o.Params) }
func (o *GraphWhereOp) print(w *printer)          { w.start(o.Word, o.Params).expr(o.Cond) }
