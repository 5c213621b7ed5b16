package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// Snapping thins shapes out: of all vertices a set of sites is chosen that are
// a radius apart, every edge becomes the chain of sites whose Voronoi regions
// (within the radius) it passes, and sites are added where an edge would come
// too near to a site or too far from its input. It follows the S2 library's
// builder, which made the recorded answers; ties that the library decides by
// exact arithmetic are decided by rounding here.
type snapping struct {
	radius     s1.Angle
	reach      s1.ChordAngle // radius
	separation s1.ChordAngle // of sites and edges: half of the radius
	near       s1.ChordAngle // sites of interest to an edge
	deviation  s1.Angle      // the farthest an edge may move
	longest    s1.ChordAngle // an edge that cannot deviate that far

	edges []segment
	sites []s2.Point
	of    [][]int32 // per edge: sites near it, from its start on
	left  int       // pairs of edges and sites that may still be looked at
}

// maxSnapTests bounds the pairs of edges and sites looked at.
const maxSnapTests = 1 << 26

func newSnapping(edges []segment, radius s1.Angle) (*snapping, error) {
	s := &snapping{radius: radius, edges: edges, deviation: 1.1 * radius}
	s.reach = s1.ChordAngleFromAngle(radius)
	s.separation = s1.ChordAngleFromAngle(radius / 2)
	s.near = s1.ChordAngleFromAngle(s.deviation + radius/2)
	s.longest = s1.StraightChordAngle
	if sin := math.Sin(s.deviation.Radians()); sin > 0 {
		s.longest = s1.ChordAngleFromAngle(s1.Angle(2 * math.Acos(math.Sin(radius.Radians())/sin)))
	}
	if len(edges) > maxEdges {
		return nil, ErrTooLarge
	}
	s.chooseSites()
	s.left = maxSnapTests - len(edges)*len(s.sites)
	if s.left < 0 {
		return nil, ErrTooLarge
	}
	s.of = make([][]int32, len(edges))
	for e := range edges {
		for i := range s.sites {
			s.consider(e, int32(i))
		}
		s.sortFrom(e)
	}
	if radius > 0 {
		s.addSites()
	}
	if s.left < 0 {
		return nil, ErrTooLarge
	}
	return s, nil
}

// chooseSites takes vertices in the order of their leaf cells, but for those
// within the radius of one taken before.
func (s *snapping) chooseSites() {
	var all []s2.Point
	for _, e := range s.edges {
		all = append(all, e.a, e.b)
	}
	slices.SortFunc(all, func(p, q s2.Point) int { return cmp.Or(compareCells(p, q), p.Cmp(q.Vector)) })
	all = slices.Compact(all)
	size := max(math.Sqrt(float64(s.reach)), 1e-15)
	grid := map[[3]int64][]int32{}
	cell := func(p s2.Point) [3]int64 {
		return [3]int64{int64(math.Floor(p.X / size)), int64(math.Floor(p.Y / size)), int64(math.Floor(p.Z / size))}
	}
	for _, p := range all {
		at := cell(p)
		if s.radius > 0 && s.crowded(grid, at, p) {
			continue
		}
		grid[at] = append(grid[at], int32(len(s.sites)))
		s.sites = append(s.sites, p)
	}
}

func (s *snapping) crowded(grid map[[3]int64][]int32, at [3]int64, p s2.Point) bool {
	for dx := int64(-1); dx <= 1; dx++ {
		for dy := int64(-1); dy <= 1; dy++ {
			for dz := int64(-1); dz <= 1; dz++ {
				for _, i := range grid[[3]int64{at[0] + dx, at[1] + dy, at[2] + dz}] {
					if s2.CompareDistance(p, s.sites[i], s.reach) <= 0 {
						return true
					}
				}
			}
		}
	}
	return false
}

// distanceTo is the distance of a point to an edge.
func distanceTo(p, a, b s2.Point) s1.ChordAngle {
	d, _ := s2.UpdateMinDistance(p, a, b, s1.InfChordAngle())
	return d
}

// consider lists a site with an edge it is near to.
func (s *snapping) consider(e int, site int32) bool {
	x, edge := s.sites[site], s.edges[e]
	if distanceTo(x, edge.a, edge.b) > s.near {
		return false
	}
	s.of[e] = append(s.of[e], site)
	return true
}

