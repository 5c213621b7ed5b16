package api

import (
	"context"
	"net"
	"net/http"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/audit"
)

// reloadPath takes over a changed configuration.
const reloadPath = "/api/harrier/reload"

// Reloader is a part of the service whose configuration can change while it runs.
type Reloader interface {
	// Prepare reads the new configuration and checks it. Commit puts it in force, for requests from then on; it cannot
	// fail. Nothing changes unless every part's Prepare succeeds.
	Prepare(context.Context) (commit func(), err error)
}

// reload answers POST /api/harrier/reload. Whoever manages the service sees what is wrong with the new configuration.
func (c *call) reload() {
	c.contract = "harrier"
	if c.r.Method != http.MethodPost {
		c.fail(methodNotAllowed("POST"))
		return
	}
	p, err := c.s.cfg.Verifier.AuthenticateRequest(c.r.Context(), c.r)
	if err == nil {
		c.tenant, c.app = p.Tenant, p.AppID
		err = p.Authorize(manageFunctions)
	}
	if err == nil {
		err = c.s.cfg.Hunt.Allow(p, access.Manage)
	}
	var f *failure
	if err != nil {
		f = failed(c.r.Context(), err)
	} else if err := c.s.cfg.Ops.Reload(c.r.Context()); err != nil {
		c.s.cfg.Log.Error("reload failed; the old state goes on", "id", c.id, "error", err)
		f = bad(badRequest, "The configuration was not taken over; the old one goes on. "+clip(err.Error()))
	}
	rec := audit.Record{Time: c.start, RequestID: c.id, Source: sourceAddress(c.r), Contract: "harrier", Outcome: string(outcomeOf(f)),
		Status: http.StatusOK, Detail: "reload", Tenant: p.Tenant, Millis: millis(c.s.cfg.Clock().Sub(c.start)),
		Actor: audit.Actor{App: p.App, AppID: p.AppID, ObjectID: p.ObjectID, Subject: p.Subject, Name: p.Name}}
	if f != nil {
		rec.Status = f.status
	}
	if err := c.s.cfg.Audit(rec); err != nil {
		c.s.metrics.auditErrors.Inc()
		c.s.cfg.Log.Error("the audit record cannot be written", "id", c.id, "error", err)
	}
	if f != nil {
		c.fail(f)
		return
	}
	c.json(http.StatusOK, map[string]any{"reloaded": true})
}

// sourceAddress is the peer without its port.
func sourceAddress(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}
