package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth/issuer"
)

// The tenants of the tests here. Each has one device.
const (
	tenantOne = "aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa"
	tenantTwo = "bbbbbbbb-2222-4222-8222-bbbbbbbbbbbb"
)

// sampleSite is a server of two tenants with an embedded issuer, as a small
// site runs it. The samples change nothing but hosts: of the API, and of the
// token authority.
type sampleSite struct {
	url     string
	secrets map[string]string // of the client "hunter" in each tenant
}

func newSampleSite(t *testing.T) *sampleSite {
	t.Helper()
	dir := t.TempDir()
	s := &sampleSite{secrets: map[string]string{}}
	for tenant, device := range map[string]string{tenantOne: "alpha", tenantTwo: "beta"} {
		fill(t, dir, tenant, device)
		secret, hash, err := issuer.NewSecret()
		if err != nil {
			t.Fatal(err)
		}
		s.secrets[tenant] = secret
		if err := addClient(filepath.Join(dir, "issuer"), issuer.Client{ID: "hunter", Tenant: tenant, SecretHash: hash, Roles: []string{"AdvancedQuery.Read.All"}}); err != nil {
			t.Fatal(err)
		}
	}
	var serve serveCmd
	parse(t, &serve, "--data", dir, "--listen", "127.0.0.1:0", "--tenant", strings.ToUpper(tenantOne), "--tenant", tenantTwo,
		"--log-level", "error", "--memory-limit", "512MB", "--threads", "1")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	var state issuerState
	for i := 0; state.URL == "" && i < 500; i++ {
		time.Sleep(10 * time.Millisecond)
		if err := readIssuerFile(filepath.Join(dir, "issuer"), issuerFile, &state); err != nil {
			t.Fatal(err)
		}
	}
	s.url = state.URL
	for range 500 {
		if res, err := http.Get(s.url + "/healthz"); err == nil {
			res.Body.Close()
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	// A person is added while the server runs.
	var add addUserCmd
	parse(t, &add, "--data", dir, "--tenant", tenantOne, "--group", "soc", "eve@example.org")
	add.in = strings.NewReader("a password of some length\n")
	if err := add.Run(ctx); err != nil {
		t.Fatal(err)
	}
	var old newClientCmd
	parse(t, &old, "--data", dir, "--tenant", tenantOne, "--public", "--password", "--scope", "AdvancedQuery.Read", "native")
	if err := old.Run(ctx); err != nil {
		t.Fatal(err)
	}
	var page newClientCmd
	parse(t, &page, "--data", dir, "--tenant", tenantOne, "--public", "--redirect", "https://hunt.example.org/", "--scope", "AdvancedQuery.Read", "page")
	if err := page.Run(ctx); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // the server reads them again when a second has passed
	return s
}

// fill gives a tenant one device.
func fill(t *testing.T, dir, tenant, device string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "records.json")
	at := time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)
	record := fmt.Sprintf(`{"records":[{"time":%q,"tenantId":%q,"category":"AdvancedHunting-DeviceInfo","properties":{"Timestamp":%q,"DeviceId":%q,"DeviceName":%q}}]}`,
		at, tenant, at, device+"-id", device)
	if err := os.WriteFile(path, []byte(record), 0o600); err != nil {
		t.Fatal(err)
	}
	var c ingestCmd
	parse(t, &c, "--data", dir, "--tenant", tenant, "--quiet", "--memory-limit", "512MB", path)
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestSamples are the ways of the published samples, from the form that gets
// a token to the rows that are read: nothing but hosts is changed.
func TestSamples(t *testing.T) {
	s := newSampleSite(t)
	// Python, urllib, ADAL's endpoint: a form in this order, and the answer's one member.
	pythonToken := func(t *testing.T, tenant, resource string) string {
		body := "resource=" + url.QueryEscape(resource) + "&client_id=hunter&client_secret=" + url.QueryEscape(s.secrets[tenant]) + "&grant_type=client_credentials"
		// urllib sends this type by itself when there is data.
		return s.token(t, "/"+tenant+"/oauth2/token", body, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "User-Agent": {"Python-urllib/3.11"}})
	}
	// PowerShell, Invoke-RestMethod with a hashtable as the body.
	powerShellToken := func(t *testing.T, tenant, resource string) string {
		form := url.Values{"resource": {resource}, "client_id": {"hunter"}, "client_secret": {s.secrets[tenant]}, "grant_type": {"client_credentials"}}
		return s.token(t, "/"+tenant+"/oauth2/token", form.Encode(), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	}
	// What is written today: the v2 endpoint.
	v2Token := func(t *testing.T, tenant, resource string) string {
		form := url.Values{"scope": {strings.TrimSuffix(resource, "/") + "/.default"}, "client_id": {"hunter"}, "client_secret": {s.secrets[tenant]}, "grant_type": {"client_credentials"}}
		return s.token(t, "/"+tenant+"/oauth2/v2.0/token", form.Encode(), http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}})
	}
	resources := []string{"https://api.securitycenter.windows.com", "https://api.securitycenter.windows.com/", "https://api.securitycenter.microsoft.com",
		"https://securitycenter.onmicrosoft.com/windowsatpservice"}
	devices := map[string]string{tenantOne: "alpha", tenantTwo: "beta"}
	for tenant, device := range devices {
		for n, resource := range resources {
			for name, get := range map[string]func(*testing.T, string, string) string{"python": pythonToken, "powershell": powerShellToken, "v2": v2Token} {
				if n > 0 && name == "powershell" {
					continue // the same form; 15 queries a minute are allowed
				}
				t.Run(fmt.Sprintf("%s %s %s", name, device, resource), func(t *testing.T) {
					token := get(t, tenant, resource)
					if name == "powershell" {
						s.powerShell(t, token, device)
					} else {
						s.python(t, token, device)
					}
				})
			}
		}
	}
	t.Run("password", func(t *testing.T) {
		form := url.Values{"resource": {resources[0]}, "client_id": {"native"}, "grant_type": {"password"}, "username": {"eve@example.org"}, "password": {"a password of some length"}}
		token := s.token(t, "/"+tenantOne+"/oauth2/token", form.Encode(), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
		status, answer := s.run(t, token, "print x = 1")
		if status != http.StatusOK {
			t.Errorf("%d %s", status, answer)
		}
	})
	t.Run("sign-in page", func(t *testing.T) {
		q := url.Values{"client_id": {"page"}, "response_type": {"code"}, "redirect_uri": {"https://hunt.example.org/"}, "scope": {resources[2] + "/AdvancedQuery.Read openid"},
			"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"}}
		res, err := http.Get(s.url + "/" + tenantOne + "/oauth2/v2.0/authorize?" + q.Encode())
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		page, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(page), `name="password"`) || len(res.Cookies()) != 1 ||
			!strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s %v %s", res.Status, res.Header, page)
		}
	})
	t.Run("a client of one tenant in the other", func(t *testing.T) {
		form := url.Values{"resource": {resources[0]}, "client_id": {"hunter"}, "client_secret": {s.secrets[tenantTwo]}, "grant_type": {"client_credentials"}}
		res, err := http.PostForm(s.url+"/"+tenantOne+"/oauth2/token", form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized {
			t.Error(res.Status)
		}
	})
}

