package syntax

import "github.com/harrier-hunting/harrier/internal/diag"

// argument parses one argument of a call.
func (p *parser) argument() Expr {
	if p.at() == tStar && (p.peek(1) == tComma || p.peek(1) == tEOF || p.peek(1) == tCloseParen) {
		return p.star()
	}
	return p.namedExpr()
}

// star parses a lone "*".
func (p *parser) star() Expr {
	if p.at() != tStar {
		return nil
	}
	start := p.here()
	p.pos++
	return &Star{p.since(start)}
}

// startsCall reports whether a name and "(" come next.
func (p *parser) startsCall() bool {
	n := p.nameLen(0, false)
	return n > 0 && p.peek(n) == tOpenParen
}

// call parses name(arguments); startsCall holds.
func (p *parser) call() *Call {
	start := p.here()
	name, _ := p.name()
	w := p.open()
	args := p.exprList(listForm{optional: true}, (*parser).argument)
	p.close(w)
	return &Call{At: p.since(start), Name: name, Args: args}
}

// ordered parses "x asc nulls first".
func (p *parser) ordered() Expr { return p.orderedBy((*parser).namedExpr, true) }

func (p *parser) orderedBy(item func(*parser) Expr, nulls bool) Expr {
	start := p.here()
	x := item(p)
	if x == nil {
		return nil
	}
	o := &Ordered{X: x}
	switch p.at() {
	case kwAsc, kwDesc, kwGrannyAsc, kwGrannyDesc:
		o.Order = p.text(0)
		p.pos++
	}
	if nulls && p.take(kwNulls) {
		switch p.at() {
		case kwFirst, kwLast:
			o.Nulls = p.text(0)
			p.pos++
		default:
			p.report(diag.Syntax, "KS006", p.span(), "Missing first or last", "")
		}
	}
	if o.Order == "" && o.Nulls == "" {
		return x
	}
	o.At = p.since(start)
	return o
}
