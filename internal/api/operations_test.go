package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/quota"
)

// fetch asks without a token.
func (b *bed) fetch(method, path, token string) (int, string) {
	b.t.Helper()
	req, err := http.NewRequest(method, b.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(body)
}

// firstBlocks is an engine whose first query runs until its client goes away.
type firstBlocks struct {
	canned
	once    sync.Once
	started chan struct{}
}

func (e *firstBlocks) Query(ctx context.Context, q lower.Query) (engine.Rows, error) {
	e.once.Do(func() {
		close(e.started)
		<-ctx.Done()
	})
	if err := ctx.Err(); err != nil {
		return nil, engine.NewError(engine.Cancelled, secret, err)
	}
	return e.canned.Query(ctx, q)
}

// TestQueue: with one slot, a second request waits and is answered; one that goes away leaves; one that waits too long
// is refused with 429.
func TestQueue(t *testing.T) {
	e := &firstBlocks{started: make(chan struct{})}
	b := newBed(t, &e.canned, context.Background(), func(c *Config) {
		c.MaxConcurrent, c.Ops.MaxWait = 1, 400*time.Millisecond
		c.Hunt.Store = func(string) (engine.Engine, bool) { return e, true }
	})
	holder, release := context.WithCancel(context.Background())
	defer release()
	ask := func(ctx context.Context) chan int {
		done := make(chan int, 1)
		go func() {
			res, err := b.post(ctx, "print 1")
			if err != nil {
				done <- 0
				return
			}
			res.Body.Close()
			done <- res.StatusCode
		}()
		return done
	}
	ask(holder)
	<-e.started
	waiting := func(n int) func() bool { return func() bool { return b.server.queue.Stats().Waiting == n } }
	ctx, leave := context.WithCancel(context.Background())
	gone := ask(ctx)
	waitFor(t, "a waiter", waiting(1))
	leave()
	waitFor(t, "its leaving", waiting(0))
	<-gone
	if status := <-ask(context.Background()); status != 429 {
		t.Errorf("too long a wait: %d", status)
	}
	last := ask(context.Background())
	waitFor(t, "a waiter", waiting(1))
	release()
	if status := <-last; status != 200 {
		t.Errorf("its turn has come: %d", status)
	}
	waitFor(t, "the trail", func() bool { return len(b.audited()) == 4 })
	_, text := b.fetch("GET", "/metrics", "")
	for _, want := range []string{`harrier_queue_left_total{reason="gone"} 1`, `harrier_queue_left_total{reason="timeout"} 1`,
		`harrier_queue_seconds_count 2`, `harrier_slots 1`, `harrier_queue_waiting 0`, `harrier_requests_total{contract="mde",outcome="busy"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}

// TestGauges are what the program tells of itself.
func TestGauges(t *testing.T) {
	b := newBed(t, &canned{rows: []string{"[1]"}}, context.Background(), func(c *Config) {
		c.Ops.Version, c.Ops.Commit = "v1.2.3", "abc"
		c.Ops.StoreBytes = func() map[string]int64 { return map[string]int64{tenant: 12345} }
		c.Ops.AuditBacklog = func() (int64, error) { return 7, nil }
	})
	for range 3 {
		if res, err := b.post(context.Background(), "print 1"); err != nil || res.Body.Close() != nil {
			t.Fatal(err)
		}
	}
	_, text := b.fetch("GET", "/metrics", "")
	for _, want := range []string{`harrier_build_info{commit="abc",version="v1.2.3"} 1`, `harrier_audit_backlog_bytes 7`,
		`harrier_store_bytes{tenant="` + tenant + `"} 12345`,
		`harrier_quota_used_ratio{contract="mde",limit="` + string(quota.CallsPerMinute) + `",tenant="` + tenant + `"} 0.2`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// TestMetricsAccess: tenants' names are not for everybody.
func TestMetricsAccess(t *testing.T) {
	for _, c := range []struct {
		token, given, from, header string
		open, want                 bool
	}{
		{from: "127.0.0.1:5", want: true},
		{from: "[::1]:5", want: true},
		{from: "192.0.2.1:5"},
		{from: "127.0.0.1:5", header: "X-Forwarded-For"},
		{from: "192.0.2.1:5", open: true, want: true},
		{from: "192.0.2.1:5", token: "s3cret", given: "Bearer s3cret", want: true},
		{from: "127.0.0.1:5", token: "s3cret"},
		{from: "127.0.0.1:5", token: "s3cret", given: "Bearer s3cre"},
		{from: "127.0.0.1:5", token: "s3cret", given: "s3cret"},
	} {
		s := &Server{cfg: Config{Ops: Operations{MetricsToken: c.token, MetricsOpen: c.open}}}
		r := &http.Request{RemoteAddr: c.from, Header: http.Header{}}
		r.Header.Set("Authorization", c.given)
		if c.header != "" {
			r.Header.Set(c.header, "x")
		}
		if got := s.mayScrape(r); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	b := newBed(t, &canned{}, context.Background(), func(c *Config) { c.Ops.MetricsToken = "s3cret" })
	if status, text := b.fetch("GET", "/metrics", ""); status != 401 || strings.Contains(text, "harrier_") {
		t.Errorf("%d %s", status, text)
	}
	if status, _ := b.fetch("GET", "/metrics", "s3cret"); status != 200 {
		t.Errorf("with the token: %d", status)
	}
}

// TestRegions: anybody may ask where the service runs.
func TestRegions(t *testing.T) {
	b := newBed(t, &canned{}, context.Background(), nil)
	if status, text := b.fetch("GET", "/api/harrier/regions", ""); status != 200 || text != `{"regions":[]}` {
		t.Errorf("%d %s", status, text)
	}
	b = newBed(t, &canned{}, context.Background(), func(c *Config) {
		c.Ops.Regions = func() []Region {
			return []Region{{Name: "eu", URL: "https://eu.example.org", Self: true}, {Name: "us", URL: "https://us.example.org"}}
		}
	})
	want := `{"regions":[{"name":"eu","url":"https://eu.example.org","self":true},{"name":"us","url":"https://us.example.org","self":false}]}`
	if status, text := b.fetch("GET", "/api/harrier/regions", ""); status != 200 || text != want {
		t.Errorf("%d %s", status, text)
	}
	if status, _ := b.fetch("POST", "/api/harrier/regions", ""); status != 405 {
		t.Errorf("POST: %d", status)
	}
}

// TestReload: for those who manage, on record, and a failure says what is wrong.
func TestReload(t *testing.T) {
	b := newBed(t, &canned{}, context.Background(), nil)
	if status, _ := b.fetch("POST", "/api/harrier/reload", b.token("manager")); status != 404 {
		t.Errorf("where nothing can be reloaded: %d", status)
	}
	var fault error
	times := 0
	b = newBed(t, &canned{}, context.Background(), func(c *Config) {
		c.Ops.Reload = func(context.Context) error { times++; return fault }
	})
	for _, c := range []struct {
		method, token string
		fault         error
		want          int
		text          string
	}{
		{"POST", "", nil, 401, ""},
		{"POST", b.token("good"), nil, 403, ""},
		{"GET", b.token("manager"), nil, 405, ""},
		{"POST", b.token("manager"), nil, 200, `{"reloaded":true}`},
		{"POST", b.token("manager"), errors.New("harrier.yaml: line 3: unknown key"), 400, "line 3: unknown key"},
	} {
		fault = c.fault
		if status, text := b.fetch(c.method, "/api/harrier/reload", c.token); status != c.want || !strings.Contains(text, c.text) {
			t.Errorf("%s: %d %s", c.method, status, text)
		}
	}
	if records := b.audited(); times != 2 || len(records) != 4 || records[2].Detail != "reload" || records[2].Actor.AppID != "hunter" {
		t.Errorf("%d times, records %+v", times, records)
	}
}

// TestProfileFor: limits of a tenant, and the text of the query in the log for those who ask for it.
func TestProfileFor(t *testing.T) {
	var mu sync.Mutex
	var seen []Exchange
	b := newBed(t, &canned{rows: []string{"[1]"}}, context.Background(), func(c *Config) {
		c.Ops.LogQueries = true
		c.Ops.Observe = func(_ context.Context, x Exchange) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, x)
		}
		c.Ops.ProfileFor = func(t, contract string) (quota.Profile, bool) {
			return quota.Profile{Name: "tiny", CallsPerMinute: 1}, t == tenant && contract == "mde"
		}
	})
	for i, want := range []int{200, 429} {
		res, err := b.post(context.Background(), fmt.Sprintf("print marker = %d", i))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("call %d: %s", i, res.Status)
		}
	}
	if r := b.audited(); len(r) != 2 || r[0].Profile != "tiny" {
		t.Errorf("%+v", r)
	}
	waitFor(t, "the log", func() bool { return strings.Count(b.logged(), "msg=request") == 2 })
	if log := b.logged(); !strings.Contains(log, `query="print marker = 0"`) || !strings.Contains(log, "id=00000000") {
		t.Error(log)
	}
	waitFor(t, "the observer", func() bool { mu.Lock(); defer mu.Unlock(); return len(seen) == 2 })
	if seen[0].Status != 200 || seen[0].Outcome != "ok" || len(seen[0].Stages) == 0 || seen[1].Status != 429 {
		t.Errorf("%+v", seen)
	}
}
