package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// eventually waits for something that happens in the background.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatal("never happened: " + what)
}

func checkUnavailable(t *testing.T, err error) {
	t.Helper()
	var u *Unavailable
	if !errors.As(err, &u) || u.RetryAfter <= 0 {
		t.Fatalf("got %v, want *Unavailable with a time to retry", err)
	}
}

func TestKeyRotation(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	v := mustVerifier(t, f.config(ck))
	ctx := context.Background()
	verify := func(key string) error {
		_, err := v.Verify(ctx, sign(t, key, "RS256", ck.appV1(f.name()), nil))
		return err
	}
	checkReason(t, verify("rsa1"), "")
	checkReason(t, verify("rsa1"), "")
	if n := f.count(); n != 1 {
		t.Fatalf("%d fetches for a cached key", n)
	}
	// The issuer adds a key. Within the interval of the last fetch it is not asked again; after it, once.
	f.set("rsa1", "rsa2")
	checkReason(t, verify("rsa2"), ReasonUnknownKey)
	ck.Advance(30 * time.Second)
	checkReason(t, verify("rsa2"), "")
	if n := f.count(); n != 2 {
		t.Fatalf("%d fetches after a rotation, want 2", n)
	}
	// A flood of invented key ids costs one fetch per interval.
	ck.Advance(30 * time.Second)
	for i := range 50 {
		token := sign(t, "rsa3", "RS256", ck.appV1(f.name()), map[string]any{"kid": fmt.Sprint("invented", i)})
		_, err := v.Verify(ctx, token)
		checkReason(t, err, ReasonUnknownKey)
	}
	if n := f.count(); n != 3 {
		t.Fatalf("%d fetches after a flood, want 3", n)
	}
	// A key that the issuer withdraws stops working with the next refresh, which happens in the background.
	f.set("rsa2")
	ck.Advance(time.Hour)
	checkReason(t, verify("rsa1"), "")
	eventually(t, "withdrawal", func() bool { return verify("rsa1") != nil })
	checkReason(t, verify("rsa1"), ReasonUnknownKey)
	checkReason(t, verify("rsa2"), "")
}

func TestOutage(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	var logged syncBuffer
	cfg := f.config(ck)
	cfg.Log = slog.New(slog.NewTextHandler(&logged, nil))
	v := mustVerifier(t, cfg)
	verify := func() error {
		_, err := v.Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1(f.name()), nil))
		return err
	}
	f.fail(http.StatusBadGateway)
	checkUnavailable(t, verify()) // never had keys
	f.fail(http.StatusOK)
	checkUnavailable(t, verify()) // not asked again yet
	ck.Advance(5 * time.Second)
	checkReason(t, verify(), "")
	f.fail(http.StatusInternalServerError)
	for range 23 {
		ck.Advance(time.Hour)
		checkReason(t, verify(), "") // cached keys stay in force …
	}
	ck.Advance(time.Hour)
	eventually(t, "the end of the last refresh", func() bool { var u *Unavailable; return errors.As(verify(), &u) })
	checkUnavailable(t, verify()) // … for a day
	f.fail(http.StatusOK)
	ck.Advance(5 * time.Second)
	checkReason(t, verify(), "")
	if !strings.Contains(logged.String(), "500 Internal Server Error") || strings.Contains(logged.String(), "eyJ") {
		t.Errorf("the log must have the cause and no token:\n%s", logged.String())
	}
}

// syncBuffer is a buffer that a background fetch may log to while the test reads.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// TestOneFetchForAll sends many requests while the issuer is slow: one fetch serves them, and a request that gives up
// does not take the fetch with it.
func TestOneFetchForAll(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	f.gate = make(chan struct{})
	v := mustVerifier(t, f.config(ck))
	token := sign(t, "rsa1", "RS256", ck.appV1(f.name()), nil)
	hurried, cancel := context.WithCancel(context.Background())
	gaveUp := make(chan error)
	go func() {
		_, err := v.Verify(hurried, token)
		gaveUp <- err
	}()
	eventually(t, "the fetch", func() bool { return f.count() == 1 })
	cancel()
	if err := <-gaveUp; !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled request: %v", err)
	}
	var wg sync.WaitGroup
	errs := make([]error, 50)
	for i := range errs {
		wg.Go(func() { _, errs[i] = v.Verify(context.Background(), token) })
	}
	close(f.gate)
	wg.Wait()
	for _, err := range errs {
		checkReason(t, err, "")
	}
	if n := f.count(); n != 1 {
		t.Fatalf("%d fetches, want 1", n)
	}
}

