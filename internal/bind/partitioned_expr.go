package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// correlated reports nodes whose rows differ between partitions.
func (d *decorrelation) correlated(n plan.Node) bool {
	if n == d.from {
		return true
	}
	if is, ok := d.related[n]; ok {
		return is
	}
	is := false
	for _, in := range n.Inputs() {
		is = is || d.correlated(in)
	}
	for _, e := range plan.Exprs(n) {
		is = is || d.depends(e)
	}
	d.related[n] = is
	return is
}

// depends reports expressions whose value differs between partitions for equal
// rows.
func (d *decorrelation) depends(e plan.Expr) bool {
	switch e := e.(type) {
	case *plan.Outer:
		return e.Of == d.outer
	case *plan.Call:
		for _, a := range e.Args {
			if d.depends(a) {
				return true
			}
		}
	case *plan.ScalarQuery:
		return d.correlated(e.Node)
	case *plan.InQuery:
		return d.depends(e.X) || d.correlated(e.Node)
	}
	return false
}

// over is input for all partitions and the expressions over it; the results of
// subqueries inside them are further columns behind the hidden ones.
func (d *decorrelation) over(input plan.Node, es ...plan.Expr) (plan.Node, []plan.Expr) {
	r := reader{d: d, in: d.node(input), key: len(input.Columns())}
	out := make([]plan.Expr, len(es))
	for i, e := range es {
		out[i] = r.expr(e)
	}
	if r.order >= 0 && r.joined {
		s := d.b.sort(r.in, []plan.SortKey{{X: colRef(r.in.Columns(), r.order)}}).(*plan.Sort)
		s.Total = true
		r.in = s
	}
	return r.in, out
}

// reader rewrites expressions over one input.
type reader struct {
	d      *decorrelation
	in     plan.Node
	key    int // ordinal of the key in in
	joined bool
	order  int // ordinal of the row number that restores the order; -1: rows have none
}

func (r *reader) expr(e plan.Expr) plan.Expr {
	if !r.d.depends(e) {
		return e
	}
	switch e := e.(type) {
	case *plan.Outer:
		return &plan.Col{Index: r.key, T: e.T, Null: e.Null, Pos: e.Pos}
	case *plan.Call:
		c := *e
		c.Args = make([]plan.Expr, len(e.Args))
		for i, a := range e.Args {
			c.Args[i] = r.expr(a)
		}
		return &c
	case *plan.ScalarQuery:
		return r.scalar(e)
	case *plan.InQuery:
		x := r.expr(e.X)
		if !r.d.correlated(e.Node) {
			c := *e
			c.X = x
			return &c
		}
		return r.contained(e, x)
	}
	return e
}

// join pairs the rows with at most one row each of right, and returns the
// ordinal of right's first column. A join forgets the order of rows.
func (r *reader) join(right plan.Node, left, keys []plan.Expr) int {
	d := r.d
	if d.keyless {
		d.refuse("toscalar() over the rows around")
	}
	if !r.joined {
		r.joined, r.order = true, -1
		if plan.Ordered(r.in) {
			r.order = len(r.in.Columns())
			r.in = d.numbered(r.in)
		}
	}
	j := &plan.Join{Kind: plan.LeftOuter, Left: r.in, Right: right, LeftKeys: left, RightKeys: keys}
	j.Out = joinColumns(r.in.Columns(), right.Columns(), false, true, nil)
	at := len(r.in.Columns())
	r.in = j
	return at
}

// scalar is toscalar over a correlated plan: the first row of each partition
// is joined.
func (r *reader) scalar(e *plan.ScalarQuery) plan.Expr {
	d := r.d
	visible := len(e.Node.Columns())
	sub := d.node(e.Node)
	if !single(e.Node) {
		one := &plan.Const{Value: types.LongValue(1), Pos: e.Pos}
		sub = d.first(sub, one, visible)
	}
	sub = d.b.pick(sub, []int{0, visible}, nil)
	at := r.join(sub, []plan.Expr{d.key(r.in, r.key)}, []plan.Expr{d.key(sub, 1)})
	return &plan.Col{Index: at, T: e.T, Null: e.T != types.String, Pos: e.Pos}
}

// single reports plans of one row.
func single(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.Aggregate:
		return len(n.Keys) == 0
	case *plan.Project:
		return single(n.Input)
	}
	return false
}

// contained is "x in (T)" over a correlated T: the distinct values of each
// partition are joined, and those that have a partner are in. A null is in no
// list, NaN neither.
func (r *reader) contained(e *plan.InQuery, x plan.Expr) plan.Expr {
	d, b := r.d, r.d.b
	isnotnull := b.env.Fns.Lookup(fn.Scalar, "isnotnull")
	if isnotnull == nil {
		d.refuse("in over the rows around")
		return e
	}
	visible := len(e.Node.Columns())
	sub := b.pick(d.node(e.Node), []int{0, visible}, nil)
	value := colRef(sub.Columns(), 0)
	keep := b.apply(isnotnull, []plan.Expr{value}, e.Pos, ctx{})
	if value.T == types.Real {
		keep = b.infix("and", e.Pos, ctx{}, keep, b.infix("==", e.Pos, ctx{}, value, value))
	}
	sub = b.distinct(b.filter(sub, keep))
	yes := &plan.Const{Value: types.BoolValue(true), Pos: e.Pos}
	cols := append(sub.Columns()[:2:2], plan.Column{Name: "$in", Type: types.Bool})
	marked := b.project(sub, cols, append(refs(cols, 2), yes))
	at := r.join(marked, []plan.Expr{x, d.key(r.in, r.key)}, refs(marked.Columns(), 2))
	in := b.apply(isnotnull, []plan.Expr{colRef(r.in.Columns(), at+2)}, e.Pos, ctx{})
	if e.Not {
		return b.negate(in, e.Pos, ctx{})
	}
	return in
}

// holdsOuter reports a plan that is good for one partition only.
func holdsOuter(root plan.Node) bool {
	has := false
	var expr func(plan.Expr)
	expr = func(e plan.Expr) {
		switch e := e.(type) {
		case *plan.Outer:
			has = true
		case *plan.Call:
			for _, a := range e.Args {
				expr(a)
			}
		case *plan.InQuery:
			expr(e.X)
		}
	}
	plan.Walk(root, func(n plan.Node) {
		for _, e := range plan.Exprs(n) {
			expr(e)
		}
	})
	return has
}
