package graph

import "github.com/harrier-hunting/harrier/internal/types"

// components adds the number of its component to every node: from 0, in the
// order of the components' first nodes, anew in every partition.
func (g *graph) components(strong bool) {
	var of []int32
	if strong {
		of = g.strong()
	} else {
		of = g.weak()
	}
	numbers := make([]int64, len(of))
	for i := range numbers {
		numbers[i] = -1
	}
	next := make([]int64, g.parts)
	v := types.NewVector(types.Long, g.nodes)
	for n := range g.nodes {
		if !g.hasNode(n) {
			v.SetNull(n)
			continue
		}
		c := of[n]
		if numbers[c] < 0 {
			numbers[c] = next[g.part[n]]
			next[g.part[n]]++
		}
		v.Ints[n] = numbers[c]
	}
	g.props = append(g.props, v)
}

// weak names each node's component, whatever the direction of edges, by one of
// its nodes.
func (g *graph) weak() []int32 {
	up := make([]int32, g.nodes)
	for i := range up {
		up[i] = int32(i)
	}
	root := func(n int32) int32 {
		for up[n] != n {
			up[n] = up[up[n]]
			n = up[n]
		}
		return n
	}
	for e := range g.source {
		if g.hasEdge(e) {
			a, b := root(g.source[e]), root(g.target[e])
			if a != b {
				up[max(a, b)] = min(a, b)
			}
		}
	}
	for n := range up {
		up[n] = root(int32(n))
	}
	return up
}

// strong names each node's strongly connected component by one of its nodes:
// Tarjan's algorithm with a stack of its own.
func (g *graph) strong() []int32 {
	g.connect()
	t := &tarjan{g: g, index: make([]int32, g.nodes), low: make([]int32, g.nodes), of: make([]int32, g.nodes)}
	for n := range g.nodes {
		t.of[n] = -1
	}
	for n := range g.nodes {
		if t.index[n] == 0 && g.hasNode(n) {
			t.visit(int32(n))
		}
	}
	return t.of
}

type tarjan struct {
	g          *graph
	index, low []int32 // from 1; 0: not visited
	of         []int32
	count      int32
	open       []int32 // nodes whose component is not complete
	frames     []frame
}

type frame struct {
	node int32
	next int // edge to follow
}

func (t *tarjan) enter(n int32) {
	t.count++
	t.index[n], t.low[n] = t.count, t.count
	t.open = append(t.open, n)
	t.frames = append(t.frames, frame{node: n})
}

func (t *tarjan) visit(n int32) {
	t.enter(n)
	for len(t.frames) > 0 {
		f := &t.frames[len(t.frames)-1]
		edges := t.g.out.of(f.node)
		if f.next < len(edges) {
			to := t.g.target[edges[f.next]]
			f.next++
			switch {
			case t.index[to] == 0:
				t.enter(to)
			case t.of[to] < 0:
				t.low[f.node] = min(t.low[f.node], t.index[to])
			}
			continue
		}
		done := f.node
		t.frames = t.frames[:len(t.frames)-1]
		if len(t.frames) > 0 {
			up := t.frames[len(t.frames)-1].node
			t.low[up] = min(t.low[up], t.low[done])
		}
		if t.low[done] == t.index[done] {
			t.complete(done)
		}
	}
}

// complete closes the component of n, which is the open nodes from n on.
func (t *tarjan) complete(n int32) {
	for {
		last := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.of[last] = n
		if last == n {
			return
		}
	}
}
