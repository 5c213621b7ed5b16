package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

// The Kusto contract lets tools of Azure Data Explorer connect: its SDKs, Grafana, editors. A service is one cluster
// with one database. Queries go to /v1/rest/query and /v2/rest/query, whose answers differ (kusto_v1.go, kusto_v2.go);
// management commands (kusto_command.go) to /v1/rest/mgmt, or to either of the others, as tools send them there too.
//
// A command is a query: its answer is a table that comes with the request, so that a command may go on as a query does
// (".show tables | where …") and goes through the same limits, audit and encoders.

// kustoPermission is what a token needs. Azure's own tokens for Kusto carry the one scope; its clusters keep who may do
// what to themselves, while here an application needs one of the roles that hunting needs (ADR 0038).
var kustoPermission = auth.Permission{Role: "AdvancedHunting.Read.All", Scope: "user_impersonation"}

func kustoAlso() []auth.Permission {
	return []auth.Permission{{Role: "ThreatHunting.Read.All", Scope: "ThreatHunting.Read.All"}, {Scope: "AdvancedHunting.Read"}}
}

func kustoRoutes() []route {
	var out []route
	for _, r := range []struct {
		method, path string
		encode       func(*buffer, *answer) error
		doc          operation
	}{
		{http.MethodPost, "/v1/rest/query", encodeKustoV1, operation{Summary: "Runs a query or a .show command; tables as Kusto's v1 protocol has them", Request: "KustoRequest", Answer: "KustoV1", Error: "KustoError"}},
		{http.MethodGet, "/v1/rest/query", encodeKustoV1, operation{Summary: "Runs the query in the address", Params: kustoParams(), Answer: "KustoV1", Error: "KustoError"}},
		{http.MethodPost, "/v2/rest/query", encodeKustoV2, operation{Summary: "Runs a query; frames of Kusto's v2 protocol, as the options ask for them", Request: "KustoRequest", Answer: "KustoV2", Error: "KustoError"}},
		{http.MethodGet, "/v2/rest/query", encodeKustoV2, operation{Summary: "Runs the query in the address", Params: kustoParams(), Answer: "KustoV2", Error: "KustoError"}},
		{http.MethodPost, "/v1/rest/mgmt", encodeKustoV1, operation{Summary: "Runs a .show command", Request: "KustoRequest", Answer: "KustoV1", Error: "KustoError"}},
	} {
		out = append(out, route{
			Method: r.method, Path: r.path, Contract: "kusto", Permission: kustoPermission, Also: kustoAlso(), Profile: "kusto",
			Open: openKusto, Run: runKusto, Encode: r.encode, Refuse: refuseKusto, Fail: failKusto, Head: headKusto, Doc: r.doc,
		})
	}
	return out
}

func kustoParams() []parameter {
	return []parameter{{Name: "db", In: "query", Doc: "Harrier, or nothing."}, {Name: "csl", In: "query", Required: true, Doc: "KQL."},
		{Name: "properties", In: "query", Doc: "Options and Parameters, as JSON."}}
}

// headKusto sets the headers that name the request: the client's name for it and the service's own.
func headKusto(c *call) {
	h := c.out.Header()
	h.Set("X-Ms-Activity-Id", c.id)
	h.Set(clientIDHeader, c.clientID())
}

const clientIDHeader = "X-Ms-Client-Request-Id"

// clientID is the client's name for the request as far as it may be repeated, or one made up.
func (c *call) clientID() string {
	if c.kusto != nil && c.kusto.clientID != "" {
		return c.kusto.clientID
	}
	if id := c.r.Header.Get(clientIDHeader); saneID(id) {
		return id
	}
	return "unspecified;" + c.id
}

// runKusto runs a query, or a command as a query.
func runKusto(ctx context.Context, x *exchange, p auth.Principal, q hunt.Request) (*hunt.Result, error) {
	k := x.kusto
	if !ownDatabase(k.database, p.Tenant) {
		return nil, noDatabase(k.database)
	}
	q.Several = true
	limits := k.options
	if limits.timeout > 0 && (q.Profile.PerRequest == 0 || limits.timeout < q.Profile.PerRequest) {
		q.Profile.PerRequest = limits.timeout
	}
	if n := limits.records(); n > 0 && (q.Profile.Rows == 0 || n < q.Profile.Rows) {
		q.Profile.Rows = n
	}
	switch {
	case isCommand(q.Query):
		var err error
		if q.Query, q.Given, err = command(x, p, q.Query); err != nil {
			return nil, err
		}
	case x.route.Path == "/v1/rest/mgmt":
		return nil, kustoBad("Request is invalid: a management command begins with a dot; send queries to /v1/rest/query or /v2/rest/query")
	}
	return x.s.cfg.Hunt.Run(ctx, p, q)
}

// kustoDatabase is the name of the one database.
const kustoDatabase = "Harrier"

// ownDatabase reports a name of the database: its own, the tenant's id, or what SDKs send when nobody named one.
func ownDatabase(name, tenant string) bool {
	return slices.ContainsFunc([]string{"", kustoDatabase, "NetDefaultDB", tenant}, func(own string) bool { return strings.EqualFold(name, own) })
}

// kustoRequest is a request of this contract as it was read.
type kustoRequest struct {
	database, text string
	clientID       string // in the body; one in a header counts more
	options        kustoOptions
}

// kustoOptions are the options of a request that its contract deals with; those that change what a query means go to
// the binder.
type kustoOptions struct {
	timeout     time.Duration // 0: the profile's
	maxRecords  int           // 0: the profile's
	maxSize     int64
	noTrunc     bool
	fragmented  bool
	newlines    bool
	progressive bool
	placement   placement
}

// records is the number of records after which the client asks to be told that there are more. notruncation cannot lift
// the profile's limit, which is the operator's.
func (o kustoOptions) records() int {
	if o.noTrunc {
		return 0
	}
	return o.maxRecords
}

// placement is where a partial failure is told.
type placement uint8

const (
	inData placement = iota
	endOfTable
	endOfDataset
)

func (p placement) String() string { return [...]string{"InData", "EndOfTable", "EndOfDataset"}[p] }