// TestBadDocuments lists what an issuer may publish that must not be believed. The verifier had no keys before.
func TestBadDocuments(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skipf("this build of Go makes no weak keys: %v", err)
	}
	private := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: testKeys()["rsa1"], KeyID: "rsa1"}}}
	encryption := public("rsa1")
	encryption.Use = "enc"
	for name, change := range map[string]func(*fakeIssuer){
		"no JSON":            func(f *fakeIssuer) { f.answer("<html>") },
		"empty set":          func(f *fakeIssuer) { f.answer(`{"keys":[]}`) },
		"no set":             func(f *fakeIssuer) { f.answer(`{}`) },
		"too long":           func(f *fakeIssuer) { f.answer(`{"keys":[],"x":"` + strings.Repeat("x", 1<<20) + `"}`) },
		"too many":           func(f *fakeIssuer) { f.answer(`{"keys":[` + strings.Repeat("{},", 200) + `{}]}`) },
		"too deep":           func(f *fakeIssuer) { f.answer(`{"keys":[` + strings.Repeat("[", 200_000)) },
		"private key":        func(f *fakeIssuer) { f.answer(private) },
		"symmetric key":      func(f *fakeIssuer) { f.answer(`{"keys":[{"kty":"oct","kid":"rsa1","k":"c2VjcmV0"}]}`) },
		"key for encryption": func(f *fakeIssuer) { f.answer(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{encryption}}) },
		"weak key": func(f *fakeIssuer) {
			f.answer(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &weak.PublicKey, KeyID: "rsa1"}}})
		},
		"another issuer":      func(f *fakeIssuer) { f.issuer = "https://evil.example/" },
		"keys without TLS":    func(f *fakeIssuer) { f.jwksURI = "http://keys.example.com/" },
		"keys by redirection": func(f *fakeIssuer) { f.jwksURI = f.URL + "/elsewhere" },
		"keys elsewhere":      func(f *fakeIssuer) { f.jwksURI = "https://keys.example.com/" },
		"keys on other port":  func(f *fakeIssuer) { f.jwksURI = "https://127.0.0.1:1/keys" },
		"keys nowhere":        func(f *fakeIssuer) { f.jwksURI = "/keys" },
		"loopback look-alike": func(f *fakeIssuer) { f.jwksURI = "http://127.0.0.1.example.com/" },
	} {
		t.Run(name, func(t *testing.T) {
			ck := newClock()
			f := newFakeIssuer(t, "rsa1")
			change(f)
			_, err := mustVerifier(t, f.config(ck)).Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1(f.name()), nil))
			checkUnavailable(t, err)
		})
	}
}

// TestUsefulKeysAmongOthers: a set may hold kinds of keys that this program does not know.
func TestUsefulKeysAmongOthers(t *testing.T) {
	good, err := public("rsa1").MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := parseKeySet([]byte(`{"keys":[{"kty":"new"},{"kty":"RSA","kid":"broken","n":"!"},` + string(good) + `],"more":1}`))
	if err != nil || len(keys) != 1 || keys[0].KeyID != "rsa1" {
		t.Fatalf("keys %v, error %v", keys, err)
	}
}

// TestTenantsShareNoKeys: with discovery per tenant, what one tenant's issuer publishes does not verify another's tokens.
func TestTenantsShareNoKeys(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	cfg := f.config(ck)
	v := mustVerifier(t, cfg)
	issB := f.URL + "/" + tenantB + "/"
	for token, want := range map[string]Reason{
		ck.appV1(f.name()):             "",
		ck.appV1(issB, "tid", tenantB): "",
		ck.appV1(issB):                 ReasonTenant,
	} {
		p, err := v.Verify(context.Background(), sign(t, "rsa1", "RS256", token, nil))
		checkReason(t, err, want)
		if want == "" && !strings.Contains(p.Issuer, p.Tenant) {
			t.Errorf("issuer %s, tenant %s", p.Issuer, p.Tenant)
		}
	}
	if f.discover != 2 {
		t.Errorf("%d discovery documents read, want one for each tenant", f.discover)
	}
	// A document that serves both tenants must not name one of them.
	cfg.Issuers[0].Discovery = f.URL + "/common/.well-known/openid-configuration"
	f.issuer = f.name()
	_, err := mustVerifier(t, cfg).Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1(f.name()), nil))
	checkUnavailable(t, err)
	f.issuer = cfg.Issuers[0].Issuer
	_, err = mustVerifier(t, cfg).Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1(f.name()), nil))
	checkReason(t, err, "")
}

// TestKeyAddressWithoutDiscovery also covers an issuer whose tokens have no tenant.
func TestKeyAddressWithoutDiscovery(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	cfg := f.config(ck)
	cfg.Issuers = []TrustedIssuer{{Issuer: "https://idp.example", Tenant: tenantB, JWKS: f.URL + "/keys"}}
	v := mustVerifier(t, cfg)
	p, err := v.Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1("https://idp.example", "tid", nil), nil))
	if err != nil || p.Tenant != tenantB || f.discover != 0 {
		t.Fatalf("tenant %q, error %v, %d discovery documents", p.Tenant, err, f.discover)
	}
	_, err = v.Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1("https://idp.example"), nil)) // tid is A
	checkReason(t, err, ReasonTenant)
	cfg.Issuers[0].Tenant = "" // the token's own tenant decides, and must be there
	v = mustVerifier(t, cfg)
	p, err = v.Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1("https://idp.example"), nil))
	if err != nil || p.Tenant != tenantA {
		t.Fatalf("tenant %q, error %v", p.Tenant, err)
	}
	_, err = v.Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1("https://idp.example", "tid", nil), nil))
	checkReason(t, err, ReasonTenant)
}
