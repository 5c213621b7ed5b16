package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/graph"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// maxNodeTables is how many tables of nodes the page allows.
const maxNodeTables = 2

// bindMakeGraph: edges from a table, nodes from others or from the edges alone.
func (b *binder) bindMakeGraph(in rel, op *syntax.MakeGraphOp, c ctx) rel {
	oc := b.over(in, c, op)
	if op.Arrow == "--" {
		b.unsupported(op.Span(), "make-graph with --", "write source --> target; graph-match can follow edges in any direction with -[e]-")
		return rel{open: true}
	}
	if len(op.With) > maxNodeTables {
		b.fail(op.With[maxNodeTables].Span(), "SEM0100", oc.inOp(fmt.Sprintf("at most %d tables of nodes are expected", maxNodeTables)), "union them first")
		return rel{open: true}
	}
	m := &graphMaker{b: b, c: oc, g: &graphRel{edgeCols: in.cols(), usedEdge: map[int]bool{}, usedNode: map[int]bool{}}}
	m.g.build = graph.Build{Edges: len(in.cols()), Partition: -1}
	source, sok := m.key(op.Source, in)
	target, tok := m.key(op.Target, in)
	ok := sok && tok
	tables := make([]rel, len(op.With))
	keys := make([]int, len(op.With))
	all := []types.Type{}
	if ok {
		all = append(all, in.cols()[source].Type, in.cols()[target].Type)
	}
	for i, t := range op.With {
		tables[i] = b.table(t.Table, ctx{sc: c.sc, op: op.Keyword()})
		if tables[i].node == nil {
			ok = false
			continue
		}
		k, found := m.key(t.On, tables[i])
		ok = ok && found
		if found {
			keys[i] = k
			all = append(all, tables[i].cols()[k].Type)
		}
	}
	if !ok || !m.keyType(all, op) {
		return rel{open: true}
	}
	m.edges(in, source, target, op)
	for i := range tables {
		m.table(tables[i], keys[i], op)
	}
	if op.NodeID != nil {
		m.g.nodeCols = []plan.Column{{Name: op.NodeID.Text, Type: in.cols()[source].Type, Nullable: true}}
		m.g.build.IDs = []int{0}
	}
	for i, col := range m.g.nodeCols {
		m.g.build.Props = append(m.g.build.Props, col.Type)
		m.g.nodeCols[i].Nullable = !col.Type.NeverNull()
	}
	if op.PartitionBy == nil {
		return rel{graph: m.g}
	}
	if !m.partition(in, tables, op) {
		return rel{open: true}
	}
	return b.partitionBody(m.g, op, c)
}

// graphMaker collects a graph.
type graphMaker struct {
	b *binder
	c ctx
	g *graphRel
}

// key resolves a column of node keys.
func (m *graphMaker) key(e syntax.Expr, r rel) (int, bool) {
	ref, ok := e.(*syntax.NameRef)
	if !ok {
		if _, bad := e.(*syntax.Bad); !bad {
			m.b.fail(e.Span(), "SEM0109", m.c.inOp("Column name expected."), "compute it in an extend before make-graph")
		}
		return 0, false
	}
	i := findColumn(r.cols(), ref.Name)
	if i < 0 {
		m.b.fail(e.Span(), "SEM0100", m.c.inOp(fmt.Sprintf("Failed to resolve column named '%s'", ref.Name)), hintDidYouMean(ref.Name, columnNames(r.cols())))
		return 0, false
	}
	if r.cols()[i].Type == types.Dynamic {
		m.b.fail(e.Span(), "SEM0100", m.c.inOp("source, target and node id columns can't be of type dynamic, consider using explicit cast"), "e.g. tostring("+ref.Name+")")
		return 0, false
	}
	return i, true
}

// keyType is the one type of all keys.
func (m *graphMaker) keyType(all []types.Type, op *syntax.MakeGraphOp) bool {
	t := all[0]
	for _, other := range all[1:] {
		switch {
		case other == t:
		case other.IsInteger() && t.IsInteger():
			t = types.Long
		default:
			m.b.unsupported(op.Span(), fmt.Sprintf("make-graph with keys of the types %s and %s", t, other), "convert them to one type, e.g. tostring(…)")
			return false
		}
	}
	m.g.build.Key = t
	return true
}

