package geo

import (
	"cmp"
	"slices"

	"github.com/golang/geo/s2"
)

// paths joins chosen half-edges to lines. A line goes on through a vertex
// where one half-edge comes and one goes; lines come in the order of their
// first input edges, and closed ones start like loops. Both ways along an edge
// are two half-edges, as in the S2 library's lines by default.
func (o *overlay) paths(chosen []bool) [][]s2.Point {
	var order []int32
	in, out := make([]int, len(o.points)), make([]int, len(o.points))
	for h, yes := range chosen {
		if yes {
			order = append(order, int32(h))
			out[o.origin(int32(h))]++
			in[o.target(int32(h))]++
		}
	}
	slices.SortStableFunc(order, func(g, h int32) int { return cmp.Compare(o.lowest(g), o.lowest(h)) })
	through := func(v int32) bool { return in[v] == 1 && out[v] == 1 }
	used := make([]bool, len(chosen))
	var found [][]int32
	for _, ends := range [2]bool{true, false} { // first what starts somewhere, then what is closed
		for _, h := range order {
			if used[h] || ends && through(o.origin(h)) {
				continue
			}
			line := o.follow(h, chosen, used, through)
			if !ends {
				line = o.rotated(line)
			}
			found = append(found, line)
		}
	}
	slices.SortStableFunc(found, func(a, b []int32) int { return cmp.Compare(o.lowest(a[0]), o.lowest(b[0])) })
	lines := make([][]s2.Point, len(found))
	for i, line := range found {
		lines[i] = append(lines[i], o.points[o.origin(line[0])])
		for _, h := range line {
			lines[i] = append(lines[i], o.points[o.target(h)])
		}
	}
	return lines
}

// follow walks from a half-edge while the way is the only one.
func (o *overlay) follow(h int32, chosen, used []bool, through func(int32) bool) []int32 {
	start := o.origin(h)
	for line := []int32(nil); ; {
		used[h] = true
		line = append(line, h)
		v := o.target(h)
		if v == start || !through(v) {
			return line
		}
		i := slices.IndexFunc(o.out[v], func(g int32) bool { return chosen[g] })
		if i < 0 || used[o.out[v][i]] {
			return line
		}
		h = o.out[v][i]
	}
}

// lowest is the smallest number of the input edges along a half-edge.
func (o *overlay) lowest(h int32) int32 {
	p, dir := &o.pieces[h>>1], h&1
	if p.count[0][dir] > 0 {
		return p.id[0][dir]
	}
	return p.id[1][dir]
}

// along are the half-edges of wanted pieces that input edges of some operand
// run along, of the first ones given.
func (o *overlay) along(operands int, want func(*piece) bool) []bool {
	chosen := make([]bool, 2*len(o.pieces))
	for k := range o.pieces {
		p := &o.pieces[k]
		if !want(p) {
			continue
		}
		for dir := range 2 {
			for operand := range operands {
				chosen[2*k+dir] = chosen[2*k+dir] || p.count[operand][dir] > 0
			}
		}
	}
	return chosen
}

func every(*piece) bool { return true }

// lineOverlay cuts nothing: lines may cross each other. Edges that several
// share are merged.
func lineOverlay(parts [][]s2.Point) (*overlay, error) {
	var segments []segment
	for _, part := range parts {
		segments = path(segments, 0, part)
	}
	return newOverlay(segments, [2]int32{})
}

// UniteLines is the union of lines and multilines: an edge that several share
// is there once for each way.
func UniteLines(all []*Lines) ([][]Position, error) {
	var parts [][]s2.Point
	for _, l := range all {
		parts = append(parts, l.parts...)
	}
	o, err := lineOverlay(parts)
	if err != nil {
		return nil, err
	}
	return allPositions(o.paths(o.along(1, every))), nil
}
