package geo

import (
	"math"
	"strconv"

	"github.com/uber/h3-go/v4"
)

// Documented limits: of levels between a cell and its children, of rings, and
// of the cells of a polygon.
const (
	maxH3Depth = 5
	maxH3Rings = 142
	maxH3Cells = 61680
)

// H3Cell is the token of the H3 cell of a resolution that holds a position.
func H3Cell(p Position, resolution int64) (string, bool) {
	if !p.Valid() || resolution < 0 || resolution > h3.MaxResolution {
		return "", false
	}
	cell, err := h3.LatLngToCell(h3.NewLatLng(p.Lat, p.Lng), int(resolution))
	return cell.String(), err == nil
}

func h3Cell(token string) (h3.Cell, bool) {
	id, err := strconv.ParseUint(token, 16, 64)
	cell := h3.Cell(id)
	return cell, err == nil && cell.IsValid()
}

// H3Level is the resolution of an H3 cell.
func H3Level(token string) (int64, bool) {
	cell, ok := h3Cell(token)
	if !ok {
		return 0, false
	}
	return int64(cell.Resolution()), true
}

// H3Center is the middle of an H3 cell.
func H3Center(token string) (Position, bool) {
	cell, ok := h3Cell(token)
	if !ok {
		return Position{}, false
	}
	ll, err := cell.LatLng()
	return Position{ll.Lng, ll.Lat}, err == nil
}

// H3Polygon are the corners of an H3 cell.
func H3Polygon(token string) ([][]Position, bool) {
	cell, ok := h3Cell(token)
	if !ok {
		return nil, false
	}
	corners, err := cell.Boundary()
	if err != nil || len(corners) == 0 {
		return nil, false
	}
	ring := make([]Position, 0, len(corners)+1)
	for _, c := range corners {
		ring = append(ring, Position{c.Lng, c.Lat})
	}
	return [][]Position{append(ring, ring[0])}, true
}

// H3Parent is the cell of a coarser resolution that holds a cell; a negative
// resolution asks for the next coarser.
func H3Parent(token string, resolution int64) (string, bool) {
	cell, ok := h3Cell(token)
	if !ok {
		return "", false
	}
	if resolution < 0 {
		resolution = int64(cell.Resolution()) - 1
	}
	if resolution < 0 || resolution > int64(cell.Resolution()) {
		return "", false
	}
	parent, err := cell.Parent(int(resolution))
	return parent.String(), err == nil
}

// H3Children are the cells of a finer resolution in a cell; a negative
// resolution asks for the next finer.
func H3Children(token string, resolution int64) ([]string, bool) {
	cell, ok := h3Cell(token)
	if !ok {
		return nil, false
	}
	own := int64(cell.Resolution())
	if resolution < 0 {
		resolution = own + 1
	}
	if resolution < own || resolution > h3.MaxResolution || resolution-own > maxH3Depth {
		return nil, false
	}
	children, err := cell.Children(int(resolution))
	return h3Tokens(children), err == nil
}

// H3Rings are the cells at each distance from a cell.
func H3Rings(token string, distance int64) ([][]string, bool) {
	cell, ok := h3Cell(token)
	if !ok || distance < 0 || distance > maxH3Rings {
		return nil, false
	}
	found, err := cell.GridDiskDistances(int(distance))
	if err != nil {
		return nil, false
	}
	rings := make([][]string, len(found))
	for i, ring := range found {
		rings[i] = h3Tokens(ring)
	}
	return rings, true
}

// H3Neighbors are the cells around a cell.
func H3Neighbors(token string) ([]string, bool) {
	rings, ok := H3Rings(token, 1)
	if !ok || len(rings) < 2 {
		return nil, false
	}
	return asSet(rings[1]), true
}

func h3Tokens(cells []h3.Cell) []string {
	var tokens []string
	for _, c := range cells {
		if c != 0 {
			tokens = append(tokens, c.String())
		}
	}
	return tokens
}

// H3Cells are the cells of a resolution whose centres lie in the polygons,
// or, with a radius, in the polygons grown by it. Edges are straight on a map.
// There is no answer when there are too many.
func (p *Polygons) H3Cells(read [][][]Position, resolution int64, radius float64) ([]string, bool, error) {
	if resolution < 0 || resolution > h3.MaxResolution || !(radius >= 0) {
		return nil, false, nil
	}
	if radius > 0 {
		grown, ok, err := p.grown(radius, max(DefaultTolerance, radius*minErrorFraction))
		if !ok || err != nil {
			return nil, false, err
		}
		read = rings(grown)
	}
	var tokens []string
	for _, polygon := range read {
		if ok, err := affordable(polygon[0], int(resolution)); !ok || err != nil {
			return nil, false, err
		}
		cells, err := h3.PolygonToCells(geoPolygon(polygon), int(resolution))
		if err != nil {
			return nil, false, nil
		}
		if tokens = append(tokens, h3Tokens(cells)...); len(tokens) > maxH3Cells {
			return nil, false, nil
		}
	}
	return asSet(tokens), true, nil
}

func geoPolygon(polygon [][]Position) h3.GeoPolygon {
	loops := make([]h3.GeoLoop, len(polygon))
	for i, ring := range polygon {
		for _, p := range ring[:len(ring)-1] {
			loops[i] = append(loops[i], h3.NewLatLng(p.Lat, p.Lng))
		}
	}
	return h3.GeoPolygon{GeoLoop: loops[0], Holes: loops[1:]}
}

// affordable keeps the library from a search that cannot succeed, or that
// takes more memory than the cells are worth: it searches the polygon's
// bounding box.
func affordable(shell []Position, resolution int) (bool, error) {
	cell, err := h3.HexagonAreaAvgM2(resolution)
	if err != nil {
		return false, nil
	}
	w, e, s, n := 180.0, -180.0, 90.0, -90.0
	for _, p := range shell {
		w, e, s, n = min(w, p.Lng), max(e, p.Lng), min(s, p.Lat), max(n, p.Lat)
	}
	width := (e - w) * math.Pi / 180
	if e-w > 180 {
		width = 2 * math.Pi
	}
	height := math.Sin(n*math.Pi/180) - math.Sin(s*math.Pi/180)
	if width*height*earthRadius*earthRadius <= 64*maxH3Cells*cell {
		return true, nil
	}
	loop, ok := newPolygon([][]Position{shell})
	if ok && loop.Area()*earthRadius*earthRadius > 3*maxH3Cells*cell {
		return false, nil
	}
	return false, ErrTooLarge
}
