package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/state"
)

// Saved queries: everybody who may hunt has some of their own, which nobody else sees, and reads those of the tenant, which
// those change who manage.
const queriesPath = "/api/harrier/queries"

// Queries keeps saved queries: of an owner in a tenant, or of the tenant for no owner.
type Queries interface {
	SavedQueries(ctx context.Context, tenant, owner string) ([]state.SavedQuery, error)
	SavedQuery(ctx context.Context, tenant, owner, name string) (*state.SavedQuery, error)
	SaveQuery(ctx context.Context, tenant, owner string, q state.SavedQuery, by string) error
	DeleteQuery(ctx context.Context, tenant, owner, name string) (bool, error)
}

// savedQuery is one query on the wire.
type savedQuery struct {
	Name      string
	Query     string `json:",omitempty"` // left out of lists
	Shared    bool
	Created   time.Time
	Changed   time.Time
	ChangedBy string
}

func savedOnWire(q state.SavedQuery) savedQuery {
	return savedQuery{q.Name, q.Text, q.Shared, q.Created, q.Changed, q.ChangedBy}
}

// statePatience bounds the wait for the state store.
const statePatience = 10 * time.Second

// queries answers /api/harrier/queries and /api/harrier/queries/{name}.
func (s *Server) queries(c *call) {
	name, single := strings.CutPrefix(c.r.URL.Path, queriesPath+"/")
	method := c.r.Method
	switch {
	case single && method != http.MethodGet && method != http.MethodPut && method != http.MethodDelete:
		c.fail(methodNotAllowed("DELETE, GET, PUT"))
		return
	case !single && method != http.MethodGet:
		c.fail(methodNotAllowed("GET"))
		return
	}
	shared := c.r.URL.Query().Get("shared") == "true"
	need, role, what := readFunctions, access.ViewData, "saved query "+strings.ToLower(method)
	if shared && method != http.MethodGet {
		need, role, what = manageFunctions, access.Manage, what+" shared"
	}
	c.own(what, need, role, func(p auth.Principal) (any, *failure) {
		ctx, cancel := context.WithTimeout(c.r.Context(), statePatience)
		defer cancel()
		if !single {
			return s.listQueries(ctx, p)
		}
		c.thing = name
		owner := ""
		if !shared {
			var f *failure
			if owner, f = ownerOf(p); f != nil {
				return nil, f
			}
		}
		switch method {
		case http.MethodPut:
			return s.putQuery(ctx, c.r.Body, p, owner, name)
		case http.MethodDelete:
			found, err := s.cfg.Queries.DeleteQuery(ctx, p.Tenant, owner, name)
			if err == nil && !found {
				return nil, notFound()
			}
			return nil, queryFailure(err)
		}
		q, err := s.cfg.Queries.SavedQuery(ctx, p.Tenant, owner, name)
		if q == nil && err == nil && !shared {
			q, err = s.cfg.Queries.SavedQuery(ctx, p.Tenant, "", name)
		}
		if q == nil && err == nil {
			return nil, notFound()
		}
		if err != nil {
			return nil, queryFailure(err)
		}
		return savedOnWire(*q), nil
	})
}

// ownerOf is whose queries a caller's own are. A token of a user that does not say which user has none: all users of one
// program would share them.
func ownerOf(p auth.Principal) (string, *failure) {
	if p.App && p.AppID != "" || !p.App && (p.ObjectID != "" || p.Subject != "") {
		return queuePrincipal(p), nil
	}
	return "", &failure{status: http.StatusForbidden, code: "Forbidden", outcome: forbidden,
		message: "The token does not say who asks (oid, sub or appid), so there are no saved queries of its own."}
}

func (s *Server) listQueries(ctx context.Context, p auth.Principal) (any, *failure) {
	owner, f := ownerOf(p)
	if f != nil {
		return nil, f
	}
	list, err := s.cfg.Queries.SavedQueries(ctx, p.Tenant, owner)
	if err != nil {
		return nil, queryFailure(err)
	}
	out := make([]savedQuery, 0, len(list))
	for _, q := range list {
		out = append(out, savedOnWire(q))
	}
	return map[string]any{"value": out}, nil
}

func (s *Server) putQuery(ctx context.Context, body io.Reader, p auth.Principal, owner, name string) (any, *failure) {
	text, err := io.ReadAll(io.LimitReader(body, 6*state.MaxSavedTextBytes+1<<10)) // every character may be escaped
	if err != nil {
		return nil, badBody("The request body is incomplete, or did not arrive in time.")
	}
	var in struct{ Query string }
	if json.Unmarshal(text, &in) != nil || in.Query == "" {
		return nil, badBody("The body is a JSON object with the member Query, a text that is not empty.")
	}
	by := p.Name
	if by == "" {
		by = queuePrincipal(p)
	}
	if err := s.cfg.Queries.SaveQuery(ctx, p.Tenant, owner, state.SavedQuery{Name: name, Text: in.Query}, by); err != nil {
		return nil, queryFailure(err)
	}
	q, err := s.cfg.Queries.SavedQuery(ctx, p.Tenant, owner, name)
	if err != nil || q == nil { // somebody has deleted it already
		return nil, queryFailure(err)
	}
	return savedOnWire(*q), nil
}

// queryFailure is nil for no error.
func queryFailure(err error) *failure {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, state.ErrName), errors.Is(err, state.ErrTooLong), errors.Is(err, state.ErrFull):
		return bad(badRequest, "The query cannot be saved: "+err.Error()+".")
	}
	return &failure{status: http.StatusServiceUnavailable, code: "ServiceUnavailable", message: "The saved queries of this service cannot be reached now. Try again later.",
		retry: retryState, outcome: unavailable, cause: err}
}
