package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindSearch: the rows of the tables for which a condition over all their
// columns is true, lined up as union does, with the column $table in front.
//
// The condition is bound for each table by itself, with null for the columns
// it does not have; a table in which nothing can match is not read.
func (b *binder) bindSearch(in rel, op *syntax.SearchOp, c ctx, first bool) rel {
	legs, ok := b.searched(in, op, c, first)
	if !ok {
		return rel{open: true}
	}
	mode := searching{caseCounts: b.caseCounts(op)}
	cols, place := unionColumns(sourceFirst("$table"), legs, false, "$table")
	seen := cols[1:]
	scout := mode
	scout.scout = true
	before := b.mistakes()
	b.condition(op.Cond, b.searchCtx(seen, &scout, c.sc, op.Word))
	if b.mistakes() > before {
		return rel{node: b.values(cols, nil)}
	}
	var live []leg
	for _, l := range legs {
		row := make([]plan.Column, len(l.r.cols()))
		for i, col := range l.r.cols() {
			row[i] = col
			if k, ok := place[column{col.Name, col.Type}]; ok {
				row[i].Name = cols[k].Name
			}
		}
		m := mode
		said := b.diags
		cond := b.condition(op.Cond, b.searchCtx(row, &m, withNulls(c.sc, scout.names, row, seen), op.Word))
		if b.mistakes() > before {
			return rel{node: b.values(cols, nil)}
		}
		b.diags = said // its warnings were given once
		if l.r.node = b.filtered(l.r.node, cond); l.r.node != nil {
			live = append(live, l)
		}
	}
	return b.concat(live, cols, place, true, op.Span())
}

// searched lists the tables of a search: those named, the piped one, or all.
func (b *binder) searched(in rel, op *syntax.SearchOp, c ctx, first bool) ([]leg, bool) {
	switch {
	case op.In != nil && !first:
		b.fail(op.Span(), "SEM0100", "'search' operator: with in (…) it must be the first operator of the query", "leave out the tables or what is before search")
		return nil, false
	case op.In != nil:
		return b.tableList(op.In, c, op.Word)
	case first:
		return b.allTables(c, op)
	}
	return []leg{{in, legName(in, op.Word, 0)}}, true
}

// tableList resolves the tables of "in (…)".
func (b *binder) tableList(list []syntax.Expr, c ctx, word string) ([]leg, bool) {
	var legs []leg
	for _, t := range list {
		more, ok := b.unionLegs(t, len(legs), false, c, word)
		if !ok {
			return nil, false
		}
		legs = append(legs, more...)
	}
	if len(legs) == 0 {
		b.fail(list[0].Span(), "SEM0100", fmt.Sprintf("'%s' operator: no table matches", word), "")
		return nil, false
	}
	return legs, true
}

// allTables are the tables of the catalog and the views of the query.
func (b *binder) allTables(c ctx, op syntax.Operator) ([]leg, bool) {
	all := &syntax.NameRef{At: syntax.At{Pos: op.Span()}, Name: "*", Wildcard: true}
	return b.unionLegs(all, 0, false, c, op.Keyword())
}

// caseCounts reads kind=.
func (b *binder) caseCounts(op *syntax.SearchOp) bool {
	switch k := paramText(op.Params, "kind"); k {
	case "", "default", "case_insensitive":
	case "case_sensitive":
		return true
	default:
		b.fail(op.Span(), "SEM0005", fmt.Sprintf("'search' operator: '%s' is not a kind of search", k),
			"Expected one of: default, case_insensitive, case_sensitive")
	}
	return false
}

// searchCtx is where the condition of a search over row stands.
func (b *binder) searchCtx(row []plan.Column, s *searching, sc *scope, word string) ctx {
	b.nodes++
	return ctx{sc: sc, row: row, rowID: b.nodes, op: word, search: s}
}

// withNulls is a scope in which the names a condition mentions and only other
// tables have (they are among seen, but not in row) are null.
func withNulls(sc *scope, names []string, row, seen []plan.Column) *scope {
	out := sc
	for _, n := range names {
		i := findColumn(seen, n)
		if i < 0 || findColumn(row, n) >= 0 {
			continue
		}
		if out == sc {
			out = sc.child()
		}
		out.set(n, &variable{x: &plan.Const{Value: types.Null(seen[i].Type)}})
	}
	return out
}

// filtered keeps the rows of n for which cond is true; nil when there are
// none.
func (b *binder) filtered(n plan.Node, cond plan.Expr) plan.Node {
	switch {
	case isFalse(cond):
		return nil
	case isTrue(cond):
		return n
	}
	return b.filter(n, cond)
}

// mistakes counts the errors so far.
func (b *binder) mistakes() int {
	n := 0
	for _, d := range b.diags {
		if d.Kind != diag.Warning {
			n++
		}
	}
	return n
}
