package syntax

// SummarizeOp: summarize aggs by keys.
type SummarizeOp struct {
	Op
	Aggs []Expr
	Keys []Expr
	// BinAt is the hidden "bin=" clause of old queries, or nil.
	BinAt Expr
}

func parseSummarize(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &SummarizeOp{Op: op}
	o.Aggs = p.exprList(listForm{stops: []kind{kwBy}, optional: true}, (*parser).namedExpr)
	if !p.take(kwBy) {
		return o
	}
	o.Keys = p.exprList(listForm{ends: (*parser).startsOldBin}, (*parser).namedExpr)
	if p.startsOldBin() {
		p.pos += 2
		o.BinAt = p.must(p.expr())
	}
	return o
}

// startsOldBin reports "bin = constant", which ends the keys.
func (p *parser) startsOldBin() bool {
	return p.at() == kwBin && p.peek(1) == tEqual && p.peek(2).isLiteral()
}

func (o *SummarizeOp) print(w *printer) {
	w.start("summarize", o.Params).exprs(o.Aggs)
	if o.Keys != nil {
		w.word("by").exprs(o.Keys)
	}
	if o.BinAt != nil {
		w.word("bin=").tight(o.BinAt)
	}
}
