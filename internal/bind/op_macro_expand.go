package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// bindMacroExpand: the body once for each entity of a group, united. An
// entity is the own database, whose tables the body names with scope.Table,
// or a table, which the body names with the scope's name.
func (b *binder) bindMacroExpand(op *syntax.MacroExpandOp, c ctx) rel {
	members, sc, name := b.entityGroup(op, c)
	if members == nil {
		return rel{open: true}
	}
	if op.Name.Text != "" {
		name = op.Name.Text
	}
	fuzzy := isFuzzy(op.Params)
	seen := map[string]bool{}
	var legs []leg
	for _, m := range members {
		text := syntax.Print(m)
		if seen[text] {
			b.fail(m.Span(), "SEM0614", "Entity group doesn't allow duplicate values", "")
			return rel{open: true}
		}
		seen[text] = true
		said := b.diags
		r, from := b.expandOne(op, m, name, sc, c)
		switch {
		case r.node != nil:
			if from == "" {
				from = legName(r, "union", len(legs))
			}
			legs = append(legs, leg{r, from})
		case fuzzy:
			b.diags = said
			b.warn(m.Span(), "KS205", fmt.Sprintf("The fuzzy name '%s' does not refer to any known or currently accessible entity.", text), "")
		default:
			return rel{open: true}
		}
	}
	if len(legs) == 0 {
		b.fail(op.Span(), "SEM0100", "'macro-expand' operator: no entity of the group is known", "")
		return rel{open: true}
	}
	return b.unionOf(legs, b.unionKind(op.Params, op.Word, op.Span()), sourceColumn(op.Params), op.Span())
}

// entityGroup lists the entities, and where their names are looked up.
func (b *binder) entityGroup(op *syntax.MacroExpandOp, c ctx) (members []syntax.Expr, sc *scope, name string) {
	switch g := op.Group.(type) {
	case *syntax.EntityGroup:
		return g.Members, c.sc, ""
	case *syntax.NameRef:
		if v := c.sc.lookup(g.Name); v != nil && v.group != nil {
			return v.group.Members, v.groupScope, g.Name
		}
		b.fail(g.Span(), "SEM0100", fmt.Sprintf("'macro-expand' operator: '%s' is not an entity group", g.Name), "let "+g.Name+" = entity_group [database(\"…\")]")
	case *syntax.Bad:
	default:
		return []syntax.Expr{g}, c.sc, ""
	}
	return nil, nil, ""
}

// expandOne binds the body with the scope's name standing for one entity; from
// is the table when the body is nothing but a table of the database.
func (b *binder) expandOne(op *syntax.MacroExpandOp, m syntax.Expr, name string, sc *scope, c ctx) (r rel, from string) {
	inner := c.sc.child()
	v := &variable{database: true}
	switch b.entity(m, ctx{sc: sc}) {
	case ownEntity:
	case foreignEntity:
		b.unsupported(m.Span(), "An entity of another database or cluster ("+syntax.Print(m)+")", "name database()")
		return rel{open: true}, ""
	default:
		t := b.table(m, ctx{sc: sc, op: op.Word})
		if t.node == nil {
			return t, ""
		}
		v = &variable{rel: &t}
	}
	inner.set(name, v)
	inner = inner.child()
	for _, s := range op.Body.Statements {
		b.statement(s, inner)
	}
	if op.Body.X == nil {
		b.fail(op.Span(), "SEM0100", "'macro-expand' operator: a table expression is expected in the body", "")
		return rel{open: true}, ""
	}
	if p, ok := op.Body.X.(*syntax.Path); ok && v.database {
		if t, ok := p.Member.(*syntax.NameRef); ok {
			from = t.Name
		}
	}
	if ref, ok := op.Body.X.(*syntax.NameRef); ok && ref.Name == name && v.rel != nil {
		if t, ok := m.(*syntax.NameRef); ok && sc.lookup(t.Name) == nil {
			from = t.Name
		}
	}
	return b.table(op.Body.X, ctx{sc: inner, op: op.Word}), from
}
