package geo

import (
	"cmp"
	"slices"

	"github.com/golang/geo/s2"
)

// paths joins chosen pieces of operand 0 to the longest lines that do not pass
// through a branching. Lines keep the direction of the first input edge, and
// come in the order of their first edges.
func (o *overlay) paths(chosen []bool) [][]s2.Point {
	order := o.chosenInOrder(chosen)
	degree := make([]int, len(o.points))
	for _, h := range order {
		degree[o.origin(h)]++
		degree[o.target(h)]++
	}
	used := make([]bool, len(o.pieces))
	var found [][]int32
	for _, ends := range [2]bool{true, false} { // first from line ends and branchings, then round what is closed
		for _, h := range order {
			if !used[h>>1] && (!ends || degree[o.origin(h)] != 2) {
				line := o.follow(h, chosen, used, degree)
				if !ends {
					line = o.canonical(line)
				}
				found = append(found, line)
			} else if ends && !used[h>>1] && degree[o.target(h)] != 2 {
				found = append(found, o.reversed(o.follow(h^1, chosen, used, degree)))
			}
		}
	}
	slices.SortStableFunc(found, func(a, b []int32) int { return cmp.Compare(o.first(a[0]), o.first(b[0])) })
	out := make([][]s2.Point, len(found))
	for i, line := range found {
		out[i] = append(out[i], o.points[o.origin(line[0])])
		for _, h := range line {
			out[i] = append(out[i], o.points[o.target(h)])
		}
	}
	return out
}

// first is the smallest input edge on a piece of a line, in either direction.
func (o *overlay) first(h int32) int32 {
	p := &o.pieces[h>>1]
	switch {
	case p.count[0][0] == 0:
		return p.id[0][1]
	case p.count[0][1] == 0:
		return p.id[0][0]
	}
	return min(p.id[0][0], p.id[0][1])
}

// chosenInOrder lists chosen pieces by input edge and place on it, as
// half-edges in the direction of that edge.
func (o *overlay) chosenInOrder(chosen []bool) []int32 {
	var order []int32
	for k, yes := range chosen {
		if !yes {
			continue
		}
		p, h := &o.pieces[k], int32(2*k)
		if p.count[0][0] == 0 || p.count[0][1] > 0 && p.id[0][1] < p.id[0][0] {
			h++
		}
		order = append(order, h)
	}
	slices.SortStableFunc(order, func(g, h int32) int { return cmp.Compare(o.first(g), o.first(h)) })
	return order
}

// follow walks from a half-edge while the way is the only one.
func (o *overlay) follow(h int32, chosen, used []bool, degree []int) []int32 {
	used[h>>1] = true
	line := []int32{h}
	for degree[o.target(h)] == 2 {
		i := slices.IndexFunc(o.out[o.target(h)], func(g int32) bool { return chosen[g>>1] && !used[g>>1] })
		if i < 0 {
			break
		}
		h = o.out[o.target(h)][i]
		used[h>>1] = true
		line = append(line, h)
	}
	return line
}

func (o *overlay) reversed(line []int32) []int32 {
	slices.Reverse(line)
	for i := range line {
		line[i] ^= 1
	}
	return line
}

// uniteLines is the union of lines: edges that several share count once.
func uniteLines(parts [][]s2.Point) ([][]s2.Point, error) {
	var segments []segment
	for _, part := range parts {
		segments = path(segments, 0, part)
	}
	o, err := newOverlay(segments, [2]int32{})
	if err != nil {
		return nil, err
	}
	all := make([]bool, len(o.pieces))
	for k := range all {
		all[k] = true
	}
	return o.paths(all), nil
}

// UniteLines is the union of lines and multilines.
func UniteLines(all []*Lines) ([][]Position, error) {
	var parts [][]s2.Point
	for _, l := range all {
		parts = append(parts, l.parts...)
	}
	united, err := uniteLines(parts)
	if err != nil {
		return nil, err
	}
	return allPositions(united), nil
}
