package bind

import (
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindConsume: the query is run for its own sake; the answer has the input's
// columns and no rows.
func (b *binder) bindConsume(in rel, op *syntax.ConsumeOp) rel {
	none := &plan.Const{Value: types.LongValue(0), Pos: op.Span()}
	return rel{node: b.limit(in.node, none), closed: op.Word}
}
