package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestRecordedSimplify(t *testing.T) {
	l := lines(t, `{"type":"LineString","coordinates":[[-73.97033169865608,40.789063020152824],[-73.97039607167244,40.78897975920816],[-73.9704617857933,40.78888837512432],[-73.97052884101868,40.7887949601531],[-73.9706052839756,40.788698498903564],[-73.97065222263336,40.78862640672032],[-73.97072866559029,40.78852791445617],[-73.97079303860664,40.788434498977836]]}`)
	if out, ok, err := l.Simplify(10); !ok || err != nil || len(out) != 1 || len(out[0]) != 2 {
		t.Errorf("%v, %v: want the two ends", out, err)
	}
	p := polygons(t, `{"type":"Polygon","coordinates":[[[-73.94885122776031,40.79673476355657],[-73.94885927438736,40.79692258628347],[-73.94887939095497,40.79692055577034],[-73.9488673210144,40.79693476936093],[-73.94888743758202,40.79693476936093],[-73.9488834142685,40.796959135509105],[-73.94890084862709,40.79695304397289],[-73.94906312227248,40.79710736271788],[-73.94923612475395,40.7968708081794],[-73.94885122776031,40.79673476355657]]]}`)
	out, ok, err := p.Simplify(10)
	want := []Position{{-73.948851227760315, 40.796734763556572}, {-73.949063122272477, 40.797107362717881}, {-73.949236124753952, 40.7968708081794}, {-73.948851227760315, 40.796734763556572}}
	if !ok || err != nil || len(out) != 1 || len(out[0][0]) != len(want) {
		t.Fatalf("%v, %v: want %v", out, err, want)
	}
	for i := range want {
		if far(out[0][0][i], want[i]) {
			t.Errorf("vertex %d: %v, want %v", i, out[0][0][i], want[i])
		}
	}
	short := lines(t, `{"type":"LineString","coordinates":[[1.1,1.1],[1.2,1.2]]}`)
	if out, ok, err := short.Simplify(100000); ok || err != nil {
		t.Errorf("%v, %v: want nothing left", out, err)
	}
	for _, tolerance := range []float64{-1, 8e6, math.NaN()} {
		if _, ok, err := short.Simplify(tolerance); ok || err != nil {
			t.Errorf("tolerance %v: %v", tolerance, err)
		}
	}
	if out, ok, err := short.Simplify(0); !ok || err != nil || len(out[0]) != 2 {
		t.Errorf("%v, %v: want the line as it was", out, err)
	}
}

// TestSimplify: vertices are vertices of the input and the tolerance apart,
// and the input stays near.
func TestSimplify(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 11))
		tolerance := math.Pow(10, 2+2*r.Float64())
		var line []Position
		x, y := 10.0, 20.0
		for range 3 + r.IntN(60) {
			line = append(line, Position{x, y})
			x, y = x+0.1*r.Float64()-0.02, y+0.1*r.Float64()-0.04
		}
		l, ok := NewLines([][]Position{line})
		if !ok {
			t.Fatal(line)
		}
		out, ok, err := l.Simplify(tolerance)
		if !ok || err != nil {
			t.Errorf("%d: %v", seed, err)
			continue
		}
		z, ok := NewLines(out)
		if !ok {
			t.Fatalf("%d: not a line: %v", seed, out)
		}
		for _, p := range line {
			if _, d, _ := z.Closest(p); d > 1.1*tolerance+1e-3 {
				t.Errorf("%d: %v is %v away, tolerance %v", seed, p, d, tolerance)
			}
		}
		for _, part := range out {
			for i := 1; i < len(part); i++ {
				if d, _ := Distance(part[i-1], part[i]); d < tolerance*(1-1e-9) {
					t.Errorf("%d: vertices %v apart, tolerance %v", seed, d, tolerance)
				}
			}
		}
		ring := starAround(r, 50, 40, 0.5, 10+r.IntN(30))
		p, ok := NewPolygons([][][]Position{{ring}})
		if !ok {
			continue
		}
		thin, ok, err := p.Simplify(tolerance)
		if err != nil {
			t.Errorf("%d: %v", seed, err)
		}
		if _, valid := NewPolygons(thin); ok && !valid {
			t.Errorf("%d: not a polygon: %v", seed, thin)
		}
	}
}

func TestSimplifyTooLarge(t *testing.T) {
	var many []Position
	for i := range 20000 {
		many = append(many, Position{float64(i) / 200, float64(i%2) / 100})
	}
	l, _ := NewLines([][]Position{many})
	if _, _, err := l.Simplify(1); err != ErrTooLarge {
		t.Errorf("%v", err)
	}
}
