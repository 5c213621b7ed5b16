package geo

import (
	"errors"
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// DefaultTolerance is the tolerance in metres of the functions that have one.
const DefaultTolerance = 10.0

// maxDensified bounds the points of a densified shape.
const maxDensified = 1 << 20

var errAntimeridian = errors.New("polygons across the antimeridian are not densified; cut them at 180 degrees first")

// ValidDensifyTolerance reports a documented tolerance of densifying.
func ValidDensifyTolerance(metres float64) bool { return metres >= 0.1 && metres <= 10000 }

// DensifyLines adds points to lines whose edges are straight on a map of
// longitude and latitude, until geodesics between them stay within the
// tolerance in metres.
//
// As recorded, longitudes may exceed 180 degrees and edges do not take the
// short way round: from 300 to 1 a line passes 299 degrees. What crosses the
// antimeridian is cut there unless keepCrossing is set.
func DensifyLines(read [][]Position, tolerance float64, keepCrossing bool) ([][]Position, bool, error) {
	if !ValidDensifyTolerance(tolerance) {
		return nil, false, nil
	}
	var out [][]Position
	left := maxDensified
	for _, line := range read {
		if len(line) < 2 {
			return nil, false, nil
		}
		at := make([]s2.Point, len(line))
		for i, p := range line {
			at[i] = p.point()
			if !(math.Abs(p.Lng) <= 360) || !(math.Abs(p.Lat) <= 90) {
				return nil, false, nil
			}
		}
		points, err := densify(line, at, tolerance, &left)
		if err != nil {
			return nil, false, err
		}
		if keepCrossing {
			out = append(out, positions(points))
		} else {
			out = append(out, cutAtAntimeridian(points)...)
		}
	}
	return out, true, nil
}

// Densify is the same for polygons.
func (p *Polygons) Densify(tolerance float64) ([][][]Position, bool, error) {
	if !ValidDensifyTolerance(tolerance) {
		return nil, false, nil
	}
	left := maxDensified
	var out [][][]Position
	for _, part := range p.parts {
		dense, err := densifyPolygon(part, tolerance, &left)
		if err != nil {
			return nil, false, err
		}
		out = append(out, dense...)
	}
	return out, true, nil
}

func densifyPolygon(p *s2.Polygon, tolerance float64, left *int) ([][][]Position, error) {
	var failed error
	out := ringsBy(p, func(l *s2.Loop) []Position {
		at := make([]s2.Point, l.NumVertices()+1)
		for i := range at {
			at[i] = l.OrientedVertex(i % l.NumVertices())
		}
		ring := positions(at)
		for k := 1; k < len(ring); k++ {
			if math.Abs(ring[k].Lng-ring[k-1].Lng) > 180 {
				failed = errAntimeridian
				return ring
			}
		}
		points, err := densify(ring, at, tolerance, left)
		if err != nil {
			failed = err
			return ring
		}
		return positions(points)
	})
	return out, failed
}

// tessellator replaces edges that are straight on the map by geodesics.
type tessellator struct {
	limit s1.ChordAngle
	out   []s2.Point
	left  *int // points it may still add
}

// The error of a geodesic is measured at two places of an edge, and may be
// this part of the tolerance there: where it is larger between them the factor
// makes up for it, as in the S2 library, which documents why.
const (
	measured  = 0.31215691082248312
	allowance = 0.83829992569888509
)

// densify takes the vertices as positions and as the points they are.
func densify(line []Position, at []s2.Point, tolerance float64, left *int) ([]s2.Point, error) {
	t := tessellator{limit: s1.ChordAngleFromAngle(fromMetres(tolerance) * allowance), left: left}
	t.out = append(t.out, at[0])
	for i := 1; i < len(line); i++ {
		t.edge(line[i-1], line[i], at[i-1], at[i])
	}
	if *left < 0 {
		return nil, ErrTooLarge
	}
	return t.out, nil
}

// edge adds the points of an edge but for the first.
func (t *tessellator) edge(p, q Position, a, b s2.Point) {
	if *t.left < 0 || t.near(p, q, a, b) {
		*t.left--
		t.out = append(t.out, b)
		return
	}
	m := between(0.5, p, q)
	middle := m.point()
	t.edge(p, m, a, middle)
	t.edge(m, q, middle, b)
}

func between(f float64, p, q Position) Position {
	return Position{(1-f)*p.Lng + f*q.Lng, (1-f)*p.Lat + f*q.Lat}
}

// near reports a geodesic within the limit of the straight edge. Those of
// more than a quarter turn are too long to tell.
func (t *tessellator) near(p, q Position, a, b s2.Point) bool {
	if a.Dot(b.Vector) < -1e-14 {
		return false
	}
	for _, f := range [2]float64{measured, 1 - measured} {
		if s2.ChordAngleBetweenPoints(s2.Interpolate(f, a, b), between(f, p, q).point()) > t.limit {
			return false
		}
	}
	return true
}

// nearAntimeridian is where lines are cut: just short of 180 degrees.
const nearAntimeridian = 179.999999999999

// cutAtAntimeridian splits a geodesic line where it crosses 180 degrees.
func cutAtAntimeridian(points []s2.Point) [][]Position {
	at := positions(points)
	line := at[:1:1]
	var out [][]Position
	for i := 1; i < len(at); i++ {
		if math.Abs(at[i].Lng-at[i-1].Lng) > 180 {
			n := points[i-1].Cross(points[i].Vector)
			lat := math.Atan2(n.X, n.Z) * 180 / math.Pi
			if math.Abs(lat) > 90 {
				lat = math.Atan2(-n.X, -n.Z) * 180 / math.Pi
			}
			side := math.Copysign(nearAntimeridian, at[i-1].Lng)
			out = append(out, append(line, Position{side, lat}))
			line = []Position{{-side, lat}}
		}
		line = append(line, at[i])
	}
	return append(out, line)
}
