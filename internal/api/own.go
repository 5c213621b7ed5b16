package api

import (
	"net/http"
	"slices"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/auth"
)

// ownRoute is one operation of the service's own, which no public contract has. The table is for the OpenAPI document and
// for the test that nobody without a token gets past any of them.
type ownRoute struct {
	Method, Path string
	Need         auth.Permission // the zero one is for everybody
	Doc          operation
}

func ownRoutes() []ownRoute {
	name := []parameter{{Name: "name", In: "path", Required: true, Doc: "Its name."}}
	shared := append(slices.Clone(name), parameter{Name: "shared", In: "query", Doc: "true: the tenant's, not the caller's own."})
	return []ownRoute{
		{"GET", functionsPath, readFunctions, operation{Summary: "Lists the stored and the built-in functions", Answer: "StoredFunctions"}},
		{"GET", functionsPath + "/{name}", readFunctions, operation{Summary: "Reads a function", Params: name, Answer: "StoredFunction"}},
		{"PUT", functionsPath + "/{name}", manageFunctions, operation{Summary: "Stores a function", Params: name, Request: "FunctionText", Answer: "StoredFunction"}},
		{"DELETE", functionsPath + "/{name}", manageFunctions, operation{Summary: "Deletes a function", Params: name}},
		{"GET", queriesPath, readFunctions, operation{Summary: "Lists the caller's saved queries and the tenant's, without texts", Answer: "SavedQueries"}},
		{"GET", queriesPath + "/{name}", readFunctions, operation{Summary: "Reads a saved query: the caller's, or else the tenant's", Params: shared, Answer: "SavedQuery"}},
		{"PUT", queriesPath + "/{name}", readFunctions, operation{Summary: "Saves a query; one for the tenant needs Harrier.Manage.All", Params: shared, Request: "Query", Answer: "SavedQuery"}},
		{"DELETE", queriesPath + "/{name}", readFunctions, operation{Summary: "Deletes a saved query; one of the tenant needs Harrier.Manage.All", Params: shared}},
		{"POST", reloadPath, manageFunctions, operation{Summary: "Takes over a changed configuration", Answer: "Reloaded"}},
		{"GET", regionsPath, auth.Permission{}, operation{Summary: "Lists where the service runs", Answer: "Regions"}},
	}
}

// own answers a request of the service's own: with a document, with nothing (204), or with a failure. As with hunting, who
// asked and what came of it is in the audit trail before the answer leaves. what names the request there,
// with the thing that do found it to be about.
func (c *call) own(what string, need auth.Permission, role access.Permissions, do func(auth.Principal) (any, *failure)) {
	c.contract = "harrier"
	var doc any
	var f *failure
	p, err := c.s.cfg.Verifier.AuthenticateRequest(c.r.Context(), c.r)
	if err == nil {
		c.tenant, c.app = p.Tenant, p.AppID
		err = p.Authorize(need)
	}
	if err == nil {
		err = c.s.cfg.Hunt.Allow(p, role)
	}
	if err != nil {
		f = failed(c.r.Context(), err)
	} else {
		doc, f = do(p)
	}
	if c.thing != "" {
		what += " " + short(c.thing)
	}
	rec := audit.Record{Time: c.start, RequestID: c.id, Source: sourceAddress(c.r), Contract: c.contract, Query: c.stored, Outcome: string(outcomeOf(f)),
		Status: http.StatusOK, Detail: what, Tenant: p.Tenant, Millis: millis(c.s.cfg.Clock().Sub(c.start)),
		Actor: audit.Actor{App: p.App, AppID: p.AppID, ObjectID: p.ObjectID, Subject: p.Subject, Name: p.Name}}
	switch {
	case f != nil:
		rec.Status = f.status
		if f.cause != nil {
			c.s.cfg.Log.Error("request failed", "id", c.id, "outcome", string(f.outcome), "error", f.cause)
		}
	case doc == nil:
		rec.Status = http.StatusNoContent
	}
	if err := c.s.cfg.Audit(rec); err != nil {
		c.s.metrics.auditErrors.Inc()
		c.s.cfg.Log.Error("the audit record cannot be written; the request is refused", "id", c.id, "error", err)
		f = internal(err)
	}
	switch {
	case f != nil:
		c.fail(f)
	case doc == nil:
		c.outcome = okay
		c.out.WriteHeader(http.StatusNoContent)
	default:
		c.json(http.StatusOK, doc)
	}
}
