// Package issuer is a small identity provider for sites without one: it keeps signing keys in a directory, knows some
// client applications and people, and answers what clients of the public service send to Microsoft Entra ID, in both
// versions of that protocol, so that such a client needs another host name only: client credentials, sign-in with an
// authorization code (RFC 6749, always with PKCE by S256, RFC 7636), and, for applications marked for it, people's
// passwords. There are no refresh tokens and no sessions: who signs in gets a token for an hour.
//
// The tokens have Entra's claims; the keys never leave the process, and the verifier of this program takes the public
// halves in memory (Trusted), without a round trip to itself. Whoever can read a key can be anybody, which is what
// `harrier token` uses.
//
// Keys rotate by themselves (Options.KeyAge): the next one is published hours before it signs, the last one until its
// tokens have expired (ring.go). Secrets and passwords are kept as argon2id hashes; failures are bounded (throttle.go).
package issuer

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// Resource is an API that tokens are issued for.
type Resource struct {
	URI string `json:"uri"` // such as https://api.securitycenter.microsoft.com
	// ID is the client id of the API; with V2 it becomes the audience, as in Entra's v2 tokens.
	ID string `json:"id,omitempty"`
	// V2 selects the version of the tokens. It is the resource's property, whichever endpoint is asked.
	V2 bool `json:"v2,omitempty"`
}

// Options configures an Issuer. Dir, BaseURL, Tenants and Resources are required.
type Options struct {
	Dir       string // keeps the signing keys; created with mode 0700
	BaseURL   string // the address clients see, such as http://127.0.0.1:8080
	Tenants   []string
	Resources []Resource
	Clients   []Client
	Users     []User
	// Load, when set, gives clients and users instead, and is asked again before a request when a second has passed.
	Load     func() (Accounts, error)
	Lifetime time.Duration // of tokens, at most and by default one hour
	// KeyAge is after how long the next signing key is made; 0: by nobody but Rotate.
	KeyAge time.Duration
	Clock  func() time.Time
	Random io.Reader    // for token ids; default crypto/rand
	Log    *slog.Logger // refused token requests; default: discarded
}

// Issuer mints tokens and serves the token endpoints. It is safe for concurrent use.
type Issuer struct {
	opts     Options
	keys     *ring
	accounts *registry
	throttle *throttle
	refusals *throttle // that the audit trail keeps
	codes    *codes
	forms    *formKey
	decoy    secretHash // compared with when the account is unknown, so that time does not tell
	tell     Tell
	slots    chan struct{} // bounds how many secrets are hashed at once: each takes 19 MiB
}

const (
	maxLifetime  = time.Hour
	hashesAtOnce = 4
	maxFormBytes = 16 << 10
)

