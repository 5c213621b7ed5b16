package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/quota"
)

// engineFlags say where the data of all tenants is and what an engine may use.
type engineFlags struct {
	externalFlags
	geoIPFlags
	stateFlags
	Functions   string `help:"Directory of stored functions, one .kql file each; default: functions in the tenant's directory." type:"path"`
	Compat      bool   `help:"Show tables as Log Analytics does: JSON text as dynamic, TimeGenerated, Type and others added (docs/compatibility.md)."`
	Data        string `help:"Data directory." default:"data" type:"path"`
	Threads     int    `help:"Engine threads of each tenant; 0 means all cores." default:"0"`
	MemoryLimit string `help:"Memory the engine of each tenant may use, e.g. 4GB." default:"4GB"`
	MaxTemp     string `help:"Disk the engine of each tenant may use for what does not fit into memory." default:"20GB"`
}

// storeFlags say whose data is meant.
type storeFlags struct {
	engineFlags
	Tenant string `help:"Tenant whose data it is." default:"11111111-1111-1111-1111-111111111111"`
}

// dir is the tenant's directory.
func (f storeFlags) dir() string { return filepath.Join(f.Data, "tenants", auth.CanonicalID(f.Tenant)) }

func (f storeFlags) open(log *slog.Logger, readOnly bool) (*duckdb.Store, error) {
	if err := checkTenant(f.Tenant); err != nil {
		return nil, err
	}
	cat, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	return duckdb.Open(duckdb.Config{
		Dir: f.dir(), Catalog: cat, ReadOnly: readOnly, Threads: f.Threads,
		MemoryLimit: f.MemoryLimit, MaxTemp: f.MaxTemp, Log: log,
	})
}

// service makes a hunting service over one tenant's store.
func service(store engine.Engine, tenant string, log *slog.Logger) (*hunt.Service, error) {
	tenant = auth.CanonicalID(tenant)
	return serviceOf(func(t string) (engine.Engine, bool) { return store, t == tenant }, log)
}

// serviceOf makes a hunting service over the stores that find finds.
func serviceOf(find func(tenant string) (engine.Engine, bool), log *slog.Logger) (*hunt.Service, error) {
	cat, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	fns, err := fn.Builtin()
	if err != nil {
		return nil, err
	}
	return &hunt.Service{Catalog: cat, Fns: fns, Limiter: quota.New(nil), Clock: time.Now, Log: log, Store: find}, nil
}

// local answers queries of this process's owner: no quota.
func local(svc *hunt.Service, tenant string, profile quota.Profile) func(context.Context, string) (*hunt.Result, error) {
	p := auth.Principal{Tenant: auth.CanonicalID(tenant), App: true, Name: "local", Roles: []string{hunt.ReadAudit.Role}}
	return func(ctx context.Context, text string) (*hunt.Result, error) {
		return svc.Run(ctx, p, hunt.Request{Query: text, Profile: profile})
	}
}

func logger(level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level %q: use debug, info, warn or error", level)
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: l})), nil
}
