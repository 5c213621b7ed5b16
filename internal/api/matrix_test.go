package api

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/harrier-hunting/harrier/internal/audit"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/auth/issuer"
	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

// attempt is one request's identity: what its Authorization headers say, and how they arrive.
type attempt struct {
	headers []string
	peer    string // default: loopback
	query   url.Values
}

// defect is one thing wrong with an identity. reason is why it is a 401, or "" for a 403.
type defect struct {
	name   string
	reason auth.Reason
	make   func(f *forger) attempt
}

// forger makes identities for one route. good are the claims of an application that may call it.
type forger struct {
	*bed
	need auth.Permission
}

func (f *forger) good(changes ...any) map[string]any {
	claims := map[string]any{
		"iss": issuerV1 + tenant + "/", "aud": audience, "tid": tenant, "appid": "hunter", "oid": "oid-1", "sub": "oid-1",
		"roles": []string{f.need.Role}, "iat": noon().Unix(), "nbf": noon().Unix(), "exp": noon().Add(time.Hour).Unix(), "ver": "1.0",
	}
	for i := 0; i < len(changes); i += 2 {
		claims[changes[i].(string)] = changes[i+1]
	}
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

// claims is a token with changed claims; nil removes one.
func (f *forger) claims(changes ...any) attempt { return bearer(f.sign(f.key, f.good(changes...))) }

// user is a person's token.
func (f *forger) user(changes ...any) attempt {
	return f.claims(append([]any{"roles", nil, "upn", "eve@example.org", "sub", "pairwise"}, changes...)...)
}

// text is a token with exactly this payload.
func (f *forger) text(payload string) attempt { return bearer(f.signed(f.key, nil, payload)) }

// edit changes the text of the good payload.
func (f *forger) edit(old, new string) attempt {
	return f.text(strings.Replace(f.payload(), old, new, 1))
}

func (f *forger) payload() string {
	data, err := json.Marshal(f.good())
	if err != nil {
		f.t.Fatal(err)
	}
	return string(data)
}

// headed is a token with a changed header; the signature is good.
func (f *forger) headed(key *rsa.PrivateKey, changes ...any) attempt {
	head := map[string]any{"alg": "RS256", "typ": "JWT", "kid": "k"}
	for i := 0; i < len(changes); i += 2 {
		head[changes[i].(string)] = changes[i+1]
	}
	maps.DeleteFunc(head, func(_ string, v any) bool { return v == nil })
	return bearer(f.signed(key, head, f.payload()))
}

// signed writes header and payload as they are and signs with RS256, whatever the header says.
func (f *forger) signed(key *rsa.PrivateKey, head map[string]any, payload string) string {
	if head == nil {
		head = map[string]any{"alg": "RS256", "typ": "JWT", "kid": "k"}
	}
	data, err := json.Marshal(head)
	if err != nil {
		f.t.Fatal(err)
	}
	part := b64(data) + "." + b64([]byte(payload))
	sum := sha256.Sum256([]byte(part))
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		f.t.Fatal(err)
	}
	return part + "." + b64(sig)
}

// unsigned is a token with no signature of any key.
func (f *forger) unsigned(head, signature string) attempt {
	return bearer(b64([]byte(head)) + "." + b64([]byte(f.payload())) + "." + signature)
}

// hmac signs with HS256 and what everybody may know as the secret.
func (f *forger) hmac(secret []byte) attempt {
	part := b64([]byte(`{"alg":"HS256","typ":"JWT","kid":"k"}`)) + "." + b64([]byte(f.payload()))
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(part))
	return bearer(part + "." + b64(mac.Sum(nil)))
}

func (f *forger) der() []byte {
	der, err := x509.MarshalPKIXPublicKey(&f.key.PublicKey)
	if err != nil {
		f.t.Fatal(err)
	}
	return der
}

func (f *forger) stranger() *rsa.PrivateKey {
	key, err := otherKey()
	if err != nil {
		f.t.Fatal(err)
	}
	return key
}

func (f *forger) token() string { return f.sign(f.key, f.good()) }

// parts are those of the good token.
func (f *forger) parts() []string { return strings.Split(f.token(), ".") }