// Open loads the signing key from opts.Dir, creating it at the first start, and checks the configuration.
func Open(opts Options) (*Issuer, error) {
	base, err := url.Parse(opts.BaseURL)
	switch {
	case err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("issuer: base URL %q must be an absolute http or https URL", opts.BaseURL)
	case len(opts.Tenants) == 0:
		return nil, errors.New("issuer: name at least one tenant")
	case len(opts.Resources) == 0:
		return nil, errors.New("issuer: name at least one resource, the audience of the tokens")
	case opts.Lifetime < 0 || opts.Lifetime > maxLifetime:
		return nil, fmt.Errorf("issuer: token lifetime %v must be between 0 and %v", opts.Lifetime, maxLifetime)
	}
	opts.BaseURL = strings.TrimSuffix(opts.BaseURL, "/")
	if opts.Lifetime == 0 {
		opts.Lifetime = maxLifetime
	}
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.Random == nil {
		opts.Random = rand.Reader
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Tenants, err = pathTenants(opts.Tenants); err != nil {
		return nil, err
	}
	i := &Issuer{opts: opts, slots: make(chan struct{}, hashesAtOnce), throttle: newThrottle(opts.Clock), refusals: newThrottle(opts.Clock), codes: newCodes(opts.Clock)}
	if err := i.useAccounts(); err != nil {
		return nil, err
	}
	if i.decoy, err = newDecoy(); err != nil {
		return nil, err
	}
	if i.forms, err = newFormKey(base.Scheme == "https"); err != nil {
		return nil, err
	}
	if i.keys, err = openRing(opts.Dir, opts.Clock, opts.KeyAge, opts.Log); err != nil {
		return nil, err
	}
	return i, nil
}

// useAccounts checks the clients and users that there are at the start.
func (i *Issuer) useAccounts() error {
	in, err := Accounts{i.opts.Clients, i.opts.Users}, error(nil)
	if i.opts.Load != nil {
		if in, err = i.opts.Load(); err != nil {
			return err
		}
	}
	now, err := indexAccounts(in, i.opts.Tenants, i.opts.Load != nil)
	i.accounts = &registry{tenants: i.opts.Tenants, load: i.opts.Load, clock: i.opts.Clock, now: now, looked: i.opts.Clock(), failed: func(err error) {
		i.opts.Log.Error("clients and users could not be read again; those in memory stay in force", "error", err)
	}}
	return err
}

// pathTenants brings the tenants to the form the verifier uses and refuses what is no segment of an address.
func pathTenants(in []string) ([]string, error) {
	out := make([]string, len(in))
	for n, t := range in {
		if t == "" || t == "common" || url.PathEscape(t) != t {
			return nil, fmt.Errorf("issuer: tenant %q cannot be part of an address: use a GUID or a plain name", t)
		}
		out[n] = auth.CanonicalID(t)
	}
	return out, nil
}

// Trusted is what a verifier needs to accept the tokens of this issuer: both versions, keys in memory.
func (i *Issuer) Trusted() []auth.TrustedIssuer {
	return []auth.TrustedIssuer{
		{Issuer: i.name(auth.TenantPlaceholder, false), Current: i.keys.public},
		{Issuer: i.name(auth.TenantPlaceholder, true), Current: i.keys.public},
	}
}

// name is the `iss` of a tenant's tokens: v1 ends with a slash, v2 with /v2.0, as in Entra.
func (i *Issuer) name(tenant string, v2 bool) string {
	if v2 {
		return i.opts.BaseURL + "/" + tenant + "/v2.0"
	}
	return i.opts.BaseURL + "/" + tenant + "/"
}

// resource finds the configured resource by URI or id; a trailing slash makes no difference.
func (i *Issuer) resource(asked string) (Resource, bool) {
	bare := strings.TrimSuffix(asked, "/")
	for _, r := range i.opts.Resources {
		if bare != "" && (strings.TrimSuffix(r.URI, "/") == bare || strings.EqualFold(r.ID, bare)) {
			return r, true
		}
	}
	return Resource{}, false
}

// Route is one route of the issuer, a pattern of http.ServeMux. Nobody needs a token for any: who asks proves who they are
// by a secret or a password, or reads what is public.
type Route struct {
	Pattern string
	Handle  http.HandlerFunc
}

// Routes are token endpoints, sign-in pages, discovery documents and keys. tell gets every sign-in and every request for a
// token, those that fail too.
func (i *Issuer) Routes(tell Tell) []Route {
	i.tell = tell
	return []Route{
		{"POST /{tenant}/oauth2/v2.0/token", i.tokenV2},
		{"POST /{tenant}/oauth2/token", i.tokenV1},
		{"GET /{tenant}/oauth2/v2.0/authorize", i.authorize},
		{"POST /{tenant}/oauth2/v2.0/authorize", i.signIn},
		{"GET /{tenant}/oauth2/authorize", i.authorize},
		{"POST /{tenant}/oauth2/authorize", i.signIn},
		{"GET /{tenant}/v2.0/.well-known/openid-configuration", i.discoveryV2},
		{"GET /{tenant}/.well-known/openid-configuration", i.discoveryV1},
		{"GET /{tenant}/discovery/v2.0/keys", i.publishKeys},
		{"GET /{tenant}/discovery/keys", i.publishKeys},
	}
}

// Register adds the routes to a mux.
func (i *Issuer) Register(mux *http.ServeMux, tell Tell) {
	for _, r := range i.Routes(tell) {
		mux.HandleFunc(r.Pattern, r.Handle)
	}
}
