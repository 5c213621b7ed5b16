package fn

import (
	"github.com/harrier-hunting/harrier/internal/geo"
)

// geoCellRows convert between points and the cells of geohash, S2 and H3. A
// token that is no cell gives null, a level out of range "".
var geoCellRows = []Spec{
	toCellRow("geo_point_to_geohash", "geo-point-to-geohash-function", "The geohash of a point, of 1 to 18 characters.", "accuracy", 5, geo.Geohash,
		Example{`geo_point_to_geohash(-80.195829, 25.802215, 8)`, `"dhwfz15h"`}, Example{`geo_point_to_geohash(200, 1, 8)`, `""`}),
	toCellRow("geo_point_to_s2cell", "geo-point-to-s2cell-function", "The token of the S2 cell of a level that holds a point.", "level", 11, geo.S2Cell,
		Example{`geo_point_to_s2cell(-80.195829, 25.802215, 8)`, `"88d9b"`}, Example{`geo_point_to_s2cell(1, 1, 35)`, `""`}),
	toCellRow("geo_point_to_h3cell", "geo-point-to-h3cell-function", "The token of the H3 cell of a resolution that holds a point.", "resolution", 6, geo.H3Cell,
		Example{`geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6)`, `"862a1072fffffff"`}, Example{`geo_point_to_h3cell(1, 1, int(null))`, `""`}),

	centerRow("geo_geohash_to_central_point", "geo-geohash-to-central-point-function", "geohash", geo.GeohashCenter,
		Example{`geo_geohash_to_central_point("sunny")`, `dynamic({"type":"Point","coordinates":[42.47314453125,23.70849609375]})`}),
	centerRow("geo_s2cell_to_central_point", "geo-s2cell-to-central-point-function", "s2cell", geo.S2Center,
		Example{`round(toreal(geo_s2cell_to_central_point("1234567").coordinates[0]), 10)`, `9.8683073185`}),
	centerRow("geo_h3cell_to_central_point", "geo-h3cell-to-central-point-function", "h3cell", geo.H3Center,
		Example{`round(toreal(geo_h3cell_to_central_point("862a1072fffffff").coordinates[0]), 10)`, `-74.0160084798`}),

	cellPolygonRow("geo_geohash_to_polygon", "geo-geohash-to-polygon-function", "geohash", geo.GeohashPolygon,
		Example{`geo_geohash_to_polygon("dr5ru").coordinates[0][0]`, `dynamic([-74.00390625,40.7373046875])`}),
	cellPolygonRow("geo_s2cell_to_polygon", "geo-s2cell-to-polygon-function", "s2cell", geo.S2Polygon,
		Example{`array_length(geo_s2cell_to_polygon("89c259").coordinates[0])`, `5`}),
	cellPolygonRow("geo_h3cell_to_polygon", "geo-h3cell-to-polygon-function", "h3cell", geo.H3Polygon,
		Example{`array_length(geo_h3cell_to_polygon("862a1072fffffff").coordinates[0])`, `7`}),

	neighborsRow("geo_geohash_neighbors", "geo-geohash-neighbors-function", "geohash", geo.GeohashNeighbors,
		Example{`geo_geohash_neighbors("sunny")`, `dynamic(["sunnv","sunnt","sunnw","sunnx","sunpp","sunnz","sunpn","sunpj"])`}),
	neighborsRow("geo_s2cell_neighbors", "geo-s2cell-neighbors-function", "s2cell", geo.S2Neighbors,
		Example{`geo_s2cell_neighbors("89c259")`, `dynamic(["89c25d","89c25b","89c2f7","89c257","89c2f5","89c251","89c25f","89c2f9"])`}),
	neighborsRow("geo_h3cell_neighbors", "geo-h3cell-neighbors-function", "h3cell", geo.H3Neighbors,
		Example{`array_length(geo_h3cell_neighbors("862a1072fffffff"))`, `6`}),

	{
		Name: "geo_h3cell_level", Ref: "geo-h3cell-level-function", Doc: "The resolution of an H3 cell.",
		Sigs: []Sig{{Decl: "(h3cell: string): int"}}, Eval: textMaybe(geo.H3Level),
		Examples: []Example{{`geo_h3cell_level("862a1072fffffff")`, `int(6)`}, {`isnull(geo_h3cell_level("abc"))`, `true`}},
	},
	{
		Name: "geo_h3cell_parent", Ref: "geo-h3cell-parent-function", Doc: "The H3 cell of a coarser resolution that holds a cell; the next coarser by default.",
		Sigs: []Sig{{Decl: "(h3cell: string, resolution?: number): string"}},
		Eval: geoTexts(func(r geoRow) (string, bool) {
			level, ok := r.h3Level()
			if !ok {
				return "", false
			}
			return geo.H3Parent(r.Args[0].Strings[r.i], level)
		}),
		Examples: []Example{{`geo_h3cell_parent("862a1072fffffff")`, `"852a1073fffffff"`}, {`geo_h3cell_parent("862a1072fffffff", 1)`, `"812a3ffffffffff"`}, {`geo_h3cell_parent("123")`, `""`}},
	},
	{
		Name: "geo_h3cell_children", Ref: "geo-h3cell-children-function", Doc: "The H3 cells of a finer resolution, at most five levels down, in a cell; the next finer by default.",
		Sigs: []Sig{{Decl: "(h3cell: string, resolution?: number): dynamic"}},
		Eval: geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			level, ok := r.h3Level()
			if !ok {
				return dst, false
			}
			list, ok := geo.H3Children(r.Args[0].Strings[r.i], level)
			return tokens(dst, list, ok)
		}),
		Examples: []Example{{`geo_h3cell_children("862a1072fffffff")[0]`, `dynamic("872a10728ffffff")`}, {`array_length(geo_h3cell_children("862a1072fffffff", 9))`, `343`}, {`isnull(geo_h3cell_children("abc"))`, `true`}},
	},
	{
		Name: "geo_h3cell_rings", Ref: "geo-h3cell-rings-function", Doc: "The H3 cells at each distance from a cell, up to 142.",
		Sigs: []Sig{{Decl: "(h3cell: string, distance: number): dynamic"}},
		Eval: geoShapes(h3Rings),
		Examples: []Example{
			{`geo_h3cell_rings("861f8894fffffff", 1)[1]`, `dynamic(["861f88947ffffff","861f8895fffffff","861f88867ffffff","861f8d497ffffff","861f8d4b7ffffff","861f8896fffffff"])`},
			{`isnull(geo_h3cell_rings("861f8894fffffff", 150))`, `true`},
		},
	},
}

