package syntax

import "github.com/harrier-hunting/harrier/internal/diag"

// SearchOp: search kind=… in (tables) condition.
type SearchOp struct {
	Op
	In   []Expr
	Cond Expr
}

func parseSearch(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	p.dataScope()
	o := &SearchOp{Op: op}
	o.In = p.findIn()
	o.Cond = p.must(p.searchCondition())
	return o
}

// searchCondition parses an expression, "*", or "* and expression".
func (p *parser) searchCondition() Expr {
	if x := p.expr(); x != nil {
		return x
	}
	start := p.here()
	x := p.star()
	if x == nil || p.at() != kwAnd {
		return x
	}
	at := p.span()
	p.pos++
	y := p.must(p.expr())
	return &Binary{At: p.since(start), Op: "and", OpAt: diag.Span(at), X: x, Y: y}
}

func (o *SearchOp) print(w *printer) {
	w.start("search", o.Params).inTables(o.In).expr(o.Cond)
}
