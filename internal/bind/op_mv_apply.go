package bind

import (
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindMvApply expands arrays as mv-expand does and runs a subquery over the
// items of each row by itself. A row whose arrays are all empty has no items
// and is gone; one whose items the subquery filters away still has what
// aggregates without keys give for no rows.
//
// The id clause names the context of the subquery for the engine itself; it
// does not change the answer.
func (b *binder) bindMvApply(in rel, op *syntax.MvApplyOp, c ctx) rel {
	for _, p := range op.Params {
		if p.Name != "with_itemindex" {
			b.unsupported(p.Span(), "mv-apply … "+p.Name, "use mv-expand for it")
			return rel{open: true}
		}
	}
	if len(op.Items) > 0 && op.Items[0].X == nil {
		b.unsupported(op.Items[0].Span(), "mv-apply without an expression", "name the arrays to expand")
		return rel{open: true}
	}
	items := b.bindMvExpand(in, &syntax.MvExpandOp{Op: op.Op, Items: op.Items, Limit: op.Limit}, c)
	expanded, ok := items.node.(*plan.Project)
	if ok {
		_, ok = expanded.Input.(*plan.Unnest)
	}
	if !ok {
		return items // nothing, or the open table whose columns a probe will tell
	}
	sub := b.subquery(op.Body, rel{node: expanded, ordered: true}, ctx{sc: c.sc.child(), op: op.Keyword()})
	if sub.node == nil {
		return rel{open: true}
	}
	a := apply{b: b, op: op, in: in, expanded: expanded, sub: sub.node}
	a.columns(op)
	node := a.plan()
	return rel{node: node, ordered: in.ordered, open: node == nil}
}

// apply is one mv-apply.
type apply struct {
	b        *binder
	op       *syntax.MvApplyOp
	in       rel
	expanded *plan.Project // the rows the subquery is over
	sub      plan.Node
	out      []applied
	riders   []int // ordinals of the row's columns that the subquery does not give
}

// applied is an output column: a column of the subquery, or else a rider.
type applied struct {
	col plan.Column
	sub int // ordinal in the subquery, or -1
	row int // number of the rider
}

// columns are those of the row but for the arrays named alone, each replaced
// by the subquery's of that name, then the others of the subquery.
func (a *apply) columns(op *syntax.MvApplyOp) {
	expanded := map[string]bool{}
	for _, item := range op.Items {
		if n, ok := item.X.(*syntax.NameRef); ok {
			expanded[n.Name] = true
		}
	}
	cols, taken := a.sub.Columns(), map[string]bool{}
	for i, col := range a.in.cols() {
		if expanded[col.Name] {
			continue
		}
		taken[col.Name] = true
		if k := findColumn(cols, col.Name); k >= 0 {
			a.out = append(a.out, applied{col: cols[k], sub: k})
			continue
		}
		a.out = append(a.out, applied{col: col, sub: -1, row: len(a.riders)})
		a.riders = append(a.riders, i)
	}
	for k, col := range cols {
		if !taken[col.Name] {
			a.out = append(a.out, applied{col: col, sub: k})
		}
	}
}

// plan makes the subquery a plan over all rows.
func (a *apply) plan() plan.Node {
	d := a.b.decorrelate(a.expanded, a.op.Span())
	d.keyless = d.perRow(a.sub)
	result := a.sub
	if !d.keyless || len(a.riders) > 0 {
		if !a.source(d) {
			return nil
		}
		result = d.node(a.sub)
	}
	if d.failed {
		return nil
	}
	base := len(a.sub.Columns())
	in := a.in.node
	if !d.keyless && ((a.in.ordered || plan.Sorted(in)) && !plan.Sorted(result) || plan.Ordered(in) && !plan.Ordered(result)) {
		result = a.b.sort(result, []plan.SortKey{{X: d.key(result, base)}})
	}
	if !d.keyless {
		base++
	}
	cols, exprs := make([]plan.Column, len(a.out)), make([]plan.Expr, len(a.out))
	for i, o := range a.out {
		at := o.sub
		if at < 0 {
			at = base + o.row
		}
		cols[i], exprs[i] = o.col, colRef(result.Columns(), at)
	}
	return a.b.project(result, cols, exprs)
}

// source builds the expanded rows with hidden columns: the number of their row
// if the subquery needs a key, and the riders.
func (a *apply) source(d *decorrelation) bool {
	b, expand := a.b, a.expanded.Input.(*plan.Unnest)
	order, inGo := d.kinds(a.sub)
	u := *expand
	width := len(expand.Input.Columns())
	moved := 0
	if !d.keyless {
		numbered, ok := b.numberRows(expand.Input, a.op)
		if !ok {
			return false
		}
		if inGo { // several statements must see the same numbers
			numbered = plan.Keep(numbered, a.op.Span())
		}
		u.Input, moved = numbered, 1
		u.WithIndex = u.WithIndex || order
	}
	u.Out = append(append([]plan.Column{}, u.Input.Columns()...), expand.Out[width:]...)
	if u.WithIndex && !expand.WithIndex {
		u.Out = append(u.Out, plan.Column{Name: "$index", Type: types.Long})
	}
	var rows plan.Node = &u
	if order && !d.keyless {
		s := b.sort(rows, []plan.SortKey{{X: colRef(u.Out, width)}, {X: colRef(u.Out, len(u.Out)-1)}}).(*plan.Sort)
		s.Total = true
		rows = s
	}
	cols := append([]plan.Column{}, a.expanded.Out...)
	exprs := make([]plan.Expr, len(cols))
	for i, e := range a.expanded.Exprs {
		exprs[i] = shifted(e, width, moved)
	}
	if !d.keyless {
		cols, exprs = append(cols, u.Out[width]), append(exprs, colRef(u.Out, width))
	}
	for _, i := range a.riders {
		cols, exprs = append(cols, u.Out[i]), append(exprs, colRef(u.Out, i))
	}
	d.fromSource(b.project(rows, cols, exprs), len(cols)-len(a.expanded.Out))
	return true
}
