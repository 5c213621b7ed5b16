package syntax

// MakeGraphOp: make-graph src --> dst with nodes on id, … / with_node_id=….
type MakeGraphOp struct {
	Op
	Source, Target Expr
	Arrow          string // "-->" or "--"
	With           []MakeGraphTable
	NodeID         *Name
	PartitionBy    Expr
	PartitionBody  Expr
}

// MakeGraphTable is "nodes on id".
type MakeGraphTable struct {
	At
	Table Expr
	On    Expr
}

func parseMakeGraph(p *parser, op Op) Operator {
	op.Params = p.params(paramForm{})
	o := &MakeGraphOp{Op: op, Source: p.needNameRef()}
	switch {
	case p.takeGlued(tMinus, tMinus, tGreater):
		o.Arrow = "-->"
	case p.takeGlued(tMinus, tMinus):
		o.Arrow = "--"
	default:
		p.expected("--> or --")
	}
	o.Target = p.needNameRef()
	switch {
	case p.take(kwWithNodeId):
		p.need(tEqual, "=")
		name := p.needName()
		o.NodeID = &name
	case p.take(kwWith):
		o.With = list(p, listForm{stops: []kind{kwPartitionedBy}}, "expression", (*parser).graphTable)
	}
	if p.take(kwPartitionedBy) {
		if o.PartitionBy = p.simplePath(); o.PartitionBy == nil {
			p.missing("name")
			o.PartitionBy = p.bad()
		}
		o.PartitionBody = p.subquery()
	}
	return o
}

func (p *parser) graphTable() (MakeGraphTable, bool) {
	start := p.here()
	t := MakeGraphTable{Table: p.unary()}
	if t.Table == nil {
		return t, false
	}
	p.need(kwOn, "on")
	t.On = p.needNameRef()
	t.At = p.since(start)
	return t, true
}

// takeGlued consumes tokens of these kinds if they come next and touch each
// other: the arrows of graphs are not tokens of their own.
func (p *parser) takeGlued(kinds ...kind) bool {
	for i, k := range kinds {
		if p.peek(i) != k || i > 0 && !p.glued(i) {
			return false
		}
	}
	p.pos += len(kinds)
	return true
}

func (o *MakeGraphOp) print(w *printer) {
	w.start("make-graph", o.Params).expr(o.Source).word(o.Arrow).expr(o.Target)
	if o.NodeID != nil {
		w.word("with_node_id =").name(*o.NodeID)
	}
	for i, t := range o.With {
		if i == 0 {
			w.word("with")
		} else {
			w.str(",")
		}
		w.expr(t.Table).word("on").expr(t.On)
	}
	if o.PartitionBy != nil {
		w.word("partitioned-by").expr(o.PartitionBy).group(o.PartitionBody)
	}
}
