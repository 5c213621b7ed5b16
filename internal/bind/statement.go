package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// statement binds every statement but the tabular expression.
func (b *binder) statement(s syntax.Statement, sc *scope) {
	switch s := s.(type) {
	case *syntax.LetStatement:
		b.let(s, sc)
	case *syntax.QueryParametersStatement:
		b.queryParameters(s, sc)
	case *syntax.SetStatement:
		b.setStatement(s, sc)
	case *syntax.RestrictStatement:
		b.restrict(s, sc)
	case *syntax.AliasStatement:
		if b.entity(s.Value, ctx{sc: sc}) != ownEntity {
			b.unsupported(s.Value.Span(), "A database other than this one ("+syntax.Print(s.Value)+")", "name the table itself")
			return
		}
		if b.aliases == nil {
			b.aliases = map[string]bool{}
		}
		b.aliases[s.Name.Text] = true
	case *syntax.PatternStatement:
		b.declarePattern(s, sc)
	case *syntax.ExprStatement:
		b.queryStatement(s, sc)
	}
}

// let binds a name. Tables and scalars are bound where they are defined;
// functions where they are called.
func (b *binder) let(s *syntax.LetStatement, sc *scope) {
	name := s.Name.Text
	if sc.names[name] != nil {
		b.fail(s.Name.Span(), "SEM0017", fmt.Sprintf("A variable with the name '%s' is already declared.", name),
			"give it another name")
	}
	switch x := s.Value.(type) {
	case *syntax.FunctionDecl:
		sc.set(name, &variable{fun: &function{decl: x, sc: sc, at: s.Span()}})
		return
	case *syntax.EntityGroup:
		sc.set(name, &variable{group: x, groupScope: sc})
		return
	}
	c := ctx{sc: sc, rowID: sc.rowID}
	if b.isTabular(s.Value, sc) {
		r := b.source(s.Value, c)
		sc.set(name, &variable{rel: &r})
		return
	}
	sc.set(name, &variable{x: b.expr(s.Value, c), rowID: sc.rowID})
}

// call expands a user-defined function. piped is the table of invoke, or nil.
// The result is in rel for tabular bodies and in x for scalar ones.
func (b *binder) callFunction(name string, f *function, args []syntax.Expr, piped *rel, c ctx, at diag.Span) (rel, plan.Expr) {
	if b.depth >= maxDepth || !b.grow(at) {
		b.fail(at, "SEM0093", fmt.Sprintf("Function '%s' calls itself or is nested too deeply", name), "KQL functions cannot recurse")
		return rel{open: true}, badExpr(at)
	}
	if f.once != nil {
		return rel{}, f.once
	}
	b.depth++
	defer func() { b.depth-- }()
	inner := f.sc.child()
	if !b.bindParams(name, f, args, piped, inner, c, at) {
		return rel{open: true}, badExpr(at)
	}
	defer b.within(name, f, at)()
	inner = inner.child()
	inner.rowID = c.rowID
	for _, s := range f.decl.Body.Statements {
		b.statement(s, inner)
	}
	body := f.decl.Body.X
	if body == nil {
		b.fail(at, "SEM0019", fmt.Sprintf("Function '%s' has an empty body", name), "")
		return rel{open: true}, badExpr(at)
	}
	if b.isTabular(body, inner) {
		return b.source(body, ctx{sc: inner, op: c.op}), nil
	}
	// A scalar body sees its parameters only, never the caller's columns.
	x := b.expr(body, ctx{sc: inner, rowID: c.rowID, op: c.op, agg: c.agg, win: c.win})
	if one, ok := x.(*plan.ScalarQuery); ok && len(f.decl.Params) == 0 {
		f.once = one
	}
	return rel{}, x
}

func (b *binder) bindParams(name string, f *function, args []syntax.Expr, piped *rel, inner *scope, c ctx, at diag.Span) bool {
	params := f.decl.Params
	given := make([]syntax.Expr, len(params))
	next := 0
	if piped != nil {
		if len(params) == 0 || !params[0].Tabular {
			b.fail(at, "SEM0098", fmt.Sprintf("'invoke' operator: function '%s' does not take a table as its first parameter", name), "")
			return false
		}
		next = 1
	}
	for _, a := range args {
		if n, ok := a.(*syntax.NamedExpr); ok && len(n.Names) == 1 {
			i := paramIndex(params, n.Names[0].Text)
			if i < 0 {
				b.fail(n.Span(), "SEM0086", fmt.Sprintf("Function '%s' has no parameter named '%s'", name, n.Names[0].Text), "")
				return false
			}
			given[i] = n.X
			continue
		}
		for next < len(params) && given[next] != nil {
			next++
		}
		if next >= len(params) {
			b.fail(at, "SEM0219", fmt.Sprintf("The function '%s' expects %s.", name, plural(len(params), "argument")), "")
			return false
		}
		given[next] = a
		next++
	}
	for i, p := range params {
		switch {
		case i == 0 && piped != nil:
			inner.set(p.Name.Text, &variable{rel: b.tabularParam(*piped, p)})
		case given[i] != nil && p.Tabular:
			r := b.table(given[i], ctx{sc: c.sc, op: c.op})
			inner.set(p.Name.Text, &variable{rel: b.tabularParam(r, p)})
		case given[i] != nil:
			x := b.expr(given[i], ctx{sc: c.sc, row: c.row, open: c.open, rowID: c.rowID, op: c.op, names: c.names})
			if x.Type().IsNumber() && p.Type.IsNumber() {
				x = b.cast(x, p.Type, given[i].Span()) // numbers narrow too
			}
			inner.set(p.Name.Text, &variable{x: b.convert(x, p.Type, given[i].Span()), rowID: c.rowID})
		case p.Default != nil:
			x := b.expr(p.Default, ctx{sc: f.sc, op: c.op})
			inner.set(p.Name.Text, &variable{x: b.convert(x, p.Type, p.Default.Span())})
		default:
			b.fail(at, "SEM0219", fmt.Sprintf("The function '%s' expects %s.", name, plural(len(params), "argument")), "")
			return false
		}
	}
	return true
}

// tabularParam checks that r has the columns a tabular parameter declares and
// narrows it to them; T:(*) takes any table whole.
func (b *binder) tabularParam(r rel, p syntax.FunctionParam) *rel {
	if r.node == nil || len(p.Columns) == 0 {
		return &r
	}
	for _, d := range p.Columns {
		i := findColumn(r.cols(), d.Name.Text)
		if i < 0 || d.Type != types.Unknown && r.cols()[i].Type != d.Type {
			b.fail(p.Span(), "SEM0089", fmt.Sprintf("The table passed for '%s' has no column '%s' of type %s",
				p.Name.Text, d.Name.Text, d.Type), "")
			return &rel{open: true}
		}
	}
	if p.Star {
		return &r
	}
	return &r
}

func paramIndex(params []syntax.FunctionParam, name string) int {
	for i, p := range params {
		if p.Name.Text == name {
			return i
		}
	}
	return -1
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
