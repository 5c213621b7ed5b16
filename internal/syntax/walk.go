package syntax

// Walk visits n and, where visit returns true, everything below it, in the
// order of the text. Besides statements, operators and expressions it visits
// their parts: *Param, *Name, *ColumnDecl, *FunctionParam, *FunctionBody,
// *PatternCase and the parts of single operators.
func Walk(n Node, visit func(Node) bool) {
	w := walker{visit}
	switch n := n.(type) {
	case *Query:
		if visit(n) {
			w.statements(n.Statements)
		}
	case Statement:
		w.statement(n)
	case Operator:
		w.operator(n)
	case Expr:
		w.expr(n)
	}
}

type walker struct{ visit func(Node) bool }

func (w walker) statements(list []Statement) {
	for _, s := range list {
		w.statement(s)
	}
}

func (w walker) statement(s Statement) {
	if !w.visit(s) {
		return
	}
	switch s := s.(type) {
	case *LetStatement:
		w.name(&s.Name)
		w.expr(s.Value)
	case *SetStatement:
		w.name(&s.Name)
		w.expr(s.Value)
	case *AliasStatement:
		w.name(&s.Name)
		w.expr(s.Value)
	case *RestrictStatement:
		w.exprs(s.To)
		w.params(s.Params)
	case *QueryParametersStatement:
		w.functionParams(s.Params)
	case *PatternStatement:
		w.name(&s.Name)
		w.functionParams(s.Params)
		if s.Path != nil {
			w.functionParam(s.Path)
		}
		for i := range s.Cases {
			if c := &s.Cases[i]; w.visit(c) {
				w.exprs(c.Args)
				w.expr(c.Path)
				w.body(&c.Body)
			}
		}
	case *ExprStatement:
		w.expr(s.X)
	}
}

func (w walker) body(b *FunctionBody) {
	if w.visit(b) {
		w.statements(b.Statements)
		w.expr(b.X)
	}
}

func (w walker) name(n *Name) {
	if n.Pos.End > n.Pos.Start {
		w.visit(n)
	}
}

func (w walker) names(list []Name) {
	for i := range list {
		w.name(&list[i])
	}
}

func (w walker) params(list []Param) {
	for i := range list {
		if p := &list[i]; w.visit(p) {
			w.expr(p.Value)
		}
	}
}

func (w walker) functionParams(list []FunctionParam) {
	for i := range list {
		w.functionParam(&list[i])
	}
}

func (w walker) functionParam(p *FunctionParam) {
	if w.visit(p) {
		w.name(&p.Name)
		w.columns(p.Columns)
		w.expr(p.Default)
	}
}

func (w walker) columns(list []ColumnDecl) {
	for i := range list {
		w.column(&list[i])
	}
}

func (w walker) column(c *ColumnDecl) {
	if w.visit(c) {
		w.name(&c.Name)
	}
}

func (w walker) exprs(list []Expr) {
	for _, x := range list {
		w.expr(x)
	}
}

func (w walker) expr(x Expr) {
	if x == nil || !w.visit(x) {
		return
	}
	switch x := x.(type) {
	case *FunctionDecl:
		w.functionParams(x.Params)
		w.body(&x.Body)
	case *TypeExpr:
		w.columns(x.Columns)
	case *Paren:
		w.expr(x.X)
	case *Unary:
		w.expr(x.X)
	case *Binary:
		w.expr(x.X)
		w.expr(x.Y)
	case *In:
		w.expr(x.X)
		w.exprs(x.List)
	case *Between:
		w.expr(x.X)
		w.expr(x.Lo)
		w.expr(x.Hi)
	case *Call:
		w.name(&x.Name)
		w.params(x.Params)
		w.exprs(x.Args)
	case *Path:
		w.expr(x.X)
		w.expr(x.Member)
	case *Index:
		w.expr(x.X)
		w.expr(x.I)
	case *NamedExpr:
		w.names(x.Names)
		w.expr(x.X)
	case *Ordered:
		w.expr(x.X)
	case *Pipe:
		w.expr(x.Source)
		for _, op := range x.Ops {
			w.operator(op)
		}
	default:
		w.source(x)
	}
}

// source visits what is below the expressions that describe tables.
func (w walker) source(x Expr) {
	switch x := x.(type) {
	case *DataTable:
		w.params(x.Params)
		w.columns(x.Columns)
		w.exprs(x.Values)
	case *ExternalData:
		w.params(x.Params)
		w.columns(x.Columns)
		w.exprs(x.URIs)
		w.params(x.Props)
	case *InlineExternalTable:
		w.columns(x.Columns)
		w.params(x.Params)
		w.functionParams(x.PartitionBy)
		w.exprs(x.PathFormat)
		w.exprs(x.Rest)
		w.params(x.Props)
	case *EntityGroup:
		w.exprs(x.Members)
	case *NameList:
		w.names(x.Names)
	case *TypedName:
		w.column(&x.Column)
	}
}
