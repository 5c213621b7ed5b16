package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/harrier-hunting/harrier/internal/api"
	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/auth/issuer"
	"github.com/harrier-hunting/harrier/internal/quota"
)

const defaultListen = "127.0.0.1:8645"

type serveCmd struct {
	engineFlags
	tenantsFlag
	tlsFlags
	policyFlags
	operationsFlags
	contractFlags
	kustoState
	entraFlags
	Listen  string        `help:"Address to listen on." default:"127.0.0.1:8645"`
	Profile string        `help:"Limits and formats of the API: the generation of the public service to be." default:"atp-2018"`
	Drain   time.Duration `help:"Time for running queries to end when the server stops." default:"30s"`

	Issuer       bool              `help:"Run the embedded token issuer." default:"true" negatable:""`
	IssuerDir    string            `help:"Directory of the embedded issuer; default: issuer in the data directory." type:"path"`
	IssuerURL    string            `help:"Address of this server as clients see it, the name of the embedded issuer; default: from --listen."`
	IssuerKeyAge time.Duration     `help:"Age of the embedded issuer's signing key at which the next is made; 0: only harrier token rotate makes one." default:"2160h"`
	Audience     []string          `help:"Audiences of accepted tokens." default:"https://api.securitycenter.windows.com,https://api.securitycenter.microsoft.com,https://api.security.microsoft.com,https://graph.microsoft.com,https://api.loganalytics.io,https://kusto.kusto.windows.net,https://securitycenter.onmicrosoft.com/windowsatpservice"`
	Trust        []string          `help:"Accept tokens of these OpenID Connect issuers (https://...; may contain {tenantid})."`
	TrustKeys    map[string]string `help:"Where an issuer's keys are, as ISSUER=ADDRESS, if its discovery document does not tell or they are on another host." mapsep:"none"`

	auditFlags
	AuditDir  string        `help:"Directory of the audit trail; default: audit in the data directory." type:"path"`
	AuditText bool          `help:"Keep texts of queries in the audit trail, not only their hashes."`
	AuditSync time.Duration `help:"How long an audit record may wait for the disk; 0 waits with each answer." default:"1s"`

	MaxConcurrent  int    `help:"Queries at a time." default:"16"`
	MaxResultBytes int64  `help:"Size of an answer where the profile sets no limit." default:"67108864"`
	LogLevel       string `help:"debug, info, warn or error." default:"info"`

	restartable
}

// Run serves until the context ends. The parts are closed in the reverse
// order of their making: requests first, the store last.
func (c *serveCmd) Run(ctx context.Context) (err error) {
	log, err := logger(c.LogLevel)
	if err != nil {
		return err
	}
	profile, err := c.ownProfile()
	if err != nil {
		return err
	}
	if c.Tenants, err = c.canonical(); err != nil {
		return err
	}
	tlsConfig, err := c.tls(log)
	if err != nil {
		return err
	}
	ln, err := c.listen(tlsConfig != nil)
	if err != nil {
		return err
	}
	defer ln.Close()
	iss, err := c.issuer(c.url(ln, tlsConfig != nil), log)
	if err != nil {
		return err
	}
	verifier, err := c.verifier(iss, log)
	if err != nil {
		return err
	}
	stores, err := c.openAll(c.Tenants, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stores.Close()) }()
	trail, err := audit.Open(audit.Options{Dir: orIn(c.AuditDir, c.Data, "audit"), QueryText: c.AuditText, Sync: c.AuditSync})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, trail.Close()) }()
	last, err := c.openLasting(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, last.Close()) }()
	relay, err := c.relay(ctx, last, stores, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, relay.Close()) }()
	server, err := c.server(stores, last, verifier, iss, trail, profile, log)
	defer func() { err = errors.Join(err, c.traces.stop()) }()
	if err != nil {
		return err
	}
	return c.serve(ctx, server, ln, tlsConfig, log)
}

// server puts the parts together.
func (c *serveCmd) server(stores tenantStores, last *lasting, v *auth.Verifier, iss *issuer.Issuer, trail *audit.Writer, profile quota.Profile, log *slog.Logger) (*api.Server, error) {
	svc, err := serviceOf(stores.find, log)
	if err != nil {
		return nil, err
	}
	if err := c.locate(svc); err != nil {
		return nil, err
	}
	policy, err := c.policy(svc, last.store, log)
	if err != nil {
		return nil, err
	}
	ops, err := c.operate(stores, last, policy, log)
	if err != nil {
		return nil, err
	}
	workspaces, err := c.workspaces(c.Tenants)
	if err != nil {
		return nil, err
	}
	svc.Endpoint = c.host()
	svc.Limiter = last.limiter
	functions := c.extend(svc, c.Tenants, last.store, log)
	return api.New(api.Config{
		Hunt: svc, Functions: functions, Queries: last.store, Verifier: v, Issuer: iss, Audit: trail.Write, Log: log, Workspaces: workspaces,
		Profiles:      map[string]quota.Profile{"mde": profile},
		Kusto:         c.kustoAuth(),
		Health:        last.health(trail, stores.health),
		MaxConcurrent: c.MaxConcurrent, MaxResultBytes: c.MaxResultBytes, BodyTimeout: c.BodyTime, Ops: ops,
	})
}

