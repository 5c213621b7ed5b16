package fn

import (
	"errors"

	"github.com/harrier-hunting/harrier/internal/geo"
	"github.com/harrier-hunting/harrier/internal/types"
)

// geoPointRows work on points. Distances are in metres on a sphere, angles in
// radians; coordinates that are not on Earth give null.
var geoPointRows = []Spec{
	{
		Name: "geo_distance_2points", Ref: "geo-distance-2points-function",
		Doc:  "The shortest distance between two points; with the last argument on the WGS 84 spheroid, where nearly opposite points are refused.",
		Sigs: []Sig{{Decl: "(p1_longitude: number, p1_latitude: number, p2_longitude: number, p2_latitude: number, use_spheroid?: numberbool): real"}},
		Eval: geoReals(distance2),
		Examples: []Example{
			{`round(geo_distance_2points(-122.407628, 47.578557, -118.275287, 34.019056), 4)`, `1546754.352`}, {`isnull(geo_distance_2points(300, 1, 1, 1))`, `true`},
			{`round(geo_distance_2points(0, 0, 1, 0, true), 3)`, `111319.491`},
		},
	},
	{
		Name: "geo_azimuth", Ref: "geo-azimuth-function",
		Doc:      "The angle, clockwise from north, at which the second point is seen from the first.",
		Sigs:     []Sig{{Decl: "(p1_longitude: number, p1_latitude: number, p2_longitude: number, p2_latitude: number): real"}},
		Eval:     geoReals(azimuth),
		Examples: []Example{{`round(geo_azimuth(5, 10, 10, -40), 10)`, `3.054599398`}, {`isnull(geo_azimuth(5, 10, 5, 10))`, `true`}},
	},
	{
		Name: "geo_angle", Ref: "geo-angle-function",
		Doc:      "The angle at the second point, clockwise from the line to the first to the line to the third.",
		Sigs:     []Sig{{Decl: "(p1_longitude: number, p1_latitude: number, p2_longitude: number, p2_latitude: number, p3_longitude: number, p3_latitude: number): real"}},
		Eval:     geoReals(angle),
		Examples: []Example{{`round(geo_angle(0, 10, 0, 5, 3, -10), 10)`, `2.9449384341`}, {`isnull(geo_angle(0, 10, 0, 10, 3, -10))`, `true`}},
	},
	{
		Name: "geo_point_in_circle", Ref: "geo-point-in-circle-function",
		Doc:      "Whether a point is within a radius of another.",
		Sigs:     []Sig{{Decl: "(p_longitude: number, p_latitude: number, pc_longitude: number, pc_latitude: number, c_radius: number): bool"}},
		Eval:     inCircle,
		Examples: []Example{{`geo_point_in_circle(-122.143564, 47.535677, -122.100896, 47.527351, 3500)`, `true`}, {`geo_point_in_circle(200, 1, 1, 1, 1)`, `bool(null)`}},
	},
	{
		Name: "geo_point_buffer", Ref: "geo-point-buffer-function",
		Doc:      "The polygon around a point.",
		Sigs:     []Sig{{Decl: "(longitude: number, latitude: number, radius: number, tolerance?: number): dynamic"}},
		Eval:     geoShapes(pointBuffer),
		Examples: []Example{{`array_length(geo_point_buffer(-115.1745008278, 36.1497251277, 20000).coordinates[0])`, `101`}, {`isnull(geo_point_buffer(10, 10, -1))`, `true`}},
	},
	{
		Name: "geo_from_wkt", Ref: "geo-from-wkt-function",
		Doc:      "GeoJSON of a geometry in well-known text.",
		Sigs:     []Sig{{Decl: "(wkt: stringarr): dynamic"}},
		Eval:     fromWKT,
		Examples: []Example{{`geo_from_wkt("POINT (1 2)")`, `dynamic({"type":"Point","coordinates":[1.0,2.0]})`}, {`isnull(geo_from_wkt("LINESTRING"))`, `true`}},
	},
}

func distance2(r geoRow) (float64, bool) {
	a, ok1 := r.geoPosition(0, r.i)
	b, ok2 := r.geoPosition(2, r.i)
	if !ok1 || !ok2 {
		return 0, false
	}
	if r.geoFlag(4, r.i) {
		d, ok, err := geo.SpheroidDistance(a, b)
		return d, !r.failed(err) && ok
	}
	return geo.Distance(a, b)
}

func azimuth(r geoRow) (float64, bool) {
	a, ok1 := r.geoPosition(0, r.i)
	b, ok2 := r.geoPosition(2, r.i)
	if !ok1 || !ok2 {
		return 0, false
	}
	return geo.Azimuth(a, b)
}

func angle(r geoRow) (float64, bool) {
	a, ok1 := r.geoPosition(0, r.i)
	b, ok2 := r.geoPosition(2, r.i)
	x, ok3 := r.geoPosition(4, r.i)
	if !ok1 || !ok2 || !ok3 {
		return 0, false
	}
	return geo.Angle(a, b, x)
}

func inCircle(c *Call) {
	for i := range c.N {
		p, ok1 := c.geoPosition(0, i)
		centre, ok2 := c.geoPosition(2, i)
		radius, ok3 := c.geoNumber(4, i)
		in, ok := geo.InCircle(p, centre, radius)
		if c.Out.Bools[i] = in; !ok1 || !ok2 || !ok3 || !ok {
			c.Out.SetNull(i)
		}
	}
}

func pointBuffer(r geoRow, dst []byte) ([]byte, bool) {
	p, ok := r.geoPosition(0, r.i)
	radius, tolerance, ok2 := r.bufferSize(2)
	if !ok || !ok2 {
		return dst, false
	}
	polygons, ok, err := geo.PointBuffer(p, radius, tolerance)
	if r.failed(err) || !ok {
		return dst, false
	}
	return geo.AppendPolygons(dst, polygons), true
}

// bufferSize reads radius and tolerance.
func (r geoRow) bufferSize(k int) (radius, tolerance float64, ok bool) {
	radius, ok1 := r.geoNumber(k, r.i)
	tolerance, ok2 := r.geoNumberOr(k+1, r.i, geo.DefaultTolerance)
	return radius, tolerance, ok1 && ok2
}

var errWKTArray = errors.New("arrays are not supported; expand the array first (mv-expand) and convert each text")

func fromWKT(c *Call) {
	if c.Args[0].Type == types.Dynamic {
		c.Err = errWKTArray
		return
	}
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) { return geo.FromWKT(dst, c.Args[0].Strings[i]) })
}
