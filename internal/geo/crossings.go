package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/golang/geo/s2"
)

// maxPairs bounds the pairs of edges looked at.
const maxPairs = 1 << 26

// crossings finds, per segment, the points at which to cut it: where it
// crosses another, and ends of others that lie on it but for rounding. Lines
// of one operand do not cut each other.
//
// It is a sweep along the axis on which the edges are most spread out: only
// edges whose boxes overlap are compared.
func crossings(segments []segment) ([][]s2.Point, error) {
	boxes := make([]box, len(segments))
	for i, s := range segments {
		boxes[i] = boxOf(s.a, s.b)
	}
	axis := widest(segments)
	order := make([]int32, len(segments))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return cmp.Compare(boxes[i].lo[axis], boxes[j].lo[axis]) })
	splits := make([][]s2.Point, len(segments))
	var active []int32
	pairs := 0
	for _, j := range order {
		kept := active[:0]
		for _, i := range active {
			if boxes[i].hi[axis] < boxes[j].lo[axis] {
				continue
			}
			kept = append(kept, i)
			if pairs++; boxes[i].overlaps(&boxes[j]) {
				meet(segments, splits, min(i, j), max(i, j))
			}
		}
		active = append(kept, j)
		if pairs > maxPairs {
			return nil, ErrTooLarge
		}
	}
	return splits, nil
}

// meet records where segments i and j cut each other.
func meet(segments []segment, splits [][]s2.Point, i, j int32) {
	s, t := &segments[i], &segments[j]
	if s.open && t.open && s.operand == t.operand {
		return // lines may cross themselves
	}
	if s2.CrossingSign(s.a, s.b, t.a, t.b) == s2.Cross {
		x := s2.Intersection(s.a, s.b, t.a, t.b)
		splits[i] = append(splits[i], x)
		splits[j] = append(splits[j], x)
	}
	for _, p := range [2]s2.Point{t.a, t.b} {
		if touches(p, s) {
			splits[i] = append(splits[i], p)
		}
	}
	for _, p := range [2]s2.Point{s.a, s.b} {
		if touches(p, t) {
			splits[j] = append(splits[j], p)
		}
	}
}

// touches reports a point within rounding of a segment's inside.
func touches(p s2.Point, s *segment) bool {
	if p == s.a || p == s.b {
		return false
	}
	if near := s.a.Cross(s.b.Vector); math.Abs(near.Dot(p.Vector)) > 4*mergeRadius*near.Norm() {
		return false
	}
	return s2.DistanceFromSegment(p, s.a, s.b).Radians() <= mergeRadius+crossingError
}

// box bounds a geodesic edge in space.
type box struct{ lo, hi [3]float64 }

func boxOf(a, b s2.Point) box {
	half2 := a.Sub(b.Vector).Norm2() / 4
	bulge := 1 - math.Sqrt(max(0, 1-half2)) + 4*mergeRadius
	var x box
	for k, pair := range [3][2]float64{{a.X, b.X}, {a.Y, b.Y}, {a.Z, b.Z}} {
		x.lo[k] = min(pair[0], pair[1]) - bulge
		x.hi[k] = max(pair[0], pair[1]) + bulge
	}
	return x
}

func (x *box) overlaps(y *box) bool {
	for k := range 3 {
		if x.lo[k] > y.hi[k] || y.lo[k] > x.hi[k] {
			return false
		}
	}
	return true
}

// widest is the axis along which the segments' ends spread most.
func widest(segments []segment) int {
	var lo, hi [3]float64
	for i, s := range segments {
		for k, c := range [3]float64{s.a.X, s.a.Y, s.a.Z} {
			if i == 0 || c < lo[k] {
				lo[k] = c
			}
			if i == 0 || c > hi[k] {
				hi[k] = c
			}
		}
	}
	best := 0
	for k := 1; k < 3; k++ {
		if hi[k]-lo[k] > hi[best]-lo[best] {
			best = k
		}
	}
	return best
}

// vertices numbers points, those within mergeRadius of each other alike.
type vertices struct {
	points []s2.Point
	exact  map[s2.Point]int32
	grid   map[[3]int64][]int32
}

func newVertices() *vertices {
	return &vertices{exact: map[s2.Point]int32{}, grid: map[[3]int64][]int32{}}
}

// gridSize is large against mergeRadius: a point is filed in its cell, and
// looked for in the few that its neighbourhood touches.
const gridSize = 1e-12

func (v *vertices) id(p s2.Point) int32 {
	if id, ok := v.exact[p]; ok {
		return id
	}
	var lo, hi [3]int64
	for k, c := range [3]float64{p.X, p.Y, p.Z} {
		lo[k], hi[k] = int64(math.Floor((c-mergeRadius)/gridSize)), int64(math.Floor((c+mergeRadius)/gridSize))
	}
	for x := lo[0]; x <= hi[0]; x++ {
		for y := lo[1]; y <= hi[1]; y++ {
			for z := lo[2]; z <= hi[2]; z++ {
				for _, id := range v.grid[[3]int64{x, y, z}] {
					if v.points[id].Sub(p.Vector).Norm2() <= mergeRadius*mergeRadius {
						v.exact[p] = id
						return id
					}
				}
			}
		}
	}
	id := int32(len(v.points))
	v.points = append(v.points, p)
	v.exact[p] = id
	cell := [3]int64{int64(math.Floor(p.X / gridSize)), int64(math.Floor(p.Y / gridSize)), int64(math.Floor(p.Z / gridSize))}
	v.grid[cell] = append(v.grid[cell], id)
	return id
}
