package bind

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// ipv4Lookup joins by network; columns as those of lookup.
func (e *evaluation) ipv4Lookup() rel {
	return e.ipLookup("SourceIPv4Key", "IPv4LookupKey", 4)
}

// ipv6Lookup joins by network; the lookup table's columns come first
// (recorded).
func (e *evaluation) ipv6Lookup() rel {
	r := e.ipLookup("SourceIPv6Key", "IPv6LookupKey", 6)
	if e.failed || r.node == nil {
		return r
	}
	n, left := len(r.cols()), len(e.in.cols())
	order := append(firstN(n)[left:], firstN(left)...)
	r.node = e.pick(r.node, order, nil)
	return r
}

// ipLookup pairs the distinct addresses of the rows with the distinct networks
// of the table in Go, joins the table to the pairs and the rows to that: the
// rows themselves stay in the engine. They are read twice, so what is not the
// same each time is kept as it is first.
func (e *evaluation) ipLookup(source, key string, version int64) rel {
	table := e.binder.table(e.arg("LookupTable"), ctx{sc: e.c.sc, op: e.c.op})
	at := e.columnArg(source)
	unmatched := e.flag("return_unmatched", false)
	if table.node == nil || e.failed {
		e.failed = true
		return rel{}
	}
	k := e.columnOf(e.arg(key), table.cols(), key)
	if e.failed || !e.isText(e.in.cols(), at, e.arg(source)) || !e.isText(table.cols(), k, e.arg(key)) {
		return rel{}
	}
	in := e.in.node
	if !steady(in) {
		in = plan.NewGoOp(plugin.Keep{Plugin: e.spec.Name}, in.Columns(), e.op.Span(), in)
	}
	pairCols := []plan.Column{{Name: "$source", Type: types.String}, {Name: "$network", Type: types.String}}
	pairs := plan.NewGoOp(plugin.IPMatch{Plugin: e.spec.Name}, pairCols, e.op.Span(), e.networks(in, at, version), e.networks(table.node, k, version))
	found := &plan.Join{Kind: plan.Inner, Left: pairs, Right: table.node, LeftKeys: []plan.Expr{ref(pairs, 1)}, RightKeys: []plan.Expr{ref(table.node, k)}}
	found.Out = joinColumns(pairCols, table.cols(), false, false, nil)
	j := &plan.Join{Kind: plan.Inner, Left: in, Right: found, LeftKeys: []plan.Expr{ref(in, at)}, RightKeys: []plan.Expr{ref(found, 0)}, DropRight: []int{0, 1}}
	if unmatched {
		j.Kind = plan.LeftOuter
	}
	drop := map[int]bool{}
	for _, x := range e.args["ExtraKey"] {
		e.extraKey(j, x, table.cols(), drop)
	}
	if e.failed {
		return rel{}
	}
	j.Out = joinColumns(in.Columns(), table.cols(), false, unmatched, drop)
	return rel{node: j}
}

// isText checks the type of an address column.
func (e *evaluation) isText(cols []plan.Column, i int, a syntax.Expr) bool {
	if cols[i].Type == types.String {
		return true
	}
	e.refuse(a.Span(), fmt.Sprintf("%s: the column '%s' is %s; addresses are strings", e.spec.Name, cols[i].Name, cols[i].Type), "extend it with tostring(…) before")
	return false
}

// networks are the distinct texts of a column with what they mean.
func (e *evaluation) networks(n plan.Node, at int, version int64) plan.Node {
	d := e.distinct(e.pick(n, []int{at}, nil))
	code := e.call("__ip_network", ref(d, 0), e.constOf(types.LongValue(version)))
	return e.project(d, []plan.Column{{Name: "$text", Type: types.String}, {Name: "$code", Type: types.String}}, []plan.Expr{ref(d, 0), code})
}

// extraKey adds a column that must be equal on both sides.
func (e *evaluation) extraKey(j *plan.Join, a syntax.Expr, right []plan.Column, drop map[int]bool) {
	l, r := e.columnOf(a, j.Left.Columns(), "ExtraKey"), e.columnOf(a, right, "ExtraKey")
	if l < 0 || r < 0 {
		return
	}
	oc := ctx{sc: e.c.sc, op: e.c.op}
	e.addKey(j, ref(j.Left, l), ref(j.Right, r+2), a.Span(), oc, right[r].Name)
	j.DropRight = append(j.DropRight, r+2)
	drop[r] = true
}

// steady reports rows that are the same each time they are computed. Limits
// and picks of any row are not.
func steady(root plan.Node) bool {
	ok := true
	plan.Walk(root, func(n plan.Node) {
		switch n := n.(type) {
		case *plan.Limit, *plan.Window:
			ok = false
		case *plan.Join:
			ok = ok && n.Kind != plan.InnerUnique
		case *plan.Aggregate:
			for _, g := range n.Aggs {
				ok = ok && g.Pick == 0 && !strings.Contains(g.Fn.Name, "any") && !strings.HasPrefix(g.Fn.Name, "make_")
			}
		}
		for _, x := range plan.Exprs(n) {
			ok = ok && !random(x)
		}
	})
	return ok
}

// random reports an expression with a function that gives something else for
// every row. (Functions that make lists are only marked so.)
func random(x plan.Expr) bool {
	switch x := x.(type) {
	case *plan.Call:
		if x.Fn.Vol == fn.PerRow && !x.Fn.Hidden {
			return true
		}
		for _, a := range x.Args {
			if random(a) {
				return true
			}
		}
	case *plan.InQuery:
		return random(x.X)
	}
	return false
}
