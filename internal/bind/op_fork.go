package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// SeveralResults is the code of the warning that a query has several results,
// of which the first is answered. A contract that answers with all of them
// leaves it out.
const SeveralResults = "HRR1006"

// severalResults are the results of fork or facet beside the first.
type severalResults struct {
	op     syntax.Operator
	others []rel
}

// bindFork: several results from one input.
func (b *binder) bindFork(in rel, op *syntax.ForkOp, c ctx) rel {
	var results []rel
	for _, br := range op.Branches {
		r := b.branch(in, br.X, op.Word, ctx{sc: c.sc.child()})
		if br.Name != nil {
			r.name = br.Name.Text
		} else if r.name == in.name {
			r.name = ""
		}
		results = append(results, r)
	}
	return b.together(op, results)
}

// together makes several results of one operator: the first, which knows the
// others.
func (b *binder) together(op syntax.Operator, results []rel) rel {
	if len(results) == 0 {
		return rel{open: true}
	}
	first := results[0]
	first.closed = op.Keyword()
	if len(results) > 1 {
		first.several = &severalResults{op, results[1:]}
		b.several = append(b.several, first.several)
	}
	return first
}

// onlyFirst tells of results that are left out because their query is part of
// another.
func (b *binder) onlyFirst() {
	for _, s := range b.several {
		b.warn(s.op.Span(), "HRR1007", fmt.Sprintf("'%s' has %d results; only the first is used here", s.op.Keyword(), len(s.others)+1),
			"write a query for each")
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
