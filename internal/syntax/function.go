package syntax

// startsFunction reports whether the value of a let is a function: "(" with
// ")", "*" or "name:" after it, with or without the word view before it.
func (p *parser) startsFunction() bool {
	n := 0
	if p.at() == kwView {
		n = 1
	}
	if p.peek(n) != tOpenParen {
		return false
	}
	n++
	if k := p.peek(n); k == tCloseParen || k == tStar {
		return true
	}
	name := p.nameLen(n, true)
	return name > 0 && p.peek(n+name) == tColon
}

// function parses "(params) { body }", with or without the word view.
func (p *parser) function() Expr {
	start := p.here()
	f := &FunctionDecl{View: p.take(kwView)}
	w := p.open()
	f.Params = list(p, listForm{optional: true}, "parameter", (*parser).functionParam)
	p.close(w)
	f.Body = p.body((*parser).bodyStatement)
	f.At = p.since(start)
	return f
}

// body parses "{ statements expression }"; statement parses those that may
// stand in it.
func (p *parser) body(statement func(*parser) Statement) FunctionBody {
	if p.at() != tOpenBrace {
		p.expected("{")
		return FunctionBody{}
	}
	start := p.here()
	b := FunctionBody{}
	if !p.enter() {
		return b
	}
	w := p.open()
	b.Statements, b.X = splitLast(p.statements(true, statement))
	p.close(w)
	p.leave()
	b.At = p.since(start)
	return b
}

// splitLast splits the closing expression off the statements of a block.
func splitLast(all []Statement) ([]Statement, Expr) {
	if n := len(all); n > 0 {
		if last, ok := all[n-1].(*ExprStatement); ok {
			return all[:n-1], last.X
		}
	}
	return all, nil
}

// bodyStatement parses what may stand in a function: let, declare
// query_parameters, and an expression at the end.
func (p *parser) bodyStatement() Statement {
	if p.startsStatement() && p.at() == kwDeclare && p.peek(1) == kwQueryParameters {
		return p.closed(p.queryParameters())
	}
	return p.letOnly()
}

// closed reports the ";" that a statement other than the last expression
// lacks.
func (p *parser) closed(s Statement) Statement {
	if p.pos == p.end && p.toks[p.end].kind != tSemicolon {
		p.expected(";")
	}
	return s
}

func (p *parser) letOnly() Statement {
	if p.at() == kwLet && p.startsStatement() {
		return p.closed(p.let())
	}
	return p.lastExpr()
}

// lastExpr parses the expression that ends a body: only a ";" may follow.
func (p *parser) lastExpr() Statement {
	s := p.exprStatement()
	if s != nil && p.pos == p.end && !p.lastInBlock() {
		p.expected("}")
	}
	return s
}

// lastInBlock reports whether nothing but one ";" stands between the end of
// this statement and the brace that closes the block.
func (p *parser) lastInBlock() bool {
	n := p.end
	if p.toks[n].kind == tSemicolon {
		n++
	}
	return p.toks[n].kind == tCloseBrace || p.toks[n].kind == tEOF
}
