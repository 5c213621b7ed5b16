package api

import (
	"encoding/json"
	"strings"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// graphSchema is the answer of getHuntingSchema (contract §3).
type graphSchema struct {
	Tables    []graphTable `json:"tables"`
	Functions struct {
		BuiltIn []graphFunction `json:"builtInFunctions"`
		Saved   []savedFunction `json:"savedFunctions"`
	} `json:"functions"`
}

type graphTable struct {
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Columns     []graphColumn `json:"columns"`
}

type graphColumn struct {
	Name        string `json:"name"`
	DataType    string `json:"dataType"`
	Description string `json:"description"`
}

type graphFunction struct {
	ID            string           `json:"huntingFunctionId"` // the name: functions have no other identity here
	Name          string           `json:"name"`
	Path          string           `json:"path"`
	Documentation string           `json:"documentation"`
	Input         []graphParameter `json:"inputParameters"`
	Output        []graphColumn    `json:"outputColumns"`
}

// savedFunction is a stored function. Who changed it and when is in the request log, not with the function.
type savedFunction struct {
	graphFunction
	Description    string  `json:"description"`
	CreatedBy      *string `json:"createdBy"`
	LastModifiedBy *string `json:"lastModifiedBy"`
	LastModified   *string `json:"lastModifiedDateTime"`
}

type graphParameter struct {
	Name    string  `json:"name"`
	CslType string  `json:"cslType"`
	Default *string `json:"defaultValue"`
}

// huntingSchema lists the tables that the caller may read, with the columns that the catalog knows, and the functions.
func huntingSchema(x *exchange, out *buffer) error {
	svc := x.s.cfg.Hunt
	grant, err := svc.Grant(*x.principal)
	if err == nil {
		err = grant.Need(access.ViewData)
	}
	if err != nil {
		return err
	}
	schema := graphSchema{Tables: []graphTable{}}
	for _, name := range svc.Catalog.Names() {
		t := svc.Catalog.Table(name)
		if !grant.MayRead(t) {
			continue
		}
		g := graphTable{Name: t.Name, Description: t.Doc, Columns: make([]graphColumn, 0, len(t.Columns))}
		for _, c := range t.Columns {
			g.Columns = append(g.Columns, graphColumn{c.Name, c.Type.NetName(), c.Doc})
		}
		schema.Tables = append(schema.Tables, g)
	}
	env := svc.Env(x.principal.Tenant)
	env.Catalog = env.Catalog.Only(grant.MayRead)
	schema.Functions.BuiltIn = []graphFunction{}
	for _, f := range catalog.HuntingFunctions() {
		schema.Functions.BuiltIn = append(schema.Functions.BuiltIn, describe(f, "Built-in functions", env))
	}
	schema.Functions.Saved = []savedFunction{}
	if x.s.cfg.Functions != nil {
		if lib := x.s.cfg.Functions(x.principal.Tenant); lib != nil {
			for _, f := range lib.List() {
				schema.Functions.Saved = append(schema.Functions.Saved, savedFunction{graphFunction: describe(f, "Shared functions", env), Description: f.Doc})
			}
		}
	}
	text, err := json.Marshal(schema)
	if err != nil {
		return err
	}
	return out.put(append(out.tail(), text...))
}

// describe tells a function's parameters and, for one that gives a table, its columns.
func describe(f catalog.Function, path string, env bind.Env) graphFunction {
	g := graphFunction{ID: f.Name, Name: f.Name, Path: path, Documentation: f.Doc, Input: []graphParameter{}, Output: []graphColumn{}}
	decl := declaration(f)
	if decl == nil {
		return g
	}
	for _, p := range decl.Params {
		in := graphParameter{Name: p.Name.Text, CslType: p.Type.String()}
		if p.Tabular {
			in.CslType = tabularType(p)
		}
		if p.Default != nil {
			at := p.Default.Span()
			text := f.Text[at.Start:at.End]
			in.Default = &text
		}
		g.Input = append(g.Input, in)
	}
	for _, c := range resultColumns(f, decl, env) {
		g.Output = append(g.Output, graphColumn{Name: c.Name, DataType: c.Type.NetName()})
	}
	return g
}

// declaration is the function within a stored text, or nil.
func declaration(f catalog.Function) *syntax.FunctionDecl {
	tree, diags := syntax.Parse(f.Text)
	if diags.Err() != nil || len(tree.Statements) != 1 {
		return nil
	}
	let, ok := tree.Statements[0].(*syntax.LetStatement)
	if !ok {
		return nil
	}
	decl, _ := let.Value.(*syntax.FunctionDecl)
	return decl
}

// tabularType writes the type of a table: (*) or (name:type, …).
func tabularType(p syntax.FunctionParam) string {
	if p.Star || len(p.Columns) == 0 {
		return "(*)"
	}
	var cols []string
	for _, c := range p.Columns {
		cols = append(cols, c.Name.Text+":"+c.Type.String())
	}
	return "(" + strings.Join(cols, ", ") + ")"
}

// resultColumns binds a call of the function, with empty tables and values of no meaning, and gives what comes out. A
// function whose columns depend on its arguments, or that gives a value, has none to tell.
func resultColumns(f catalog.Function, decl *syntax.FunctionDecl, env bind.Env) []plan.Column {
	if len(decl.Params) > 0 && decl.Params[0].Tabular {
		return nil // its columns are those of its input and more
	}
	var args []string
	for _, p := range decl.Params {
		if p.Default != nil {
			break
		}
		args = append(args, sampleArgument(p.Type))
	}
	tree, diags := syntax.Parse(strings.TrimRight(f.Text, " \t\r\n;") + ";\n" + f.Name + "(" + strings.Join(args, ", ") + ")")
	if diags.Err() != nil {
		return nil
	}
	b, diags := bind.Bind(tree, env)
	if diags.Err() != nil || b.Node == nil || b.Probe != nil {
		return nil
	}
	return b.Node.Columns()
}

func sampleArgument(t types.Type) string {
	switch t {
	case types.String:
		return "''"
	case types.Dynamic:
		return "dynamic([])"
	case types.Datetime:
		return "datetime(2020-01-01)"
	}
	return t.String() + "(null)"
}
