package bind

import (
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The constructors below fill in output columns.

func (b *binder) values(cols []plan.Column, rows [][]types.Value) plan.Node {
	n := &plan.Values{Rows: rows}
	n.Out = cols
	return n
}

func (b *binder) filter(in plan.Node, cond plan.Expr) plan.Node {
	n := &plan.Filter{Input: in, Cond: cond}
	n.Out = in.Columns()
	return n
}

func (b *binder) project(in plan.Node, cols []plan.Column, exprs []plan.Expr) plan.Node {
	n := &plan.Project{Input: in, Exprs: exprs}
	n.Out = cols
	return n
}

func (b *binder) limit(in plan.Node, by plan.Expr) plan.Node {
	n := &plan.Limit{Input: in, N: by}
	n.Out = in.Columns()
	return n
}

func (b *binder) sort(in plan.Node, keys []plan.SortKey) plan.Node {
	n := &plan.Sort{Input: in, Keys: keys}
	n.Out = in.Columns()
	return n
}

func (b *binder) distinct(in plan.Node) plan.Node {
	n := &plan.Distinct{Input: in}
	n.Out = in.Columns()
	return n
}

// pick projects the given ordinals of in under the given names (nil keeps
// the old ones).
func (b *binder) pick(in plan.Node, ordinals []int, names []string) plan.Node {
	cols := in.Columns()
	out := make([]plan.Column, len(ordinals))
	exprs := make([]plan.Expr, len(ordinals))
	for k, i := range ordinals {
		out[k] = cols[i]
		if names != nil {
			out[k].Name = names[k]
		}
		exprs[k] = colRef(cols, i)
	}
	return b.project(in, out, exprs)
}

func colRef(cols []plan.Column, i int) *plan.Col {
	return &plan.Col{Index: i, T: cols[i].Type, Null: cols[i].Nullable}
}

func columnOf(name string, x plan.Expr) plan.Column {
	return plan.Column{Name: name, Type: x.Type(), Nullable: x.Nullable()}
}
