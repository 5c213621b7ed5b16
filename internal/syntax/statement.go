package syntax

import "github.com/harrier-hunting/harrier/internal/diag"

// query parses the whole text. Directives (#connect …) of Kusto's tools are
// refused: they would change what the query reads.
func (p *parser) query() *Query {
	for p.at() == tDirective {
		p.unsupported(p.span(), "A client directive")
		p.pos++
	}
	if p.at() == tDot {
		p.report(diag.Unsupported, "HR011", p.span(), "Management commands are not supported.", "send a query")
		return &Query{}
	}
	return &Query{Statements: p.statements(false, (*parser).statement)}
}

// statements parses statements up to the end of the window, each in a window
// that its ";" ends. A forgotten ";" before the next statement is reported
// and both are parsed.
//
// A body may end with a ";" of its own; a query may not.
func (p *parser) statements(body bool, statement func(*parser) Statement) []Statement {
	var out []Statement
	outer, closer := p.end, p.closer
	p.closer = ""
	for p.pos < outer {
		p.end = p.next(tSemicolon, p.pos)
		before := p.pos
		if s := statement(p); s != nil {
			out = append(out, s)
		}
		if p.pos < p.end && !(p.pos > before && p.startsStatement()) {
			p.leftover()
			p.pos = p.end
		} else if p.pos < p.end {
			p.expected(";")
			p.end = outer
			continue
		}
		if lone := p.pos == before; lone && !(body && p.pos+1 == outer) {
			p.end = outer
			p.incomplete(p.span())
		}
		p.end = outer
		p.take(tSemicolon)
	}
	p.closer = closer
	return out
}

// startsStatement reports the words that begin a statement other than an
// expression; all but set can also be names.
func (p *parser) startsStatement() bool {
	switch p.at() {
	case kwLet:
		return p.nameLen(1, false) > 0
	case kwSet:
		return true
	case kwDeclare:
		return p.peek(1) == kwPattern || p.peek(1) == kwQueryParameters
	case kwAlias:
		return p.peek(1) == kwDatabase
	case kwRestrict:
		return p.peek(1) == kwAccess
	}
	return false
}

// statement parses one statement of a query, or returns nil.
func (p *parser) statement() Statement {
	if !p.startsStatement() {
		return p.exprStatement()
	}
	switch p.at() {
	case kwLet:
		return p.let()
	case kwSet:
		return p.set()
	case kwAlias:
		return p.alias()
	case kwRestrict:
		return p.restrict()
	}
	if p.peek(1) == kwPattern {
		return p.pattern()
	}
	return p.queryParameters()
}

func (p *parser) exprStatement() Statement {
	start := p.here()
	x := p.pipeline(false)
	if x == nil {
		return nil
	}
	return &ExprStatement{At: p.since(start), X: x}
}

// let parses "let name = value". materialize(…) and entity_group […] can
// only stand here.
func (p *parser) let() Statement {
	start := p.here()
	p.pos++
	s := &LetStatement{Name: p.needName()}
	p.need(tEqual, "=")
	switch {
	case p.at() == kwMaterialize:
		s.Value = p.materialize()
	case p.at() == kwEntityGroup:
		s.Value = p.entityGroup()
	case p.startsFunction():
		s.Value = p.function()
	default:
		s.Value = p.must(p.pipeline(false))
	}
	s.At = p.since(start)
	return s
}

func (p *parser) materialize() Expr {
	start := p.here()
	name := Name{Text: p.text(0)}
	p.pos++
	name.At = p.since(start)
	c := &Call{Name: name, Args: p.pipelineArg()}
	c.At = p.since(start)
	return c
}

// entityGroup parses entity_group [cluster("a").database("b"), …] or a call.
func (p *parser) entityGroup() Expr {
	if p.peek(1) == tOpenParen {
		return p.call()
	}
	start := p.here()
	p.pos++
	g := &EntityGroup{}
	if p.at() == tOpenBracket {
		w := p.open()
		g.Members = p.exprList(listForm{}, (*parser).expr)
		p.close(w)
	} else {
		p.expected("[")
	}
	g.At = p.since(start)
	return g
}

func (p *parser) set() Statement {
	start := p.here()
	p.pos++
	s := &SetStatement{Name: p.needName()}
	if p.take(tEqual) {
		s.Value = p.must(p.expr())
	}
	s.At = p.since(start)
	return s
}

func (p *parser) alias() Statement {
	start := p.here()
	p.pos += 2 // alias database
	s := &AliasStatement{Name: p.needName()}
	p.need(tEqual, "=")
	s.Value = p.must(p.expr())
	s.At = p.since(start)
	return s
}

// restrict parses "restrict access to (a, b*) with (…)".
func (p *parser) restrict() Statement {
	start := p.here()
	p.pos += 2 // restrict access
	s := &RestrictStatement{}
	p.need(kwTo, "to")
	if p.at() == tOpenParen {
		w := p.open()
		s.To = p.exprList(listForm{}, (*parser).entity)
		p.close(w)
	} else {
		p.expected("(")
	}
	if p.at() == kwWith {
		s.Params = p.withProperties()
	}
	s.At = p.since(start)
	return s
}

// queryParameters parses "declare query_parameters (a:type = default, …)".
func (p *parser) queryParameters() Statement {
	start := p.here()
	p.pos++
	s := &QueryParametersStatement{}
	p.need(kwQueryParameters, "query_parameters")
	if p.at() == tOpenParen {
		w := p.open()
		s.Params = list(p, listForm{}, "parameter", (*parser).functionParam)
		p.close(w)
	} else {
		p.expected("(")
	}
	s.At = p.since(start)
	return s
}

// pattern parses "declare pattern N" with or without its declaration.
func (p *parser) pattern() Statement {
	start := p.here()
	p.pos += 2
	s := &PatternStatement{Name: p.needName()}
	if p.take(tEqual) {
		p.patternDeclaration(s)
	}
	s.At = p.since(start)
	return s
}

// patternDeclaration parses "(args)[path] { cases }".
func (p *parser) patternDeclaration(s *PatternStatement) {
	if p.at() != tOpenParen {
		p.expected("(")
		return
	}
	w := p.open()
	s.Params = list(p, listForm{optional: true}, "parameter", (*parser).patternParam)
	p.close(w)
	if p.at() == tOpenBracket {
		w := p.open()
		if path, ok := p.patternParam(); ok {
			s.Path = &path
		} else {
			p.missing("parameter")
		}
		p.close(w)
	}
	if p.at() != tOpenBrace {
		p.expected("{")
		return
	}
	w = p.open()
	for p.at() == tOpenParen {
		s.Cases = append(s.Cases, p.patternCase())
	}
	if s.Cases == nil {
		p.missing("pattern match clause")
	}
	p.close(w)
}

func (p *parser) patternParam() (FunctionParam, bool) {
	c, ok := p.columnDecl()
	return FunctionParam{At: c.At, Name: c.Name, Type: c.Type}, ok
}

// patternCase parses ("a", "b").["path"] = { body };
func (p *parser) patternCase() PatternCase {
	start := p.here()
	c := PatternCase{}
	w := p.open()
	c.Args = p.exprList(listForm{}, (*parser).expr)
	p.close(w)
	if p.take(tDot) {
		if p.at() == tOpenBracket {
			w := p.open()
			if c.Path = p.signedLiteral(); c.Path == nil {
				p.missing("string")
			}
			p.close(w)
		} else {
			p.expected("[")
		}
	}
	p.need(tEqual, "=")
	c.Body = p.body((*parser).letOnly)
	p.need(tSemicolon, ";")
	c.At = p.since(start)
	return c
}
