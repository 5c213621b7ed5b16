package syntax

// ParseKvOp: parse-kv x as (a:type, …) with (pair_delimiter=…, …).
type ParseKvOp struct {
	Op
	X       Expr
	Columns []ColumnDecl
	Props   []Param
}

func parseParseKv(p *parser, op Op) Operator {
	o := &ParseKvOp{Op: op, X: p.must(p.expr())}
	p.need(kwAs, "as")
	o.Columns = p.needRowSchema()
	if !p.take(kwWith) {
		return o
	}
	if p.at() != tOpenParen {
		p.expected("(")
		return o
	}
	w := p.open()
	form := paramForm{only: true, bare: true, own: []string{"pair_delimiter", "kv_delimiter", "regex", "quote", "escape", "greedy"}}
	o.Props = p.commaParams(form, func(p *parser, _ string) Expr { return p.paramValue() })
	p.close(w)
	return o
}

func (o *ParseKvOp) print(w *printer) {
	w.start("parse-kv", o.Params).expr(o.X).word("as").schema(o.Columns, false)
	w.with(o.Props)
}
