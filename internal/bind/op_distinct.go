package bind

import (
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindDistinct: the distinct combinations of the listed expressions.
func (b *binder) bindDistinct(in rel, op *syntax.DistinctOp, c ctx) rel {
	oc := b.over(in, c, op)
	names, count := newNamer(nil), &columnCounter{}
	var cols []plan.Column
	var exprs []plan.Expr
	for _, e := range op.Exprs {
		if _, star := e.(*syntax.Star); star {
			for i, col := range in.cols() {
				col.Name = names.take(col.Name)
				cols, exprs = append(cols, col), append(exprs, colRef(in.cols(), i))
			}
			continue
		}
		n := b.computed(e, oc)
		if n.x.Type() == types.Dynamic {
			b.fail(e.Span(), "SEM0116", oc.inOp("distinct by a 'dynamic' value is not supported"), "convert it: tostring("+syntax.Print(e)+")")
			continue
		}
		n.explicit = false
		name, ok := b.outputName(n, names, count, oc)
		if !ok {
			continue
		}
		cols, exprs = append(cols, columnOf(name, n.x)), append(exprs, n.x)
	}
	return rel{node: b.distinct(b.project(in.node, cols, exprs))}
}
