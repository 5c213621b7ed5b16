package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// subquery binds "operator | …", which continues the rows of in.
func (b *binder) subquery(body syntax.Expr, in rel, c ctx) rel {
	p, ok := body.(*syntax.Pipe)
	if !ok || p.Source != nil {
		if _, bad := body.(*syntax.Bad); !bad {
			b.fail(body.Span(), "SEM0100", c.inOp("A query operator is expected here"), "")
		}
		return rel{open: true}
	}
	for _, op := range p.Ops {
		if !b.grow(op.Span()) {
			return rel{open: true}
		}
		switch op.(type) {
		case *syntax.PrintOp, *syntax.RangeOp:
			b.fail(op.Span(), "SEM0100", "'"+op.Keyword()+"' operator: must be the first operator of a query", "")
			return rel{open: true}
		}
		in = b.bounded(b.operator(in, op, c, false), op.Span())
	}
	if in.closed != "" {
		b.fail(body.Span(), "SEM0100", c.inOp("'"+in.closed+"' is not allowed in a subquery"), "")
		return rel{open: true}
	}
	return in
}

// perRow reports plans over d.from that make of every row what they make of it
// alone: they need no key, only riders.
func (d *decorrelation) perRow(n plan.Node) bool {
	if n == d.from {
		return true
	}
	for _, e := range plan.Exprs(n) {
		if d.depends(e) {
			return false
		}
	}
	switch n := n.(type) {
	case *plan.Filter, *plan.Project, *plan.Unnest:
		return d.perRow(n.Inputs()[0])
	case *plan.Join:
		switch n.Kind {
		case plan.Inner, plan.LeftOuter, plan.LeftSemi, plan.LeftAnti:
			return d.perRow(n.Left) && !d.correlated(n.Right)
		}
	}
	return false
}

// kinds tells what a plan over d.from asks of its rows: their order, and to
// be read by a Go operator, which is a statement of its own.
func (d *decorrelation) kinds(n plan.Node) (order, goOp bool) {
	seen := map[plan.Node]bool{}
	var walk func(plan.Node)
	walk = func(n plan.Node) {
		if seen[n] || n == d.from || !d.correlated(n) {
			return
		}
		seen[n] = true
		switch n := n.(type) {
		case *plan.Limit, *plan.Sort, *plan.Window:
			order = true
		case *plan.Aggregate:
			order = order || plan.Listing(n)
		case *plan.GoOp:
			goOp = true
			for i := range n.Ins {
				order = order || n.Op.Ordered(i)
			}
		}
		for _, in := range n.Inputs() {
			walk(in)
		}
		for _, e := range plan.Exprs(n) {
			plan.Subplans(e, walk)
		}
	}
	walk(n)
	return order, goOp
}

// numberRows adds a column that tells rows apart and has their order, if they
// have one.
func (b *binder) numberRows(in plan.Node, op syntax.Operator) (plan.Node, bool) {
	s := b.env.Fns.Lookup(fn.Window, "row_number")
	if s == nil {
		b.refuseOperator(op)
		return in, false
	}
	d := decorrelation{b: b, at: op.Span()}
	return d.numbered(in), true
}

// shifted moves the columns from number at on by more places.
func shifted(e plan.Expr, at, by int) plan.Expr {
	switch e := e.(type) {
	case *plan.Col:
		if e.Index < at {
			return e
		}
		c := *e
		c.Index += by
		return &c
	case *plan.Call:
		c := *e
		c.Args = make([]plan.Expr, len(e.Args))
		for i, a := range e.Args {
			c.Args[i] = shifted(a, at, by)
		}
		return &c
	case *plan.InQuery:
		c := *e
		c.X = shifted(e.X, at, by)
		return &c
	}
	return e
}
