package hunt

import (
	"context"
	"fmt"
	"math"
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

// deviceReports are the descriptions of every device and when each was last
// reported: what its group depends on. Ids are told without case, as one
// sender may write what another wrote in capitals. The guard lets it see all
// times.
const deviceReports = `DeviceInfo
| where isnotempty(DeviceId)
| summarize max(Timestamp) by Id = tolower(DeviceId), DeviceName, OSPlatform, RegistryDeviceTag, DeviceManualTags, DeviceDynamicTags`

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
// it can name, and the rows that scans let through. known is what is known of
// the devices already; it may be nil.
func restrict(g access.Grant, env bind.Env, scope guard.Scope, known *known) (bind.Env, guard.Scope, error) {
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
	fold, err := foldedBy(reports)
	if err != nil {
		return env, scope, err
	}
	// Devices that nothing is known of are ungrouped. So the hidden ones are
	// listed where those are visible, and the visible ones where they are not.
	op := &deviceSet{grant: g, only: !g.SeesUngrouped(), known: known}
	out := []plan.Column{{Name: "DeviceId", Type: types.String}}
	scope.Devices = &guard.Devices{Set: plan.NewGoOp(op, out, diag.Span{}, reports), Only: op.only, Fold: fold}
	scope.Devices.Nodes, err = hiddenNodes(g, scope.Devices, full, env.Fns)
	return env, scope, err
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

// foldedBy finds the call that makes the ids of the reports, for the guard to
// make those of rows with.
func foldedBy(reports plan.Node) (func(*plan.Col) plan.Expr, error) {
	var fold *plan.Call
	plan.Walk(reports, func(n plan.Node) {
		for _, e := range plan.Exprs(n) {
			if c, ok := e.(*plan.Call); ok && c.Fn.Name == "tolower" {
				fold = c
			}
		}
	})
	if fold == nil {
		return nil, fmt.Errorf("hunt: the reports of devices do not fold their ids")
	}
	return func(id *plan.Col) plan.Expr {
		c := *fold
		c.Args = []plan.Expr{id}
		return &c
	}, nil
}

// deviceSet turns reports of devices into the ids of those that are visible
// (only) or hidden. It runs as a Go operator, so that the rules have one
// meaning, package access'.
type deviceSet struct {
	grant access.Grant
	only  bool
	known *known
}

// Name is for explanations and errors.
func (*deviceSet) Name() string { return "device groups" }

// Ordered: a set has no order.
func (*deviceSet) Ordered(int) bool { return false }

// Run matches every device, unless it is known what that comes to.
func (s *deviceSet) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	ids, valid, err := s.known.get(s.grant.Key())
	if err != nil {
		return err
	}
	if ids == nil {
		if ids, err = s.match(ctx, in[0]); err != nil {
			return err
		}
		if valid {
			s.known.put(s.grant.Key(), ids)
		}
	}
	w := types.NewBatch(1)
	w.N, w.Cols[0] = len(ids), &types.Vector{Type: types.String, Len: len(ids), Strings: ids}
	return out.Write(ctx, w)
}

// match reads the reports. Of several descriptions of one device the latest
// counts; of several at the same time all do, and one that is hidden hides the
// device: which of them is the last is unknown.
func (s *deviceSet) match(ctx context.Context, in plan.RowReader) ([]string, error) {
	type last struct {
		at      int64
		visible bool
	}
	devices := map[string]last{}
	for {
		b, err := in.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			break
		}
		for i := range b.N {
			text := func(col int) string { return b.Cols[col].Strings[i] }
			at := b.Cols[6].Ints[i]
			if b.Cols[6].IsNull(i) {
				at = math.MinInt64
			}
			known, again := devices[text(0)]
			if again && at < known.at {
				continue
			}
			visible := s.grant.Sees(access.Device{Name: text(1), OSPlatform: text(2), Tags: []string{text(3), text(4), text(5)}})
			if again && at == known.at {
				visible = visible && known.visible
			}
			devices[strings.Clone(text(0))] = last{at, visible} // a map may take over the key even if it has an equal one
		}
	}
	ids := make([]string, 0, len(devices)+1)
	if s.only {
		ids = append(ids, "") // rows without a device are no device's: 'View data' alone governs them
	}
	for id, d := range devices {
		if d.visible == s.only {
			ids = append(ids, id)
		}
	}
	return ids, nil
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
