package bind

import "github.com/harrier-hunting/harrier/internal/syntax"

// bindWhere: where cond keeps the rows for which cond is true.
func (b *binder) bindWhere(in rel, op *syntax.WhereOp, c ctx) rel {
	oc := b.over(in, c, op)
	w := b.windowsOver(&oc, in)
	cond := b.boolean(b.expr(op.Cond, oc), op.Cond.Span(), op.Word, oc)
	if len(w.calls) == 0 {
		return rel{node: b.filter(in.node, cond), ordered: in.ordered}
	}
	n := b.filter(b.windowNode(in.node, w), cond)
	return rel{node: b.pick(n, firstN(len(in.cols())), nil), ordered: in.ordered}
}

func firstN(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
