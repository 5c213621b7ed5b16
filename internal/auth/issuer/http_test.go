package issuer

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// TestTokenV2 asks as a client of today does. The Defender resource has v1 tokens whichever endpoint is asked.
func TestTokenV2(t *testing.T) {
	b := newTestbed(t)
	status, head, body := b.post(t, "/"+tenant+"/oauth2/v2.0/token", credentialsForm("scope", defender+"/.default"), nil)
	token, _ := body["access_token"].(string)
	delete(body, "access_token")
	want := map[string]any{"token_type": "Bearer", "expires_in": 3599.0, "ext_expires_in": 0.0}
	if status != 200 || !reflect.DeepEqual(body, want) {
		t.Fatalf("%d %v", status, body)
	}
	if head.Get("Cache-Control") != "no-store" || head.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("headers %v", head)
	}
	claims := claimsIn(t, token)
	if uti, _ := claims["uti"].(string); len(uti) != 22 {
		t.Errorf("uti %q", uti)
	}
	delete(claims, "uti")
	now := float64(noon().Unix())
	oid := deriveObjectID("", tenant, "hunter")
	expected := map[string]any{
		"aud": defender, "iss": b.url + "/" + tenant + "/", "idp": b.url + "/" + tenant + "/", "iat": now, "nbf": now, "exp": now + 3600,
		"appid": "hunter", "appidacr": "1", "app_displayname": "Hunter", "idtyp": "app", "oid": oid, "sub": oid, "tid": tenant,
		"roles": []any{"AdvancedQuery.Read.All"}, "ver": "1.0",
	}
	if !reflect.DeepEqual(claims, expected) {
		t.Errorf("claims\n%v\nwant\n%v", claims, expected)
	}
	p, err := b.verifier(t, b.Trusted()).Verify(context.Background(), token)
	if err != nil || !p.Can(auth.Permission{Role: "AdvancedQuery.Read.All"}) || p.Tenant != tenant || p.AppID != "hunter" {
		t.Errorf("principal %+v, error %v", p, err)
	}
}

// TestTokenV1 asks as the samples of 2018 do: numbers come as texts.
func TestTokenV1(t *testing.T) {
	b := newTestbed(t)
	status, _, body := b.post(t, "/"+strings.ToUpper(tenant)+"/oauth2/token", credentialsForm("resource", defender+"/"), nil)
	token, _ := body["access_token"].(string)
	delete(body, "access_token")
	want := map[string]any{"token_type": "Bearer", "expires_in": "3599", "ext_expires_in": "3599", "expires_on": "1772370000",
		"not_before": "1772366400", "resource": defender + "/"}
	if status != 200 || !reflect.DeepEqual(body, want) {
		t.Fatalf("%d %v", status, body)
	}
	if got := claimsIn(t, token)["aud"]; got != defender+"/" {
		t.Errorf("aud %v: the audience is the resource as it was asked for", got)
	}
	if _, err := b.verifier(t, b.Trusted()).Verify(context.Background(), token); err != nil {
		t.Error(err)
	}
}

// TestResourceWithV2Tokens: audience is the id, the client is in azp.
func TestResourceWithV2Tokens(t *testing.T) {
	b := newTestbed(t)
	_, _, body := b.post(t, "/"+tenant+"/oauth2/v2.0/token", credentialsForm("scope", graph+"/.default"), nil)
	token, _ := body["access_token"].(string)
	claims := claimsIn(t, token)
	for name, want := range map[string]any{"aud": graphID, "iss": b.url + "/" + tenant + "/v2.0", "azp": "hunter", "azpacr": "1", "ver": "2.0", "appid": nil, "idp": nil} {
		if claims[name] != want {
			t.Errorf("%s = %v, want %v", name, claims[name], want)
		}
	}
	if p, err := b.verifier(t, b.Trusted()).Verify(context.Background(), token); err != nil || p.AppID != "hunter" || !p.App {
		t.Errorf("principal %+v, error %v", p, err)
	}
}

func TestBasicAuthentication(t *testing.T) {
	b := newTestbed(t)
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {defender + "/.default"}}
	status, _, body := b.post(t, "/"+tenant+"/oauth2/v2.0/token", form, func(r *http.Request) {
		r.SetBasicAuth(url.QueryEscape("hunter"), url.QueryEscape(secret))
	})
	if status != 200 {
		t.Errorf("%d %v", status, body)
	}
}

// TestFormWithoutType: msticpy posts its form as bytes and says no type, which Entra takes.
func TestFormWithoutType(t *testing.T) {
	b := newTestbed(t)
	for _, path := range []string{"/oauth2/v2.0/token", "/oauth2/token"} {
		form := credentialsForm("scope", defender+"/.default", "resource", defender)
		if status, _, body := b.post(t, "/"+tenant+path, form, func(r *http.Request) { r.Header.Del("Content-Type") }); status != 200 {
			t.Errorf("%s: %d %v", path, status, body)
		}
	}
}

