package guard

import (
	"math"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bounds are what filters say of one column, inclusive ticks.
type bounds struct{ lo, hi int64 }

// narrow tightens the bounds of scans by the query's own conditions on the
// time column, so that the engine reads fewer days. Conditions stay where
// they are: this only ever removes rows that a condition removes as well.
// A scan that is shared is narrowed only where all its readers agree, which
// here means: not at all.
func narrow(root plan.Node, g *Guarded) plan.Node {
	readers := map[plan.Node]int{}
	plan.Walk(root, func(n plan.Node) {
		for _, in := range n.Inputs() {
			readers[in]++
		}
		for _, e := range plan.Exprs(n) {
			plan.Subplans(e, func(s plan.Node) { readers[s]++ })
		}
	})
	tighter := map[*plan.Scan]*plan.Bounds{}
	plan.Walk(root, func(n plan.Node) {
		if _, ok := n.(*plan.Filter); ok {
			descend(n, map[int]bounds{}, readers, tighter, &g.cut)
		}
	})
	for scan, b := range tighter {
		*scan.Bounds = *b
	}
	return root
}

// descend carries the conditions down to the scan through filters and
// projections that only rename.
func descend(n plan.Node, known map[int]bounds, readers map[plan.Node]int, tighter map[*plan.Scan]*plan.Bounds, cut *bool) {
	if readers[n] > 1 {
		return
	}
	switch n := n.(type) {
	case *plan.Filter:
		collect(n.Cond, known)
		descend(n.Input, known, readers, tighter, cut)
	case *plan.Project:
		below := map[int]bounds{}
		for i, e := range n.Exprs {
			if c, ok := e.(*plan.Col); ok {
				if b, ok := known[i]; ok {
					below[c.Index] = b
				}
			}
		}
		descend(n.Input, below, readers, tighter, cut)
	case *plan.Scan:
		if b, ok := known[n.Table.Time]; ok && n.Table.Time >= 0 && n.Bounds != nil {
			cur := tighter[n]
			if cur == nil {
				copied := *n.Bounds
				cur = &copied
				tighter[n] = cur
			}
			if b.lo > math.MinInt64 && b.lo < n.Bounds.From {
				*cut = true
			}
			cur.From, cur.To = max(cur.From, b.lo), min(cur.To, b.hi)
		}
	}
}

// collect reads comparisons of a column with a constant out of a conjunction.
func collect(e plan.Expr, known map[int]bounds) {
	call, ok := e.(*plan.Call)
	if !ok || call.Fn.Kind != fn.Infix || len(call.Args) != 2 {
		return
	}
	if call.Fn.Name == "and" {
		collect(call.Args[0], known)
		collect(call.Args[1], known)
		return
	}
	op := call.Fn.Name
	col, cok := call.Args[0].(*plan.Col)
	k, kok := call.Args[1].(*plan.Const)
	if !cok || !kok {
		col, cok = call.Args[1].(*plan.Col)
		k, kok = call.Args[0].(*plan.Const)
		op = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}[op]
	}
	if !cok || !kok || k.Value.Null || k.Value.Type != types.Datetime || col.T != types.Datetime {
		return
	}
	b, ok := known[col.Index]
	if !ok {
		b = bounds{math.MinInt64, math.MaxInt64}
	}
	switch op {
	case ">", ">=":
		b.lo = max(b.lo, k.Value.I)
	case "<", "<=":
		b.hi = min(b.hi, k.Value.I)
	case "==":
		b.lo, b.hi = max(b.lo, k.Value.I), min(b.hi, k.Value.I)
	default:
		return
	}
	known[col.Index] = b
}
