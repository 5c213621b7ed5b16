package graph

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/types"
)

// vectors hands out what can be asked of nodes and edges as columns over all of
// them, each made once.
type vectors struct {
	g        *graph
	id       *eval.Prog
	names    Names
	degrees  [2]*types.Vector
	ids      *types.Vector
	nodeBags *types.Vector
	edgeBags *types.Vector
}

// node is a column over the nodes.
func (v *vectors) node(get Get, col int) (*types.Vector, error) {
	switch get {
	case InDegree:
		return v.degree(0, &v.g.in), nil
	case OutDegree:
		return v.degree(1, &v.g.out), nil
	case ID:
		return v.idColumn()
	case Bag:
		if v.nodeBags == nil {
			v.nodeBags = bags(v.g.nodes, v.names.Node, v.g.props)
		}
		return v.nodeBags, nil
	}
	return v.g.props[col], nil
}

// edge is a column over the edges.
func (v *vectors) edge(get Get, col int) *types.Vector {
	if get == Bag {
		if v.edgeBags == nil {
			v.edgeBags = bags(len(v.g.source), v.names.Edge, v.g.edgeProps)
		}
		return v.edgeBags
	}
	return v.g.edgeProps[col]
}

func (v *vectors) degree(which int, a *adjacency) *types.Vector {
	if v.degrees[which] == nil {
		d := types.NewVector(types.Long, v.g.nodes)
		for n := range d.Ints {
			d.Ints[n] = int64(a.start[n+1] - a.start[n])
		}
		v.degrees[which] = d
	}
	return v.degrees[which]
}

func (v *vectors) idColumn() (*types.Vector, error) {
	if v.ids != nil {
		return v.ids, nil
	}
	out := types.NewVector(types.String, v.g.nodes)
	err := v.id.Each(v.g.nodes, []*types.Vector{v.g.keys}, func(from int, x *types.Vector) error {
		for i := range x.Len {
			eval.Copy(out, from+i, x, i)
		}
		return nil
	})
	v.ids = out
	return out, err
}

// bags packs n rows into bags.
func bags(n int, names []string, cols []*types.Vector) *types.Vector {
	out := types.NewVector(types.Dynamic, n)
	var buf []byte
	for i := range n {
		buf = append(buf[:0], '{')
		for k, c := range cols {
			if k > 0 {
				buf = append(buf, ',')
			}
			buf = append(dynamic.AppendString(buf, names[k]), ':')
			buf = dynamic.AppendRow(buf, c, i)
		}
		out.Strings[i] = string(append(buf, '}'))
	}
	return out
}

// binding is what the variables of the pattern stand for at the moment.
type binding struct {
	node  []int32 // -1: not bound
	edge  []int32
	paths []path
}

// path is what a variable length edge stands for: its edges and the nodes
// between them, in the order they were walked.
type path struct {
	edges, inner []int32
	reversed     bool // walked from right to left
}

// slots loads rows.
type slots struct {
	refs  []Ref
	vec   []*types.Vector // nil for paths and parameters
	folds []*fold
	row   *eval.Row
	bound *binding
	// evals counts the evaluations so far: they are the dear part of a search.
	evals int
}

// fold is a Fold being computed.
type fold struct {
	f   *Fold
	m   *eval.Machine
	row *eval.Row
	vec []*types.Vector // per column: of elements
	buf []byte
	// A fold that looks at the element alone is computed for all elements at
	// once when it was computed for a good part of them one by one.
	elements, evals int
	alone           bool
	whole           *types.Vector
}

