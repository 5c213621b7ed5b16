package geo

import (
	"strconv"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// ReadLines reads a LineString or a MultiLineString in canonical JSON as lists
// of positions. It checks the form only: what coordinates may be depends on
// the function.
func ReadLines(text string) (lines [][]Position, ok bool) {
	kind, coordinates := member(text)
	r := reader{left: maxVertices}
	switch kind {
	case "LineString":
		line, ok := r.positions(coordinates)
		return [][]Position{line}, ok
	case "MultiLineString":
		return r.rings(coordinates)
	}
	return nil, false
}

// ReadPolygons reads a Polygon or a MultiPolygon as lists of rings, shell
// first, each closed by its first position.
func ReadPolygons(text string) (polygons [][][]Position, ok bool) {
	kind, coordinates := member(text)
	r := reader{left: maxVertices}
	switch kind {
	case "Polygon":
		rings, ok := r.rings(coordinates)
		return [][][]Position{rings}, ok
	case "MultiPolygon":
		for item := range dynamic.Items(coordinates) {
			rings, ok := r.rings(item)
			if !ok {
				return nil, false
			}
			polygons = append(polygons, rings)
		}
		return polygons, len(polygons) > 0
	}
	return nil, false
}

// member takes the two members of a geometry that matter.
func member(text string) (kind, coordinates string) {
	quoted, ok := dynamic.Get(text, "type")
	if !ok || dynamic.KindOf(quoted) != dynamic.String {
		return "", ""
	}
	coordinates, ok = dynamic.Get(text, "coordinates")
	if !ok {
		return "", ""
	}
	return dynamic.Unquote(quoted), coordinates
}

// reader counts the positions it may still read.
type reader struct{ left int }

func (r *reader) rings(text string) (rings [][]Position, ok bool) {
	for item := range dynamic.Items(text) {
		ring, ok := r.positions(item)
		if !ok {
			return nil, false
		}
		rings = append(rings, ring)
	}
	return rings, len(rings) > 0
}

func (r *reader) positions(text string) (line []Position, ok bool) {
	for item := range dynamic.Items(text) {
		p, ok := onePosition(item)
		if r.left--; !ok || r.left < 0 {
			return nil, false
		}
		line = append(line, p)
	}
	return line, len(line) > 0
}

// onePosition reads [longitude, latitude]; a further number, the altitude, is
// ignored, as RFC 7946 lets a reader do.
func onePosition(text string) (p Position, ok bool) {
	n := 0
	for item := range dynamic.Items(text) {
		k := dynamic.KindOf(item)
		if k != dynamic.Long && k != dynamic.Real {
			return Position{}, false
		}
		f, err := strconv.ParseFloat(item, 64)
		if err != nil {
			return Position{}, false
		}
		switch n++; n {
		case 1:
			p.Lng = f
		case 2:
			p.Lat = f
		}
	}
	return p, n == 2 || n == 3
}

// AppendPoint appends a Point.
func AppendPoint(dst []byte, p Position) []byte {
	return append(appendPosition(open(dst, "Point"), p), '}')
}

// AppendLine appends a LineString.
func AppendLine(dst []byte, line []Position) []byte {
	return append(appendPositions(open(dst, "LineString"), line), '}')
}

// AppendLines appends a LineString or, of several lines, a MultiLineString.
func AppendLines(dst []byte, lines [][]Position) []byte {
	if len(lines) == 1 {
		return AppendLine(dst, lines[0])
	}
	return append(appendRings(open(dst, "MultiLineString"), lines), '}')
}

// AppendPolygons appends a Polygon or, of several, a MultiPolygon.
func AppendPolygons(dst []byte, polygons [][][]Position) []byte {
	if len(polygons) == 1 {
		return append(appendRings(open(dst, "Polygon"), polygons[0]), '}')
	}
	dst = append(open(dst, "MultiPolygon"), '[')
	for i, rings := range polygons {
		dst = appendRings(comma(dst, i), rings)
	}
	return append(dst, ']', '}')
}

// AppendPoints appends a Point or, of several, a MultiPoint.
func AppendPoints(dst []byte, points []Position) []byte {
	if len(points) == 1 {
		return AppendPoint(dst, points[0])
	}
	return append(appendPositions(open(dst, "MultiPoint"), points), '}')
}

// AppendCollection appends a GeometryCollection of geometries written before.
func AppendCollection(dst []byte, geometries [][]byte) []byte {
	dst = append(dst, `{"type":"GeometryCollection","geometries":[`...)
	for i, g := range geometries {
		dst = append(comma(dst, i), g...)
	}
	return append(dst, ']', '}')
}

func open(dst []byte, kind string) []byte {
	return append(append(append(dst, `{"type":"`...), kind...), `","coordinates":`...)
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

func appendRings(dst []byte, rings [][]Position) []byte {
	dst = append(dst, '[')
	for i, ring := range rings {
		dst = appendPositions(comma(dst, i), ring)
	}
	return append(dst, ']')
}

func appendPositions(dst []byte, line []Position) []byte {
	dst = append(dst, '[')
	for i, p := range line {
		dst = appendPosition(comma(dst, i), p)
	}
	return append(dst, ']')
}

func appendPosition(dst []byte, p Position) []byte {
	dst = dynamic.AppendReal(append(dst, '['), p.Lng)
	return append(dynamic.AppendReal(append(dst, ','), p.Lat), ']')
}
