package access

import (
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
)

// Permissions is a set of permissions.
type Permissions uint8

// The permissions. 'View data' of the service is both kinds of data.
const (
	ViewSecurity Permissions = 1 << iota
	ViewVulnerabilities
	Ingest
	Manage

	ViewData = ViewSecurity | ViewVulnerabilities
	all      = ViewData | Ingest | Manage
)

var permissionNames = map[string]Permissions{
	"view data":                           ViewData,
	"view data: security operations":      ViewSecurity,
	"view data: vulnerability management": ViewVulnerabilities,
	"ingest":                              Ingest,
	"manage":                              Manage,
}

// PermissionNames lists the permissions as a policy file names them.
func PermissionNames() []string {
	var out []string
	for name := range permissionNames {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (p Permissions) String() string {
	for name, x := range permissionNames {
		if x == p {
			return name
		}
	}
	return "no permission"
}

// Grant is what one caller may do. The zero Grant may do nothing.
type Grant struct {
	Permissions Permissions
	// AllDevices: no row is hidden.
	AllDevices bool
	// DeviceGroups are the names of the groups that the caller sees, by rank,
	// when not all.
	DeviceGroups []string

	rules   *rules
	visible []bool // by group; the last is ungrouped
}

// Everything is the grant of applications, and of everybody where there is no
// policy.
func Everything() Grant { return Grant{Permissions: all, AllDevices: true} }

// Decide tells what a principal may do. The token's own permission (roles,
// scp) is another question, which auth answers. A refusal is *auth.Forbidden.
func (p *Policy) Decide(who auth.Principal) (Grant, error) {
	if who.App {
		return Everything(), nil
	}
	if who.GroupsOmitted {
		return Grant{}, &auth.Forbidden{Message: "The user is in too many groups for them to be in the access token, and this service could not look them up, " +
			"so it cannot tell the user's roles. Let the token carry only groups assigned to the application, or let this service ask the directory."}
	}
	r := p.of(who.Tenant)
	mine := map[string]bool{}
	for _, id := range who.Groups {
		mine[fold(id)] = true
	}
	open := func(groups []string) bool {
		return len(groups) == 0 || slices.ContainsFunc(groups, func(id string) bool { return mine[id] })
	}
	g := Grant{rules: r}
	for _, x := range r.roles {
		if len(x.groups) > 0 && open(x.groups) {
			g.Permissions |= x.may
		}
	}
	if g.Permissions == 0 {
		return Grant{}, &auth.Forbidden{Message: "The user has no role in this service. Ask for a group that holds a role with the permission 'View data'."}
	}
	g.AllDevices = true
	for _, x := range r.groups {
		g.see(x.name, open(x.groups))
	}
	g.see(Ungrouped, open(r.ungrouped))
	if g.AllDevices {
		g.DeviceGroups = nil
	}
	return g, nil
}

func (g *Grant) see(name string, visible bool) {
	g.visible = append(g.visible, visible)
	if visible {
		g.DeviceGroups = append(g.DeviceGroups, name)
	} else {
		g.AllDevices = false
	}
}

// Need returns nil if the grant has one of the permissions, and otherwise
// *auth.Forbidden, which names them.
func (g Grant) Need(one Permissions) error {
	if g.Permissions&one != 0 {
		return nil
	}
	return &auth.Forbidden{Message: "The user's roles lack the permission '" + one.String() + "'."}
}

// MayRead reports whether a table is the caller's to read. Tables of
// vulnerability management need their own part of 'View data'.
func (g Grant) MayRead(t *catalog.Table) bool { return g.Permissions&NeededFor(t) != 0 }

// NeededFor is the permission to read a table.
func NeededFor(t *catalog.Table) Permissions {
	if t.Legacy != nil {
		t = t.Legacy.Today
	}
	if t.Family == "vulnerability management" || strings.HasPrefix(t.Name, "DeviceTvm") {
		return ViewVulnerabilities
	}
	return ViewSecurity
}

// SeesUngrouped reports whether devices that no rule matches are visible, and
// with them those that nothing is known of.
func (g Grant) SeesUngrouped() bool {
	return g.AllDevices || len(g.visible) > 0 && g.visible[len(g.visible)-1]
}

// Key tells grants apart that see different devices. Those of one policy and
// tenant that see the same groups have the same key; no two policies, not even
// of the same text, have one in common.
type Key struct {
	rules   *rules
	visible string
}

// Key is the grant's.
func (g Grant) Key() Key {
	var b strings.Builder
	for _, v := range g.visible {
		if v {
			b.WriteByte('+')
		} else {
			b.WriteByte('-')
		}
	}
	return Key{g.rules, b.String()}
}

// Sees reports whether the caller may see a device.
func (g Grant) Sees(d Device) bool {
	return g.AllDevices || g.rules != nil && g.visible[g.rules.group(d)]
}
