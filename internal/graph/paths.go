package graph

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
)

// shortest finds, for every pair of a first and a last node, the shortest of
// the paths that the pattern and the conditions allow: breadth first from every
// node that can be first. A path passes no edge twice.
//
// Where the pattern is a single variable length edge of any length up to its
// maximum and no condition looks at the path as a whole, a node that was
// reached by a shorter path need not be passed again (lean). Without that, the
// number of paths bounds what can be searched.
func (s *search) shortest() error {
	p := &breadth{search: s, lean: s.leanPattern()}
	p.legs = make([]move, len(s.m.Edges))
	for i, e := range s.m.Edges {
		p.legs[i] = direct(i, e, true)
	}
	p.first, p.last = p.legs[0].from, p.legs[len(p.legs)-1].to
	p.wanted = s.candidates(p.last)
	p.seen = make([]int32, s.g.nodes)
	p.found = make([]int32, s.g.nodes)
	for n := range int32(s.g.nodes) {
		if ok := s.nodeOK[p.first]; ok != nil && !ok[n] {
			continue
		}
		if err := p.from(n); err != nil {
			return err
		}
	}
	return nil
}

// leanPattern reports a pattern of one edge that can be searched through nodes
// instead of paths.
func (s *search) leanPattern() bool {
	if len(s.m.Edges) != 1 || !s.m.Edges[0].Variable || s.m.Edges[0].Min > 1 {
		return false
	}
	return !slices.ContainsFunc(s.rest, func(c cond) bool { return len(c.edges) > 0 })
}

// breadth is a search for shortest paths from one node after the other.
type breadth struct {
	*search
	lean        bool
	first, last int
	legs        []move // the edges of the pattern from left to right
	arena       []stub
	found       []int32 // length+1 of the paths found to a node; 0: none
	seen        []int32 // length+1 at which a node was reached first
	touched     []int32 // nodes whose found and seen are set
	origin      int32
	wanted, got int // nodes that can be last; those to which a path was found
	// loops: only paths that come back to the origin count; see from.
	loops bool
}

// stub is a path by its last edge. Within leg it has count edges.
type stub struct {
	up         int32 // the stub before, -1
	edge, node int32
	leg, count int32
}

// maxStubs bounds the paths held in memory.
const maxStubs = 8_000_000

// from finds the shortest paths that begin at a node.
func (p *breadth) from(n int32) error {
	p.origin = n
	if !p.lean || p.m.Edges[0].Dir != AnyDir {
		return p.round(false)
	}
	// Over edges of any direction the way back to the origin may need nodes
	// that were reached on a shorter way: that pair is searched for alone.
	if err := p.round(false); err != nil {
		return err
	}
	if ok := p.nodeOK[p.last]; ok != nil && !ok[n] || p.m.Edges[0].Min == 0 {
		return nil
	}
	return p.round(true)
}

