package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// A correlated subquery runs for every partition of some rows: for every row
// of mv-apply, for every key of partition. It is bound over one partition's
// rows as if there were no others, and then made a plan over all of them at
// once (ADR 0014): its source gets hidden columns at the end, and so does
// every node above. The first is the partition's key, which becomes one more
// key of aggregates, joins and windows; the others, the riders, are the same
// in all rows of a partition and only carried along.

// decorrelation rewrites one subquery.
type decorrelation struct {
	b *binder
	// from is the node over which the subquery was bound, nil if it has a
	// source of its own; source has its columns and then the hidden ones.
	from, source plan.Node
	hidden       []plan.Column
	keyless      bool // no key: every row goes its own way
	outer        int  // the plan.Outer that stand for the key; 0: there are none
	at           diag.Span
	related      map[plan.Node]bool
	done         map[plan.Node]plan.Node
	parts        plan.Node // one row per partition: the hidden columns
	failed       bool
}

func (b *binder) decorrelate(from plan.Node, at diag.Span) *decorrelation {
	return &decorrelation{b: b, from: from, at: at, related: map[plan.Node]bool{}, done: map[plan.Node]plan.Node{}}
}

// fromSource sets what takes the place of d.from; its last columns are the
// hidden ones.
func (d *decorrelation) fromSource(source plan.Node, hidden int) {
	cols := source.Columns()
	d.source, d.hidden = source, cols[len(cols)-hidden:]
}

// refuse names what cannot run for every partition.
func (d *decorrelation) refuse(what string) {
	if !d.failed {
		d.b.unsupported(d.at, what+" in a subquery that runs for every partition", "")
	}
	d.failed = true
}

// node is n for all partitions: its columns, then the hidden ones.
func (d *decorrelation) node(n plan.Node) plan.Node {
	if r := d.done[n]; r != nil {
		return r
	}
	if !d.b.grow(d.at) {
		d.failed = true
		return d.b.values(d.wide(n.Columns()), nil)
	}
	r := d.rewrite(n)
	d.done[n] = r
	return r
}

func (d *decorrelation) rewrite(n plan.Node) plan.Node {
	if n == d.from {
		return d.source
	}
	if !d.correlated(n) {
		return d.crossed(n)
	}
	switch n := n.(type) {
	case *plan.Filter:
		return d.filter(n)
	case *plan.Project:
		in, es := d.over(n.Input, n.Exprs...)
		return d.b.project(in, d.wide(n.Out), append(es, d.hiddenOf(in, len(n.Input.Columns()))...))
	case *plan.Aggregate:
		return d.aggregate(n)
	case *plan.Distinct:
		return d.distinct(d.node(n.Input), len(n.Out))
	case *plan.Sort:
		return d.sort(n)
	case *plan.Limit:
		in, e := d.over(n.Input, n.N)
		return d.first(in, e[0], len(n.Out))
	case *plan.Join:
		return d.join(n)
	case *plan.Union:
		u := &plan.Union{Ins: make([]plan.Node, len(n.Ins))}
		u.Out = d.wide(n.Out)
		for i, in := range n.Ins {
			u.Ins[i] = d.node(in)
		}
		return u
	case *plan.Unnest:
		return d.unnest(n)
	case *plan.Window:
		return d.window(n)
	case *plan.GoOp:
		return d.goOp(n)
	}
	d.refuse(fmt.Sprintf("%T", n))
	return d.crossed(n)
}

// split leaves what a filter over a table of its own says of the table alone
// below the pairing with the partitions, where it narrows the scan.
func (d *decorrelation) split(n *plan.Filter) *plan.Filter {
	var own, rest []plan.Expr
	for _, t := range conjuncts(n.Cond) {
		if d.depends(t) {
			rest = append(rest, t)
		} else {
			own = append(own, t)
		}
	}
	if own == nil {
		return n
	}
	table := d.b.filter(n.Input, d.b.conjunction(own, d.at, ctx{}))
	return d.b.filter(table, d.b.conjunction(rest, d.at, ctx{})).(*plan.Filter)
}

// wide are columns with the hidden ones behind them.
func (d *decorrelation) wide(cols []plan.Column) []plan.Column {
	return append(append(make([]plan.Column, 0, len(cols)+len(d.hidden)), cols...), d.hidden...)
}

