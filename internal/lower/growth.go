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
	g := growing{weights: map[plan.Node][]int{}}
	for _, n := range nodes {
		if out := g.node(n); out != nil {
			g.weights[n] = out
		}
	}
	return g.large
}

// growing has the weights of nodes some of whose columns weigh more than 1.
type growing struct {
	weights map[plan.Node][]int
	large   map[*plan.Call]bool
}

// node is the weights of a node's columns; nil when all are 1.
func (g *growing) node(n plan.Node) []int {
	ins := n.Inputs()
	var in []int
	if len(ins) == 1 {
		in = g.weights[ins[0]]
	} else {
		in = g.several(ins)
	}
	if p, ok := n.(*plan.Project); ok {
		return g.project(p, in)
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
	if most == 1 {
		return nil
	}
	out := make([]int, len(n.Columns()))
	for i := range out {
		out[i] = most
	}
	return out
}

// several puts the weights of inputs side by side, as a join numbers columns.
func (g *growing) several(ins []plan.Node) []int {
	var out []int
	width := 0
	for _, in := range ins {
		if w := g.weights[in]; w != nil {
			for len(out) < width {
				out = append(out, 1)
			}
			out = append(out, w...)
		}
		width += len(in.Columns())
	}
	return out
}

func (g *growing) project(p *plan.Project, in []int) []int {
	var out []int
	for i, e := range p.Exprs {
		w := g.expr(e, in)
		if w > 1 && out == nil {
			out = make([]int, len(p.Exprs))
			for k := range out {
				out[k] = 1
			}
		}
		if out != nil {
			out[i] = w
		}
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
