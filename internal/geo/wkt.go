package geo

import (
	"math"
	"strconv"
	"strings"
)

// maxWKTDepth bounds collections within collections.
const maxWKTDepth = 32

// FromWKT writes well-known text as GeoJSON. Text that is not well formed, has
// more than two coordinates, or names another kind of geometry has no GeoJSON
// here.
func FromWKT(dst []byte, text string) ([]byte, bool) {
	p := wkt{text: text}
	dst, ok := p.geometry(dst, 0)
	p.blanks()
	return dst, ok && p.at == len(p.text)
}

type wkt struct {
	text  string
	at    int
	count int
}

func (p *wkt) blanks() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// take consumes one character.
func (p *wkt) take(c byte) bool {
	p.blanks()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// word reads letters as capitals.
func (p *wkt) word() string {
	p.blanks()
	from := p.at
	for p.at < len(p.text) && (p.text[p.at]|0x20 >= 'a' && p.text[p.at]|0x20 <= 'z') {
		p.at++
	}
	return strings.ToUpper(p.text[from:p.at])
}

// wktKinds maps the words of well-known text to GeoJSON and the depth of the
// list of positions.
var wktKinds = map[string]struct {
	name  string
	depth int
}{
	"POINT": {"Point", 0}, "LINESTRING": {"LineString", 1}, "MULTIPOINT": {"MultiPoint", 1},
	"POLYGON": {"Polygon", 2}, "MULTILINESTRING": {"MultiLineString", 2}, "MULTIPOLYGON": {"MultiPolygon", 3},
}

func (p *wkt) geometry(dst []byte, depth int) ([]byte, bool) {
	word := p.word()
	if word == "GEOMETRYCOLLECTION" {
		return p.collection(dst, depth+1)
	}
	kind, ok := wktKinds[word]
	if !ok || !p.take('(') {
		return dst, false
	}
	dst = open(dst, kind.name)
	if kind.depth == 0 {
		dst, ok = p.position(dst)
		ok = ok && p.take(')')
	} else {
		dst, ok = p.list(dst, kind.depth, word == "MULTIPOINT")
	}
	return append(dst, '}'), ok
}

func (p *wkt) collection(dst []byte, depth int) ([]byte, bool) {
	if depth > maxWKTDepth || !p.take('(') {
		return dst, false
	}
	dst = append(dst, `{"type":"GeometryCollection","geometries":[`...)
	for i := 0; ; i++ {
		var ok bool
		if dst, ok = p.geometry(comma(dst, i), depth); !ok {
			return dst, false
		}
		if !p.take(',') {
			return append(dst, ']', '}'), p.take(')')
		}
	}
}

// list reads the rest of a bracketed list of positions nested depth deep. The
// points of a multipoint may each have brackets.
func (p *wkt) list(dst []byte, depth int, brackets bool) ([]byte, bool) {
	dst = append(dst, '[')
	for i := 0; ; i++ {
		dst = comma(dst, i)
		ok := true
		switch {
		case depth > 1:
			if ok = p.take('('); ok {
				dst, ok = p.list(dst, depth-1, false)
			}
		case brackets && p.take('('):
			dst, ok = p.position(dst)
			ok = ok && p.take(')')
		default:
			dst, ok = p.position(dst)
		}
		if !ok {
			return dst, false
		}
		if !p.take(',') {
			return append(dst, ']'), p.take(')')
		}
	}
}

func (p *wkt) position(dst []byte) ([]byte, bool) {
	x, ok := p.number()
	if !ok {
		return dst, false
	}
	y, ok := p.number()
	if p.count++; p.count > maxVertices {
		return dst, false
	}
	return appendPosition(dst, Position{x, y}), ok
}

func (p *wkt) number() (float64, bool) {
	p.blanks()
	from := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	f, err := strconv.ParseFloat(p.text[from:p.at], 64)
	return f, err == nil && !math.IsInf(f, 0)
}
