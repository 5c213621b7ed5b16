package syntax

// PartitionOp: partition by x (subquery) or { query }.
type PartitionOp struct {
	Op
	By    Expr
	Scope Expr // "in" clause
	Body  Expr
	Brace bool
}

func parsePartition(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{bare: true})
	o := &PartitionOp{Op: op}
	p.need(kwBy, "by")
	if o.By = p.simplePath(); o.By == nil {
		p.missing("name")
		o.By = p.bad()
	}
	if p.take(kwIn) {
		switch {
		case p.startsCall():
			o.Scope = p.call()
		case p.at() == kwDynamic && p.peek(1) == tOpenParen:
			o.Scope = p.dynamic()
		default:
			p.missing("expression")
			o.Scope = p.bad()
		}
	}
	switch p.at() {
	case tOpenBrace:
		o.Brace = true
		w := p.open()
		o.Body = p.must(p.pipeline(false))
		p.close(w)
	default:
		o.Body = p.subquery()
	}
	return o
}

func (o *PartitionOp) print(w *printer) {
	w.start("partition", o.Params).word("by").expr(o.By)
	if o.Scope != nil {
		w.word("in").expr(o.Scope)
	}
	if o.Brace {
		w.word("{").nested(o.Body).str(" }")
	} else {
		w.group(o.Body)
	}
}
