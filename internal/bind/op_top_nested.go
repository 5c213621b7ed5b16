package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// nested works out top-nested. Level i groups the rows by the values of
// levels 1…i and keeps the first n of each group of level i-1.
//
// The table of level i has, for each level up to i, the value, the aggregate
// and a number that puts the groups in order: columns 3j, 3j+1 and 3j+2.
type nested struct {
	op     *syntax.TopNestedOp
	base   plan.Node // the input, and the values of all levels as its last columns
	c      ctx       // over base
	levels []nestedLevel
}

type nestedLevel struct {
	value  plan.Column
	name   string // of the aggregate
	t      types.Type
	n      plan.Expr // nil: all
	by     syntax.Expr
	desc   bool
	others plan.Expr // nil: none
	at     diag.Span
}

// bindTopNested: the top values of an expression, for each of them the top
// values of the next one, and so on; with others, the rest as one more row.
func (b *binder) bindTopNested(in rel, op *syntax.TopNestedOp, c ctx) rel {
	before := b.mistakes()
	if n := len(op.Clauses); n > maxLevels {
		b.tooMany(op.Span(), "'top-nested' has too many clauses", n, maxLevels)
		return rel{open: true}
	}
	t := &nested{op: op}
	if !b.nestedValues(t, in, c) || b.mistakes() > before {
		return rel{open: true}
	}
	var tables []plan.Node
	for i := range t.levels {
		var parent plan.Node
		if i > 0 {
			parent = tables[i-1]
		}
		n := b.nestedTop(t, parent, i)
		if n == nil {
			return rel{open: true}
		}
		tables = append(tables, n)
	}
	node := tables[len(tables)-1]
	u := &plan.Union{Ins: []plan.Node{node}}
	u.Out = allNullable(node.Columns())
	for i := range t.levels {
		if slices.ContainsFunc(t.levels[i:], func(l nestedLevel) bool { return l.others != nil }) && t.levels[i].n != nil {
			if rest := b.nestedRest(t, tables, i, u.Out); rest != nil {
				u.Ins = append(u.Ins, rest)
			}
		}
	}
	if len(u.Ins) > 1 {
		node = u
	}
	if b.mistakes() > before {
		return rel{open: true}
	}
	return rel{node: t.result(b, node), ordered: true}
}

func allNullable(cols []plan.Column) []plan.Column {
	out := slices.Clone(cols)
	for i := range out {
		out[i].Nullable = out[i].Type != types.String
	}
	return out
}

// result puts the rows in order and drops the numbers.
func (t *nested) result(b *binder, node plan.Node) plan.Node {
	var keys []plan.SortKey
	var keep []int
	for i := range t.levels {
		keys = append(keys, plan.SortKey{X: colRef(node.Columns(), 3*i+2)})
		keep = append(keep, 3*i, 3*i+1)
	}
	return b.pick(b.sort(node, keys), keep, nil)
}

// nestedValues binds the clauses and puts their values beside the input.
func (b *binder) nestedValues(t *nested, in rel, c ctx) bool {
	oc := b.over(in, c, t.op)
	names, count := newNamer(nil), &columnCounter{}
	cols := slices.Clone(in.cols())
	exprs := make([]plan.Expr, len(cols))
	for i := range cols {
		exprs[i] = colRef(cols, i)
	}
	for _, cl := range t.op.Clauses {
		of := b.computed(cl.Of, oc)
		if of.x.Type() == types.Unknown {
			return false
		}
		if of.x.Type() == types.Dynamic {
			b.fail(cl.Of.Span(), "SEM0116", oc.inOp("grouping by a 'dynamic' value is not supported"), "convert it: tostring("+syntax.Print(cl.Of)+")")
			return false
		}
		if of.name == "" {
			of.name = count.next()
		}
		l := nestedLevel{value: columnOf(names.take(of.name), of.x), by: cl.By, desc: true, at: cl.Span()}
		if cl.N != nil {
			l.n = b.rowCount(cl.N, oc)
		}
		if cl.Others != nil {
			l.others = b.convert(b.expr(cl.Others, ctx{sc: c.sc, op: t.op.Word}), of.x.Type(), cl.Others.Span())
		}
		if o, ok := l.by.(*syntax.Ordered); ok {
			l.by, l.desc = o.X, o.Order != "asc"
		}
		l.name = "aggregated_" + l.value.Name
		if n, ok := l.by.(*syntax.NamedExpr); ok && len(n.Names) == 1 {
			l.by, l.name = n.X, n.Names[0].Text
		}
		l.name = names.take(l.name)
		cols, exprs = append(cols, l.value), append(exprs, of.x)
		t.levels = append(t.levels, l)
	}
	t.base = b.project(in.node, cols, exprs)
	t.c = oc
	t.c.win = nil
	return true
}

