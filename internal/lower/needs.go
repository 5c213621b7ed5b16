package lower

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
)

// need is what readers of a node use of it: columns, and its row order. Only
// that is written into SQL: hunting tables are up to 90 columns wide and one
// CTE per node would repeat all of them.
type need struct {
	cols  bitset
	order bool
}

type bitset []uint64

func newBitset(n int) bitset    { return make(bitset, (n+63)/64) }
func (b bitset) has(i int) bool { return b[i>>6]&(1<<(uint(i)&63)) != 0 }
func (b bitset) add(i int)      { b[i>>6] |= 1 << (uint(i) & 63) }
func (b bitset) addAll(n int) {
	for i := range n {
		b.add(i)
	}
}
func (b bitset) union(o bitset) {
	for i := range o {
		b[i] |= o[i]
	}
}
func (n *need) refs(es ...plan.Expr) {
	for _, e := range es {
		plan.Refs(e, n.cols.add)
	}
}

// analyse computes the needs of every node, readers before inputs.
func analyse(root plan.Node) map[plan.Node]*need {
	var order []plan.Node
	plan.Walk(root, func(n plan.Node) { order = append(order, n) })
	needs := make(map[plan.Node]*need, len(order))
	for _, n := range order {
		needs[n] = &need{cols: newBitset(len(n.Columns()))}
	}
	needs[root].cols.addAll(len(root.Columns()))
	needs[root].order = sharedSort(root, order)
	for i := len(order) - 1; i >= 0; i-- {
		push(order[i], needs)
	}
	return needs
}

// sharedSort reports an ordered result whose sort has another reader: the
// engine materialises what is read twice and forgets its order, which then
// has to travel in a column.
func sharedSort(root plan.Node, nodes []plan.Node) bool {
	if !sorted(root) {
		return false
	}
	readers := map[plan.Node]int{}
	for _, n := range nodes {
		for _, in := range n.Inputs() {
			readers[in]++
		}
		for _, e := range plan.Exprs(n) {
			plan.Subplans(e, func(s plan.Node) { readers[s]++ })
		}
	}
	for n := root; ; n = n.Inputs()[0] {
		if readers[n] > 1 {
			return true
		}
		if _, ok := n.(*plan.Sort); ok {
			return false
		}
	}
}

// sorted reports a sort below that the nodes above it keep.
func sorted(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.Sort:
		return true
	case *plan.Filter, *plan.Project, *plan.Limit, *plan.Window, *plan.Unnest:
		return sorted(n.Inputs()[0])
	}
	return false
}

// push tells the inputs of n what n needs of them.
func push(n plan.Node, needs map[plan.Node]*need) {
	me := needs[n]
	for _, e := range plan.Exprs(n) {
		plan.Subplans(e, func(s plan.Node) { needs[s].cols.add(0) })
	}
	switch n := n.(type) {
	case *plan.Filter:
		in := needs[n.Input]
		in.cols.union(me.cols)
		in.refs(n.Cond)
		in.order = in.order || me.order
	case *plan.Project:
		in := needs[n.Input]
		for i, e := range n.Exprs {
			if me.cols.has(i) {
				in.refs(e)
			}
		}
		in.order = in.order || me.order
	case *plan.Aggregate:
		in := needs[n.Input]
		in.refs(n.Keys...)
		for i, a := range n.Aggs {
			if me.cols.has(len(n.Keys) + i) {
				in.refs(a.Args...)
			} else if a.Pick > 0 { // the rank chooses the row even if nobody reads it
				in.refs(a.Args[0])
			}
		}
		in.order = in.order || keepsOrder(n.Input) && (me.order || listing(n))
	case *plan.Distinct:
		needs[n.Input].order = needs[n.Input].order || me.order && keepsOrder(n.Input)
		needs[n.Input].cols.addAll(len(n.Input.Columns()))
		me.cols.addAll(len(n.Columns()))
	case *plan.Sort:
		in := needs[n.Input]
		in.cols.union(me.cols)
		for _, k := range n.Keys {
			in.refs(k.X)
		}
		in.order = in.order || keepsOrder(n.Input)
	case *plan.Limit:
		in := needs[n.Input]
		in.cols.union(me.cols)
		in.order = in.order || me.order
	case *plan.Join:
		pushJoin(n, me, needs)
	case *plan.Union:
		for _, in := range n.Ins {
			needs[in].cols.union(me.cols)
			needs[in].order = needs[in].order || me.order && keepsOrder(in)
		}
	case *plan.Unnest:
		in := needs[n.Input]
		for i := range n.Input.Columns() {
			if me.cols.has(i) {
				in.cols.add(i)
			}
		}
		in.refs(n.Items...)
		in.order = in.order || me.order
	case *plan.Window:
		in := needs[n.Input]
		for i := range n.Input.Columns() {
			if me.cols.has(i) {
				in.cols.add(i)
			}
		}
		for _, c := range n.Calls {
			in.refs(c.Args...)
		}
		in.order = true
	case *plan.GoOp:
		for i, in := range n.Ins {
			needs[in].cols.addAll(len(in.Columns()))
			needs[in].order = needs[in].order || n.Op.Ordered(i) && keepsOrder(in)
		}
	}
}

func pushJoin(n *plan.Join, me *need, needs map[plan.Node]*need) {
	l, r := needs[n.Left], needs[n.Right]
	for i := range n.Columns() {
		if !me.cols.has(i) {
			continue
		}
		side, k := joinSource(n, i)
		if side == 0 {
			l.cols.add(k)
		} else {
			r.cols.add(k)
		}
	}
	l.refs(n.LeftKeys...)
	r.refs(n.RightKeys...)
	if n.Residual != nil {
		nl := len(n.Left.Columns())
		plan.Refs(n.Residual, func(i int) {
			if i < nl {
				l.cols.add(i)
			} else {
				r.cols.add(i - nl)
			}
		})
	}
}

// joinSource tells which side and ordinal output column i of a join is.
func joinSource(n *plan.Join, i int) (side, ordinal int) {
	switch n.Kind {
	case plan.LeftSemi, plan.LeftAnti:
		return 0, i
	case plan.RightSemi, plan.RightAnti:
		return 1, i
	}
	nl := len(n.Left.Columns())
	if i < nl {
		return 0, i
	}
	i -= nl
	for k := range n.Right.Columns() {
		if dropped(n, k) {
			continue
		}
		if i == 0 {
			return 1, k
		}
		i--
	}
	return 1, 0
}

func dropped(n *plan.Join, k int) bool {
	for _, d := range n.DropRight {
		if d == k {
			return true
		}
	}
	return false
}

// keepsOrder reports rows that have an order worth keeping and cheap to keep:
// those of a sort or of a constant table, through operators that keep it.
// Groups come in the order of their first row, as in the engine; ties of a
// sort keep the input's order. Stored rows have no order and pay for none.
func keepsOrder(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.Sort, *plan.Values, *plan.GoOp:
		return true
	case *plan.Scan, *plan.Join:
		return false
	case *plan.Union:
		for _, in := range n.Ins {
			if !keepsOrder(in) {
				return false
			}
		}
		return true
	}
	return keepsOrder(n.Inputs()[0])
}

// listing reports aggregates whose answer depends on the order of rows.
func listing(n *plan.Aggregate) bool {
	for _, a := range n.Aggs {
		if a.Pick > 0 || strings.HasPrefix(a.Fn.Name, "make") || strings.Contains(a.Fn.Name, "any") {
			return true
		}
	}
	return false
}