// encrypted is a good token inside a JWE for the server's own public key.
func (f *forger) encrypted() attempt {
	e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.RSA_OAEP_256, Key: &f.key.PublicKey}, (&jose.EncrypterOptions{}).WithContentType("JWT"))
	if err != nil {
		f.t.Fatal(err)
	}
	obj, err := e.Encrypt([]byte(f.token()))
	if err != nil {
		f.t.Fatal(err)
	}
	raw, err := obj.CompactSerialize()
	if err != nil {
		f.t.Fatal(err)
	}
	return bearer(raw)
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func bearer(token string) attempt { return header("Bearer " + token) }

func header(values ...string) attempt { return attempt{headers: values} }

// foreign is a tenant that is not configured.
const foreign = "33333333-3333-3333-3333-333333333333"

// defects is the table of everything that may be wrong with who a request says it is from.
func defects() []defect {
	const (
		malformed = auth.ReasonMalformed
		kind      = auth.ReasonKind
		tenantNo  = auth.ReasonTenant
	)
	now := noon().Unix()
	return []defect{
		// The header.
		{"no token", auth.ReasonMissing, func(*forger) attempt { return attempt{} }},
		{"empty header", malformed, func(*forger) attempt { return header("") }},
		{"scheme only", malformed, func(*forger) attempt { return header("Bearer") }},
		{"scheme and a space", malformed, func(*forger) attempt { return header("Bearer ") }},
		{"no scheme", malformed, func(f *forger) attempt { return header(f.token()) }},
		{"wrong scheme", malformed, func(f *forger) attempt { return header("Basic " + f.token()) }},
		{"proof of possession", malformed, func(f *forger) attempt { return header("PoP " + f.token()) }},
		{"two headers", malformed, func(f *forger) attempt { return header("Bearer "+f.token(), "Bearer "+f.token()) }},
		{"two headers, one empty", malformed, func(f *forger) attempt { return header("Bearer "+f.token(), "") }},
		{"two tokens", malformed, func(f *forger) attempt { return bearer(f.token() + " " + f.token()) }},
		{"list of tokens", malformed, func(f *forger) attempt { return bearer(f.token() + "," + f.token()) }},
		{"in the address", malformed, func(f *forger) attempt { return attempt{query: url.Values{"access_token": {f.token()}}} }},
		{"in the address too", malformed, func(f *forger) attempt {
			a := bearer(f.token())
			a.query = url.Values{"access_token": {f.token()}}
			return a
		}},
		{"over a network in clear", auth.ReasonClear, func(f *forger) attempt {
			a := bearer(f.token())
			a.peer = "192.0.2.7:40000"
			return a
		}},

		// The form.
		{"not a JWT", malformed, func(*forger) attempt { return bearer("hello") }},
		{"oversize", malformed, func(f *forger) attempt { return f.claims("filler", strings.Repeat("x", 20<<10)) }},
		{"two parts", malformed, func(f *forger) attempt { return bearer(strings.Join(f.parts()[:2], ".")) }},
		{"empty signature", malformed, func(f *forger) attempt { return bearer(strings.Join(f.parts()[:2], ".") + ".") }},
		{"four parts", malformed, func(f *forger) attempt { return bearer(f.token() + ".AAAA") }},
		{"padding", malformed, func(f *forger) attempt { return bearer(f.token() + "=") }},
		{"base64 of another alphabet", malformed, func(f *forger) attempt { return bearer(strings.Replace(f.token(), ".", "+.", 1)) }},
		{"JSON serialization", malformed, func(*forger) attempt { return bearer(`{"payload":"e30","signatures":[]}`) }},
		{"encrypted", malformed, func(f *forger) attempt { return f.encrypted() }},
		{"nested", malformed, func(f *forger) attempt {
			return bearer(f.signed(f.key, map[string]any{"alg": "RS256", "kid": "k", "cty": "JWT"}, f.token()))
		}},
		{"nested without saying so", malformed, func(f *forger) attempt { return f.text(f.token()) }},
		{"payload is no JSON", malformed, func(f *forger) attempt { return f.text("hello") }},
		{"payload is a list", malformed, func(f *forger) attempt { return f.text("[]") }},
		{"payload is null", auth.ReasonIssuer, func(f *forger) attempt { return f.text("null") }},
		{"payload has an end behind its end", malformed, func(f *forger) attempt { return f.text(f.payload() + "}") }},
		{"payload in deep nesting", malformed, func(f *forger) attempt { return f.text(strings.Repeat("[", 9000)) }},
		{"header is no JSON", malformed, func(f *forger) attempt { return f.unsigned("hello", "AAAA") }},
		{"header twice the same", malformed, func(f *forger) attempt { return f.unsigned(`{"alg":"RS256","alg":"none","kid":"k"}`, "AAAA") }},

		// The algorithm.
		{"alg none, no signature", malformed, func(f *forger) attempt { return f.unsigned(`{"alg":"none","typ":"JWT"}`, "") }},
		{"alg none", auth.ReasonAlgorithm, func(f *forger) attempt { return f.unsigned(`{"alg":"none","typ":"JWT"}`, "AAAA") }},
		{"alg NONE with a good signature", auth.ReasonAlgorithm, func(f *forger) attempt { return f.headed(f.key, "alg", "NONE") }},
		{"no alg", auth.ReasonAlgorithm, func(f *forger) attempt { return f.headed(f.key, "alg", nil) }},
		{"HS256 with the public key as PEM", auth.ReasonAlgorithm, func(f *forger) attempt {
			return f.hmac(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: f.der()}))
		}},
		{"HS256 with the public key as DER", auth.ReasonAlgorithm, func(f *forger) attempt { return f.hmac(f.der()) }},
		{"HS256 with an empty secret", auth.ReasonAlgorithm, func(f *forger) attempt { return f.hmac(nil) }},
		{"another RSA algorithm than it was signed with", auth.ReasonSignature, func(f *forger) attempt { return f.headed(f.key, "alg", "PS256") }},
		{"an EC algorithm for an RSA key", auth.ReasonUnknownKey, func(f *forger) attempt { return f.headed(f.key, "alg", "ES256") }},

		// The rest of the header.
		{"unknown key", auth.ReasonUnknownKey, func(f *forger) attempt { return f.headed(f.key, "kid", "other") }},
		{"unknown key that is a path", auth.ReasonUnknownKey, func(f *forger) attempt { return f.headed(f.key, "kid", "../../dev/null") }},
		{"unknown key of a foreign signer", auth.ReasonUnknownKey, func(f *forger) attempt { return f.headed(f.stranger(), "kid", "x") }},
		{"key id is a number", malformed, func(f *forger) attempt { return f.headed(f.key, "kid", 1) }},
		{"foreign key under the known id", auth.ReasonSignature, func(f *forger) attempt { return f.headed(f.stranger()) }},
		{"foreign key without an id", auth.ReasonSignature, func(f *forger) attempt { return f.headed(f.stranger(), "kid", nil) }},
		{"critical extension", malformed, func(f *forger) attempt { return f.headed(f.key, "crit", []string{"x"}, "x", 1) }},
		{"unencoded payload", malformed, func(f *forger) attempt { return f.headed(f.key, "b64", false) }},
		{"brings its key", malformed, func(f *forger) attempt {
			return f.headed(f.stranger(), "jwk", jose.JSONWebKey{Key: &f.stranger().PublicKey, KeyID: "k"})
		}},
		{"address of keys", malformed, func(f *forger) attempt { return f.headed(f.stranger(), "jku", "https://evil.example/keys") }},
		{"address of a certificate", malformed, func(f *forger) attempt { return f.headed(f.stranger(), "x5u", "https://evil.example/c") }},
		{"brings its certificate", malformed, func(f *forger) attempt { return f.headed(f.stranger(), "x5c", []string{"AAAA"}) }},
		{"type of a logout token", malformed, func(f *forger) attempt { return f.headed(f.key, "typ", "logout+jwt") }},
		{"type is a number", malformed, func(f *forger) attempt { return f.headed(f.key, "typ", 1) }},

		// The signature.
		{"tampered payload", auth.ReasonSignature, func(f *forger) attempt {
			p := f.parts()
			return bearer(p[0] + "." + b64([]byte(strings.Replace(f.payload(), "oid-1", "oid-2", 1))) + "." + p[2])
		}},
		{"tampered header", auth.ReasonSignature, func(f *forger) attempt {
			p := f.parts()
			return bearer(b64([]byte(`{"alg":"RS256","kid":"k","typ":"JWT","x":1}`)) + "." + p[1] + "." + p[2])
		}},
		{"tampered signature", auth.ReasonSignature, func(f *forger) attempt {
			p := f.parts()
			flip := map[bool]string{true: "B", false: "A"}[p[2][0] == 'A']
			return bearer(p[0] + "." + p[1] + "." + flip + p[2][1:])
		}},
		{"truncated", auth.ReasonSignature, func(f *forger) attempt { tok := f.token(); return bearer(tok[:len(tok)-20]) }},
		{"signature of another token", auth.ReasonSignature, func(f *forger) attempt {
			other := strings.Split(f.sign(f.key, f.good("oid", "x")), ".")
			return bearer(strings.Join(f.parts()[:2], ".") + "." + other[2])
		}},

		// Time.
		{"expired", auth.ReasonExpired, func(f *forger) attempt { return f.claims("exp", now-61) }},
		{"expired in 1970", auth.ReasonExpired, func(f *forger) attempt { return f.claims("exp", 0) }},
		{"not yet valid", auth.ReasonNotYetValid, func(f *forger) attempt { return f.claims("nbf", now+61) }},
		{"issued in the future", auth.ReasonNotYetValid, func(f *forger) attempt { return f.claims("iat", now+61) }},
		{"no expiry", malformed, func(f *forger) attempt { return f.claims("exp", nil) }},
		{"expiry is null", malformed, func(f *forger) attempt { return f.edit(`"exp":`, `"exp":null,"x":`) }},
		{"expiry is text", malformed, func(f *forger) attempt { return f.claims("exp", "4102444800") }},
		{"expiry beyond all years", malformed, func(f *forger) attempt { return f.edit(`"exp":`, `"exp":1e30,"x":`) }},
		{"expiry is negative", malformed, func(f *forger) attempt { return f.claims("exp", -1) }},

		// For whom.
		{"wrong audience", auth.ReasonAudience, func(f *forger) attempt { return f.claims("aud", "https://management.example") }},
		{"audience that begins alike", auth.ReasonAudience, func(f *forger) attempt { return f.claims("aud", audience+".evil.example") }},
		{"list of wrong audiences", auth.ReasonAudience, func(f *forger) attempt { return f.claims("aud", []string{"https://a.example", "https://b.example"}) }},
		{"empty list of audiences", auth.ReasonAudience, func(f *forger) attempt { return f.claims("aud", []string{}) }},
		{"no audience", auth.ReasonAudience, func(f *forger) attempt { return f.claims("aud", nil) }},
		{"audience is null", malformed, func(f *forger) attempt { return f.edit(`"aud":`, `"aud":null,"x":`) }},
		{"audience is a number", malformed, func(f *forger) attempt { return f.claims("aud", 1) }},
		{"audience list with null", malformed, func(f *forger) attempt { return f.claims("aud", []any{audience, nil}) }},

		// From whom.
		{"wrong issuer", auth.ReasonIssuer, func(f *forger) attempt { return f.claims("iss", "https://evil.example/") }},
		{"no issuer", auth.ReasonIssuer, func(f *forger) attempt { return f.claims("iss", nil) }},
		{"issuer is null", auth.ReasonIssuer, func(f *forger) attempt { return f.edit(`"iss":`, `"iss":null,"x":`) }},
		{"issuer is a list", malformed, func(f *forger) attempt { return f.claims("iss", []string{issuerV1 + tenant + "/"}) }},
		{"issuer without its slash", auth.ReasonIssuer, func(f *forger) attempt { return f.claims("iss", issuerV1+tenant) }},
		{"issuer as a template", auth.ReasonIssuer, func(f *forger) attempt { return f.claims("iss", issuerV1+auth.TenantPlaceholder+"/") }},

		// Whose.
		{"unknown tenant", auth.ReasonIssuer, func(f *forger) attempt { return f.claims("iss", issuerV1+foreign+"/", "tid", foreign) }},
		{"unknown tenant with a known issuer", tenantNo, func(f *forger) attempt { return f.claims("tid", foreign) }},
		{"tenant and issuer differ", tenantNo, func(f *forger) attempt { return f.claims("tid", stranger) }},
		{"issuer and tenant differ", tenantNo, func(f *forger) attempt { return f.claims("iss", issuerV1+stranger+"/") }},
		{"no tenant", tenantNo, func(f *forger) attempt { return f.claims("tid", nil) }},
		{"tenant is null", tenantNo, func(f *forger) attempt { return f.edit(`"tid":`, `"tid":null,"x":`) }},
		{"tenant is empty", tenantNo, func(f *forger) attempt { return f.claims("tid", "") }},
		{"tenant is a list", malformed, func(f *forger) attempt { return f.claims("tid", []string{tenant}) }},

		// Of which kind.
		{"ID token", kind, func(f *forger) attempt { return f.user("appid", nil, "nonce", "n") }},
		{"ID token with the role", kind, func(f *forger) attempt { return f.claims("appid", nil) }},
		{"ID token of another issuer", kind, func(f *forger) attempt { return f.user("at_hash", "x", "scp", f.need.Scope) }},
		{"refresh token", kind, func(f *forger) attempt { return f.claims("typ", "Refresh") }},
		{"application with a scope", kind, func(f *forger) attempt { return f.claims("idtyp", "app", "scp", f.need.Scope) }},

		// Claims twice, or of no use.
		{"duplicate claim", malformed, func(f *forger) attempt { return f.edit("{", `{"roles":["x"],`) }},
		{"duplicate unknown claim", malformed, func(f *forger) attempt { return f.edit("{", `{"x":1,"x":2,`) }},
		{"roles are null", malformed, func(f *forger) attempt { return f.edit(`"roles":`, `"roles":null,"x":`) }},
		{"roles are an object", malformed, func(f *forger) attempt { return f.claims("roles", map[string]any{f.need.Role: true}) }},
		{"a role is null", malformed, func(f *forger) attempt { return f.claims("roles", []any{f.need.Role, nil}) }},
		{"groups are a number", malformed, func(f *forger) attempt { return f.claims("groups", 1) }},

		// Good, and without the permission.
		{"application without roles", "", func(f *forger) attempt { return f.claims("roles", nil) }},
		{"application with other roles", "", func(f *forger) attempt { return f.claims("roles", []string{"Alert.Read.All", f.need.Role + ".x"}) }},
		{"application with the role in one text", "", func(f *forger) attempt { return f.claims("roles", "x "+f.need.Role) }},
		{"application with the role in other letters", "", func(f *forger) attempt { return f.claims("roles", strings.ToUpper(f.need.Role)) }},
		{"application with the role in another claim", "", func(f *forger) attempt { return f.claims("roles", nil, "ROLES", []string{f.need.Role}) }},
		{"application with the role as a group", "", func(f *forger) attempt { return f.claims("roles", nil, "groups", []string{f.need.Role}) }},
		{"application with the role as a directory role", "", func(f *forger) attempt { return f.claims("roles", nil, "wids", []string{f.need.Role}) }},
		{"scope of RFC 9068 in an application's token", "", func(f *forger) attempt { return f.claims("roles", nil, "idtyp", "app", "scope", f.need.Scope) }},
		{"user without a scope", "", func(f *forger) attempt { return f.user() }},
		{"user with an empty scope", "", func(f *forger) attempt { return f.user("scp", "") }},
		{"user with another scope", "", func(f *forger) attempt { return f.user("scp", "Machine.Read "+f.need.Scope+".x") }},
		{"role in a user's token", "", func(f *forger) attempt { return f.user("scp", "Machine.Read", "roles", []string{f.need.Role}) }},
		{"role in a token that says it is a user's", "", func(f *forger) attempt { return f.claims("idtyp", "user") }},
		{"role without a sign of an application", "", func(f *forger) attempt { return f.claims("sub", "someone") }},
	}
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// TestAuthorizationMatrix sends every defect to every route of the table: each is refused with the status it deserves
// and in the contract's own words, nothing is read of the request, no query starts, and the audit trail and the log keep
// who was refused and never a token. A route that is added is covered by being in the table.
func TestAuthorizationMatrix(t *testing.T) {
	table := defects()
	if len(table) < 100 {
		t.Fatalf("%d kinds of defects", len(table))
	}
	tried := 0
	var all []route
	for _, rt := range routes() {
		for _, path := range append([]string{rt.Path}, rt.Aliases...) {
			rt.Path = path
			all = append(all, rt)
		}
	}
	for _, own := range ownRoutes() {
		if own.Need != (auth.Permission{}) {
			all = append(all, route{Method: own.Method, Path: own.Path, Contract: "harrier", Permission: own.Need, Fail: failEnvelope})
		}
	}
	for _, rt := range all {
		t.Run(rt.Method+" "+rt.Path, func(t *testing.T) {
			saved := statetest.Open(t, statetest.File(t))
			f := &forger{bed: newBed(t, &canned{fault: "panic"}, context.Background(), func(c *Config) {
				c.Queries, c.Ops.Reload = saved, func(context.Context) error { return nil }
			}), need: rt.Permission}
			for _, scheme := range []attempt{f.claims(), f.claims("aud", audience+"/"), f.claims("aud", []string{"https://a.example", audience}), f.user("scp", "x "+f.need.Scope)} {
				if res, err := f.send(rt, scheme); err != nil || res.Code == 401 || res.Code == 403 {
					t.Fatalf("what the defects are made of is refused: %d %s %v", res.Code, res.Body, err)
				}
			}
			for _, d := range table {
				t.Run(d.name, func(t *testing.T) {
					tried++
					f.check(t, rt, d)
				})
			}
		})
	}
	t.Logf("%d refusals: %d routes × %d defects", tried, len(all), len(table))
}

