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
// Between a condition and its scan there may be no other reader, who would
// miss the rows. It reports whether a condition asks for a time before the
// bounds.
func narrow(root plan.Node) (cut bool) {
	w := narrower{readers: map[plan.Node]int{}, tighter: map[*plan.Scan]*plan.Bounds{}}
	plan.Walk(root, func(n plan.Node) {
		for _, in := range n.Inputs() {
			w.readers[in]++
		}
		for _, e := range plan.Exprs(n) {
			plan.Subplans(e, func(s plan.Node) { w.readers[s]++ })
		}
	})
	plan.Walk(root, func(n plan.Node) {
		if f, ok := n.(*plan.Filter); ok {
			w.from(f, map[int]bounds{})
		}
	})
	for scan, b := range w.tighter {
		*scan.Bounds = *b
	}
	return w.cut
}

// narrower collects tighter bounds for the scans of one plan.
type narrower struct {
	readers map[plan.Node]int
	tighter map[*plan.Scan]*plan.Bounds
	cut     bool
}

// from adds the conditions of a filter to what is known and carries them on.
func (w *narrower) from(f *plan.Filter, known map[int]bounds) {
	collect(f.Cond, known)
	w.into(f.Input, known)
}

// into carries conditions down to the scan, through filters and projections
// that only rename.
func (w *narrower) into(n plan.Node, known map[int]bounds) {
	if w.readers[n] > 1 {
		return
	}
	switch n := n.(type) {
	case *plan.Filter:
		w.from(n, known)
	case *plan.Project:
		below := map[int]bounds{}
		for i, e := range n.Exprs {
			if c, ok := e.(*plan.Col); ok {
				if b, ok := known[i]; ok {
					below[c.Index] = b
				}
			}
		}
		w.into(n.Input, below)
	case *plan.Scan:
		w.scan(n, known)
	}
}

func (w *narrower) scan(n *plan.Scan, known map[int]bounds) {
	b, ok := known[n.Table.Time]
	if !ok || n.Table.Time < 0 || n.Bounds == nil {
		return
	}
	cur := w.tighter[n]
	if cur == nil {
		copied := *n.Bounds
		cur = &copied
		w.tighter[n] = cur
	}
	w.cut = w.cut || b.lo > math.MinInt64 && b.lo < n.Bounds.From
	cur.From, cur.To = max(cur.From, b.lo), min(cur.To, b.hi)
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
