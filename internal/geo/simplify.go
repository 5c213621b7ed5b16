package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/golang/geo/s2"
)

// maxTolerance is the largest tolerance of simplifying, 70 degrees.
const maxTolerance = 70 * math.Pi / 180 * earthRadius

// ValidSimplifyTolerance reports a tolerance in metres.
func ValidSimplifyTolerance(metres float64) bool { return metres >= 0 && metres <= maxTolerance }

// simplifier replaces chains of snapped edges by longer edges that still pass
// every input vertex within the radius and every other site at a distance.
type simplifier struct {
	*snapping
	graph    []link
	from     map[int32][]int32 // links by their first site
	into     map[int32][]int32
	snapped  map[int32][]s2.Point // site -> the input vertices it stands for
	interior map[int32]bool
	used     []bool
	out      []link
}

// link is a snapped edge: two sites, and the first input edge it is for.
type link struct {
	a, b  int32
	id    int32
	input int // any input edge that snapped to it
}

func newSimplifier(s *snapping) *simplifier {
	z := &simplifier{snapping: s, from: map[int32][]int32{}, into: map[int32][]int32{}, snapped: map[int32][]s2.Point{}, interior: map[int32]bool{}}
	for e, edge := range s.edges {
		chain := s.chain(e)
		if len(chain) == 0 {
			continue
		}
		z.stand(chain[0], edge.a)
		if len(chain) > 1 {
			z.stand(chain[len(chain)-1], edge.b)
		}
		for i := 1; i < len(chain); i++ {
			z.graph = append(z.graph, link{chain[i-1], chain[i], int32(e), e})
		}
	}
	slices.SortStableFunc(z.graph, func(p, q link) int { return cmp.Or(cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b)) })
	z.used = make([]bool, len(z.graph))
	for i, l := range z.graph {
		z.from[l.a] = append(z.from[l.a], int32(i))
		z.into[l.b] = append(z.into[l.b], int32(i))
	}
	for v := range z.from {
		z.interior[v] = z.between(v)
	}
	return z
}

func (z *simplifier) stand(site int32, p s2.Point) {
	if list := z.snapped[site]; len(list) == 0 || list[len(list)-1] != p {
		z.snapped[site] = append(list, p)
	}
}

// between reports a site that chains only pass through: it has two neighbours,
// as many links to one as to the other, and as many going as coming.
func (z *simplifier) between(v int32) bool {
	if len(z.from[v]) != len(z.into[v]) {
		return false
	}
	count := map[int32]int{}
	for _, i := range z.from[v] {
		count[z.graph[i].b]++
	}
	for _, i := range z.into[v] {
		count[z.graph[i].a]++
	}
	if len(count) != 2 {
		return false
	}
	want := -1
	for _, n := range count {
		if want >= 0 && n != want {
			return false
		}
		want = n
	}
	return true
}

// run simplifies every chain: first those with ends, then closed ones.
func (z *simplifier) run() []link {
	for _, ends := range [2]bool{true, false} {
		for i, l := range z.graph {
			switch {
			case z.used[i] || ends && z.interior[l.a]:
			case ends && !z.interior[l.b]:
				z.used[i] = true
				z.out = append(z.out, l)
			default:
				z.follow(l.a, l.b)
			}
		}
	}
	return z.out
}

// follow simplifies the chain that starts with two sites.
func (z *simplifier) follow(v0, v1 int32) {
	start := v0
	for done := false; !done; {
		chain := []int32{v0}
		passed := map[int32]bool{v0: true}
		w := newWindow(z.sites[v0])
		simplify := z.avoid(&w, v0, v0, v1, passed)
		for {
			chain = append(chain, v1)
			passed[v1] = true
			if done = !z.interior[v1] || v1 == start; done {
				break
			}
			v0, v1 = v1, z.onward(v0, v1)
			if !simplify || !z.aim(&w, v0) || !z.avoid(&w, chain[0], v0, v1, passed) || !w.allows(z.sites[v1]) {
				break
			}
		}
		z.merge(chain)
	}
}

func (z *simplifier) onward(v0, v1 int32) int32 {
	for _, i := range z.from[v1] {
		if b := z.graph[i].b; b != v0 {
			return b
		}
	}
	return v0
}

// aim narrows the window to the input vertices that a site stands for.
func (z *simplifier) aim(w *window, v int32) bool {
	for _, p := range z.snapped[v] {
		if !w.hit(p, z.reach) {
			return false
		}
	}
	return true
}

