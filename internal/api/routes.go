package api

import (
	"net/http"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// route is one operation of one contract.
type route struct {
	Method     string
	Path       string
	Contract   string // its name in the audit trail, the metrics and the configuration
	Permission auth.Permission
	Profile    string // quota profile unless the configuration names another

	// Decode reads the query out of a request; body is nil for GET.
	Decode func(r *http.Request, body []byte) (hunt.Request, *failure)
	// Encode writes the whole answer of a query that started well.
	Encode func(out *buffer, a *answer) error
	// Fail writes the body of an error.
	Fail func(dst []byte, f *failure, c *call) []byte
}

// answer is a query that started well: what an encoder may tell.
type answer struct {
	*hunt.Result
	style wire.TimeStyle
	x     *exchange // the request, its figures so far
}

// routes is the table of contracts.
func routes() []route {
	return []route{
		// Defender ATP, later Defender for Endpoint.
		{
			Method: http.MethodPost, Path: "/api/advancedqueries/run", Contract: "mde",
			Permission: auth.Permission{Role: "AdvancedQuery.Read.All", Scope: "AdvancedQuery.Read"},
			Profile:    "atp-2018",
			Decode:     decodeQuery, Encode: encodeSchemaResults, Fail: failEnvelope,
		},
	}
}

// methods finds the routes of one path by their methods.
type methods map[string]*route

// index makes the table searchable by exact path. http.ServeMux is not used for contracts: it would redirect
// "//api/…", and a redirected POST arrives as a GET.
func index(table []route) map[string]methods {
	out := map[string]methods{}
	for i := range table {
		r := &table[i]
		if out[r.Path] == nil {
			out[r.Path] = methods{}
		}
		out[r.Path][r.Method] = r
	}
	return out
}
