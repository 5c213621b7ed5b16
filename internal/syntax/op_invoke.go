package syntax

// InvokeOp: invoke f(args).
type InvokeOp struct {
	Op
	Func Expr // *Call or *Path
}

func parseInvoke(p *parser, op Op) Operator {
	start := p.here()
	if !p.startsCall() {
		p.missing("expression")
		return &InvokeOp{Op: op, Func: p.bad()}
	}
	var x Expr = p.call()
	for p.at() == tDot {
		p.pos++
		if !p.startsCall() {
			p.missing("function call")
			break
		}
		m := p.call()
		x = &Path{At: p.since(start), X: x, Member: m}
	}
	return &InvokeOp{Op: op, Func: x}
}

func (o *InvokeOp) print(w *printer) { w.start("invoke", o.Params).expr(o.Func) }
