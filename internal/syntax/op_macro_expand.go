package syntax

// MacroExpandOp: macro-expand group as name (body).
type MacroExpandOp struct {
	Op
	Group Expr
	Name  Name // empty when not given
	Body  FunctionBody
}

func parseMacroExpand(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{own: []string{"best_effort"}})
	o := &MacroExpandOp{Op: op}
	switch {
	case p.at() == kwEntityGroup:
		o.Group = p.entityGroup()
	case p.at() != tEOF && (p.text(0) == "database" || p.text(0) == "cluster") && p.peek(1) == tOpenParen:
		o.Group = p.must(p.entity())
	default:
		o.Group = p.must(p.nameRef())
	}
	if p.take(kwAs) {
		o.Name = p.needName()
	}
	if p.at() != tOpenParen {
		p.expected("(")
		return o
	}
	if !p.enter() {
		return o
	}
	start := p.here()
	w := p.open()
	o.Body.Statements, o.Body.X = splitLast(p.statements(false, (*parser).statement))
	p.close(w)
	p.leave()
	o.Body.At = p.since(start)
	return o
}

func (o *MacroExpandOp) print(w *printer) {
	w.start("macro-expand", o.Params).expr(o.Group)
	if o.Name.Text != "" {
		w.word("as").name(o.Name)
	}
	w.word("(").block(o.Body).str(")")
}
