package fn

import "github.com/harrier-hunting/harrier/internal/geo"

// geoPairRows are what shapes have in common, and what they cover together.
// Shapes contain their boundaries. One that is not valid gives null.
var geoPairRows = []Spec{
	{
		Name: "geo_intersection_2lines", Ref: "geo-intersection-2lines-function",
		Doc:  "Points and lines that two lines have in common; an empty collection when there are none.",
		Sigs: []Sig{{Decl: "(lineString1: bag, lineString2: bag): dynamic"}},
		Eval: sharedShapes(readLines, readLines, geo.IntersectLines),
		Examples: []Example{{`geo_intersection_2lines(dynamic({"type":"LineString","coordinates":[[1,1],[2,2]]}), dynamic({"type":"LineString","coordinates":[[3,3],[4,4]]}))`,
			`dynamic({"type":"GeometryCollection","geometries":[]})`}},
	},
	{
		Name: "geo_intersection_line_with_polygon", Ref: "geo-intersection-line-with-polygon-function",
		Doc:  "The parts of a line in a polygon.",
		Sigs: []Sig{{Decl: "(lineString: bag, polygon: bag): dynamic"}},
		Eval: sharedShapes(readLines, readPolygons, geo.IntersectLineWithPolygon),
		Examples: []Example{{`geo_intersection_line_with_polygon(dynamic({"type":"LineString","coordinates":[[0,1],[2,1]]}), dynamic({"type":"Polygon","coordinates":[[[1,0],[3,0],[3,2],[1,2],[1,0]]]})).type`,
			`dynamic("LineString")`}},
	},
	{
		Name: "geo_intersection_2polygons", Ref: "geo-intersection-2polygons-function",
		Doc:  "What two polygons have in common. Where they only touch, the direction of a line can differ from the engine's.",
		Sigs: []Sig{{Decl: "(polygon1: bag, polygon2: bag): dynamic"}},
		Eval: sharedShapes(readPolygons, readPolygons, geo.IntersectPolygons),
		Examples: []Example{{`geo_intersection_2polygons(dynamic({"type":"Polygon","coordinates":[[[2,45],[0,45],[1,44],[2,45]]]}), dynamic({"type":"Polygon","coordinates":[[[3,44],[2,45],[2,43],[3,44]]]})).type`,
			`dynamic("Point")`}},
	},
	{
		Name: "geo_intersects_2lines", Ref: "geo-intersects-2lines-function", Doc: "Whether two lines meet.",
		Sigs:     []Sig{{Decl: "(lineString1: bag, lineString2: bag): bool"}},
		Eval:     sharedAny(readLines, readLines, geo.IntersectLines),
		Examples: []Example{{`geo_intersects_2lines(dynamic({"type":"LineString","coordinates":[[0,0],[2,2]]}), dynamic({"type":"LineString","coordinates":[[0,2],[2,0]]}))`, `true`}},
	},
	{
		Name: "geo_intersects_line_with_polygon", Ref: "geo-intersects-line-with-polygon-function", Doc: "Whether a line meets a polygon.",
		Sigs:     []Sig{{Decl: "(lineString: bag, polygon: bag): bool"}},
		Eval:     sharedAny(readLines, readPolygons, geo.IntersectLineWithPolygon),
		Examples: []Example{{`geo_intersects_line_with_polygon(dynamic({"type":"LineString","coordinates":[[0,1],[0,2]]}), dynamic({"type":"Polygon","coordinates":[[[1,0],[3,0],[3,2],[1,2],[1,0]]]}))`, `false`}},
	},
	{
		Name: "geo_intersects_2polygons", Ref: "geo-intersects-2polygons-function", Doc: "Whether two polygons meet.",
		Sigs:     []Sig{{Decl: "(polygon1: bag, polygon2: bag): bool"}},
		Eval:     sharedAny(readPolygons, readPolygons, geo.IntersectPolygons),
		Examples: []Example{{`geo_intersects_2polygons(dynamic({"type":"Polygon","coordinates":[[[2,45],[0,45],[1,44],[2,45]]]}), dynamic({"type":"Polygon","coordinates":[[[3,44],[2,45],[2,43],[3,44]]]}))`, `true`}},
	},
	{
		Name: "geo_union_lines_array", Ref: "geo-union-lines-array-function",
		Doc:  "The union of an array of lines: edges that several share count once, lines end where they branch.",
		Sigs: []Sig{{Decl: "(lineStrings: array): dynamic"}},
		Eval: geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			all, ok := readArray(r.json(0, r.i), readLines)
			if !ok {
				return dst, false
			}
			united, err := geo.UniteLines(all)
			if r.failed(err) {
				return dst, false
			}
			return geo.AppendLines(dst, united), true
		}),
		Examples: []Example{{`array_length(geo_union_lines_array(dynamic([{"type":"LineString","coordinates":[[0,0],[1,1]]},{"type":"LineString","coordinates":[[1,1],[2,2]]}])).coordinates)`, `3`}},
	},
	{
		Name: "geo_union_polygons_array", Ref: "geo-union-polygons-array-function", Doc: "The polygon or multipolygon that covers what any polygon of an array covers.",
		Sigs: []Sig{{Decl: "(polygons: array): dynamic"}},
		Eval: geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			all, ok := readArray(r.json(0, r.i), readPolygons)
			if !ok {
				return dst, false
			}
			united, err := geo.Union(all)
			if r.failed(err) {
				return dst, false
			}
			return geo.AppendPolygons(dst, united), true
		}),
		Examples: []Example{{`array_length(geo_union_polygons_array(dynamic([{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]},{"type":"Polygon","coordinates":[[[2,0],[4,0],[4,2],[2,2],[2,0]]]}])).coordinates[0])`, `7`}},
	},
}

// pairOf reads the two shapes of a row.
func pairOf[A, B any](a *remembered[A], b *remembered[B], c *Call, i int, readA func(string) (A, bool), readB func(string) (B, bool)) (x A, y B, ok bool) {
	x, ok1 := a.of(c.json(0, i), readA)
	y, ok2 := b.of(c.json(1, i), readB)
	return x, y, ok1 && ok2
}

func sharedShapes[A, B any](readA func(string) (A, bool), readB func(string) (B, bool), intersect func(A, B) (*geo.Shared, error)) Eval {
	return func(c *Call) {
		var a remembered[A]
		var b remembered[B]
		geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			x, y, ok := pairOf(&a, &b, c, r.i, readA, readB)
			if !ok {
				return dst, false
			}
			s, err := intersect(x, y)
			if r.failed(err) {
				return dst, false
			}
			return s.AppendJSON(dst), true
		})(c)
	}
}

func sharedAny[A, B any](readA func(string) (A, bool), readB func(string) (B, bool), intersect func(A, B) (*geo.Shared, error)) Eval {
	return func(c *Call) {
		var a remembered[A]
		var b remembered[B]
		for i := range c.N {
			x, y, ok := pairOf(&a, &b, c, i, readA, readB)
			if !ok {
				c.Out.SetNull(i)
				continue
			}
			s, err := intersect(x, y)
			if err != nil {
				c.Err = err
				return
			}
			c.Out.Bools[i] = !s.Empty()
		}
	}
}
