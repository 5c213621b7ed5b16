package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// join of two sides. A side that is the same for all partitions stays so where
// no row of it is in the answer for lack of a partner; otherwise it is crossed
// with the partitions, and the key is one more key of the join.
func (d *decorrelation) join(n *plan.Join) plan.Node {
	for _, e := range append(append([]plan.Expr{}, n.LeftKeys...), n.RightKeys...) {
		if d.depends(e) {
			d.refuse("A join by something computed from the key")
		}
	}
	if n.Residual != nil {
		d.refuse("A join with a further condition")
	}
	if n.Kind == plan.InnerUnique && d.correlated(n.Left) {
		n = d.unique(n)
	}
	leftOnly, rightOnly := false, false
	switch n.Kind {
	case plan.LeftOuter, plan.LeftSemi, plan.LeftAnti:
		leftOnly = true
	case plan.RightOuter, plan.RightSemi, plan.RightAnti:
		rightOnly = true
	case plan.FullOuter:
		leftOnly, rightOnly = true, true
	}
	left := d.correlated(n.Left) || leftOnly
	right := d.correlated(n.Right) || rightOnly
	if d.keyless && right {
		d.refuse("A join of two sides over the rows around")
	}
	c := *n
	if left {
		c.Left = d.node(n.Left)
	}
	if right {
		c.Right = d.node(n.Right)
	}
	return d.joined(n, &c, left, right)
}

// joined completes c, which is n over sides with hidden columns: it adds the
// key and puts the columns in order.
func (d *decorrelation) joined(n, c *plan.Join, left, right bool) plan.Node {
	nl, nr, h := len(n.Left.Columns()), len(n.Right.Columns()), len(d.hidden)
	if left && right {
		c.LeftKeys = append(append([]plan.Expr{}, n.LeftKeys...), d.key(c.Left, nl))
		c.RightKeys = append(append([]plan.Expr{}, n.RightKeys...), d.key(c.Right, nr))
	}
	switch n.Kind {
	case plan.LeftSemi, plan.LeftAnti:
		c.Out = d.wide(n.Out)
		return c
	case plan.RightSemi, plan.RightAnti:
		c.Out = d.wide(n.Out)
		return c
	}
	leftNull := n.Kind == plan.RightOuter || n.Kind == plan.FullOuter
	rightNull := n.Kind == plan.LeftOuter || n.Kind == plan.FullOuter
	drop := map[int]bool{}
	for _, k := range n.DropRight {
		drop[k] = true
	}
	c.Out = joinColumns(c.Left.Columns(), c.Right.Columns(), leftNull, rightNull, drop)
	kept := nr - len(n.DropRight)
	order, lefts := firstN(nl), nl
	if left {
		lefts += h
	}
	order = append(order, rangeOf(lefts, kept)...)
	exprs := make([]plan.Expr, len(order), len(order)+h)
	for i, k := range order {
		exprs[i] = colRef(c.Out, k)
	}
	for i := range h {
		l, r := nl+i, lefts+kept+i
		switch {
		case left && right && n.Kind == plan.FullOuter:
			exprs = append(exprs, d.either(colRef(c.Out, l), colRef(c.Out, r)))
		case left && !leftNull:
			exprs = append(exprs, colRef(c.Out, l))
		default:
			exprs = append(exprs, colRef(c.Out, r))
		}
	}
	return d.b.project(c, d.wide(n.Out), exprs)
}

// either is the value of the side of a full outer join that has one.
func (d *decorrelation) either(l, r plan.Expr) plan.Expr {
	s := d.b.env.Fns.Lookup(fn.Scalar, "coalesce")
	if s == nil {
		d.refuse("A full outer join")
		return l
	}
	return d.b.apply(s, []plan.Expr{l, r}, d.at, ctx{})
}

// unique turns an innerunique join with a correlated left side into an inner
// join with one left row per key and partition.
func (d *decorrelation) unique(n *plan.Join) *plan.Join {
	in := d.node(n.Left)
	width := len(n.Left.Columns())
	w := d.numbered(in, append(append([]plan.Expr{}, n.LeftKeys...), d.key(in, width))...)
	one := &plan.Const{Value: types.LongValue(1), Pos: d.at}
	cond := d.b.infix("==", d.at, ctx{}, colRef(w.Columns(), len(in.Columns())), one)
	c := *n
	c.Kind = plan.Inner
	// The node that stands for the left side before decorrelation.
	stand := &plan.Filter{Input: n.Left, Cond: &plan.Const{Value: types.BoolValue(true)}}
	stand.Out = n.Left.Columns()
	d.related[stand], d.done[stand] = true, d.trim(d.b.filter(w, cond), width)
	c.Left = stand
	return &c
}
