package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/quota"
)

// Operations is how the service is run, apart from what it answers. The zero value has the defaults.
type Operations struct {
	MaxQueued int           // requests that wait for a slot (default 256; negative: none)
	MaxWait   time.Duration // for a slot (default 15 s)

	HeaderTimeout           time.Duration // for a client to send its headers (default 10 s)
	SendTimeout             time.Duration // for a client to take a piece of an answer (default 30 s)
	MaxConnections          int           // default 4096; negative: no limit
	MaxConnectionsPerSource int           // default 512; negative: no limit

	MetricsToken string // that /metrics asks for; without it only loopback may read
	MetricsOpen  bool   // anybody may read /metrics

	// ProfileFor names the limits of a tenant under a contract; false leaves the contract's own.
	ProfileFor func(tenant, contract string) (quota.Profile, bool)
	// Regions lists where the service runs; nil is nowhere in particular.
	Regions func() []Region
	// Reload reads the changeable part of the configuration again; nil cannot.
	Reload func(context.Context) error
	// Observe is told of every hunting request when its answer has been sent.
	Observe func(context.Context, Exchange)

	LogQueries   bool                    // the request log has the texts of queries
	StoreBytes   func() map[string]int64 // size of the data, by tenant
	AuditBacklog func() (int64, error)   // bytes of the audit trail that are not in the audit table yet
	Version      string                  // of this program, for the metrics
	Commit       string
}

// Exchange is a hunting request that has been answered.
type Exchange struct {
	ID, Contract, Tenant, App, Outcome string
	Query                              string
	Status, Rows                       int
	Bytes                              int64
	Start, Encoded, End                time.Time
	Stages                             []hunt.Stage // in the order of their running
	Header                             http.Header  // of the request
}

const (
	defaultQueued      = 256
	defaultWait        = 15 * time.Second
	defaultHeaderTime  = 10 * time.Second
	defaultSendTime    = 30 * time.Second
	defaultConnections = 4096
	defaultPerSource   = 512
)

func (o Operations) withDefaults() Operations {
	o.MaxQueued = either(o.MaxQueued, defaultQueued)
	o.MaxWait = max(either(o.MaxWait, defaultWait), 0)
	o.HeaderTimeout = either(o.HeaderTimeout, defaultHeaderTime)
	o.SendTimeout = either(o.SendTimeout, defaultSendTime)
	o.MaxConnections = either(o.MaxConnections, defaultConnections)
	o.MaxConnectionsPerSource = either(o.MaxConnectionsPerSource, defaultPerSource)
	return o
}

// either is v, or the default when v is zero.
func either[T int | time.Duration](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

// observe tells who wants to know that an exchange is over.
func (s *Server) observe(x *exchange, encoded time.Time) {
	if s.cfg.Ops.Observe == nil {
		return
	}
	s.cfg.Ops.Observe(x.r.Context(), Exchange{
		ID: x.id, Contract: x.contract, Tenant: x.tenant, App: x.app, Outcome: string(x.outcome), Query: x.query.Query,
		Status: x.out.status, Rows: x.rows, Bytes: x.out.bytes, Start: x.start, Encoded: encoded, End: s.cfg.Clock(),
		Stages: x.trace.Stages, Header: x.r.Header,
	})
}

// Contracts lists the names of the contracts.
func Contracts() []string {
	var out []string
	for _, r := range routes() {
		out = append(out, r.Contract)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
