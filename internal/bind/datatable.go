package bind

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/external"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// dataTable binds "datatable (a:type) [values]".
func (b *binder) dataTable(x *syntax.DataTable, c ctx) rel {
	cols := b.declared(x.Columns)
	if len(cols) == 0 {
		b.fail(x.Span(), "SEM0100", "datatable needs at least one column", "")
		return rel{open: true}
	}
	if len(x.Values)%len(cols) != 0 {
		b.fail(x.Span(), "SEM0173", fmt.Sprintf(
			"Incorrect number of data values. The values should appear in multiples of %d.", len(cols)), "")
		return rel{open: true}
	}
	rows := make([][]types.Value, 0, len(x.Values)/len(cols))
	var row []types.Value
	ec := ctx{sc: c.sc, op: "datatable"}
	for i, v := range x.Values {
		col := cols[i%len(cols)]
		if i%len(cols) == 0 {
			row = make([]types.Value, 0, len(cols))
		}
		row = append(row, b.dataValue(v, col.Type, ec))
		if len(row) == len(cols) {
			rows = append(rows, row)
		}
	}
	return rel{node: b.values(cols, rows)}
}

// externalData binds the declared schema and the addresses, so that the rest
// of the query is checked even where they may not be fetched.
func (b *binder) externalData(x *syntax.ExternalData, c ctx) rel {
	c = ctx{sc: c.sc, op: "externaldata"}
	r := external.Request{Operator: "externaldata", Columns: b.declared(x.Columns), URLs: b.constAddresses(x.URIs, c)}
	for _, p := range x.Props {
		b.externalProperty(p, &r, c)
	}
	return rel{node: plan.NewGoOp(b.env.External.Source(r), r.Columns, b.place(x.Span()))}
}

// constAddresses are the addresses of files, which are constants.
func (b *binder) constAddresses(list []syntax.Expr, c ctx) []string {
	var out []string
	for _, u := range list {
		k, ok := b.expr(u, c).(*plan.Const)
		switch {
		case ok && k.Value.Type == types.Unknown:
		case !ok || k.Value.Type != types.String:
			b.fail(u.Span(), "SEM0100", c.op+": the address must be a constant string", "")
		default:
			out = append(out, k.Value.S)
		}
	}
	return out
}

// wordOf is the value of a property, a word or a constant, as text.
func (b *binder) wordOf(p syntax.Param, c ctx) string {
	if p.Value == nil {
		return ""
	}
	if n, ok := p.Value.(*syntax.NameRef); ok { // format=csv
		return n.Name
	}
	k, ok := b.expr(p.Value, c).(*plan.Const)
	switch {
	case !ok:
		return ""
	case k.Value.Type == types.Bool:
		return types.FormatBool(k.Value.I != 0)
	}
	return k.Value.S
}

// externalProperty reads one of with (name = value). Properties that do not
// change the rows are accepted; one that would is refused.
func (b *binder) externalProperty(p syntax.Param, r *external.Request, c ctx) {
	text := b.wordOf(p, c)
	switch strings.ToLower(p.Name) {
	case "format":
		r.Format = strings.ToLower(text)
	case "ignorefirstrecord":
		r.SkipHeader = strings.EqualFold(text, "true")
	case "ingestionmapping", "ingestionmappingreference", "ingestionmappingtype", "avro", "csvmapping", "jsonmapping", "mapping":
		b.block(p.Span(), diag.Unsupported, "HRR0001", "externaldata with '"+p.Name+"' is not supported", "declare the columns in the order (or, for json, by the names) of the file")
	}
}

// dataValue is one constant of a datatable, converted to its column's type.
// A value that does not convert is null, as in Kusto.
func (b *binder) dataValue(v syntax.Expr, t types.Type, c ctx) types.Value {
	x := b.expr(v, c)
	if x.Type() == types.Unknown {
		return types.Null(t)
	}
	if x.Type() != t {
		x = b.cast(x, t, v.Span())
	}
	k, ok := x.(*plan.Const)
	if !ok {
		b.fail(v.Span(), "SEM0100", "datatable values must be constants", "")
		return types.Null(t)
	}
	return k.Value
}

// declared turns column declarations into columns.
func (b *binder) declared(decls []syntax.ColumnDecl) []plan.Column {
	var cols []plan.Column
	for _, d := range decls {
		t := d.Type
		if t == types.Unknown {
			b.fail(d.Span(), "SEM0105", fmt.Sprintf("'%s' is not a type", d.TypeName), "use bool, int, long, real, decimal, datetime, timespan, guid, string or dynamic")
		}
		if findColumn(cols, d.Name.Text) >= 0 {
			b.fail(d.Span(), "SEM0171", fmt.Sprintf("A column with the name '%s' is already declared.", d.Name.Text), "")
			continue
		}
		cols = append(cols, plan.Column{Name: d.Name.Text, Type: t, Nullable: !t.NeverNull()})
	}
	return cols
}
