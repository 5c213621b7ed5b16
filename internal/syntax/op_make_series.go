package syntax

// MakeSeriesOp: make-series aggs on x from a to b step c by keys.
type MakeSeriesOp struct {
	Op
	Aggs []MakeSeriesAgg
	On   Expr
	From Expr
	To   Expr
	Step Expr
	// InRange is the call of "in range(start, stop, step)", the old form; nil
	// otherwise.
	InRange Expr
	Keys    []Expr
}

// MakeSeriesAgg is one aggregate with its default.
type MakeSeriesAgg struct {
	At
	X       Expr
	Default Expr
}

func parseMakeSeries(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &MakeSeriesOp{Op: op}
	o.Aggs = list(p, listForm{stops: []kind{kwOn, kwFrom, kwIn}}, "expression", (*parser).seriesAgg)
	p.need(kwOn, "on")
	o.On = p.must(p.namedExpr())
	switch p.at() {
	case kwFrom, kwTo, kwStep:
		if p.take(kwFrom) {
			o.From = p.must(p.expr())
		}
		if p.take(kwTo) {
			o.To = p.must(p.expr())
		}
		p.need(kwStep, "step")
		o.Step = p.must(p.expr())
	default:
		p.inRange(o)
	}
	if p.take(kwBy) {
		o.Keys = p.exprList(listForm{open: true}, (*parser).namedExpr)
	}
	return o
}

func (p *parser) seriesAgg() (MakeSeriesAgg, bool) {
	start := p.here()
	a := MakeSeriesAgg{X: p.namedExpr()}
	if a.X == nil {
		return a, false
	}
	if p.take(kwDefault) {
		p.need(tEqual, "=")
		a.Default = p.must(p.namedExpr())
	}
	a.At = p.since(start)
	return a, true
}

func (p *parser) inRange(o *MakeSeriesOp) {
	if !p.need(kwIn, "in") {
		return
	}
	if p.at() == kwRange && p.peek(1) == tOpenParen {
		o.InRange = p.call()
	} else {
		p.expected("range")
	}
}

func (o *MakeSeriesOp) print(w *printer) {
	w.start("make-series", o.Params)
	for i, a := range o.Aggs {
		if i > 0 {
			w.str(",")
		}
		w.expr(a.X)
		if a.Default != nil {
			w.word("default =").expr(a.Default)
		}
	}
	w.word("on").expr(o.On)
	if o.InRange != nil {
		w.word("in").expr(o.InRange)
	} else {
		w.clause("from", o.From).clause("to", o.To).clause("step", o.Step)
	}
	if o.Keys != nil {
		w.word("by").exprs(o.Keys)
	}
}
