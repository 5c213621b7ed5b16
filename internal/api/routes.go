package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// route is one operation of one contract.
type route struct {
	Method     string
	Path       string
	Aliases    []string // other spellings of the path
	Contract   string   // its name in the audit trail, the metrics and the configuration
	Permission auth.Permission
	Also       []auth.Permission // others that do as well
	Profile    string            // quota profile unless the configuration names another

	// Check refuses what only the caller and the server can tell, such as another's workspace; nil for most.
	Check func(x *exchange) *failure
	// Answer answers without a query; Decode and Encode are nil then.
	Answer func(x *exchange, out *buffer) error
	// Decode reads the query out of a request; body is nil for GET.
	Decode func(r *http.Request, body []byte) (hunt.Request, *failure)
	// Open reads a request that is more than a query, in place of Decode; Run runs it.
	Open func(x *exchange, body []byte) *failure
	Run  func(ctx context.Context, x *exchange, p auth.Principal, q hunt.Request) (*hunt.Result, error)
	// Encode writes the whole answer of a query that started well.
	Encode func(out *buffer, a *answer) error
	// Fail writes the body of an error.
	Fail func(dst []byte, f *failure, c *call) []byte
	// Refuse gives failures the statuses of the contract; nil for most.
	Refuse func(f *failure)
	// Head sets headers that every answer of the contract has; nil for most.
	Head func(c *call)
	// Times is how datetimes are written; nil is the style of today, with Z and without zeros at the end.
	Times func(quota.Profile) wire.TimeStyle

	Doc operation // for the OpenAPI document
}

// answer is a query that started well: what an encoder may tell.
type answer struct {
	*hunt.Result
	style wire.TimeStyle
	x     *exchange // the request, its figures so far
	// dropped rows were read and are not in the answer, which was cut.
	dropped int
}

// routes is the table of contracts.
func routes() []route {
	return slices.Concat(defenderRoutes(), graphRoutes(), logRoutes(), kustoRoutes())
}

// authorize refuses a principal without any of the permissions that do.
func (r *route) authorize(p auth.Principal) error {
	if slices.ContainsFunc(r.Also, p.Can) {
		return nil
	}
	return p.Authorize(r.Permission)
}

// methods finds the routes of one path by their methods.
type methods map[string]*route

// paths is the table made searchable. A path is found in any case and with a slash at its end, as ASP.NET, which serves
// the public API, finds it. http.ServeMux is not used for contracts: it would redirect "//api/…", and a
// redirected POST arrives as a GET; nor can its patterns hold the parameters of "getRunHuntingQuery(…)".
type paths struct {
	exact    map[string]methods // in lower case
	patterns []*pattern         // the few paths with a parameter
}

// pattern is a path with one parameter: "/v1/workspaces/{id}/query", or "/x({arguments...})", which may hold slashes.
type pattern struct {
	before, name, after string
	slashes             bool
	methods             methods
}

func index(table []route) paths {
	out := paths{exact: map[string]methods{}}
	for i := range table {
		r := &table[i]
		for _, path := range append([]string{r.Path}, r.Aliases...) {
			found, _ := out.find(path)
			if found == nil {
				found = out.add(path)
			}
			found[r.Method] = r
		}
	}
	return out
}

func (p *paths) add(path string) methods {
	m := methods{}
	before, rest, ok := strings.Cut(path, "{")
	if !ok {
		p.exact[strings.ToLower(path)] = m
		return m
	}
	name, after, _ := strings.Cut(rest, "}")
	name, slashes := strings.CutSuffix(name, "...")
	p.patterns = append(p.patterns, &pattern{before, name, after, slashes, m})
	return m
}

// find gives the routes of a path, and the pattern that it matches.
func (p *paths) find(path string) (methods, *pattern) {
	if m := p.exact[strings.ToLower(strings.TrimSuffix(path, "/"))]; m != nil {
		return m, nil
	}
	for _, t := range p.patterns {
		if _, ok := t.value(path); ok {
			return t.methods, t
		}
	}
	return nil, nil
}

// value is the parameter in a path.
func (t *pattern) value(path string) (string, bool) {
	path = strings.TrimSuffix(path, "/")
	end := len(path) - len(t.after)
	if end <= len(t.before) || !strings.EqualFold(path[:len(t.before)], t.before) || !strings.EqualFold(path[end:], t.after) {
		return "", false
	}
	v := path[len(t.before):end]
	return v, t.slashes || !strings.Contains(v, "/")
}
