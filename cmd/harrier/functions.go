package main

import (
	"log/slog"

	"github.com/harrier-hunting/harrier/internal/api"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/state"
	"github.com/harrier-hunting/harrier/internal/stored"
)

// extend gives a service what queries may use beyond the stored rows: hosts of
// externaldata, the compatibility mode, the stored functions of each tenant.
func (f engineFlags) extend(svc *hunt.Service, tenants []string, st *state.Store, log *slog.Logger) api.Functions {
	svc.External, svc.Compat = f.fetcher(), f.Compat
	check := func(x catalog.Function, others stored.Finder) error {
		env := svc.Env("")
		env.Catalog = svc.Catalog // what a function reads is its caller's right, but no function takes a table's name
		env.Functions = others
		return bind.CheckFunction(x, env, others != nil).Err()
	}
	libs := f.libraries(tenants, check, st, log)
	svc.Functions = func(t, name string) (catalog.Function, bool) {
		lib, ok := libs[t]
		if !ok {
			return catalog.Function{}, false
		}
		return lib.Find(name)
	}
	return findLibrary(libs)
}
