package syntax

// SampleOp: sample n.
type SampleOp struct {
	Op
	N Expr
}

// SampleDistinctOp: sample-distinct n of x.
type SampleDistinctOp struct {
	Op
	N, Of Expr
}

func parseSample(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	return &SampleOp{Op: op, N: p.must(p.namedExpr())}
}

func parseSampleDistinct(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &SampleDistinctOp{Op: op, N: p.must(p.namedExpr())}
	p.need(kwOf, "of")
	o.Of = p.must(p.namedExpr())
	return o
}

func (o *SampleOp) print(w *printer) { w.start("sample", o.Params).expr(o.N) }

func (o *SampleDistinctOp) print(w *printer) {
	w.start("sample-distinct", o.Params).expr(o.N).word("of").expr(o.Of)
}
