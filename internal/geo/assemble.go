package geo

import (
	"cmp"
	"slices"

	"github.com/golang/geo/s2"
)

// boundary picks the half-edges that have the wanted region on their left and
// not on their right, and joins them to loops.
//
// The order of loops and where they start follow the numbers of the input
// edges, as in the recorded answers: a loop ends with the last piece of its
// highest edge, and loops come by the number of their first.
func (o *overlay) boundary(inside func(w0, w1 int32) bool) (*s2.Polygon, error) {
	chosen := make([]bool, 2*len(o.pieces))
	for k := range o.pieces {
		p := &o.pieces[k]
		fore := inside(p.left[0][0], p.left[1][0])
		back := inside(p.left[0][1], p.left[1][1])
		chosen[2*k], chosen[2*k+1] = fore && !back, back && !fore
	}
	return o.assembled(chosen)
}

// assembled joins half-edges to a polygon.
func (o *overlay) assembled(chosen []bool) (*s2.Polygon, error) {
	loops, err := o.loops(chosen)
	if err != nil {
		return nil, err
	}
	made := make([]*s2.Loop, len(loops))
	for i, loop := range loops {
		points := make([]s2.Point, len(loop))
		for j, h := range loop {
			points[j] = o.points[o.origin(h)]
		}
		made[i] = s2.LoopFromPoints(points)
	}
	return s2.PolygonFromOrientedLoops(made), nil
}

// loops joins chosen half-edges to simple loops. At a vertex the loop keeps
// to the same wedge of the region: the next edge is the first chosen one
// clockwise from the edge it arrived on.
func (o *overlay) loops(chosen []bool) ([][]int32, error) {
	var loops [][]int32
	used := make([]bool, len(chosen))
	at := make([]int, len(o.points)) // vertex -> its place in path + 1
	for _, first := range o.starts(chosen) {
		if used[first] {
			continue
		}
		var path []int32
		for h := first; ; {
			used[h] = true
			at[o.origin(h)] = len(path) + 1
			path = append(path, h)
			if from := at[o.target(h)]; from > 0 { // a loop closes: cut it off
				loops = append(loops, o.canonical(path[from-1:]))
				for _, g := range path[from-1:] {
					at[o.origin(g)] = 0
				}
				path = path[:from-1]
				if len(path) == 0 {
					break
				}
			}
			next, ok := o.next(h, chosen, used)
			if !ok {
				return nil, errInconsistent
			}
			h = next
		}
	}
	slices.SortStableFunc(loops, func(a, b []int32) int { return cmp.Compare(o.number(a[0]), o.number(b[0])) })
	return loops, nil
}

// starts lists the chosen half-edges by the leaf cells of their ends. Where a
// loop is begun matters to canonical when its highest edge has two pieces.
func (o *overlay) starts(chosen []bool) []int32 {
	var list []int32
	for h, yes := range chosen {
		if yes {
			list = append(list, int32(h))
		}
	}
	slices.SortFunc(list, func(g, h int32) int {
		return cmp.Or(compareCells(o.points[o.origin(g)], o.points[o.origin(h)]), compareCells(o.points[o.target(g)], o.points[o.target(h)]), cmp.Compare(g, h))
	})
	return list
}

func (o *overlay) next(h int32, chosen, used []bool) (int32, bool) {
	list := o.out[o.target(h)]
	i := slices.Index(list, h^1)
	for k := 1; k <= len(list); k++ {
		if g := list[(i-k+2*len(list))%len(list)]; chosen[g] {
			return g, !used[g]
		}
	}
	return 0, false
}

// number is the smallest number of the input edges along a half-edge; where
// both operands have one, the second's counts.
func (o *overlay) number(h int32) int32 {
	p, dir := &o.pieces[h>>1], h&1
	if p.count[1][dir] > 0 {
		return p.id[1][dir]
	}
	return p.id[0][dir]
}

// canonical turns a loop so that its highest input edge comes last: of several
// pieces of that edge the last one before a gap.
func (o *overlay) canonical(loop []int32) []int32 { return turned(loop, o.number) }

// rotated is canonical for closed lines.
func (o *overlay) rotated(line []int32) []int32 { return turned(line, o.lowest) }

func turned(loop []int32, number func(int32) int32) []int32 {
	last, gap := 0, false
	for i := 1; i < len(loop); i++ {
		switch d := number(loop[i]) - number(loop[last]); {
		case d < 0:
			gap = true
		case d > 0 || !gap:
			last, gap = i, false
		}
	}
	return slices.Concat(loop[last+1:], loop[:last+1])
}

// compareCells orders points by the leaf cells that hold them.
func compareCells(a, b s2.Point) int {
	return cmp.Compare(s2.CellFromPoint(a).ID(), s2.CellFromPoint(b).ID())
}
