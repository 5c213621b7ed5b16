package geo

import (
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// window is the range of directions from a point in which a longer edge may
// leave.
type window struct {
	from    s2.Point
	x, y    s2.Point // directions from there
	full    bool
	lo, hi  float64 // the range goes from lo counterclockwise to hi
	empty   bool
	waiting []sector // to be avoided once the range is less than all round
}

type sector struct {
	lo, hi float64
	left   bool
}

func newWindow(p s2.Point) window {
	y := s2.Ortho(p)
	return window{from: p, y: y, x: s2.Point{Vector: y.Cross(p.Vector)}, full: true}
}

func (w *window) direction(p s2.Point) float64 {
	return math.Atan2(p.Dot(w.y.Vector), p.Dot(w.x.Vector))
}

// halfWidth is half the angle under which a disc is seen; π from inside it.
func (w *window) halfWidth(p s2.Point, r s1.ChordAngle) float64 {
	away := s2.ChordAngleBetweenPoints(w.from, p)
	if away <= r {
		return math.Pi
	}
	return math.Asin(math.Sqrt(min(1, r.Sin2()/away.Sin2())))
}

// around brings an angle into [0, 2π).
func around(a float64) float64 { return fullTurn(a) }

func (s sector) holds(a float64) bool { return around(a-s.lo) <= around(s.hi-s.lo) }

func (w *window) holds(a float64) bool {
	return !w.empty && (w.full || sector{w.lo, w.hi, false}.holds(a))
}

// allows reports a direction in the window, to a point not too far.
func (w *window) allows(p s2.Point) bool {
	if s2.ChordAngleBetweenPoints(w.from, p) > s1.RightChordAngle {
		return false
	}
	a := w.direction(p)
	for _, s := range w.waiting {
		if s.holds(a) {
			return false
		}
	}
	return w.holds(a)
}

// hit keeps the directions in which a disc is passed.
func (w *window) hit(p s2.Point, r s1.ChordAngle) bool {
	half := w.halfWidth(p, r)
	if half >= math.Pi {
		return !w.empty
	}
	centre := w.direction(p)
	w.meet(sector{centre - half, centre + half, false})
	for _, s := range w.waiting {
		w.cut(s)
	}
	w.waiting = nil
	return !w.empty
}

// miss keeps the directions in which a disc is passed on its side.
func (w *window) miss(p s2.Point, r s1.ChordAngle, left bool) bool {
	half := w.halfWidth(p, r)
	if half >= math.Pi {
		w.empty = true
		return false
	}
	centre := w.direction(p)
	s := sector{centre - math.Pi/2, centre + half, left}
	if left {
		s = sector{centre - half, centre + math.Pi/2, left}
	}
	if w.full {
		w.waiting = append(w.waiting, s)
		return true
	}
	w.cut(s)
	return !w.empty
}

// meet intersects the window with a sector; both are at most half a turn.
func (w *window) meet(s sector) {
	switch own := (sector{w.lo, w.hi, false}); {
	case w.empty:
	case w.full:
		w.full, w.lo, w.hi = false, s.lo, s.hi
	default:
		loIn, hiIn := own.holds(s.lo), own.holds(s.hi)
		switch {
		case loIn && hiIn:
			w.lo, w.hi = s.lo, s.hi
		case loIn:
			w.lo = s.lo
		case hiIn:
			w.hi = s.hi
		case !s.holds(w.lo):
			w.empty = true
		}
	}
}

// cut takes a sector away. If it lies inside the window the part beyond the
// disc remains, as the other one leads back.
func (w *window) cut(s sector) {
	if w.empty {
		return
	}
	own := sector{w.lo, w.hi, false}
	loIn, hiIn := own.holds(s.lo), own.holds(s.hi)
	switch {
	case loIn && hiIn && s.left:
		w.hi = s.lo
	case loIn && hiIn:
		w.lo = s.hi
	case loIn:
		w.hi = s.lo
	case hiIn:
		w.lo = s.hi
	case s.holds(w.lo):
		w.empty = true
	}
}
