// Package hunt is the use case: run one hunting query for one principal. It is
// the only package that sees every stage; Run reads like the page that
// describes a request in the architecture.
package hunt

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/external"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Service answers hunting queries.
type Service struct {
	Catalog *catalog.Catalog
	Fns     *fn.Table
	// Compat shows tables as Log Analytics does.
	Compat bool
	// Functions finds a tenant's stored functions; nil when there are none.
	Functions func(tenant, name string) (catalog.Function, bool)
	// External fetches the files of externaldata; nil refuses to.
	External *external.Fetcher
	// Endpoint is the host that current_cluster_endpoint() tells.
	Endpoint string
	// Policy is the access policy in force. Without the function everybody
	// sees everything.
	Policy func() *access.Policy
	// Store finds a tenant's data.
	Store   func(tenant string) (engine.Engine, bool)
	Limiter *quota.Limiter
	Clock   func() time.Time
	Log     *slog.Logger
	// Used is what the process has used so far; nil asks the system.
	Used func() Usage

	meter  meter
	fleets fleets
}

// Request is one query.
type Request struct {
	Query    string
	Profile  quota.Profile
	Contract string // under which its call is counted
	// Lease is the call that Accept counted; nil has Run count one.
	Lease *quota.Lease
	// From, To and Span each narrow the profile's window: the query sees what
	// lies in all of them. A zero time is no bound.
	From, To time.Time
	Span     Span
	// Compat shows tables as Log Analytics does, as Service.Compat does for
	// all requests.
	Compat bool
	// Several has all results of the query answered (Result.Advance), not the
	// first alone.
	Several bool
	Extras
	Trace *Trace // filled in as far as the request gets; may be nil
}

// Trace is what a request did, for the audit log and the metrics.
type Trace struct {
	Tables   []string
	From, To time.Time
	MaxRows  int
	Stages   []Stage
	// AllDevices, or else DeviceGroups: whose rows were visible.
	AllDevices   bool
	DeviceGroups []string
}

// took adds the time of stages, of each name together: a query may have many
// results.
func (t *Trace) took(stages ...Stage) {
	for _, s := range stages {
		i := slices.IndexFunc(t.Stages, func(have Stage) bool { return have.Name == s.Name })
		if i < 0 {
			t.Stages = append(t.Stages, s)
			continue
		}
		t.Stages[i].Elapsed += s.Elapsed
	}
}

// ErrUnknownTenant is a tenant without data here.
var ErrUnknownTenant = errors.New("hunt: unknown tenant")

// Run answers one query. Errors: *auth.Forbidden, *quota.Exceeded, *quota.TimedOut,
// *QueryError, ErrUnknownTenant, or an engine error.
func (s *Service) Run(ctx context.Context, p auth.Principal, q Request) (*Result, error) {
	store, ok := s.Store(p.Tenant)
	if !ok {
		return nil, ErrUnknownTenant
	}
	grant, err := s.Grant(p)
	if err == nil {
		err = grant.Need(access.ViewData)
	}
	if err != nil {
		return nil, err
	}
	lease, err := s.lease(p, q)
	if err != nil {
		return nil, err
	}
	start := s.Clock()
	mark := s.meter.enter(s.processUsed)
	ctx, cancel := lease.Context(ctx)
	finish := sync.OnceFunc(func() {
		s.meter.leave(s.processUsed)
		cancel()
		lease.Settle(s.Clock().Sub(start))
	})
	started := false
	defer func() { // also on a panic: a lease that is never settled eats the quota
		if !started {
			finish()
		}
	}()
	r, err := s.start(ctx, store, p, grant, q)
	if err != nil {
		return nil, why(ctx, err)
	}
	started, r.finish = true, finish
	r.used = func() Usage { return s.meter.since(mark, s.processUsed) }
	r.lasted = func() time.Duration { return s.Clock().Sub(start) }
	return r, nil
}