// round searches from the origin, level by level.
func (p *breadth) round(loops bool) error {
	p.loops = loops
	for _, n := range p.touched {
		p.found[n], p.seen[n] = 0, 0
	}
	p.touched, p.arena, p.got = p.touched[:0], p.arena[:0], 0
	p.reach(p.origin, 0)
	if err := p.place(stub{up: -1, edge: -1, node: p.origin}, 0); err != nil {
		return err
	}
	for from, length := 0, int32(1); from < len(p.arena); length++ {
		if p.got >= p.wanted || loops && p.found[p.origin] > 0 {
			return nil
		}
		to := len(p.arena)
		for i := from; i < to; i++ {
			if err := p.extend(int32(i), length); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// reach notes the length at which a node was reached first and tells whether a
// path of this length may go on from it.
func (p *breadth) reach(n, length int32) bool {
	if p.seen[n] == 0 {
		p.seen[n] = length + 1
		p.touched = append(p.touched, n)
		return true
	}
	return !p.lean || p.loops || p.m.Shortest == AllShortest && p.seen[n] == length+1
}

// place keeps a path. Where its leg may end, the path also goes on in the next
// leg, or is complete.
func (p *breadth) place(st stub, length int32) error {
	if len(p.arena) >= maxStubs {
		return &plan.OpError{Limit: true, Message: p.word +
			": more paths than it may hold in memory; restrict the first node in the where clause, shorten variable length edges, or filter the edges before make-graph"}
	}
	at := int32(len(p.arena))
	p.arena = append(p.arena, st)
	e := &p.m.Edges[st.leg]
	if int(st.count) < e.Min || !e.Variable && st.count < 1 {
		return nil
	}
	v := p.legs[st.leg].to
	if ok := p.nodeOK[v]; ok != nil && !ok[st.node] {
		return nil
	}
	if int(st.leg) == len(p.legs)-1 {
		return p.complete(at, length)
	}
	return p.place(stub{up: at, edge: -1, node: st.node, leg: st.leg + 1}, length)
}

// extend goes on from a path by one edge.
func (p *breadth) extend(i, length int32) error {
	st := p.arena[i]
	e := &p.m.Edges[st.leg]
	if e.Variable && int(st.count) >= e.Max || !e.Variable && st.count >= 1 {
		return nil
	}
	if ok := p.innerOK[st.leg]; st.count > 0 && ok != nil && !ok[st.node] {
		return nil
	}
	if p.lean && !p.loops && p.seen[st.node] != length {
		return nil // reached before on a shorter way
	}
	return p.around(&p.legs[st.leg], st.node, func(edge, to int32) error {
		if p.passed(i, edge) {
			return nil
		}
		next := stub{up: i, edge: edge, node: to, leg: st.leg, count: st.count + 1}
		if p.reach(to, length) || to == p.origin {
			return p.place(next, length)
		}
		return nil
	})
}

// passed reports that a path has an edge already.
func (p *breadth) passed(i, edge int32) bool {
	for ; i >= 0; i = p.arena[i].up {
		if p.arena[i].edge == edge {
			return true
		}
	}
	return false
}

// complete hands out a path if it is among the shortest that meet all
// conditions.
func (p *breadth) complete(at, length int32) error {
	n := p.arena[at].node
	known := p.found[n]
	if known > 0 && (known < length+1 || p.m.Shortest == AnyShortest) {
		return nil
	}
	if p.lean && p.m.Edges[0].Dir == AnyDir && length > 0 && p.loops != (n == p.origin) {
		return nil
	}
	p.bind(at)
	for v, ok := range p.nodeOK {
		if ok != nil && !ok[p.node[v]] {
			return nil
		}
	}
	for i := range p.rest {
		if ok, err := p.meets([]int{i}); err != nil || !ok {
			return err
		}
	}
	if known == 0 {
		p.found[n] = length + 1
		p.touched = append(p.touched, n)
		p.got++
	}
	return p.rows.add(p.ctx)
}

// bind makes the variables stand for a path.
func (p *breadth) bind(at int32) {
	for i := range p.paths {
		p.paths[i].edges = p.paths[i].edges[:0]
		p.paths[i].inner = p.paths[i].inner[:0]
	}
	for i := range p.node {
		p.node[i] = -1
	}
	p.node[p.last] = p.arena[at].node
	for i := at; i >= 0; i = p.arena[i].up {
		st := p.arena[i]
		switch leg := &p.paths[st.leg]; {
		case st.edge < 0: // the leg begins here
			p.node[p.legs[st.leg].from] = st.node
		case p.m.Edges[st.leg].Variable:
			leg.edges = append(leg.edges, st.edge)
			if up := p.arena[st.up]; up.edge >= 0 && up.leg == st.leg {
				leg.inner = append(leg.inner, up.node)
			}
		default:
			p.edge[st.leg] = st.edge
		}
	}
	for i := range p.paths {
		slices.Reverse(p.paths[i].edges)
		slices.Reverse(p.paths[i].inner)
	}
}
