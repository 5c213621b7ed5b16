package geo

import (
	"slices"

	"github.com/golang/geo/s2"
)

// atOrigin are the winding numbers at the library's origin: whether the
// polygons contain it.
func atOrigin(operands ...*s2.Polygon) (winding [2]int32) {
	for i, p := range operands {
		if p != nil && p.ReferencePoint().Contained {
			winding[i] = 1
		}
	}
	return winding
}

// unite2 is the union of two polygons.
func unite2(a, b *s2.Polygon) (*s2.Polygon, error) {
	o, err := newOverlay(region(region(nil, 0, a), 1, b), atOrigin(a, b))
	if err != nil {
		return nil, err
	}
	return o.boundary(func(w0, w1 int32) bool { return w0 > 0 || w1 > 0 })
}

// unitePolygons joins the two simplest polygons until one is left. That order
// shows in where the loops of the result start.
func unitePolygons(parts []*s2.Polygon) (*s2.Polygon, error) {
	type sized struct {
		p *s2.Polygon
		n int
	}
	queue := make([]sized, len(parts))
	for i, p := range parts {
		queue[i] = sized{p, p.NumEdges()}
	}
	slices.SortStableFunc(queue, func(a, b sized) int { return a.n - b.n })
	for len(queue) > 1 {
		u, err := unite2(queue[0].p, queue[1].p)
		if err != nil {
			return nil, err
		}
		joined := sized{u, queue[0].n + queue[1].n}
		queue = queue[2:]
		at := len(queue)
		for at > 0 && queue[at-1].n > joined.n {
			at--
		}
		queue = slices.Insert(slices.Clone(queue), at, joined)
	}
	return queue[0].p, nil
}

// Union is the polygon or multipolygon that covers what any of those given
// covers.
func Union(all []*Polygons) ([][][]Position, error) {
	var parts []*s2.Polygon
	for _, p := range all {
		parts = append(parts, p.parts...)
	}
	u, err := unitePolygons(parts)
	if err != nil {
		return nil, err
	}
	return rings(u), nil
}