func (s *snapping) sortFrom(e int) {
	a := s.edges[e].a
	slices.SortFunc(s.of[e], func(i, j int32) int {
		return cmp.Or(s2.CompareDistances(a, s.sites[i], s.sites[j]), cmp.Compare(i, j))
	})
}

// chain is the sites that an edge is replaced by.
func (s *snapping) chain(e int) []int32 {
	x, y := s.edges[e].a, s.edges[e].b
	var chain []int32
	for _, site := range s.of[e] {
		c := s.sites[site]
		if distanceTo(c, x, y) > s.reach {
			continue
		}
		add := true
		for len(chain) > 0 {
			b := s.sites[chain[len(chain)-1]]
			if s.apart(b, c) {
				break
			}
			first, second := s.excluded(b, c, x, y)
			if first {
				chain = chain[:len(chain)-1]
				continue
			}
			if second {
				add = false
				break
			}
			if len(chain) < 2 || !s.hidden(s.sites[chain[len(chain)-2]], b, c, x, y) {
				break
			}
			chain = chain[:len(chain)-1]
		}
		if add {
			chain = append(chain, site)
		}
	}
	return chain
}

// apart reports sites so far from each other that their regions cannot meet.
func (s *snapping) apart(a, b s2.Point) bool {
	return s2.ChordAngleBetweenPoints(a, b) >= s1.ChordAngleFromAngle(min(2*s.radius, math.Pi)).Expanded(1e-15)
}

// excluded tells whether of two sites, the first nearer to x, one covers all
// of the edge xy that the other covers within the radius. Each covers an
// interval; their half-widths, less the distance of their middles, decide.
func (s *snapping) excluded(a, b, x, y s2.Point) (first, second bool) {
	if s2.CompareDistances(y, a, b) < 0 {
		return false, true // a is nearer to all of the edge
	}
	n := x.Sub(y.Vector).Cross(x.Add(y.Vector))
	n2 := n.Norm2()
	onNormal := func(p s2.Point) float64 {
		end := x
		if p.Sub(y.Vector).Norm2() < p.Sub(x.Vector).Norm2() {
			end = y
		}
		return p.Sub(end.Vector).Dot(n)
	}
	an, bn := onNormal(a), onNormal(b)
	sin2 := s.reach.Sin2()
	ra, rb := math.Sqrt(max(0, n2*sin2-an*an)), math.Sqrt(max(0, n2*sin2-bn*bn))
	wider := s.reach.Cos() * (rb - ra)
	between := 0.5 * a.Sub(b.Vector).Cross(a.Add(b.Vector)).Dot(n)
	if math.Abs(wider) < between {
		return false, false
	}
	if between < 0 { // the edge is so long that they are on different ends
		ca, cb := s2.CompareDistance(a, x, s1.RightChordAngle), s2.CompareDistance(b, y, s1.RightChordAngle)
		if ca < 0 && cb < 0 {
			return false, false
		}
		return ca > 0, ca <= 0
	}
	if a.Dot(b.Vector)*n2-an*bn < 0 {
		return false, false
	}
	return wider > 0, wider <= 0
}

// hidden tells whether the regions of a and c meet before the edge xy reaches
// that of b between them: the point equally far from all three lies beyond
// the edge.
func (s *snapping) hidden(a, b, c, x, y s2.Point) bool {
	if s.apart(a, c) {
		return false
	}
	side := s2.RobustSign(x, y, b)
	turn := s2.RobustSign(a, b, c)
	if turn == side {
		return false
	}
	centre := b.Sub(a.Vector).Cross(c.Sub(b.Vector))
	if centre.Dot(a.Vector) < 0 {
		centre = centre.Mul(-1)
	}
	where := x.Sub(y.Vector).Cross(x.Add(y.Vector)).Dot(centre)
	return where > 0 == (side == s2.CounterClockwise) && where != 0
}

