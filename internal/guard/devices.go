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
}

// filter is what hides rows of one scan. All scans of a plan share the set.
func (d *Devices) filter() (func(*plan.Scan) plan.Node, error) {
	if d == nil {
		return func(n *plan.Scan) plan.Node { return n }, nil
	}
	if d.Set == nil || len(d.Set.Columns()) != 1 || d.Set.Columns()[0].Type != types.String || d.Set.Columns()[0].Nullable {
		return nil, fmt.Errorf("guard: the set of devices is no column of device ids")
	}
	set := plan.Rewrite(d.Set, func(n plan.Node) plan.Node {
		if scan, ok := n.(*plan.Scan); ok {
			return bounded(scan, types.MinDatetime, types.MaxDatetime)
		}
		return n
	})
	return func(n *plan.Scan) plan.Node {
		if n.Table.Device < 0 {
			return n
		}
		id := n.Columns()[n.Table.Device]
		col := &plan.Col{Index: n.Table.Device, T: id.Type, Null: id.Nullable}
		var x plan.Expr = col
		if d.Fold != nil {
			x = d.Fold(col)
		}
		f := plan.NewFilter(n, &plan.InQuery{X: x, Node: set, Not: !d.Only})
		f.Fence = true
		return f
	}, nil
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
