package bind

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindProjectByNames: the columns whose names constant texts and arrays give,
// in their order; wildcards stand for several, unknown names for none.
func (b *binder) bindProjectByNames(in rel, op *syntax.ProjectByNamesOp, c ctx) rel {
	oc := ctx{sc: c.sc, op: op.Word}
	var keep []int
	taken := map[int]bool{}
	for _, e := range op.Exprs {
		for _, pattern := range b.constantNames(e, oc) {
			for i, col := range in.cols() {
				if !taken[i] && matchWildcard(pattern, col.Name) {
					taken[i] = true
					keep = append(keep, i)
				}
			}
		}
	}
	return rel{node: b.pick(in.node, keep, nil), ordered: in.ordered}
}

// constantNames are the names in a constant text or array of texts.
func (b *binder) constantNames(e syntax.Expr, c ctx) []string {
	x := b.expr(e, c)
	k, ok := x.(*plan.Const)
	switch {
	case x.Type() == types.Unknown:
		return nil
	case ok && k.Value.Type == types.String:
		return []string{k.Value.S}
	case ok && k.Value.Type == types.Dynamic && (k.Value.Null || dynamic.KindOf(k.Value.S) == dynamic.Array):
		var names []string
		for item := range dynamic.Items(k.Value.S) {
			names = append(names, dynamic.AsString(item))
		}
		return names
	}
	b.fail(e.Span(), "SEM0100", c.inOp("a constant string or a constant array of strings is expected"), "")
	return nil
}
