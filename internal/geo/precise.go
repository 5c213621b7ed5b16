package geo

import (
	"math"

	"github.com/golang/geo/s2"
)

// Coordinates go through unit vectors and back, and the rounding of that shows
// in the last digit of what is written. The engine's sine, cosine and
// arctangent are rounded almost always to the nearest number, those of Go's
// standard library less often. So points are made and read here with twice
// the precision and rounded once.

// pair is a number as an unevaluated sum of two.
type pair struct{ hi, lo float64 }

func sum(a, b float64) pair {
	s := a + b
	t := s - a
	return pair{s, (a - (s - t)) + (b - t)}
}

func product(a, b float64) pair {
	p := a * b
	return pair{p, math.FMA(a, b, -p)}
}

func (x pair) add(y pair) pair {
	s := sum(x.hi, y.hi)
	t := sum(x.lo, y.lo)
	s = sum(s.hi, s.lo+t.hi)
	return sum(s.hi, s.lo+t.lo)
}

func (x pair) times(y pair) pair {
	p := product(x.hi, y.hi)
	return sum(p.hi, p.lo+(float64(x.hi*y.lo)+float64(x.lo*y.hi)))
}

func (x pair) neg() pair { return pair{-x.hi, -x.lo} }

// A turn is cut into 128 steps. stepParts is the step, π/64, in two parts.
const steps = 128

var stepParts = [2]float64{0.04908738521234052, 1.9135106236677394e-18}

// sines are the sines of whole steps.
var sines = tabulate()

func tabulate() (out [steps]pair) {
	for k := range out {
		// By the addition theorem from the eighth turn that is nearest, with
		// a series of the rest: twice the precision needs 14 terms at most.
		x := product(float64(k), stepParts[0]).add(product(float64(k), stepParts[1]))
		switch {
		case k > steps/2:
			out[k] = out[k-steps/2].neg()
		case k > steps/4:
			out[k] = out[steps/2-k]
		default:
			out[k] = series(x)
		}
	}
	return out
}

// series is the sine of an angle up to π/2.
func series(x pair) pair {
	x2 := x.times(x)
	term, total := x, x
	for n := 3.0; n < 33; n += 2 {
		term = over(term.times(x2), n*(n-1)).neg()
		total = total.add(term)
	}
	return total
}

// over divides by a whole number.
func over(x pair, d float64) pair {
	q := x.hi / d
	rest := x.add(product(q, d).neg())
	return sum(q, rest.hi/d)
}

// sincos is for angles of a few turns: a step of the table, and a rest so
// small that all but the first terms of its series can be plain numbers.
func sincos(x float64) (sin, cos pair) {
	k := math.Round(x / stepParts[0])
	r := sum(x, 0).add(product(-k, stepParts[0])).add(product(-k, stepParts[1]))
	h := r.hi * r.hi
	s := sum(r.hi, r.lo-r.hi*h*(1.0/6-h*(1.0/120-h*(1.0/5040-h/362880))))
	c := product(r.hi, r.hi) // the cosine is 1-c
	c = sum(c.hi/2, c.lo/2+r.hi*r.lo-h*h*(1.0/24-h*(1.0/720-h/40320)))
	i := uint(int(k))
	sinK, cosK := sines[i%steps], sines[(i+steps/4)%steps]
	sin = sinK.add(cosK.times(s)).add(sinK.times(c).neg())
	cos = cosK.add(sinK.times(s).neg()).add(cosK.times(c).neg())
	return sin, cos
}

// atan2 corrects the library's result by how far it points beside (x, y).
func atan2(y, x float64) float64 {
	a := math.Atan2(y, x)
	if a == 0 || x == 0 || y == 0 {
		return a
	}
	sin, cos := sincos(a)
	beside := pair{hi: y}.times(cos).add(pair{hi: x}.times(sin).neg())
	along := x*cos.hi + y*sin.hi
	return a + beside.hi/along
}

const (
	radian = 57.29577951308232    // degrees
	degree = 0.017453292519943295 // radians
)

func (p Position) point() s2.Point {
	sinLat, cosLat := sincos(p.Lat * degree)
	sinLng, cosLng := sincos(p.Lng * degree)
	var out s2.Point
	out.X, out.Y, out.Z = cosLng.hi*cosLat.hi, sinLng.hi*cosLat.hi, sinLat.hi
	return out
}

func position(p s2.Point) Position {
	flat := math.Sqrt(float64(p.X*p.X) + float64(p.Y*p.Y))
	return Position{Lng: atan2(p.Y+0, p.X+0) * radian, Lat: atan2(p.Z+0, flat) * radian}
}
