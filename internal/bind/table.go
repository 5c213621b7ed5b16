package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// isTabular tells tables from scalars before binding: KQL has one grammar for
// both. A name nobody knows counts as a table.
func (b *binder) isTabular(x syntax.Expr, sc *scope) bool {
	switch x := x.(type) {
	case *syntax.Pipe, *syntax.DataTable, *syntax.ExternalData, *syntax.InlineExternalTable:
		return true
	case *syntax.Paren:
		return b.isTabular(x.X, sc)
	case *syntax.NameRef:
		v := sc.lookup(x.Name)
		return v == nil || v.rel != nil || v.fun != nil && b.functionIsTabular(v.fun)
	case *syntax.Call:
		if v := sc.lookup(x.Name.Text); v != nil && v.fun != nil {
			return b.functionIsTabular(v.fun)
		} else if v != nil && v.pattern != nil {
			return true
		}
		switch x.Name.Text {
		case "materialize":
			return len(x.Args) == 1 && b.isTabular(x.Args[0], sc)
		case "table", "externaldata", "external_table", "graph", "cluster", "database", "workspace", "adx", "arg", "materialized_view":
			return true
		}
	case *syntax.Path:
		if _, value := b.entityValue(x, ctx{sc: sc}); value {
			return false
		}
		return b.entity(x.X, ctx{sc: sc}) != notEntity
	}
	return false
}

// isForeignRoot reports database("d"), cluster("c").database("d") and the like.
func isForeignRoot(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Call:
		switch x.Name.Text {
		case "cluster", "database", "workspace", "adx", "arg", "app", "resource":
			return true
		}
	case *syntax.Path:
		return isForeignRoot(x.X)
	}
	return false
}

// functionIsTabular looks at a function's body without binding it. The answer
// is kept: functions that mention each other twice would be looked at 2^n
// times. One that calls itself is taken for a scalar, and refused elsewhere.
func (b *binder) functionIsTabular(f *function) bool {
	if known, ok := b.tabular[f.decl]; ok {
		return known
	}
	if b.depth >= maxDepth {
		return false
	}
	if b.tabular == nil {
		b.tabular = map[*syntax.FunctionDecl]bool{}
	}
	b.tabular[f.decl] = false
	b.depth++
	is := b.bodyIsTabular(f)
	b.depth--
	b.tabular[f.decl] = is
	return is
}

func (b *binder) bodyIsTabular(f *function) bool {
	sc := f.sc.child()
	for _, p := range f.decl.Params {
		if p.Tabular {
			sc.set(p.Name.Text, &variable{rel: &rel{open: true}})
		} else {
			sc.set(p.Name.Text, &variable{x: badExpr(p.Span())})
		}
	}
	sc = sc.child()
	for _, s := range f.decl.Body.Statements {
		let, ok := s.(*syntax.LetStatement)
		if !ok {
			continue
		}
		if d, ok := let.Value.(*syntax.FunctionDecl); ok {
			sc.set(let.Name.Text, &variable{fun: &function{decl: d, sc: sc}})
		} else if b.isTabular(let.Value, sc) {
			sc.set(let.Name.Text, &variable{rel: &rel{open: true}})
		} else {
			sc.set(let.Name.Text, &variable{x: badExpr(let.Span())})
		}
	}
	return f.decl.Body.X != nil && b.isTabular(f.decl.Body.X, sc)
}

// table binds a tabular expression.
func (b *binder) table(x syntax.Expr, c ctx) rel {
	r := b.source(x, c)
	if r.graph != nil {
		b.fail(x.Span(), "SEM0100", c.inOp("A table is expected here, but this is a graph"), "end it with graph-match … project …, or graph-to-table")
		return rel{open: true}
	}
	return r
}

// source binds a tabular expression or a graph.
func (b *binder) source(x syntax.Expr, c ctx) rel {
	if !b.grow(x.Span()) {
		return rel{open: true}
	}
	switch x := x.(type) {
	case *syntax.Paren:
		return b.source(x.X, c)
	case *syntax.Pipe:
		return b.pipe(x, c)
	case *syntax.NameRef:
		return b.tableNamed(x, c)
	case *syntax.DataTable:
		return b.dataTable(x, c)
	case *syntax.Call:
		return b.tableCall(x, c)
	case *syntax.ExternalData:
		return b.externalData(x, c)
	case *syntax.InlineExternalTable:
		return b.inlineExternalTable(x, c)
	case *syntax.Path:
		return b.entityTable(x, c)
	case *syntax.Bad:
	default:
		b.fail(x.Span(), "SEM0100", c.inOp("A table expression is expected here"), "")
	}
	return rel{open: true}
}

// pipe binds a pipeline.
func (b *binder) pipe(p *syntax.Pipe, c ctx) rel {
	var r rel
	if p.Source != nil {
		sc := c
		if len(p.Ops) > 0 {
			sc.op = p.Ops[0].Keyword()
		}
		r = b.source(p.Source, ctx{sc: c.sc, op: sc.op})
	}
	for i, op := range p.Ops {
		if !b.grow(op.Span()) {
			return rel{open: true}
		}
		r = b.bounded(b.step(r, op, c, p.Source == nil && i == 0), op.Span())
	}
	return r
}

