package geo

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRecordedOrder pins the order in which the engine returned cells.
func TestRecordedOrder(t *testing.T) {
	park := [][][]Position{{{{-3.659, 40.553}, {-3.913, 40.409}, {-3.729, 40.273}, {-3.524, 40.440}, {-3.659, 40.553}}}}
	p, _ := NewPolygons(park)
	h3, _, err := p.H3Cells(park, 6, 0)
	if err != nil {
		t.Fatal(err)
	}
	geohash, _ := GeohashNeighbors("sunny")
	around, _ := H3Neighbors("862a1072fffffff")
	s2, _ := S2Neighbors("89c259")
	for _, c := range []struct{ got, want []string }{
		{geohash, []string{"sunnv", "sunnt", "sunnw", "sunnx", "sunpp", "sunnz", "sunpn", "sunpj"}},
		{around, []string{"862a10777ffffff", "862a100d7ffffff", "862a100dfffffff", "862a1070fffffff", "862a10707ffffff", "862a10727ffffff"}},
		{s2, []string{"89c25d", "89c25b", "89c2f7", "89c257", "89c2f5", "89c251", "89c25f", "89c2f9"}},
		{h3, []string{"86390cbafffffff", "86390ca07ffffff", "86390cba7ffffff", "86390cb8fffffff", "86390cb1fffffff", "86390cb87ffffff", "86390cb17ffffff",
			"86390cb07ffffff", "86390ca2fffffff", "86390ca27ffffff", "86390cb0fffffff", "86390ca37ffffff", "86390cb57ffffff"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}

// TestCellsOfPoints: a cell's polygon holds the points that the cell was made
// of, its centre leads back to it, and neighbours are neighbours of each other.
func TestCellsOfPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		at := Position{r.Float64()*360 - 180, r.Float64()*160 - 80}
		level := 2 + r.Int64N(10)
		hash, _ := Geohash(at, level)
		s2, _ := S2Cell(at, level)
		h3, _ := H3Cell(at, level)
		for _, c := range []struct {
			token     string
			cell      func(Position, int64) (string, bool)
			center    func(string) (Position, bool)
			polygon   func(string) ([][]Position, bool)
			neighbors func(string) ([]string, bool)
		}{
			{hash, Geohash, GeohashCenter, GeohashPolygon, GeohashNeighbors},
			{s2, S2Cell, S2Center, S2Polygon, S2Neighbors},
			{h3, H3Cell, H3Center, H3Polygon, H3Neighbors},
		} {
			center, ok := c.center(c.token)
			back, ok2 := c.cell(center, level)
			if !ok || !ok2 || back != c.token {
				t.Errorf("%s: centre %v is in %s", c.token, center, back)
			}
			if ring, ok := c.polygon(c.token); !ok || len(ring[0]) < 5 || ring[0][0] != ring[0][len(ring[0])-1] {
				t.Errorf("%s: polygon %v", c.token, ring)
			}
			around, ok := c.neighbors(c.token)
			if !ok || len(around) < 5 || slices.Contains(around, c.token) {
				t.Errorf("%s: neighbours %v", c.token, around)
			}
			for _, n := range around {
				if theirs, _ := c.neighbors(n); !slices.Contains(theirs, c.token) {
					t.Errorf("%s is a neighbour of %s, not the other way", n, c.token)
				}
			}
		}
		if s2Ring, _ := S2Polygon(s2); !inside(t, s2Ring, at) {
			t.Errorf("%s does not hold %v", s2, at)
		}
	}
}

func inside(t *testing.T, ring [][]Position, at Position) bool {
	p, ok := NewPolygons([][][]Position{ring})
	if !ok {
		t.Fatalf("not a polygon: %v", ring)
	}
	d, ok := p.Distance(at)
	return ok && d < 1e-6
}

func TestCellLimits(t *testing.T) {
	for _, token := range []string{"", "a", "x", "89c25900000000000", "\x00", "-1"} {
		if _, ok := S2Center(token); ok {
			t.Errorf("S2 %q", token)
		}
		if _, ok := H3Center(token); ok {
			t.Errorf("H3 %q", token)
		}
	}
	if _, ok := GeohashCenter("sunnysunnysunnysunn"); ok {
		t.Error("19 characters")
	}
	if list, ok := H3Children("862a1072fffffff", 11); !ok || len(list) != 16807 {
		t.Errorf("%d children", len(list))
	}
	if _, ok := H3Children("862a1072fffffff", 12); ok {
		t.Error("six levels down")
	}
	if _, ok := H3Parent("8001fffffffffff", -1); ok {
		t.Error("parent of a base cell")
	}
	large := polygons(t, `{"type":"Polygon","coordinates":[[[0,0],[0,50],[100,50],[0,0]]]}`)
	if list, ok := large.S2Cells(5, 0); !ok || len(list) != 286 {
		t.Errorf("%d cells", len(list))
	}
	if _, ok := large.S2Cells(30, 0); ok {
		t.Error("too many cells")
	}
	read, _ := ReadPolygons(`{"type":"Polygon","coordinates":[[[0,0],[0,50],[100,50],[0,0]]]}`)
	if _, ok, err := large.H3Cells(read, 15, 0); ok || err != nil {
		t.Error("too many cells", err)
	}
	line := lines(t, `{"type":"LineString","coordinates":[[0,0],[90,0]]}`)
	if _, ok := line.S2Cells(30, 0); ok {
		t.Error("too many cells")
	}
}

// TestCoverings: every point of a shape, and every point within the radius, is
// in a cell of its covering.
func TestCoverings(t *testing.T) {
	p := polygons(t, `{"type":"Polygon","coordinates":[[[10,10],[11,10],[11,11],[10,10]]]}`)
	r := rand.New(rand.NewPCG(3, 4))
	for _, radius := range []float64{0, 20000} {
		cover, ok := p.S2Cells(10, radius)
		if !ok {
			t.Fatal("no covering")
		}
		for range 2000 {
			at := Position{9.5 + 2*r.Float64(), 9.5 + 2*r.Float64()}
			d, _ := p.Distance(at)
			cell, _ := S2Cell(at, 10)
			if d <= radius && !slices.Contains(cover, cell) {
				t.Errorf("%v, %v m away, is not covered with %v", at, d, radius)
			}
		}
	}
}

func FuzzCells(f *testing.F) {
	f.Add("sunny", int64(3))
	f.Add("89c259", int64(-1))
	f.Add("862a1072fffffff", int64(7))
	f.Fuzz(func(t *testing.T, token string, n int64) {
		for _, neighbors := range []func(string) ([]string, bool){GeohashNeighbors, S2Neighbors, H3Neighbors} {
			list, ok := neighbors(token)
			for i, x := range list {
				if _, again := neighbors(x); !ok || !again || slices.Contains(list[:i], x) {
					t.Errorf("%q: neighbour %q", token, x)
				}
			}
		}
		_, _ = H3Children(token, n)
		_, _ = H3Parent(token, n)
		_, _ = H3Rings(token, n%8)
		_, _ = S2Polygon(token)
	})
}