// send gives the request to the server, as if it came from the peer.
func (f *forger) send(rt route, a attempt) (*httptest.ResponseRecorder, error) {
	req := f.request(rt, a)
	asked := req.Clone(context.Background())
	res := httptest.NewRecorder()
	f.server.ServeHTTP(res, req)
	p, err := f.server.cfg.Verifier.AuthenticateRequest(context.Background(), asked)
	if err == nil {
		err = rt.authorize(p)
	}
	return res, err
}

func (f *forger) request(rt route, a attempt) *http.Request {
	path := pathParameter.ReplaceAllString(rt.Path, "44444444-4444-4444-8444-444444444444")
	req := httptest.NewRequest(rt.Method, path+"?"+a.query.Encode(), strings.NewReader("{ not read before it is known who asks"))
	req.RemoteAddr = "127.0.0.1:50000"
	if a.peer != "" {
		req.RemoteAddr = a.peer
	}
	for _, h := range a.headers {
		req.Header.Add("Authorization", h)
	}
	return req
}

func (f *forger) check(t *testing.T, rt route, d defect) {
	a := d.make(f)
	before := len(f.audited())
	res, err := f.send(rt, a)
	status, outcome := http.StatusUnauthorized, unauthenticated
	if d.reason == "" {
		status, outcome = http.StatusForbidden, forbidden
	}
	var refused *auth.Unauthenticated
	var denied *auth.Forbidden
	switch {
	case status == 401 && (!errors.As(err, &refused) || refused.Reason != d.reason):
		t.Fatalf("refused because of %v, want %q", err, d.reason)
	case status == 403 && !errors.As(err, &denied):
		t.Fatalf("refused because of %v, want a lack of permission", err)
	}
	asked := &call{s: f.server, r: f.request(rt, a), out: &recorder{ResponseWriter: httptest.NewRecorder()}, id: res.Header().Get("Request-Id"), start: noon()}
	fail := failed(context.Background(), err)
	if rt.Refuse != nil {
		rt.Refuse(fail)
	}
	want := string(rt.Fail(nil, fail, asked))
	if res.Code != status || res.Body.String() != want {
		t.Fatalf("%d %s\nwant %d %s", res.Code, res.Body, status, want)
	}
	if got := res.Header().Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") {
		t.Errorf("WWW-Authenticate %q", got)
	}
	records := f.audited()
	if len(records) != before+1 {
		t.Fatalf("%d audit records, want one more than %d", len(records), before)
	}
	if r := records[before]; r.Status != status || r.Outcome != string(outcome) || r.Query != "" || r.Contract != rt.Contract {
		t.Errorf("audit record %+v", r)
	}
	for _, h := range a.headers {
		if _, token, _ := strings.Cut(h, " "); len(token) > 20 && strings.Contains(f.logged(), token) {
			t.Error("the token is in the log")
		}
	}
}