// tableNamed resolves a table by name: let variables first, then the catalog.
func (b *binder) tableNamed(x *syntax.NameRef, c ctx) rel {
	if v := c.sc.lookup(x.Name); v != nil {
		switch {
		case v.rel != nil:
			return *v.rel
		case v.fun != nil && b.functionIsTabular(v.fun):
			r, _ := b.callFunction(x.Name, v.fun, nil, nil, c, x.Span())
			return r
		}
		b.fail(x.Span(), "SEM0100", c.inOp(fmt.Sprintf("'%s' is not a table", x.Name)), "")
		return rel{open: true}
	}
	if t := b.env.Catalog.Table(x.Name); t != nil && c.sc.sees(x.Name) {
		return b.scan(t, x.Span())
	}
	names := c.sc.visible(func(v *variable) bool { return v.rel != nil || v.fun != nil })
	for _, n := range b.env.Catalog.Names() {
		if c.sc.sees(n) {
			names = append(names, n)
		}
	}
	b.fail(x.Span(), "SEM0100", c.inOp(fmt.Sprintf("Failed to resolve table or column expression named '%s'", x.Name)),
		hintDidYouMean(x.Name, names))
	return rel{open: true}
}

// scan reads a catalog table. A table of 2018 reads its successor under the
// old names; the whole query then speaks the old names.
func (b *binder) scan(t *catalog.Table, at diag.Span) rel {
	if !b.seen[t.Name] {
		b.seen[t.Name] = true
		b.tables = append(b.tables, t.Name)
	}
	n := &plan.Scan{Table: t, Pos: at}
	for _, col := range t.Columns {
		n.Out = append(n.Out, plan.Column{Name: col.Name, Type: col.Type, Nullable: !col.Type.NeverNull()})
	}
	if t.Legacy == nil {
		return b.scoped(b.compatible(rel{node: n}, t, at), at)
	}
	b.warn(at, "HRR1001", fmt.Sprintf("Table '%s' was renamed to '%s' in 2020", t.Name, t.Legacy.Today.Name),
		"use "+t.Legacy.Today.Name+" and its column names")
	today := t.Legacy.Today
	n.Table, n.Out = today, nil
	for _, col := range today.Columns {
		n.Out = append(n.Out, plan.Column{Name: col.Name, Type: col.Type, Nullable: !col.Type.NeverNull()})
	}
	cols := make([]plan.Column, len(t.Columns))
	exprs := make([]plan.Expr, len(t.Columns))
	for i, col := range t.Columns {
		if k := t.Legacy.Map[i]; k >= 0 {
			exprs[i] = colRef(n.Out, k)
		} else {
			exprs[i] = &plan.Const{Value: types.Null(col.Type), Pos: at}
		}
		cols[i] = columnOf(col.Name, exprs[i])
	}
	return b.scoped(rel{node: b.project(n, cols, exprs)}, at)
}

// tableCall binds a call where a table is expected.
func (b *binder) tableCall(x *syntax.Call, c ctx) rel {
	name := x.Name.Text
	if v := c.sc.lookup(name); v != nil && v.fun != nil {
		r, s := b.callFunction(name, v.fun, x.Args, nil, c, x.Span())
		if s != nil && s.Type() != types.Unknown {
			b.fail(x.Span(), "SEM0100", c.inOp(fmt.Sprintf("Function '%s' returns a scalar where a table is expected", name)), "")
			return rel{open: true}
		}
		return r
	}
	if v := c.sc.lookup(name); v != nil && v.pattern != nil {
		return b.patternTable(x, "", c, x.Span())
	}
	switch name {
	case "materialize":
		if len(x.Args) != 1 {
			b.fail(x.Span(), "SEM0219", "The function 'materialize' expects 1 argument.", "")
			return rel{open: true}
		}
		return b.table(x.Args[0], ctx{sc: c.sc, op: c.op})
	case "table":
		if len(x.Args) >= 1 {
			if k, ok := b.expr(x.Args[0], ctx{sc: c.sc, op: c.op}).(*plan.Const); ok && k.Value.Type == types.String {
				ref := &syntax.NameRef{At: x.At, Name: k.Value.S}
				return b.tableNamed(ref, c)
			}
		}
		b.fail(x.Span(), "SEM0100", c.inOp("table() takes the constant name of a table"), "")
		return rel{open: true}
	}
	if why, ok := absentTables[name]; ok {
		b.unsupported(x.Span(), name+"()", why)
		return rel{open: true}
	}
	if why, ok := refusedHunting[name]; ok {
		b.unsupported(x.Span(), name+"()", why)
		return rel{open: true}
	}
	b.fail(x.Span(), "SEM0260", c.inOp("Unknown function: '"+name+"'."),
		hintDidYouMean(name, c.sc.visible(func(v *variable) bool { return v.fun != nil })))
	return rel{open: true}
}

// refusedHunting are the tabular functions special to advanced hunting that
// are refused by name: the insights they read are made by a service, and their
// form is not published.
var refusedHunting = map[string]string{
	"GetAnomalousBehaviorsAbout":    behaviorsHint,
	"GetAnomalousBehaviorsByKind":   behaviorsHint,
	"GetAnomalousBehaviorsByValue":  behaviorsHint,
	"GetFirstSeenBehaviors":         behaviorsHint,
	"GetHighVolumeAnomalyBehaviors": behaviorsHint,
	"GetUncommonValueBehaviors":     behaviorsHint,
}

const behaviorsHint = "filter the column Insights with has or parse_json"
