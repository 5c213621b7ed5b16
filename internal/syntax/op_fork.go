package syntax

// ForkOp: fork name=(subquery) (subquery).
type ForkOp struct {
	Op
	Branches []ForkBranch
}

// ForkBranch is one branch of fork.
type ForkBranch struct {
	At
	Name *Name
	X    Expr
}

func parseFork(p *parser, op Op) Operator {
	o := &ForkOp{Op: op}
	for {
		b, ok := p.forkBranch()
		if !ok {
			break
		}
		o.Branches = append(o.Branches, b)
	}
	if o.Branches == nil {
		p.expected("(")
	}
	return o
}

func (p *parser) forkBranch() (ForkBranch, bool) {
	start := p.here()
	b := ForkBranch{}
	if n := p.nameLen(0, false); n > 0 && p.peek(n) == tEqual {
		name, _ := p.name()
		b.Name = &name
		p.pos++ // "="
	} else if p.at() != tOpenParen {
		return b, false
	}
	if p.at() != tOpenParen {
		p.expected("(")
		b.X = p.bad()
	} else {
		w := p.open()
		if operatorRule(p.at()) != nil {
			b.X = p.pipeline(true)
		} else {
			b.X = p.must(p.pipeline(false))
		}
		p.close(w)
	}
	b.At = p.since(start)
	return b, true
}

func (o *ForkOp) print(w *printer) {
	w.start("fork", o.Params)
	for _, b := range o.Branches {
		if b.Name != nil {
			w.name(*b.Name).str(" =")
		}
		w.group(b.X)
	}
}
