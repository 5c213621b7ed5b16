package geo

import (
	"math"
	"testing"
)

func TestDensify(t *testing.T) {
	out, ok, err := DensifyLines([][]Position{{{50, 50}, {51, 51}}}, 10, false)
	if !ok || err != nil || len(out) != 1 || len(out[0]) != 9 || out[0][2] != (Position{50.25000000000001, 50.25000000000001}) {
		t.Errorf("%v, %v: want the nine recorded points", out, err)
	}
	out, ok, err = DensifyLines([][]Position{{{300, 1}, {1, 1}}}, 10, false)
	if !ok || err != nil || len(out) != 2 || len(out[0]) != 104 {
		t.Fatalf("%v, %v: want two lines", out, err)
	}
	if last := out[0][103]; last.Lng != -nearAntimeridian || math.Abs(last.Lat-1.0000397208212215) > 1e-12 {
		t.Errorf("cut at %v", last)
	}
	if out, _, _ := DensifyLines([][]Position{{{300, 1}, {1, 1}}}, 10, true); len(out) != 1 {
		t.Errorf("%d lines, want the crossing kept", len(out))
	}
	for _, c := range []struct {
		line      []Position
		tolerance float64
	}{{[]Position{{1, 1}, {2, 2}}, 0}, {[]Position{{1, 1}, {2, 2}}, 20000}, {[]Position{{1, 1}}, 10}, {[]Position{{1, 1}, {2, 91}}, 10}, {[]Position{{1, 1}, {math.NaN(), 1}}, 10}} {
		if _, ok, err := DensifyLines([][]Position{c.line}, c.tolerance, false); ok || err != nil {
			t.Errorf("%v is densified, %v", c, err)
		}
	}
	p := polygons(t, `{"type":"Polygon","coordinates":[[[170,0],[-170,0],[-170,10],[170,0]]]}`)
	if _, _, err := p.Densify(10); err != errAntimeridian {
		t.Errorf("%v", err)
	}
}

func TestSpheroid(t *testing.T) {
	for _, c := range []struct {
		a, b Position
		want float64
	}{
		{Position{0, 0}, Position{1, 0}, 111319.4908}, {Position{0, 0}, Position{0, 1}, 110574.3886}, {Position{7, 8}, Position{7, 8}, 0},
		{Position{0, -90}, Position{0, 90}, 20003931.4586}, {Position{179.5, 10}, Position{-179.5, 10}, 109639.3220},
	} {
		if got, ok, err := SpheroidDistance(c.a, c.b); !ok || err != nil || math.Abs(got-c.want) > 2e-3 {
			t.Errorf("%v to %v: %v %v %v, want %v", c.a, c.b, got, ok, err, c.want)
		}
	}
	if _, _, err := SpheroidDistance(Position{0, 0}, Position{179.9, 0.1}); err != errAntipodal {
		t.Errorf("%v", err)
	}
}

func TestWKT(t *testing.T) {
	for text, want := range map[string]string{
		"POINT (1 2)":                     `{"type":"Point","coordinates":[1.0,2.0]}`,
		" linestring(1 2,3 -4.5e1)":       `{"type":"LineString","coordinates":[[1.0,2.0],[3.0,-45.0]]}`,
		"MULTIPOINT (1 1, 2 2)":           `{"type":"MultiPoint","coordinates":[[1.0,1.0],[2.0,2.0]]}`,
		"MULTIPOINT ((1 1), (2 2))":       `{"type":"MultiPoint","coordinates":[[1.0,1.0],[2.0,2.0]]}`,
		"POLYGON ((0 0,2 0,2 2,0 0))":     `{"type":"Polygon","coordinates":[[[0.0,0.0],[2.0,0.0],[2.0,2.0],[0.0,0.0]]]}`,
		"GEOMETRYCOLLECTION(POINT (1 1))": `{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1.0,1.0]}]}`,
		"LINESTRING":                      "", "POINT (1 2 3)": "", "POINT (1)": "", "POINT (1 2": "", "POINT (1 2) x": "", "CIRCLE (1 2)": "", "POINT EMPTY": "",
		"POLYGON (0 0, 1 1)": "", "POINT (1e999 1)": "", "MULTIPOINT ((1 1)": "", "GEOMETRYCOLLECTION()": "",
	} {
		got, ok := FromWKT(nil, text)
		if ok != (want != "") || ok && string(got) != want {
			t.Errorf("%s: %s %v, want %s", text, got, ok, want)
		}
	}
}

func FuzzWKT(f *testing.F) {
	f.Add("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 0)),((10 10, 12 10, 12 12, 10 10)))")
	f.Add("GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POINT (1 1)))")
	f.Fuzz(func(t *testing.T, text string) {
		out, ok := FromWKT(nil, text)
		if !ok {
			return
		}
		if read, is := ReadPolygons(string(out)); is && len(read) == 0 {
			t.Errorf("%q: %s", text, out)
		}
	})
}
