package api

import (
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// schemaVersion is the database's. Tools that keep a schema are always given the whole one.
const schemaVersion = "v1.0"

// listed are the tables that a schema shows: today's and the program's own. Those of 2018 answer to their names.
func (s *shower) listed() (out []*catalog.Table) {
	for _, name := range s.tables.Stored() {
		out = append(out, s.tables.Table(name))
	}
	return out
}

// columns are a table's columns as queries see them.
func (s *shower) columns(t *catalog.Table) []catalog.Column {
	if !s.x.s.cfg.Hunt.Compat || t.Own {
		return t.Columns
	}
	out := slices.Clone(t.Columns)
	for _, i := range t.JSON {
		out[i].Type = types.Dynamic
	}
	for _, c := range t.Compat {
		out = append(out, catalog.Column{Name: c.Name, Type: c.Type})
	}
	return out
}

// folder sorts tables in the trees that tools draw.
func folder(t *catalog.Table) string {
	if t.Own {
		return "Harrier"
	}
	return t.Family
}

func (s *shower) schema() (*kustoTable, error) {
	t := tableOf("DatabaseName", types.String, "TableName", types.String, "ColumnName", types.String, "ColumnType", types.String,
		"IsDefaultTable", types.Bool, "IsDefaultColumn", types.Bool, "PrettyName", types.String, "Version", types.String, "Folder", types.String, "DocString", types.String)
	t.add(kustoDatabase, "", "", "", false, false, "", schemaVersion, "", "")
	for _, table := range s.listed() {
		t.add(kustoDatabase, table.Name, "", "", false, false, "", "", folder(table), table.Doc)
		for _, c := range s.columns(table) {
			t.add(kustoDatabase, table.Name, c.Name, c.Type.SystemName(), false, false, "", "", folder(table), c.Doc)
		}
	}
	return t, s.own()
}

// wants reports whether the options of the command ask for a kind of entity; without any, all are wanted.
func (s *shower) wants(kind string) bool { return len(s.with) == 0 || s.with[kind] == "true" }

func (s *shower) schemaJSON() (*kustoTable, error) {
	dst := dynamic.AppendString([]byte(`{"Databases":{`), kustoDatabase)
	dst = dynamic.AppendString(append(dst, `:{"Name":`...), kustoDatabase)
	dst = append(dst, `,"Tables":{`...)
	if s.wants("tables") {
		for i, t := range s.listed() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = s.appendTable(append(dynamic.AppendString(dst, t.Name), ':'), t)
		}
	}
	dst = append(dst, `},"ExternalTables":{},"MaterializedViews":{},"EntityGroups":{},"PrettyName":null,"MajorVersion":1,"MinorVersion":0,"Functions":{`...)
	if s.wants("functions") {
		for i, f := range s.allFunctions() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = f.append(append(dynamic.AppendString(dst, f.Name), ':'))
		}
	}
	dst = append(dst, `},"DatabaseAccessMode":"`+readOnly+`"}}}`...)
	return tableOf("DatabaseSchema", types.String).add(string(dst)), s.own()
}

// appendTable writes a table as schemas in JSON have it.
func (s *shower) appendTable(dst []byte, t *catalog.Table) []byte {
	dst = dynamic.AppendString(append(dst, `{"Name":`...), t.Name)
	dst = dynamic.AppendString(append(dst, `,"Folder":`...), folder(t))
	dst = dynamic.AppendString(append(dst, `,"DocString":`...), t.Doc)
	dst = append(dst, `,"DefaultColumn":null,"OrderedColumns":`...)
	return append(appendOrdered(dst, s.columns(t)), '}')
}

func appendOrdered(dst []byte, cols []catalog.Column) []byte {
	dst = append(dst, '[')
	for i, c := range cols {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendString(append(dst, `{"Name":`...), c.Name)
		dst = dynamic.AppendString(append(dst, `,"Type":`...), c.Type.SystemName())
		dst = dynamic.AppendString(append(dst, `,"CslType":`...), c.Type.String())
		dst = append(dynamic.AppendString(append(dst, `,"DocString":`...), c.Doc), '}')
	}
	return append(dst, ']')
}