func toCellRow(name, ref, doc, level string, byDefault int64, cell func(geo.Position, int64) (string, bool), examples ...Example) Spec {
	return Spec{
		Name: name, Ref: ref, Doc: doc, Examples: examples,
		Sigs: []Sig{{Decl: "(longitude: number, latitude: number, " + level + "?: number): string"}},
		Eval: geoTexts(func(r geoRow) (string, bool) {
			p, ok1 := r.geoPosition(0, r.i)
			n, ok2 := r.geoWholeOr(2, r.i, byDefault)
			if !ok1 || !ok2 {
				return "", false
			}
			return cell(p, n)
		}),
	}
}

func centerRow(name, ref, arg string, center func(string) (geo.Position, bool), examples ...Example) Spec {
	return Spec{
		Name: name, Ref: ref, Doc: "The point in the middle of a cell.", Examples: append(examples, Example{"isnull(" + name + `("a"))`, "true"}),
		Sigs: []Sig{{Decl: "(" + arg + ": string): dynamic"}},
		Eval: geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			p, ok := center(r.Args[0].Strings[r.i])
			return point(dst, p, ok)
		}),
	}
}

func cellPolygonRow(name, ref, arg string, corners func(string) ([][]geo.Position, bool), examples ...Example) Spec {
	return Spec{
		Name: name, Ref: ref, Doc: "The polygon of a cell.", Examples: append(examples, Example{"isnull(" + name + `("a"))`, "true"}),
		Sigs: []Sig{{Decl: "(" + arg + ": string): dynamic"}},
		Eval: geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			polygon, ok := corners(r.Args[0].Strings[r.i])
			return rings(dst, polygon, ok)
		}),
	}
}

func neighborsRow(name, ref, arg string, around func(string) ([]string, bool), examples ...Example) Spec {
	return Spec{
		Name: name, Ref: ref, Doc: "The cells around a cell.", Examples: append(examples, Example{"isnull(" + name + `("a"))`, "true"}),
		Sigs: []Sig{{Decl: "(" + arg + ": string): dynamic"}},
		Eval: geoShapes(func(r geoRow, dst []byte) ([]byte, bool) {
			list, ok := around(r.Args[0].Strings[r.i])
			return tokens(dst, list, ok)
		}),
	}
}

// h3Level reads an optional resolution; -1 stands for none given.
func (r geoRow) h3Level() (int64, bool) {
	if len(r.Args) < 2 {
		return -1, true
	}
	n, ok := r.geoWholeOr(1, r.i, 0)
	return n, ok && n >= 0
}

func h3Rings(r geoRow, dst []byte) ([]byte, bool) {
	n, ok := r.geoWholeOr(1, r.i, 0)
	if !ok {
		return dst, false
	}
	all, ok := geo.H3Rings(r.Args[0].Strings[r.i], n)
	if !ok {
		return dst, false
	}
	dst = append(dst, '[')
	for i, ring := range all {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = tokens(dst, ring, true)
	}
	return append(dst, ']'), true
}
