package syntax

// FindOp: find in (tables) where cond project a, b:type, pack(*).
type FindOp struct {
	Op
	In          []Expr
	Cond        Expr
	Project     []Expr // NameRef, TypedName, Star, Call pack(*)
	ProjectAway []Expr
	Smart       bool // project-smart
}

// TypedName is "name:type" where an expression is expected (find project).
type TypedName struct {
	At
	Column ColumnDecl
}

func (*TypedName) expr() {}

func parseFind(p *parser, op Op) Operator {
	p.dataScope()
	op.Params = p.params(paramForm{bare: true})
	o := &FindOp{Op: op}
	o.In = p.findIn()
	if !p.take(kwWhere) && (op.Params != nil || o.In != nil) {
		p.expected("where")
	}
	o.Cond = p.must(p.expr())
	switch {
	case p.take(kwProject):
		o.Project = p.exprList(listForm{open: true}, (*parser).findColumn)
	case p.take(kwProjectSmart):
		o.Smart = true
	}
	if p.take(kwFindProjectAway) {
		o.ProjectAway = p.exprList(listForm{open: true}, (*parser).findColumn)
	}
	return o
}

// findIn parses "in (tables)", if it is there.
func (p *parser) findIn() []Expr {
	if !p.take(kwIn) {
		return nil
	}
	if p.at() != tOpenParen {
		p.expected("(")
		return nil
	}
	w := p.open()
	tables := p.exprList(listForm{}, (*parser).findTable)
	p.close(w)
	return tables
}

// findTable parses a table, a pattern, or "table | as name".
func (p *parser) findTable() Expr {
	start := p.here()
	x := p.entity()
	if x == nil || p.at() != tBar {
		return x
	}
	p.pos++
	from := p.here()
	if !p.take(kwAs) {
		p.noOperator()
		return x
	}
	op := parseAs(p, Op{Word: "as"})
	op.head().At = p.since(from)
	return &Pipe{At: p.since(start), Source: x, Ops: []Operator{op}}
}

// findColumn parses a column of find … project.
func (p *parser) findColumn() Expr {
	if p.at() == kwPack {
		return p.packAll()
	}
	if p.at() == tIdent && p.text(0) == "pack_all" && p.peek(1) == tOpenParen {
		return p.call()
	}
	if x := p.star(); x != nil {
		return x
	}
	start := p.here()
	name, ok := p.name()
	if !ok {
		return nil
	}
	if !p.take(tColon) {
		return name.ref()
	}
	c := ColumnDecl{Name: name}
	c.Type, c.TypeName = p.columnType(asType | asOldType)
	c.At = p.since(start)
	return &TypedName{At: c.At, Column: c}
}

// packAll parses pack(*).
func (p *parser) packAll() Expr {
	start := p.here()
	name := Name{Text: p.text(0)}
	p.pos++
	name.At = p.since(start)
	c := &Call{Name: name}
	if p.at() != tOpenParen {
		p.expected("(")
		c.At = name.At
		return c
	}
	w := p.open()
	if x := p.star(); x != nil {
		c.Args = []Expr{x}
	} else {
		p.expected("*")
	}
	p.close(w)
	c.At = p.since(start)
	return c
}

func (o *FindOp) print(w *printer) {
	w.start("find", o.Params).inTables(o.In).word("where").expr(o.Cond)
	if o.Smart {
		w.word("project-smart")
	} else if o.Project != nil {
		w.word("project").exprs(o.Project)
	}
	if o.ProjectAway != nil {
		w.word("__projectAway").exprs(o.ProjectAway)
	}
}

func (w *printer) inTables(tables []Expr) *printer {
	if tables != nil {
		w.word("in (").args(tables).str(")")
	}
	return w
}