// csl is a table's columns as KQL declares them.
func (s *shower) csl(t *catalog.Table) string {
	var cols []string
	for _, c := range s.columns(t) {
		cols = append(cols, entity(c.Name)+":"+c.Type.String())
	}
	return strings.Join(cols, ", ")
}

// entity is a name as KQL takes it. The catalog's names need no brackets but where they are words of the language.
func entity(name string) string {
	if tree, diags := syntax.Parse(name); diags.Err() == nil && len(tree.Statements) == 1 {
		if s, ok := tree.Statements[0].(*syntax.ExprStatement); ok {
			if _, ok := s.X.(*syntax.NameRef); ok {
				return name
			}
		}
	}
	return "['" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "']"
}

func (s *shower) schemaScript() (*kustoTable, error) {
	var b strings.Builder
	for _, t := range s.listed() {
		b.WriteString(".create-merge table " + entity(t.Name) + " (" + s.csl(t) + ") with (folder = " + dynamic.Quote(folder(t)) + ", docstring = " + dynamic.Quote(t.Doc) + ")\n\n")
	}
	for _, f := range s.allFunctions() {
		b.WriteString(".create-or-alter function with (docstring = " + dynamic.Quote(f.Doc) + ") " + entity(f.Name) + f.params + " " + f.body + "\n\n")
	}
	return tableOf("DatabaseSchemaScript", types.String).add(b.String()), s.own()
}

func tableSchemas() *kustoTable {
	return tableOf("TableName", types.String, "Schema", types.String, "DatabaseName", types.String, "Folder", types.String, "DocString", types.String)
}

func (s *shower) cslSchemas() (*kustoTable, error) {
	out := tableSchemas()
	for _, t := range s.listed() {
		out.add(t.Name, s.csl(t), kustoDatabase, folder(t), t.Doc)
	}
	return out, s.own()
}

// named are the tables that the command names.
func (s *shower) named() ([]*catalog.Table, error) {
	var out []*catalog.Table
	for _, name := range s.given {
		t := s.tables.Table(name)
		if t == nil {
			return nil, noEntity("Table", name)
		}
		out = append(out, t)
	}
	return out, nil
}

func (s *shower) cslSchema() (*kustoTable, error) {
	return s.eachNamed(tableSchemas(), s.csl)
}

func (s *shower) tableJSON() (*kustoTable, error) {
	return s.eachNamed(tableSchemas(), func(t *catalog.Table) string { return string(s.appendTable(nil, t)) })
}

func (s *shower) eachNamed(out *kustoTable, schema func(*catalog.Table) string) (*kustoTable, error) {
	list, err := s.named()
	for _, t := range list {
		out.add(t.Name, schema(t), kustoDatabase, folder(t), t.Doc)
	}
	return out, err
}

func (s *shower) tableList() (*kustoTable, error) {
	list, err := s.named()
	if len(s.given) == 0 {
		list = s.listed()
	}
	out := tableOf("TableName", types.String, "DatabaseName", types.String, "Folder", types.String, "DocString", types.String)
	for _, t := range list {
		out.add(t.Name, kustoDatabase, folder(t), t.Doc)
	}
	return out, err
}

func (s *shower) entities() (*kustoTable, error) {
	out := tableOf("DatabaseName", types.String, "EntityType", types.String, "EntityName", types.String, "DocString", types.String, "Folder", types.String,
		"CslInputSchema", types.String, "Content", types.String, "CslOutputSchema", types.String, "Properties", types.Dynamic)
	for _, t := range s.listed() {
		out.add(kustoDatabase, "Table", t.Name, t.Doc, folder(t), "", "", s.csl(t), "{}")
	}
	for _, f := range s.allFunctions() {
		out.add(kustoDatabase, "Function", f.Name, f.Doc, "", f.params, f.body, "", "{}")
	}
	return out, nil
}
