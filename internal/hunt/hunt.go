// Package hunt is the use case: run one hunting query for one principal. It is
// the only package that sees every stage; Run reads like the page that
// describes a request in the architecture.
package hunt

import (
	"context"
	"errors"
	"log/slog"
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
	"github.com/harrier-hunting/harrier/internal/plan"
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

// Result is an answer whose rows are read by the caller, who must Close it.
type Result struct {
	Columns  []plan.Column
	Rows     *exec.Rows
	Render   *bind.Render
	Warnings diag.List
	// Last are the columns of the query's last result, of which only the
	// first is answered.
	Last []plan.Column

	ctx    context.Context
	finish func()
	used   func() Usage
	lasted func() time.Duration
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
	c, rows, err := s.begin(ctx, store, grant, q.Query, env, scope, trace)
	explainTables(err, grant, s.Catalog.Public())
	if err != nil {
		return nil, err
	}
	if early.asked || early.bound && c.Guarded.Cut() {
		c.Warnings = append(c.Warnings, diag.Diagnostic{Kind: diag.Warning, Code: "HRR1003",
			Message: "The query asks for a time before the look-back window; older rows are not in the answer",
			Hint:    "the window of this contract starts at " + types.FormatDatetime(early.window)})
	}
	return &Result{Columns: c.Query.Columns, Rows: rows, Render: c.Bound.Render, Warnings: c.Warnings, ctx: ctx,
		Last: c.Bound.Results[len(c.Bound.Results)-1].Columns()}, nil
}

// begin confines, compiles and starts the query; once more where what the
// caller may see has changed in between.
func (s *Service) begin(ctx context.Context, store engine.Engine, grant access.Grant, text string, env bind.Env, scope guard.Scope, trace *Trace) (Compiled, *exec.Rows, error) {
	for i := range attempts {
		env, scope, err := restrict(grant, env, scope, s.fleets.known(store, grant, i))
		if err != nil {
			return Compiled{}, nil, err
		}
		var rows *exec.Rows
		c, err := Prepare(ctx, text, env, scope, store)
		trace.Stages = append(trace.Stages, c.Stages...)
		trace.Tables, trace.MaxRows = c.Bound.Tables, scope.MaxRows // before it runs: a panic is recorded with them
		trace.From, trace.To = types.TimeOf(scope.From), types.TimeOf(scope.To)
		if err == nil {
			at := time.Now()
			rows, err = exec.Run(ctx, store, c.Query, scope.MaxRows)
			trace.Stages = append(trace.Stages, Stage{"start", time.Since(at)})
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

// Next returns the next batch of rows, or nil at the end.
func (r *Result) Next() (*engine.Batch, error) {
	b, err := r.Rows.Next(r.ctx)
	if err != nil {
		return nil, why(r.ctx, err)
	}
	return b, nil
}

// Close ends the query and settles its running time.
func (r *Result) Close() {
	r.Rows.Close()
	r.finish()
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
