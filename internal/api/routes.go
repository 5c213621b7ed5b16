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

	// Decode reads the query out of a request body.
	Decode func(h http.Header, body []byte) (string, *failure)
	// Encode writes the whole answer of a query that started well.
	Encode func(out *buffer, res *hunt.Result, style wire.TimeStyle) error
	// Fail writes the body of an error; id is the request's.
	Fail func(dst []byte, f *failure, id string) []byte
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
