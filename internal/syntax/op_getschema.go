package syntax

// GetSchemaOp: getschema.
type GetSchemaOp struct {
	Op
	Kind Expr
}

func parseGetSchema(p *parser, op Op) Operator {
	o := &GetSchemaOp{Op: op}
	if p.at() == kwKind && p.peek(1) == tEqual {
		p.pos += 2
		o.Kind = p.paramValue()
	}
	return o
}

func (o *GetSchemaOp) print(w *printer) {
	w.start("getschema", o.Params)
	if o.Kind != nil {
		w.param("kind", o.Kind)
	}
}
