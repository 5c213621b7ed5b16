package guard

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Devices says which devices' rows a plan may see.
type Devices struct {
	// Set is a plan of one column, DeviceId. It is made here, not by the
	// query: its scans see all rows of all times.
	Set plan.Node
	// Fold makes what is looked for in the set of a row's DeviceId; nil takes
	// it as it is.
	Fold func(*plan.Col) plan.Expr
	// Only: the set holds the visible devices, and every other is hidden.
	// Without it the set holds the hidden ones.
	Only bool
	// Nodes is a plan of one column, the nodes of the exposure graph that are
	// hidden, made as Set is. Without it the graph has no rows.
	Nodes plan.Node
}

// nodeColumns are the columns that name nodes of the exposure graph, whose
// tables have no DeviceId.
var nodeColumns = map[string][]string{"ExposureGraphNodes": {"NodeId"}, "ExposureGraphEdges": {"SourceNodeId", "TargetNodeId"}}

// filter is what hides rows of one scan. All scans of a plan share the set.
func (d *Devices) filter() (func(*plan.Scan) plan.Node, error) {
	if d == nil {
		return func(n *plan.Scan) plan.Node { return n }, nil
	}
	set, err := ours(d.Set)
	if err != nil {
		return nil, err
	}
	var nodes plan.Node
	if d.Nodes != nil {
		if nodes, err = ours(d.Nodes); err != nil {
			return nil, err
		}
	}
	return func(n *plan.Scan) plan.Node {
		if names := nodeColumns[n.Table.Name]; names != nil {
			return d.withoutNodes(n, names, nodes)
		}
		if n.Table.Device < 0 {
			return n
		}
		var x plan.Expr = column(n, n.Table.Device)
		if d.Fold != nil {
			x = d.Fold(column(n, n.Table.Device))
		}
		return fence(n, &plan.InQuery{X: x, Node: set, Not: !d.Only})
	}, nil
}

// ours lets a plan of one column of texts, that the service made, see all times.
func ours(set plan.Node) (plan.Node, error) {
	if set == nil || len(set.Columns()) != 1 || set.Columns()[0].Type != types.String || set.Columns()[0].Nullable {
		return nil, fmt.Errorf("guard: the set of devices is no column of device ids")
	}
	return plan.Rewrite(set, func(n plan.Node) plan.Node {
		if scan, ok := n.(*plan.Scan); ok {
			return bounded(scan, types.MinDatetime, types.MaxDatetime)
		}
		return n
	}), nil
}

// withoutNodes hides rows of the exposure graph that name a hidden node.
func (d *Devices) withoutNodes(n *plan.Scan, names []string, nodes plan.Node) plan.Node {
	if d.Nodes == nil {
		return fence(n, &plan.Const{Value: types.BoolValue(false)})
	}
	var out plan.Node = n
	for _, name := range names {
		out = fence(out, &plan.InQuery{X: column(n, n.Table.Ordinal(name)), Node: nodes, Not: true})
	}
	return out
}

func column(n *plan.Scan, i int) *plan.Col {
	c := n.Columns()[i]
	return &plan.Col{Index: i, T: c.Type, Null: c.Nullable}
}

func fence(in plan.Node, cond plan.Expr) *plan.Filter {
	f := plan.NewFilter(in, cond)
	f.Fence = true
	return f
}

// unfiltered reports a table that cannot be filtered although its rows have a
// device: a table of 2018 that does not show it.
func unfiltered(t *catalog.Table, d *Devices) bool {
	return d != nil && t.Legacy != nil && t.Device < 0 && t.Legacy.Today.Device >= 0
}

func bounded(scan *plan.Scan, from, to int64) *plan.Scan {
	c := *scan
	c.Bounds = &plan.Bounds{From: from, To: to}
	return &c
}
