package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// contractFlags are about the contracts that a server answers; their limits
// are chosen by --profile and --profile-for.
type contractFlags struct {
	Workspace map[string]string `help:"Name of a Log Analytics workspace that clients use for a tenant, as NAME=TENANT; the tenant's id is one in any case." placeholder:"NAME=TENANT;..."`
}

// workspaces checks the names, which do not depend on case.
func (f contractFlags) workspaces(tenants []string) (map[string]string, error) {
	out := map[string]string{}
	for name, tenant := range f.Workspace {
		id := auth.CanonicalID(tenant)
		if !slices.Contains(tenants, id) {
			return nil, fmt.Errorf("--workspace %s=%s: no such tenant is served", name, tenant)
		}
		lower := strings.ToLower(name)
		if name == "" || strings.Contains(name, "/") || slices.Contains(tenants, auth.CanonicalID(name)) {
			return nil, fmt.Errorf("--workspace %s: a name has no slash and is no tenant's id", name)
		}
		if _, twice := out[lower]; twice {
			return nil, fmt.Errorf("--workspace %s is given twice", name)
		}
		out[lower] = id
	}
	return out, nil
}
