package plan

// Subplans calls f for every plan inside an expression (toscalar, in (table)).
func Subplans(e Expr, f func(Node)) {
	switch e := e.(type) {
	case *Call:
		for _, a := range e.Args {
			Subplans(a, f)
		}
	case *ScalarQuery:
		f(e.Node)
	case *InQuery:
		Subplans(e.X, f)
		f(e.Node)
	}
}

// Refs calls f for every column an expression refers to.
func Refs(e Expr, f func(int)) {
	switch e := e.(type) {
	case *Col:
		f(e.Index)
	case *Call:
		for _, a := range e.Args {
			Refs(a, f)
		}
	case *InQuery:
		Refs(e.X, f)
	}
}

// Exprs are the expressions of a node over its input.
func Exprs(n Node) []Expr {
	switch n := n.(type) {
	case *Filter:
		return []Expr{n.Cond}
	case *Project:
		return n.Exprs
	case *Aggregate:
		out := append([]Expr{}, n.Keys...)
		for _, a := range n.Aggs {
			out = append(out, a.Args...)
		}
		return out
	case *Sort:
		out := make([]Expr, len(n.Keys))
		for i, k := range n.Keys {
			out[i] = k.X
		}
		return out
	case *Limit:
		return []Expr{n.N}
	case *Join:
		out := append(append([]Expr{}, n.LeftKeys...), n.RightKeys...)
		if n.Residual != nil {
			out = append(out, n.Residual)
		}
		return out
	case *Unnest:
		if n.Limit != nil {
			return append(append([]Expr{}, n.Items...), n.Limit)
		}
		return n.Items
	case *Window:
		var out []Expr
		for _, c := range n.Calls {
			out = append(out, c.Args...)
		}
		return append(out, n.Partition...)
	}
	return nil
}

// Walk visits every node of the DAG once, inputs and plans inside expressions
// before the node itself.
func Walk(root Node, visit func(Node)) {
	seen := map[Node]bool{}
	var walk func(Node)
	walk = func(n Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, in := range n.Inputs() {
			walk(in)
		}
		for _, e := range Exprs(n) {
			Subplans(e, walk)
		}
		visit(n)
	}
	walk(root)
}
