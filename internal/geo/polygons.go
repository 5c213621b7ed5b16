package geo

import (
	"slices"

	"github.com/golang/geo/s2"
)

// Polygons is a valid polygon or multipolygon. The rings of one polygon do
// not cross and share no edges; different polygons may overlap.
type Polygons struct {
	parts  []*s2.Polygon
	index  *s2.ShapeIndex // built when first asked
	united *s2.Polygon
}

// NewPolygons makes polygons of what ReadPolygons read. The direction of
// rings does not matter: each encloses the smaller side.
func NewPolygons(read [][][]Position) (*Polygons, bool) {
	p := &Polygons{}
	for _, rings := range read {
		part, ok := newPolygon(rings)
		if !ok {
			return nil, false
		}
		p.parts = append(p.parts, part)
	}
	return p, len(p.parts) > 0
}

func newPolygon(rings [][]Position) (*s2.Polygon, bool) {
	var loops []*s2.Loop
	for _, ring := range rings {
		points, ok := ringPoints(ring)
		if !ok {
			return nil, false
		}
		loop := s2.LoopFromPoints(points)
		loop.Normalize()
		loops = append(loops, loop)
	}
	if len(loops) == 0 || !apart(loops) {
		return nil, false
	}
	return s2.PolygonFromLoops(loops), true
}

// ringPoints are the vertices of a closed ring without the last, which
// repeats the first. They must be distinct.
func ringPoints(ring []Position) ([]s2.Point, bool) {
	n := len(ring) - 1
	if n < 3 || ring[0] != ring[n] {
		return nil, false
	}
	points := make([]s2.Point, n)
	seen := make(map[s2.Point]bool, n)
	for i, p := range ring[:n] {
		if !p.Valid() {
			return nil, false
		}
		points[i] = p.point()
		if seen[points[i]] {
			return nil, false
		}
		seen[points[i]] = true
	}
	for i := range points {
		if points[i] == antipode(points[(i+1)%n]) {
			return nil, false
		}
	}
	return points, true
}

// apart reports loops whose edges neither cross nor coincide.
func apart(loops []*s2.Loop) bool {
	index := s2.NewShapeIndex()
	seen := map[[2]s2.Point]bool{}
	edges := 0
	for _, l := range loops {
		index.Add(s2.LaxLoopFromLoop(l))
		for i := range l.NumVertices() {
			a, b := l.Vertex(i), l.Vertex(i+1)
			if seen[[2]s2.Point{a, b}] || seen[[2]s2.Point{b, a}] {
				return false
			}
			seen[[2]s2.Point{a, b}] = true
			edges++
		}
	}
	if edges == 3 {
		return true
	}
	query := s2.NewCrossingEdgeQuery(index)
	for _, l := range loops {
		for i := range l.NumVertices() {
			if len(query.CrossingsEdgeMap(l.Vertex(i), l.Vertex(i+1), s2.CrossingTypeInterior)) > 0 {
				return false
			}
		}
	}
	return true
}

func (p *Polygons) shapes() *s2.ShapeIndex {
	if p.index == nil {
		p.index = s2.NewShapeIndex()
		for _, part := range p.parts {
			p.index.Add(part)
		}
	}
	return p.index
}

// union is the polygon that covers what any part covers.
func (p *Polygons) union() (*s2.Polygon, error) {
	if p.united == nil {
		u, err := unitePolygons(p.parts)
		if err != nil {
			return nil, err
		}
		p.united = u
	}
	return p.united, nil
}

// Contains tells whether a part contains x. Boundaries are semi-open: of
// polygons that tile the Earth exactly one contains a given point.
func (p *Polygons) Contains(x Position) (in, ok bool) {
	if !x.Valid() {
		return false, false
	}
	return p.containsPoint(x.point()), true
}

func (p *Polygons) containsPoint(x s2.Point) bool {
	return slices.ContainsFunc(p.parts, func(part *s2.Polygon) bool { return part.ContainsPoint(x) })
}

// Distance is the distance in metres from x, 0 inside.
func (p *Polygons) Distance(x Position) (float64, bool) {
	if !x.Valid() {
		return 0, false
	}
	if p.containsPoint(x.point()) {
		return 0, true
	}
	at, ok := closest(p.shapes(), x.point())
	return toMetres(at.Distance(x.point())), ok
}

// Closest is the point of the polygons nearest to x: x itself inside.
func (p *Polygons) Closest(x Position) (Position, bool) {
	if !x.Valid() {
		return Position{}, false
	}
	if p.containsPoint(x.point()) {
		return position(x.point()), true
	}
	at, ok := closest(p.shapes(), x.point())
	return position(at), ok
}

// Area is the area in square metres of the union.
func (p *Polygons) Area() (float64, error) {
	u, err := p.union()
	if err != nil {
		return 0, err
	}
	return u.Area() * earthRadius * earthRadius, nil
}

// Perimeter is the length in metres of the boundary of the union.
func (p *Polygons) Perimeter() (float64, error) {
	u, err := p.union()
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, l := range u.Loops() {
		for i := range l.NumVertices() {
			sum += l.Vertex(i).Distance(l.Vertex(i + 1)).Radians()
		}
	}
	return sum * earthRadius, nil
}

// Centroid is the centre of mass of the union, brought up to the surface.
func (p *Polygons) Centroid() (Position, bool, error) {
	u, err := p.union()
	if err != nil {
		return Position{}, false, err
	}
	at, ok := surface(u.Centroid())
	return at, ok, nil
}

// rings writes a polygon as GeoJSON has it: per shell its ring and those of
// its holes, each closed.
func rings(p *s2.Polygon) [][][]Position {
	return ringsBy(p, func(l *s2.Loop) []Position {
		n := l.NumVertices()
		ring := make([]Position, n+1)
		for i := range n {
			ring[i] = position(l.OrientedVertex(i))
		}
		ring[n] = ring[0]
		return ring
	})
}

// ringsBy is rings with the ring of each loop made by a function.
func ringsBy(p *s2.Polygon, ringOf func(*s2.Loop) []Position) [][][]Position {
	var out [][][]Position
	type shell struct{ at, last int } // its polygon, its last descendant
	var shells []shell                // enclosing ones
	for k, l := range p.Loops() {
		ring := ringOf(l)
		for len(shells) > 0 && shells[len(shells)-1].last < k {
			shells = shells[:len(shells)-1]
		}
		if l.IsHole() && len(shells) > 0 {
			at := shells[len(shells)-1].at
			out[at] = append(out[at], ring)
			continue
		}
		shells = append(shells, shell{len(out), p.LastDescendant(k)})
		out = append(out, [][]Position{ring})
	}
	return out
}
