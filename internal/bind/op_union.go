package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// leg is one input of a union.
type leg struct {
	r    rel
	name string // what withsource shows
}

// bindUnion concatenates tables by column name and type.
func (b *binder) bindUnion(in rel, op *syntax.UnionOp, c ctx, first bool) rel {
	var legs []leg
	fuzzy := paramText(op.Params, "isfuzzy") == "true"
	if !first {
		legs = append(legs, leg{in, b.legName(in, 0)})
	}
	for _, t := range op.Tables {
		more, ok := b.unionLegs(t, len(legs), fuzzy, c, op.Word)
		if !ok {
			return rel{open: true}
		}
		legs = append(legs, more...)
	}
	if len(legs) == 0 {
		b.fail(op.Span(), "SEM0100", "'union' operator: no table matches", "")
		return rel{open: true}
	}
	inner := false
	switch k := paramText(op.Params, "kind"); k {
	case "", "outer":
	case "inner":
		inner = true
	default:
		b.fail(op.Span(), "SEM0005", fmt.Sprintf("'union' operator: '%s' is not a kind of union", k), "Expected one of: inner, outer")
	}
	return b.unionOf(legs, inner, paramText(op.Params, "withsource"), op)
}

// unionLegs resolves one item of the list: a table, a subquery or a wildcard.
func (b *binder) unionLegs(t syntax.Expr, at int, fuzzy bool, c ctx, word string) ([]leg, bool) {
	uc := ctx{sc: c.sc, op: word}
	ref, ok := t.(*syntax.NameRef)
	if ok && ref.Wildcard {
		var legs []leg
		for _, n := range b.env.Catalog.Names() {
			if matchWildcard(ref.Name, n) {
				legs = append(legs, leg{b.scan(b.env.Catalog.Table(n), t.Span()), n})
			}
		}
		views := c.sc.visible(func(v *variable) bool { return v.fun != nil && v.fun.decl.View })
		slices.Sort(views)
		for _, n := range views {
			if matchWildcard(ref.Name, n) {
				legs = append(legs, leg{b.tableNamed(&syntax.NameRef{At: ref.At, Name: n}, uc), n})
			}
		}
		return legs, true
	}
	if ok && fuzzy && c.sc.lookup(ref.Name) == nil && b.env.Catalog.Table(ref.Name) == nil {
		b.warn(t.Span(), "KS205", fmt.Sprintf("The fuzzy name '%s' does not refer to any known or currently accessible table.", ref.Name), "")
		return nil, true
	}
	saved := b.diags
	r := b.table(t, uc)
	if r.node == nil {
		if !fuzzy {
			return nil, false
		}
		// isfuzzy: a leg that does not bind is left out.
		b.diags = saved
		b.warn(t.Span(), "KS205", "A leg of the fuzzy union does not refer to a known table and is left out.", "")
		return nil, true
	}
	name := b.legName(r, at)
	if ok && (c.sc.lookup(ref.Name) == nil || isView(c.sc.lookup(ref.Name))) {
		name = ref.Name
	}
	return []leg{{r, name}}, true
}

// isView reports a let function declared with the word view: it counts as a
// stored table.
func isView(v *variable) bool { return v.fun != nil && v.fun.decl.View }

// legName is what withsource shows for an input that is no table by name: a
// subquery, the piped input, a let.
func (b *binder) legName(r rel, at int) string {
	if r.name != "" {
		return r.name
	}
	return fmt.Sprintf("union_arg%d", at)
}

// column is what legs have to agree on to share an output column.
type column struct {
	name string
	t    types.Type
}

// unionOf lines up the columns of the legs and concatenates them. A name that
// has several types becomes one column per type, named name_type.
func (b *binder) unionOf(legs []leg, inner bool, source string, op *syntax.UnionOp) rel {
	var cols []plan.Column
	if source != "" {
		cols = append(cols, plan.Column{Name: source, Type: types.String})
	}
	cols, at := unionColumns(cols, legs, inner, source)
	nulls := make([]plan.Expr, len(cols))
	for i, col := range cols {
		nulls[i] = &plan.Const{Value: types.Null(col.Type), Pos: op.Span()}
	}
	u := &plan.Union{}
	u.Out = cols
	for _, l := range legs {
		exprs := slices.Clone(nulls)
		if source != "" {
			exprs[0] = &plan.Const{Value: types.StringValue(l.name), Pos: op.Span()}
		}
		lc := l.r.cols()
		for k, x := range lc {
			if i, ok := at[column{x.Name, x.Type}]; ok {
				exprs[i] = colRef(lc, k)
			}
		}
		u.Ins = append(u.Ins, b.project(l.r.node, cols, exprs))
	}
	if len(u.Ins) == 1 {
		return rel{node: u.Ins[0]}
	}
	return rel{node: u}
}

// unionColumns appends the output columns in order of first appearance and
// tells where each column of a leg goes.
func unionColumns(cols []plan.Column, legs []leg, inner bool, source string) ([]plan.Column, map[column]int) {
	typesOf, seenIn := map[string][]types.Type{}, map[string]int{}
	var order []string
	for _, l := range legs {
		for _, col := range l.r.cols() {
			if seenIn[col.Name] == 0 {
				order = append(order, col.Name)
			}
			seenIn[col.Name]++
			if !slices.Contains(typesOf[col.Name], col.Type) {
				typesOf[col.Name] = append(typesOf[col.Name], col.Type)
			}
		}
	}
	at := make(map[column]int, len(order))
	for _, n := range order {
		if inner && seenIn[n] != len(legs) || n == source {
			continue
		}
		ts := typesOf[n]
		for _, t := range ts {
			name := n
			if len(ts) > 1 {
				name += "_" + t.String()
			}
			at[column{n, t}] = len(cols)
			cols = append(cols, plan.Column{Name: name, Type: t, Nullable: t != types.String})
		}
	}
	return cols, at
}
