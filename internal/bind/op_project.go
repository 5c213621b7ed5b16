package bind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// bindProject: exactly the listed columns, in order.
func (b *binder) bindProject(in rel, op *syntax.ProjectOp, c ctx) rel {
	oc := b.over(in, c, op)
	w := b.windowsOver(&oc, in)
	names, count := newNamer(nil), columnCounter{}
	var cols []plan.Column
	var exprs []plan.Expr
	for _, e := range op.Exprs {
		if _, star := e.(*syntax.Star); star {
			for i, col := range in.cols() {
				col.Name = names.take(col.Name)
				cols, exprs = append(cols, col), append(exprs, colRef(in.cols(), i))
			}
			continue
		}
		for _, n := range b.spread(e, oc) {
			switch {
			case n.name == "":
				n.name = names.take(count.next())
			case names.used[n.name] && n.explicit:
				b.duplicate(e, n.name, oc)
				continue
			default:
				n.name = names.take(n.name)
			}
			cols, exprs = append(cols, columnOf(n.name, n.x)), append(exprs, n.x)
		}
	}
	return rel{node: b.project(b.windowNode(in.node, w), cols, exprs), ordered: in.ordered}
}

// bindExtend: all columns, those of the same name replaced in place, new ones
// at the end.
func (b *binder) bindExtend(in rel, items []syntax.Expr, op syntax.Operator, c ctx) rel {
	oc := b.over(in, c, op)
	w := b.windowsOver(&oc, in)
	cols := slices.Clone(in.cols())
	exprs := make([]plan.Expr, len(cols))
	for i := range cols {
		exprs[i] = colRef(in.cols(), i)
	}
	names, count := newNamer(cols), columnCounter{}
	set := map[string]bool{}
	for _, e := range items {
		for _, n := range b.spread(e, oc) {
			switch {
			case n.name == "":
				n.name = names.take(count.next())
			case n.fresh:
				n.name = names.take(n.name)
			}
			if set[n.name] {
				if n.explicit {
					b.duplicate(e, n.name, oc)
					continue
				}
				n.name = names.take(n.name)
			}
			set[n.name] = true
			if i := findColumn(cols, n.name); i >= 0 {
				cols[i], exprs[i] = columnOf(n.name, n.x), n.x
				continue
			}
			names.used[n.name] = true
			cols, exprs = append(cols, columnOf(n.name, n.x)), append(exprs, n.x)
		}
	}
	return rel{node: b.project(b.windowNode(in.node, w), cols, exprs), ordered: in.ordered}
}

// columnsNamed resolves a list of names and wildcards to ordinals, in the
// order of the list. missing is called for a plain name nobody has.
func (b *binder) columnsNamed(list []syntax.Expr, in rel, c ctx) []int {
	var out []int
	for _, e := range list {
		if o, ok := e.(*syntax.Ordered); ok {
			e = o.X
		}
		if _, star := e.(*syntax.Star); star {
			out = append(out, firstN(len(in.cols()))...)
			continue
		}
		ref, ok := e.(*syntax.NameRef)
		if !ok {
			b.fail(e.Span(), "SEM0109", c.inOp("Column name expected."), "")
			continue
		}
		if ref.Wildcard {
			found := false
			for i, col := range in.cols() {
				if matchWildcard(ref.Name, col.Name) {
					out, found = append(out, i), true
				}
			}
			if !found {
				b.fail(e.Span(), "SEM0100", c.inOp(fmt.Sprintf("The name '%s' does not refer to any known column.", ref.Name)), "")
			}
			continue
		}
		i := findColumn(in.cols(), ref.Name)
		if i < 0 && c.open {
			b.guess(ref.Name)
			continue
		}
		if i < 0 {
			b.fail(e.Span(), "SEM0100", c.inOp(fmt.Sprintf("Failed to resolve column named '%s'", ref.Name)),
				hintDidYouMean(ref.Name, columnNames(in.cols())))
			continue
		}
		out = append(out, i)
	}
	return out
}

// bindProjectAway: all columns but the listed ones.
func (b *binder) bindProjectAway(in rel, op *syntax.ProjectAwayOp, c ctx) rel {
	away := map[int]bool{}
	for _, i := range b.columnsNamed(op.Columns, in, b.over(in, c, op)) {
		away[i] = true
	}
	var keep []int
	for i := range in.cols() {
		if !away[i] {
			keep = append(keep, i)
		}
	}
	return rel{node: b.pick(in.node, keep, nil), ordered: in.ordered}
}

// bindProjectKeep: the listed columns in their old order.
func (b *binder) bindProjectKeep(in rel, op *syntax.ProjectKeepOp, c ctx) rel {
	keep := b.columnsNamed(op.Columns, in, b.over(in, c, op))
	slices.Sort(keep)
	return rel{node: b.pick(in.node, slices.Compact(keep), nil), ordered: in.ordered}
}

// bindProjectRename: new = old, in place.
func (b *binder) bindProjectRename(in rel, op *syntax.ProjectRenameOp, c ctx) rel {
	oc := b.over(in, c, op)
	names := columnNames(in.cols())
	for _, e := range op.Exprs {
		n, ok := e.(*syntax.NamedExpr)
		var old *syntax.NameRef
		if ok && len(n.Names) == 1 {
			old, ok = n.X.(*syntax.NameRef)
		}
		if !ok || old == nil {
			b.fail(e.Span(), "SEM0110", oc.inOp("Column rename assignment expected."), "write new = old")
			continue
		}
		i := findColumn(in.cols(), old.Name)
		if i < 0 {
			b.fail(old.Span(), "SEM0100", oc.inOp(fmt.Sprintf("Failed to resolve column named '%s'", old.Name)),
				hintDidYouMean(old.Name, columnNames(in.cols())))
			continue
		}
		if k := slices.Index(names, n.Names[0].Text); k >= 0 && k != i {
			b.duplicate(e, n.Names[0].Text, oc)
			continue
		}
		names[i] = n.Names[0].Text
	}
	return rel{node: b.pick(in.node, firstN(len(names)), names), ordered: in.ordered}
}

// bindProjectReorder: the listed columns first, wildcards optionally sorted
// by name, the others after them in their old order.
func (b *binder) bindProjectReorder(in rel, op *syntax.ProjectReorderOp, c ctx) rel {
	oc := b.over(in, c, op)
	var order []int
	taken := map[int]bool{}
	for _, e := range op.Columns {
		part := b.columnsNamed([]syntax.Expr{e}, in, oc)
		if o, ok := e.(*syntax.Ordered); ok {
			sortByName(part, in.cols(), o.Order)
		}
		for _, i := range part {
			if !taken[i] {
				taken[i] = true
				order = append(order, i)
			}
		}
	}
	for i := range in.cols() {
		if !taken[i] {
			order = append(order, i)
		}
	}
	return rel{node: b.pick(in.node, order, nil), ordered: in.ordered}
}

// sortByName orders columns for project-reorder. granny-asc compares digit
// runs by value.
func sortByName(at []int, cols []plan.Column, order string) {
	less := strings.Compare
	if strings.HasPrefix(order, "granny") {
		less = compareGranny
	}
	slices.SortStableFunc(at, func(i, j int) int {
		r := less(cols[i].Name, cols[j].Name)
		if strings.HasSuffix(order, "desc") {
			return -r
		}
		return r
	})
}

// compareGranny compares text with runs of digits as numbers: a2 < a10.
func compareGranny(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if len(x) != len(y) {
				return len(x) - len(y)
			}
			if r := strings.Compare(x, y); r != 0 {
				return r
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
