package fn

import (
	"errors"

	"github.com/harrier-hunting/harrier/internal/geo"
)

// geoLineRows work on a LineString or MultiLineString. A line that is not
// valid (one vertex, two equal neighbours, coordinates not on Earth) gives
// null.
var geoLineRows = []Spec{
	{
		Name: "geo_line_length", Ref: "geo-line-length-function", Doc: "The length in metres; what several lines share counts once.",
		Sigs: []Sig{{Decl: "(lineString: bag): real"}},
		Eval: lineReals(0, func(r geoRow, l *geo.Lines) (float64, bool) {
			n, err := l.Length()
			return n, !r.failed(err)
		}),
		Examples: []Example{{`round(geo_line_length(dynamic({"type":"LineString","coordinates":[[0,0],[1,0]]})), 3)`, `111195.101`}, {`isnull(geo_line_length(dynamic({"type":"LineString","coordinates":[[1,1]]})))`, `true`}},
	},
	{
		Name: "geo_line_centroid", Ref: "geo-line-centroid-function", Doc: "The middle of a line.",
		Sigs: []Sig{{Decl: "(lineString: bag): dynamic"}},
		Eval: lineShapes(0, func(r geoRow, dst []byte, l *geo.Lines) ([]byte, bool) {
			p, ok, err := l.Centroid()
			return point(dst, p, !r.failed(err) && ok)
		}),
		Examples: []Example{{`round(toreal(geo_line_centroid(dynamic({"type":"LineString","coordinates":[[0,0],[1,0]]})).coordinates[0]), 9)`, `0.5`}},
	},
	{
		Name: "geo_line_interpolate_point", Ref: "geo-line-interpolate-point-function", Doc: "The point at a fraction of a single line's length.",
		Sigs: []Sig{{Decl: "(lineString: bag, fraction: number): dynamic"}},
		Eval: lineShapes(0, func(r geoRow, dst []byte, l *geo.Lines) ([]byte, bool) {
			fraction, ok := r.geoNumber(1, r.i)
			if !ok {
				return dst, false
			}
			p, ok := l.Interpolate(fraction)
			return point(dst, p, ok)
		}),
		Examples: []Example{{`round(toreal(geo_line_interpolate_point(dynamic({"type":"LineString","coordinates":[[0,0],[1,0]]}), 0.25).coordinates[0]), 9)`, `0.25`}},
	},
	{
		Name: "geo_line_locate_point", Ref: "geo-line-locate-point-function", Doc: "The fraction of a single line's length at which it is nearest to a point; not on the spheroid.",
		Sigs:     []Sig{{Decl: "(lineString: bag, longitude: number, latitude: number, use_spheroid?: numberbool): real"}},
		Eval:     lineReals(0, locate),
		Examples: []Example{{`round(geo_line_locate_point(dynamic({"type":"LineString","coordinates":[[-73.95796,40.80042],[-73.97317,40.764486]]}), -73.965, 40.792), 9)`, `0.255601351`}},
	},
	{
		Name: "geo_distance_point_to_line", Ref: "geo-distance-point-to-line-function", Doc: "The distance in metres from a point to a line.",
		Sigs: []Sig{{Decl: "(longitude: number, latitude: number, lineString: bag): real"}},
		Eval: lineReals(2, func(r geoRow, l *geo.Lines) (float64, bool) {
			p, ok := r.geoPosition(0, r.i)
			if !ok {
				return 0, false
			}
			_, d, ok := l.Closest(p)
			return d, ok
		}),
		Examples: []Example{{`round(geo_distance_point_to_line(0, 1, dynamic({"type":"LineString","coordinates":[[-1,0],[1,0]]})), 3)`, `111195.101`}},
	},
	{
		Name: "geo_closest_point_on_line", Ref: "geo-closest-point-on-line-function", Doc: "The point of a line nearest to a point.",
		Sigs: []Sig{{Decl: "(longitude: number, latitude: number, lineString: bag): dynamic"}},
		Eval: lineShapes(2, func(r geoRow, dst []byte, l *geo.Lines) ([]byte, bool) {
			p, ok := r.geoPosition(0, r.i)
			if !ok {
				return dst, false
			}
			at, _, ok := l.Closest(p)
			return point(dst, at, ok)
		}),
		Examples: []Example{{`geo_closest_point_on_line(2, 1, dynamic({"type":"LineString","coordinates":[[-1,0],[1,0]]}))`, `dynamic({"type":"Point","coordinates":[1.0,0.0]})`}},
	},
	{
		Name: "geo_line_buffer", Ref: "geo-line-buffer-function", Doc: "The polygon or multipolygon around a line, with round ends.",
		Sigs: []Sig{{Decl: "(lineString: bag, radius: number, tolerance?: number): dynamic"}},
		Eval: lineShapes(0, func(r geoRow, dst []byte, l *geo.Lines) ([]byte, bool) {
			radius, tolerance, ok := r.bufferSize(1)
			if !ok {
				return dst, false
			}
			polygons, ok, err := l.Buffer(radius, tolerance)
			if r.failed(err) || !ok {
				return dst, false
			}
			return geo.AppendPolygons(dst, polygons), true
		}),
		Examples: []Example{
			{`geo_line_buffer(dynamic({"type":"LineString","coordinates":[[0,0],[1,1]]}), 5).type`, `dynamic("Polygon")`},
			{`isnull(geo_line_buffer(dynamic({"type":"LineString","coordinates":[[0,0],[1,1]]}), 0))`, `true`},
		},
	},
	{
		Name: "geo_line_simplify", Ref: "geo-line-simplify-function",
		Doc:  "The line without vertices that are within the tolerance in metres, 10 by default, of another or of a longer edge; null when nothing is left.",
		Sigs: []Sig{{Decl: "(lineString: bag, tolerance?: number): dynamic"}},
		Eval: lineShapes(0, func(r geoRow, dst []byte, l *geo.Lines) ([]byte, bool) {
			tolerance, ok := r.geoNumberOr(1, r.i, geo.DefaultTolerance)
			if !ok {
				return dst, false
			}
			lines, ok, err := l.Simplify(tolerance)
			if r.failed(err) || !ok {
				return dst, false
			}
			return geo.AppendLines(dst, lines), true
		}),
		Examples: []Example{
			{`array_length(geo_line_simplify(dynamic({"type":"LineString","coordinates":[[0,0],[0.5,0.00001],[1,0]]})).coordinates)`, `2`},
			{`isnull(geo_line_simplify(dynamic({"type":"LineString","coordinates":[[1.1,1.1],[1.2,1.2]]}), 100000))`, `true`},
		},
	},
	{
		Name: "geo_line_densify", Ref: "geo-line-densify-function", Doc: "The line with points added until geodesics stay as near to its straight edges as the tolerance of 0.1 to 10,000 metres.",
		Sigs: []Sig{{Decl: "(lineString: bag, tolerance?: number, preserve_crossing?: numberbool): dynamic"}},
		Eval: geoShapes(densifyLine),
		Examples: []Example{
			{`array_length(geo_line_densify(dynamic({"type":"LineString","coordinates":[[50,50],[51,51]]})).coordinates)`, `9`},
			{`isnull(geo_line_densify(dynamic({"type":"LineString","coordinates":[[1,1],[2,2]]}), 0))`, `true`},
		},
	},
	{
		Name: "geo_line_to_s2cells", Ref: "geo-line-to-s2cells-function", Doc: "The S2 cells of a level that cover a line and what is within a radius of it; null beyond 65,536.",
		Sigs: []Sig{{Decl: "(lineString: bag, level?: number, radius?: number): dynamic"}},
		Eval: lineShapes(0, func(r geoRow, dst []byte, l *geo.Lines) ([]byte, bool) {
			level, radius, ok := r.cellSize(11)
			if !ok {
				return dst, false
			}
			list, ok := l.S2Cells(level, radius)
			return tokens(dst, list, ok)
		}),
		Examples: []Example{{`geo_line_to_s2cells(dynamic({"type":"LineString","coordinates":[[-0.087152,51.509596],[-0.088340,51.506110]]}), 4)`, `dynamic(["487"])`}},
	},
}

var errSpheroidLine = errors.New("fractions on the spheroid are not supported; leave out use_spheroid")

func locate(r geoRow, l *geo.Lines) (float64, bool) {
	p, ok := r.geoPosition(1, r.i)
	if !ok {
		return 0, false
	}
	if r.geoFlag(3, r.i) {
		r.Err = errSpheroidLine
		return 0, false
	}
	return l.Locate(p)
}

func densifyLine(r geoRow, dst []byte) ([]byte, bool) {
	tolerance, ok := r.geoNumberOr(1, r.i, geo.DefaultTolerance)
	read, ok2 := geo.ReadLines(r.json(0, r.i))
	if !ok || !ok2 {
		return dst, false
	}
	lines, ok, err := geo.DensifyLines(read, tolerance, r.geoFlag(2, r.i))
	if r.failed(err) || !ok {
		return dst, false
	}
	return geo.AppendLines(dst, lines), true
}

// cellSize reads the level and the radius of a covering.
func (r geoRow) cellSize(byDefault int64) (level int64, radius float64, ok bool) {
	level, ok1 := r.geoWholeOr(1, r.i, byDefault)
	radius, ok2 := r.geoNumberOr(2, r.i, 0)
	return level, radius, ok1 && ok2
}
