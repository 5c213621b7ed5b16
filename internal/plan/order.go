package plan

import "strings"

// Ordered reports rows that have an order worth keeping and cheap to keep:
// those of a sort or of a constant table, through operators that keep it.
// Groups come in the order of their first row, as in the engine; ties of a
// sort keep the input's order. Stored rows have no order and pay for none.
func Ordered(n Node) bool {
	switch n := n.(type) {
	case *Sort, *Values, *GoOp:
		return true
	case *Scan, *Join:
		return false
	case *Union:
		for _, in := range n.Ins {
			if !Ordered(in) {
				return false
			}
		}
		return true
	}
	return Ordered(n.Inputs()[0])
}

// Listing reports aggregates whose answer depends on the order of rows.
func Listing(n *Aggregate) bool {
	for _, a := range n.Aggs {
		if a.Pick > 0 || strings.HasPrefix(a.Fn.Name, "make") || strings.Contains(a.Fn.Name, "any") {
			return true
		}
	}
	return false
}

// Sorted reports a sort below that the nodes above it keep, so that the rows
// come out in its order.
func Sorted(n Node) bool {
	switch n := n.(type) {
	case *Sort:
		return true
	case *Filter, *Project, *Limit, *Window, *Unnest:
		return Sorted(n.Inputs()[0])
	}
	return false
}
