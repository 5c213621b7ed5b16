package geo

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/golang/geo/s2"
)

// starAround is a ring round a centre; spikes far out and near make many crossings.
func starAround(r *rand.Rand, x, y, size float64, n int) []Position {
	var out []Position
	for i := range n {
		a := 2 * math.Pi * (float64(i) + r.Float64()*0.8) / float64(n)
		d := size * (0.2 + r.Float64())
		out = append(out, Position{x + d*math.Cos(a), y + d*math.Sin(a)})
	}
	return append(out, out[0])
}

func area(t *testing.T, shape [][][]Position) float64 {
	t.Helper()
	if len(shape) == 0 {
		return 0
	}
	sum := 0.0
	for _, polygon := range shape {
		p, ok := newPolygon(polygon)
		if !ok {
			t.Fatalf("not a polygon: %v", polygon)
		}
		sum += p.Area()
	}
	return sum
}

// TestUnionAndIntersection: together they are as large as the operands, and
// a point is in them as it is in the operands.
func TestUnionAndIntersection(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		var pair [2]*Polygons
		for k := range pair {
			ring := starAround(r, 10+2*r.Float64(), 40+2*r.Float64(), 1.5, 3+r.IntN(8))
			if seed%2 == 0 { // edges shared and vertices touching
				x, y := float64(r.IntN(4)), float64(r.IntN(4))
				w, h := x+1+float64(r.IntN(2)), y+1+float64(r.IntN(2))
				ring = []Position{{x, y}, {w, y}, {w, h}, {x, h}, {x, y}}
			}
			p, ok := NewPolygons([][][]Position{{ring}})
			if !ok {
				continue
			}
			pair[k] = p
		}
		if pair[0] == nil || pair[1] == nil {
			continue
		}
		union, err := Union(pair[:])
		if err != nil {
			t.Errorf("%d: %v", seed, err)
			continue
		}
		shared, err := IntersectPolygons(pair[0], pair[1])
		if err != nil {
			t.Errorf("%d: %v", seed, err)
			continue
		}
		want := pair[0].parts[0].Area() + pair[1].parts[0].Area()
		if got := area(t, union) + area(t, shared.polygons); math.Abs(got-want) > 1e-9*want {
			t.Errorf("%d: union and intersection have %v, operands %v", seed, got, want)
		}
		u, _ := NewPolygons(union)
		for range 50 {
			at := Position{10 + 4*r.Float64(), 38 + 6*r.Float64()}
			a, _ := pair[0].Contains(at)
			b, _ := pair[1].Contains(at)
			if in, _ := u.Contains(at); in != (a || b) {
				t.Errorf("%d: %v in the union: %v", seed, at, in)
			}
		}
	}
}

// TestRecordedUnion pins where the engine starts a ring.
func TestRecordedUnion(t *testing.T) {
	a := polygons(t, `{"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807,40.80068],[-73.98201,40.76825],[-73.97317,40.76455],[-73.9495,40.7969]]]}`)
	b := polygons(t, `{"type":"Polygon","coordinates":[[[-73.94622,40.79249],[-73.96888,40.79282],[-73.9577,40.7789],[-73.94622,40.79249]]]}`)
	c := polygons(t, `{"type":"Polygon","coordinates":[[[-73.97335,40.77274],[-73.9936,40.76630],[-73.97171,40.75655],[-73.97335,40.77274]]]}`)
	for _, want := range []struct {
		of    []*Polygons
		n     int
		first Position
	}{
		{[]*Polygons{a, b}, 12, Position{-73.9495, 40.7969}},
		{[]*Polygons{a, b, c}, 14, Position{-73.97259932672961, 40.76533037190299}},
	} {
		u, err := Union(want.of)
		if err != nil || len(u) != 1 || len(u[0]) != 1 || len(u[0][0]) != want.n || far(u[0][0][0], want.first) {
			t.Errorf("%v, %v", u, err)
		}
	}
}

