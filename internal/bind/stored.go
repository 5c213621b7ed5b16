package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Stored functions are let functions that live outside the query: those
// special to advanced hunting, and the tenant's own. They are parsed when a
// query first names them and stand in a scope around that of the query, so
// that a let of the query hides them. Findings within one are reported at the
// place of its call, for its text is not the query's.

// stored finds a stored function by name; nil when there is none.
func (b *binder) stored(name string) *variable {
	if v, ok := b.storedFuns[name]; ok {
		return v
	}
	if b.storedFuns == nil {
		b.storedFuns = map[string]*variable{}
	}
	b.storedFuns[name] = nil
	f, ok := b.storedText(name)
	if !ok {
		return nil
	}
	tree, diags := syntax.Parse(f.Text)
	if diags.Err() != nil || len(tree.Statements) != 1 {
		return nil // it was checked when it was stored
	}
	let, ok := tree.Statements[0].(*syntax.LetStatement)
	if !ok {
		return nil
	}
	decl, ok := let.Value.(*syntax.FunctionDecl)
	if !ok {
		return nil
	}
	v := &variable{fun: &function{decl: decl, sc: &scope{stored: b.stored}, at: let.Span(), stored: true}}
	b.storedFuns[name] = v
	return v
}

func (b *binder) storedText(name string) (catalog.Function, bool) {
	if b.env.Functions != nil {
		if f, ok := b.env.Functions(name); ok {
			return f, true
		}
	}
	return catalog.HuntingFunction(name)
}

// within reports what is found from now on at the call of a stored function;
// the function it returns ends that.
func (b *binder) within(name string, f *function, at diag.Span) (end func()) {
	if !f.stored || b.calledAt != nil {
		return func() {}
	}
	before := len(b.diags)
	b.calledAt = &at
	return func() {
		b.calledAt = nil
		for i := before; i < len(b.diags); i++ {
			d := &b.diags[i]
			d.Span = at
			d.Message = fmt.Sprintf("In function '%s': %s", name, d.Message)
		}
	}
}

// place is where a node with something to say to the user stands in the text.
func (b *binder) place(at diag.Span) diag.Span {
	if b.calledAt != nil {
		return *b.calledAt
	}
	return at
}

// fileProfileColumn lets FileProfile take its column by its bare name, as
// queries do, and checks that there is one.
func (b *binder) fileProfileColumn(in rel, args []syntax.Expr) ([]syntax.Expr, bool) {
	name, at := "SHA1", diag.Span{}
	if len(args) > 0 {
		at = args[0].Span()
		switch x := args[0].(type) {
		case *syntax.NameRef:
			name = x.Name
			text := &syntax.Literal{At: syntax.At{Pos: at}, Value: types.StringValue(name)}
			args = append([]syntax.Expr{text}, args[1:]...)
		default:
			k, ok := b.expr(x, ctx{sc: &scope{}, op: "invoke"}).(*plan.Const)
			if !ok || k.Value.Type != types.String {
				return args, true
			}
			name = k.Value.S
		}
	}
	if findColumn(in.cols(), name) < 0 && !in.open {
		b.fail(at, "SEM0100", fmt.Sprintf("'invoke' operator: FileProfile: Failed to resolve column named '%s'", name),
			"name a column that holds SHA-1 or SHA-256 hashes")
		return nil, false
	}
	return args, true
}