// edges adds the keys as further columns.
func (m *graphMaker) edges(in rel, source, target int, op *syntax.MakeGraphOp) {
	m.g.build.Source, m.g.build.Target = len(in.cols()), len(in.cols())+1
	m.g.edges = m.b.withColumns(in.node, m.b.cast(colRef(in.cols(), source), m.g.build.Key, op.Source.Span()),
		m.b.cast(colRef(in.cols(), target), m.g.build.Key, op.Target.Span()))
}

// withColumns adds unnamed columns to a table.
func (b *binder) withColumns(in plan.Node, more ...plan.Expr) plan.Node {
	cols := slices.Clone(in.Columns())
	exprs := make([]plan.Expr, len(cols))
	for i := range cols {
		exprs[i] = colRef(cols, i)
	}
	for _, x := range more {
		cols, exprs = append(cols, columnOf("$k", x)), append(exprs, x)
	}
	return b.project(in, cols, exprs)
}

// table adds a table of nodes; columns of one name are one property.
func (m *graphMaker) table(r rel, key int, op *syntax.MakeGraphOp) {
	t := graph.NodeTable{Key: len(r.cols()), Partition: -1}
	node := m.b.withColumns(r.node, m.b.cast(colRef(r.cols(), key), m.g.build.Key, op.Span()))
	cols, exprs := slices.Clone(node.Columns()), make([]plan.Expr, len(node.Columns()))
	for i := range cols {
		exprs[i] = colRef(node.Columns(), i)
	}
	for i, col := range r.cols() {
		p := findColumn(m.g.nodeCols, col.Name)
		if p < 0 {
			p = len(m.g.nodeCols)
			m.g.nodeCols = append(m.g.nodeCols, col)
		} else if to := m.g.nodeCols[p].Type; to != col.Type {
			exprs[i] = m.b.cast(exprs[i], to, op.Span())
			cols[i] = columnOf(col.Name, exprs[i])
		}
		t.Place = append(t.Place, p)
	}
	m.g.build.IDs = append(m.g.build.IDs, t.Place[key])
	m.g.build.Tables = append(m.g.build.Tables, t)
	m.g.tables = append(m.g.tables, m.b.project(node, cols, exprs))
}

// partition resolves the column whose values tell graphs apart.
func (m *graphMaker) partition(in rel, tables []rel, op *syntax.MakeGraphOp) bool {
	i, ok := m.key(op.PartitionBy, in)
	if !ok {
		return false
	}
	m.g.build.Partition = i
	m.g.usedEdge[i] = true
	for k, t := range tables {
		j, ok := m.key(op.PartitionBy, t)
		if !ok {
			return false
		}
		if t.cols()[j].Type != in.cols()[i].Type {
			m.b.fail(op.PartitionBy.Span(), "SEM0100", m.c.inOp("the partition column has different types in the edges and the nodes"), "convert one of them")
			return false
		}
		m.g.build.Tables[k].Partition = j
		m.g.usedNode[m.g.build.Tables[k].Place[j]] = true
	}
	return true
}

// partitionBody binds the operators that run over the graph of every partition.
// What follows after the graph was left is the same for all rows together only
// where it looks at one row alone.
func (b *binder) partitionBody(g *graphRel, op *syntax.MakeGraphOp, c ctx) rel {
	p, ok := op.PartitionBody.(*syntax.Pipe)
	if !ok || p.Source != nil {
		b.fail(op.PartitionBody.Span(), "SEM0100", "'make-graph' operator: a graph operator is expected in partitioned-by", "e.g. partitioned-by Tenant (graph-match … project …)")
		return rel{open: true}
	}
	r := rel{graph: g}
	for _, o := range p.Ops {
		if r.graph == nil && !r.open && !byRow(o) {
			b.unsupported(o.Span(), "The '"+o.Keyword()+"' operator inside partitioned-by", "put it after the parentheses")
			return rel{open: true}
		}
		r = b.operator(r, o, c, false)
	}
	if r.graph != nil {
		b.fail(op.PartitionBody.Span(), "SEM0100", "'make-graph' operator: partitioned-by must end with a table", "end it with graph-match … project …, or graph-to-table")
		return rel{open: true}
	}
	return r
}

// byRow reports operators that look at one row at a time.
func byRow(op syntax.Operator) bool {
	switch op.(type) {
	case *syntax.WhereOp, *syntax.ExtendOp, *syntax.ProjectOp, *syntax.ProjectAwayOp, *syntax.ProjectKeepOp,
		*syntax.ProjectRenameOp, *syntax.ProjectReorderOp:
		return true
	}
	return false
}
