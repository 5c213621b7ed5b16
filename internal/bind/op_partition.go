package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindPartition runs a subquery for every value of a column and gives all
// results together. "( … )" continues the rows with that value; "{ … }" is a
// query of its own. Both know the value by the column's name, if no column of
// theirs has it, and as toscalar(name). The strategies and the other hints say
// how an engine is to run it and do not change the answer.
func (b *binder) bindPartition(in rel, op *syntax.PartitionOp, c ctx) rel {
	oc := b.over(in, c, op)
	if op.Scope != nil {
		b.unsupported(op.Scope.Span(), "partition by … in", "filter the rows before")
		return rel{open: true}
	}
	name, ok := op.By.(*syntax.NameRef)
	if !ok {
		b.fail(op.By.Span(), "SEM0109", oc.inOp("Column name expected."), "extend the value as a column first")
		return rel{open: true}
	}
	at := findColumn(in.cols(), name.Name)
	if at < 0 {
		b.fail(op.By.Span(), "SEM0100", oc.inOp(fmt.Sprintf("Failed to resolve column named '%s'", name.Name)),
			hintDidYouMean(name.Name, columnNames(in.cols())))
		return rel{open: true}
	}
	col := in.cols()[at]
	if col.Type == types.Dynamic {
		b.fail(op.By.Span(), "SEM0116", oc.inOp("partition by a 'dynamic' value is not supported"), "convert it: extend k = tostring("+name.Name+")")
		return rel{open: true}
	}
	b.nodes++
	key := &plan.Outer{Of: b.nodes, T: col.Type, Null: col.Nullable, Pos: op.By.Span()}
	sc := c.sc.child()
	sc.set(name.Name, &variable{x: key})
	inner := ctx{sc: sc, op: op.Keyword()}
	width := len(in.cols())
	var sub rel
	var from plan.Node
	if op.Brace {
		sub = b.table(op.Body, inner)
	} else {
		// A node of its own: a let with the same table means all its rows.
		from = b.pick(in.node, firstN(width), nil)
		sub = b.subquery(op.Body, rel{node: from, ordered: in.ordered}, inner)
	}
	if sub.node == nil {
		return rel{open: true}
	}
	d := b.decorrelate(from, op.Span())
	d.outer = key.Of
	d.fromSource(b.pick(in.node, append(firstN(width), at), nil), 1)
	node := d.node(sub.node)
	if d.failed {
		return rel{open: true}
	}
	return rel{node: b.pick(node, firstN(len(sub.cols())), nil)}
}
