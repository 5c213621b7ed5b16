package bind

import (
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// CheckFunction says what is wrong with a function that is to be stored under
// a name. Its body is bound with values of its parameters' types, unless it
// takes a table of any columns or a string, which may name a column or a table:
// only a call decides then. With deep unset only the text itself is looked at.
func CheckFunction(f catalog.Function, env Env, deep bool) diag.List {
	tree, diags := syntax.Parse(f.Text)
	if diags.Err() != nil {
		return diags
	}
	whole := diag.Span{End: len(f.Text)}
	var let *syntax.LetStatement
	var decl *syntax.FunctionDecl
	if len(tree.Statements) == 1 {
		if let, _ = tree.Statements[0].(*syntax.LetStatement); let != nil {
			decl, _ = let.Value.(*syntax.FunctionDecl)
		}
	}
	switch {
	case decl == nil:
		diags.Addf(diag.Semantic, "HRR0005", whole, "A stored function is one statement: let %s = (parameters) { body };", f.Name)
	case let.Name.Text != f.Name:
		diags.Addf(diag.Semantic, "HRR0005", let.Name.Span(), "The function is called '%s' here but stored as '%s'", let.Name.Text, f.Name)
	case taken(f.Name, env):
		diags.Addf(diag.Semantic, "HRR0005", let.Name.Span(), "'%s' is the name of a table or of a function of the language", f.Name)
	}
	if diags.Err() != nil || !deep {
		return diags
	}
	b := &binder{env: env, seen: map[string]bool{}}
	sc := &scope{stored: b.stored}
	fun := &function{decl: decl, sc: sc, at: let.Span()}
	args, ok := sampleArgs(decl.Params)
	if !ok {
		return diags
	}
	sc.set(f.Name, &variable{fun: fun})
	b.callFunction(f.Name, fun, args, nil, ctx{sc: sc}, let.Name.Span())
	return b.diags
}

// taken reports names that stored functions would hide.
func taken(name string, env Env) bool {
	if env.Catalog.Table(name) != nil || refusedHunting[name] != "" {
		return true
	}
	if _, ok := catalog.HuntingFunction(name); ok {
		return true
	}
	for _, k := range []fn.Kind{fn.Scalar, fn.Aggregate, fn.Window} {
		if env.Fns.Lookup(k, name) != nil {
			return true
		}
	}
	return fn.Known("scalar", name) || fn.Known("aggregate", name)
}

// sampleArgs are arguments of the declared types.
func sampleArgs(params []syntax.FunctionParam) ([]syntax.Expr, bool) {
	var args []syntax.Expr
	for _, p := range params {
		switch {
		case p.Default != nil:
			return args, true // the rest has defaults too
		case p.Tabular && (p.Star || len(p.Columns) == 0), p.Type == types.String:
			return nil, false
		case p.Tabular:
			args = append(args, &syntax.DataTable{At: p.At, Columns: p.Columns})
		default:
			args = append(args, &syntax.Literal{At: p.At, Value: types.Null(p.Type)})
		}
	}
	return args, true
}
