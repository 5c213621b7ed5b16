// Package issuer is a small identity provider for sites without one: it keeps a signing key in a directory, knows a few
// client applications, and answers the OAuth 2.0 client-credentials requests that clients of the public service send
// to Microsoft Entra ID, in both versions of that protocol, so that such a client needs another host name only.
//
// It serves applications, not people: there is no sign-in page. A token for a person can be minted by whoever can read
// the key, which is what `harrier token` does. The tokens have Entra's claims; the key never leaves the process, and the
// verifier of this program takes the public half in memory (Trusted), without a round trip to itself.
//
// To change the signing key, stop the program, delete the file and start it again; tokens are valid for an hour at most,
// and clients fetch a new one when theirs is refused.
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

	"github.com/go-jose/go-jose/v4"

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
	Dir       string // keeps the signing key; created with mode 0700
	BaseURL   string // the address clients see, such as http://127.0.0.1:8080
	Tenants   []string
	Resources []Resource
	Clients   []Client
	Lifetime  time.Duration // of tokens, at most and by default one hour
	Clock     func() time.Time
	Random    io.Reader    // for token ids; default crypto/rand
	Log       *slog.Logger // refused token requests; default: discarded
}

// Issuer mints tokens and serves the token endpoints. It is safe for concurrent use.
type Issuer struct {
	opts    Options
	signer  jose.Signer
	public  jose.JSONWebKeySet
	clients map[clientKey]Client
	decoy   secretHash    // compared with when the client is unknown, so that time does not tell
	slots   chan struct{} // bounds how many secrets are hashed at once: each takes 19 MiB
}

const (
	maxLifetime   = time.Hour
	hashesAtOnce  = 4
	maxFormBytes  = 16 << 10
	defaultSuffix = "/.default" // of a v2 scope: all permissions the application was given
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
	i := &Issuer{opts: opts, slots: make(chan struct{}, hashesAtOnce)}
	if i.clients, err = indexClients(opts.Clients, opts.Tenants); err != nil {
		return nil, err
	}
	if i.decoy, err = newDecoy(); err != nil {
		return nil, err
	}
	if err := i.useKey(); err != nil {
		return nil, err
	}
	return i, nil
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

// useKey loads or creates the key and prepares the signer and the published set.
func (i *Issuer) useKey() error {
	key, err := loadOrCreateKey(i.opts.Dir)
	if err != nil {
		return err
	}
	kid, err := keyID(&key.PublicKey)
	if err != nil {
		return err
	}
	i.signer, err = jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: kid}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return fmt.Errorf("issuer: %w", err)
	}
	i.public = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: &key.PublicKey, KeyID: kid, Algorithm: string(jose.RS256), Use: "sig"},
	}}
	return nil
}

// Trusted is what a verifier needs to accept the tokens of this issuer: both versions, keys in memory.
func (i *Issuer) Trusted() []auth.TrustedIssuer {
	return []auth.TrustedIssuer{
		{Issuer: i.name(auth.TenantPlaceholder, false), Keys: &i.public},
		{Issuer: i.name(auth.TenantPlaceholder, true), Keys: &i.public},
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

// Register adds the routes of the issuer: token endpoints, discovery documents and keys.
func (i *Issuer) Register(mux *http.ServeMux) {
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", i.tokenV2)
	mux.HandleFunc("POST /{tenant}/oauth2/token", i.tokenV1)
	mux.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", refuseSignIn)
	mux.HandleFunc("GET /{tenant}/oauth2/authorize", refuseSignIn)
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", i.discoveryV2)
	mux.HandleFunc("GET /{tenant}/.well-known/openid-configuration", i.discoveryV1)
	mux.HandleFunc("GET /common/discovery/v2.0/keys", i.keys)
	mux.HandleFunc("GET /common/discovery/keys", i.keys)
}
