package syntax

// MvApplyOp: mv-apply items limit n on (subquery).
type MvApplyOp struct {
	Op
	Items   []MvItem
	Limit   Expr
	Context Expr // id clause
	Body    Expr
}

func parseMvApply(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &MvApplyOp{Op: op}
	if p.at() == kwTo && p.peek(1) == kwTypeOf && p.peek(2) == tOpenParen && p.toTypeIsAll() {
		start := p.here()
		p.pos++
		o.Items = []MvItem{{To: p.typeOf()}}
		o.Items[0].At = p.since(start)
	} else {
		o.Items = list(p, listForm{ends: (*parser).endsMvApplyItems}, "expression", (*parser).mvItem)
	}
	if p.take(kwLimit) {
		o.Limit = p.must(p.expr())
	}
	if p.take(kwId) {
		o.Context = p.must(p.expr())
	}
	p.need(kwOn, "on")
	o.Body = p.subquery()
	return o
}

// toTypeIsAll reports whether "to typeof(…)" is the only item.
func (p *parser) toTypeIsAll() bool {
	end := int(p.toks[p.pos+2].match)
	return end < 0 || end+1 >= p.end || p.toks[end+1].kind != tComma
}

// endsMvApplyItems reports limit, id and on as clauses, unless what follows
// shows that a column of that name is meant.
func (p *parser) endsMvApplyItems() bool {
	switch p.at() {
	case kwLimit, kwId, kwOn:
		k := p.peek(1)
		return k != tComma && k != kwTo && k != tEqual
	}
	return false
}

// subquery parses "(operator | …)", a pipeline over the outer rows.
func (p *parser) subquery() Expr {
	if p.at() != tOpenParen {
		p.expected("(")
		return p.bad()
	}
	w := p.open()
	x := p.pipeline(true)
	p.close(w)
	return x
}

func (o *MvApplyOp) print(w *printer) {
	w.start("mv-apply", o.Params).mvItems(o.Items)
	if o.Limit != nil {
		w.word("limit").expr(o.Limit)
	}
	if o.Context != nil {
		w.word("id").expr(o.Context)
	}
	w.word("on").group(o.Body)
}
