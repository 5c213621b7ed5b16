package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	tenantA  = "11111111-aaaa-4aaa-8aaa-111111111111"
	tenantB  = "22222222-bbbb-4bbb-8bbb-222222222222"
	resource = "https://api.securitycenter.microsoft.com"
	apiID    = "fc780465-2017-40d4-a0c5-307022471b92"
)

// testKeys are generated once: key generation is the slow part of these tests.
var testKeys = sync.OnceValue(func() map[string]crypto.Signer {
	out := map[string]crypto.Signer{}
	for name, bits := range map[string]int{"rsa1": 2048, "rsa2": 2048, "rsa3": 2048} {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		out[name] = k
	}
	for name, curve := range map[string]elliptic.Curve{"p256": elliptic.P256(), "p384": elliptic.P384(), "p521": elliptic.P521()} {
		k, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		out[name] = k
	}
	return out
})

func public(name string) jose.JSONWebKey {
	return jose.JSONWebKey{Key: testKeys()[name].Public(), KeyID: name, Use: "sig"}
}

// sign makes a compact JWT with the named key under its own name as key id, unless header says otherwise.
func sign(t testing.TB, key, alg, payload string, header map[string]any) string {
	t.Helper()
	opts := (&jose.SignerOptions{}).WithType("JWT")
	kid := any(key)
	for k, v := range header {
		if k == "kid" {
			kid = v
			continue
		}
		opts.WithHeader(jose.HeaderKey(k), v)
	}
	if kid != nil {
		opts.WithHeader("kid", kid)
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: testKeys()[key]}, opts)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := s.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sig.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// rawJWT joins parts without any library, for tokens that no library would write.
func rawJWT(header, payload string, signature []byte) string {
	b64 := base64.RawURLEncoding
	return b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(payload)) + "." + b64.EncodeToString(signature)
}

// clock is a clock that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// appV1 are the claims of an application's Entra v1 token, changed by pairs of name and value; nil deletes.
func (c *clock) appV1(iss string, changes ...any) string {
	now := c.Now().Unix()
	claims := map[string]any{
		"aud": resource, "iss": iss, "iat": now, "nbf": now, "exp": now + 3600, "appid": "app-1", "appidacr": "1",
		"idp": iss, "oid": "oid-1", "sub": "oid-1", "tid": tenantA, "roles": []string{"AdvancedQuery.Read.All"},
		"uti": "x", "ver": "1.0", "app_displayname": "Hunter",
	}
	for i := 0; i < len(changes); i += 2 {
		claims[changes[i].(string)] = changes[i+1]
	}
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	data, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// fakeIssuer is an OpenID provider on loopback whose behaviour a test can change while it runs.
type fakeIssuer struct {
	*httptest.Server
	mu       sync.Mutex
	keys     any // what the key address answers, as JSON
	issuer   string
	jwksURI  string
	status   int
	fetches  int // of keys
	discover int
	gate     chan struct{} // when set, key requests wait for it
}

func newFakeIssuer(t testing.TB, keys ...string) *fakeIssuer {
	f := &fakeIssuer{status: http.StatusOK}
	f.set(keys...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.discover++
		w.WriteHeader(f.status)
		issuer, keysAt := f.issuer, f.jwksURI
		if issuer == "" {
			issuer = f.URL + "/" + r.PathValue("tenant") + "/"
		}
		if keysAt == "" {
			keysAt = f.URL + "/keys"
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": issuer, "jwks_uri": keysAt})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		f.fetches++
		status, keys, gate := f.status, f.keys, f.gate
		f.mu.Unlock()
		if gate != nil {
			<-gate
		}
		w.WriteHeader(status)
		if text, ok := keys.(string); ok {
			fmt.Fprint(w, text)
			return
		}
		_ = json.NewEncoder(w).Encode(keys)
	})
	mux.HandleFunc("GET /elsewhere", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://keys.example.com/", http.StatusFound)
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

// set changes the published keys.
func (f *fakeIssuer) set(names ...string) {
	set := jose.JSONWebKeySet{}
	for _, n := range names {
		set.Keys = append(set.Keys, public(n))
	}
	f.answer(set)
}

func (f *fakeIssuer) answer(keys any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys = keys
}

func (f *fakeIssuer) fail(status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status = status
}

func (f *fakeIssuer) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fetches
}

// name is the issuer of tenant A.
func (f *fakeIssuer) name() string { return f.URL + "/" + tenantA + "/" }

// config trusts a fake issuer for both tenants.
func (f *fakeIssuer) config(c *clock) Config {
	return Config{
		Tenants: []string{tenantA, strings.ToUpper(tenantB)}, Audiences: []string{resource, apiID}, Clock: c.Now,
		Issuers: []TrustedIssuer{{Issuer: f.URL + "/" + TenantPlaceholder + "/"}},
	}
}

func mustVerifier(t testing.TB, cfg Config) *Verifier {
	t.Helper()
	v, err := NewVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
