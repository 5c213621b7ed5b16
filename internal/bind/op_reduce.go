package bind

import "github.com/harrier-hunting/harrier/internal/syntax"

// bindReduce refuses reduce: which words become "*", how separators are kept
// and what the threshold counts is not documented well enough to give the
// engine's answer, and any other pattern would only look like one.
func (b *binder) bindReduce(op *syntax.ReduceOp) rel {
	b.unsupported(op.Span(), "The 'reduce' operator", "its patterns are not documented exactly; group by a pattern of your own: summarize count() by replace_regex(…)")
	return rel{open: true}
}
