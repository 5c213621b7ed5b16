package graph

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// graph is a property graph in memory.
type graph struct {
	nodes          int
	props          []*types.Vector // of nodes
	keys           *types.Vector
	part           []int32 // partition of each node
	parts          int
	edgeProps      []*types.Vector
	source, target []int32 // of edges
	// nodeGone and edgeGone mark what filters took away; nil: nothing.
	nodeGone, edgeGone []bool
	out, in            adjacency
}

// adjacency lists the edges of node n: edge[start[n]:start[n+1]].
type adjacency struct{ start, edge []int32 }

func (a *adjacency) of(n int32) []int32 { return a.edge[a.start[n]:a.start[n+1]] }

// builder gives nodes their numbers.
type builder struct {
	g      *graph
	b      *Build
	number map[string]int32
	parts  map[string]int32
	key    []byte
}

// maxElements bounds nodes and edges each: their numbers are 32 bits wide.
const maxElements = math.MaxInt32 / 2

// build reads the tables. Nodes come in the order of the tables of nodes, then
// of the edges. A node that several rows describe has, of each property, the
// first value that is not empty.
func (b *Build) build(ctx context.Context, in []plan.RowReader) (*graph, error) {
	g := &graph{keys: types.NewVector(b.Key, 0), props: make([]*types.Vector, len(b.Props))}
	for i, t := range b.Props {
		g.props[i] = types.NewVector(t, 0)
	}
	m := &builder{g: g, b: b, number: map[string]int32{}, parts: map[string]int32{}}
	for i, t := range b.Tables {
		rows, err := plan.ReadAll(ctx, in[i+1])
		if err != nil {
			return nil, err
		}
		if err := m.table(t, rows); err != nil {
			return nil, err
		}
	}
	edges, err := plan.ReadAll(ctx, in[0])
	if err != nil {
		return nil, err
	}
	return g, m.edges(edges)
}

func (m *builder) table(t NodeTable, rows *types.Batch) error {
	for i := range rows.N {
		n, err := m.node(rows.Cols[t.Key], partition(rows, t.Partition), i)
		if err != nil {
			return err
		}
		for c, p := range t.Place {
			if p >= 0 && missing(m.g.props[p], int(n)) {
				eval.Copy(m.g.props[p], int(n), rows.Cols[c], i)
			}
		}
	}
	return nil
}

func missing(v *types.Vector, i int) bool {
	return v.IsNull(i) || v.Type == types.String && v.Strings[i] == ""
}

func partition(rows *types.Batch, col int) *types.Vector {
	if col < 0 {
		return nil
	}
	return rows.Cols[col]
}

func (m *builder) edges(rows *types.Batch) error {
	if rows.N > maxElements {
		return tooLarge()
	}
	g, b := m.g, m.b
	g.edgeProps = rows.Cols[:b.Edges]
	g.source, g.target = make([]int32, rows.N), make([]int32, rows.N)
	part := partition(rows, b.Partition)
	for i := range rows.N {
		var err error
		if g.source[i], err = m.end(rows.Cols[b.Source], part, i); err != nil {
			return err
		}
		if g.target[i], err = m.end(rows.Cols[b.Target], part, i); err != nil {
			return err
		}
	}
	g.parts = max(1, len(m.parts))
	return nil
}

// end is the node at an edge's end, made if no table has it.
func (m *builder) end(key, part *types.Vector, i int) (int32, error) {
	before := m.g.nodes
	n, err := m.node(key, part, i)
	if err == nil && m.g.nodes > before {
		for _, p := range m.b.IDs {
			eval.Copy(m.g.props[p], int(n), key, i)
		}
	}
	return n, err
}

// node is the number of the node with key i, made if it is new.
func (m *builder) node(key, part *types.Vector, i int) (int32, error) {
	p := int32(0)
	m.key = m.key[:0]
	if part != nil {
		m.key = appendKey(m.key, part, i)
		known, ok := m.parts[string(m.key)]
		if !ok {
			known = int32(len(m.parts))
			m.parts[string(m.key)] = known
		}
		p = known
		m.key = binary.AppendUvarint(m.key[:0], uint64(p))
	}
	m.key = appendKey(m.key, key, i)
	if n, ok := m.number[string(m.key)]; ok {
		return n, nil
	}
	g := m.g
	if g.nodes >= maxElements {
		return 0, tooLarge()
	}
	n := g.nodes
	g.nodes++
	m.number[string(m.key)] = int32(n)
	g.keys.Grow(g.nodes)
	eval.Copy(g.keys, n, key, i)
	g.part = append(g.part, p)
	for _, v := range g.props {
		v.Grow(g.nodes)
		v.SetNull(n)
	}
	return int32(n), nil
}

// appendKey appends value i as bytes that differ when values differ.
func appendKey(dst []byte, v *types.Vector, i int) []byte {
	if v.IsNull(i) {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch v.Type.Storage() {
	case types.StoreStrings:
		return append(dst, v.Strings[i]...)
	case types.StoreBools:
		if v.Bools[i] {
			return append(dst, 1)
		}
		return append(dst, 0)
	case types.StoreFloats:
		return binary.BigEndian.AppendUint64(dst, math.Float64bits(v.Floats[i]+0)) // -0 is 0
	}
	return binary.BigEndian.AppendUint64(dst, uint64(v.Ints[i]))
}

func tooLarge() error {
	return &plan.OpError{Limit: true, Message: "make-graph: more nodes or edges than a graph may have; filter or summarize the edges first"}
}

func (g *graph) dropEdge(e int) {
	if g.edgeGone == nil {
		g.edgeGone = make([]bool, len(g.source))
	}
	g.edgeGone[e] = true
}

func (g *graph) hasNode(n int) bool { return g.nodeGone == nil || !g.nodeGone[n] }
func (g *graph) hasEdge(e int) bool { return g.edgeGone == nil || !g.edgeGone[e] }

// connect makes the adjacency lists.
func (g *graph) connect() {
	g.out, g.in = g.lists(g.source), g.lists(g.target)
}

func (g *graph) lists(end []int32) adjacency {
	a := adjacency{start: make([]int32, g.nodes+1)}
	count := 0
	for e, n := range end {
		if g.hasEdge(e) {
			a.start[n+1]++
			count++
		}
	}
	for n := range g.nodes {
		a.start[n+1] += a.start[n]
	}
	a.edge = make([]int32, count)
	next := append([]int32{}, a.start[:g.nodes]...)
	for e, n := range end {
		if g.hasEdge(e) {
			a.edge[next[n]] = int32(e)
			next[n]++
		}
	}
	return a
}
