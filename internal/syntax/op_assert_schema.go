package syntax

// AssertSchemaOp: assert-schema (a:type).
type AssertSchemaOp struct {
	Op
	Columns []ColumnDecl
}

func parseAssertSchema(p *parser, op Op) Operator {
	o := &AssertSchemaOp{Op: op}
	o.Columns = p.needRowSchema()
	return o
}

func (o *AssertSchemaOp) print(w *printer) {
	w.start("assert-schema", o.Params).schema(o.Columns, false)
}
