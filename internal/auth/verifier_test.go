package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// TestTokenDefects is the table of everything that may be wrong with a token. Each row changes one thing about a token
// that is otherwise accepted (the first row).
func TestTokenDefects(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1", "p256")
	other := newFakeIssuer(t, "rsa2")
	cfg := f.config(ck)
	cfg.Issuers = append(cfg.Issuers, TrustedIssuer{Issuer: other.URL + "/" + tenantA + "/", Tenant: tenantA})
	v := mustVerifier(t, cfg)
	iss, now := f.name(), ck.Now().Unix()
	good := ck.appV1(iss)
	app := func(changes ...any) string { return sign(t, "rsa1", "RS256", ck.appV1(iss, changes...), nil) }
	headed := func(h map[string]any) string { return sign(t, "rsa1", "RS256", good, h) }
	hs256 := func(secret []byte) string {
		signed := rawJWT(`{"alg":"HS256","typ":"JWT","kid":"rsa1"}`, good, nil)
		signed = strings.TrimSuffix(signed, ".")
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(signed))
		return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	pub := testKeys()["rsa1"].Public().(*rsa.PublicKey)
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	pemKey := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	parts := strings.Split(headed(nil), ".")

	for _, c := range []struct {
		name, token string
		want        Reason // "" = accepted
	}{
		{"good", headed(nil), ""},
		{"empty", "", ReasonMalformed},
		{"not a JWT", "hello", ReasonMalformed},
		{"two parts", parts[0] + "." + parts[1], ReasonMalformed},
		{"five parts", headed(nil) + "." + parts[0] + "." + parts[1], ReasonMalformed},
		{"padding", parts[0] + "=." + parts[1] + "." + parts[2], ReasonMalformed},
		{"line break inside", parts[0][:4] + "\n" + parts[0][4:] + "." + parts[1] + "." + parts[2], ReasonMalformed},
		{"JSON serialisation", `{"payload":"e30","signatures":[]}`, ReasonMalformed},
		{"oversized", app("filler", strings.Repeat("x", 20<<10)), ReasonMalformed},
		{"header is no JSON", rawJWT(`hello`, good, []byte("x")), ReasonMalformed},
		{"payload is no JSON", sign(t, "rsa1", "RS256", "hello", nil), ReasonMalformed},
		{"payload is a list", sign(t, "rsa1", "RS256", "[]", nil), ReasonMalformed},
		{"payload is null", sign(t, "rsa1", "RS256", "null", nil), ReasonIssuer},
		{"deep payload", sign(t, "rsa1", "RS256", strings.Repeat("[", 8000), nil), ReasonMalformed},

		{"alg none without signature", rawJWT(`{"alg":"none","typ":"JWT","kid":"rsa1"}`, good, nil), ReasonMalformed},
		{"alg none with signature", rawJWT(`{"alg":"none","typ":"JWT","kid":"rsa1"}`, good, []byte("x")), ReasonAlgorithm},
		{"alg None", rawJWT(`{"alg":"None","typ":"JWT","kid":"rsa1"}`, good, []byte("x")), ReasonAlgorithm},
		{"alg missing", rawJWT(`{"typ":"JWT","kid":"rsa1"}`, good, []byte("x")), ReasonAlgorithm},
		{"HS256 with the public key as PEM", hs256(pemKey), ReasonAlgorithm},
		{"HS256 with the public key as DER", hs256(der), ReasonAlgorithm},
		{"HS256 with the modulus", hs256(pub.N.Bytes()), ReasonAlgorithm},
		{"duplicate alg", rawJWT(`{"alg":"RS256","alg":"none","kid":"rsa1"}`, good, []byte("x")), ReasonMalformed},

		{"signature cut", parts[0] + "." + parts[1] + "." + parts[2][:20], ReasonSignature},
		{"signature of something else", parts[0] + "." + strings.Split(app("sub", "admin"), ".")[1] + "." + parts[2], ReasonSignature},
		{"other key under this id", sign(t, "rsa3", "RS256", good, map[string]any{"kid": "rsa1"}), ReasonSignature},
		{"unknown key", sign(t, "rsa3", "RS256", good, nil), ReasonUnknownKey},
		{"key of another issuer", sign(t, "rsa2", "RS256", good, nil), ReasonUnknownKey},
		{"key of another issuer under this id", sign(t, "rsa2", "RS256", good, map[string]any{"kid": "rsa1"}), ReasonSignature},
		{"RSA algorithm with an EC key's id", sign(t, "rsa1", "RS256", good, map[string]any{"kid": "p256"}), ReasonUnknownKey},
		{"EC algorithm with an RSA key's id", sign(t, "p256", "ES256", good, map[string]any{"kid": "rsa1"}), ReasonUnknownKey},
		{"EC curve that does not fit", sign(t, "p384", "ES384", good, map[string]any{"kid": "p256"}), ReasonUnknownKey},
		{"no key id, one key fits", sign(t, "p256", "ES256", good, map[string]any{"kid": nil}), ""},
		{"own key in the header", headed(map[string]any{"kid": "evil", "jwk": public("rsa3")}), ReasonMalformed},
		{"own key beside a good id", headed(map[string]any{"jwk": public("rsa3")}), ReasonMalformed},
		{"key address in the header", headed(map[string]any{"kid": "evil", "jku": other.URL + "/keys"}), ReasonMalformed},
		{"certificate address in the header", headed(map[string]any{"x5u": other.URL + "/keys"}), ReasonMalformed},
		{"a JWT within", headed(map[string]any{"cty": "JWT"}), ReasonMalformed},
		{"thumbprint of Entra v1", headed(map[string]any{"x5t": "rsa1"}), ""},
		{"critical extension", headed(map[string]any{"crit": []string{"exp"}, "exp": 1}), ReasonMalformed},
		{"unencoded payload", rawJWT(`{"alg":"RS256","kid":"rsa1","b64":false,"crit":["b64"]}`, good, []byte("x")), ReasonMalformed},
		{"another kind of JWT", headed(map[string]any{"typ": "logout+jwt"}), ReasonMalformed},
		{"typ is a number", headed(map[string]any{"typ": 1}), ReasonMalformed},
		{"typ of RFC 9068", headed(map[string]any{"typ": "application/at+JWT"}), ""},

		{"wrong issuer", sign(t, "rsa1", "RS256", ck.appV1("https://evil.example/"), nil), ReasonIssuer},
		{"no issuer", app("iss", nil), ReasonIssuer},
		{"issuer without slash", app("iss", strings.TrimSuffix(iss, "/")), ReasonIssuer},
		{"issuer in capitals", app("iss", strings.ToUpper(iss)), ReasonIssuer},
		{"template as issuer", app("iss", f.URL+"/"+TenantPlaceholder+"/"), ReasonIssuer},
		{"issuer of a tenant not served", app("iss", f.URL+"/33333333-cccc-4ccc-8ccc-333333333333/"), ReasonIssuer},

		{"tenant of another", app("tid", tenantB), ReasonTenant},
		{"tenant not served", app("tid", "33333333-cccc-4ccc-8ccc-333333333333"), ReasonTenant},
		{"no tenant", app("tid", nil), ReasonTenant},
		{"empty tenant", app("tid", ""), ReasonTenant},
		{"tenant in capitals", app("tid", strings.ToUpper(tenantA)), ""},

		{"wrong audience", app("aud", "https://graph.microsoft.com"), ReasonAudience},
		{"no audience", app("aud", nil), ReasonAudience},
		{"empty audience", app("aud", ""), ReasonAudience},
		{"audience is a prefix", app("aud", resource+".evil.example"), ReasonAudience},
		{"audience with two slashes", app("aud", resource+"//"), ReasonAudience},
		{"audience with slash", app("aud", resource+"/"), ""},
		{"audience by id", app("aud", strings.ToUpper(apiID)), ""},
		{"audience as api:// of the id", app("aud", "api://"+apiID), ""},
		{"audience as api:// of another id", app("aud", "api://"+tenantB), ReasonAudience},
		{"audience as api:// and more", app("aud", "api://"+apiID+"/x"), ReasonAudience},
		{"one of several audiences", app("aud", []string{"https://graph.microsoft.com", resource}), ""},
		{"audience list with null", app("aud", []any{resource, nil}), ReasonMalformed},
		{"audience is a number", app("aud", 1), ReasonMalformed},

		{"expired", app("exp", now-60), ReasonExpired},
		{"expired within the skew", app("exp", now-59), ""},
		{"long expired", app("exp", 1), ReasonExpired},
		{"no expiry", app("exp", nil), ReasonMalformed},
		{"expiry is text", app("exp", "9999999999"), ReasonMalformed},
		{"expiry out of range", sign(t, "rsa1", "RS256", strings.Replace(good, `"exp":`, `"exp":1e300,"x":`, 1), nil), ReasonMalformed},
		{"negative expiry", app("exp", -1), ReasonMalformed},
		{"not yet valid", app("nbf", now+61), ReasonNotYetValid},
		{"not yet valid within the skew", app("nbf", now+60), ""},
		{"issued in the future", app("iat", now+61), ReasonNotYetValid},
		{"fractional dates", app("iat", float64(now)-0.5), ""},

		{"duplicate claim", sign(t, "rsa1", "RS256", strings.Replace(good, `{`, `{"roles":["x"],`, 1), nil), ReasonMalformed},
		{"duplicate unknown claim", sign(t, "rsa1", "RS256", `{"x":1,"x":2,`+good[1:], nil), ReasonMalformed},
		{"claim in capitals is another claim", sign(t, "rsa1", "RS256", `{"TID":"`+tenantB+`",`+good[1:], nil), ""},
		{"no client", app("appid", nil), ReasonKind},
		{"ID token", app("at_hash", "x"), ReasonKind},
		{"hybrid ID token", app("c_hash", "x"), ReasonKind},
		{"ID token that says so", app("typ", "ID"), ReasonKind},
		{"refresh token", app("typ", "Refresh"), ReasonKind},
		{"application with a scope", app("idtyp", "app", "scp", "AdvancedQuery.Read"), ReasonKind},
		{"kind is a number", app("typ", 1), ReasonKind},
		{"access token that says so", app("typ", "Bearer"), ""},
		{"null scope", sign(t, "rsa1", "RS256", strings.Replace(good, `{`, `{"scp":null,`, 1), nil), ReasonMalformed},
		{"roles are an object", app("roles", map[string]any{}), ReasonMalformed},
		{"role is a number", app("roles", []any{1}), ReasonMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			ck.Advance(time.Nanosecond) // no state may depend on it
			_, err := v.Verify(context.Background(), c.token)
			checkReason(t, err, c.want)
		})
	}
}

