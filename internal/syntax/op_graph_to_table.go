package syntax

// GraphToTableOp: graph-to-table nodes as N with_node_id=…, edges as E ….
type GraphToTableOp struct {
	Op
	Outputs []GraphToTableOutput
}

// GraphToTableOutput is one of "nodes" and "edges".
type GraphToTableOutput struct {
	At
	Word   string
	As     *Name
	Params []Param
}

func parseGraphToTable(p *parser, op Op) Operator {
	return &GraphToTableOp{Op: op, Outputs: list(p, listForm{open: true}, "nodes or edges", (*parser).graphOutput)}
}

func (p *parser) graphOutput() (GraphToTableOutput, bool) {
	start := p.here()
	o := GraphToTableOutput{}
	form := paramForm{}
	switch p.at() {
	case kwNodes:
		form.own = []string{"with_node_id"}
	case kwEdges:
		form.own = []string{"with_source_id", "with_target_id"}
	default:
		return o, false
	}
	o.Word = p.text(0)
	p.pos++
	if p.take(kwAs) {
		name := p.needName()
		o.As = &name
	}
	o.Params = p.params(form)
	o.At = p.since(start)
	return o, true
}

func (o *GraphToTableOp) print(w *printer) {
	w.start("graph-to-table", o.Params)
	for i, out := range o.Outputs {
		if i > 0 {
			w.str(",")
		}
		w.word(out.Word)
		if out.As != nil {
			w.word("as").name(*out.As)
		}
		w.params(out.Params)
	}
}
