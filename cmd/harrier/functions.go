package main

import (
	"log/slog"
	"path/filepath"

	"github.com/harrier-hunting/harrier/internal/api"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/stored"
)

// extend gives a service what queries may use beyond the stored rows: hosts of
// externaldata, the compatibility mode, stored functions.
func (f storeFlags) extend(svc *hunt.Service, log *slog.Logger) api.Functions {
	svc.External, svc.Compat = f.fetcher(), f.Compat
	tenant := auth.CanonicalID(f.Tenant)
	dir := f.Functions
	if dir == "" {
		dir = filepath.Join(f.dir(), "functions")
	}
	check := func(x catalog.Function, others stored.Finder) error {
		env := svc.Env("")
		env.Functions = others
		return bind.CheckFunction(x, env, others != nil).Err()
	}
	lib := stored.Open(dir, check, log, nil)
	svc.Functions = func(t, name string) (catalog.Function, bool) {
		if t != tenant {
			return catalog.Function{}, false
		}
		return lib.Find(name)
	}
	return func(t string) *stored.Library {
		if t != tenant {
			return nil
		}
		return lib
	}
}
