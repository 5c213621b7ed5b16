package hunt

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// deviceNodes are the nodes of the exposure graph that stand for devices, with
// their identifiers. Users see those of their device groups (Security Exposure
// Management, "Prerequisites and support"). What an edge calls a device may be
// missing among the nodes.
const deviceNodes = `union
(ExposureGraphNodes | project Id = NodeId, What = strcat(NodeLabel, " ", tostring(Categories)), Ids = tostring(EntityIds), Known = 1),
(ExposureGraphEdges | project Id = SourceNodeId, What = strcat(SourceNodeLabel, " ", tostring(SourceNodeCategories)), Ids = "", Known = 0),
(ExposureGraphEdges | project Id = TargetNodeId, What = strcat(TargetNodeLabel, " ", tostring(TargetNodeCategories)), Ids = "", Known = 0)
| where What contains "device" or Ids contains "DeviceId" or Ids contains "DeviceInventoryId"
| distinct Id, Ids, Known`

// hiddenNodes is a plan of the nodes that the caller may not see.
func hiddenNodes(g access.Grant, d *guard.Devices, cat *catalog.Catalog, fns *fn.Table) (plan.Node, error) {
	tree, diags := syntax.Parse(deviceNodes)
	if err := diags.Err(); err != nil {
		return nil, fmt.Errorf("hunt: nodes of devices: %w", err)
	}
	b, diags := bind.Bind(tree, bind.Env{Catalog: cat, Fns: fns})
	if err := diags.Err(); err != nil {
		return nil, fmt.Errorf("hunt: nodes of devices: %w", err)
	}
	op := &nodeSet{only: d.Only, ungrouped: g.SeesUngrouped()}
	return plan.NewGoOp(op, []plan.Column{{Name: "NodeId", Type: types.String}}, diag.Span{}, d.Set, b.Node), nil
}

// nodeSet turns a set of devices (the visible ones, or the hidden) and the
// nodes into those that are hidden.
type nodeSet struct{ only, ungrouped bool }

// Name is for explanations and errors.
func (*nodeSet) Name() string { return "devices of the exposure graph" }

// Ordered: a set has no order.
func (*nodeSet) Ordered(int) bool { return false }

// Run reads the devices, then the nodes.
func (s *nodeSet) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	devices, err := plan.ReadAll(ctx, in[0])
	if err != nil {
		return err
	}
	listed := make(map[string]bool, devices.N)
	for _, id := range devices.Cols[0].Strings[:devices.N] {
		listed[id] = true
	}
	nodes, err := plan.ReadAll(ctx, in[1])
	if err != nil {
		return err
	}
	hidden, known := map[string]bool{}, map[string]bool{}
	for i := range nodes.N {
		id := nodes.Cols[0].Strings[i]
		known[id] = known[id] || nodes.Cols[2].Ints[i] == 1
		hidden[id] = hidden[id] || nodes.Cols[2].Ints[i] == 1 && s.hides(nodes.Cols[1].Strings[i], listed)
	}
	w := types.NewBatch(1)
	v := types.NewVector(types.String, 0)
	for id, is := range hidden {
		if is || !known[id] && !s.ungrouped { // nothing says which device it is
			v.Grow(w.N + 1)
			v.Strings[w.N] = id
			w.N++
		}
	}
	w.Cols[0] = v
	return out.Write(ctx, w)
}

// hides decides on the identifiers of one node: one hidden device hides it.
func (s *nodeSet) hides(text string, listed map[string]bool) bool {
	ids, ok := devicesIn(text)
	if !ok {
		return true // it may be any device
	}
	for _, id := range ids {
		if listed[id] != s.only {
			return true
		}
	}
	return len(ids) == 0 && !s.ungrouped
}

// devicesIn reads EntityIds, [{"type": …, "id": …}, …], of which items may be
// JSON texts themselves. It reports whether it understands all of it.
func devicesIn(text string) (ids []string, ok bool) {
	if text == "" {
		return nil, true
	}
	var items []json.RawMessage
	if json.Unmarshal([]byte(text), &items) != nil {
		return nil, false
	}
	for _, raw := range items {
		var inner string
		if json.Unmarshal(raw, &inner) == nil {
			raw = json.RawMessage(inner)
		}
		var item struct{ Type, ID string }
		if json.Unmarshal(raw, &item) != nil {
			return nil, false
		}
		switch strings.ToLower(item.Type) {
		case "deviceinventoryid", "sensedeviceid", "deviceid", "machineid":
			ids = append(ids, strings.ToLower(item.ID))
		}
	}
	return ids, true
}
