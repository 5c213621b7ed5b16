package fn

import (
	"errors"

	"github.com/harrier-hunting/harrier/internal/geo"
)

// geoPolygonRows work on a Polygon or MultiPolygon. A polygon that is not
// valid (a ring that is not closed, repeats a vertex or crosses an edge,
// coordinates not on Earth) gives null.
var geoPolygonRows = []Spec{
	{
		Name: "geo_point_in_polygon", Ref: "geo-point-in-polygon-function", Doc: "Whether a polygon contains a point; of polygons that tile the Earth exactly one does.",
		Sigs:     []Sig{{Decl: "(longitude: number, latitude: number, polygon: bag): bool"}},
		Eval:     pointInPolygon,
		Examples: []Example{{`geo_point_in_polygon(1, 1, dynamic({"type":"Polygon","coordinates":[[[0,0],[5,0],[5,5],[0,5],[0,0]]]}))`, `true`}, {`geo_point_in_polygon(200, 1, dynamic({"type":"Polygon","coordinates":[[[0,0],[10,10],[10,1],[0,0]]]}))`, `bool(null)`}},
	},
	{
		Name: "geo_distance_point_to_polygon", Ref: "geo-distance-point-to-polygon-function", Doc: "The distance in metres from a point to a polygon, 0 inside.",
		Sigs: []Sig{{Decl: "(longitude: number, latitude: number, polygon: bag): real"}},
		Eval: polygonReals(2, func(r geoRow, p *geo.Polygons) (float64, bool) {
			at, ok := r.geoPosition(0, r.i)
			if !ok {
				return 0, false
			}
			return p.Distance(at)
		}),
		Examples: []Example{{`geo_distance_point_to_polygon(1, 1, dynamic({"type":"Polygon","coordinates":[[[0,0],[5,0],[5,5],[0,5],[0,0]]]}))`, `0.0`}},
	},
	{
		Name: "geo_closest_point_on_polygon", Ref: "geo-closest-point-on-polygon-function", Doc: "The point of a polygon nearest to a point.",
		Sigs: []Sig{{Decl: "(longitude: number, latitude: number, polygon: bag): dynamic"}},
		Eval: polygonShapes(2, func(r geoRow, dst []byte, p *geo.Polygons) ([]byte, bool) {
			at, ok := r.geoPosition(0, r.i)
			if !ok {
				return dst, false
			}
			at, ok = p.Closest(at)
			return point(dst, at, ok)
		}),
		Examples: []Example{{`geo_closest_point_on_polygon(-1, -1, dynamic({"type":"Polygon","coordinates":[[[0,0],[5,0],[5,5],[0,5],[0,0]]]}))`, `dynamic({"type":"Point","coordinates":[0.0,0.0]})`}},
	},
	{
		Name: "geo_polygon_area", Ref: "geo-polygon-area-function", Doc: "The area in square metres; what several polygons share counts once.",
		Sigs: []Sig{{Decl: "(polygon: bag): real"}},
		Eval: polygonReals(0, func(r geoRow, p *geo.Polygons) (float64, bool) {
			a, err := p.Area()
			return a, !r.failed(err)
		}),
		Examples: []Example{{`round(geo_polygon_area(dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]})), 1)`, `3475207.3`}},
	},
	{
		Name: "geo_polygon_perimeter", Ref: "geo-polygon-perimeter-function", Doc: "The length in metres of the boundary of the union of polygons.",
		Sigs: []Sig{{Decl: "(polygon: bag): real"}},
		Eval: polygonReals(0, func(r geoRow, p *geo.Polygons) (float64, bool) {
			n, err := p.Perimeter()
			return n, !r.failed(err)
		}),
		Examples: []Example{{`isnull(geo_polygon_perimeter(dynamic({"type":"Polygon","coordinates":[[[0,0],[10,10],[10,10],[0,0]]]})))`, `true`}},
	},
	{
		Name: "geo_polygon_centroid", Ref: "geo-polygon-centroid-function", Doc: "The centre of mass of the union of polygons.",
		Sigs: []Sig{{Decl: "(polygon: bag): dynamic"}},
		Eval: polygonShapes(0, func(r geoRow, dst []byte, p *geo.Polygons) ([]byte, bool) {
			at, ok, err := p.Centroid()
			return point(dst, at, !r.failed(err) && ok)
		}),
		Examples: []Example{{`round(toreal(geo_polygon_centroid(dynamic({"type":"Polygon","coordinates":[[[-1,-1],[1,-1],[1,1],[-1,1],[-1,-1]]]})).coordinates[0]), 9)`, `0.0`}},
	},
	{
		Name: "geo_polygon_buffer", Ref: "geo-polygon-buffer-function", Doc: "The polygon or multipolygon with all that is within a radius.",
		Sigs: []Sig{{Decl: "(polygon: bag, radius: number, tolerance?: number): dynamic"}},
		Eval: polygonShapes(0, func(r geoRow, dst []byte, p *geo.Polygons) ([]byte, bool) {
			radius, tolerance, ok := r.bufferSize(1)
			if !ok {
				return dst, false
			}
			polygons, ok, err := p.Buffer(radius, tolerance)
			if r.failed(err) || !ok {
				return dst, false
			}
			return geo.AppendPolygons(dst, polygons), true
		}),
		Examples: []Example{{`geo_polygon_buffer(dynamic({"type":"Polygon","coordinates":[[[10,10],[0,10],[0,0],[10,10]]]}), 1000).type`, `dynamic("Polygon")`}},
	},
	{
		Name: "geo_polygon_simplify", Ref: "geo-polygon-simplify-function",
		Doc:  "The union of polygons without vertices that are within the tolerance in metres, 10 by default, of another or of a longer edge; null when nothing is left.",
		Sigs: []Sig{{Decl: "(polygon: bag, tolerance?: number): dynamic"}},
		Eval: polygonShapes(0, func(r geoRow, dst []byte, p *geo.Polygons) ([]byte, bool) {
			tolerance, ok := r.geoNumberOr(1, r.i, geo.DefaultTolerance)
			if !ok {
				return dst, false
			}
			polygons, ok, err := p.Simplify(tolerance)
			if r.failed(err) || !ok {
				return dst, false
			}
			return geo.AppendPolygons(dst, polygons), true
		}),
		Examples: []Example{
			{`array_length(geo_polygon_simplify(dynamic({"type":"Polygon","coordinates":[[[0,0],[0.5,0.00001],[1,0],[1,1],[0,0]]]})).coordinates[0])`, `4`},
			{`isnull(geo_polygon_simplify(dynamic({"type":"Polygon","coordinates":[[[5,48],[0,50],[0,47],[4,47],[5,48]]]}), 1000000))`, `true`},
		},
	},
	{
		Name: "geo_simplify_polygons_array", Ref: "geo-simplify-polygons-array-function",
		Doc:  "A single polygon of an array simplified; arrays of several, whose common borders the engine keeps in a way not recorded, are refused.",
		Sigs: []Sig{{Decl: "(polygons: array, tolerance?: number): dynamic"}}, Eval: geoShapes(simplifyArray),
		Examples: []Example{{`isnull(geo_simplify_polygons_array(dynamic([{"type":"Polygon","coordinates":[[[5,48],[0,50],[0,47],[4,47],[5,48]]]}]), -1))`, `true`}},
	},
	{
		Name: "geo_polygon_densify", Ref: "geo-polygon-densify-function", Doc: "The polygon with points added until geodesics stay as near to its straight edges as the tolerance; not across the antimeridian.",
		Sigs: []Sig{{Decl: "(polygon: bag, tolerance?: number, preserve_crossing?: numberbool): dynamic"}},
		Eval: polygonShapes(0, func(r geoRow, dst []byte, p *geo.Polygons) ([]byte, bool) {
			tolerance, ok := r.geoNumberOr(1, r.i, geo.DefaultTolerance)
			if !ok {
				return dst, false
			}
			polygons, ok, err := p.Densify(tolerance)
			if r.failed(err) || !ok {
				return dst, false
			}
			return geo.AppendPolygons(dst, polygons), true
		}),
		Examples: []Example{{`array_length(geo_polygon_densify(dynamic({"type":"Polygon","coordinates":[[[10,10],[11,10],[11,11],[10,11],[10,10]]]})).coordinates[0])`, `11`}},
	},
	{
		Name: "geo_polygon_to_s2cells", Ref: "geo-polygon-to-s2cells-function", Doc: "The S2 cells of a level that cover a polygon and what is within a radius of it; null beyond 65,536.",
		Sigs: []Sig{{Decl: "(polygon: bag, level?: number, radius?: number): dynamic"}},
		Eval: polygonShapes(0, func(r geoRow, dst []byte, p *geo.Polygons) ([]byte, bool) {
			level, radius, ok := r.cellSize(11)
			if !ok {
				return dst, false
			}
			list, ok := p.S2Cells(level, radius)
			return tokens(dst, list, ok)
		}),
		Examples: []Example{
			{`array_length(geo_polygon_to_s2cells(dynamic({"type":"Polygon","coordinates":[[[0,0],[0,50],[100,50],[0,0]]]}), 5))`, `286`},
			{`isnull(geo_polygon_to_s2cells(dynamic({"type":"Polygon","coordinates":[[[0,0],[0,50],[100,50],[0,0]]]}), 30))`, `true`},
		},
	},
	{
		Name: "geo_polygon_to_h3cells", Ref: "geo-polygon-to-h3cells-function", Doc: "The H3 cells of a resolution whose centres lie in a polygon, or within a radius of it; null beyond 61,680.",
		Sigs:     []Sig{{Decl: "(polygon: bag, resolution?: number, radius?: number): dynamic"}},
		Eval:     polygonToH3,
		Examples: []Example{{`array_length(geo_polygon_to_h3cells(dynamic({"type":"Polygon","coordinates":[[[-3.659,40.553],[-3.913,40.409],[-3.729,40.273],[-3.524,40.440],[-3.659,40.553]]]})))`, `13`}},
	},
}

