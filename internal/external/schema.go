package external

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// SchemaRequest asks for the columns of files, as the plugin
// infer_storage_schema does.
type SchemaRequest struct {
	// URLs name files one by one: nothing here lists a container.
	URLs []string
	// Format is the declared one, or "" to go by the files' names.
	Format string
	// Header tells that the first record of delimited text names the columns.
	Header bool
	// Mode is "any": the first file, "last": the one written last, or "all".
	Mode string
	// Prefix and Suffix are of the names of the files that count.
	Prefix, Suffix string
}

// SchemaColumns is what SchemaSource gives: one row of one text.
func SchemaColumns() []plan.Column { return []plan.Column{{Name: "CslSchema", Type: types.String}} }

// SchemaSource is the operator that reads files and tells their columns.
func (f *Fetcher) SchemaSource(r SchemaRequest) plan.RowOp {
	s := &schemaSource{f: f, req: r}
	for _, u := range r.URLs {
		if strings.Contains(u, ";") { // said below, better than as a container
		} else if !namesFile(u) {
			s.refusal = "a container or folder would have to be listed; name its files, https://host/folder/file.csv"
			return s
		}
		fl, why := f.file(u, r.Format)
		if why != "" {
			s.refusal = why
			return s
		}
		if name := path.Base(fl.url.Path); strings.HasPrefix(name, r.Prefix) && strings.HasSuffix(name, r.Suffix) {
			s.files = append(s.files, fl)
		}
	}
	if len(s.files) == 0 {
		s.refusal = "no file is named that has this prefix and extension"
	}
	return s
}

// namesFile tells a file's address from a container's: the last part of its
// path has an extension.
func namesFile(address string) bool {
	address, _, _ = strings.Cut(address, "?")
	_, rest, ok := strings.Cut(address, "://")
	at := strings.LastIndexByte(rest, '/')
	return !ok || at > 0 && strings.Contains(rest[at:], ".")
}

// schemaSource is infer_storage_schema as an operator without input.
type schemaSource struct {
	f       *Fetcher
	req     SchemaRequest
	files   []file
	refusal string
}

// Name is the plugin's name.
func (*schemaSource) Name() string { return "infer_storage_schema" }

// Ordered: there is no input.
func (*schemaSource) Ordered(int) bool { return false }

// Refusal says why this one does not run, or "".
func (s *schemaSource) Refusal() string { return s.refusal }

// Run fetches the files of the mode and writes one row.
func (s *schemaSource) Run(ctx context.Context, _ []plan.RowReader, out plan.RowWriter) error {
	if s.refusal != "" {
		return &plan.OpError{Message: s.Name() + ": " + s.refusal}
	}
	var all schema
	var err error
	switch {
	case s.req.Mode == "all":
		for _, fl := range s.files {
			if err = s.add(ctx, fl, &all); err != nil {
				return err
			}
		}
	case s.req.Mode == "any" || len(s.files) == 1:
		err = s.add(ctx, s.files[0], &all)
	default:
		err = s.last(ctx, &all)
	}
	if err != nil {
		return err
	}
	w := &writer{ctx: ctx, out: out, cols: SchemaColumns()}
	row, err := w.row()
	if err != nil {
		return err
	}
	w.set(row, 0, types.StringValue(all.text()))
	return w.flush()
}

// add reads the columns of a file.
func (s *schemaSource) add(ctx context.Context, fl file, to *schema) error {
	parts, _, err := s.f.parts(ctx, s.Name(), fl)
	if err != nil {
		return err
	}
	return s.addParts(ctx, fl, parts, to)
}

func (s *schemaSource) addParts(ctx context.Context, fl file, parts [][]byte, to *schema) error {
	for _, part := range parts {
		if err := infer(part, fl.format, s.req.Header, to); err != nil {
			return failed(ctx, s.Name(), fl.url, reasonOf(err))
		}
	}
	return nil
}

// last reads the file that was written last, by what the hosts tell.
func (s *schemaSource) last(ctx context.Context, to *schema) error {
	var newest file
	var body [][]byte
	var at time.Time
	for _, fl := range s.files {
		parts, modified, err := s.f.parts(ctx, s.Name(), fl)
		switch {
		case err != nil:
			return err
		case modified.IsZero():
			return failed(ctx, s.Name(), fl.url, "the host does not tell when it was written; choose 'Mode': 'any' or 'all'")
		case body == nil || modified.After(at):
			newest, body, at = fl, parts, modified
		}
	}
	return s.addParts(ctx, newest, body, to)
}

// infer adds the columns of one file; a library that panics on a broken file
// is a broken file.
func infer(data []byte, format string, header bool, to *schema) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("it is not in the declared format")
		}
	}()
	switch format {
	case "json", "multijson", "singlejson":
		err = to.addJSON(data)
	case "parquet":
		err = to.addParquet(data)
	default:
		err = to.addText(splitters[format], data, header && format != "txt" && format != "raw")
	}
	if errors.Is(err, errEnough) {
		err = nil
	}
	if err == nil && len(to.cols) > maxSchemaColumns {
		err = fmt.Errorf("it has more than %d columns", maxSchemaColumns)
	}
	return err
}
