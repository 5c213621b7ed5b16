package syntax

// ParseOp: parse/parse-where x with pattern.
type ParseOp struct {
	Op
	X       Expr
	Pattern []ParsePart
	Where   bool
}

// ParsePart is one part of a parse pattern: *, a string literal, or a column.
type ParsePart struct {
	At
	Star   bool
	Text   *Literal
	Column *ColumnDecl
}

func parseParse(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{own: []string{"flags"}, values: []kind{kwSimple, kwRelaxed}})
	o := &ParseOp{Op: op, Where: op.Word == "parse-where", X: p.must(p.expr())}
	p.need(kwWith, "with")
	for {
		part, ok := p.parsePart()
		if !ok {
			return o
		}
		o.Pattern = append(o.Pattern, part)
	}
}

func (p *parser) parsePart() (ParsePart, bool) {
	start := p.here()
	part := ParsePart{}
	switch {
	case p.take(tStar):
		part.Star = true
	case p.at() == tString:
		part.Text = p.strings()
	default:
		c, ok := p.optionalTypeDecl()
		if !ok {
			return part, false
		}
		part.Column = &c
	}
	part.At = p.since(start)
	return part, true
}

// optionalTypeDecl parses "name" or "name:type".
func (p *parser) optionalTypeDecl() (ColumnDecl, bool) {
	start := p.here()
	c := ColumnDecl{}
	name, ok := p.declaredName()
	c.Name = name
	if !ok {
		if p.at() != tColon {
			return c, false
		}
		p.missing("name")
	}
	if p.take(tColon) {
		c.Type, c.TypeName = p.columnType(asType)
	}
	c.At = p.since(start)
	return c, true
}

func (o *ParseOp) print(w *printer) {
	word := "parse"
	if o.Where {
		word = "parse-where"
	}
	w.start(word, o.Params).expr(o.X).word("with")
	for _, part := range o.Pattern {
		switch {
		case part.Star:
			w.word("*")
		case part.Text != nil:
			w.expr(part.Text)
		default:
			w.column(*part.Column)
		}
	}
}
