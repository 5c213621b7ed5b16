package hunt

import (
	"context"
	"fmt"
	"testing"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/types"
)

// TestExposureGraph: users see the nodes of their devices and of what is no
// device, and the edges between those.
func TestExposureGraph(t *testing.T) {
	env := testEnv(t)
	p, err := access.Parse([]byte(scopedPolicy))
	if err != nil {
		t.Fatal(err)
	}
	store := storedRows(t, env.Now, "DeviceInfo DeviceId=d1 DeviceName=alpha", "DeviceInfo DeviceId=d2 DeviceName=beta")
	nodes, edges := catalog.NewBatch(env.Catalog.Table("ExposureGraphNodes")), catalog.NewBatch(env.Catalog.Table("ExposureGraphEdges"))
	set := func(b *catalog.Batch, row int, name, text string) {
		i := b.Table.Ordinal(name)
		b.Set(row, i, types.Value{Type: b.Table.Columns[i].Type, S: text})
	}
	for id, ids := range map[string]string{
		"n1": `[{"type":"DeviceInventoryId","id":"d1"},{"type":"Other","id":"d2"}]`,
		"n2": `[{"type":"DeviceInventoryId","id":"D2"}]`,
		"n3": `[{"type":"SenseDeviceId","id":"d3"}]`, // DeviceInfo knows it not
		"n4": `["{\"type\":\"DeviceInventoryId\",\"id\":\"d1\"}"]`,
		"n5": `[]`, // some device
		"n6": `[{"type":"DeviceInventoryId","id":"d1"},{"type":"DeviceInventoryId","id":"d2"}]`,
		"u":  `[{"type":"AadObjectId","id":"d1"}]`,
	} {
		row := nodes.AddRow()
		set(nodes, row, "NodeId", id)
		set(nodes, row, "EntityIds", ids)
		set(nodes, row, "NodeLabel", map[bool]string{true: "user", false: "microsoft.compute/virtualmachines"}[id == "u"])
		if id == "n5" {
			set(nodes, row, "Categories", `["compute","device"]`)
		}
		for _, to := range []string{"u", "lost"} {
			row := edges.AddRow()
			set(edges, row, "EdgeId", id+"-"+to)
			set(edges, row, "SourceNodeId", id)
			set(edges, row, "TargetNodeId", to)
			if to == "lost" {
				set(edges, row, "TargetNodeCategories", `["device"]`)
			}
		}
	}
	if _, err := store.Write(context.Background(), "graph", []*catalog.Batch{nodes, edges}); err != nil {
		t.Fatal(causes(err))
	}
	s := knownService(t, store, func() *access.Policy { return p })
	for group, want := range map[string][2]string{
		"g-sec":   {"n2 n3 n5 u", "n2-lost n2-u n3-lost n3-u n5-lost n5-u u-lost u-u"},
		"g-alpha": {"n1 n4 u", "n1-u n4-u u-u"},
	} {
		for range 2 {
			if got := seenBy(t, s, group, "ExposureGraphNodes | project NodeId | sort by NodeId asc"); got != want[0] {
				t.Errorf("%s sees the nodes %q, want %q", group, got, want[0])
			}
			if got := seenBy(t, s, group, "ExposureGraphEdges | project EdgeId | sort by EdgeId asc"); got != want[1] {
				t.Errorf("%s sees the edges %q, want %q", group, got, want[1])
			}
		}
		const paths = "ExposureGraphEdges | make-graph SourceNodeId --> TargetNodeId with ExposureGraphNodes on NodeId | graph-match (a)-[e]->(b) where b.NodeLabel == 'user' project Id = a.NodeId | distinct Id | sort by Id asc"
		if got := seenBy(t, s, group, paths); got != want[0] {
			t.Errorf("%s sees paths from %q", group, got)
		}
	}
	if got := seenBy(t, s, "g-sec", "union withsource=T Exposure* | summarize tostring(count()) by T | sort by T asc | project count_"); got != fmt.Sprint("8 4") {
		t.Errorf("a union counts %s", got)
	}
}