// TestEveryAddressIsKnown: whatever the server answers is in the matrix, or open on purpose, which is said here. An
// address that is added to the server and to neither fails.
func TestEveryAddressIsKnown(t *testing.T) {
	open := map[string]string{
		supportPath:  "what of the language runs is public, as the language is",
		metadataPath: "clients ask where tokens are to be had before they have one",
		openapiPath:  "the contracts are public",
		regionsPath:  "clients choose the nearest before they have a token",
		"/healthz":   "a load balancer has no token, and learns one bit",
		"/metrics":   "a token of its own, or loopback: TestMetricsAccess",
	}
	iss, err := issuer.Open(issuer.Options{Dir: t.TempDir(), BaseURL: "http://127.0.0.1:8645", Tenants: []string{tenant}, Clock: noon,
		Resources: []issuer.Resource{{URI: audience}}})
	if err != nil {
		t.Fatal(err)
	}
	b := newBed(t, &canned{}, context.Background(), func(c *Config) {
		c.Issuer, c.Queries, c.Ops.Reload = iss, statetest.Open(t, statetest.File(t)), func(context.Context) error { return nil }
	})
	guarded := map[string]bool{}
	for _, own := range ownRoutes() {
		path := strings.TrimSuffix(own.Path, "/{name}")
		if guarded[path] = own.Need != (auth.Permission{}); !guarded[path] && open[path] == "" {
			t.Errorf("%s needs no permission, and nothing says why", own.Path)
		}
	}
	answered := map[string]bool{}
	for _, f := range b.server.fixed {
		answered[f.path] = true
	}
	for path := range b.server.ops {
		answered[path] = true
	}
	for path := range answered {
		if guarded[path] == (open[path] != "") {
			t.Errorf("%s is answered, and neither in the matrix nor open on purpose, or both", path)
		}
	}
	for path := range guarded {
		if !answered[path] {
			t.Errorf("%s is in the table and not answered", path)
		}
	}
	for path := range open {
		if !answered[path] {
			t.Errorf("%s is open and not answered", path)
		}
	}
	for _, rt := range routes() {
		if rt.Permission == (auth.Permission{}) || rt.Permission.Role == "" || rt.Permission.Scope == "" {
			t.Errorf("%s %s: permission %+v", rt.Method, rt.Path, rt.Permission)
		}
	}
	var patterns []string
	for _, r := range iss.Routes(b.server.signedIn) {
		_, path, _ := strings.Cut(r.Pattern, " /{tenant}")
		patterns = append(patterns, strings.Fields(r.Pattern)[0]+" "+path)
	}
	const public = "POST /oauth2/v2.0/token,POST /oauth2/token,GET /oauth2/v2.0/authorize,POST /oauth2/v2.0/authorize,GET /oauth2/authorize," +
		"POST /oauth2/authorize,GET /v2.0/.well-known/openid-configuration,GET /.well-known/openid-configuration,GET /discovery/v2.0/keys,GET /discovery/keys"
	if got := strings.Join(patterns, ","); got != public {
		t.Errorf("the issuer answers %s, of which nobody has said that it is open", got)
	}
}

