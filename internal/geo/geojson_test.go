package geo

import (
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

func lines(t testing.TB, text string) *Lines {
	t.Helper()
	read, ok := ReadLines(text)
	if !ok {
		t.Fatalf("not read: %s", text)
	}
	l, ok := NewLines(read)
	if !ok {
		t.Fatalf("not valid: %s", text)
	}
	return l
}

func polygons(t testing.TB, text string) *Polygons {
	t.Helper()
	read, ok := ReadPolygons(text)
	if !ok {
		t.Fatalf("not read: %s", text)
	}
	p, ok := NewPolygons(read)
	if !ok {
		t.Fatalf("not valid: %s", text)
	}
	return p
}

// TestInvalid lists shapes that functions answer with null.
func TestInvalid(t *testing.T) {
	for _, text := range []string{
		`null`, `1`, `"x"`, `[]`, `{}`, `{"type":"LineString"}`, `{"type":"LineString","coordinates":[]}`,
		`{"type":"LineString","coordinates":[[1,1]]}`, `{"type":"LineString","coordinates":[[1,1],[1,1]]}`,
		`{"type":"LineString","coordinates":[[1,1],[181,1]]}`, `{"type":"LineString","coordinates":[[1,1],[2,91]]}`,
		`{"type":"LineString","coordinates":[[[0,0],[0,1]]]}`,
		`{"type":"LineString","coordinates":[["0",0],[0,1]]}`, `{"type":"LineString","coordinates":[[0],[0,1]]}`,
		`{"type":"Point","coordinates":[1,1]}`, `{"type":"MultiLineString","coordinates":[[0,0],[0,1]]}`,
	} {
		if read, ok := ReadLines(text); ok {
			if _, ok := NewLines(read); ok {
				t.Errorf("a line: %s", text)
			}
		}
	}
	for _, text := range []string{
		`null`, `{"type":"Polygon"}`, `{"type":"Polygon","coordinates":[]}`, `{"type":"MultiPolygon","coordinates":[]}`,
		`{"type":"Polygon","coordinates":[[[0,0],[10,10],[10,10],[0,0]]]}`, `{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}`,
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`,                                     // not closed
		`{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}`,                               // crosses itself
		`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[3,3],[5,3],[5,5],[3,3]]]}`,     // hole across the shell
		`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[4,0],[2,1],[0,0]]]}`,     // hole shares an edge
		`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[0,0],[1,0],[1,91],[0,0]]]]}`, // one of two
		`{"type":"Polygon","coordinates":[[[0,0],[0.1,0],[0.2,0.1],[0.1,0],[0,0.1],[0,0]]]}`,               // repeats a vertex
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1e999],[0,0]]]}`,                           // not a number
	} {
		if read, ok := ReadPolygons(text); ok {
			if _, ok := NewPolygons(read); ok {
				t.Errorf("a polygon: %s", text)
			}
		}
	}
}

func TestDirectionOfRingsDoesNotMatter(t *testing.T) {
	a := polygons(t, `{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]}`)
	b := polygons(t, `{"type":"Polygon","coordinates":[[[0,0],[0,4],[4,4],[4,0],[0,0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]]}`)
	for _, c := range []struct {
		p  Position
		in bool
	}{{Position{0.5, 0.5}, true}, {Position{1.5, 1.5}, false}, {Position{5, 5}, false}, {Position{-170, -80}, false}} {
		for _, p := range []*Polygons{a, b} {
			if in, ok := p.Contains(c.p); in != c.in || !ok {
				t.Errorf("%v: %v", c.p, in)
			}
		}
	}
}

// FuzzShapes reads hostile text: nothing panics, and what is valid can be
// written and read again.
func FuzzShapes(f *testing.F) {
	for _, s := range []string{
		`{"type":"LineString","coordinates":[[1,1],[2,2]]}`, `{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"}`,
		`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[0.5,0],[1.5,0],[1,1],[0.5,0]]]]}`,
		`{"type":"MultiLineString","coordinates":[[[0,0],[1,0]],[[-179.9,89],[179.9,-89]]]}`,
	} {
		f.Add(s, 1000.0)
	}
	f.Fuzz(func(t *testing.T, text string, metres float64) {
		text, ok := dynamic.Compact(text)
		if !ok || len(text) > 500 {
			return
		}
		if read, ok := ReadLines(text); ok {
			if l, ok := NewLines(read); ok {
				again := lines(t, string(AppendLines(nil, allPositions(l.parts))))
				if len(again.parts) != len(l.parts) {
					t.Errorf("%s: %d parts", text, len(again.parts))
				}
				_, _ = l.Length()
				_, _, _ = l.Closest(Position{1, 2})
				_, _ = l.S2Cells(5, metres)
				_, _, _ = l.Buffer(metres, metres/10)
				_, _, _ = l.Simplify(metres)
			}
		}
		if read, ok := ReadPolygons(text); ok {
			if p, ok := NewPolygons(read); ok {
				if a, err := p.Area(); err == nil && !(a >= 0 && a < 4*3.15*earthRadius*earthRadius) {
					t.Errorf("%s: area %v", text, a)
				}
				_, _, _ = p.H3Cells(read, 3, metres)
				_, _, _ = p.Buffer(metres, metres/10)
				_, _, _ = p.Densify(1000)
				_, _, _ = p.Simplify(metres)
			}
		}
	})
}
