package syntax

// AsOp: as Name.
type AsOp struct {
	Op
	Name Name
}

func parseAs(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	return &AsOp{Op: op, Name: p.needName()}
}

func (o *AsOp) print(w *printer) { w.start("as", o.Params).name(o.Name) }
