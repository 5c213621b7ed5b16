package syntax

// startsInlineTable tells "inline_external_table (a:type, …) …" from a column
// of that name.
func (p *parser) startsInlineTable() bool {
	if p.peek(1) == kwKind {
		return true
	}
	if p.peek(1) != tOpenParen {
		return false
	}
	n := p.nameLen(2, true)
	return n > 0 && p.peek(2+n) == tColon
}

// inlineExternalTable parses the description of an external table inside a
// query, clause by clause in Kusto's order.
func (p *parser) inlineExternalTable() Expr {
	start := p.here()
	p.pos++
	t := &InlineExternalTable{}
	if p.at() == tOpenParen {
		t.Columns = p.needRowSchema()
	}
	p.wordParam(t, kwKind, "kind")
	if p.at() == kwPartition {
		p.pos++
		p.need(kwBy, "by")
		p.group(func() {
			p.take(tComma)
			t.PartitionBy = list(p, listForm{trailing: true}, "partition column", (*parser).partitionColumn)
		})
	}
	if p.take(kwPathFormat) {
		p.need(tEqual, "=")
		p.group(func() {
			for {
				x := p.pathPart()
				if x == nil {
					return
				}
				t.PathFormat = append(t.PathFormat, x)
			}
		})
	}
	if p.at() == kwDataFormat {
		p.wordParam(t, kwDataFormat, "dataformat")
	}
	p.group(func() {
		t.Rest = p.exprList(listForm{trailing: true}, (*parser).pipelineExpr)
	})
	if p.at() == kwWith {
		t.Props = p.withProperties()
	}
	t.At = p.since(start)
	return t
}

// group parses "(…)" with f, or reports the missing parenthesis.
func (p *parser) group(f func()) {
	if p.at() != tOpenParen {
		p.expected("(")
		return
	}
	w := p.open()
	f()
	p.close(w)
}

// wordParam parses "kind = word" and appends it to the parameters.
func (p *parser) wordParam(t *InlineExternalTable, k kind, name string) {
	start := p.here()
	if !p.need(k, name) {
		return
	}
	p.need(tEqual, "=")
	x := Param{Name: name, Value: p.paramValue()}
	x.At = p.since(start)
	t.Params = append(t.Params, x)
}

// partitionColumn parses "name:type = expression".
func (p *parser) partitionColumn() (FunctionParam, bool) {
	start := p.here()
	c, ok := p.columnDecl()
	if !ok {
		return FunctionParam{}, false
	}
	f := FunctionParam{Name: c.Name, Type: c.Type}
	if p.take(tEqual) {
		f.Default = p.must(p.expr())
	}
	f.At = p.since(start)
	return f, true
}

// pathPart parses a name, a string or datetime_pattern("…", name).
func (p *parser) pathPart() Expr {
	switch {
	case p.at() == tString:
		return p.strings()
	case p.at() == kwDatetimePattern && p.peek(1) == tOpenParen:
		return p.call()
	}
	return p.nameRef()
}