func checkReason(t *testing.T, err error, want Reason) {
	t.Helper()
	var refused *Unauthenticated
	switch {
	case want == "" && err != nil:
		t.Fatalf("refused: %v", err)
	case want == "":
	case !errors.As(err, &refused):
		t.Fatalf("got %v, want it refused as %q", err, want)
	case refused.Reason != want:
		t.Fatalf("refused as %q (%s), want %q", refused.Reason, refused.Message, want)
	case refused.Message != message(want):
		t.Fatalf("message %q", refused.Message)
	}
}

func TestAlgorithms(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1", "p256", "p384", "p521")
	all := map[string]string{"RS256": "rsa1", "RS384": "rsa1", "RS512": "rsa1", "PS256": "rsa1", "PS384": "rsa1",
		"PS512": "rsa1", "ES256": "p256", "ES384": "p384", "ES512": "p521"}
	open := mustVerifier(t, f.config(ck))
	narrow := f.config(ck)
	narrow.Algorithms = []string{"ES256"}
	only := mustVerifier(t, narrow)
	for alg, key := range all {
		token := sign(t, key, alg, ck.appV1(f.name()), nil)
		_, err := open.Verify(context.Background(), token)
		checkReason(t, err, "")
		want := ReasonAlgorithm
		if alg == "ES256" {
			want = ""
		}
		_, err = only.Verify(context.Background(), token)
		checkReason(t, err, want)
	}
	// A key published for one algorithm does not verify another.
	k := public("rsa1")
	k.Algorithm = "RS256"
	bound := Config{Tenants: []string{tenantA}, Audiences: []string{resource}, Clock: ck.Now,
		Issuers: []TrustedIssuer{{Issuer: "https://in.process/", Tenant: tenantA, Keys: &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k}}}}}
	v := mustVerifier(t, bound)
	_, err := v.Verify(context.Background(), sign(t, "rsa1", "PS256", ck.appV1("https://in.process/"), nil))
	checkReason(t, err, ReasonUnknownKey)
}

