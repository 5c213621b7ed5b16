package syntax

// ScanOp: scan order by …, partition by …, declare (…) with (steps).
type ScanOp struct {
	Op
	OrderBy     []Expr
	PartitionBy []Expr
	Declare     []FunctionParam
	Steps       []ScanStep
}

// ScanStep is "step name [optional] [output=all]: cond => a = x, b = y;".
type ScanStep struct {
	At
	Name     Name
	Optional bool
	Output   string
	Cond     Expr
	Assign   []Expr // NamedExpr
}

func parseScan(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{bare: true})
	o := &ScanOp{Op: op}
	ends := []kind{kwPartition, kwOrder, kwBy, kwDeclare, kwWith}
	if p.take(kwOrder) {
		p.need(kwBy, "by")
		o.OrderBy = p.exprList(listForm{stops: ends}, (*parser).ordered)
	}
	if p.take(kwPartition) {
		p.need(kwBy, "by")
		o.PartitionBy = p.exprList(listForm{stops: ends}, (*parser).expr)
	}
	if p.take(kwDeclare) {
		if p.at() == tOpenParen {
			w := p.open()
			o.Declare = list(p, listForm{optional: true}, "parameter", (*parser).functionParam)
			p.close(w)
		} else {
			p.expected("(")
		}
	}
	p.need(kwWith, "with")
	if p.at() != tOpenParen {
		p.expected("(")
		return o
	}
	w := p.open()
	for p.at() == kwStep {
		o.Steps = append(o.Steps, p.scanStep())
	}
	p.close(w)
	return o
}

// scanStep parses one step in the window that its ";" ends.
func (p *parser) scanStep() ScanStep {
	start := p.here()
	outer, closer := p.end, p.closer
	p.end, p.closer = p.next(tSemicolon, p.pos), ";"
	p.pos++
	s := ScanStep{}
	name, ok := p.declaredName()
	if !ok {
		p.missing("name")
	}
	s.Name = name
	s.Optional = p.take(kwOptional)
	if p.take(kwOutput) {
		p.need(tEqual, "=")
		switch word := p.wordOrEmpty(); word {
		case "all", "last", "none":
			s.Output = word
			p.pos++
		default:
			p.expected("all, last or none")
		}
	}
	p.need(tColon, ":")
	s.Cond = p.must(p.expr())
	if p.take(tFatArrow) {
		s.Assign = p.exprList(listForm{}, (*parser).assignment)
	}
	if p.pos < p.end {
		p.expected(";")
		p.pos = p.end
	}
	p.end, p.closer = outer, closer
	p.need(tSemicolon, ";")
	s.At = p.since(start)
	return s
}

func (p *parser) wordOrEmpty() string {
	if p.at() == tEOF {
		return ""
	}
	return p.text(0)
}

// assignment parses "name = expression".
func (p *parser) assignment() Expr {
	start := p.here()
	name, ok := p.declaredName()
	if !ok {
		return nil
	}
	p.need(tEqual, "=")
	x := p.must(p.expr())
	return &NamedExpr{At: p.since(start), Names: []Name{name}, X: x}
}

func (o *ScanOp) print(w *printer) {
	w.start("scan", o.Params)
	if o.OrderBy != nil {
		w.word("order by").exprs(o.OrderBy)
	}
	if o.PartitionBy != nil {
		w.word("partition by").exprs(o.PartitionBy)
	}
	if o.Declare != nil {
		w.word("declare").functionParams(o.Declare)
	}
	w.word("with (")
	for _, s := range o.Steps {
		w.word("step").name(s.Name)
		if s.Optional {
			w.word("optional")
		}
		if s.Output != "" {
			w.word("output=" + s.Output)
		}
		w.str(":").expr(s.Cond)
		if s.Assign != nil {
			w.word("=>").exprs(s.Assign)
		}
		w.str(";")
	}
	w.str(")")
}
