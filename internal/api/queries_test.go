package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/state"
	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

// do sends a request with a token.
func (b *bed) do(method, path, token, body string) (int, string) {
	b.t.Helper()
	req, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
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
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// person is a token of a user of some tenant.
func (b *bed) person(tid, oid string, more map[string]any) string {
	claims := map[string]any{"iss": issuerV1 + tid + "/", "aud": audience, "tid": tid, "appid": "hunter", "oid": oid, "sub": oid, "scp": "AdvancedQuery.Read",
		"upn": oid + "@example.org", "iat": noon().Unix(), "nbf": noon().Unix(), "exp": noon().Add(time.Hour).Unix()}
	for k, v := range more {
		if claims[k] = v; v == nil {
			delete(claims, k)
		}
	}
	return b.sign(b.key, claims)
}

// TestSavedQueries: everybody has their own, which nobody else sees, changes or deletes; the tenant's are read by all of it
// and changed by those who manage.
func TestSavedQueries(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		st := statetest.Open(t, place)
		b := newBed(t, &canned{}, context.Background(), func(c *Config) { c.Queries = st })
		ann, bob, other := b.person(tenant, "ann", nil), b.person(tenant, "bob", nil), b.person(stranger, "ann", nil)
		manager := b.person(tenant, "boss", map[string]any{"scp": "AdvancedQuery.Read Harrier.Manage"})
		app, nobody := b.token("good"), b.person(tenant, "", map[string]any{"oid": nil, "sub": nil})
		const at = "/api/harrier/queries"
		for i, step := range []struct {
			method, path, token, body string
			want                      int
			text                      string
		}{
			{"GET", at, ann, "", 200, `{"value":[]}`},
			{"PUT", at + "/n%20%C3%BC", ann, `{"Query":"print 'ann'"}`, 200, `"Name":"n ü","Query":"print 'ann'","Shared":false`},
			{"PUT", at + "/n%20%C3%BC", bob, `{"Query":"print 'bob'"}`, 200, "bob"},
			{"PUT", at + "/n%20%C3%BC", app, `{"Query":"print 'app'"}`, 200, "app"},
			{"GET", at + "/n%20%C3%BC", ann, "", 200, "print 'ann'"},
			{"GET", at + "/n%20%C3%BC", bob, "", 200, "print 'bob'"},
			{"GET", at + "/n%20%C3%BC", other, "", 404, "ResourceNotFound"},
			{"GET", at + "/n%20%C3%BC?shared=true", ann, "", 404, ""},
			{"DELETE", at + "/n%20%C3%BC", other, "", 404, ""},
			{"PUT", at + "/n%20%C3%BC", ann, `{"Query":"print 'new'"}`, 200, "print 'new'"},
			{"PUT", at + "/all?shared=true", ann, `{"Query":"print 1"}`, 403, "Forbidden"},
			{"PUT", at + "/all?shared=true", app, `{"Query":"print 1"}`, 403, "Forbidden"},
			{"PUT", at + "/all?shared=true", manager, `{"Query":"print 'all'"}`, 200, `"Shared":true`},
			{"GET", at + "/all", bob, "", 200, "print 'all'"},
			{"GET", at + "/all", other, "", 404, ""},
			{"PUT", at + "/all", bob, `{"Query":"print 'mine'"}`, 200, `"Shared":false`},
			{"GET", at + "/all", bob, "", 200, "print 'mine'"},
			{"GET", at + "/all?shared=true", bob, "", 200, "print 'all'"},
			{"DELETE", at + "/all?shared=true", bob, "", 403, ""},
			{"DELETE", at + "/all", ann, "", 404, ""}, // the tenant's is not hers to delete
			{"GET", at, other, "", 200, `{"value":[]}`},
			{"DELETE", at + "/n%20%C3%BC", ann, "", 204, ""},
			{"GET", at + "/n%20%C3%BC", ann, "", 404, ""},
			{"GET", at + "/n%20%C3%BC", bob, "", 200, "bob"},
			{"GET", at, "", "", 401, ""},
			{"GET", at, b.token("weak user"), "", 403, ""},
			{"GET", at, nobody, "", 403, "does not say who asks"},
			{"POST", at, ann, "", 405, ""},
			{"POST", at + "/x", ann, "", 405, ""},
			{"PUT", at + "/x", ann, `{"Query":`, 400, "InvalidRequestBody"},
			{"PUT", at + "/x", ann, `{"Query":""}`, 400, ""},
			{"PUT", at + "/x", ann, `{"Query":"a\u0000b"}`, 400, "without NUL"},
			{"PUT", at + "/a%2Fb", ann, `{"Query":"print 1"}`, 400, "without a slash"},
			{"PUT", at + "/", ann, `{"Query":"print 1"}`, 400, "has a name"},
			{"PUT", at + "/x%0Ay", ann, `{"Query":"print 1"}`, 400, "control"},
			{"PUT", at + "/x", ann, `{"Query":"` + strings.Repeat("x", state.MaxSavedTextBytes+1) + `"}`, 400, "cannot be saved"},
			{"PUT", at + "/x", ann, `{"Query":"` + strings.Repeat(`\u0041`, state.MaxSavedTextBytes) + `"}`, 200, "AAAA"},
			{"PUT", at + "/x", ann, `{"Query":"` + strings.Repeat("x", 3<<20) + `"}`, 400, ""},
		} {
			if got, text := b.do(step.method, step.path, step.token, step.body); got != step.want || !strings.Contains(text, step.text) {
				t.Errorf("%d: %s %.60s: %d %.300s", i, step.method, step.path, got, text)
			}
		}
		_, text := b.do("GET", at, bob, "")
		var list struct{ Value []savedQuery }
		if err := json.Unmarshal([]byte(text), &list); err != nil || strings.Contains(text, "print") {
			t.Fatal(text, err)
		}
		got := ""
		for _, q := range list.Value {
			got += fmt.Sprintln(q.Name, q.Shared, q.ChangedBy)
		}
		if want := "all false bob@example.org\nall true boss@example.org\nn ü false bob@example.org\n"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		named := 0
		for _, r := range b.audited() {
			if strings.HasPrefix(r.Detail, "saved query put all") {
				named++
			}
			if r.Contract != "harrier" || !strings.HasPrefix(r.Detail, "saved query ") || r.Status == 200 != (r.Outcome == "ok") && r.Status != 204 || r.Query != "" {
				t.Errorf("%+v", r)
			}
		}
		if named != 1 {
			t.Errorf("%d records name the query that bob saved", named)
		}
	})
}