// key is the value of level i over base.
func (t *nested) key(i int) *plan.Col {
	cols := t.base.Columns()
	return colRef(cols, len(cols)-len(t.levels)+i)
}

// keysTo are the values of the levels before i, and their columns.
func (t *nested) keysTo(i int) (keys []plan.Expr, cols []plan.Column) {
	for j := range i {
		keys = append(keys, t.key(j))
		cols = append(cols, t.levels[j].value)
	}
	return keys, cols
}

// nestedTop is the table of level i, made from that of the level above.
func (b *binder) nestedTop(t *nested, parent plan.Node, i int) plan.Node {
	l := &t.levels[i]
	keys, cols := t.keysTo(i + 1)
	agg := &aggregates{inner: t.c, keys: len(keys)}
	x := b.expr(l.by, ctx{sc: t.c.sc, op: t.c.op, agg: agg, rowID: t.c.rowID})
	if x.Type() == types.Unknown {
		return nil
	}
	if len(agg.calls) == 0 {
		b.fail(l.by.Span(), "SEM0144", t.c.inOp("an aggregate is expected after by"), "e.g. by count()")
		return nil
	}
	l.t = x.Type()
	exprs := make([]plan.Expr, len(keys), len(keys)+1)
	for k := range keys {
		exprs[k] = colRef(cols, k)
	}
	node := b.aggregateNode(t.base, cols, keys, agg, append(slices.Clone(cols), columnOf(l.name, x)), append(exprs, x))
	if parent != nil {
		node = b.nestedUnder(t, parent, node, i)
	}
	return b.nestedRank(t, node, i)
}

// nestedUnder joins the groups of level i to those of the level above, and
// keeps the columns of parent, then the value and the aggregate.
func (b *binder) nestedUnder(t *nested, parent, groups plan.Node, i int) plan.Node {
	j := &plan.Join{Kind: plan.Inner, Left: parent, Right: groups}
	for k := range i {
		j.LeftKeys = append(j.LeftKeys, colRef(parent.Columns(), 3*k))
		j.RightKeys = append(j.RightKeys, colRef(groups.Columns(), k))
	}
	width := len(parent.Columns())
	j.Out = append(slices.Clone(parent.Columns()), groups.Columns()...)
	return b.pick(j, append(firstN(width), width+i, width+i+1), nil)
}

// nestedRank sorts the groups of level i within those of the level above,
// keeps the first n and numbers what is left.
func (b *binder) nestedRank(t *nested, node plan.Node, i int) plan.Node {
	l, cols := t.levels[i], node.Columns()
	last := len(cols) // value, aggregate
	var keys []plan.SortKey
	if i > 0 {
		keys = append(keys, plan.SortKey{X: colRef(cols, last-3)})
	}
	// Ties go by the value, in the same direction (recorded).
	for _, k := range [2]int{last - 1, last - 2} {
		keys = append(keys, plan.SortKey{X: colRef(cols, k), Desc: l.desc, NullsFirst: !l.desc})
	}
	node = b.sort(node, keys)
	one := &plan.Const{Value: types.LongValue(1), Pos: l.at}
	if l.n != nil && i == 0 {
		node = b.limit(node, l.n)
	}
	if l.n != nil && i > 0 {
		group := colRef(cols, last-3)
		prev := b.windowOf(node, "prev", l.at, group)
		if prev == nil {
			return nil
		}
		changed := b.infix("!=", l.at, t.c, group, colRef(prev.Columns(), last))
		rank := b.windowOf(prev, "row_number", l.at, one, changed)
		if rank == nil {
			return nil
		}
		node = b.filter(rank, b.infix("<=", l.at, t.c, colRef(rank.Columns(), last+1), l.n))
		node = b.pick(node, firstN(last), nil)
	}
	return b.windowOf(node, "row_number", l.at, one)
}

