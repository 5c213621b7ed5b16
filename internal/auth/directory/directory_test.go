package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
)

const (
	tenant = "11111111-aaaa-4aaa-8aaa-111111111111"
	user   = "33333333-cccc-4ccc-8ccc-333333333333"
)

// entra is a sign-in host and Microsoft Graph on loopback. It checks every request as they would.
type entra struct {
	*httptest.Server
	t *testing.T

	mu        sync.Mutex
	secret    string
	status    int
	after     string // Retry-After
	body      string // instead of the groups
	groups    []string
	gate      chan struct{} // when set, questions wait for it
	tokens    int
	questions int
	now       time.Time
}

func start(t *testing.T) (*entra, *Directory) {
	e := &entra{t: t, secret: "first", status: 200, groups: []string{"g1", "g2"}, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /"+tenant+"/oauth2/v2.0/token", e.token)
	mux.HandleFunc("POST /v1.0/users/{user}/getMemberGroups", e.memberGroups)
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	d, err := Open(Options{Login: e.URL + "/", Graph: e.URL, AppID: "harrier", Secret: func() (string, error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.secret, nil
	}, Clock: func() time.Time {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.now
	}})
	if err != nil {
		t.Fatal(err)
	}
	return e, d
}

func (e *entra) token(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tokens++
	w.Header().Set("Content-Type", "application/json")
	if r.PostFormValue("client_secret") == "expired" {
		w.WriteHeader(401)
		fmt.Fprint(w, `{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired."}`)
		return
	}
	if r.PostFormValue("grant_type") != "client_credentials" || r.PostFormValue("client_id") != "harrier" ||
		r.PostFormValue("client_secret") != e.secret || r.PostFormValue("scope") != e.URL+"/.default" {
		e.t.Errorf("token request %v", r.PostForm)
	}
	fmt.Fprintf(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"t%d"}`, e.tokens)
}

func (e *entra) memberGroups(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	e.questions++
	status, after, body, groups, gate, token := e.status, e.after, e.body, e.groups, e.gate, e.tokens
	e.mu.Unlock()
	if gate != nil {
		<-gate
	}
	var question map[string]any
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil || !reflect.DeepEqual(question, map[string]any{"securityEnabledOnly": true}) ||
		r.PathValue("user") != user || r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", token) || r.Header.Get("Content-Type") != "application/json" {
		e.t.Errorf("question %v of %s, %v, %v", question, r.PathValue("user"), r.Header, err)
	}
	if after != "" {
		w.Header().Set("Retry-After", after)
	}
	w.WriteHeader(status)
	if body != "" {
		fmt.Fprint(w, body)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"@odata.context": "x", "value": groups})
}

// set changes what is answered.
func (e *entra) set(change func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change()
}

func (e *entra) asked() (questions, tokens int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.questions, e.tokens
}

func (e *entra) wait(d time.Duration) { e.set(func() { e.now = e.now.Add(d) }) }

func expect(t *testing.T, d *Directory, groups []string, want error) {
	t.Helper()
	got, err := d.Groups(context.Background(), tenant, user)
	if want == nil && err != nil || want != nil && (err == nil || err.Error() != want.Error()) || !reflect.DeepEqual(got, groups) {
		t.Errorf("got %v, %v; want %v, %v", got, err, groups, want)
	}
}

func (e *entra) expectAsked(t *testing.T, questions int) {
	t.Helper()
	if got, _ := e.asked(); got != questions {
		t.Errorf("%d questions, want %d", got, questions)
	}
}

var unavailable = &auth.Unavailable{}

func TestAnswersAreKept(t *testing.T) {
	e, d := start(t)
	expect(t, d, []string{"g1", "g2"}, nil)
	e.set(func() { e.groups = []string{} })
	e.wait(fresh - time.Second)
	expect(t, d, []string{"g1", "g2"}, nil)
	e.expectAsked(t, 1)
	e.wait(time.Second)
	expect(t, d, []string{}, nil)
	e.expectAsked(t, 2)
	if _, tokens := e.asked(); tokens != 1 {
		t.Errorf("%d tokens for two questions", tokens)
	}
}

// TestSecretIsRenewed: after a refusal the token is renewed, with the secret of the moment.
func TestSecretIsRenewed(t *testing.T) {
	e, d := start(t)
	e.set(func() { e.secret = "expired" })
	expect(t, d, nil, unavailable)
	e.set(func() { e.secret = "second" })
	expect(t, d, nil, unavailable) // still resting
	e.wait(pause)
	expect(t, d, []string{"g1", "g2"}, nil)
	e.set(func() { e.status, e.body = 401, `{"error":{"code":"InvalidAuthenticationToken"}}` })
	e.wait(fresh)
	expect(t, d, []string{"g1", "g2"}, nil) // the old answer
	e.set(func() { e.status, e.body, e.groups = 200, "", []string{"g3"} })
	e.wait(pause)
	expect(t, d, []string{"g3"}, nil)
	if _, tokens := e.asked(); tokens != 3 {
		t.Errorf("%d tokens, want 3", tokens)
	}
}

func TestOutageIsBounded(t *testing.T) {
	e, d := start(t)
	expect(t, d, []string{"g1", "g2"}, nil)
	e.set(func() { e.status, e.body = 503, "<html>" })
	e.wait(stale - time.Second)
	expect(t, d, []string{"g1", "g2"}, nil)
	e.wait(time.Second)
	expect(t, d, nil, unavailable)
}

func TestRetryAfterIsHeeded(t *testing.T) {
	for after, rest := range map[string]time.Duration{"": pause, "17": 17 * time.Second, "100000000000000": maxPause, "-1": pause, "soon": pause} {
		e, d := start(t)
		e.set(func() { e.status, e.after, e.body = 429, after, `{"error":{"code":"TooManyRequests"}}` })
		var no *auth.Unavailable
		if _, err := d.Groups(context.Background(), tenant, user); !errors.As(err, &no) || no.RetryAfter != rest {
			t.Errorf("Retry-After %q: %v, %v, want %v", after, err, no, rest)
		}
		e.set(func() { e.status, e.body = 200, "" })
		e.wait(rest - time.Second)
		if _, err := d.Groups(context.Background(), tenant, user); !errors.As(err, &no) || no.RetryAfter != time.Second {
			t.Errorf("Retry-After %q: a second before its end %v, %v", after, err, no)
		}
		e.expectAsked(t, 1)
		e.wait(time.Second)
		expect(t, d, []string{"g1", "g2"}, nil)
	}
}

// TestRefusalsAreKept: what is answered for good is not asked again at each request.
func TestRefusalsAreKept(t *testing.T) {
	for status, code := range map[int]string{400: "Directory_ResultSizeLimitExceeded", 403: "Authorization_RequestDenied", 404: "Request_ResourceNotFound"} {
		e, d := start(t)
		e.set(func() { e.status, e.body = status, `{"error":{"code":"`+code+`"}}` })
		expect(t, d, nil, auth.ErrGroupsUnknown)
		expect(t, d, nil, auth.ErrGroupsUnknown)
		e.expectAsked(t, 1)
		e.set(func() { e.status, e.body = 200, "" })
		e.wait(fresh)
		expect(t, d, []string{"g1", "g2"}, nil)
	}
}

// TestNoPartIsTaken: what is not the whole list, in the form that is documented, is not an answer.
func TestNoPartIsTaken(t *testing.T) {
	for _, body := range []string{"", "{}", "null", `{"value":null}`, `{"value":"g1"}`, `{"value":[1]}`, "<html>", `{"value":["g1"]`,
		`{"value":["g1"],"@odata.nextLink":"https://graph.example/next"}`, `{"value":["` + strings.Repeat("g", maxAnswer) + `"]}`} {
		e, d := start(t)
		e.set(func() { e.body = body + " " })
		expect(t, d, nil, unavailable)
	}
}

func TestOneQuestionForMany(t *testing.T) {
	e, d := start(t)
	e.set(func() { e.gate = make(chan struct{}) })
	gone, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() {
		_, err := d.Groups(gone, tenant, user)
		first <- err
	}()
	for n := 0; n == 0; n, _ = e.asked() {
		time.Sleep(time.Millisecond)
	}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { expect(t, d, []string{"g1", "g2"}, nil) })
	}
	cancel() // who asked first goes; the question stays
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("a request that ended: %v", err)
	}
	close(e.gate)
	all.Wait()
	e.expectAsked(t, 1)
}

// TestSlowDirectory: with an answer of a while ago at hand nobody waits long for a new one.
func TestSlowDirectory(t *testing.T) {
	e, d := start(t)
	expect(t, d, []string{"g1", "g2"}, nil)
	e.wait(fresh)
	gate := make(chan struct{})
	defer close(gate)
	e.set(func() { e.gate = gate })
	began := time.Now()
	expect(t, d, []string{"g1", "g2"}, nil)
	if took := time.Since(began); took < patience || took >= timeout {
		t.Errorf("waited %v", took)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	e, d := start(t)
	for i := range maxPeople + 10 {
		d.remember(fmt.Sprint(i), answer{at: e.now})
	}
	if len(d.people) != 10 {
		t.Errorf("%d people remembered", len(d.people))
	}
	e.wait(stale)
	for i := range maxPeople {
		d.remember(fmt.Sprint("later", i), answer{at: e.now})
	}
	if len(d.people) != maxPeople {
		t.Errorf("%d people remembered, those out of date first to go", len(d.people))
	}
}

func TestOptions(t *testing.T) {
	secret := func() (string, error) { return "s", nil }
	for _, o := range []Options{
		{Login: "http://login.example", Graph: "https://graph.example", AppID: "a", Secret: secret},
		{Login: "https://login.example", Graph: "http://graph.example", AppID: "a", Secret: secret},
		{Login: "https://login.example", Graph: "https://graph.example", Secret: secret},
		{Login: "https://login.example", Graph: "https://graph.example", AppID: "a"},
	} {
		if _, err := Open(o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}

// FuzzGroups: no answer makes the reader fail otherwise than by an error, and no group comes out of what is not a list.
func FuzzGroups(f *testing.F) {
	f.Add([]byte(`{"value":["g1","g2"]}`))
	f.Add([]byte(`{"value":["g1"],"@odata.nextLink":"x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := groups(data)
		if (err == nil) != (got != nil) {
			t.Errorf("%q: %v, %v", data, got, err)
		}
	})
}
