package api

import (
	"sort"
	"strings"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// shownFunction is a stored function taken apart.
type shownFunction struct {
	catalog.Function
	params, body string
	decl         *syntax.FunctionDecl
}

// allFunctions are those of the language's hunting part and the tenant's own, by name.
func (s *shower) allFunctions() []shownFunction {
	list := catalog.HuntingFunctions()
	if s.x.s.cfg.Functions != nil {
		if lib := s.x.s.cfg.Functions(s.p.Tenant); lib != nil {
			list = append(list, lib.List()...)
		}
	}
	var out []shownFunction
	for _, f := range list {
		if shown, ok := takeApart(f); ok {
			out = append(out, shown)
		}
	}
	sort.Slice(out, func(i, k int) bool { return out[i].Name < out[k].Name })
	return out
}

// takeApart finds the parameters and the body of "let Name = (parameters) { body };".
func takeApart(f catalog.Function) (shownFunction, bool) {
	tree, diags := syntax.Parse(f.Text)
	if diags.Err() != nil {
		return shownFunction{}, false
	}
	for _, s := range tree.Statements {
		let, ok := s.(*syntax.LetStatement)
		if !ok || let.Name.Text != f.Name {
			continue
		}
		if d, ok := let.Value.(*syntax.FunctionDecl); ok {
			head := f.Text[d.Span().Start:min(d.Body.Span().Start+1, d.Span().End)]
			params, brace := strings.Index(head, "("), strings.LastIndex(head, "{")
			if params >= 0 && brace > params {
				return shownFunction{f, strings.TrimSpace(head[params:brace]), f.Text[d.Span().Start+brace : d.Span().End], d}, true
			}
		}
	}
	return shownFunction{}, false
}

func (s *shower) functions() (*kustoTable, error) {
	out := tableOf("Name", types.String, "Parameters", types.String, "Body", types.String, "Folder", types.String, "DocString", types.String)
	for _, f := range s.allFunctions() {
		if len(s.given) == 0 || s.given[0] == f.Name {
			out.add(f.Name, f.params, f.body, "", f.Doc)
		}
	}
	if len(s.given) > 0 && len(out.rows) == 0 {
		return nil, noEntity("Function", s.given[0])
	}
	return out, nil
}

// append writes the function as schemas in JSON have it.
func (f shownFunction) append(dst []byte) []byte {
	dst = dynamic.AppendString(append(dst, `{"Name":`...), f.Name)
	dst = append(dst, `,"InputParameters":[`...)
	for i, p := range f.decl.Params {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendString(append(dst, `{"Name":`...), p.Name.Text)
		if p.Tabular {
			var cols []catalog.Column
			for _, c := range p.Columns {
				cols = append(cols, catalog.Column{Name: c.Name.Text, Type: c.Type})
			}
			dst = append(appendOrdered(append(dst, `,"Columns":`...), cols), '}')
			continue
		}
		dst = dynamic.AppendString(append(dst, `,"Type":`...), p.Type.SystemName())
		dst = dynamic.AppendString(append(dst, `,"CslType":`...), p.Type.String())
		if p.Default != nil {
			dst = dynamic.AppendString(append(dst, `,"CslDefaultValue":`...), f.Text[p.Default.Span().Start:p.Default.Span().End])
		}
		dst = append(dst, '}')
	}
	dst = dynamic.AppendString(append(dst, `],"Body":`...), f.body)
	dst = append(dst, `,"Folder":"","DocString":`...)
	return append(dynamic.AppendString(dst, f.Doc), `,"FunctionKind":"Unknown","OutputColumns":[]}`...)
}