// token posts the form and reads access_token, as every sample does.
func (s *sampleSite) token(t *testing.T, path, body string, head http.Header) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = head
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	token, _ := answer["access_token"].(string)
	if res.StatusCode != http.StatusOK || token == "" {
		t.Fatalf("%s %v", res.Status, answer)
	}
	return token
}

func (s *sampleSite) run(t *testing.T, token, query string) (int, []byte) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"Query": query})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, s.url+"/api/advancedqueries/run", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, data
}

// python reads Schema and Results by their names and writes a CSV file whose
// heading is the schema.
func (s *sampleSite) python(t *testing.T, token, device string) {
	t.Helper()
	status, data := s.run(t, token, "DeviceInfo | limit 10 | project Timestamp, DeviceName")
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(data, &answer); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, data, err)
	}
	var schema []struct{ Name, Type string }
	var results []map[string]any
	if json.Unmarshal(answer["Schema"], &schema) != nil || json.Unmarshal(answer["Results"], &results) != nil {
		t.Fatalf("%s", data)
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	heading := []string{}
	for _, c := range schema {
		heading = append(heading, c.Name)
	}
	_ = w.Write(heading)
	for _, row := range results {
		line := []string{}
		for _, c := range schema {
			line = append(line, fmt.Sprint(row[c.Name]))
		}
		_ = w.Write(line)
	}
	w.Flush()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || lines[0] != "Timestamp,DeviceName" || !strings.HasSuffix(lines[1], ","+device) {
		t.Errorf("the tenant's rows:\n%s", out.String())
	}
}