func pointInPolygon(c *Call) {
	var last remembered[*geo.Polygons]
	for i := range c.N {
		at, ok := c.geoPosition(0, i)
		p, ok2 := last.of(c.json(2, i), readPolygons)
		if !ok || !ok2 {
			c.Out.SetNull(i)
			continue
		}
		in, ok := p.Contains(at)
		if c.Out.Bools[i] = in; !ok {
			c.Out.SetNull(i)
		}
	}
}

func polygonToH3(c *Call) {
	geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
		resolution, radius, ok := r.cellSize(6)
		read, ok2 := geo.ReadPolygons(r.json(0, r.i))
		if !ok || !ok2 {
			return dst, false
		}
		p, ok := geo.NewPolygons(read)
		if !ok {
			return dst, false
		}
		list, ok, err := p.H3Cells(read, resolution, radius)
		return tokens(dst, list, !r.failed(err) && ok)
	})(c)
}

var errSimplifyArray = errors.New("several polygons at once are not supported; simplify each with geo_polygon_simplify, or unite them with geo_union_polygons_array first")

func simplifyArray(r geoRow, dst []byte) ([]byte, bool) {
	all, ok := readArray(r.json(0, r.i), readPolygons)
	tolerance, ok2 := r.geoNumberOr(1, r.i, geo.DefaultTolerance)
	if !ok || !ok2 {
		return dst, false
	}
	for _, p := range all {
		polygons, left, err := p.Simplify(tolerance)
		switch {
		case r.failed(err):
			return dst, false
		case left && len(all) > 1:
			r.Err = errSimplifyArray
			return dst, false
		case left:
			return geo.AppendPolygons(dst, polygons), true
		}
	}
	return dst, false // nothing is left of any
}
