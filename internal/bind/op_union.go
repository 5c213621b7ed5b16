package bind

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
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
	fuzzy := isFuzzy(op.Params)
	if !first {
		legs = append(legs, leg{in, legName(in, op.Word, 0)})
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
	return b.unionOf(legs, b.unionKind(op.Params, op.Word, op.Span()), sourceColumn(op.Params), op.Span())
}

// unionKind reads kind=inner|outer: whether only common columns are kept.
func (b *binder) unionKind(params []syntax.Param, word string, at diag.Span) (inner bool) {
	switch k := paramText(params, "kind"); k {
	case "", "outer":
	case "inner":
		return true
	default:
		b.fail(at, "SEM0005", fmt.Sprintf("'%s' operator: '%s' is not a kind of union", word, k), "Expected one of: inner, outer")
	}
	return false
}

func isFuzzy(params []syntax.Param) bool {
	return strings.EqualFold(paramText(params, "isfuzzy")+paramText(params, "__isFuzzy"), "true")
}

// sourceColumn is the name withsource= gives, or "".
func sourceColumn(params []syntax.Param) string {
	if s := paramText(params, "withsource"); s != "" {
		return s
	}
	return paramText(params, "with_source")
}

// unionLegs resolves one item of the list: a table, a subquery or a wildcard.
func (b *binder) unionLegs(t syntax.Expr, at int, fuzzy bool, c ctx, word string) ([]leg, bool) {
	uc := ctx{sc: c.sc, op: word}
	qualified := "" // T of database("own").T
	if p, isPath := t.(*syntax.Path); isPath {
		if m, ok := p.Member.(*syntax.NameRef); ok && b.isOwnDatabase(p.X, c) {
			if qualified = m.Name; m.Wildcard {
				t = m
			}
		}
	}
	ref, ok := t.(*syntax.NameRef)
	if ok && ref.Wildcard {
		var legs []leg
		for _, n := range b.env.Catalog.Names() {
			if matchWildcard(ref.Name, n) && c.sc.sees(n) {
				legs = append(legs, leg{b.scan(b.env.Catalog.Table(n), t.Span()), n})
			}
		}
		views := c.sc.visible(func(v *variable) bool { return v.fun != nil && v.fun.decl.View && needsNothing(v.fun.decl) })
		slices.Sort(views)
		for _, n := range views {
			if matchWildcard(ref.Name, n) {
				legs = append(legs, leg{b.tableNamed(&syntax.NameRef{At: ref.At, Name: n}, uc), n})
			}
		}
		return legs, true
	}
	if ok && fuzzy && c.sc.lookup(ref.Name) == nil && (b.env.Catalog.Table(ref.Name) == nil || !c.sc.sees(ref.Name)) {
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
	name := legName(r, word, at)
	if ok && (c.sc.lookup(ref.Name) == nil || isView(c.sc.lookup(ref.Name))) {
		name = ref.Name
	}
	if qualified != "" {
		name = qualified
	}
	return []leg{{r, name}}, true
}

// needsNothing reports a function that can be called without arguments.
func needsNothing(d *syntax.FunctionDecl) bool {
	return !slices.ContainsFunc(d.Params, func(p syntax.FunctionParam) bool { return p.Default == nil })
}

// isView reports a let function declared with the word view: it counts as a
// stored table.
func isView(v *variable) bool { return v.fun != nil && v.fun.decl.View }

// legName is what withsource shows for an input that is no table by name: a
// subquery, the piped input, a let.
func legName(r rel, word string, at int) string {
	if r.name != "" {
		return r.name
	}
	return fmt.Sprintf("%s_arg%d", word, at)
}

// column is what legs have to agree on to share an output column.
type column struct {
	name string
	t    types.Type
}

// unionOf lines up the columns of the legs and concatenates them. A name that
// has several types becomes one column per type, named name_type, with a
// number behind it where a leg has a column of that name (documented).
func (b *binder) unionOf(legs []leg, inner bool, source string, at diag.Span) rel {
	cols, place := unionColumns(sourceFirst(source), legs, inner, source)
	return b.concat(legs, cols, place, source != "", at)
}

// sourceFirst is the column that names each row's table, when there is one.
func sourceFirst(source string) []plan.Column {
	if source == "" {
		return nil
	}
	return []plan.Column{{Name: source, Type: types.String}}
}

// concat puts the rows of the legs one after the other: their columns where
// place says, null in the others, and the leg's name in the first one.
func (b *binder) concat(legs []leg, cols []plan.Column, place map[column]int, source bool, at diag.Span) rel {
	if len(legs) == 0 {
		return rel{node: b.values(cols, nil)}
	}
	nulls := make([]plan.Expr, len(cols))
	for i, col := range cols {
		nulls[i] = &plan.Const{Value: types.Null(col.Type), Pos: at}
	}
	u := &plan.Union{}
	u.Out = cols
	for _, l := range legs {
		exprs := slices.Clone(nulls)
		if source {
			exprs[0] = &plan.Const{Value: types.StringValue(l.name), Pos: at}
		}
		lc := l.r.cols()
		for k, x := range lc {
			if i, ok := place[column{x.Name, x.Type}]; ok {
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
	taken := func(name string) bool {
		return name == source && source != "" || seenIn[name] > 0 && len(typesOf[name]) == 1 ||
			slices.ContainsFunc(cols, func(c plan.Column) bool { return c.Name == name })
	}
	for _, n := range order {
		if inner && seenIn[n] != len(legs) || n == source {
			continue
		}
		ts := typesOf[n]
		for _, t := range ts {
			name := n
			if len(ts) > 1 {
				name += "_" + t.String()
				for base, i := name, 1; taken(name); i++ {
					name = base + strconv.Itoa(i)
				}
			}
			at[column{n, t}] = len(cols)
			cols = append(cols, plan.Column{Name: name, Type: t, Nullable: t != types.String})
		}
	}
	return cols, at
}
