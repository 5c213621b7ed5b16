package geo

import (
	"slices"

	"github.com/golang/geo/s2"
)

// Shared is what two shapes have in common: regions, and lines and points
// that do not belong to the regions' or lines' boundaries. Shapes contain
// their boundaries.
type Shared struct {
	points   []Position
	lines    [][]Position
	polygons [][][]Position
}

// AppendJSON appends the geometry, or the collection of geometries: an empty
// one when there is nothing in common.
func (s *Shared) AppendJSON(dst []byte) []byte {
	var all [][]byte
	if len(s.points) > 0 {
		all = append(all, AppendPoints(nil, s.points))
	}
	if len(s.lines) > 0 {
		all = append(all, AppendLines(nil, s.lines))
	}
	if len(s.polygons) > 0 {
		all = append(all, AppendPolygons(nil, s.polygons))
	}
	if len(all) == 1 {
		return append(dst, all[0]...)
	}
	return AppendCollection(dst, all)
}

// Empty reports shapes that have nothing in common.
func (s *Shared) Empty() bool {
	return len(s.points) == 0 && len(s.lines) == 0 && len(s.polygons) == 0
}

// IntersectPolygons is what two polygons have in common.
func IntersectPolygons(p, q *Polygons) (*Shared, error) {
	a, err := p.union()
	if err != nil {
		return nil, err
	}
	b, err := q.union()
	if err != nil {
		return nil, err
	}
	o, err := newOverlay(region(region(nil, 0, a), 1, b), atOrigin(a, b))
	if err != nil {
		return nil, err
	}
	both := func(w0, w1 int32) bool { return w0 > 0 && w1 > 0 }
	common, err := o.boundary(both)
	if err != nil {
		return nil, err
	}
	s := &Shared{polygons: rings(common)}
	inside := func(p *piece) bool { return both(p.left[0][0], p.left[1][0]) || both(p.left[0][1], p.left[1][1]) }
	touch := func(p *piece) bool { return !inside(p) && p.has(0) && p.has(1) } // common, but not of the regions
	s.lines = allPositions(o.paths(o.along(2, touch)))
	s.points = o.touching(func(p *piece) bool { return inside(p) || touch(p) })
	return s, nil
}

// IntersectLines is what two lines have in common.
func IntersectLines(l, m *Lines) (*Shared, error) {
	o, err := overlayOf(l, m.parts)
	if err != nil {
		return nil, err
	}
	return o.sharedLines(2, func(p *piece) bool { return p.has(0) && p.has(1) }), nil
}

func overlayOf(l *Lines, others [][]s2.Point) (*overlay, error) {
	var segments []segment
	for _, part := range l.parts {
		segments = path(segments, 0, part)
	}
	for _, part := range others {
		segments = path(segments, 1, part)
	}
	return newOverlay(segments, [2]int32{})
}

// IntersectLineWithPolygon is what a line and a polygon have in common.
func IntersectLineWithPolygon(l *Lines, p *Polygons) (*Shared, error) {
	u, err := p.union()
	if err != nil {
		return nil, err
	}
	var segments []segment
	for _, part := range l.parts {
		segments = path(segments, 0, part)
	}
	o, err := newOverlay(region(segments, 1, u), atOrigin(nil, u))
	if err != nil {
		return nil, err
	}
	return o.sharedLines(1, func(p *piece) bool {
		return p.has(0) && (p.has(1) || p.left[1][0] > 0 || p.left[1][1] > 0)
	}), nil
}

// sharedLines are the wanted pieces of the first operands, and the points where the operands meet
// elsewhere.
func (o *overlay) sharedLines(operands int, want func(*piece) bool) *Shared {
	return &Shared{lines: allPositions(o.paths(o.along(operands, want))), points: o.touching(want)}
}

// has reports a piece with an edge of an operand.
func (p *piece) has(operand int) bool { return p.count[operand][0]+p.count[operand][1] > 0 }

// touching are the vertices of both operands at which no piece is taken, in
// the order of their leaf cells.
func (o *overlay) touching(taken func(*piece) bool) []Position {
	var found []s2.Point
	for v, list := range o.out {
		var of [2]bool
		free := true
		for _, h := range list {
			p := &o.pieces[h>>1]
			free = free && !taken(p)
			for operand := range 2 {
				of[operand] = of[operand] || p.has(operand)
			}
		}
		if free && of[0] && of[1] {
			found = append(found, o.points[v])
		}
	}
	slices.SortFunc(found, func(a, b s2.Point) int { return compareCells(a, b) })
	return positions(found)
}
