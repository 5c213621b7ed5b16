package graph

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// table writes the nodes or the edges that are left.
func (g *graph) table(ctx context.Context, t *Table, out plan.RowWriter) error {
	var ids *types.Vector
	if t.WithID || t.WithSource || t.WithTarget {
		ids = types.NewVector(types.Long, g.nodes)
		err := t.Hash.Each(g.nodes, []*types.Vector{g.keys}, func(from int, v *types.Vector) error {
			for i := range v.Len {
				eval.Copy(ids, from+i, v, i)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	// Column i of the result is from[i][at[i](row)].
	var from []*types.Vector
	var at []func(int) int
	add := func(v *types.Vector, f func(int) int) { from, at = append(from, v), append(at, f) }
	self := func(i int) int { return i }
	n, has := g.nodes, g.hasNode
	if t.Nodes {
		if t.WithID {
			add(ids, self)
		}
		for _, v := range g.props {
			add(v, self)
		}
	} else {
		n, has = len(g.source), g.hasEdge
		if t.WithSource {
			add(ids, func(e int) int { return int(g.source[e]) })
		}
		if t.WithTarget {
			add(ids, func(e int) int { return int(g.target[e]) })
		}
		for _, v := range g.edgeProps {
			add(v, self)
		}
	}
	return copyRows(ctx, n, has, from, at, out)
}

// copyRows writes the rows for which has is true.
func copyRows(ctx context.Context, n int, has func(int) bool, from []*types.Vector, at []func(int) int, out plan.RowWriter) error {
	b := types.NewBatch(len(from))
	for i, v := range from {
		b.Cols[i] = types.NewVector(v.Type, 0)
	}
	for row := 0; row < n; {
		b.N = 0
		for _, v := range b.Cols {
			v.Reset(v.Type, eval.Chunk)
		}
		for ; row < n && b.N < eval.Chunk; row++ {
			if !has(row) {
				continue
			}
			for i, v := range from {
				eval.Copy(b.Cols[i], b.N, v, at[i](row))
			}
			b.N++
		}
		for _, v := range b.Cols {
			v.Len = b.N
		}
		if b.N == 0 {
			continue
		}
		if err := out.Write(ctx, b); err != nil {
			return err
		}
	}
	return nil
}