// powerShell reads members without regard to case, as the shell does.
func (s *sampleSite) powerShell(t *testing.T, token, device string) {
	t.Helper()
	status, data := s.run(t, token, "DeviceInfo | project DeviceName, DeviceId")
	var answer struct {
		Results []struct{ DeviceName, DeviceId string }
		Schema  []struct{ Name, Type string }
	}
	if err := json.Unmarshal(data, &answer); err != nil || status != http.StatusOK || len(answer.Results) != 1 {
		t.Fatalf("%d %s %v", status, data, err)
	}
	if r := answer.Results[0]; r.DeviceName != device || r.DeviceId != device+"-id" || answer.Schema[0].Type != "String" {
		t.Errorf("%+v", answer)
	}
}

// TestTenantsFlag lists what names tenants.
func TestTenantsFlag(t *testing.T) {
	for want, names := range map[string][]string{
		"given twice":  {tenantOne, strings.ToUpper(tenantOne)},
		"no tenant":    {},
		"use one GUID": {"../elsewhere"},
		`tenant "a,b"`: {"a,b"},
		`tenant ".x"`:  {".x"},
		`tenant ""`:    {""},
	} {
		if _, err := (tenantsFlag{names}).canonical(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", names, err)
		}
	}
	got, err := (tenantsFlag{[]string{strings.ToUpper(tenantOne), "Lab.1"}}).canonical()
	if err != nil || strings.Join(got, " ") != tenantOne+" Lab.1" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := (engineFlags{Functions: "x"}).openAll([]string{"a", "b"}, nil); err == nil || !strings.Contains(err.Error(), "--functions") {
		t.Errorf("functions of several tenants: %v", err)
	}
}

// TestUsers adds, changes, lists and removes a person.
func TestUsers(t *testing.T) {
	dir := t.TempDir()
	add := func(password string, args ...string) error {
		var c addUserCmd
		parse(t, &c, append([]string{"--data", dir}, args...)...)
		c.in = strings.NewReader(password + "\r\n")
		return c.Run(t.Context())
	}
	for _, c := range []struct {
		password string
		args     []string
		want     string // of an error
	}{
		{"short", []string{"eve"}, "12 to 1024"},
		{strings.Repeat("x", 2000), []string{"eve"}, "12 to 1024"},
		{"long enough for me", []string{"--replace", "eve"}, "no user"},
		{"long enough for me", []string{"--group", "soc", "eve"}, ""},
		{"long enough for me", []string{"EVE"}, "exists"},
		{"another long password", []string{"--replace", "--group", "hr", "Eve"}, ""},
	} {
		if err := add(c.password, c.args...); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c.args, err)
		}
	}
	users, err := readUsers(filepath.Join(dir, "issuer"))
	if err != nil || len(users) != 1 || users[0].Name != "Eve" || users[0].Groups[0] != "hr" || !strings.HasPrefix(users[0].PasswordHash, "$argon2id$") {
		t.Fatalf("%+v, %v", users, err)
	}
	for _, want := range []string{"", "no user"} {
		var c dropUserCmd
		parse(t, &c, "--data", dir, "eve")
		if err := c.Run(t.Context()); (err == nil) != (want == "") {
			t.Errorf("removing: %v", err)
		}
	}
}
