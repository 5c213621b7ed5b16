package syntax

// operator visits an operator and what is below it.
func (w walker) operator(op Operator) {
	if !w.visit(op) {
		return
	}
	w.params(op.head().Params)
	switch o := op.(type) {
	case *WhereOp:
		w.expr(o.Cond)
	case *ExtendOp:
		w.exprs(o.Exprs)
	case *ProjectOp:
		w.exprs(o.Exprs)
	case *ProjectAwayOp:
		w.exprs(o.Columns)
	case *ProjectKeepOp:
		w.exprs(o.Columns)
	case *ProjectRenameOp:
		w.exprs(o.Exprs)
	case *ProjectReorderOp:
		w.exprs(o.Columns)
	case *ProjectByNamesOp:
		w.exprs(o.Exprs)
	case *SummarizeOp:
		w.exprs(o.Aggs)
		w.exprs(o.Keys)
		w.expr(o.BinAt)
	case *DistinctOp:
		w.exprs(o.Exprs)
	case *SortOp:
		w.exprs(o.Keys)
	case *TopOp:
		w.expr(o.N)
		w.exprs(o.By)
	case *TakeOp:
		w.expr(o.N)
	case *CountOp:
		if o.AsName != nil {
			w.name(o.AsName)
		}
	case *AsOp:
		w.name(&o.Name)
	case *AssertSchemaOp:
		w.columns(o.Columns)
	case *EvaluateOp:
		if o.Plugin != nil {
			w.expr(o.Plugin)
		}
		if o.Schema != nil {
			w.expr(o.Schema)
		}
	case *FacetOp:
		w.exprs(o.By)
		w.expr(o.With)
	case *GetSchemaOp:
		w.expr(o.Kind)
	case *InvokeOp:
		w.expr(o.Func)
	case *PrintOp:
		w.exprs(o.Exprs)
	case *RangeOp:
		w.name(&o.Name)
		w.exprs([]Expr{o.From, o.To, o.Step})
	case *ReduceOp:
		w.expr(o.By)
		w.params(o.Props)
	case *RenderOp:
		w.name(&o.Chart)
		w.params(o.Props)
	case *SampleOp:
		w.expr(o.N)
	case *SampleDistinctOp:
		w.expr(o.N)
		w.expr(o.Of)
	case *SerializeOp:
		w.exprs(o.Exprs)
	default:
		w.operator2(op)
	}
}

// operator2 visits what is below operators with tables and clauses.
func (w walker) operator2(op Operator) {
	switch o := op.(type) {
	case *JoinOp:
		w.expr(o.Right)
		w.exprs(o.On)
		w.expr(o.Where)
	case *LookupOp:
		w.expr(o.Right)
		w.exprs(o.On)
	case *UnionOp:
		w.exprs(o.Tables)
	case *SearchOp:
		w.exprs(o.In)
		w.expr(o.Cond)
	case *FindOp:
		w.exprs(o.In)
		w.expr(o.Cond)
		w.exprs(o.Project)
		w.exprs(o.ProjectAway)
	case *ForkOp:
		for i := range o.Branches {
			if b := &o.Branches[i]; w.visit(b) {
				if b.Name != nil {
					w.name(b.Name)
				}
				w.expr(b.X)
			}
		}
	case *PartitionOp:
		w.expr(o.By)
		w.expr(o.Scope)
		w.expr(o.Body)
	case *MacroExpandOp:
		w.expr(o.Group)
		w.name(&o.Name)
		w.body(&o.Body)
	case *MvExpandOp:
		w.mvItems(o.Items)
		w.expr(o.Limit)
	case *MvApplyOp:
		w.mvItems(o.Items)
		w.expr(o.Limit)
		w.expr(o.Context)
		w.expr(o.Body)
	case *ParseOp:
		w.expr(o.X)
		for i := range o.Pattern {
			if p := &o.Pattern[i]; w.visit(p) {
				if p.Text != nil {
					w.expr(p.Text)
				}
				if p.Column != nil {
					w.column(p.Column)
				}
			}
		}
	case *ParseKvOp:
		w.expr(o.X)
		w.columns(o.Columns)
		w.params(o.Props)
	case *TopHittersOp:
		w.exprs([]Expr{o.N, o.Of, o.By})
	case *TopNestedOp:
		for i := range o.Clauses {
			if c := &o.Clauses[i]; w.visit(c) {
				w.exprs([]Expr{c.N, c.Of, c.Others, c.By})
			}
		}
	default:
		w.operator3(op)
	}
}

// operator3 visits what is below the operators on series, scans and graphs.
func (w walker) operator3(op Operator) {
	switch o := op.(type) {
	case *MakeSeriesOp:
		for i := range o.Aggs {
			if a := &o.Aggs[i]; w.visit(a) {
				w.expr(a.X)
				w.expr(a.Default)
			}
		}
		w.exprs([]Expr{o.On, o.From, o.To, o.Step, o.InRange})
		w.exprs(o.Keys)
	case *ScanOp:
		w.exprs(o.OrderBy)
		w.exprs(o.PartitionBy)
		w.functionParams(o.Declare)
		for i := range o.Steps {
			if s := &o.Steps[i]; w.visit(s) {
				w.name(&s.Name)
				w.expr(s.Cond)
				w.exprs(s.Assign)
			}
		}
	case *GraphMatchOp:
		w.graphMatch(o)
	case *GraphShortestPathsOp:
		w.graphMatch(&o.GraphMatchOp)
	case *GraphToTableOp:
		for i := range o.Outputs {
			if out := &o.Outputs[i]; w.visit(out) {
				if out.As != nil {
					w.name(out.As)
				}
				w.params(out.Params)
			}
		}
	case *GraphWhereOp:
		w.expr(o.Cond)
	case *MakeGraphOp:
		w.expr(o.Source)
		w.expr(o.Target)
		if o.NodeID != nil {
			w.name(o.NodeID)
		}
		for i := range o.With {
			if t := &o.With[i]; w.visit(t) {
				w.expr(t.Table)
				w.expr(t.On)
			}
		}
		w.expr(o.PartitionBy)
		w.expr(o.PartitionBody)
	}
}

func (w walker) mvItems(items []MvItem) {
	for i := range items {
		if m := &items[i]; w.visit(m) {
			w.expr(m.X)
			if m.To != nil {
				w.expr(m.To)
			}
		}
	}
}

func (w walker) graphMatch(o *GraphMatchOp) {
	for i := range o.Patterns {
		g := &o.Patterns[i]
		if !w.visit(g) {
			continue
		}
		for j := range g.Parts {
			if part := &g.Parts[j]; w.visit(part) {
				if part.Name != nil {
					w.name(part.Name)
				}
				w.expr(part.Lo)
				w.expr(part.Hi)
			}
		}
	}
	w.expr(o.Cond)
	w.exprs(o.Project)
}