// TestSignInsAreAudited: what the issuer tells is in the trail, with the caller as the actor only when that was proved.
func TestSignInsAreAudited(t *testing.T) {
	b := newBed(t, &canned{}, context.Background(), nil)
	w := httptest.NewRecorder()
	w.Header().Set("Request-Id", "r-1")
	r := httptest.NewRequest("POST", "/"+tenant+"/oauth2/token", nil)
	good := issuer.Event{Start: noon(), Kind: "token password", Tenant: tenant, ClientID: "script", ObjectID: "oid-1", Name: "eve", Status: 200}
	bad := good
	bad.Status, bad.Failure = 400, "invalid_grant"
	for _, e := range []issuer.Event{good, bad} {
		if err := b.server.signedIn(w, r, e); err != nil {
			t.Fatal(err)
		}
	}
	got := b.audited()
	if a := got[0]; a.Outcome != "ok" || a.Contract != "identity" || a.Actor.AppID != "script" || a.Actor.Name != "eve" || a.Actor.App || a.RequestID != "r-1" ||
		a.Tenant != tenant || a.Detail != "token password" || a.Source != "192.0.2.1" {
		t.Errorf("%+v", a)
	}
	if a := got[1]; a.Outcome != "unauthenticated" || a.Actor != (audit.Actor{}) || a.Status != 400 || a.Detail != "token password: invalid_grant; client script; account eve" {
		t.Errorf("%+v", a)
	}
}