func TestRefusedRequests(t *testing.T) {
	b := newTestbed(t)
	scope := defender + "/.default"
	for _, c := range []struct {
		name, path string
		form       url.Values
		change     func(*http.Request)
		status     int
		code       string
	}{
		{"wrong secret", tenant, credentialsForm("scope", scope, "client_secret", "guess"), nil, 401, "invalid_client"},
		{"empty secret", tenant, credentialsForm("scope", scope, "client_secret", ""), nil, 401, "invalid_client"},
		{"long secret", tenant, credentialsForm("scope", scope, "client_secret", strings.Repeat("x", 2000)), nil, 401, "invalid_client"},
		{"unknown client", tenant, credentialsForm("scope", scope, "client_id", "nobody"), nil, 401, "invalid_client"},
		{"client of another tenant", "lab", credentialsForm("scope", scope), nil, 401, "invalid_client"},
		{"unknown tenant", "elsewhere", credentialsForm("scope", scope), nil, 400, "invalid_tenant"},
		{"common tenant", "common", credentialsForm("scope", scope), nil, 400, "invalid_tenant"},
		{"unknown resource", tenant, credentialsForm("scope", "https://evil.example/.default"), nil, 400, "invalid_scope"},
		{"no scope", tenant, credentialsForm(), nil, 400, "invalid_scope"},
		{"empty resource", tenant, credentialsForm("scope", "/.default"), nil, 400, "invalid_scope"},
		{"two scopes", tenant, credentialsForm("scope", scope+" "+scope), nil, 400, "invalid_scope"},
		{"delegated scope", tenant, credentialsForm("scope", defender+"/AdvancedQuery.Read"), nil, 400, "invalid_scope"},
		{"no grant type", tenant, credentialsForm("scope", scope, "grant_type", ""), nil, 400, "invalid_request"},
		{"password grant without leave", tenant, credentialsForm("scope", scope, "grant_type", "password"), nil, 400, "unauthorized_client"},
		{"refresh token", tenant, credentialsForm("scope", scope, "grant_type", "refresh_token"), nil, 400, "unsupported_grant_type"},
		{"implicit", tenant, credentialsForm("scope", scope, "grant_type", "implicit"), nil, 400, "unsupported_grant_type"},
		{"invented code", tenant, credentialsForm("grant_type", "authorization_code", "code", "x"), nil, 400, "invalid_grant"},
		{"public client for itself", tenant, credentialsForm("scope", scope, "client_id", "page", "client_secret", ""), nil, 400, "unauthorized_client"},
		{"public client with a secret", tenant, credentialsForm("scope", scope, "client_id", "page"), nil, 401, "invalid_client"},
		{"scopes of two resources", tenant, credentialsForm("scope", scope+" "+graph+"/.default"), nil, 400, "invalid_scope"},
		{"scope of no resource", tenant, credentialsForm("scope", "AdvancedQuery.Read"), nil, 400, "invalid_scope"},
		{"scope of OpenID only", tenant, credentialsForm("scope", "openid profile"), nil, 400, "invalid_scope"},
		{"parameter twice", tenant, url.Values{"client_id": {"hunter", "idle"}}, nil, 400, "invalid_request"},
		{"too long", tenant, credentialsForm("scope", strings.Repeat("x", 20<<10)), nil, 400, "invalid_request"},
		{"JSON", tenant, credentialsForm("scope", scope), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, 400, "invalid_request"},
		{"secret in the address", tenant, url.Values{}, func(r *http.Request) { r.URL.RawQuery = credentialsForm("scope", scope).Encode() }, 400, "invalid_request"},
		{"two authentications", tenant, credentialsForm("scope", scope), func(r *http.Request) { r.SetBasicAuth("hunter", "x") }, 400, "invalid_request"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, head, body := b.post(t, "/"+c.path+"/oauth2/v2.0/token", c.form, c.change)
			text, _ := body["error_description"].(string)
			if status != c.status || body["error"] != c.code || text == "" || body["timestamp"] != "2026-03-01 12:00:00Z" {
				t.Errorf("%d %v, want %d %s", status, body, c.status, c.code)
			}
			if (status == 401) != (head.Get("WWW-Authenticate") == "Basic") {
				t.Errorf("WWW-Authenticate %q", head.Get("WWW-Authenticate"))
			}
		})
	}
	status, _, body := b.post(t, "/"+tenant+"/oauth2/token", credentialsForm("resource", "https://evil.example"), nil)
	if status != 400 || body["error"] != "invalid_resource" {
		t.Errorf("v1: %d %v", status, body)
	}
}
