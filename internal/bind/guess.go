package bind

import (
	"slices"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// A table whose columns depend on the data is open until a probe has told
// them. Its operators are bound all the same, for the columns that are known
// and for the tools that want to know what a query reads: a name that nobody
// knows counts as a further column of unknown type, as Microsoft's own binder
// has it.

// step binds an operator over a table that may be open.
func (b *binder) step(in rel, op syntax.Operator, c ctx, first bool) rel {
	if !in.open || in.node == nil {
		return b.stayOpen(in, op, b.operator(in, op, c, first))
	}
	outer, diags := b.guessed, slices.Clone(b.diags)
	b.guessed = &[]string{}
	r := b.operator(in, op, c, first)
	names := *b.guessed
	b.guessed = outer
	if len(names) > 0 {
		b.diags = diags
		cols, exprs := slices.Clone(in.cols()), make([]plan.Expr, len(in.cols()))
		for i := range cols {
			exprs[i] = colRef(cols, i)
		}
		for _, n := range names {
			cols, exprs = append(cols, plan.Column{Name: n, Type: types.Unknown}), append(exprs, badExpr(op.Span()))
		}
		in.node = b.project(in.node, cols, exprs)
		r = b.operator(in, op, c, first)
	}
	return b.stayOpen(in, op, r)
}

// guess notes a name that may be a column of an open table.
func (b *binder) guess(name string) {
	if b.guessed != nil && !slices.Contains(*b.guessed, name) {
		*b.guessed = append(*b.guessed, name)
	}
}

// stayOpen marks the result of an operator that keeps columns it does not know.
func (b *binder) stayOpen(in rel, op syntax.Operator, r rel) rel {
	if r.node == nil || b.pending == nil {
		return r
	}
	switch op.(type) {
	case *syntax.ProjectOp, *syntax.ProjectKeepOp, *syntax.SummarizeOp, *syntax.DistinctOp, *syntax.CountOp, *syntax.GetSchemaOp:
	case *syntax.JoinOp, *syntax.LookupOp, *syntax.UnionOp, *syntax.InvokeOp: // the other table may be open
		r.open = true
	default:
		r.open = r.open || in.open
	}
	return r
}

// unknownResult stands for a call with arguments of unknown type. Behind a
// probe its type is known all the same when it is the same for every
// signature.
func (b *binder) unknownResult(s *fn.Spec, args []plan.Expr, at diag.Span) plan.Expr {
	if b.pending == nil {
		return badExpr(at)
	}
	var known []plan.Expr
	for _, a := range args {
		if a.Type() != types.Unknown {
			known = append(known, a)
		}
	}
	t := types.Unknown
	for i := range s.Sigs {
		sig := s.Sigs[i].Signature()
		var r types.Type
		switch {
		case sig.Returns == fn.RetType:
			r = sig.Type
		case sig.Returns == fn.RetCommon && len(known) > 0:
			r = commonType(known)
		}
		if _, fits := spread(sig, len(args)); !fits {
			continue
		}
		if r == types.Unknown || t != types.Unknown && t != r {
			return badExpr(at)
		}
		t = r
	}
	if t == types.Unknown {
		return badExpr(at)
	}
	return &plan.Const{Value: types.Null(t), Pos: at}
}