// addSites adds sites until no snapped edge passes too near to a site that is
// not its own, or strays too far from its input.
func (s *snapping) addSites() {
	todo := make([]int, len(s.edges))
	for e := range todo {
		todo[e] = e
	}
	for len(todo) > 0 {
		again := map[int]bool{}
		for _, e := range todo {
			delete(again, e)
			s.separate(e, again)
		}
		todo = todo[:0]
		for e := range again {
			todo = append(todo, e)
		}
		slices.Sort(todo)
		if s.left < 0 {
			return
		}
	}
}

func (s *snapping) separate(e int, again map[int]bool) {
	chain := s.chain(e)
	near := slices.Clone(s.of[e])
	for i, j := 0, 0; j < len(near) && i < len(chain); j++ {
		site := near[j]
		if site == chain[i] {
			if i++; i == 1 || i == len(chain) && i < 2 {
				continue
			}
			v0, v1 := s.sites[chain[i-2]], s.sites[chain[i-1]]
			edge := s.edges[e]
			if s2.ChordAngleBetweenPoints(v0, v1) >= s.longest && !s.follows(edge.a, edge.b, v0, v1) {
				p, q := s2.Project(v0, edge.a, edge.b), s2.Project(v1, edge.a, edge.b)
				s.addSite(s.gap(s2.Point{Vector: p.Add(q.Vector).Normalize()}, v0, v1, e), again)
				return
			}
			continue
		}
		if i == 0 {
			continue
		}
		v0, v1 := s.sites[chain[i-1]], s.sites[chain[i]]
		if distanceTo(s.sites[site], v0, v1) < s.separation {
			s.addSite(s.gap(s.sites[site], v0, v1, e), again)
			for j+1 < len(near) && near[j+1] != chain[i] {
				j++
			}
		}
	}
}

// follows reports an edge that nowhere is farther than allowed from another.
func (s *snapping) follows(a0, a1, b0, b1 s2.Point) bool {
	if s2.DistanceFromSegment(b0, a0, a1) > s.deviation || s2.DistanceFromSegment(b1, a0, a1) > s.deviation {
		return false
	}
	between := a0.PointCross(a1).Vector.Angle(b0.PointCross(b1).Vector)
	if between <= s.deviation {
		return true
	}
	// The planes part by more than that: the farthest place is inside the edge
	// if the edge passes the place where it is farthest from the other's plane.
	n := b0.PointCross(b1)
	far := s2.Point{Vector: n.Cross(a0.PointCross(a1).Cross(n.Vector)).Normalize()}
	for _, p := range [2]s2.Point{far, antipode(far)} {
		if s2.DistanceFromSegment(p, b0, b1) < 1e-14 && s2.DistanceFromSegment(p, a0, a1) > s.deviation {
			return false
		}
	}
	return true
}

// gap is a place for a new site on an edge, as near as possible to the site
// to avoid, in the part that neither v0 nor v1 covers.
func (s *snapping) gap(avoid, v0, v1 s2.Point, e int) s2.Point {
	x, y := s.edges[e].a, s.edges[e].b
	along := y.Sub(x.Vector)
	n := x.PointCross(y)
	site := s2.Project(avoid, x, y)
	lo, hi := s.covered(v0, n), s.covered(v1, antipode(n))
	switch {
	case site.Sub(lo.Vector).Dot(along) < 0:
		return lo
	case hi.Sub(site.Vector).Dot(along) < 0:
		return hi
	}
	return site
}

// covered is where the plane with normal n leaves the disc about p.
func (s *snapping) covered(p, n s2.Point) s2.Point {
	n2, np := n.Norm2(), n.Dot(p.Vector)
	sin2 := math.Sin(s.radius.Radians()) * math.Sin(s.radius.Radians())
	middle := p.Mul(n2).Sub(n.Mul(np)).Mul(math.Sqrt(1 - sin2))
	return s2.Point{Vector: middle.Add(n.Cross(p.Vector).Mul(math.Sqrt(max(0, sin2*n2-np*np)))).Normalize()}
}

func (s *snapping) addSite(p s2.Point, again map[int]bool) {
	if s.left -= len(s.edges); s.left < 0 || slices.Contains(s.sites, p) {
		return
	}
	id := int32(len(s.sites))
	s.sites = append(s.sites, p)
	for e := range s.edges {
		if s.consider(e, id) {
			s.sortFrom(e)
			again[e] = true
		}
	}
}
