package lower

import (
	"math/bits"

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

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }
func (b bitset) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}
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

// analysis is what is known of a plan before it is written.
type analysis struct {
	needs map[plan.Node]*need
	large map[*plan.Call]bool // calls that may make large texts: see growth
}

// analyse computes the needs of every node, readers before inputs.
func analyse(root plan.Node) analysis {
	var order []plan.Node
	plan.Walk(root, func(n plan.Node) { order = append(order, n) })
	needs := make(map[plan.Node]*need, len(order))
	for _, n := range order {
		needs[n] = &need{cols: newBitset(len(n.Columns()))}
	}
	readers := readersOf(order)
	needs[root].cols.addAll(len(root.Columns()))
	needs[root].order = sharedSort(root, readers)
	for i := len(order) - 1; i >= 0; i-- {
		for _, e := range plan.Exprs(order[i]) {
			scalars(e, func(s plan.Node) { needs[s].order = needs[s].order || sharedSort(s, readers) })
		}
		if l, ok := order[i].(*plan.Limit); ok {
			needs[l].order = needs[l].order || sharedSort(l.Input, readers)
		}
		push(order[i], needs)
	}
	return analysis{needs: needs, large: growth(order)}
}

func readersOf(nodes []plan.Node) map[plan.Node]int {
	readers := map[plan.Node]int{}
	for _, n := range nodes {
		for _, in := range n.Inputs() {
			readers[in]++
		}
		for _, e := range plan.Exprs(n) {
			plan.Subplans(e, func(s plan.Node) { readers[s]++ })
		}
	}
	return readers
}

// scalars calls f for every toscalar, whose first row matters.
func scalars(e plan.Expr, f func(plan.Node)) {
	switch e := e.(type) {
	case *plan.Call:
		for _, a := range e.Args {
			scalars(a, f)
		}
	case *plan.InQuery:
		scalars(e.X, f)
	case *plan.ScalarQuery:
		f(e.Node)
	}
}

// sharedSort reports an ordered result whose sort has another reader: the
// engine materialises what is read twice and forgets its order, which then
// has to travel in a column. So it does in the semi-join that "in (table)"
// becomes.
func sharedSort(root plan.Node, readers map[plan.Node]int) bool {
	if !plan.Sorted(root) {
		return false
	}
	for n := root; ; n = n.Inputs()[0] {
		if readers[n] > 1 || joins(n) {
			return true
		}
		if _, ok := n.(*plan.Sort); ok {
			return false
		}
	}
}

// joins reports nodes with "in (table)" in their expressions.
func joins(n plan.Node) bool {
	has := false
	var walk func(plan.Expr)
	walk = func(e plan.Expr) {
		switch e := e.(type) {
		case *plan.InQuery:
			has = true
		case *plan.Call:
			for _, a := range e.Args {
				walk(a)
			}
		}
	}
	for _, e := range plan.Exprs(n) {
		walk(e)
	}
	return has
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
		in.order = in.order || plan.Ordered(n.Input) && (me.order || plan.Listing(n))
	case *plan.Distinct:
		needs[n.Input].order = needs[n.Input].order || me.order && plan.Ordered(n.Input)
		needs[n.Input].cols.addAll(len(n.Input.Columns()))
		me.cols.addAll(len(n.Columns()))
	case *plan.Sort:
		in := needs[n.Input]
		in.cols.union(me.cols)
		for _, k := range n.Keys {
			in.refs(k.X)
		}
		in.order = in.order || plan.Ordered(n.Input) && !n.Total
	case *plan.Limit:
		in := needs[n.Input]
		in.cols.union(me.cols)
		in.order = in.order || me.order
	case *plan.Join:
		pushJoin(n, me, needs)
	case *plan.Union:
		for _, in := range n.Ins {
			needs[in].cols.union(me.cols)
			needs[in].order = needs[in].order || me.order && plan.Ordered(in)
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
		used := false
		for i, c := range n.Calls {
			if me.cols.has(len(n.Input.Columns()) + i) {
				used = true
				in.refs(c.Args...)
			}
		}
		if used {
			in.refs(n.Partition...)
		}
		in.order = in.order || me.order || used && !n.Any
	case *plan.GoOp:
		for i, in := range n.Ins {
			needs[in].cols.addAll(len(in.Columns()))
			needs[in].order = needs[in].order || n.Op.Ordered(i) && plan.Ordered(in)
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
