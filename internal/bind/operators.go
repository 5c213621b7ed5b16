package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// operator dispatches to the operator's own file. first is set for the first
// operator of a pipeline without a source (print, range, union …).
func (b *binder) operator(in rel, op syntax.Operator, c ctx, first bool) rel {
	if first {
		switch op := op.(type) {
		case *syntax.PrintOp:
			return b.bindPrint(op, c)
		case *syntax.RangeOp:
			return b.bindRange(op, c)
		case *syntax.UnionOp:
			return b.bindUnion(rel{}, op, c, true)
		case *syntax.SearchOp:
			return b.bindSearch(rel{}, op, c, true)
		case *syntax.FindOp:
			return b.bindFind(op, c)
		case *syntax.MacroExpandOp:
			return b.bindMacroExpand(op, c)
		case *syntax.EvaluateOp:
			return b.bindEvaluateSource(op, c)
		case *syntax.BadOp:
			return rel{open: true}
		}
		b.fail(op.Span(), "SEM0100", fmt.Sprintf("'%s' operator: a table is expected before it", op.Keyword()), "")
		return rel{open: true}
	}
	if in.graph != nil {
		return b.graphOperator(in, op, c)
	}
	if in.node == nil {
		// The columns are unknown after an error: this operator is looked at
		// no further, so that one mistake is reported once.
		return rel{open: true}
	}
	if _, draws := op.(*syntax.RenderOp); in.closed != "" && !draws {
		b.fail(op.Span(), "SEM0100", fmt.Sprintf("'%s' operator: nothing can follow '%s'", op.Keyword(), in.closed), "")
		return rel{open: true}
	}
	switch op := op.(type) {
	case *syntax.WhereOp:
		return b.bindWhere(in, op, c)
	case *syntax.ExtendOp:
		return b.bindExtend(in, op.Exprs, op, c)
	case *syntax.SerializeOp:
		return b.bindSerialize(in, op, c)
	case *syntax.ProjectOp:
		return b.bindProject(in, op, c)
	case *syntax.ProjectAwayOp:
		return b.bindProjectAway(in, op, c)
	case *syntax.ProjectKeepOp:
		return b.bindProjectKeep(in, op, c)
	case *syntax.ProjectRenameOp:
		return b.bindProjectRename(in, op, c)
	case *syntax.ProjectReorderOp:
		return b.bindProjectReorder(in, op, c)
	case *syntax.SummarizeOp:
		return b.bindSummarize(in, op, c)
	case *syntax.DistinctOp:
		return b.bindDistinct(in, op, c)
	case *syntax.CountOp:
		return b.bindCount(in, op, c)
	case *syntax.TakeOp:
		return b.bindTake(in, op, c)
	case *syntax.SortOp:
		return b.bindSort(in, op, c)
	case *syntax.TopOp:
		return b.bindTop(in, op, c)
	case *syntax.SampleOp:
		return b.bindSample(in, op, c)
	case *syntax.SampleDistinctOp:
		return b.bindSampleDistinct(in, op, c)
	case *syntax.JoinOp:
		return b.bindJoin(in, op, c)
	case *syntax.LookupOp:
		return b.bindLookup(in, op, c)
	case *syntax.UnionOp:
		return b.bindUnion(in, op, c, false)
	case *syntax.MvExpandOp:
		return b.bindMvExpand(in, op, c)
	case *syntax.MakeSeriesOp:
		return b.bindMakeSeries(in, op, c)
	case *syntax.ParseOp:
		return b.bindParse(in, op, c)
	case *syntax.GetSchemaOp:
		return b.bindGetSchema(in, op, c)
	case *syntax.RenderOp:
		return b.bindRender(in, op, c)
	case *syntax.InvokeOp:
		return b.bindInvoke(in, op, c)
	case *syntax.MakeGraphOp:
		return b.bindMakeGraph(in, op, c)
	case *syntax.GraphMatchOp, *syntax.GraphShortestPathsOp, *syntax.GraphToTableOp, *syntax.GraphMarkComponentsOp, *syntax.GraphWhereOp:
		return b.wantsGraph(op)
	case *syntax.ScanOp:
		return b.bindScan(in, op, c)
	case *syntax.MvApplyOp:
		return b.bindMvApply(in, op, c)
	case *syntax.PartitionOp:
		return b.bindPartition(in, op, c)
	case *syntax.AsOp:
		return b.bindAs(in, op, c)
	case *syntax.EvaluateOp:
		return b.bindEvaluate(in, op, c)
	case *syntax.SearchOp:
		return b.bindSearch(in, op, c, false)
	case *syntax.TopNestedOp:
		return b.bindTopNested(in, op, c)
	case *syntax.TopHittersOp:
		return b.bindTopHitters(in, op, c)
	case *syntax.ParseKvOp:
		return b.bindParseKv(in, op, c)
	case *syntax.ForkOp:
		return b.bindFork(in, op, c)
	case *syntax.FacetOp:
		return b.bindFacet(in, op, c)
	case *syntax.ConsumeOp:
		return b.bindConsume(in, op)
	case *syntax.AssertSchemaOp:
		return b.bindAssertSchema(in, op)
	case *syntax.ProjectByNamesOp:
		return b.bindProjectByNames(in, op, c)
	case *syntax.ReduceOp:
		return b.bindReduce(in, op, c)
	case *syntax.FindOp:
		b.fail(op.Span(), "SEM0100", "'find' operator: it must be the first operator of the query", "name the tables in it: find in (…) where …")
		return rel{open: true}
	}
	return b.refuseOperator(op)
}

// refuseOperator names an operator that is not run yet.
func (b *binder) refuseOperator(op syntax.Operator) rel {
	if _, bad := op.(*syntax.BadOp); !bad {
		b.unsupported(op.Span(), "The '"+op.Keyword()+"' operator", "")
	}
	return rel{open: true}
}
