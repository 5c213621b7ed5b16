package geo

import (
	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// Lines is a valid line or multiline: each part has at least two vertices, no
// two neighbours of which are equal or antipodal.
type Lines struct {
	parts [][]s2.Point
	index *s2.ShapeIndex // built when first asked
}

// NewLines makes lines of what ReadLines read.
func NewLines(read [][]Position) (*Lines, bool) {
	l := &Lines{}
	for _, positions := range read {
		part := make([]s2.Point, len(positions))
		for i, p := range positions {
			if !p.Valid() {
				return nil, false
			}
			part[i] = p.point()
			if i > 0 && (part[i] == part[i-1] || part[i] == antipode(part[i-1])) {
				return nil, false
			}
		}
		if len(part) < 2 {
			return nil, false
		}
		l.parts = append(l.parts, part)
	}
	return l, len(l.parts) > 0
}

func antipode(p s2.Point) s2.Point { return s2.Point{Vector: p.Mul(-1)} }

// Single reports a line without further parts.
func (l *Lines) Single() bool { return len(l.parts) == 1 }

func (l *Lines) shapes() *s2.ShapeIndex {
	if l.index == nil {
		l.index = s2.NewShapeIndex()
		for _, part := range l.parts {
			l.index.Add(s2.LaxPolylineFromPoints(part))
		}
	}
	return l.index
}

// united are the edges of the lines, for a multiline those of the union: what
// its lines share, in either direction, counts once.
func (l *Lines) united() ([][]s2.Point, error) {
	if l.Single() {
		return l.parts, nil
	}
	o, err := lineOverlay(l.parts)
	if err != nil {
		return nil, err
	}
	edges := make([][]s2.Point, len(o.pieces))
	for k, p := range o.pieces {
		edges[k] = []s2.Point{o.points[p.a], o.points[p.b]}
	}
	return edges, nil
}

// Length is the length in metres of the union of the lines.
func (l *Lines) Length() (float64, error) {
	parts, err := l.united()
	if err != nil {
		return 0, err
	}
	sum := s1.Angle(0)
	for _, part := range parts {
		sum += pathLength(part)
	}
	return toMetres(sum), nil
}

func pathLength(path []s2.Point) s1.Angle {
	sum := s1.Angle(0)
	for i := 1; i < len(path); i++ {
		sum += path[i-1].Distance(path[i])
	}
	return sum
}

// Centroid is the centre of mass of the union of the lines, brought up to the
// surface.
func (l *Lines) Centroid() (Position, bool, error) {
	parts, err := l.united()
	if err != nil {
		return Position{}, false, err
	}
	var sum s2.Point
	for _, part := range parts {
		for i := 1; i < len(part); i++ {
			sum = s2.Point{Vector: sum.Add(s2.EdgeTrueCentroid(part[i-1], part[i]).Vector)}
		}
	}
	p, ok := surface(sum)
	return p, ok, nil
}

// surface projects a centroid out of the sphere's inside; a centroid at the
// middle of the Earth has no place on it.
func surface(p s2.Point) (Position, bool) {
	if p.Norm() < 1e-15 {
		return Position{}, false
	}
	return position(s2.Point{Vector: p.Normalize()}), true
}

// Closest is the point of the lines nearest to p, and its distance in metres.
func (l *Lines) Closest(p Position) (Position, float64, bool) {
	if !p.Valid() {
		return Position{}, 0, false
	}
	at, ok := closest(l.shapes(), p.point())
	return position(at), toMetres(at.Distance(p.point())), ok
}

// closest finds the point nearest to x on the edges of an index.
func closest(index *s2.ShapeIndex, x s2.Point) (s2.Point, bool) {
	query := s2.NewClosestEdgeQuery(index, s2.NewClosestEdgeQueryOptions().MaxResults(1).IncludeInteriors(false))
	found := query.FindEdges(s2.NewMinDistanceToPointTarget(x))
	if len(found) == 0 {
		return s2.Point{}, false
	}
	e := index.Shape(found[0].ShapeID()).Edge(int(found[0].EdgeID()))
	return s2.Project(x, e.V0, e.V1), true
}

// Interpolate is the point at a fraction of a single line's length.
func (l *Lines) Interpolate(fraction float64) (Position, bool) {
	if !l.Single() || !(fraction >= 0 && fraction <= 1) {
		return Position{}, false
	}
	line := s2.Polyline(l.parts[0])
	at, _ := line.Interpolate(fraction)
	return position(at), true
}

// Locate is the fraction of a single line's length at which the point of the
// line nearest to p lies.
func (l *Lines) Locate(p Position) (float64, bool) {
	if !l.Single() || !p.Valid() {
		return 0, false
	}
	line := s2.Polyline(l.parts[0])
	at, next := line.Project(p.point())
	return line.Uninterpolate(at, next), true
}

// Positions are the vertices as written in GeoJSON.
func positions(path []s2.Point) []Position {
	out := make([]Position, len(path))
	for i, p := range path {
		out[i] = position(p)
	}
	return out
}

func allPositions(paths [][]s2.Point) [][]Position {
	out := make([][]Position, len(paths))
	for i, path := range paths {
		out[i] = positions(path)
	}
	return out
}