// serve accepts requests until ctx ends, then lets the running ones end: for
// as long as --drain says, or until a second signal. After that their queries
// are interrupted and answered with 503.
func (c *serveCmd) serve(ctx context.Context, s *api.Server, ln net.Listener, tlsConfig *tls.Config, log *slog.Logger) error {
	base, interrupt := context.WithCancelCause(context.Background())
	defer interrupt(nil)
	srv := s.HTTPServer(base)
	srv.TLSConfig = tlsConfig
	c.reloads.onHangup(ctx)
	failed := make(chan error, 1)
	go func() {
		if tlsConfig != nil {
			failed <- srv.ServeTLS(s.Listener(ln), "", "")
		} else {
			failed <- srv.Serve(s.Listener(ln))
		}
	}()
	fmt.Printf("harrier: listening on %s\n", listenURL(ln, tlsConfig != nil))
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping", "drain", c.Drain.String())
	hurry, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	patience, done := context.WithTimeout(hurry, c.Drain)
	defer done()
	if srv.Shutdown(patience) == nil {
		return nil
	}
	log.Warn("interrupting the queries that are still running")
	interrupt(api.ErrStopping)
	last, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	if err := srv.Shutdown(last); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(fmt.Errorf("requests did not end: %w", err), srv.Close())
	}
	return nil
}

// listen opens the listener. Bearer tokens and rows must not cross a network
// in clear, so without TLS only loopback will do.
func (c *serveCmd) listen(secure bool) (net.Listener, error) {
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, err
	}
	if addr, ok := ln.Addr().(*net.TCPAddr); !secure && (!ok || !addr.IP.IsLoopback()) {
		ln.Close()
		return nil, fmt.Errorf("refusing to serve plain HTTP on %s: give --tls-cert and --tls-key, or listen on loopback, such as %s", c.Listen, defaultListen)
	}
	return ln, nil
}

func listenURL(ln net.Listener, secure bool) string {
	if secure {
		return "https://" + ln.Addr().String()
	}
	return "http://" + ln.Addr().String()
}

func (c *serveCmd) url(ln net.Listener, secure bool) string {
	if c.IssuerURL != "" {
		return strings.TrimSuffix(c.IssuerURL, "/")
	}
	return listenURL(ln, secure)
}

// host is the name of this server as far as the flags tell it.
func (c *serveCmd) host() string {
	if u, err := url.Parse(c.IssuerURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	if host, _, err := net.SplitHostPort(c.Listen); err == nil && host != "" {
		return host
	}
	return "localhost"
}

// issuer opens the embedded issuer and writes down what it calls itself.
func (c *serveCmd) issuer(url string, log *slog.Logger) (*issuer.Issuer, error) {
	if !c.Issuer {
		return nil, nil
	}
	c.authority = url
	dir := orIn(c.IssuerDir, c.Data, "issuer")
	iss, err := issuer.Open(issuer.Options{
		Dir: dir, BaseURL: url, Tenants: c.Tenants, Resources: resources(c.Audience), Load: accounts(dir), KeyAge: c.IssuerKeyAge, Log: log,
	})
	if err != nil {
		return nil, err
	}
	return iss, writeIssuerFile(dir, issuerFile, issuerState{URL: url, Audiences: c.Audience})
}

// verifier trusts what the flags name. An issuer whose name does not carry the
// tenant speaks for the tenant that is served.
func (c *serveCmd) verifier(iss *issuer.Issuer, log *slog.Logger) (*auth.Verifier, error) {
	var trusted []auth.TrustedIssuer
	if iss != nil {
		trusted = append(trusted, iss.Trusted()...)
	}
	entra, err := c.entraIssuers(log)
	if err != nil {
		return nil, err
	}
	trusted = append(trusted, entra...)
	for _, name := range c.Trust {
		t := auth.TrustedIssuer{Issuer: name, JWKS: c.TrustKeys[name]}
		if !strings.Contains(name, auth.TenantPlaceholder) {
			if len(c.Tenants) > 1 {
				return nil, fmt.Errorf("--trust %s: with several tenants say whose tokens these are: name the issuer with %s", name, auth.TenantPlaceholder)
			}
			t.Tenant = c.Tenants[0]
		}
		trusted = append(trusted, t)
	}
	if len(trusted) == 0 {
		return nil, errors.New("nobody's tokens would be accepted: run the embedded issuer, or give --entra or --trust")
	}
	return auth.NewVerifier(auth.Config{Tenants: c.Tenants, Audiences: c.Audience, Issuers: trusted, Log: log})
}

func lookupProfile(name string) (quota.Profile, error) {
	p, ok := quota.Lookup(name)
	if ok {
		return p, nil
	}
	var names []string
	for _, p := range quota.Profiles() {
		names = append(names, p.Name)
	}
	return p, fmt.Errorf("no profile %q: use one of %s", name, strings.Join(names, ", "))
}

// orIn is path, or else name in the data directory.
func orIn(path, data, name string) string {
	if path != "" {
		return path
	}
	return filepath.Join(data, name)
}