// start compiles and starts the query.
func (s *Service) start(ctx context.Context, store engine.Engine, p auth.Principal, grant access.Grant, q Request) (*Result, error) {
	trace := q.Trace
	if trace == nil {
		trace = &Trace{}
	}
	scope, early := s.scope(q)
	env := s.Env(p.Tenant)
	env.Compat = env.Compat || q.Compat
	env = q.into(env)
	env.Caller = callerOf(p)
	env.Catalog = s.tablesFor(p, grant)
	trace.AllDevices, trace.DeviceGroups = grant.AllDevices, grant.DeviceGroups
	b := beginning{s, store, grant, env, scope, trace}
	c, rows, err := b.begin(ctx, func(env bind.Env, scope guard.Scope) (Compiled, error) {
		return Prepare(ctx, q.Query, env, scope, store)
	})
	explainTables(err, grant, s.Catalog.Public())
	if err != nil {
		return nil, err
	}
	r := &Result{Results: c.Bound.Results, Warnings: c.Warnings, ctx: ctx, early: early}
	r.read(c, rows)
	if q.Several {
		r.Warnings = slices.DeleteFunc(r.Warnings, func(d diag.Diagnostic) bool { return d.Code == bind.SeveralResults })
		r.begin = func(i int) (Compiled, *exec.Rows, error) {
			return b.begin(ctx, func(_ bind.Env, scope guard.Scope) (Compiled, error) { return c.result(i, q.Query, scope, store) })
		}
	}
	return r, nil
}

// beginning is what the statements of one request are started with.
type beginning struct {
	s     *Service
	store engine.Engine
	grant access.Grant
	env   bind.Env
	scope guard.Scope
	trace *Trace
}

// begin confines, compiles and starts a statement; once more where what the
// caller may see has changed in between.
func (b *beginning) begin(ctx context.Context, compile func(bind.Env, guard.Scope) (Compiled, error)) (Compiled, *exec.Rows, error) {
	for i := range attempts {
		env, scope, err := restrict(b.grant, b.env, b.scope, b.s.fleets.known(b.store, b.grant, i))
		if err != nil {
			return Compiled{}, nil, err
		}
		var rows *exec.Rows
		c, err := compile(env, scope)
		b.trace.took(c.Stages...)
		b.trace.Tables, b.trace.MaxRows = c.Bound.Tables, scope.MaxRows // before it runs: a panic is recorded with them
		b.trace.From, b.trace.To = types.TimeOf(scope.From), types.TimeOf(scope.To)
		if err == nil {
			at := time.Now()
			rows, err = exec.Run(ctx, b.store, c.Query, scope.MaxRows)
			b.trace.took(Stage{"start", time.Since(at)})
		}
		if !errors.Is(err, errDevicesChanged) {
			return c, rows, err
		}
	}
	return Compiled{}, nil, errDevicesChanged // the last attempt never says so
}

// Env is what a tenant's queries are bound against now.
func (s *Service) Env(tenant string) bind.Env {
	env := bind.Env{Catalog: s.Catalog.Public(), Fns: s.Fns, Now: types.TicksOf(s.Clock()), External: s.External, Endpoint: s.Endpoint, Compat: s.Compat}
	if s.Functions != nil {
		env.Functions = func(name string) (catalog.Function, bool) { return s.Functions(tenant, name) }
	}
	return env
}

// Scope is the data a profile lets a query see now.
func (s *Service) Scope(p quota.Profile) guard.Scope {
	scope := guard.Scope{From: types.MinDatetime, To: types.MaxDatetime, MaxRows: p.Rows}
	if p.Window > 0 {
		scope.From = types.TicksOf(s.Clock().Add(-p.Window))
	}
	return scope
}

// why prefers the limit that ended a query to what the engine says of it.
func why(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	var exceeded *quota.Exceeded
	var timedOut *quota.TimedOut
	if errors.As(cause, &exceeded) || errors.As(cause, &timedOut) {
		return cause
	}
	return err
}
