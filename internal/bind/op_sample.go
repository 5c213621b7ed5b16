package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindSample: n rows drawn at random, each as likely as any other.
func (b *binder) bindSample(in rel, op *syntax.SampleOp, c ctx) rel {
	random := b.env.Fns.Lookup(fn.Scalar, "rand")
	if random == nil {
		return b.refuseOperator(op)
	}
	oc := b.over(in, c, op)
	n := b.rowCount(op.N, oc)
	key := plan.SortKey{X: b.apply(random, nil, op.Span(), oc)}
	return rel{node: b.limit(b.sort(in.node, []plan.SortKey{key}), n)}
}

// bindSampleDistinct: up to n distinct values of an expression.
func (b *binder) bindSampleDistinct(in rel, op *syntax.SampleDistinctOp, c ctx) rel {
	oc := b.over(in, c, op)
	n := b.rowCount(op.N, oc)
	d := b.computed(op.Of, oc)
	if _, column := d.x.(*plan.Col); !column && d.x.Type() != types.Unknown {
		b.fail(op.Of.Span(), "SEM0109", oc.inOp("Column name expected."), "compute it with extend first")
		return rel{open: true}
	}
	cols := []plan.Column{columnOf(d.name, d.x)}
	return rel{node: b.limit(b.distinct(b.project(in.node, cols, []plan.Expr{d.x})), n)}
}
