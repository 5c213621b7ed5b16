package bind

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/external"
	"github.com/harrier-hunting/harrier/internal/types"
)

// inferSchema: the columns of files as text. It takes no rows; after a table
// it binds, as Microsoft's binder has it, and is refused when run.
func (e *evaluation) inferSchema() rel {
	v, _ := e.constant("Options")
	if e.failed {
		return rel{}
	}
	if e.in.node != nil {
		e.block(e.op.Plugin.Span(), diag.Unsupported, "HRR0001", "infer_storage_schema after a table is not supported", "write it without a table: evaluate infer_storage_schema(…)")
	}
	r := external.SchemaRequest{Mode: "last"}
	switch {
	case e.late:
	case v.Type != types.Dynamic || dynamic.KindOf(v.S) != dynamic.Bag:
		e.refuse(e.arg("Options").Span(), "infer_storage_schema: the options are a bag", "dynamic({'StorageContainers': ['https://host/file.csv'], 'DataFormat': 'csv'})")
		return rel{}
	default:
		for name, value := range dynamic.Members(v.S) {
			e.schemaOption(&r, dynamic.Unquote(name), value)
		}
		if len(r.URLs) == 0 {
			e.refuse(e.arg("Options").Span(), "infer_storage_schema: 'StorageContainers' names no file", "'StorageContainers': ['https://host/file.csv']")
		}
	}
	return e.goOp(e.env.External.SchemaSource(r), external.SchemaColumns())
}

// schemaOption reads one of the options; those that are not known could change
// the answer and are refused.
func (e *evaluation) schemaOption(r *external.SchemaRequest, name, value string) {
	text := dynamic.AsString(value)
	ok := dynamic.KindOf(value) == dynamic.String
	switch name {
	case "StorageContainers":
		if ok = dynamic.KindOf(value) == dynamic.Array; !ok {
			break
		}
		for item := range dynamic.Items(value) {
			ok = ok && dynamic.KindOf(item) == dynamic.String
			r.URLs = append(r.URLs, dynamic.AsString(item))
		}
	case "DataFormat":
		r.Format = strings.ToLower(text)
	case "FileExtension":
		r.Suffix = text
	case "FileNamePrefix":
		r.Prefix = text
	case "Mode":
		r.Mode = strings.ToLower(text)
		ok = r.Mode == "any" || r.Mode == "last" || r.Mode == "all"
	case "InferenceOptions":
		if ok = dynamic.KindOf(value) == dynamic.Bag; !ok {
			break
		}
		for quoted, flag := range dynamic.Members(value) {
			key := dynamic.Unquote(quoted)
			if key != "UseFirstRowAsHeader" {
				e.noOption(key)
				continue
			}
			ok = ok && dynamic.KindOf(flag) == dynamic.Bool
			r.Header = flag == "true"
		}
	default:
		e.noOption(name)
	}
	if !ok {
		e.refuse(e.arg("Options").Span(), "infer_storage_schema: "+value+" is no value of '"+name+"'", "")
	}
}

func (e *evaluation) noOption(name string) {
	e.block(e.arg("Options").Span(), diag.Unsupported, "HRR0001", "infer_storage_schema with '"+name+"' is not supported",
		"there are StorageContainers, DataFormat, FileExtension, FileNamePrefix, Mode and InferenceOptions with UseFirstRowAsHeader")
}