// TestSavedQueriesStoreDown: without the state store it is a 503 that tells nothing of it.
func TestSavedQueriesStoreDown(t *testing.T) {
	st, err := state.Open(t.Context(), statetest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	b := newBed(t, &canned{}, context.Background(), func(c *Config) { c.Queries = st })
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		got, text := b.do(method, "/api/harrier/queries/x", b.token("good"), `{"Query":"print 1"}`)
		if got != 503 || strings.Contains(text, "database") {
			t.Errorf("%s: %d %s", method, got, text)
		}
	}
}

// TestOwnRoutes: nobody gets past a route of the service's own without a token or the permission, and each attempt is in
// the audit trail; what cannot be recorded is not answered.
func TestOwnRoutes(t *testing.T) {
	st := statetest.Open(t, statetest.File(t))
	b := newBed(t, &canned{}, context.Background(), func(c *Config) {
		c.Queries, c.Ops.Reload = st, func(context.Context) error { return nil }
	})
	for _, r := range ownRoutes() {
		path := strings.ReplaceAll(r.Path, "{name}", "x")
		for _, try := range []struct {
			token string
			want  int
		}{{"", 401}, {b.token("expired"), 401}, {b.token("other audience"), 401}, {b.token("other roles"), 403}} {
			before := len(b.audited())
			want, records := try.want, 1
			if r.Need.Role == "" {
				want, records = 200, 0
			}
			got, text := b.do(r.Method, path, try.token, "{}")
			if n := len(b.audited()) - before; got != want || n != records {
				t.Errorf("%s %s: %d, want %d, %d audit records: %s", r.Method, path, got, want, n, text)
			}
		}
	}
	b.mu.Lock()
	b.auditErr = io.ErrShortWrite
	b.mu.Unlock()
	if got, text := b.do("GET", queriesPath, b.token("good"), ""); got != 500 || strings.Contains(text, "value") {
		t.Errorf("%d %s", got, text)
	}
}