func TestPrincipal(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	v := mustVerifier(t, f.config(ck))
	iss := f.name()
	expires := ck.Now().Add(time.Hour)
	hunting := Permission{Role: "AdvancedQuery.Read.All", Scope: "AdvancedQuery.Read"}
	for _, c := range []struct {
		name    string
		changes []any
		want    Principal
		can     bool
	}{
		{"application, v1", nil, Principal{AppID: "app-1", Name: "Hunter", App: true, Roles: []string{"AdvancedQuery.Read.All"}}, true},
		{"application, v2", []any{"appid", nil, "azp", "app-2", "ver", "2.0", "aud", apiID, "app_displayname", nil, "idtyp", "app"},
			Principal{AppID: "app-2", App: true, Roles: []string{"AdvancedQuery.Read.All"}}, true},
		{"application without the role", []any{"roles", []string{"Alert.Read.All", "Machine.Read.All"}},
			Principal{AppID: "app-1", Name: "Hunter", App: true, Roles: []string{"Alert.Read.All", "Machine.Read.All"}}, false},
		{"application without roles", []any{"roles", nil}, Principal{AppID: "app-1", Name: "Hunter", App: true}, false},
		{"application with the user's permission", []any{"roles", []string{"AdvancedQuery.Read"}},
			Principal{AppID: "app-1", Name: "Hunter", App: true, Roles: []string{"AdvancedQuery.Read"}}, false},
		{"user", []any{"scp", "Alert.Read AdvancedQuery.Read", "roles", nil, "upn", "eve@example.com", "groups", []string{"g1", "g2"}},
			Principal{AppID: "app-1", Name: "eve@example.com", Scopes: []string{"Alert.Read", "AdvancedQuery.Read"}, Groups: []string{"g1", "g2"}}, true},
		{"user with the scope in a list", []any{"scp", []string{"AdvancedQuery.Read"}, "roles", nil},
			Principal{AppID: "app-1", Scopes: []string{"AdvancedQuery.Read"}}, true},
		{"user with the application's role only", []any{"scp", "Alert.Read"},
			Principal{AppID: "app-1", Scopes: []string{"Alert.Read"}, Roles: []string{"AdvancedQuery.Read.All"}}, false},
		{"user with a scope that begins alike", []any{"scp", "AdvancedQuery.Read.All", "roles", nil},
			Principal{AppID: "app-1", Scopes: []string{"AdvancedQuery.Read.All"}}, false},
		{"empty scope is a user's", []any{"scp", ""}, Principal{AppID: "app-1", Roles: []string{"AdvancedQuery.Read.All"}}, false},
		{"says that it is a user's", []any{"idtyp", "user"}, Principal{AppID: "app-1", Roles: []string{"AdvancedQuery.Read.All"}}, false},
		{"nothing says that it is an application's", []any{"oid", "oid-2"}, Principal{AppID: "app-1", Roles: []string{"AdvancedQuery.Read.All"}}, false},
		{"says that it is an application's", []any{"oid", "oid-2", "idtyp", "app"}, Principal{AppID: "app-1", Name: "Hunter", App: true, Roles: []string{"AdvancedQuery.Read.All"}}, true},
		{"RFC 9068, application", []any{"appid", nil, "client_id", "oid-1", "oid", nil, "scope", "openid AdvancedQuery.Read"},
			Principal{AppID: "oid-1", Name: "Hunter", App: true, Roles: []string{"AdvancedQuery.Read.All"}}, true},
		{"RFC 9068, user", []any{"appid", nil, "client_id", "page", "oid", nil, "scope", "openid AdvancedQuery.Read"},
			Principal{AppID: "page", Scopes: []string{"openid", "AdvancedQuery.Read"}, Roles: []string{"AdvancedQuery.Read.All"}}, true},
		{"client under another name", []any{"appid", nil, "cid", "page", "scp", []string{"AdvancedQuery.Read"}, "roles", nil},
			Principal{AppID: "page", Scopes: []string{"AdvancedQuery.Read"}}, true},
		{"directory roles", []any{"scp", "AdvancedQuery.Read", "roles", nil, "wids", []string{"w1"}},
			Principal{AppID: "app-1", Scopes: []string{"AdvancedQuery.Read"}, DirectoryRoles: []string{"w1"}}, true},
		{"too many groups", []any{"scp", "AdvancedQuery.Read", "roles", nil, "_claim_names", map[string]string{"groups": "src1"}},
			Principal{AppID: "app-1", Scopes: []string{"AdvancedQuery.Read"}, GroupsOmitted: true}, true},
		{"some groups, others elsewhere", []any{"scp", "AdvancedQuery.Read", "roles", nil, "groups", []string{"g1"}, "_claim_names", map[string]int{"groups": 1}},
			Principal{AppID: "app-1", Scopes: []string{"AdvancedQuery.Read"}, Groups: []string{"g1"}, GroupsOmitted: true}, true},
		{"has groups elsewhere", []any{"scp", "AdvancedQuery.Read", "roles", nil, "hasgroups", true},
			Principal{AppID: "app-1", Scopes: []string{"AdvancedQuery.Read"}, GroupsOmitted: true}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := v.Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1(iss, c.changes...), nil))
			if err != nil {
				t.Fatal(err)
			}
			c.want.Tenant, c.want.Subject, c.want.ObjectID, c.want.Issuer, c.want.Expires = tenantA, "oid-1", got.ObjectID, iss, expires
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
			if got.Can(hunting) != c.can || (got.Authorize(hunting) == nil) != c.can {
				t.Errorf("Can = %v, Authorize = %v, want %v", got.Can(hunting), got.Authorize(hunting), c.can)
			}
		})
	}
}