func far(a, b Position) bool { return math.Abs(a.Lng-b.Lng)+math.Abs(a.Lat-b.Lat) > 1e-10 }

func TestHolesAndIslands(t *testing.T) {
	frame := polygons(t, `{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[8,1],[8,8],[1,8],[1,1]]]}`)
	island := polygons(t, `{"type":"Polygon","coordinates":[[[3,3],[5,3],[5,5],[3,5],[3,3]],[[3.5,3.5],[4,3.5],[4,4],[3.5,3.5]]]}`)
	u, err := Union([]*Polygons{frame, island})
	if err != nil || len(u) != 2 || len(u[0]) != 2 || len(u[1]) != 2 {
		t.Errorf("%v, %v: want two polygons with a hole each", u, err)
	}
	lid := polygons(t, `{"type":"Polygon","coordinates":[[[0.5,0.5],[8.5,0.5],[8.5,8.5],[0.5,8.5],[0.5,0.5]]]}`)
	u, err = Union([]*Polygons{frame, lid})
	if err != nil || len(u) != 1 || len(u[0]) != 1 {
		t.Errorf("%v, %v: want one polygon without holes", u, err)
	}
}

func TestShared(t *testing.T) {
	square := polygons(t, `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}`)
	for _, c := range []struct{ line, kind string }{
		{`[[-1,1],[3,1]]`, "LineString"}, {`[[-1,-1],[0,0],[-1,1]]`, "Point"}, {`[[5,5],[6,6]]`, "GeometryCollection"},
		{`[[0,0],[2,0]]`, "LineString"}, {`[[-1,1],[3,1],[3,1.5],[-1,1.5]]`, "MultiLineString"},
	} {
		s, err := IntersectLineWithPolygon(lines(t, `{"type":"LineString","coordinates":`+c.line+`}`), square)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(s.AppendJSON(nil)); got[:9+len(c.kind)] != `{"type":"`+c.kind {
			t.Errorf("%s: %s, want a %s", c.line, got, c.kind)
		}
	}
	next := polygons(t, `{"type":"Polygon","coordinates":[[[2,0],[4,0],[4,2],[2,2],[2,0]]]}`)
	if s, err := IntersectPolygons(square, next); err != nil || len(s.lines) != 1 || len(s.points)+len(s.polygons) != 0 {
		t.Errorf("%+v, %v: want the shared edge", s, err)
	}
}

func TestUniteLines(t *testing.T) {
	a := lines(t, `{"type":"LineString","coordinates":[[0,0],[1,1],[2,0]]}`)
	b := lines(t, `{"type":"LineString","coordinates":[[1,1],[2,0],[3,0]]}`)
	u, err := UniteLines([]*Lines{a, b, b})
	if err != nil || len(u) != 1 || len(u[0]) != 4 {
		t.Errorf("%v, %v: want one line of four points", u, err)
	}
	fork := lines(t, `{"type":"LineString","coordinates":[[2,0],[2,-1]]}`)
	if u, err := UniteLines([]*Lines{a, b, fork}); err != nil || len(u) != 3 {
		t.Errorf("%v, %v: want three lines", u, err)
	}
	loop := lines(t, `{"type":"LineString","coordinates":[[0,0],[1,1],[2,0],[0,0]]}`)
	if u, err := UniteLines([]*Lines{loop, loop}); err != nil || len(u) != 1 || len(u[0]) != 4 {
		t.Errorf("%v, %v: want the loop", u, err)
	}
	both := lines(t, `{"type":"MultiLineString","coordinates":[[[0,0],[1,0]],[[1,0],[0,0]],[[0,0],[1,0]]]}`)
	if n, err := both.Length(); err != nil || math.Abs(n-111195.1) > 0.1 {
		t.Errorf("%v, %v: want the length once", n, err)
	}
}

