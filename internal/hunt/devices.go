package hunt

import (
	"context"
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// deviceReports is the latest report of every device: what its group depends
// on. The guard lets it see all times.
const deviceReports = `DeviceInfo
| where isnotempty(DeviceId)
| summarize arg_max(Timestamp, DeviceName, OSPlatform, RegistryDeviceTag, DeviceManualTags, DeviceDynamicTags) by DeviceId
| project DeviceId, DeviceName, OSPlatform, RegistryDeviceTag, DeviceManualTags, DeviceDynamicTags`

// Grant is what a principal may see and do here. Its refusal is
// *auth.Forbidden.
func (s *Service) Grant(p auth.Principal) (access.Grant, error) {
	if s.Policy == nil {
		return access.Everything(), nil
	}
	return s.Policy().Decide(p)
}

// Allow returns nil if the policy gives the principal one of the permissions.
func (s *Service) Allow(p auth.Principal, one access.Permissions) error {
	g, err := s.Grant(p)
	if err != nil {
		return err
	}
	return g.Need(one)
}

// restrict confines a query to what its caller was granted: the tables that
// it can name, and the rows that scans let through.
func restrict(g access.Grant, env bind.Env, scope guard.Scope) (bind.Env, guard.Scope, error) {
	full := env.Catalog
	if g.Permissions&access.ViewData != access.ViewData {
		env.Catalog = full.Only(g.MayRead)
		scope.MayRead = g.MayRead
	}
	if g.AllDevices {
		return env, scope, nil
	}
	reports, err := bindReports(full, env.Fns)
	if err != nil {
		return env, scope, err
	}
	// Devices that nothing is known of are ungrouped. So the hidden ones are
	// listed where those are visible, and the visible ones where they are not.
	op := &deviceSet{grant: g, only: !g.SeesUngrouped()}
	out := []plan.Column{{Name: "DeviceId", Type: types.String}}
	scope.Devices = &guard.Devices{Set: plan.NewGoOp(op, out, diag.Span{}, reports), Only: op.only}
	return env, scope, nil
}

func bindReports(cat *catalog.Catalog, fns *fn.Table) (plan.Node, error) {
	tree, diags := syntax.Parse(deviceReports)
	if err := diags.Err(); err != nil {
		return nil, fmt.Errorf("hunt: reports of devices: %w", err)
	}
	b, diags := bind.Bind(tree, bind.Env{Catalog: cat, Fns: fns})
	if err := diags.Err(); err != nil {
		return nil, fmt.Errorf("hunt: reports of devices: %w", err)
	}
	return b.Node, nil
}

// deviceSet turns reports of devices into the ids of those that are visible
// (only) or hidden. It runs as a Go operator, so that the rules have one
// meaning, package access'.
type deviceSet struct {
	grant access.Grant
	only  bool
}

// Name is for explanations and errors.
func (*deviceSet) Name() string { return "device groups" }

// Ordered: a set has no order.
func (*deviceSet) Ordered(int) bool { return false }

// Run matches every device.
func (s *deviceSet) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	w := types.NewBatch(1)
	ids := types.NewVector(types.String, 0)
	w.Cols[0] = ids
	add := func(id string) {
		ids.Grow(w.N + 1)
		ids.Strings[w.N] = id
		w.N++
	}
	if s.only {
		add("") // rows without a device are no device's: 'View data' alone governs them
	}
	for {
		b, err := in[0].Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			return out.Write(ctx, w)
		}
		for i := range b.N {
			text := func(col int) string { return strings.Clone(b.Cols[col].Strings[i]) }
			d := access.Device{Name: text(1), OSPlatform: text(2), Tags: []string{text(3), text(4), text(5)}}
			if s.grant.Sees(d) == s.only {
				add(text(0))
			}
		}
	}
}

// explainTables adds to the errors of a query why a table is not found that
// the caller may not read. That such tables exist is no secret: their names
// and columns are published.
func explainTables(err error, g access.Grant, all *catalog.Catalog) {
	q, ok := err.(*QueryError)
	if !ok || g.Permissions&access.ViewData == access.ViewData {
		return
	}
	for i, d := range q.Diagnostics {
		for _, name := range append(all.Stored(), all.LegacyNames()...) {
			if t := all.Table(name); !g.MayRead(t) && strings.Contains(d.Message, "'"+name+"'") {
				q.Diagnostics[i].Hint = "the caller's roles lack the permission '" + access.NeededFor(t).String() + "', which table " + name + " needs"
			}
		}
	}
}
