package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/harrier-hunting/harrier/internal/api"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/state"
	"github.com/harrier-hunting/harrier/internal/stored"
)

// defaultTenant is whose data a program of one tenant holds unless it is told.
const defaultTenant = "11111111-1111-1111-1111-111111111111"

// tenantsFlag names the tenants of a server. The token of a request selects
// one; each has a directory, a database, stored functions and quotas of its
// own, and no query sees two.
type tenantsFlag struct {
	Tenants []string `name:"tenant" help:"Tenant that is served: the tid of accepted tokens; may be repeated." default:"11111111-1111-1111-1111-111111111111"`
}

// canonical checks the tenants and brings them to the form that tokens are
// compared with. Names that a file system may take for one are refused.
func (f tenantsFlag) canonical() ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, t := range f.Tenants {
		if err := checkTenant(t); err != nil {
			return nil, err
		}
		if seen[strings.ToLower(t)] {
			return nil, fmt.Errorf("--tenant %s is given twice", t)
		}
		seen[strings.ToLower(t)] = true
		out = append(out, auth.CanonicalID(t))
	}
	if len(out) == 0 {
		return nil, errors.New("no tenant is served: give --tenant")
	}
	return out, nil
}

// checkTenant accepts GUIDs and plain names. A tenant is the name of a
// directory, so nothing else may be one; a comma is what a list given where one
// tenant is meant looks like.
func checkTenant(name string) error {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
	}
	if name == "" || len(name) > 100 || name[0] == '.' || strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) {
		return fmt.Errorf("tenant %q: use one GUID, or a name of letters, digits, '-', '_' and '.'", name)
	}
	return nil
}

// of are the flags of one tenant's data.
func (f engineFlags) of(tenant string) storeFlags { return storeFlags{engineFlags: f, Tenant: tenant} }

// tenantStores are the open databases of a server, one for each tenant.
type tenantStores map[string]*duckdb.Store

// openAll opens every tenant's database, and none if one fails.
func (f engineFlags) openAll(tenants []string, log *slog.Logger) (tenantStores, error) {
	if f.Functions != "" && len(tenants) > 1 {
		return nil, errors.New("--functions names the directory of one tenant: with several, leave it out and use functions in each tenant's directory")
	}
	out := tenantStores{}
	for _, t := range tenants {
		store, err := f.of(t).open(log.With("tenant", t), false)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("tenant %s: %w", t, err), out.Close())
		}
		out[t] = store
	}
	return out, nil
}

// find is hunt.Service.Store.
func (s tenantStores) find(tenant string) (engine.Engine, bool) {
	store, ok := s[tenant]
	return store, ok
}

// health asks every database.
func (s tenantStores) health(context.Context) error {
	for t, store := range s {
		if _, err := store.CatalogVersion(); err != nil {
			return fmt.Errorf("tenant %s: %w", t, err)
		}
	}
	return nil
}

// Close closes all.
func (s tenantStores) Close() error {
	var err error
	for _, store := range s {
		err = errors.Join(err, store.Close())
	}
	return err
}

// libraries opens each tenant's stored functions, in the state store if there
// is one.
func (f engineFlags) libraries(tenants []string, check stored.Check, st *state.Store, log *slog.Logger) map[string]*stored.Library {
	out := map[string]*stored.Library{}
	for _, t := range tenants {
		dir := f.Functions
		if dir == "" {
			dir = filepath.Join(f.of(t).dir(), "functions")
		}
		if st == nil {
			out[t] = stored.Open(dir, check, log, nil)
		} else {
			out[t] = stored.OpenIn(st, t, dir, check, log, nil)
		}
	}
	return out
}

// findLibrary is api.Functions over the libraries.
func findLibrary(libs map[string]*stored.Library) api.Functions {
	return func(tenant string) *stored.Library { return libs[tenant] }
}