// TestBuffers: the boundary keeps its distance within the tolerance, and the
// shape is inside.
func TestBuffers(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 9))
		radius := math.Pow(10, 2+3*r.Float64())
		tolerance := radius / (5 + 100*r.Float64())
		var out [][][]Position
		var ok bool
		var err error
		distance := func(Position) float64 { return 0 }
		at := starAround(r, 20, -30, 1, 3+r.IntN(6))
		switch seed % 3 {
		case 0:
			out, ok, err = PointBuffer(at[0], radius, tolerance)
			distance = func(p Position) float64 { d, _ := Distance(p, at[0]); return d }
		case 1:
			l, valid := NewLines([][]Position{at})
			if !valid {
				continue
			}
			out, ok, err = l.Buffer(radius, tolerance)
			distance = func(p Position) float64 { _, d, _ := l.Closest(p); return d }
		case 2:
			p, valid := NewPolygons([][][]Position{{at}})
			if !valid {
				continue
			}
			out, ok, err = p.Buffer(radius, tolerance)
			distance = func(x Position) float64 { d, _ := p.Distance(x); return d }
		}
		if !ok || err != nil {
			t.Errorf("%d: %v, %v", seed, ok, err)
			continue
		}
		for _, polygon := range out {
			for _, ring := range polygon {
				for _, p := range ring {
					if d := distance(p); math.Abs(d-radius) > tolerance+1e-3 {
						t.Errorf("%d: %v is %v from the shape, want %v with a tolerance of %v", seed, p, d, radius, tolerance)
					}
				}
			}
		}
		grown, valid := NewPolygons(out)
		if in, _ := grown.Contains(at[0]); !valid || !in {
			t.Errorf("%d: the shape is not in its buffer", seed)
		}
	}
}

func TestBufferSizes(t *testing.T) {
	for _, c := range [][2]float64{{0, 10}, {-1, 10}, {10, 0}, {math.NaN(), 1}, {math.Inf(1), 1}, {1e6, 0.5}, {3e7, 10}} {
		if _, ok, err := PointBuffer(Position{1, 1}, c[0], c[1]); ok || err != nil {
			t.Errorf("radius %v, tolerance %v: %v", c[0], c[1], err)
		}
	}
	if out, ok, err := PointBuffer(Position{1, 1}, 5, 10); !ok || err != nil || len(out[0][0]) != 4 {
		t.Errorf("%v, %v: want a triangle", out, err)
	}
}

func TestTooLarge(t *testing.T) {
	var zigzag []s2.Point
	for i := range maxEdges + 2 {
		zigzag = append(zigzag, Position{float64(i) / 1000, float64(i % 2)}.point())
	}
	if _, err := newOverlay(path(nil, 0, zigzag), [2]int32{}); err != ErrTooLarge {
		t.Errorf("%v", err)
	}
	l := &Lines{parts: [][]s2.Point{zigzag}}
	if _, _, err := l.Buffer(100, 0.001); err != ErrTooLarge {
		t.Errorf("%v", err)
	}
}

// TestPrecise: sine and cosine agree with the standard library's to its
// precision, and multiples of an eighth come back as they were.
func TestPrecise(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 10000 {
		x := (r.Float64() - 0.5) * 13
		sin, cos := sincos(x)
		if math.Abs(sin.hi-math.Sin(x)) > 3e-16 || math.Abs(cos.hi-math.Cos(x)) > 3e-16 {
			t.Fatalf("sincos(%v) is %v, %v", x, sin.hi, cos.hi)
		}
	}
	exact := 0
	for lng := -180.0; lng <= 180; lng++ {
		for _, lat := range []float64{-89, -45.5, 0, 10.25, 60} {
			if p := position(Position{lng, lat}.point()); p == (Position{lng, lat}) {
				exact++
			} else if far(p, Position{lng, lat}) {
				t.Errorf("%v %v comes back as %v", lng, lat, p)
			}
		}
	}
	if exact < 361*5/3 {
		t.Errorf("only %d of %d come back exactly", exact, 361*5)
	}
	if !slices.Equal(positions([]s2.Point{Position{50, 50}.point()}), []Position{{50, 50}}) {
		t.Error("50, 50 is recorded to come back")
	}
}
