package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindPrint: one row of computed columns.
func (b *binder) bindPrint(op *syntax.PrintOp, c ctx) rel {
	one := rel{node: b.values(nil, [][]types.Value{{}})}
	oc := b.over(one, c, op)
	names := newNamer(nil)
	var cols []plan.Column
	var exprs []plan.Expr
	for i, e := range op.Exprs {
		items := b.spread(e, oc)
		for _, n := range items {
			if _, ok := e.(*syntax.NamedExpr); !ok && len(items) == 1 || n.name == "" {
				n.name = fmt.Sprintf("print_%d", i)
			}
			if names.used[n.name] && !n.fresh {
				b.duplicate(e, n.name, oc)
				continue
			}
			name := names.take(n.name)
			cols, exprs = append(cols, columnOf(name, n.x)), append(exprs, n.x)
		}
	}
	return rel{node: b.project(one.node, cols, exprs)}
}
