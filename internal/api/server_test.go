package api

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/auth/issuer"
	"github.com/harrier-hunting/harrier/internal/quota"
)

// TestRoutes holds every row of the table complete and alive: whoever has no
// token is refused in the contract's own words.
func TestRoutes(t *testing.T) {
	b := newBed(t, &canned{}, context.Background(), nil)
	seen := map[string]bool{}
	for _, r := range routes() {
		if key := r.Method + " " + r.Path; seen[key] || r.Method == "" || !strings.HasPrefix(r.Path, "/") {
			t.Errorf("route %q is there twice or incomplete", key)
		} else {
			seen[key] = true
		}
		if _, ok := quota.Lookup(r.Profile); !ok || r.Contract == "" || r.Permission.Role == "" ||
			(r.Decode == nil && r.Open == nil || r.Encode == nil) == (r.Answer == nil) || r.Fail == nil || r.Doc.Summary == "" {
			t.Errorf("%s: incomplete row (profile %q)", r.Path, r.Profile)
		}
		req, _ := http.NewRequest(r.Method, b.url+r.Path, strings.NewReader("{}"))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		asked := &call{s: b.server, r: req, id: res.Header.Get("Request-Id"), start: noon()}
		want := string(r.Fail(nil, failed(context.Background(), missingToken()), asked))
		if res.StatusCode != 401 || string(body) != want {
			t.Errorf("%s without a token: %d %s", r.Path, res.StatusCode, body)
		}
	}
}

func missingToken() error {
	_, err := auth.Bearer(http.Header{})
	return err
}

// TestFailures covers the errors that no exchange can provoke with a fixed
// clock or without a network.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		code   string
		retry  time.Duration
	}{
		{&auth.Unavailable{RetryAfter: 30 * time.Second}, 503, "ServiceUnavailable", 30 * time.Second},
		{&auth.Unavailable{}, 503, "ServiceUnavailable", time.Second},
		{&quota.Exceeded{Limit: quota.RunPerHour, Run: time.Minute, Window: time.Hour, RetryAfter: 1500 * time.Millisecond}, 429, "TooManyRequests", 2 * time.Second},
		{fmt.Errorf("wrapped: %w", &quota.Exceeded{Limit: quota.CallsPerHour, Calls: 1}), 429, "429", time.Second},
		{context.DeadlineExceeded, 400, "BadRequest", 0},
		{errors.New(secret), 500, "InternalServerError", 0},
	} {
		f := failed(context.Background(), c.err)
		if f.status != c.status || f.code != c.code || f.retry != c.retry || strings.Contains(f.message, "secret") {
			t.Errorf("%v: %+v", c.err, f)
		}
	}
}

// waitFor polls a condition that another goroutine makes true.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}

// TestClientGone: the query of a client that hangs up ends, and is recorded.
func TestClientGone(t *testing.T) {
	e := &canned{fault: "block", started: make(chan struct{})}
	b := newBed(t, e, context.Background(), nil)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-e.started; cancel() }()
	if res, err := b.post(ctx, "DeviceInfo"); err == nil {
		t.Fatalf("an answer: %v", res.Status)
	}
	waitFor(t, "the audit record", func() bool { return len(b.audited()) == 1 })
	if r := b.audited()[0]; r.Status != statusGone || r.Outcome != string(cancelled) || e.open.Load() != 0 {
		t.Errorf("record %+v, %d open results", r, e.open.Load())
	}
}

// TestStopping: a query that the end of the service interrupts is answered.
func TestStopping(t *testing.T) {
	e := &canned{fault: "block", started: make(chan struct{})}
	base, cancel := context.WithCancelCause(context.Background())
	b := newBed(t, e, base, nil)
	go func() { <-e.started; cancel(ErrStopping) }()
	res, err := b.post(context.Background(), "DeviceInfo")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 503 || res.Header.Get("Retry-After") != "5" {
		t.Errorf("%s %v", res.Status, res.Header)
	}
}

