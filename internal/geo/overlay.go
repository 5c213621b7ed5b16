package geo

import (
	"cmp"
	"slices"

	"github.com/golang/geo/s2"
)

// An overlay is the subdivision of the sphere by directed edges of one or two
// operands: all edges are cut where they cross or touch, what coincides is
// merged, and for every remaining edge the winding number of each operand is
// known on both sides. Union, intersection and buffer only choose edges of it.
//
// Whether edges cross and how they lie around a vertex is decided by the
// library's exact predicates; a crossing's place is rounded, so vertices
// closer than mergeRadius are one, which is also what the recorded unions do.
type overlay struct {
	points []s2.Point // vertices
	pieces []piece    // unique undirected edges
	out    [][]int32  // per vertex: outgoing half-edges, counterclockwise
	open   [2]bool    // operands that are lines and so bound nothing
}

// piece k is the half-edges 2k, from a to b, and 2k+1, back.
type piece struct {
	a, b int32
	// count are the input edges per operand along and against the piece, id
	// the smallest of their numbers.
	count [2][2]int32
	id    [2][2]int32
	// winding numbers per operand left of the half-edges.
	left  [2][2]int32
	known bool
}

// segment is one directed input edge. Operands are 0 and 1; an open edge (of
// a line) bounds nothing.
type segment struct {
	a, b    s2.Point
	operand int
	open    bool
}

// Distances in radians within which crossings are rounded and vertices merged.
const (
	crossingError = 8 * 1.1102230246251565e-16
	mergeRadius   = 2 * crossingError
)

// ring adds the edges of a closed chain.
func ring(dst []segment, operand int, points []s2.Point) []segment {
	for i, p := range points {
		dst = append(dst, segment{a: p, b: points[(i+1)%len(points)], operand: operand})
	}
	return dst
}

// path adds the edges of an open chain.
func path(dst []segment, operand int, points []s2.Point) []segment {
	for i := 1; i < len(points); i++ {
		dst = append(dst, segment{a: points[i-1], b: points[i], operand: operand, open: true})
	}
	return dst
}

// region adds the boundary of a polygon, its inside on the left.
func region(dst []segment, operand int, p *s2.Polygon) []segment {
	for _, l := range p.Loops() {
		points := make([]s2.Point, l.NumVertices())
		for i := range points {
			points[i] = l.OrientedVertex(i)
		}
		dst = ring(dst, operand, points)
	}
	return dst
}

// newOverlay cuts and merges the segments. winding is the winding number of
// each operand at the library's origin, a point that lies on no edge.
func newOverlay(segments []segment, winding [2]int32) (*overlay, error) {
	o := &overlay{}
	if err := o.cut(segments); err != nil {
		return nil, err
	}
	o.sortAround()
	return o, o.wind(winding)
}

// cut splits the segments at crossings and merges what coincides.
func (o *overlay) cut(segments []segment) error {
	if len(segments) > maxEdges {
		return ErrTooLarge
	}
	splits, err := crossings(segments)
	if err != nil {
		return err
	}
	v := newVertices()
	ends := make([][2]int32, len(segments))
	for i, s := range segments {
		o.open[s.operand] = s.open
		ends[i] = [2]int32{v.id(s.a), v.id(s.b)}
	}
	index := map[[2]int32]int32{}
	for i, s := range segments {
		from := ends[i][0]
		for _, p := range sortedAlong(s, splits[i]) {
			to := v.id(p)
			o.add(index, from, to, s, int32(i))
			from = to
		}
		o.add(index, from, ends[i][1], s, int32(i))
		if len(o.pieces) > maxPieces {
			return ErrTooLarge
		}
	}
	o.points = v.points
	return nil
}

// sortedAlong orders points on a segment from its start.
func sortedAlong(s segment, points []s2.Point) []s2.Point {
	slices.SortFunc(points, func(p, q s2.Point) int {
		return cmp.Compare(s.a.Sub(p.Vector).Norm2(), s.a.Sub(q.Vector).Norm2())
	})
	return points
}

// add counts an input edge on a piece.
func (o *overlay) add(index map[[2]int32]int32, from, to int32, s segment, id int32) {
	if from == to {
		return
	}
	key, dir := [2]int32{from, to}, 0
	if from > to {
		key, dir = [2]int32{to, from}, 1
	}
	k, ok := index[key]
	if !ok {
		k = int32(len(o.pieces))
		index[key] = k
		o.pieces = append(o.pieces, piece{a: key[0], b: key[1]})
	}
	p := &o.pieces[k]
	if p.count[s.operand][dir] == 0 {
		p.id[s.operand][dir] = id
	}
	p.count[s.operand][dir]++
}

