package syntax

import "github.com/harrier-hunting/harrier/internal/diag"

// LookupOp: lookup kind=… (right) on ….
type LookupOp struct {
	Op
	Right Expr
	On    []Expr
}

func parseLookup(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &LookupOp{Op: op, Right: p.must(p.expr())}
	if p.take(kwOn) {
		o.On = p.exprList(listForm{open: true}, (*parser).expr)
	} else {
		p.report(diag.Syntax, "KS006", p.span(), "Missing join on condition clause", "name the columns to look up: on Column")
	}
	return o
}

func (o *LookupOp) print(w *printer) {
	w.start("lookup", o.Params).expr(o.Right).word("on").exprs(o.On)
}
