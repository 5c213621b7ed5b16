package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// FuzzAuthorization throws headers at the verifier. Whatever comes, the answer is a typed refusal or the one principal
// whose token was signed; nothing panics, and no refusal repeats what was sent.
func FuzzAuthorization(f *testing.F) {
	ck := newClock()
	const iss = "https://in.process/"
	v := mustVerifier(f, Config{
		Tenants: []string{tenantA}, Audiences: []string{resource}, Clock: ck.Now,
		Issuers: []TrustedIssuer{{Issuer: iss, Keys: &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public("p256")}}}},
	})
	good := sign(f, "p256", "ES256", ck.appV1(iss), nil)
	parts := strings.Split(good, ".")
	for _, seed := range []string{
		"Bearer " + good, "bearer " + good + " ", "Basic x", "Bearer", "Bearer ..", "Bearer a.b.c", "Bearer " + parts[0] + "." + parts[1] + ".",
		"Bearer " + rawJWT(`{"alg":"none"}`, ck.appV1(iss), []byte("x")), "Bearer " + rawJWT(`{"alg":"ES256","kid":"p256","crit":["x"]}`, `{"iss":"`+iss+`"}`, make([]byte, 64)),
		"Bearer " + sign(f, "rsa1", "RS256", ck.appV1(iss), nil), "Bearer " + rawJWT(`{"alg":"ES256","jwk":{"kty":"EC"}}`, `{}`, []byte{0}),
		"Bearer " + strings.Repeat("a.", 1000),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		p, err := v.Authenticate(context.Background(), http.Header{"Authorization": {header}})
		if err == nil {
			// ECDSA signatures and base64 tails are malleable; the signed content is not.
			if p.Tenant != tenantA || p.AppID != "app-1" || !strings.Contains(header, parts[1]) {
				t.Fatalf("accepted %q as %+v", header, p)
			}
			return
		}
		var refused *Unauthenticated
		if !errors.As(err, &refused) || refused.Message != message(refused.Reason) {
			t.Fatalf("%q: %v", header, err)
		}
	})
}

// FuzzClaims gives the verifier signed payloads: an issuer that is trusted may still be mistaken.
func FuzzClaims(f *testing.F) {
	ck := newClock()
	const iss = "https://in.process/"
	v := mustVerifier(f, Config{
		Tenants: []string{tenantA}, Audiences: []string{resource}, Clock: ck.Now,
		Issuers: []TrustedIssuer{{Issuer: iss, Keys: &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public("p256")}}}},
	})
	f.Add(ck.appV1(iss))
	f.Add(ck.appV1(iss, "aud", []string{resource}, "roles", nil, "scp", "a  b", "_claim_names", map[string]any{"groups": 1}))
	f.Add(`{"iss":"` + iss + `","exp":1e18,"nbf":null,"aud":[null]}`)
	f.Fuzz(func(t *testing.T, payload string) {
		p, err := v.Verify(context.Background(), sign(t, "p256", "ES256", payload, nil))
		if err != nil {
			var refused *Unauthenticated
			if !errors.As(err, &refused) {
				t.Fatalf("%q: %v", payload, err)
			}
			return
		}
		if p.Tenant != tenantA || p.Issuer != iss || !p.Expires.After(ck.Now().Add(-defaultSkew)) || p.App && len(p.Scopes) > 0 {
			t.Fatalf("accepted %q as %+v", payload, p)
		}
	})
}