// hiddenOf refers to the hidden columns of in, the first of which is number at.
func (d *decorrelation) hiddenOf(in plan.Node, at int) []plan.Expr {
	out := make([]plan.Expr, len(d.hidden))
	for i := range out {
		out[i] = colRef(in.Columns(), at+i)
	}
	return out
}

// key refers to the key, column number at of in.
func (d *decorrelation) key(in plan.Node, at int) *plan.Col { return colRef(in.Columns(), at) }

// trim drops what stands behind the hidden columns of n, which has visible
// columns before them.
func (d *decorrelation) trim(n plan.Node, visible int) plan.Node {
	if len(n.Columns()) == visible+len(d.hidden) {
		return n
	}
	return d.b.pick(n, firstN(visible+len(d.hidden)), nil)
}

// inward puts the hidden columns of n, at number at, behind the columns that
// follow them.
func (d *decorrelation) inward(n plan.Node, at int) plan.Node {
	cols := n.Columns()
	order := firstN(at)
	for i := at + len(d.hidden); i < len(cols); i++ {
		order = append(order, i)
	}
	for i := range d.hidden {
		order = append(order, at+i)
	}
	return d.b.pick(n, order, nil)
}

// crossed is n, which knows nothing of partitions, for each of them.
func (d *decorrelation) crossed(n plan.Node) plan.Node {
	if !plan.Ordered(n) {
		return d.paired(n)
	}
	w := d.numbered(n)
	return d.inOrder(d.paired(w), len(n.Columns()))
}

// paired joins every row of n with every partition, in no order.
func (d *decorrelation) paired(n plan.Node) plan.Node {
	if d.keyless {
		d.refuse("A table of its own")
	}
	j := &plan.Join{Kind: plan.Inner, Left: n, Right: d.partitions()}
	j.Out = d.wide(n.Columns())
	return j
}

// inOrder sorts the rows of each partition by their number, column at of n,
// which the hidden columns follow, and drops it.
func (d *decorrelation) inOrder(n plan.Node, at int) plan.Node {
	s := d.b.sort(n, []plan.SortKey{{X: d.key(n, at+1), NullsFirst: true}, {X: colRef(n.Columns(), at)}}).(*plan.Sort)
	s.Total = true
	return d.b.pick(s, append(firstN(at), rangeOf(at+1, len(d.hidden))...), nil)
}

// filter over a table of its own comes before the table's order is restored.
func (d *decorrelation) filter(n *plan.Filter) plan.Node {
	if !d.correlated(n.Input) {
		n = d.split(n)
		if plan.Ordered(n.Input) {
			w := d.numbered(n.Input)
			d.done[w] = d.paired(w)
			in, e := d.over(w, n.Cond)
			return d.inOrder(d.trim(d.b.filter(in, e[0]), len(n.Out)+1), len(n.Out))
		}
	}
	in, e := d.over(n.Input, n.Cond)
	return d.trim(d.b.filter(in, e[0]), len(n.Out))
}

// partitions has one row for each partition: the hidden columns.
func (d *decorrelation) partitions() plan.Node {
	if d.parts == nil {
		at := len(d.source.Columns()) - len(d.hidden)
		d.parts = d.b.pick(d.source, rangeOf(at, len(d.hidden)), nil)
		d.parts = d.distinct(d.parts, 0)
	}
	return d.parts
}

func rangeOf(from, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = from + i
	}
	return out
}

// distinct rows of in: all visible columns and the key; riders follow the key.
func (d *decorrelation) distinct(in plan.Node, visible int) plan.Node {
	if len(d.hidden) == 1 {
		return d.b.distinct(in)
	}
	n := &plan.Aggregate{Input: in}
	for i := range visible + 1 {
		n.Keys = append(n.Keys, colRef(in.Columns(), i))
	}
	n.Aggs = d.riders(in, visible)
	n.Out = in.Columns()
	return n
}

// riders are the aggregates that carry the riders of in over groups.
func (d *decorrelation) riders(in plan.Node, visible int) []*plan.Agg {
	var out []*plan.Agg
	for i := 1; i < len(d.hidden); i++ {
		out = append(out, d.same(colRef(in.Columns(), visible+i)))
	}
	return out
}