// avoid narrows the window so that sites near the edge v1v2 of a chain that
// starts at v0 stay on their side.
func (z *simplifier) avoid(w *window, v0, v1, v2 int32, passed map[int32]bool) bool {
	p0, p1, p2 := z.sites[v0], z.sites[v1], z.sites[v2]
	r1, r2 := s2.ChordAngleBetweenPoints(p0, p1), s2.ChordAngleBetweenPoints(p0, p2)
	if r2 < r1 || r2 >= z.longest {
		return false
	}
	for _, site := range z.fewest(v1, v2) {
		p := z.sites[site]
		if s2.ChordAngleBetweenPoints(p0, p) >= r2 || passed[site] {
			continue
		}
		passed[site] = true
		left := s2.RobustSign(p1, p2, p) == s2.CounterClockwise
		if v1 != v0 {
			left = s2.OrderedCCW(p0, p2, p, p1)
		}
		if !w.miss(p, z.separation, left) {
			return false
		}
	}
	return true
}

// fewest is the shortest list of sites near an input edge of v1v2.
func (z *simplifier) fewest(v1, v2 int32) []int32 {
	best := -1
	for _, pair := range [2][2]int32{{v1, v2}, {v2, v1}} {
		for _, i := range z.links(pair[0], pair[1]) {
			if e := z.graph[i].input; best < 0 || len(z.of[e]) < len(z.of[best]) {
				best = e
			}
		}
	}
	return z.of[best]
}

func (z *simplifier) links(a, b int32) []int32 {
	var list []int32
	for _, i := range z.from[a] {
		if z.graph[i].b == b {
			list = append(list, i)
		}
	}
	return list
}

// merge puts one link for each way along a chain.
func (z *simplifier) merge(chain []int32) {
	first, last := chain[0], chain[len(chain)-1]
	fore, back := z.links(first, chain[1]), z.links(chain[1], first)
	made := make([]link, 0, len(fore)+len(back))
	for _, i := range fore {
		made = append(made, link{a: first, b: last, id: z.graph[i].id})
	}
	for _, i := range back {
		made = append(made, link{a: last, b: first, id: z.graph[i].id})
	}
	for k := 1; k < len(chain); k++ {
		for j, i := range append(z.links(chain[k-1], chain[k]), z.links(chain[k], chain[k-1])...) {
			z.used[i] = true
			if j < len(made) {
				made[j].id = min(made[j].id, z.graph[i].id)
			}
		}
	}
	z.out = append(z.out, made...)
}

// simplified is the overlay of the simplified edges.
func simplified(segments []segment, tolerance float64) (*overlay, error) {
	s, err := newSnapping(segments, fromMetres(tolerance))
	if err != nil {
		return nil, err
	}
	z := newSimplifier(s)
	links := z.graph
	if tolerance > 0 {
		links = z.run()
	}
	o := &overlay{points: s.sites}
	index := map[[2]int32]int32{}
	slices.SortStableFunc(links, func(p, q link) int { return cmp.Compare(p.id, q.id) })
	for _, l := range links {
		o.add(index, l.a, l.b, segment{}, l.id)
	}
	o.sortAround()
	return o, nil
}

// Simplify drops vertices of lines: none is left within the tolerance of
// another. ok is false when nothing is left.
func (l *Lines) Simplify(tolerance float64) ([][]Position, bool, error) {
	if !ValidSimplifyTolerance(tolerance) {
		return nil, false, nil
	}
	var segments []segment
	for _, part := range l.parts {
		segments = path(segments, 0, part)
	}
	o, err := simplified(segments, tolerance)
	if err != nil || len(o.pieces) == 0 {
		return nil, false, err
	}
	return allPositions(o.paths(o.along(1, every))), true, nil
}

// Simplify drops vertices of the union of polygons.
func (p *Polygons) Simplify(tolerance float64) ([][][]Position, bool, error) {
	if !ValidSimplifyTolerance(tolerance) {
		return nil, false, nil
	}
	u, err := p.union()
	if err != nil {
		return nil, false, err
	}
	o, err := simplified(region(nil, 0, u), tolerance)
	if err != nil {
		return nil, false, err
	}
	chosen := make([]bool, 2*len(o.pieces))
	for k, piece := range o.pieces {
		chosen[2*k], chosen[2*k+1] = piece.count[0][0] > piece.count[0][1], piece.count[0][1] > piece.count[0][0]
	}
	out, err := o.assembled(chosen)
	if err != nil || out.NumLoops() == 0 {
		return nil, false, err
	}
	return rings(out), true, nil
}