// TestBusy: one slot, two requests.
func TestBusy(t *testing.T) {
	e := &canned{fault: "block", started: make(chan struct{})}
	b := newBed(t, e, context.Background(), func(c *Config) { c.MaxConcurrent, c.Ops.MaxQueued = 1, -1 })
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if res, err := b.post(ctx, "DeviceInfo"); err == nil {
			res.Body.Close()
		}
	}()
	<-e.started
	res, err := b.post(context.Background(), "DeviceInfo")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 429 || res.Header.Get("Retry-After") != "5" {
		t.Errorf("%s %v", res.Status, res.Header)
	}
	cancel()
	<-done
	waitFor(t, "the slot", func() bool { return b.server.queue.Stats().Running == 0 })
}

// TestSlowQuery: the deadline for the request's body does not end its query.
func TestSlowQuery(t *testing.T) {
	e := &canned{rows: []string{`["a"]`}, delay: 300 * time.Millisecond}
	b := newBed(t, e, context.Background(), func(c *Config) { c.BodyTimeout = 100 * time.Millisecond })
	res, err := b.post(context.Background(), "DeviceInfo | project DeviceName")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 200 {
		t.Errorf("%s %s", res.Status, body)
	}
}

// TestSlowBody: a client that does not go on sending is answered.
func TestSlowBody(t *testing.T) {
	b := newBed(t, &canned{}, context.Background(), func(c *Config) { c.BodyTimeout = 100 * time.Millisecond })
	answer := b.exchange(b.expand("POST /api/advancedqueries/run HTTP/1.1\nAuthorization: Bearer {token good}\nContent-Length: 100\n\n{\"Que", ""))
	if !strings.HasPrefix(answer, "HTTP/1.1 400") || !strings.Contains(answer, "did not arrive in time") {
		t.Error(answer)
	}
}

// TestLogs: causes and stacks are in the log; texts of queries are not.
func TestLogs(t *testing.T) {
	for _, c := range []struct{ fault, want string }{{"panic", "runtime/debug.Stack"}, {"other", "secret_table"}, {"", "outcome=ok"}} {
		b := newBed(t, &canned{fault: c.fault}, context.Background(), nil)
		res, err := b.post(context.Background(), "print marker = 'confidential'")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		waitFor(t, "the log", func() bool { return strings.Contains(b.logged(), "msg=request") })
		if log := b.logged(); !strings.Contains(log, c.want) || strings.Contains(log, "confidential") {
			t.Errorf("%q: log\n%s", c.fault, log)
		}
		if strings.Contains(string(body), "secret") {
			t.Errorf("%q: answer %s", c.fault, body)
		}
	}
}

// TestLargeAnswer spans several chunks of the buffer.
func TestLargeAnswer(t *testing.T) {
	e := &canned{}
	for i := range 3000 {
		e.rows = append(e.rows, fmt.Sprintf(`["%d %s"]`, i, strings.Repeat("x", 500)))
	}
	e.rows = append(e.rows, `["`+strings.Repeat("y", 3*chunkBytes)+`"]`, `["end"]`)
	b := newBed(t, e, context.Background(), nil)
	for range 2 { // the second uses the chunks of the first
		res, err := b.post(context.Background(), "DeviceInfo | project DeviceName")
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Results []struct{ DeviceName string } }
		err = json.NewDecoder(res.Body).Decode(&got)
		res.Body.Close()
		if err != nil || len(got.Results) != 3002 || !strings.HasPrefix(got.Results[1234].DeviceName, "1234 ") ||
			len(got.Results[3000].DeviceName) != 3*chunkBytes || got.Results[3001].DeviceName != "end" {
			t.Fatalf("%d rows, error %v", len(got.Results), err)
		}
	}
}

