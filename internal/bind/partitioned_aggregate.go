package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// aggregate groups by the key, too. Without keys of its own it gives one row
// for each partition, even one of whose rows none is left.
func (d *decorrelation) aggregate(n *plan.Aggregate) plan.Node {
	base := len(n.Input.Columns())
	es := append([]plan.Expr(nil), n.Keys...)
	for _, a := range n.Aggs {
		es = append(es, a.Args...)
	}
	in, es := d.over(n.Input, es...)
	g := &plan.Aggregate{Input: in, Keys: append(es[:len(n.Keys):len(n.Keys)], d.key(in, base))}
	es = es[len(n.Keys):]
	for _, a := range n.Aggs {
		c := *a
		c.Args, es = es[:len(a.Args):len(a.Args)], es[len(a.Args):]
		g.Aggs = append(g.Aggs, &c)
	}
	g.Aggs = append(g.Aggs, d.riders(in, base)...)
	g.Out = append(append(g.Out, n.Out[:len(n.Keys)]...), d.hidden[0])
	g.Out = append(append(g.Out, n.Out[len(n.Keys):]...), d.hidden[1:]...)
	// keys, key, aggregates, riders -> keys, aggregates, key, riders
	order := append(firstN(len(n.Keys)), rangeOf(len(n.Keys)+1, len(n.Aggs))...)
	order = append(append(order, len(n.Keys)), rangeOf(len(n.Out)+1, len(d.hidden)-1)...)
	r := d.b.pick(g, order, nil)
	if len(n.Keys) > 0 || d.everywhere(n.Input) {
		return r
	}
	return d.filled(n, r)
}

// everywhere reports nodes that have a row in every partition.
func (d *decorrelation) everywhere(n plan.Node) bool {
	if n == d.from {
		return true
	}
	switch n := n.(type) {
	case *plan.Project, *plan.Sort, *plan.Window, *plan.Distinct:
		return d.everywhere(n.Inputs()[0])
	case *plan.Aggregate:
		return len(n.Keys) == 0 || d.everywhere(n.Input)
	case *plan.Values:
		return len(n.Rows) > 0
	case *plan.Join:
		return (n.Kind == plan.LeftOuter || n.Kind == plan.FullOuter) && d.everywhere(n.Left) ||
			(n.Kind == plan.RightOuter || n.Kind == plan.FullOuter) && d.everywhere(n.Right)
	case *plan.Union:
		for _, in := range n.Ins {
			if d.everywhere(in) {
				return true
			}
		}
	}
	return false
}

// filled adds to r, the aggregates of n for the partitions that have rows left,
// those over no rows for the others.
func (d *decorrelation) filled(n *plan.Aggregate, r plan.Node) plan.Node {
	b, parts, k := d.b, d.partitions(), len(n.Out)
	// What the aggregates give for no rows.
	none := &plan.Aggregate{}
	none.Out = n.Out
	rows := noRows{from: n.Input.Columns(), at: map[int]int{}}
	for _, a := range n.Aggs {
		c := *a
		c.Args = rows.exprs(a.Args)
		none.Aggs = append(none.Aggs, &c)
	}
	none.Input = b.values(rows.cols, nil)
	marked := b.project(r, append(r.Columns()[:k+1:k+1], plan.Column{Name: "$some", Type: types.Bool}),
		append(refs(r.Columns(), k+1), &plan.Const{Value: types.BoolValue(true), Pos: d.at}))
	j := &plan.Join{Kind: plan.LeftOuter, Left: parts, Right: marked,
		LeftKeys: []plan.Expr{d.key(parts, 0)}, RightKeys: []plan.Expr{d.key(marked, k)}, DropRight: []int{k}}
	j.Out = joinColumns(parts.Columns(), marked.Columns(), false, true, map[int]bool{k: true})
	h := len(d.hidden)
	isnull, iff := b.env.Fns.Lookup(fn.Scalar, "isnull"), b.env.Fns.Lookup(fn.Scalar, "iff")
	if isnull == nil || iff == nil {
		d.refuse("summarize without keys")
		return r
	}
	missing := b.apply(isnull, []plan.Expr{colRef(j.Out, h+k)}, d.at, ctx{})
	cols, exprs := d.wide(n.Out), []plan.Expr{}
	for i, col := range n.Out {
		one := b.pick(none, []int{i}, nil)
		x := b.apply(iff, []plan.Expr{missing, &plan.ScalarQuery{Node: one, T: col.Type, Pos: d.at}, colRef(j.Out, h+i)}, d.at, ctx{})
		cols[i].Nullable, exprs = x.Nullable(), append(exprs, x)
	}
	return b.project(j, cols, append(exprs, refs(j.Out, h)...))
}

// refs refers to the first n columns.
func refs(cols []plan.Column, n int) []plan.Expr {
	out := make([]plan.Expr, n)
	for i := range out {
		out[i] = colRef(cols, i)
	}
	return out
}

// noRows rewrites expressions over a table without rows that has only the
// columns they read. What they are correlated with does not matter there.
type noRows struct {
	from, cols []plan.Column
	at         map[int]int // ordinal in from -> ordinal in cols
}

func (r *noRows) exprs(es []plan.Expr) []plan.Expr {
	out := make([]plan.Expr, len(es))
	for i, e := range es {
		out[i] = r.expr(e)
	}
	return out
}

func (r *noRows) expr(x plan.Expr) plan.Expr {
	switch e := x.(type) {
	case *plan.Col:
		k, known := r.at[e.Index]
		if !known {
			k = len(r.cols)
			r.at[e.Index] = k
			r.cols = append(r.cols, r.from[e.Index])
		}
		c := *e
		c.Index = k
		return &c
	case *plan.Outer:
		return &plan.Const{Value: types.Null(e.T), Pos: e.Pos}
	case *plan.ScalarQuery:
		return &plan.Const{Value: types.Null(e.T), Pos: e.Pos}
	case *plan.InQuery:
		return &plan.Const{Value: types.BoolValue(false), Pos: e.Pos}
	case *plan.Call:
		c := *e
		c.Args = r.exprs(e.Args)
		return &c
	}
	return x
}
