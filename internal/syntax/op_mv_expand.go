package syntax

// MvExpandOp: mv-expand a = x to typeof(t), … limit n.
type MvExpandOp struct {
	Op
	Items []MvItem
	Limit Expr
}

// MvItem is one expression of mv-expand or mv-apply.
type MvItem struct {
	At
	X  Expr // NamedExpr or plain; nil in "mv-apply to typeof(t) on …"
	To *TypeExpr
}

func parseMvExpand(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &MvExpandOp{Op: op}
	o.Items = list(p, listForm{stops: []kind{kwLimit}}, "expression", (*parser).mvItem)
	if p.take(kwLimit) {
		o.Limit = p.must(p.expr())
	}
	return o
}

func (p *parser) mvItem() (MvItem, bool) {
	start := p.here()
	m := MvItem{}
	if p.at() == kwTo && p.peek(1) != tEqual {
		p.missing("expression")
		m.X = badAt(start)
	} else if m.X = p.namedExpr(); m.X == nil {
		return m, false
	}
	if p.take(kwTo) {
		if p.at() == kwTypeOf && p.peek(1) == tOpenParen {
			m.To = p.typeOf()
		} else {
			p.missing("typeof")
		}
	}
	m.At = p.since(start)
	return m, true
}

func (o *MvExpandOp) print(w *printer) {
	w.start("mv-expand", o.Params).mvItems(o.Items)
	if o.Limit != nil {
		w.word("limit").expr(o.Limit)
	}
}

func (w *printer) mvItems(items []MvItem) *printer {
	for i, m := range items {
		if i > 0 {
			w.str(",")
		}
		if m.X != nil {
			w.expr(m.X)
		}
		if m.To != nil {
			w.word("to").expr(m.To)
		}
	}
	return w
}
