package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/stored"
)

// The stored functions of the caller's tenant: listed and read by those who may hunt, changed by those who manage.
const functionsPath = "/api/harrier/functions"

var (
	readFunctions   = auth.Permission{Role: "AdvancedQuery.Read.All", Scope: "AdvancedQuery.Read"}
	manageFunctions = auth.Permission{Role: "Harrier.Manage.All", Scope: "Harrier.Manage"}
)

// Functions finds a tenant's library; nil for a tenant unknown here.
type Functions func(tenant string) *stored.Library

// storedFunction is one function on the wire.
type storedFunction struct {
	Name string
	Doc  string
	Text string `json:",omitempty"` // left out of lists
}

func onWire(f catalog.Function) storedFunction { return storedFunction{f.Name, f.Doc, f.Text} }

// functions answers /api/harrier/functions and /api/harrier/functions/{name}.
func (s *Server) functions(c *call) {
	name, single := strings.CutPrefix(c.r.URL.Path, functionsPath+"/")
	need, role := readFunctions, access.ViewData
	if c.r.Method != http.MethodGet {
		need, role = manageFunctions, access.Manage
	}
	c.own("function "+strings.ToLower(short(c.r.Method)), need, role, func(p auth.Principal) (any, *failure) {
		lib := s.cfg.Functions(p.Tenant)
		if lib == nil {
			return nil, failed(c.r.Context(), hunt.ErrUnknownTenant)
		}
		c.thing = name
		if !single {
			c.thing = ""
		}
		switch {
		case c.r.Method == http.MethodGet && !single:
			list := []storedFunction{}
			for _, f := range append(lib.List(), catalog.HuntingFunctions()...) {
				list = append(list, storedFunction{Name: f.Name, Doc: f.Doc})
			}
			return map[string]any{"value": list}, nil
		case c.r.Method == http.MethodGet:
			f, ok := lib.Find(name)
			if !ok {
				f, ok = catalog.HuntingFunction(name)
			}
			if !ok {
				return nil, notFound()
			}
			return onWire(f), nil
		case c.r.Method == http.MethodPut && single:
			return s.putFunction(c, lib, name)
		case c.r.Method == http.MethodDelete && single:
			if err := lib.Delete(name); err != nil {
				return nil, functionFailure(err)
			}
			return nil, nil
		case single:
			return nil, methodNotAllowed("DELETE, GET, PUT")
		}
		return nil, methodNotAllowed("GET")
	})
}

func (s *Server) putFunction(c *call, lib *stored.Library, name string) (any, *failure) {
	body, err := io.ReadAll(io.LimitReader(c.r.Body, 2*stored.MaxTextBytes))
	if err != nil {
		return nil, badBody("The request body is incomplete, or did not arrive in time.")
	}
	var in struct{ Text string }
	if json.Unmarshal(body, &in) != nil || in.Text == "" {
		return nil, badBody("The body is a JSON object with the member Text: let Name = (parameters) { body };")
	}
	c.stored = in.Text
	f, err := lib.Put(name, in.Text)
	if err != nil {
		return nil, functionFailure(err)
	}
	s.cfg.Log.Info("stored function", "id", c.id, "tenant", c.tenant, "app", c.app, "function", name)
	return onWire(f), nil
}

func functionFailure(err error) *failure {
	switch {
	case errors.Is(err, stored.ErrNotFound):
		return notFound()
	case errors.Is(err, stored.ErrInvalid), errors.Is(err, stored.ErrFull):
		return bad(semanticError, clip(strings.TrimPrefix(err.Error(), "stored: ")))
	}
	return internal(err)
}

// json answers with a small document.
func (c *call) json(status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		c.fail(internal(err))
		return
	}
	c.outcome = okay
	c.out.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.send(status, bytesBody(b))
}
