package plan

// Rewrite rebuilds the DAG bottom up: f gets every node once, its inputs and
// the plans inside its expressions already rewritten, and returns what takes
// its place. Shared nodes stay shared.
func Rewrite(root Node, f func(Node) Node) Node {
	r := rewriter{f: f, done: map[Node]Node{}}
	return r.node(root)
}

type rewriter struct {
	f    func(Node) Node
	done map[Node]Node
}

func (r *rewriter) node(n Node) Node {
	if d, ok := r.done[n]; ok {
		return d
	}
	d := r.f(r.children(n))
	r.done[n] = d
	return d
}

func (r *rewriter) children(n Node) Node {
	switch n := n.(type) {
	case *Filter:
		c := *n
		c.Input, c.Cond = r.node(n.Input), r.expr(n.Cond)
		return &c
	case *Project:
		c := *n
		c.Input, c.Exprs = r.node(n.Input), r.exprs(n.Exprs)
		return &c
	case *Aggregate:
		c := *n
		c.Input, c.Keys = r.node(n.Input), r.exprs(n.Keys)
		c.Aggs = make([]*Agg, len(n.Aggs))
		for i, a := range n.Aggs {
			g := *a
			g.Args = r.exprs(a.Args)
			c.Aggs[i] = &g
		}
		return &c
	case *Distinct:
		c := *n
		c.Input = r.node(n.Input)
		return &c
	case *Sort:
		c := *n
		c.Input = r.node(n.Input)
		c.Keys = make([]SortKey, len(n.Keys))
		for i, k := range n.Keys {
			k.X = r.expr(k.X)
			c.Keys[i] = k
		}
		return &c
	case *Limit:
		c := *n
		c.Input, c.N = r.node(n.Input), r.expr(n.N)
		return &c
	case *Join:
		c := *n
		c.Left, c.Right = r.node(n.Left), r.node(n.Right)
		c.LeftKeys, c.RightKeys = r.exprs(n.LeftKeys), r.exprs(n.RightKeys)
		if n.Residual != nil {
			c.Residual = r.expr(n.Residual)
		}
		return &c
	case *Union:
		c := *n
		c.Ins = make([]Node, len(n.Ins))
		for i, in := range n.Ins {
			c.Ins[i] = r.node(in)
		}
		return &c
	case *Unnest:
		c := *n
		c.Input, c.Items = r.node(n.Input), r.exprs(n.Items)
		if n.Limit != nil {
			c.Limit = r.expr(n.Limit)
		}
		return &c
	case *Window:
		c := *n
		c.Input = r.node(n.Input)
		c.Calls = make([]*WindowCall, len(n.Calls))
		for i, w := range n.Calls {
			g := *w
			g.Args = r.exprs(w.Args)
			c.Calls[i] = &g
		}
		c.Partition = r.exprs(n.Partition)
		return &c
	case *GoOp:
		c := *n
		c.Ins = make([]Node, len(n.Ins))
		for i, in := range n.Ins {
			c.Ins[i] = r.node(in)
		}
		return &c
	}
	return n
}

func (r *rewriter) exprs(es []Expr) []Expr {
	if es == nil {
		return nil
	}
	out := make([]Expr, len(es))
	for i, e := range es {
		out[i] = r.expr(e)
	}
	return out
}

// expr copies only the expressions that hold a plan.
func (r *rewriter) expr(e Expr) Expr {
	has := false
	Subplans(e, func(Node) { has = true })
	if !has {
		return e
	}
	switch e := e.(type) {
	case *Call:
		c := *e
		c.Args = r.exprs(e.Args)
		return &c
	case *ScalarQuery:
		c := *e
		c.Node = r.node(e.Node)
		return &c
	case *InQuery:
		c := *e
		c.X, c.Node = r.expr(e.X), r.node(e.Node)
		return &c
	}
	return e
}