func TestForbiddenTexts(t *testing.T) {
	need := Permission{Role: "AdvancedQuery.Read.All", Scope: "AdvancedQuery.Read"}
	for want, p := range map[string]Principal{
		"Missing application roles. API required roles: AdvancedQuery.Read.All, application roles: Alert.Read.All,Machine.Read.All.": {App: true, Roles: []string{"Alert.Read.All", "Machine.Read.All"}},
		"Missing application roles. API required roles: AdvancedQuery.Read.All, application roles: .":                                {App: true},
		"Missing delegated permissions. API required scopes: AdvancedQuery.Read, token scopes: Alert.Read.":                          {Scopes: []string{"Alert.Read"}},
	} {
		err := p.Authorize(need)
		var f *Forbidden
		if !errors.As(err, &f) || f.Error() != want || f.Challenge() != `Bearer error="insufficient_scope"` {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	nobody := Permission{}
	if (Principal{App: true, Roles: []string{""}}).Can(nobody) || (Principal{Scopes: []string{""}}).Can(nobody) {
		t.Error("an empty permission was granted")
	}
}

func TestAuthenticateHeader(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	v := mustVerifier(t, f.config(ck))
	token := sign(t, "rsa1", "RS256", ck.appV1(f.name()), nil)
	for _, c := range []struct {
		name   string
		values []string
		want   Reason
	}{
		{"bearer", []string{"Bearer " + token}, ""},
		{"lower case, spaces", []string{"bearer   " + token + " "}, ""},
		{"none", nil, ReasonMissing},
		{"empty", []string{""}, ReasonMalformed},
		{"no scheme", []string{token}, ReasonMalformed},
		{"basic", []string{"Basic " + token}, ReasonMalformed},
		{"no token", []string{"Bearer "}, ReasonMalformed},
		{"two tokens", []string{"Bearer " + token + " " + token}, ReasonMalformed},
		{"two tokens with a comma", []string{"Bearer " + token + "," + token}, ReasonMalformed},
		{"two headers", []string{"Bearer " + token, "Bearer " + token}, ReasonMalformed},
		{"tab", []string{"Bearer\t" + token}, ReasonMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.Header{}
			for _, value := range c.values {
				h.Add("Authorization", value)
			}
			_, err := v.Authenticate(context.Background(), h)
			checkReason(t, err, c.want)
		})
	}
}

// TestHowTheTokenCame: over TLS or from this machine, in the header, and nowhere else.
func TestHowTheTokenCame(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	v := mustVerifier(t, f.config(ck))
	token := sign(t, "rsa1", "RS256", ck.appV1(f.name()), nil)
	for _, c := range []struct {
		name, peer, query, header string
		tls                       bool
		want                      Reason
	}{
		{"loopback", "127.0.0.1:5", "", token, false, ""},
		{"loopback v6", "[::1]:5", "", token, false, ""},
		{"mapped loopback", "[::ffff:127.0.0.2]:5", "", token, false, ""},
		{"network in clear", "192.0.2.1:5", "", token, false, ReasonClear},
		{"unknown peer", "@", "", token, false, ReasonClear},
		{"network with TLS", "192.0.2.1:5", "", token, true, ""},
		{"network in clear without a token", "192.0.2.1:5", "", "", false, ReasonMissing},
		{"in the address", "127.0.0.1:5", "access%5Ftoken=" + token, "", false, ReasonMalformed},
		{"in the address too", "127.0.0.1:5", "x=1&access%5Ftoken=a&access_token=" + token, token, true, ReasonMalformed},
		{"a word in the address", "127.0.0.1:5", "key=access_token", token, true, ""},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{}, URL: &url.URL{RawQuery: c.query}}
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if c.header != "" {
			r.Header.Set("Authorization", "Bearer "+c.header)
		}
		t.Run(c.name, func(t *testing.T) {
			_, err := v.AuthenticateRequest(t.Context(), r)
			checkReason(t, err, c.want)
		})
	}
}

func TestChallenge(t *testing.T) {
	if got := refuse(ReasonMissing).Challenge(); got != "Bearer" {
		t.Errorf("missing token: %q", got)
	}
	if got := refuse(ReasonExpired).Challenge(); got != `Bearer error="invalid_token"` {
		t.Errorf("expired token: %q", got)
	}
}