// origin and target are the ends of a half-edge.
func (o *overlay) origin(h int32) int32 {
	if h&1 == 0 {
		return o.pieces[h>>1].a
	}
	return o.pieces[h>>1].b
}

func (o *overlay) target(h int32) int32 { return o.origin(h ^ 1) }

// sortAround fills out, each list counterclockwise.
func (o *overlay) sortAround() {
	o.out = make([][]int32, len(o.points))
	for k, p := range o.pieces {
		o.out[p.a] = append(o.out[p.a], int32(2*k))
		o.out[p.b] = append(o.out[p.b], int32(2*k+1))
	}
	for v, list := range o.out {
		if len(list) < 3 {
			continue
		}
		centre, first := o.points[v], o.points[o.target(list[0])]
		slices.SortFunc(list[1:], func(g, h int32) int {
			if s2.OrderedCCW(first, o.points[o.target(g)], o.points[o.target(h)], centre) {
				return -1
			}
			return 1
		})
	}
}

// wind finds the winding numbers: at one vertex of each component by counting
// crossings, elsewhere by going round the vertices.
func (o *overlay) wind(winding [2]int32) error {
	done := make([]bool, len(o.points))
	var todo []int32
	steps := 0
	for v := range o.points {
		if done[v] || len(o.out[v]) == 0 {
			continue
		}
		if steps += len(o.pieces); steps > maxSteps {
			return ErrTooLarge
		}
		o.start(int32(v), o.windingAt(o.points[v], winding))
		done[v] = true
		todo = append(todo[:0], int32(v))
		for len(todo) > 0 {
			v := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !o.around(v) {
				return errInconsistent
			}
			for _, h := range o.out[v] {
				if t := o.target(h); !done[t] {
					done[t] = true
					todo = append(todo, t)
				}
			}
		}
	}
	return nil
}

// maxSteps bounds the edges looked at for components' first winding numbers.
const maxSteps = 1 << 27

// windingAt counts the pieces crossed on the way from the origin.
func (o *overlay) windingAt(p s2.Point, winding [2]int32) [2]int32 {
	origin := s2.OriginPoint()
	crosser := s2.NewEdgeCrosser(origin, p)
	for k := range o.pieces {
		piece := &o.pieces[k]
		a, b := o.points[piece.a], o.points[piece.b]
		var sign int32
		switch crosser.CrossingSign(a, b) {
		case s2.Cross: // from the right to the left of ab
			if sign = 1; s2.RobustSign(a, b, origin) == s2.CounterClockwise {
				sign = -1
			}
		case s2.MaybeCross: // p is an end of ab
			if s2.VertexCrossing(origin, p, a, b) {
				if sign = 1; p == a {
					sign = -1
				}
			}
		}
		if sign != 0 {
			for operand := range 2 {
				winding[operand] += sign * o.delta(piece, operand, 0)
			}
		}
	}
	return winding
}

// start gives one half-edge at v its winding numbers: the wedge that contains
// the vertex by the semi-open rule has those of the vertex.
func (o *overlay) start(v int32, winding [2]int32) {
	list, centre := o.out[v], o.points[v]
	h := list[0]
	for i, g := range list {
		next := list[(i+1)%len(list)]
		if len(list) == 1 || s2.AngleContainsVertex(o.points[o.target(next)], centre, o.points[o.target(g)]) {
			h = g
			break
		}
	}
	p := &o.pieces[h>>1]
	for operand := range 2 {
		p.left[operand][h&1] = winding[operand]
		p.left[operand][1-h&1] = winding[operand] - o.delta(p, operand, h&1)
	}
	p.known = true
}

// delta is how much larger an operand's winding number is left of a half-edge
// than right of it.
func (o *overlay) delta(p *piece, operand int, dir int32) int32 {
	if o.open[operand] {
		return 0
	}
	return p.count[operand][dir] - p.count[operand][1-dir]
}

// around spreads winding numbers round a vertex, from one known half-edge,
// and reports whether they agree with those known before.
func (o *overlay) around(v int32) bool {
	list := o.out[v]
	from := slices.IndexFunc(list, func(h int32) bool { return o.pieces[h>>1].known })
	if from < 0 {
		return false
	}
	for i := 1; i <= len(list); i++ {
		g, h := list[(from+i-1)%len(list)], list[(from+i)%len(list)]
		for operand := range 2 {
			before := o.pieces[g>>1].left[operand][g&1] // right of h
			p := &o.pieces[h>>1]
			if p.known {
				if p.left[operand][1-h&1] != before {
					return false
				}
				continue
			}
			p.left[operand][h&1] = before + o.delta(p, operand, h&1)
			p.left[operand][1-h&1] = before
		}
		o.pieces[h>>1].known = true
	}
	return true
}
