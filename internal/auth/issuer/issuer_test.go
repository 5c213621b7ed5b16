package issuer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
)

const (
	tenant   = "11111111-aaaa-4aaa-8aaa-111111111111"
	defender = "https://api.securitycenter.microsoft.com"
	graph    = "https://graph.microsoft.com"
	graphID  = "00000003-0000-0000-c000-000000000000"
	secret   = "correct horse+battery/staple&%"
)

// testHash is made once: hashing is slow on purpose.
var testHash = sync.OnceValue(func() string {
	h, err := HashSecret(secret)
	if err != nil {
		panic(err)
	}
	return h
})

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 250e6, time.UTC) }

// testbed is an issuer behind a server on loopback.
type testbed struct {
	*Issuer
	url   string
	clock *clock
	*events
}

func newTestbed(t *testing.T) testbed {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	b := testbed{url: srv.URL, clock: &clock{now: noon()}}
	i, err := Open(Options{
		Dir: filepath.Join(t.TempDir(), "keys"), BaseURL: srv.URL + "/", Clock: b.clock.Now, Tenants: []string{strings.ToUpper(tenant), "lab"},
		Resources: []Resource{{URI: defender}, {URI: graph, ID: graphID, V2: true}},
		Clients: []Client{
			{ID: "hunter", Tenant: tenant, Name: "Hunter", SecretHash: testHash(), Roles: []string{"AdvancedQuery.Read.All"}},
			{ID: "idle", Tenant: "lab", SecretHash: testHash()},
			{ID: "page", Tenant: tenant, Name: "Hunting page", Public: true, Redirects: []string{pageURL}, Scopes: []string{"AdvancedQuery.Read", "Alert.Read"}},
			{ID: "script", Tenant: tenant, Public: true, PasswordGrant: true, Scopes: []string{"AdvancedQuery.Read"}},
		},
		Users: []User{
			{Name: "Eve@example.org", Tenant: tenant, DisplayName: "Eve Analyst", PasswordHash: testHash(), Groups: []string{"soc"}},
			{Name: "eve@example.org", Tenant: "lab", PasswordHash: testHash()},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.events = &events{}
	i.Register(mux, b.events.keep)
	b.Issuer = i
	return b
}

// pageURL is where the hunting page of the tests is.
const pageURL = "https://hunt.example.org/signed-in?from=harrier"

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

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

func (b testbed) verifier(t *testing.T, trusted []auth.TrustedIssuer) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(auth.Config{Tenants: []string{tenant, "lab"}, Audiences: []string{defender, graphID}, Issuers: trusted, Clock: b.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// post sends a form and returns the answer with its JSON members as they are.
func (b testbed) post(t *testing.T, path string, form url.Values, change func(*http.Request)) (int, http.Header, map[string]any) {
	t.Helper()
	req, err := http.NewRequest("POST", b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if change != nil {
		change(req)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(data, &body); err != nil {
		t.Fatalf("%s %s: %v", resp.Status, data, err)
	}
	return resp.StatusCode, resp.Header, body
}

func credentialsForm(more ...string) url.Values {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"hunter"}, "client_secret": {secret}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func claimsIn(t *testing.T, token string) map[string]any {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestDiscovery lets a verifier find the keys over HTTP, as another program would, for both versions.
func TestDiscovery(t *testing.T) {
	b := newTestbed(t)
	remote := b.verifier(t, []auth.TrustedIssuer{
		{Issuer: b.url + "/" + auth.TenantPlaceholder + "/"}, {Issuer: b.url + "/" + auth.TenantPlaceholder + "/v2.0"},
	})
	for _, res := range []string{defender, graph} {
		tok, err := b.Mint(Grant{Tenant: tenant, Resource: res, AppID: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := remote.Verify(context.Background(), tok.Raw); err != nil {
			t.Errorf("%s: %v", res, err)
		}
	}
	for path, want := range map[string]string{
		"/" + tenant + "/.well-known/openid-configuration":      b.url + "/" + tenant + "/oauth2/token " + b.url + "/common/discovery/keys",
		"/" + tenant + "/v2.0/.well-known/openid-configuration": b.url + "/" + tenant + "/oauth2/v2.0/token " + b.url + "/common/discovery/v2.0/keys",
	} {
		var doc map[string]any
		get(t, b.url+path, 200, &doc)
		if got := doc["token_endpoint"].(string) + " " + doc["jwks_uri"].(string); got != want {
			t.Errorf("%s: %s", path, got)
		}
		get(t, doc["authorization_endpoint"].(string), 400, nil) // a page that says what is missing
	}
	get(t, b.url+"/elsewhere/.well-known/openid-configuration", 400, nil)
	var keys struct{ Keys []map[string]string }
	get(t, b.url+"/common/discovery/keys", 200, &keys)
	if len(keys.Keys) != 1 || keys.Keys[0]["d"] != "" || keys.Keys[0]["kty"] != "RSA" || keys.Keys[0]["use"] != "sig" {
		t.Errorf("keys %v", keys)
	}
}

func get(t *testing.T, address string, status int, into any) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != status {
		t.Fatalf("%s: %s", address, resp.Status)
	}
	if into != nil {
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMintForPeople(t *testing.T) {
	b := newTestbed(t)
	v := b.verifier(t, b.Trusted())
	for _, res := range []string{defender, graph} {
		tok, err := b.Mint(Grant{Tenant: tenant, Resource: res, AppID: "portal", ObjectID: "eve", Name: "eve@example.com",
			Scopes: []string{"AdvancedQuery.Read", "Alert.Read"}, Groups: []string{"g1"}, Lifetime: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		p, err := v.Verify(context.Background(), tok.Raw)
		if err != nil || p.App || p.Name != "eve@example.com" || p.Subject != "eve" || !reflect.DeepEqual(p.Groups, []string{"g1"}) ||
			!p.Can(auth.Permission{Scope: "AdvancedQuery.Read"}) || !p.Expires.Equal(tok.Expires) || tok.Expires.Sub(tok.NotBefore) != time.Minute {
			t.Errorf("principal %+v, error %v", p, err)
		}
	}
	long, err := b.Mint(Grant{Tenant: tenant, Resource: defender, AppID: "x", Lifetime: 1000 * time.Hour})
	if err != nil || long.Expires.Sub(long.NotBefore) != time.Hour {
		t.Errorf("a token cannot outlive the issuer's lifetime: %v, %v", long.Expires.Sub(long.NotBefore), err)
	}
	for want, g := range map[string]Grant{
		`tenant "x"`:   {Tenant: "x", Resource: defender, AppID: "x"},
		`resource "x"`: {Tenant: tenant, Resource: "x", AppID: "x"},
		`resource ""`:  {Tenant: tenant, AppID: "x"},
		"application":  {Tenant: tenant, Resource: defender},
	} {
		if _, err := b.Mint(g); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

// TestMintObjectID: people of different names are different principals, also when no object id is given, and are those who
// sign in with these names.
func TestMintObjectID(t *testing.T) {
	b := newTestbed(t)
	v := b.verifier(t, b.Trusted())
	for _, x := range []struct {
		g    Grant
		want string
	}{
		{Grant{Name: "Eve@example.org", Scopes: []string{"s"}}, deriveObjectID("user\x00", tenant, "eve@example.org")},
		{Grant{Name: "bob@example.org", Scopes: []string{"s"}}, deriveObjectID("user\x00", tenant, "bob@example.org")},
		{Grant{Name: "bob@example.org", Scopes: []string{"s"}, ObjectID: "own"}, "own"},
		{Grant{Scopes: []string{"s"}}, "portal"},
		{Grant{Name: "Portal", Roles: []string{"r"}}, "portal"},
	} {
		x.g.Tenant, x.g.Resource, x.g.AppID = tenant, defender, "portal"
		tok, err := b.Mint(x.g)
		if err != nil {
			t.Fatal(err)
		}
		p, err := v.Verify(context.Background(), tok.Raw)
		if err != nil || p.ObjectID != x.want || p.Subject != x.want || p.App != (len(x.g.Scopes) == 0) {
			t.Errorf("%+v: principal %+v, error %v", x.g, p, err)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	base := func() Options {
		return Options{Dir: t.TempDir(), BaseURL: "http://127.0.0.1:1", Tenants: []string{"lab"}, Resources: []Resource{{URI: defender}}}
	}
	for want, change := range map[string]func(*Options){
		"base URL":             func(o *Options) { o.BaseURL = "127.0.0.1" },
		"at least one tenant":  func(o *Options) { o.Tenants = nil },
		"part of an address":   func(o *Options) { o.Tenants = []string{"a/b"} },
		`tenant "common"`:      func(o *Options) { o.Tenants = []string{"common"} },
		"at least one resourc": func(o *Options) { o.Resources = nil },
		"lifetime":             func(o *Options) { o.Lifetime = 2 * time.Hour },
		"name the directory":   func(o *Options) { o.Dir = "" },
		"public":               func(o *Options) { o.Clients = []Client{{ID: "x", Tenant: "lab", Public: true, SecretHash: testHash()}} },
		"redirect address": func(o *Options) {
			o.Clients = []Client{{ID: "x", Tenant: "lab", Public: true, Redirects: []string{"http://hunt.example.org/"}}}
		},
		"without spaces":  func(o *Options) { o.Users = []User{{Name: " eve", Tenant: "lab", PasswordHash: testHash()}} },
		`user "eve"`:      func(o *Options) { o.Users = []User{{Name: "eve", Tenant: "other", PasswordHash: testHash()}} },
		"must have an id": func(o *Options) { o.Clients = []Client{{ID: "x", Tenant: "other", SecretHash: testHash()}} },
		"secret hash":     func(o *Options) { o.Clients = []Client{{ID: "x", Tenant: "lab", SecretHash: secret}} },
		"configured twice": func(o *Options) {
			c := Client{ID: "x", Tenant: "lab", SecretHash: testHash()}
			o.Clients = []Client{c, c}
		},
	} {
		o := base()
		change(&o)
		if _, err := Open(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}