// windowOf adds the result of a window function over the rows of in.
func (b *binder) windowOf(in plan.Node, name string, at diag.Span, args ...plan.Expr) plan.Node {
	s := b.env.Fns.Lookup(fn.Window, name)
	if s == nil {
		b.unsupported(at, name, "")
		return nil
	}
	sig, params := b.overload(s, args, at, ctx{})
	if sig == nil {
		return nil
	}
	args = b.convertArgs(s, sig, params, args)
	n := &plan.Window{Input: in, Calls: []*plan.WindowCall{{Fn: s, Sig: sig, Args: args, Ret: resultType(sig, args), Pos: at}}}
	n.Out = append(slices.Clone(in.Columns()), plan.Column{Name: "$n" + fmt.Sprint(len(in.Columns())), Type: n.Calls[0].Ret, Nullable: name == "prev"})
	return n
}

// nestedRest are the rows of groups of level i-1 that are in no top group of
// level i, as one row for each group: the values of the levels above, then of
// each level its others value and the aggregate of all these rows, or nothing
// for a level without others.
func (b *binder) nestedRest(t *nested, tables []plan.Node, i int, out []plan.Column) plan.Node {
	anti := &plan.Join{Kind: plan.LeftAnti, Left: t.base, Right: tables[i]}
	anti.Out = t.base.Columns()
	for k := range i + 1 {
		anti.LeftKeys = append(anti.LeftKeys, t.key(k))
		anti.RightKeys = append(anti.RightKeys, colRef(tables[i].Columns(), 3*k))
	}
	keys, cols := t.keysTo(i)
	agg := &aggregates{inner: t.c, keys: len(keys)}
	ac := ctx{sc: t.c.sc, op: t.c.op, agg: agg, rowID: t.c.rowID}
	exprs := make([]plan.Expr, len(keys))
	for k := range keys {
		exprs[k] = colRef(cols, k)
	}
	outCols := slices.Clone(cols)
	for j := i; j < len(t.levels); j++ {
		if t.levels[j].others != nil {
			x := b.expr(t.levels[j].by, ac)
			outCols, exprs = append(outCols, columnOf("$r", x)), append(exprs, x)
		}
	}
	count := b.env.Fns.Lookup(fn.Aggregate, "count")
	rows := agg.add(&plan.Agg{Fn: count, Sig: &count.Sigs[0], Ret: types.Long, Pos: t.op.Span()}, false)
	outCols, exprs = append(outCols, columnOf("$rows", rows)), append(exprs, rows)
	node := b.aggregateNode(anti, cols, keys, agg, outCols, exprs)
	some := b.infix(">", t.op.Span(), t.c, colRef(outCols, len(outCols)-1), &plan.Const{Value: types.LongValue(0), Pos: t.op.Span()})
	node = b.filter(node, some)
	if i == 0 {
		return b.nestedOthers(t, node, 0, 0, 0, out)
	}
	j := &plan.Join{Kind: plan.Inner, Left: tables[i-1], Right: node}
	for k := range i {
		j.LeftKeys = append(j.LeftKeys, colRef(tables[i-1].Columns(), 3*k))
		j.RightKeys = append(j.RightKeys, colRef(outCols, k))
	}
	j.Out = append(slices.Clone(tables[i-1].Columns()), outCols...)
	return b.nestedOthers(t, j, i, 3*i, 4*i, out)
}

// nestedOthers lays out the rest of level i: above columns of the levels
// above, and from column aggs on the aggregates of the levels with others.
func (b *binder) nestedOthers(t *nested, in plan.Node, i, above, aggs int, out []plan.Column) plan.Node {
	cols := in.Columns()
	exprs := make([]plan.Expr, 0, len(out))
	for k := range above {
		exprs = append(exprs, colRef(cols, k))
	}
	for j := i; j < len(t.levels); j++ {
		l := t.levels[j]
		value, total := plan.Expr(&plan.Const{Value: types.Null(l.value.Type), Pos: l.at}), plan.Expr(&plan.Const{Value: types.Null(l.t), Pos: l.at})
		if l.others != nil {
			value, total = l.others, colRef(cols, aggs)
			aggs++
		}
		// After all the groups of this level.
		exprs = append(exprs, value, total, &plan.Const{Value: types.LongValue(1 << 62), Pos: l.at})
	}
	return b.project(in, out, exprs)
}
