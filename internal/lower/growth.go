package lower

import "github.com/harrier-hunting/harrier/internal/plan"

// maxJoined bounds how many values of stored columns a text that SQL puts
// together may hold. An engine joins texts without a limit, so a short query
// whose every extend doubles a column would fill the memory of the machine;
// past this bound the function's Go meaning joins them, which stops at its
// own limit.
const maxJoined = 64

// growth finds the calls that join more than maxJoined values; nodes come
// inputs first. A column's weight is the number of values its text may hold.
// Only a projection makes weights grow, so any other node hands on those of
// its input, or, where columns come from several, the largest of them.
func growth(nodes []plan.Node) map[*plan.Call]bool {
	g := growing{weights: make(map[plan.Node][]int, len(nodes))}
	for _, n := range nodes {
		g.weights[n] = g.node(n)
	}
	return g.large
}

type growing struct {
	weights map[plan.Node][]int
	large   map[*plan.Call]bool
}

func (g *growing) node(n plan.Node) []int {
	ins := n.Inputs()
	var in []int
	if len(ins) == 1 {
		in = g.weights[ins[0]]
	} else {
		for _, i := range ins {
			in = append(in, g.weights[i]...)
		}
	}
	if p, ok := n.(*plan.Project); ok {
		out := make([]int, len(p.Exprs))
		for i, e := range p.Exprs {
			out[i] = g.expr(e, in)
		}
		return out
	}
	most := 1
	for _, e := range plan.Exprs(n) {
		most = max(most, g.expr(e, in))
	}
	if len(ins) == 1 && len(in) == len(n.Columns()) && most == 1 {
		return in
	}
	for _, w := range in {
		most = max(most, w)
	}
	out := make([]int, len(n.Columns()))
	for i := range out {
		out[i] = most
	}
	return out
}

func (g *growing) expr(e plan.Expr, in []int) int {
	switch e := e.(type) {
	case *plan.Col:
		if e.Index < len(in) {
			return in[e.Index]
		}
	case *plan.ScalarQuery:
		if w := g.weights[e.Node]; len(w) > 0 {
			return w[0]
		}
	case *plan.Call:
		sum, most := 0, 1
		for _, a := range e.Args {
			w := g.expr(a, in)
			sum, most = sum+w, max(most, w)
		}
		if !e.Fn.Joins {
			return most
		}
		if sum > maxJoined {
			if g.large == nil {
				g.large = map[*plan.Call]bool{}
			}
			g.large[e] = true
		}
		return min(sum, maxJoined+1)
	}
	return 1
}
