package auth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// TenantPlaceholder stands for the tenant in the texts of a TrustedIssuer.
const TenantPlaceholder = "{tenantid}"

// TrustedIssuer says whose tokens are accepted and where its keys are.
type TrustedIssuer struct {
	// Issuer is the exact `iss` claim, or a template with {tenantid}, which stands for each configured tenant.
	Issuer string
	// Tenant is whom the tokens of an issuer without {tenantid} belong to: their `tid` may then be absent. When it is
	// empty the token's own `tid` decides, which trusts this issuer with every configured tenant.
	Tenant string
	// Keys, when set, are the keys; there is no network access.
	Keys *jose.JSONWebKeySet
	// Current, when set, tells the keys at any time; there is no network access. The embedded issuer, whose keys change,
	// gives this.
	Current func() []jose.JSONWebKey
	// JWKS, when set, is the address of the key set; there is no discovery. It may contain {tenantid}.
	JWKS string
	// Discovery is the address of the discovery document, by default Issuer + "/.well-known/openid-configuration". It
	// may contain {tenantid}. The document may name keys on its own host or the issuer's only; where they are elsewhere,
	// JWKS says so.
	Discovery string
	// Groups, when set, is asked for the groups of a user whose token says that it leaves them out. user is the token's
	// `oid`. It fails with ErrGroupsUnknown when that cannot be told, or with *Unavailable.
	Groups func(ctx context.Context, tenant, user string) ([]string, error)
}

// Entra lists both issuers of Microsoft Entra ID, v1 and v2, for a sign-in host such as login.microsoftonline.com (or
// login.microsoftonline.us). The v1 issuer has one name in all clouds but China's.
func Entra(host string) []TrustedIssuer {
	base, v1 := "https://"+host+"/"+TenantPlaceholder, "https://sts.windows.net/"
	if strings.HasSuffix(strings.ToLower(host), ".cn") {
		v1 = "https://sts.chinacloudapi.cn/"
	}
	return []TrustedIssuer{
		{Issuer: v1 + TenantPlaceholder + "/", Discovery: base + "/.well-known/openid-configuration"},
		{Issuer: base + "/v2.0", Discovery: base + "/v2.0/.well-known/openid-configuration"},
	}
}

// KeyPolicy bounds how the keys of a remote issuer are cached. Zero values mean the defaults.
type KeyPolicy struct {
	Refresh     time.Duration // age at which keys are fetched again, in the background (default 1 h)
	MinInterval time.Duration // least time between two fetches, however many unknown key ids arrive (default 30 s)
	MaxStale    time.Duration // how long keys stay in force while the issuer cannot be reached (default 24 h)
	Timeout     time.Duration // of one fetch (default 10 s)
}

// Config is what a Verifier is built from. Tenants, Audiences and Issuers are required.
type Config struct {
	Tenants   []string
	Audiences []string // resource URIs and client ids; a trailing slash makes no difference
	Issuers   []TrustedIssuer

	Skew          time.Duration // tolerance for clocks: 0 means 60 s, negative means none
	MaxTokenBytes int           // default 16 KiB
	Algorithms    []string      // default: RS, PS and ES with 256, 384 and 512; a subset of these may be given
	Keys          KeyPolicy
	Client        *http.Client // default: no credentials, TLS 1.2 up, at most three redirects on the same host
	Clock         func() time.Time
	Log           *slog.Logger // failures to fetch keys; default: discarded
}

const (
	defaultSkew     = time.Minute
	defaultMaxToken = 16 << 10
)

// asymmetric lists every algorithm that may be allowed: public keys only. `none` and HS* are not in it.
func asymmetric() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512,
	}
}

// algorithms checks the configured allow-list against asymmetric.
func (c *Config) algorithms() ([]jose.SignatureAlgorithm, error) {
	if len(c.Algorithms) == 0 {
		return asymmetric(), nil
	}
	var out []jose.SignatureAlgorithm
next:
	for _, name := range c.Algorithms {
		for _, alg := range asymmetric() {
			if name == string(alg) {
				out = append(out, alg)
				continue next
			}
		}
		return nil, fmt.Errorf("auth: algorithm %q cannot be allowed: use RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or ES512", name)
	}
	return out, nil
}

// withDefaults fills what is unset and refuses what cannot work.
func (c Config) withDefaults() (Config, error) {
	switch {
	case len(c.Tenants) == 0:
		return c, errors.New("auth: no tenant configured: name at least one tenant id")
	case len(c.Audiences) == 0:
		return c, errors.New("auth: no audience configured: name the resource URI that tokens are issued for")
	case len(c.Issuers) == 0:
		return c, errors.New("auth: no issuer configured: name an identity provider or use the embedded issuer")
	}
	if c.Skew == 0 {
		c.Skew = defaultSkew
	}
	c.Skew = max(c.Skew, 0)
	c.MaxTokenBytes = orDefault(c.MaxTokenBytes, defaultMaxToken)
	c.Keys.Refresh = orDefault(c.Keys.Refresh, time.Hour)
	c.Keys.MinInterval = orDefault(c.Keys.MinInterval, 30*time.Second)
	c.Keys.MaxStale = max(orDefault(c.Keys.MaxStale, 24*time.Hour), c.Keys.Refresh)
	c.Keys.Timeout = orDefault(c.Keys.Timeout, 10*time.Second)
	if c.Client == nil {
		c.Client = NewClient()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

func orDefault[T int | time.Duration](v, def T) T {
	if v <= 0 {
		return def
	}
	return v
}

// maxResponseHeader is of a key server's answer.
const maxResponseHeader = 64 << 10

// NewClient is for addresses that were configured: no credentials, TLS 1.2 up, at most three redirects, on the same host.
func NewClient() *http.Client {
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: maxResponseHeader,
	}
	return &http.Client{Transport: t, CheckRedirect: checkRedirect}
}

// checkRedirect keeps the default client on the host that was configured, on https (or loopback), and short of loops.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > 3 {
		return errors.New("too many redirects")
	}
	if req.URL.Host != via[0].URL.Host {
		return fmt.Errorf("redirected to another host, %q", req.URL.Host)
	}
	return CheckURL(req.URL.String())
}

// CheckURL refuses addresses from which neither keys nor groups must be taken: whoever can alter them in transit could be
// anybody.
func CheckURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is not an absolute URL", raw)
	}
	host := u.Hostname()
	addr, err := netip.ParseAddr(host)
	loopback := host == "localhost" || err == nil && addr.IsLoopback()
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback) {
		return fmt.Errorf("%q must use https (http is accepted for loopback only)", raw)
	}
	return nil
}
