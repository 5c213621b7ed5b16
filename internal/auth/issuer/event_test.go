package issuer

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// events are those that an issuer tells.
type events struct {
	mu   sync.Mutex
	kept []Event
	err  error
}

func (s *events) keep(_ http.ResponseWriter, _ *http.Request, e Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, e)
	return s.err
}

// last is the only event since the last call.
func (s *events) last(t *testing.T) Event {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) != 1 {
		t.Fatalf("%d events: %+v", len(s.kept), s.kept)
	}
	e := s.kept[0]
	s.kept = nil
	return e
}

// TestEvents: every request for a token and every sign-in is told, once, with who it was for as far as that account
// exists, and never with a secret, nor with what might be one in the wrong field.
func TestEvents(t *testing.T) {
	b := newTestbed(t)
	path := "/" + tenant + "/oauth2/v2.0/token"
	scope := defender + "/.default"
	for _, c := range []struct {
		path   string
		form   url.Values
		status int
		want   string // kind, tenant, client, person or application, failure
	}{
		{path, credentialsForm("scope", scope), 200, "token client_credentials|" + tenant + "|hunter|Hunter|true|"},
		{path, credentialsForm("scope", scope, "client_secret", "typed-wrong"), 401, "token client_credentials|" + tenant + "|hunter||false|invalid_client"},
		{path, credentialsForm("scope", scope, "client_id", "hunter2-secret"), 401, "token client_credentials|" + tenant + "|||false|invalid_client"},
		{path, credentialsForm("scope", scope, "client_id", strings.Repeat("x", 9000)), 401, "token client_credentials|" + tenant + "|||false|invalid_client"},
		{path, credentialsForm("scope", "https://elsewhere.example/.default"), 400, "token client_credentials|" + tenant + "|hunter||false|invalid_scope"},
		{path, credentialsForm("scope", scope, "grant_type", "hunter2-secret"), 400, "token|" + tenant + "|||false|unsupported_grant_type"},
		{"/elsewhere/oauth2/token", credentialsForm("resource", defender), 400, "token||||false|invalid_tenant"},
		{path, url.Values{"grant_type": {"password"}, "client_id": {"script"}, "username": {"eve@example.org"}, "password": {secret}, "scope": {scope}}, 200,
			"token password|" + tenant + "|script|Eve@example.org|false|"},
		{path, url.Values{"grant_type": {"password"}, "client_id": {"script"}, "username": {"eve@example.org"}, "password": {"hunter2-secret"}, "scope": {scope}}, 400,
			"token password|" + tenant + "|script|Eve@example.org|false|invalid_grant"},
		{path, url.Values{"grant_type": {"password"}, "client_id": {"script"}, "username": {"hunter2-secret"}, "password": {"x"}, "scope": {scope}}, 400,
			"token password|" + tenant + "|script||false|invalid_grant"},
		{path, url.Values{"grant_type": {"authorization_code"}, "client_id": {"page"}, "code": {"hunter2-secret"}, "redirect_uri": {pageURL}, "code_verifier": {verifierText}}, 400,
			"token authorization_code|" + tenant + "|page||false|invalid_grant"},
	} {
		status, _, body := b.post(t, c.path, c.form, nil)
		e := b.last(t)
		got := fmt.Sprintf("%s|%s|%s|%s|%v|%s", e.Kind, e.Tenant, e.ClientID, e.Name, e.App, e.Failure)
		if status != c.status || e.Status != c.status || got != c.want || !e.Start.Equal(noon()) {
			t.Errorf("%v: %d %v\n%+v\nwant %s", c.form, status, body, e, c.want)
		}
		if all := fmt.Sprintf("%+v", e); strings.Contains(all, secret) || strings.Contains(all, "hunter2-secret") {
			t.Errorf("a secret is told: %s", all)
		}
	}
}

func TestEventsOfThePage(t *testing.T) {
	b := newTestbed(t)
	c := browser(t)
	_, form := b.open(t, c, authorizeQuery())
	for _, try := range []struct {
		changes []string
		status  int
		failure string
		name    string
	}{
		{[]string{"username", "eve@example.org", "password", "wrong"}, 200, "wrong name or password", "Eve@example.org"},
		{[]string{"username", "nobody", "password", "wrong"}, 200, "wrong name or password", ""},
		{[]string{"username", "eve@example.org", "password", secret}, 303, "", "Eve@example.org"},
		{[]string{"cancel", "1"}, 303, "access_denied", ""},
		{[]string{"redirect_uri", "https://evil.example/"}, 400, "The redirect address is not one of those that are registered for this application.", ""},
		{[]string{"form", "forged"}, 400, "This page was not opened in this browser, or long ago. Go back to the application and sign in again.", ""},
	} {
		res := b.submit(t, c, form, try.changes...)
		res.Body.Close()
		e := b.last(t)
		if res.StatusCode != try.status || e.Status != try.status || e.Failure != try.failure || e.Name != try.name || e.Kind != "sign-in" || e.Tenant != tenant {
			t.Errorf("%v: %d %+v", try.changes, res.StatusCode, e)
		}
	}
}

// TestNothingGrantedUnrecorded: what the trail cannot keep is not granted.
func TestNothingGrantedUnrecorded(t *testing.T) {
	b := newTestbed(t)
	b.err = errors.New("disk full")
	status, _, body := b.post(t, "/"+tenant+"/oauth2/token", credentialsForm("resource", defender), nil)
	if status != http.StatusServiceUnavailable || body["access_token"] != nil {
		t.Errorf("%d %v", status, body)
	}
	c := browser(t)
	_, form := b.open(t, c, authorizeQuery())
	res := b.submit(t, c, form, "username", "eve@example.org", "password", secret)
	res.Body.Close()
	if at := res.Header.Get("Location"); strings.Contains(at, "code=") || !strings.Contains(at, "error=temporarily_unavailable") {
		t.Errorf("%d %s", res.StatusCode, at)
	}
}