// TestTLS: the header that pins https is sent over https only; the exchanges
// show its absence.
func TestTLS(t *testing.T) {
	b := newBed(t, &canned{}, context.Background(), nil)
	srv := httptest.NewTLSServer(b.server)
	defer srv.Close()
	client := srv.Client()
	client.Transport.(*http.Transport).TLSClientConfig.MinVersion = tls.VersionTLS12
	res, err := client.Get(srv.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got := res.Header.Get("Strict-Transport-Security"); got != "max-age=15724800; includeSubDomains" {
		t.Errorf("header %q", got)
	}
}

// TestHealth: a store that cannot be read is told without its reason.
func TestHealth(t *testing.T) {
	calls := 0
	b := newBed(t, &canned{}, context.Background(), func(c *Config) {
		c.Health = func(context.Context) error { calls++; return errors.New(secret) }
	})
	for range 3 {
		res, err := http.Get(b.url + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 503 || string(body) != `{"status":"unavailable"}` {
			t.Errorf("%s %s", res.Status, body)
		}
	}
	if calls != 1 {
		t.Errorf("the store was asked %d times within a second", calls)
	}
}

// TestMetrics scrapes what some requests have left.
func TestMetrics(t *testing.T) {
	b := newBed(t, &canned{rows: []string{`[1]`}}, context.Background(), nil)
	for _, query := range []string{"print 1", "print 1", "print", "Nope"} {
		res, err := b.post(context.Background(), query)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	res, err := http.Get(b.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	for _, want := range []string{
		`harrier_requests_total{contract="mde",outcome="ok"} 2`,
		`harrier_requests_total{contract="mde",outcome="syntax"} 1`,
		`harrier_requests_total{contract="mde",outcome="semantic"} 1`,
		`harrier_result_rows_count{contract="mde"} 2`,
		`harrier_stage_seconds_count{stage="parse"} 4`,
		`harrier_stage_seconds_count{stage="read"} 2`,
		`harrier_requests_in_flight{contract="mde"} 0`,
		`harrier_audit_errors_total 0`,
		`go_goroutines `,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s", want)
		}
	}
}

// TestIssuer gets a token from the mounted issuer as a client does, and asks
// with it.
func TestIssuer(t *testing.T) {
	secretText, hash, err := issuer.NewSecret()
	if err != nil {
		t.Fatal(err)
	}
	iss, err := issuer.Open(issuer.Options{Dir: t.TempDir(), BaseURL: "http://127.0.0.1:8645", Tenants: []string{tenant}, Clock: noon,
		Resources: []issuer.Resource{{URI: audience}},
		Clients:   []issuer.Client{{ID: "client", Tenant: tenant, SecretHash: hash, Roles: []string{"AdvancedQuery.Read.All"}}}})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := auth.NewVerifier(auth.Config{Tenants: []string{tenant}, Audiences: []string{audience}, Issuers: iss.Trusted(), Clock: noon})
	if err != nil {
		t.Fatal(err)
	}
	b := newBed(t, &canned{rows: []string{"[1]"}}, context.Background(), func(c *Config) { c.Issuer, c.Verifier = iss, verifier })
	res, err := http.PostForm(b.url+"/"+tenant+"/oauth2/v2.0/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {"client"},
		"client_secret": {secretText}, "scope": {audience + "/.default"}})
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	err = json.NewDecoder(res.Body).Decode(&answer)
	res.Body.Close()
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%s %v", res.Status, err)
	}
	req, _ := http.NewRequest("POST", b.url+"/api/advancedqueries/run", strings.NewReader(`{"Query":"print 1"}`))
	req.Header.Set("Authorization", "Bearer "+answer.Token)
	if res, err = http.DefaultClient.Do(req); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 200 {
		t.Errorf("%s %s", res.Status, body)
	}
	if off := b.exchange(b.expand("GET /"+tenant+"/oauth2/nothing HTTP/1.1\n", "")); !strings.Contains(off, "ResourceNotFound") {
		t.Error(off)
	}
}