// same aggregates a value that is the same in all rows of a group.
func (d *decorrelation) same(x plan.Expr) *plan.Agg {
	s := d.b.env.Fns.Lookup(fn.Aggregate, "__same")
	if s == nil {
		d.refuse("Columns of the row around")
		return nil
	}
	return &plan.Agg{Fn: s, Sig: &s.Sigs[0], Args: []plan.Expr{x}, Ret: x.Type(), Pos: d.at}
}

// sort orders by partition first: a partition's rows stay together.
func (d *decorrelation) sort(n *plan.Sort) plan.Node {
	base := len(n.Out)
	es := make([]plan.Expr, len(n.Keys))
	for i, k := range n.Keys {
		es[i] = k.X
	}
	in, es := d.over(n.Input, es...)
	keys := []plan.SortKey{{X: d.key(in, base), NullsFirst: true}}
	for i, k := range n.Keys {
		k.X = es[i]
		keys = append(keys, k)
	}
	s := d.b.sort(in, keys).(*plan.Sort)
	s.Total = n.Total
	return d.trim(s, base)
}

// first keeps the first count rows of every partition.
func (d *decorrelation) first(in plan.Node, count plan.Expr, visible int) plan.Node {
	w := d.numbered(in, d.key(in, visible))
	n := len(in.Columns())
	at := d.at
	cond := d.b.infix("<=", at, ctx{}, colRef(w.Columns(), n), count)
	return d.trim(d.b.filter(w, cond), visible)
}

// numbered adds the number of every row among those with the same values of
// by, in the rows' order if they have one.
func (d *decorrelation) numbered(in plan.Node, by ...plan.Expr) plan.Node {
	w := &plan.Window{Input: in, Partition: by, Any: !plan.Ordered(in)}
	s := d.b.env.Fns.Lookup(fn.Window, "row_number")
	if s == nil {
		d.refuse("Counting rows")
		return in
	}
	w.Calls = []*plan.WindowCall{{Fn: s, Sig: &s.Sigs[0], Ret: types.Long, Pos: d.at}}
	w.Out = append(append(w.Out, in.Columns()...), plan.Column{Name: "$n", Type: types.Long})
	return w
}

// window runs for every partition by itself.
func (d *decorrelation) window(n *plan.Window) plan.Node {
	base := len(n.Input.Columns())
	var es []plan.Expr
	for _, c := range n.Calls {
		es = append(es, c.Args...)
	}
	in, es := d.over(n.Input, append(es, n.Partition...)...)
	w := &plan.Window{Input: in, Any: n.Any}
	for _, c := range n.Calls {
		call := *c
		call.Args, es = es[:len(c.Args):len(c.Args)], es[len(c.Args):]
		w.Calls = append(w.Calls, &call)
	}
	w.Partition = append(es, d.key(in, base))
	joined := len(in.Columns())
	w.Out = append(append(w.Out, in.Columns()...), n.Out[base:]...)
	// Columns of joined subqueries stand between the hidden ones and the calls.
	order := append(firstN(base), rangeOf(joined, len(n.Calls))...)
	return d.b.pick(w, append(order, rangeOf(base, len(d.hidden))...), nil)
}

// unnest: every item goes with its row.
func (d *decorrelation) unnest(n *plan.Unnest) plan.Node {
	base := len(n.Input.Columns())
	es := append([]plan.Expr(nil), n.Items...)
	if n.Limit != nil {
		es = append(es, n.Limit)
	}
	in, es := d.over(n.Input, es...)
	in = d.trim(in, base)
	u := &plan.Unnest{Input: in, Items: es[:len(n.Items)], KeepEmpty: n.KeepEmpty, WithIndex: n.WithIndex}
	if n.Limit != nil {
		u.Limit = es[len(n.Items)]
	}
	u.Out = append(append(u.Out, in.Columns()...), n.Out[base:]...)
	return d.inward(u, base)
}

// goOp runs for one partition after the other.
func (d *decorrelation) goOp(n *plan.GoOp) plan.Node {
	if d.keyless {
		d.refuse("'" + n.Op.Name() + "'")
	}
	ins, parted := make([]plan.Node, len(n.Ins)), make([]bool, len(n.Ins))
	for i, in := range n.Ins {
		ins[i], parted[i] = in, d.correlated(in)
		if parted[i] {
			t := d.node(in)
			ins[i] = d.b.sort(t, []plan.SortKey{{X: d.key(t, len(in.Columns())), NullsFirst: true}})
		}
	}
	return plan.Each(n, ins, parted, d.hidden)
}
