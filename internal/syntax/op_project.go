package syntax

// ProjectOp: project a, b = x.
type ProjectOp struct {
	Op
	Exprs []Expr
}

// ProjectAwayOp: project-away a, b*.
type ProjectAwayOp struct {
	Op
	Columns []Expr
}

// ProjectKeepOp: project-keep a, b*.
type ProjectKeepOp struct {
	Op
	Columns []Expr
}

// ProjectRenameOp: project-rename new = old.
type ProjectRenameOp struct {
	Op
	Exprs []Expr
}

// ProjectReorderOp: project-reorder a, b* asc, c.
type ProjectReorderOp struct {
	Op
	Columns []Expr // NameRef or Ordered(NameRef)
}

// ProjectByNamesOp: project-by-names expr, ….
type ProjectByNamesOp struct {
	Op
	Exprs []Expr
}

// The whole family may be written without columns; what that means is the
// binder's concern.
func parseProject(p *parser, op Op) Operator {
	return &ProjectOp{Op: op, Exprs: p.exprList(listForm{optional: true}, (*parser).namedExpr)}
}

func parseProjectAway(p *parser, op Op) Operator {
	return &ProjectAwayOp{Op: op, Columns: p.exprList(listForm{optional: true}, (*parser).nameOrWildcard)}
}

func parseProjectKeep(p *parser, op Op) Operator {
	return &ProjectKeepOp{Op: op, Columns: p.exprList(listForm{optional: true}, (*parser).nameOrWildcard)}
}

func parseProjectRename(p *parser, op Op) Operator {
	return &ProjectRenameOp{Op: op, Exprs: p.exprList(listForm{optional: true}, (*parser).namedExpr)}
}

func parseProjectReorder(p *parser, op Op) Operator {
	return &ProjectReorderOp{Op: op, Columns: p.exprList(listForm{optional: true}, func(p *parser) Expr {
		return p.orderedBy((*parser).nameOrWildcard, false)
	})}
}

func parseProjectByNames(p *parser, op Op) Operator {
	return &ProjectByNamesOp{Op: op, Exprs: p.exprList(listForm{optional: true}, (*parser).expr)}
}

func (o *ProjectOp) print(w *printer)        { w.start("project", o.Params).exprs(o.Exprs) }
func (o *ProjectAwayOp) print(w *printer)    { w.start("project-away", o.Params).exprs(o.Columns) }
func (o *ProjectKeepOp) print(w *printer)    { w.start("project-keep", o.Params).exprs(o.Columns) }
func (o *ProjectRenameOp) print(w *printer)  { w.start("project-rename", o.Params).exprs(o.Exprs) }
func (o *ProjectReorderOp) print(w *printer) { w.start("project-reorder", o.Params).exprs(o.Columns) }
func (o *ProjectByNamesOp) print(w *printer) { w.start("project-by-names", o.Params).exprs(o.Exprs) }
