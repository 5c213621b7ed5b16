package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/auth/issuer"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/queue"
	"github.com/harrier-hunting/harrier/internal/quota"
)

// Config is what a Server is built from. Hunt, Verifier and Audit are required.
type Config struct {
	Hunt     *hunt.Service
	Verifier *auth.Verifier
	// Issuer, when set, answers token requests here.
	Issuer *issuer.Issuer
	// Functions finds a tenant's stored functions; nil serves none.
	Functions Functions
	// Queries keeps saved queries; nil keeps none.
	Queries Queries
	// Workspaces are names that the Log Analytics contract knows a tenant by, beside its id; in lower case.
	Workspaces map[string]string
	// Kusto is where clients of that contract get tokens.
	Kusto KustoAuth
	// Profiles replaces the quota profile of a contract, by its name.
	Profiles map[string]quota.Profile
	// Audit keeps one record; its error refuses the answer.
	Audit func(audit.Record) error
	// Health reports whether the store can answer; nil means that it always can.
	Health func(context.Context) error

	MaxConcurrent  int           // hunting requests that run at a time (default 16); others wait, see Operations
	MaxResultBytes int64         // of an answer whose profile sets no limit (default 64 MiB)
	BodyTimeout    time.Duration // for a client to send its request (default 30 s)
	Ops            Operations

	Clock func() time.Time
	NewID func() string // request ids (default: random GUIDs)
	Log   *slog.Logger
}

const (
	defaultConcurrent  = 16
	defaultResultBytes = 64 << 20
	defaultBodyTimeout = 30 * time.Second
)

// Server answers HTTP requests. It is an http.Handler.
type Server struct {
	cfg     Config
	routes  paths
	fixed   []fixed
	issuer  *http.ServeMux
	ops     map[string]http.Handler
	queue   *queue.Queue
	conns   *connections
	chunks  sync.Pool
	gzips   sync.Pool
	zlibs   sync.Pool
	metrics *metrics
}

// New checks the configuration.
func New(cfg Config) (*Server, error) {
	if cfg.Hunt == nil || cfg.Verifier == nil || cfg.Audit == nil {
		return nil, errors.New("api: a server needs a hunting service, a verifier of tokens and an audit trail")
	}
	if cfg.MaxConcurrent <= 0 {
		cfg.MaxConcurrent = defaultConcurrent
	}
	if cfg.MaxResultBytes <= 0 {
		cfg.MaxResultBytes = defaultResultBytes
	}
	if cfg.BodyTimeout <= 0 {
		cfg.BodyTimeout = defaultBodyTimeout
	}
	if cfg.Health == nil {
		cfg.Health = func(context.Context) error { return nil }
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.NewID == nil {
		cfg.NewID = newID
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.Ops = cfg.Ops.withDefaults()
	s := &Server{cfg: cfg, issuer: http.NewServeMux(),
		queue: queue.New(queue.Options{Slots: cfg.MaxConcurrent, Length: cfg.Ops.MaxQueued, Wait: cfg.Ops.MaxWait}),
		conns: newConnections(cfg.Ops.MaxConnections, cfg.Ops.MaxConnectionsPerSource)}
	s.chunks.New, s.gzips.New, s.zlibs.New = newChunk, newGzip, newZlib
	table := routes()
	if err := s.setProfiles(table); err != nil {
		return nil, err
	}
	s.routes, s.metrics = index(table), newMetrics(table)
	s.metrics.watch(s)
	if cfg.Issuer != nil {
		cfg.Issuer.Register(s.issuer, s.signedIn)
	}
	s.fixed = s.fixedRoutes()
	s.ops = map[string]http.Handler{"/healthz": s.health(), "/metrics": s.metricsHandler()}
	return s, nil
}

// setProfiles fills in the profile of each contract that the configuration does not name.
func (s *Server) setProfiles(table []route) error {
	profiles := map[string]quota.Profile{}
	for _, r := range table {
		p, ok := s.cfg.Profiles[r.Contract]
		if !ok {
			if p, ok = quota.Lookup(r.Profile); !ok {
				return fmt.Errorf("api: contract %s names quota profile %q, which does not exist", r.Contract, r.Profile)
			}
		}
		profiles[r.Contract] = p
	}
	s.cfg.Profiles = profiles
	return nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := s.begin(w, r)
	defer c.end()
	if found, at := s.routes.find(r.URL.Path); found != nil {
		if at != nil {
			v, _ := at.value(r.URL.Path)
			r.SetPathValue(at.name, v)
		}
		if rt := found[r.Method]; rt != nil {
			s.hunt(c, rt)
			return
		}
		c.wrongMethod(found)
		return
	}
	// Everything below answers from memory: one deadline covers it.
	_ = c.control.SetWriteDeadline(time.Now().Add(s.cfg.Ops.SendTimeout))
	for _, f := range s.fixed {
		if r.URL.Path == f.path || f.under && strings.HasPrefix(r.URL.Path, f.path+"/") {
			f.answer(c)
			return
		}
	}
	if h := s.ops[r.URL.Path]; h != nil {
		c.quiet = true
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			c.fail(methodNotAllowed("GET, HEAD"))
			return
		}
		h.ServeHTTP(c.out, r)
		return
	}
	// The mux would answer paths that are not clean with a redirect, and unknown ones with plain text.
	if path.Clean(r.URL.Path) == r.URL.Path {
		if _, pattern := s.issuer.Handler(r); pattern != "" {
			s.issuer.ServeHTTP(c.out, r)
			return
		}
	}
	c.fail(notFound())
}

// fixed answers an address that is of no contract.
type fixed struct {
	path   string
	under  bool // what is below it too
	answer func(*call)
}

// fixedRoutes are those that the configuration serves. Who may ask is the business of each, and of a test that knows them
// all: see ownRoutes.
func (s *Server) fixedRoutes() []fixed {
	out := []fixed{{supportPath, false, (*call).support}, {metadataPath, false, (*call).kustoMetadata}, {openapiPath, false, (*call).openapi},
		{regionsPath, false, (*call).regions}}
	if s.cfg.Functions != nil {
		out = append(out, fixed{functionsPath, true, s.functions})
	}
	if s.cfg.Queries != nil {
		out = append(out, fixed{queriesPath, true, s.queries})
	}
	if s.cfg.Ops.Reload != nil {
		out = append(out, fixed{reloadPath, false, (*call).reload})
	}
	return out
}

// wrongMethod refuses a method in the words of the path's contract.
func (c *call) wrongMethod(m methods) {
	names := allowed(m)
	rt := m[strings.SplitN(names, ",", 2)[0]]
	if rt.Head != nil {
		rt.Head(c)
	}
	f := methodNotAllowed(names)
	c.contract, c.outcome = rt.Contract, f.outcome
	c.head(f)
	c.send(f.status, bytesBody(rt.Fail(nil, f, c)))
}

func allowed(m methods) string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// newID is a random GUID (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: see its documentation
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
