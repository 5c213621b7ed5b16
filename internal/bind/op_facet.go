package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindFacet: a result for the with clause, then one for each column with its
// values and how often they come up.
func (b *binder) bindFacet(in rel, op *syntax.FacetOp, c ctx) rel {
	var results []rel
	if op.With != nil {
		results = append(results, b.branch(in, op.With, op.Word, ctx{sc: c.sc.child()}))
	}
	for _, e := range op.By {
		results = append(results, b.facetOf(in, e, op, c))
	}
	return b.together(op, results)
}

// facetOf counts the values of one column.
func (b *binder) facetOf(in rel, e syntax.Expr, op *syntax.FacetOp, c ctx) rel {
	oc := b.over(in, c, op)
	of := b.computed(e, oc)
	s := b.env.Fns.Lookup(fn.Aggregate, "count")
	switch {
	case of.x.Type() == types.Unknown || s == nil:
		return rel{open: true}
	case of.x.Type() == types.Dynamic:
		b.fail(e.Span(), "SEM0116", oc.inOp("a facet of a 'dynamic' column is not supported"), "convert it first: extend x = tostring("+syntax.Print(e)+")")
		return rel{open: true}
	}
	n := &plan.Aggregate{Input: in.node, Keys: []plan.Expr{of.x}, Aggs: []*plan.Agg{{Fn: s, Sig: &s.Sigs[0], Ret: types.Long, Pos: e.Span()}}}
	n.Out = []plan.Column{columnOf(of.name, of.x), {Name: "count_" + of.name, Type: types.Long}}
	return rel{node: n}
}
