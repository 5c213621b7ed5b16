package api

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/stored"
)

const (
	tenant   = "11111111-1111-1111-1111-111111111111"
	stranger = "22222222-2222-2222-2222-222222222222" // configured, but without data
	audience = "https://api.securitycenter.microsoft.com"
	issuerV1 = "https://sts.test/"
)

// noon is the fixed clock of all tests.
func noon() time.Time { return time.Date(2018, 11, 1, 12, 0, 0, 0, time.UTC) }

// The keys of all tests: making one takes long.
var (
	goodKey  = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
	otherKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
)

// bed is a server on a real connection with a fixed clock, counted ids and a
// fake engine.
type bed struct {
	t      testing.TB
	engine *canned
	server *Server
	url    string
	key    *rsa.PrivateKey

	mu       sync.Mutex
	records  []audit.Record
	auditErr error
	log      strings.Builder
}

// Write makes the bed the target of the log.
func (b *bed) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Write(p)
}

func (b *bed) logged() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.String()
}

func (b *bed) audited() []audit.Record {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]audit.Record(nil), b.records...)
}

func (b *bed) keep(r audit.Record) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.records = append(b.records, r)
	return b.auditErr
}

// newBed starts a server; change may alter its configuration, base is the
// base context of its connections.
func newBed(t testing.TB, e *canned, base context.Context, change func(*Config)) *bed {
	t.Helper()
	e.t = t
	b := &bed{t: t, engine: e}
	var err error
	if b.key, err = goodKey(); err != nil {
		t.Fatal(err)
	}
	keys := &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &b.key.PublicKey, KeyID: "k", Use: "sig"}}}
	verifier, err := auth.NewVerifier(auth.Config{
		Tenants: []string{tenant, stranger}, Audiences: []string{audience}, Clock: noon,
		Issuers: []auth.TrustedIssuer{{Issuer: issuerV1 + auth.TenantPlaceholder + "/", Keys: keys}},
	})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(b, nil))
	ids := 0
	cfg := Config{
		Hunt: service(t, e), Verifier: verifier, Audit: b.keep, Clock: noon, Log: log, BodyTimeout: 5 * time.Second,
		NewID: func() string {
			b.mu.Lock()
			defer b.mu.Unlock()
			ids++
			return fmt.Sprintf("00000000-0000-4000-8000-%012d", ids)
		},
	}
	lib := stored.Open(t.TempDir(), func(f catalog.Function, _ stored.Finder) error {
		return bind.CheckFunction(f, cfg.Hunt.Env(tenant), true).Err()
	}, log, noon)
	cfg.Functions = func(name string) *stored.Library {
		if name != tenant {
			return nil
		}
		return lib
	}
	if change != nil {
		change(&cfg)
	}
	if b.server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(b.server)
	srv.Config = b.server.HTTPServer(base)
	srv.Start()
	t.Cleanup(srv.Close)
	b.url = srv.URL
	return b
}

func service(t testing.TB, e engine.Engine) *hunt.Service {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return &hunt.Service{
		Catalog: cat, Fns: fns, Limiter: quota.New(noon), Clock: noon, Log: slog.New(slog.DiscardHandler),
		Store: func(t string) (engine.Engine, bool) { return e, t == tenant },
		Used:  func() hunt.Usage { return hunt.Usage{Peak: 1 << 20} },
	}
}

// token makes a token of a kind that a case file names.
func (b *bed) token(kind string) string {
	claims := map[string]any{
		"iss": issuerV1 + tenant + "/", "aud": audience, "tid": tenant, "appid": "hunter", "oid": "oid-1", "sub": "oid-1",
		"roles": []string{"AdvancedQuery.Read.All"}, "iat": noon().Unix(), "nbf": noon().Unix(), "exp": noon().Add(time.Hour).Unix(),
	}
	key := b.key
	switch kind {
	case "good":
	case "xdr":
		claims["roles"] = []string{"AdvancedHunting.Read.All"}
	case "kusto user":
		delete(claims, "roles")
		claims["scp"], claims["upn"] = "user_impersonation", "analyst@example.org"
	case "graph":
		claims["roles"] = []string{"ThreatHunting.Read.All"}
	case "graph user":
		delete(claims, "roles")
		claims["scp"], claims["upn"] = "ThreatHunting.Read.All", "analyst@example.org"
	case "graph expired":
		claims["roles"], claims["exp"] = []string{"ThreatHunting.Read.All"}, noon().Add(-time.Hour).Unix()
	case "logs":
		claims["roles"] = []string{"Data.Read"}
	case "manager":
		claims["roles"] = []string{"Harrier.Manage.All"}
	case "user":
		delete(claims, "roles")
		claims["scp"], claims["upn"] = "AdvancedQuery.Read", "analyst@example.org"
	case "weak user":
		delete(claims, "roles")
		claims["scp"] = "Machine.Read"
	case "other roles":
		claims["roles"] = []string{"Alert.Read.All", "Machine.Read.All"}
	case "other audience":
		claims["aud"] = "https://graph.microsoft.com"
	case "expired":
		claims["exp"] = noon().Add(-time.Hour).Unix()
	case "other tenant":
		claims["tid"] = "33333333-3333-3333-3333-333333333333"
	case "no data":
		claims["iss"], claims["tid"] = issuerV1+stranger+"/", stranger
	case "other key":
		var err error
		if key, err = otherKey(); err != nil {
			b.t.Fatal(err)
		}
	case "alg none":
		payload, _ := json.Marshal(claims)
		enc := base64.RawURLEncoding
		return enc.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + enc.EncodeToString(payload) + ".AAAA"
	default:
		b.t.Fatalf("unknown kind of token %q", kind)
	}
	return b.sign(key, claims)
}

func (b *bed) sign(key *rsa.PrivateKey, claims map[string]any) string {
	b.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "k"}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		b.t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		b.t.Fatal(err)
	}
	sig, err := signer.Sign(payload)
	if err != nil {
		b.t.Fatal(err)
	}
	raw, err := sig.CompactSerialize()
	if err != nil {
		b.t.Fatal(err)
	}
	return raw
}

// post sends a query with a good token.
func (b *bed) post(ctx context.Context, query string) (*http.Response, error) {
	body, err := json.Marshal(map[string]string{"Query": query})
	if err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(ctx, "POST", b.url+"/api/advancedqueries/run", strings.NewReader(string(body)))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.token("good"))
	req.Header.Set("Content-Type", "application/json")
	return http.DefaultClient.Do(req)
}

// dial opens a raw connection.
func (b *bed) dial() net.Conn {
	b.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { c.Close() })
	return c
}
