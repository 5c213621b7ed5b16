package geo

import (
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// A buffer is the region within a distance of some geometry. Its boundary is
// found by walking round the geometry with an arm of the buffer's radius,
// held to the right: the end of the arm draws closed curves (arcs round
// convex corners and ends, offset arcs along edges; at a concave corner the
// curve passes through the corner itself), and the buffer is where these
// curves wind about a positive number of times. Where the vertices of arcs
// lie follows the S2 library's buffering, which made the recorded answers.
type buffer struct {
	radius     s1.ChordAngle
	vertexStep s1.ChordAngle // along arcs round a vertex
	pointStep  s1.ChordAngle // along a full circle
	edgeStep   s1.ChordAngle // along edges; 0: edges add nothing

	segments []segment
	winding  int32 // at the library's origin, of the curves so far

	curve       []s2.Point
	hand, elbow s2.Point // start of the arm, on the geometry
	tip, first  s2.Point // end of the arm, on the curve
	started     bool     // elbow is set
	drawn       bool     // first is set
	full        bool     // the curves have as many vertices as they may
}

// Errors that come with placing points, in radians, and the relative error
// below which a buffer is not made finer.
const (
	pointError       = 10 * 1.1102230246251565e-16
	minErrorFraction = 1e-6
)

// newBuffer makes a buffer of a radius in metres. The boundary may be nearer
// than the radius by the tolerance.
func newBuffer(radius, tolerance float64) (*buffer, bool) {
	if !(radius > 0) || !(tolerance > 0) || math.IsInf(radius, 0) || tolerance < minErrorFraction*radius {
		return nil, false
	}
	r := fromMetres(radius)
	slack := s1.Angle(min(tolerance/radius, 1)) * r
	if r <= pointError || r+slack+pointError >= math.Pi {
		return nil, false // too small to see, or all of the Earth
	}
	b := &buffer{radius: s1.ChordAngleFromAngle(r)}
	step := span(r, slack)
	b.vertexStep = s1.ChordAngleFromAngle(step)
	b.pointStep = s1.ChordAngleFromAngle(s1.Angle(2*math.Pi/math.Ceil(2*math.Pi/step.Radians()) + 1e-15))
	if rest := math.Pi/2 - r; rest > pointError+slack {
		b.edgeStep = s1.ChordAngleFromAngle(span(rest, slack))
	}
	return b, true
}

// span is the longest edge by which an arc of some radius may be replaced, as
// an angle about the arc's centre.
func span(radius, slack s1.Angle) s1.Angle {
	step := s1.Angle(2*math.Pi/3 + 1e-15)
	least := radius - slack
	switch {
	case radius < math.Pi/2:
		step = min(step, s1.Angle(2*math.Acos(math.Tan(least.Radians())/math.Tan(radius.Radians()))))
	case least > math.Pi/2:
		step = min(step, s1.Angle(2*math.Acos(math.Tan(radius.Radians())/math.Tan(least.Radians()))))
	}
	return step
}

// ray is the point at a distance from a point in a direction, both given as
// perpendicular unit vectors.
func ray(origin, dir s2.Point, r s1.ChordAngle) s2.Point {
	return s2.Point{Vector: origin.Mul(r.Cos()).Add(dir.Mul(r.Sin())).Normalize()}
}

func cross(a, b s2.Point) s2.Point { return s2.Point{Vector: a.Cross(b.Vector).Normalize()} }

// right is the direction perpendicular to an edge, on its right.
func right(a, b s2.Point) s2.Point { return s2.Point{Vector: b.PointCross(a).Normalize()} }

func (b *buffer) moveHand(to s2.Point) {
	if b.started {
		b.swept(b.hand, b.tip, to)
	} else {
		b.elbow, b.started = to, true
	}
	b.hand = to
}

func (b *buffer) moveTip(to s2.Point) {
	if len(b.segments)+len(b.curve) >= maxEdges {
		b.full = true
		return
	}
	b.curve = append(b.curve, to)
	if b.drawn {
		b.swept(b.hand, b.tip, to)
	} else {
		b.first, b.drawn = to, true
	}
	b.tip = to
}

// close brings the arm back to its start and takes the curve.
func (b *buffer) close() {
	if b.full {
		return
	}
	b.swept(b.hand, b.tip, b.elbow)
	b.swept(b.elbow, b.tip, b.first)
	b.segments = ring(b.segments, 0, b.curve)
	b.curve, b.started, b.drawn = nil, false, false
}

// swept counts the triangle the arm has just passed over if it holds the
// origin: that is how often the curves wind about it.
func (b *buffer) swept(p, q, r s2.Point) {
	sign := s2.RobustSign(p, q, r)
	if sign == s2.Indeterminate {
		return
	}
	inside := s2.AngleContainsVertex(p, q, r) == (sign == s2.CounterClockwise)
	crosser := s2.NewEdgeCrosser(q, s2.OriginPoint())
	for _, e := range [3][2]s2.Point{{p, q}, {q, r}, {r, p}} {
		if crosser.EdgeOrVertexCrossing(e[0], e[1]) {
			inside = !inside
		}
	}
	if inside {
		b.winding += int32(sign)
	}
}

// point adds a full circle, in four quarters since a chord angle ends at π.
func (b *buffer) point(p s2.Point) {
	b.moveHand(p)
	start := s2.Ortho(p)
	angle := s1.ChordAngle(0)
	for range 4 {
		turn := cross(p, start)
		for ; angle < s1.RightChordAngle; angle = angle.Add(b.pointStep) {
			b.moveTip(ray(p, ray(start, turn, angle), b.radius))
		}
		angle = angle.Sub(s1.RightChordAngle)
		start = turn
	}
	b.close()
}

// arc turns the arm about v counterclockwise from one direction to another,
// the last excluded.
func (b *buffer) arc(v, from, to s2.Point) {
	turn := cross(v, from)
	end := s2.ChordAngleBetweenPoints(from, to)
	for angle := s1.ChordAngle(0); ; {
		b.moveTip(ray(v, ray(from, turn, angle), b.radius))
		if angle = angle.Add(b.vertexStep); angle >= end {
			return
		}
	}
}

// edge moves the arm along an edge, the last position excluded.
func (b *buffer) edge(p, q s2.Point) {
	axis := right(p, q)
	if b.edgeStep == 0 {
		b.moveTip(axis)
	} else {
		along := cross(p, axis)
		end := s2.ChordAngleBetweenPoints(p, q)
		for angle := s1.ChordAngle(0); ; {
			b.moveTip(ray(ray(p, along, angle), axis, b.radius))
			if angle = angle.Add(b.edgeStep); angle >= end {
				break
			}
		}
	}
	b.moveHand(q)
}

// corner moves the arm along pq and turns it at q towards r.
func (b *buffer) corner(p, q, r s2.Point) {
	if b.full {
		return
	}
	b.edge(p, q)
	if p == r || s2.RobustSign(p, q, r) != s2.Clockwise {
		to := right(q, r)
		b.arc(q, right(p, q), to)
		if b.edgeStep == 0 {
			b.moveTip(ray(q, to, b.radius))
		}
		return
	}
	if b.edgeStep != 0 {
		b.moveTip(ray(q, right(p, q), b.radius))
	}
	b.moveTip(q)
}

// loop adds a closed chain that has the buffered region on its left.
func (b *buffer) loop(points []s2.Point) {
	n := len(points)
	b.moveHand(points[0])
	for i := range points {
		b.corner(points[i], points[(i+1)%n], points[(i+2)%n])
	}
	b.close()
}

// line adds both sides of a line, with round ends.
func (b *buffer) line(points []s2.Point) {
	n := len(points)
	b.moveHand(points[0])
	axis := right(points[0], points[1])
	b.arc(points[0], antipode(axis), axis)
	for i := range n - 2 {
		b.corner(points[i], points[i+1], points[i+2])
	}
	b.edge(points[n-2], points[n-1])
	axis = right(points[n-2], points[n-1])
	b.arc(points[n-1], axis, antipode(axis))
	for i := n - 3; i >= 0; i-- {
		b.corner(points[i+2], points[i+1], points[i])
	}
	b.edge(points[1], points[0])
	b.close()
}

// polygon adds a polygon with its inside.
func (b *buffer) polygon(p *s2.Polygon) {
	for _, l := range p.Loops() {
		points := make([]s2.Point, l.NumVertices())
		for i := range points {
			points[i] = l.OrientedVertex(i)
		}
		b.loop(points)
	}
	if p.ReferencePoint().Contained {
		b.winding++
	}
}

// region is where the curves wind a positive number of times; ok is false
// when it is all of the Earth or nothing.
func (b *buffer) region() (*s2.Polygon, bool, error) {
	if b.full {
		return nil, false, ErrTooLarge
	}
	o, err := newOverlay(b.segments, [2]int32{b.winding})
	if err != nil {
		return nil, false, err
	}
	p, err := o.boundary(func(w, _ int32) bool { return w > 0 })
	if err != nil || p.NumLoops() == 0 {
		return nil, false, err
	}
	return p, true, nil
}

// PointBuffer is the polygon around a point.
func PointBuffer(p Position, radius, tolerance float64) ([][][]Position, bool, error) {
	b, ok := newBuffer(radius, tolerance)
	if !ok || !p.Valid() {
		return nil, false, nil
	}
	b.point(p.point())
	return b.polygons()
}

// Buffer is the polygon or multipolygon around lines.
func (l *Lines) Buffer(radius, tolerance float64) ([][][]Position, bool, error) {
	b, ok := newBuffer(radius, tolerance)
	if !ok {
		return nil, false, nil
	}
	for _, part := range l.parts {
		b.line(part)
	}
	return b.polygons()
}

// Buffer is the polygon or multipolygon around and with polygons.
func (p *Polygons) Buffer(radius, tolerance float64) ([][][]Position, bool, error) {
	u, ok, err := p.grown(radius, tolerance)
	if !ok || err != nil {
		return nil, false, err
	}
	return rings(u), true, nil
}

// grown are the polygons with all that is within a radius.
func (p *Polygons) grown(radius, tolerance float64) (*s2.Polygon, bool, error) {
	b, ok := newBuffer(radius, tolerance)
	if !ok {
		return nil, false, nil
	}
	for _, part := range p.parts {
		b.polygon(part)
	}
	return b.region()
}

func (b *buffer) polygons() ([][][]Position, bool, error) {
	p, ok, err := b.region()
	if !ok || err != nil {
		return nil, false, err
	}
	return rings(p), true, nil
}
