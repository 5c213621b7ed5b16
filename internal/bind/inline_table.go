package bind

import (
	"net/url"
	"path"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/external"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// inlineTable is inline_external_table while it is bound.
type inlineTable struct {
	*binder
	x      *syntax.InlineExternalTable
	c      ctx
	kind   string
	format string
	r      external.Request
	// prefix and suffix are of the names of the files to be read.
	prefix, suffix string
}

// inlineExternalTable binds "inline_external_table (schema) kind=storage
// dataformat=… (addresses)": files that are named one by one, read as
// externaldata reads them. Forms whose files would have to be listed, or whose
// rows come from a log or from paths, bind and are refused when run.
func (b *binder) inlineExternalTable(x *syntax.InlineExternalTable, c ctx) rel {
	t := &inlineTable{binder: b, x: x, c: ctx{sc: c.sc, op: "inline_external_table"}}
	t.r = external.Request{Operator: "inline_external_table", Columns: b.declared(x.Columns)}
	for _, p := range x.Params {
		text := strings.ToLower(b.wordOf(p, t.c))
		if p.Name == "kind" {
			t.kind = text
		} else {
			t.format = text
		}
	}
	switch t.kind {
	case "storage":
		return t.storage()
	case "delta":
		return t.delta()
	}
	b.fail(x.Span(), "KS005", t.c.inOp("'"+t.kind+"' is not a kind of external table"), "Expected one of: storage, delta")
	return rel{open: true}
}

// storage: files of one format.
func (t *inlineTable) storage() rel {
	switch {
	case len(t.x.Columns) == 0:
		t.fail(t.x.Span(), "SEM0100", t.c.inOp("the columns must be declared"), "inline_external_table (name: type, …) kind=storage …")
		return rel{open: true}
	case t.format == "":
		t.fail(t.x.Span(), "KS253", t.c.inOp("DataFormat definition is expected."), "dataformat=csv")
		return rel{open: true}
	}
	t.r.Format = t.format
	if len(t.x.PartitionBy) > 0 || len(t.x.PathFormat) > 0 {
		t.partitions()
	}
	for _, p := range t.x.Props {
		t.property(p)
	}
	for _, u := range t.constAddresses(t.x.Rest, t.c) {
		if name := fileName(u); strings.HasPrefix(name, t.prefix) && strings.HasSuffix(name, t.suffix) {
			t.r.URLs = append(t.r.URLs, u)
		}
	}
	return t.rel()
}

// rel reads the files that are left.
func (t *inlineTable) rel() rel {
	return rel{node: plan.NewGoOp(t.env.External.Source(t.r), t.r.Columns, t.place(t.x.Span()))}
}

// partitions: which files belong to a partitioned table only a list of the
// folder tells. Columns without an expression take their values from the path.
func (t *inlineTable) partitions() {
	for _, p := range t.x.PartitionBy {
		if p.Default == nil {
			t.r.Columns = append(t.r.Columns, t.declared([]syntax.ColumnDecl{{At: p.At, Name: p.Name, Type: p.Type}})...)
		}
	}
	t.block(t.x.Span(), diag.Unsupported, "HRR0001", "inline_external_table with partitions is not supported", "name the files, without 'partition by' and 'pathformat'")
}

// property reads one of with (name = value); one that is not known could
// change the rows and is refused.
func (t *inlineTable) property(p syntax.Param) {
	text := t.wordOf(p, t.c)
	switch name := strings.ToLower(p.Name); {
	case name == "includeheaders" && strings.EqualFold(text, "all"):
		t.r.SkipHeader = true
	case name == "includeheaders" && strings.EqualFold(text, "none"):
	case name == "encoding" && (strings.EqualFold(text, "UTF8NoBOM") || strings.EqualFold(text, "UTF8BOM")): // both are read
	case name == "nameprefix":
		t.prefix = text
	case name == "fileextension":
		t.suffix = text
	case name == "includeheaders" || name == "encoding":
		t.block(p.Span(), diag.Unsupported, "HRR0001", "inline_external_table with "+p.Name+"='"+text+"' is not supported", "there are includeHeaders='All' and 'None', encoding='UTF8NoBOM' and 'UTF8BOM'")
	default:
		t.block(p.Span(), diag.Unsupported, "HRR0001", "inline_external_table with '"+p.Name+"' is not supported", "there are includeHeaders, encoding, namePrefix and fileExtension")
	}
}

// delta: the files of a Delta table, and its columns where they are not
// declared, are in its log.
func (t *inlineTable) delta() rel {
	const hint = "the log of a Delta table is not read; name its Parquet files: kind=storage dataformat=parquet (…)"
	t.r.URLs = t.constAddresses(t.x.Rest, t.c)
	if len(t.r.Columns) == 0 {
		t.unsupported(t.x.Span(), "inline_external_table kind=delta", hint)
		return rel{open: true}
	}
	t.block(t.x.Span(), diag.Unsupported, "HRR0001", "inline_external_table kind=delta is not supported", hint)
	t.r.Format = "parquet"
	return t.rel()
}

// fileName is the last part of an address's path.
func fileName(address string) string {
	address, _, _ = strings.Cut(address, ";")
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return path.Base(u.Path)
}
