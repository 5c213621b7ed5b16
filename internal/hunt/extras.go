package hunt

import (
	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
)

// Extras are what some contracts send along with a query's text.
type Extras struct {
	// Parameters are the values of declared query parameters, as literals of KQL; a string may be bare.
	Parameters map[string]string
	// Options mean what set statements mean.
	Options map[string]string
	// Given are tables that the query may name, beside those of the store.
	Given map[string]bind.Given
	// Closed forbids the query to fetch anything from elsewhere.
	Closed bool
}

// into adds what the request brings to what its query is bound against.
func (x Extras) into(env bind.Env) bind.Env {
	env.Parameters, env.Options, env.Given = x.Parameters, x.Options, x.Given
	if x.Closed {
		env.External = nil
	}
	return env
}

// Visible are the tables that a principal may name. Errors: ErrUnknownTenant, *auth.Forbidden.
func (s *Service) Visible(p auth.Principal) (*catalog.Catalog, error) {
	if _, ok := s.Store(p.Tenant); !ok {
		return nil, ErrUnknownTenant
	}
	g, err := s.Grant(p)
	if err == nil {
		err = g.Need(access.ViewData)
	}
	if err != nil {
		return nil, err
	}
	return s.tablesFor(p, g).Only(g.MayRead), nil
}
