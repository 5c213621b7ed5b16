package geo

import (
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// maxS2Cells is the documented limit of a covering.
const maxS2Cells = 65536

// S2Cell is the token of the S2 cell of a level that holds a position.
func S2Cell(p Position, level int64) (string, bool) {
	if !p.Valid() || level < 0 || level > s2.MaxLevel {
		return "", false
	}
	return s2.CellIDFromLatLng(p.latLng()).Parent(int(level)).ToToken(), true
}

func s2Cell(token string) (s2.CellID, bool) {
	if token == "" || len(token) > 16 {
		return 0, false
	}
	id := s2.CellIDFromToken(token)
	return id, id.IsValid()
}

// S2Center is the middle of an S2 cell.
func S2Center(token string) (Position, bool) {
	id, ok := s2Cell(token)
	if !ok {
		return Position{}, false
	}
	ll := id.LatLng()
	return Position{ll.Lng.Degrees(), ll.Lat.Degrees()}, true
}

// S2Polygon are the corners of an S2 cell.
func S2Polygon(token string) ([][]Position, bool) {
	id, ok := s2Cell(token)
	if !ok {
		return nil, false
	}
	cell := s2.CellFromCellID(id)
	ring := make([]Position, 5)
	for i := range ring {
		ring[i] = position(cell.Vertex(i % 4))
	}
	return [][]Position{ring}, true
}

// S2Neighbors are the S2 cells of its level around a cell.
func S2Neighbors(token string) ([]string, bool) {
	id, ok := s2Cell(token)
	if !ok {
		return nil, false
	}
	var around []string
	for _, n := range id.AllNeighbors(id.Level()) {
		if n != id {
			around = append(around, n.ToToken())
		}
	}
	return asSet(around), true
}

// covering is what a covering needs to know of a shape.
type covering struct {
	index  *s2.ShapeIndex
	radius s1.ChordAngle
	area   float64 // lower bounds, to refuse a hopeless covering at once
	length s1.Angle
}

// S2Cells are the S2 cells of a level that touch the lines, or are within a
// radius of them. There is no answer when there are too many.
func (l *Lines) S2Cells(level int64, radius float64) ([]string, bool) {
	c := covering{index: l.shapes()}
	for _, part := range l.parts {
		c.length = max(c.length, pathSpread(part))
	}
	return c.cells(level, radius)
}

// S2Cells are the S2 cells of a level that touch the polygons, or are within
// a radius of them.
func (p *Polygons) S2Cells(level int64, radius float64) ([]string, bool) {
	c := covering{index: p.shapes()}
	for _, part := range p.parts {
		c.area = max(c.area, part.Area())
		for _, l := range part.Loops() {
			c.length = max(c.length, pathSpread(l.Vertices()))
		}
	}
	return c.cells(level, radius)
}

// pathSpread is the longest edge of a path: cells that cover it lie side by
// side.
func pathSpread(points []s2.Point) s1.Angle {
	longest := s1.Angle(0)
	for i := 1; i < len(points); i++ {
		longest = max(longest, points[i-1].Distance(points[i]))
	}
	return longest
}

func (c *covering) cells(level int64, radius float64) ([]string, bool) {
	if level < 0 || level > s2.MaxLevel || !(radius >= 0) || math.IsInf(radius, 0) {
		return nil, false
	}
	r := min(fromMetres(radius), math.Pi)
	c.radius = s1.ChordAngleFromAngle(r)
	circle := 2 * math.Pi * (1 - math.Cos(r.Radians()))
	if max(c.area, circle) > maxS2Cells*s2.MaxAreaMetric.Value(int(level)) ||
		c.length.Radians() > maxS2Cells*s2.MaxDiagMetric.Value(int(level)) {
		return nil, false
	}
	found, ok := c.within(nil, int(level))
	if !ok {
		return nil, false
	}
	tokens := make([]string, len(found))
	for i, id := range found {
		tokens[i] = id.ToToken()
	}
	return asSet(tokens), true
}

// within descends from the six faces to the cells of the level that touch the
// region, and gives up beyond the limit.
func (c *covering) within(found []s2.CellID, level int) ([]s2.CellID, bool) {
	var todo []s2.CellID
	for face := 5; face >= 0; face-- {
		todo = append(todo, s2.CellIDFromFace(face))
	}
	query := s2.NewClosestEdgeQuery(c.index, s2.NewClosestEdgeQueryOptions().MaxResults(1).IncludeInteriors(true))
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		cell := s2.CellFromCellID(id)
		if !query.IsConservativeDistanceLessOrEqual(s2.NewMinDistanceToCellTarget(cell), c.radius) {
			continue
		}
		if id.Level() < level {
			children := id.Children()
			for k := 3; k >= 0; k-- {
				todo = append(todo, children[k])
			}
			continue
		}
		if found = append(found, id); len(found) > maxS2Cells {
			return nil, false
		}
	}
	return found, true
}
