package graph

import (
	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/types"
)

// conditions turns the conditions on one variable into sets of nodes and edges
// and keeps the others. It returns false when one that needs no variable fails.
func (s *search) conditions(vs *vectors, params []types.Value) (bool, error) {
	for _, p := range s.m.Conds {
		done, err := s.single(p, params)
		if err != nil {
			return false, err
		}
		if done {
			continue
		}
		c := cond{m: p.Machine(), slots: p.Columns()}
		for _, i := range c.slots {
			s.needs(&c, i)
		}
		if len(c.nodes) == 0 && len(c.edges) == 0 {
			if ok, err := c.m.Bool(s.slots.row); err != nil || !ok {
				return false, err
			}
			continue
		}
		s.rest = append(s.rest, c)
	}
	return true, nil
}

// needs notes the variables that slot i needs.
func (s *search) needs(c *cond, i int) {
	switch r := &s.m.Slots[i]; r.Of {
	case Node:
		c.nodes = append(c.nodes, r.Var)
	case EdgeVar:
		c.edges = append(c.edges, r.Var)
	case Path:
		c.edges = append(c.edges, r.Fold.Edge)
		for _, k := range r.Fold.X.Columns() {
			if r.Fold.Cols[k].Of == Outer {
				s.needs(c, r.Fold.Cols[k].Var)
			}
		}
	}
}

// single computes a condition on one variable for all its nodes or edges.
func (s *search) single(p *eval.Prog, params []types.Value) (bool, error) {
	if i, ok := p.Column(); ok && s.m.Slots[i].Of == Path {
		return s.each(i, params)
	}
	of, v := Parameter, -1
	for _, i := range p.Columns() {
		r := &s.m.Slots[i]
		switch {
		case r.Of == Parameter:
		case r.Of == Path, v >= 0 && (of != r.Of || v != r.Var):
			return false, nil
		default:
			of, v = r.Of, r.Var
		}
	}
	if v < 0 {
		return false, nil
	}
	n, sets := s.g.nodes, s.nodeOK
	if of == EdgeVar {
		n, sets = len(s.g.source), s.edgeOK
	}
	cols := make([]*types.Vector, len(s.m.Slots))
	for _, i := range p.Columns() {
		if r := &s.m.Slots[i]; r.Of == Parameter {
			cols[i] = repeated(params[r.Var], n)
		} else {
			cols[i] = s.slots.vec[i]
		}
	}
	return true, restrict(&sets[v], p, n, cols)
}

// each computes all(edge, condition) for every edge or inner node.
func (s *search) each(slot int, params []types.Value) (bool, error) {
	f := s.m.Slots[slot].Fold
	if f.Kind != All {
		return false, nil
	}
	n, set := len(s.g.source), &s.edgeOK[f.Edge]
	if f.Inner {
		n, set = s.g.nodes, &s.innerOK[f.Edge]
	}
	cols := append([]*types.Vector{}, s.slots.folds[slot].vec...)
	for _, i := range f.X.Columns() {
		switch f.Cols[i].Of {
		case Outer:
			return false, nil
		case Parameter:
			cols[i] = repeated(params[f.Cols[i].Var], n)
		}
	}
	return true, restrict(set, f.X, n, cols)
}

func restrict(set *[]bool, p *eval.Prog, n int, cols []*types.Vector) error {
	ok, err := p.Filter(n, cols)
	if err != nil {
		return err
	}
	if *set == nil {
		*set = ok
		return nil
	}
	for i := range ok {
		(*set)[i] = (*set)[i] && ok[i]
	}
	return nil
}

// move is one step of the search: it binds a variable to start with (edge -1),
// or follows an edge of the pattern from a bound variable.
type move struct {
	edge, from, to int
	forward        bool // from the edge's left to its right
	out, in        bool // which edges of the graph to follow
	conds          []int
}

// plan orders the search: it starts at the variable with the fewest nodes and
// follows the edges of the pattern from what is bound, checks first, single
// edges before paths.
func (s *search) plan() {
	start := 0
	for v := range s.nodeOK {
		if s.candidates(v) < s.candidates(start) {
			start = v
		}
	}
	bound, taken := make([]bool, s.m.Nodes), make([]bool, len(s.m.Edges))
	conds := make([]bool, len(s.rest))
	bound[start] = true
	s.moves = append(s.moves, move{edge: -1, to: start, conds: s.ready(bound, taken, conds)})
	for range s.m.Edges {
		best, rank := -1, 0
		for e := range s.m.Edges {
			if taken[e] {
				continue
			}
			if r := s.rank(e, bound); r > 0 && (best < 0 || r < rank) {
				best, rank = e, r
			}
		}
		if best < 0 {
			return // a pattern is connected
		}
		e := s.m.Edges[best]
		mv := direct(best, e, bound[e.Left])
		taken[best], bound[mv.to] = true, true
		mv.conds = s.ready(bound, taken, conds)
		s.moves = append(s.moves, mv)
	}
}

// direct is the move along an edge of the pattern, from its left or its right.
func direct(edge int, e Edge, forward bool) move {
	mv := move{edge: edge, from: e.Left, to: e.Right, forward: forward}
	if !forward {
		mv.from, mv.to = e.Right, e.Left
	}
	mv.out = e.Dir == AnyDir || (e.Dir == LeftToRight) == forward
	mv.in = e.Dir == AnyDir || !mv.out
	return mv
}

func (s *search) candidates(v int) int {
	if s.nodeOK[v] == nil {
		return s.g.nodes
	}
	n := 0
	for _, ok := range s.nodeOK[v] {
		if ok {
			n++
		}
	}
	return n
}

// rank orders the edges that can be followed: low ones first, 0: not yet.
func (s *search) rank(e int, bound []bool) int {
	p := &s.m.Edges[e]
	rank := 1
	switch l, r := bound[p.Left], bound[p.Right]; {
	case !l && !r:
		return 0
	case l != r:
		rank = 2
		if s.nodeOK[p.Left] == nil && !l || s.nodeOK[p.Right] == nil && !r {
			rank = 3
		}
	}
	if p.Variable {
		rank += 3
	}
	return rank
}

// ready lists the conditions that can be told once these variables are bound.
func (s *search) ready(nodes, edges, told []bool) []int {
	var out []int
next:
	for i, c := range s.rest {
		if told[i] {
			continue
		}
		for _, v := range c.nodes {
			if !nodes[v] {
				continue next
			}
		}
		for _, e := range c.edges {
			if !edges[e] {
				continue next
			}
		}
		told[i] = true
		out = append(out, i)
	}
	return out
}
