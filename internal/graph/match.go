package graph

import (
	"context"
	"slices"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// search is one run of a Match.
type search struct {
	binding
	ctx   context.Context
	word  string
	g     *graph
	m     *Match
	slots *slots
	work  int
	check int // amount of work at which to look around
	// What conditions on one variable alone leave: the nodes of a variable,
	// the edges of an edge, the nodes inside a path; nil: all.
	nodeOK, edgeOK, innerOK [][]bool
	rest                    []cond
	rows                    *rows

	moves   []move
	used    []bool // edges of the match, unless all cycles are wanted
	visited []bool // nodes of the match, where no cycles are wanted
}

// cond is a condition that needs several variables.
type cond struct {
	m            *eval.Machine
	slots        []int
	nodes, edges []int // variables it needs
}

// maxWork bounds the work of a search, in edges looked at. An evaluation counts
// for several.
const (
	maxWork   = 100_000_000
	evalWork  = 8
	workCheck = 4096
)

func (g *graph) match(ctx context.Context, o *Op, params []types.Value, out plan.RowWriter) error {
	s := &search{
		binding: binding{node: filled(o.Match.Nodes), edge: filled(len(o.Match.Edges)), paths: make([]path, len(o.Match.Edges))},
		ctx:     ctx, word: o.Word, g: g, m: o.Match,
		nodeOK: make([][]bool, o.Match.Nodes), edgeOK: make([][]bool, len(o.Match.Edges)), innerOK: make([][]bool, len(o.Match.Edges)),
	}
	vs := &vectors{g: g, id: o.Match.ID, names: o.Match.Names}
	var err error
	if s.slots, err = newSlots(o.Match.Slots, vs, params, &s.binding); err != nil {
		return err
	}
	s.rows = newRows(s.slots, o.Match.Project, out)
	if ok, err := s.conditions(vs, params); err != nil || !ok {
		return err
	}
	s.present()
	if o.Match.Shortest != NotShortest {
		err = s.shortest()
	} else {
		err = s.all()
	}
	if err != nil {
		return err
	}
	return s.rows.flush(ctx)
}

func filled(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

// present takes the nodes that filters took away from all variables. Their
// edges are in no list.
func (s *search) present() {
	if s.g.nodeGone == nil {
		return
	}
	for v := range s.nodeOK {
		if s.nodeOK[v] == nil {
			s.nodeOK[v] = slices.Repeat([]bool{true}, s.g.nodes)
		}
		for n, gone := range s.g.nodeGone {
			s.nodeOK[v][n] = s.nodeOK[v][n] && !gone
		}
	}
}

// step counts the work of a search.
func (s *search) step() error {
	s.work++
	done := s.work + evalWork*s.slots.evals
	if done < s.check {
		return nil
	}
	s.check = done + workCheck
	if done > maxWork {
		return &plan.OpError{Limit: true, Message: s.word +
			": the search takes more steps than it may; restrict the ends of the pattern and its edges in the where clause, shorten variable length edges, or filter the edges before make-graph"}
	}
	return s.ctx.Err()
}

// all enumerates the matches of the pattern.
func (s *search) all() error {
	if s.m.Cycles != AllCycles {
		s.used = make([]bool, len(s.g.source))
	}
	if s.m.Cycles == NoCycles {
		s.visited = make([]bool, s.g.nodes)
	}
	s.plan()
	return s.next(0)
}

// next makes move i and those after it in every possible way.
func (s *search) next(i int) error {
	if i == len(s.moves) {
		return s.rows.add(s.ctx)
	}
	mv := &s.moves[i]
	switch {
	case mv.edge < 0:
		for n := range int32(s.g.nodes) {
			if err := s.step(); err != nil {
				return err
			}
			s.mark(n, true)
			err := s.arrive(i, mv, n)
			s.mark(n, false)
			if err != nil {
				return err
			}
		}
		return nil
	case s.m.Edges[mv.edge].Variable:
		p := &s.paths[mv.edge]
		p.reversed = !mv.forward
		p.edges, p.inner = p.edges[:0], p.inner[:0]
		return s.walk(i, mv, s.node[mv.from], 0)
	}
	return s.hop(i, mv)
}

func (s *search) mark(n int32, on bool) {
	if s.visited != nil {
		s.visited[n] = on
	}
}

// arrive binds a move's variable to a node and goes on, if all conditions that
// now can be told are met.
func (s *search) arrive(i int, mv *move, n int32) error {
	if ok := s.nodeOK[mv.to]; ok != nil && !ok[n] {
		return nil
	}
	was := s.node[mv.to]
	if was >= 0 && was != n {
		return nil
	}
	s.node[mv.to] = n
	ok, err := s.meets(mv.conds)
	if err == nil && ok {
		err = s.next(i + 1)
	}
	s.node[mv.to] = was
	return err
}

// hop follows single edges.
func (s *search) hop(i int, mv *move) error {
	return s.around(mv, s.node[mv.from], func(e, to int32) error {
		s.edge[mv.edge] = e
		err := s.arrive(i, mv, to)
		s.edge[mv.edge] = -1
		return err
	})
}

// walk follows paths of a variable length edge.
func (s *search) walk(i int, mv *move, at int32, length int) error {
	e := &s.m.Edges[mv.edge]
	if length >= e.Min {
		// What follows may walk the same edge's variable no more: its path is
		// complete here.
		if err := s.arrive(i, mv, at); err != nil {
			return err
		}
	}
	if length == e.Max {
		return nil
	}
	p := &s.paths[mv.edge]
	if length > 0 {
		if ok := s.innerOK[mv.edge]; ok != nil && !ok[at] {
			return nil
		}
		p.inner = append(p.inner, at)
	}
	err := s.around(mv, at, func(edge, to int32) error {
		p.edges = append(p.edges, edge)
		err := s.walk(i, mv, to, length+1)
		p.edges = p.edges[:length]
		return err
	})
	if length > 0 {
		p.inner = p.inner[:length-1]
	}
	return err
}

// around calls f for every edge at a node that a move may take, and the node at
// its other end; both are marked meanwhile.
func (s *search) around(mv *move, at int32, f func(edge, to int32) error) error {
	if mv.out {
		if err := s.along(mv, s.g.out.of(at), s.g.target, -1, f); err != nil {
			return err
		}
	}
	if mv.in {
		except := int32(-1)
		if mv.out {
			except = at // a loop was there already
		}
		return s.along(mv, s.g.in.of(at), s.g.source, except, f)
	}
	return nil
}

func (s *search) along(mv *move, edges, ends []int32, except int32, f func(edge, to int32) error) error {
	allowed := s.edgeOK[mv.edge]
	for _, e := range edges {
		if err := s.step(); err != nil {
			return err
		}
		to := ends[e]
		if to == except || allowed != nil && !allowed[e] || s.used != nil && s.used[e] || s.visited != nil && s.visited[to] {
			continue
		}
		if s.used != nil {
			s.used[e] = true
		}
		s.mark(to, true)
		err := f(e, to)
		s.mark(to, false)
		if s.used != nil {
			s.used[e] = false
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// meets tells whether conditions are true.
func (s *search) meets(conds []int) (bool, error) {
	for _, k := range conds {
		c := &s.rest[k]
		for _, i := range c.slots {
			if err := s.slots.load(i); err != nil {
				return false, err
			}
		}
		s.slots.evals++
		if ok, err := c.m.Bool(s.slots.row); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}