func newSlots(refs []Ref, vs *vectors, params []types.Value, bound *binding) (*slots, error) {
	s := &slots{refs: refs, vec: make([]*types.Vector, len(refs)), folds: make([]*fold, len(refs)), row: eval.NewRow(nil), bound: bound}
	for i, r := range refs {
		s.row.Add(r.Type)
		var err error
		switch r.Of {
		case Node:
			s.vec[i], err = vs.node(r.Get, r.Col)
		case EdgeVar:
			s.vec[i] = vs.edge(r.Get, r.Col)
		case Parameter:
			s.row.Set(i, params[r.Var])
		}
		if err != nil {
			return nil, err
		}
	}
	for i, r := range refs {
		if r.Of == Path {
			var err error
			if s.folds[i], err = s.newFold(r.Fold, vs, params); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (s *slots) newFold(f *Fold, vs *vectors, params []types.Value) (*fold, error) {
	out := &fold{f: f, m: f.X.Machine(), row: eval.NewRow(nil), vec: make([]*types.Vector, len(f.Cols)), elements: len(vs.g.source), alone: true}
	if f.Inner {
		out.elements = vs.g.nodes
	}
	for i, r := range f.Cols {
		out.row.Add(r.Type)
		var err error
		switch {
		case r.Of == Outer:
			out.row.Cols[i] = s.row.Cols[r.Var]
			out.alone = false
		case r.Of == Parameter:
			out.row.Set(i, params[r.Var])
		case f.Inner:
			out.vec[i], err = vs.node(r.Get, r.Col)
		default:
			out.vec[i] = vs.edge(r.Get, r.Col)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// load puts the value of a slot into the row.
func (s *slots) load(i int) error {
	switch r := &s.refs[i]; r.Of {
	case Node:
		s.row.Load(i, s.vec[i], int(s.bound.node[r.Var]))
	case EdgeVar:
		s.row.Load(i, s.vec[i], int(s.bound.edge[r.Var]))
	case Path:
		f := s.folds[i]
		for _, c := range f.f.X.Columns() {
			if f.f.Cols[c].Of == Outer {
				if err := s.load(f.f.Cols[c].Var); err != nil {
					return err
				}
			}
		}
		before := f.evals
		v, err := f.value(&s.bound.paths[f.f.Edge])
		s.evals += f.evals - before
		if err != nil {
			return err
		}
		s.row.Set(i, v)
	}
	return nil
}

// value folds a path, from left to right.
func (f *fold) value(p *path) (types.Value, error) {
	items := p.edges
	if f.f.Inner {
		items = p.inner
	}
	f.buf = append(f.buf[:0], '[')
	for k := range items {
		at := items[k]
		if p.reversed {
			at = items[len(items)-1-k]
		}
		v, row, err := f.element(int(at))
		if err != nil {
			return types.Value{}, err
		}
		switch f.f.Kind {
		case Map:
			if k > 0 {
				f.buf = append(f.buf, ',')
			}
			f.buf = dynamic.AppendRow(f.buf, v, row)
			continue
		}
		if holds := !v.IsNull(row) && v.Bools[row]; holds != (f.f.Kind == All) {
			return types.BoolValue(holds), nil
		}
	}
	if f.f.Kind == Map {
		return types.DynamicValue(string(append(f.buf, ']'))), nil
	}
	return types.BoolValue(f.f.Kind == All), nil
}

// element computes the fold's expression for one element: the value is in a row
// of the vector.
func (f *fold) element(at int) (*types.Vector, int, error) {
	if f.whole != nil {
		return f.whole, at, nil
	}
	f.evals++
	if f.alone && f.evals > f.elements/8+16 {
		if err := f.all(); err != nil {
			return nil, 0, err
		}
		return f.whole, at, nil
	}
	for c, v := range f.vec {
		if v != nil {
			f.row.Load(c, v, at)
		}
	}
	v, err := f.m.Run(1, f.row.Cols)
	return v, 0, err
}

// all computes the expression for every element.
func (f *fold) all() error {
	cols := append([]*types.Vector{}, f.vec...)
	for _, i := range f.f.X.Columns() {
		if f.f.Cols[i].Of == Parameter {
			cols[i] = repeated(f.row.Cols[i].Value(0), f.elements)
		}
	}
	out := types.NewVector(f.f.X.Type(), f.elements)
	err := f.f.X.Each(f.elements, cols, func(from int, v *types.Vector) error {
		for i := range v.Len {
			eval.Copy(out, from+i, v, i)
		}
		return nil
	})
	f.whole = out
	return err
}
