// Package hunt is the use case: run one hunting query for one principal. It is
// the only package that sees every stage; Run reads like the page that
// describes a request in the architecture.
package hunt

import (
	"context"
	"errors"
	"log/slog"
	"time"

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
	// Store finds a tenant's data.
	Store   func(tenant string) (engine.Engine, bool)
	Limiter *quota.Limiter
	Clock   func() time.Time
	Log     *slog.Logger
}

// Request is one query.
type Request struct {
	Query   string
	Profile quota.Profile
	Trace   *Trace // filled in as far as the request gets; may be nil
}

// Trace is what a request did, for the audit log and the metrics.
type Trace struct {
	Tables   []string
	From, To time.Time
	MaxRows  int
	Stages   []Stage
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
}

// ErrUnknownTenant is a tenant without data here.
var ErrUnknownTenant = errors.New("hunt: unknown tenant")

// Run answers one query. Errors: *quota.Exceeded, *quota.TimedOut,
// *QueryError, ErrUnknownTenant, or an engine error.
func (s *Service) Run(ctx context.Context, p auth.Principal, q Request) (*Result, error) {
	store, ok := s.Store(p.Tenant)
	if !ok {
		return nil, ErrUnknownTenant
	}
	lease, err := s.Limiter.Reserve(p.Tenant, q.Profile)
	if err != nil {
		return nil, err
	}
	start := s.Clock()
	ctx, cancel := lease.Context(ctx)
	finish := func() {
		cancel()
		lease.Settle(s.Clock().Sub(start))
	}
	started := false
	defer func() { // also on a panic: a lease that is never settled eats the quota
		if !started {
			finish()
		}
	}()
	r, err := s.start(ctx, store, p, q)
	if err != nil {
		return nil, why(ctx, err)
	}
	started, r.finish = true, finish
	return r, nil
}

// start compiles and starts the query.
func (s *Service) start(ctx context.Context, store engine.Engine, p auth.Principal, q Request) (*Result, error) {
	trace := q.Trace
	if trace == nil {
		trace = &Trace{}
	}
	scope := s.Scope(q.Profile)
	env := s.Env(p.Tenant)
	env.Caller = callerOf(p)
	c, err := Prepare(ctx, q.Query, env, scope, store)
	trace.Stages = append(trace.Stages, c.Stages...)
	trace.Tables, trace.MaxRows = c.Bound.Tables, scope.MaxRows
	trace.From, trace.To = types.TimeOf(scope.From), types.TimeOf(scope.To)
	if err != nil {
		return nil, err
	}
	if c.Guarded.Cut() {
		c.Warnings = append(c.Warnings, diag.Diagnostic{Kind: diag.Warning, Code: "HRR1003",
			Message: "The query asks for a time before the look-back window; older rows are not in the answer",
			Hint:    "the window of this contract starts at " + types.FormatDatetime(scope.From)})
	}
	at := time.Now()
	rows, err := exec.Run(ctx, store, c.Query, scope.MaxRows)
	trace.Stages = append(trace.Stages, Stage{"start", time.Since(at)})
	if err != nil {
		return nil, err
	}
	return &Result{Columns: c.Query.Columns, Rows: rows, Render: c.Bound.Render, Warnings: c.Warnings, ctx: ctx,
		Last: c.Bound.Results[len(c.Bound.Results)-1].Columns()}, nil
}

// Env is what a tenant's queries are bound against now.
func (s *Service) Env(tenant string) bind.Env {
	env := bind.Env{Catalog: s.Catalog, Fns: s.Fns, Now: types.TicksOf(s.Clock()), External: s.External, Endpoint: s.Endpoint, Compat: s.Compat}
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
