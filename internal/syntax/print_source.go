package syntax

// source writes the expressions that describe tables and functions.
func (w *printer) source(x Expr) {
	switch x := x.(type) {
	case *FunctionDecl:
		if x.View {
			w.str("view ")
		}
		w.functionParams(x.Params).body(x.Body)
	case *DataTable:
		w.str("datatable").params(x.Params).schema(x.Columns, false)
		w.str(" [").args(x.Values).str("]")
	case *ExternalData:
		w.str("externaldata").params(x.Params).schema(x.Columns, false)
		w.str(" [").args(x.URIs).str("]").with(x.Props)
	case *InlineExternalTable:
		w.inlineTable(x)
	case *EntityGroup:
		w.str("entity_group [").args(x.Members).str("]")
	case *NameList:
		for i, n := range x.Names {
			if i > 0 {
				w.str(", ")
			}
			w.nameText(n)
		}
	case *TypedName:
		w.column(x.Column)
	default: // Bad, or nothing
		w.str("<not an expression>")
	}
}

func (w *printer) inlineTable(x *InlineExternalTable) {
	w.str("inline_external_table")
	if x.Columns != nil {
		w.schema(x.Columns, false)
	}
	for i, p := range x.Params {
		if i == 1 {
			w.inlinePaths(x)
		}
		w.params([]Param{p})
	}
	if len(x.Params) < 2 {
		w.inlinePaths(x)
	}
	w.word("(").args(x.Rest).str(")").with(x.Props)
}

// inlinePaths writes the clauses between kind and dataformat.
func (w *printer) inlinePaths(x *InlineExternalTable) {
	if x.PartitionBy != nil {
		w.word("partition by").functionParams(x.PartitionBy)
	}
	if x.PathFormat == nil {
		return
	}
	w.word("pathformat = (")
	for _, part := range x.PathFormat {
		w.expr(part)
	}
	w.str(")")
}
