package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// bindFork: several results from one input. The service's contracts carry one
// result, so the first branch is the answer and the others are only checked.
func (b *binder) bindFork(in rel, op *syntax.ForkOp, c ctx) rel {
	var first rel
	for i, br := range op.Branches {
		r := b.branch(in, br.X, op.Word, ctx{sc: c.sc.child()})
		if i == 0 {
			first = r
		}
	}
	b.onlyFirst(op, len(op.Branches))
	first.closed = op.Word
	return first
}

// onlyFirst tells that further results are left out.
func (b *binder) onlyFirst(op syntax.Operator, results int) {
	if results > 1 {
		b.warn(op.Span(), "HRR1003", fmt.Sprintf("'%s' gives %d results; only the first is returned", op.Keyword(), results),
			"send a query for each")
	}
}

// branch binds a subquery of fork or facet over in.
func (b *binder) branch(in rel, x syntax.Expr, word string, c ctx) rel {
	p, ok := x.(*syntax.Pipe)
	if !ok || p.Source != nil {
		if _, bad := x.(*syntax.Bad); !bad {
			b.fail(x.Span(), "SEM0100", fmt.Sprintf("'%s' operator: a branch begins with an operator", word), "e.g. (where x > 1 | count)")
		}
		return rel{open: true}
	}
	r := in
	for _, op := range p.Ops {
		if !b.grow(op.Span()) {
			return rel{open: true}
		}
		if !inBranch(op) {
			b.fail(op.Span(), "SEM0100", fmt.Sprintf("The query operator '%s' is not allowed in the current context.", op.Keyword()),
				"the branches of "+word+" take operators over one table")
			return rel{open: true}
		}
		r = b.bounded(b.operator(r, op, c, false), op.Span())
	}
	return r
}

// inBranch reports the operators that branches may hold.
func inBranch(op syntax.Operator) bool {
	switch op.(type) {
	case *syntax.AsOp, *syntax.CountOp, *syntax.DistinctOp, *syntax.ExtendOp, *syntax.WhereOp, *syntax.InvokeOp,
		*syntax.MvExpandOp, *syntax.ParseOp, *syntax.ParseKvOp, *syntax.ProjectOp, *syntax.ProjectAwayOp,
		*syntax.ProjectByNamesOp, *syntax.ProjectKeepOp, *syntax.ProjectRenameOp, *syntax.ProjectReorderOp,
		*syntax.ReduceOp, *syntax.SampleOp, *syntax.SampleDistinctOp, *syntax.SortOp, *syntax.SummarizeOp,
		*syntax.TakeOp, *syntax.TopOp, *syntax.TopHittersOp, *syntax.TopNestedOp, *syntax.BadOp:
		return true
	}
	return false
}
