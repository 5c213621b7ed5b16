package syntax

// CountOp: count [as Name].
type CountOp struct {
	Op
	AsName *Name
}

func parseCount(p *parser, op Op) Operator {
	o := &CountOp{Op: op}
	if !p.take(kwAs) {
		return o
	}
	if p.at() != tIdent {
		p.missing("name")
		return o
	}
	name, _ := p.name()
	o.AsName = &name
	return o
}

func (o *CountOp) print(w *printer) {
	w.start("count", o.Params)
	if o.AsName != nil {
		w.word("as").word(o.AsName.Text)
	}
}
