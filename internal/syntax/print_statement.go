package syntax

func (w *printer) query(q *Query) {
	for i, s := range q.Statements {
		if i > 0 {
			w.str(";\n")
		}
		w.statement(s)
	}
}

func (w *printer) statement(s Statement) *printer {
	switch s := s.(type) {
	case *LetStatement:
		w.word("let").name(s.Name).str(" =").expr(s.Value)
	case *SetStatement:
		w.word("set").name(s.Name)
		if s.Value != nil {
			w.str(" =").expr(s.Value)
		}
	case *AliasStatement:
		w.word("alias database").name(s.Name).str(" =").expr(s.Value)
	case *RestrictStatement:
		w.word("restrict access to (").args(s.To).str(")").with(s.Params)
	case *QueryParametersStatement:
		w.word("declare query_parameters").functionParams(s.Params)
	case *PatternStatement:
		w.pattern(s)
	case *ExprStatement:
		w.expr(s.X)
	}
	return w
}

func (w *printer) pattern(s *PatternStatement) {
	w.word("declare pattern").name(s.Name)
	if s.Cases == nil {
		return
	}
	w.str(" =").functionParams(s.Params)
	if s.Path != nil {
		w.str("[").functionParam(*s.Path).str("]")
	}
	w.str(" {")
	for _, c := range s.Cases {
		w.word("(").args(c.Args).str(")")
		if c.Path != nil {
			w.str(".[").expr(c.Path).str("]")
		}
		w.str(" =").body(c.Body).str(";")
	}
	w.str(" }")
}

func (w *printer) functionParams(params []FunctionParam) *printer {
	w.word("(")
	for i, f := range params {
		if i > 0 {
			w.str(",")
		}
		w.functionParam(f)
	}
	return w.str(")")
}

func (w *printer) functionParam(f FunctionParam) *printer {
	w.name(f.Name).str(":")
	switch {
	case f.Star:
		w.str("(*)")
	case f.Tabular:
		w.columns(f.Columns, false)
	default:
		w.str(f.Type.String())
	}
	if f.Default != nil {
		w.str("=").tight(f.Default)
	}
	return w
}

func (w *printer) body(b FunctionBody) *printer { return w.word("{").block(b).str(" }") }

// block writes statements and the closing expression on one line.
func (w *printer) block(b FunctionBody) *printer {
	w.nesting++
	for i, s := range b.Statements {
		if i > 0 {
			w.str(";")
		}
		w.statement(s)
	}
	if len(b.Statements) > 0 {
		w.str(";")
	}
	if b.X != nil {
		w.expr(b.X)
	}
	w.nesting--
	return w
}
