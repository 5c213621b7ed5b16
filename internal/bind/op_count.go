package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindCount: count [as Name] is one row with the number of rows.
func (b *binder) bindCount(in rel, op *syntax.CountOp, c ctx) rel {
	s := b.env.Fns.Lookup(fn.Aggregate, "count")
	if s == nil {
		return b.refuseOperator(op)
	}
	name := "Count"
	if op.AsName != nil {
		name = op.AsName.Text
	}
	n := &plan.Aggregate{Input: in.node, Aggs: []*plan.Agg{{Fn: s, Sig: &s.Sigs[0], Ret: types.Long, Pos: op.Span()}}}
	n.Out = []plan.Column{{Name: name, Type: types.Long}}
	return rel{node: n}
}
