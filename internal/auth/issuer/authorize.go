package issuer

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// signInRequest is a checked authorization request (RFC 6749, section 4.1.1).
type signInRequest struct {
	tenant    string
	client    Client
	redirect  string
	state     string
	nonce     string
	challenge string
	hint      string
	prompt    string
	ask       ask
	raw       url.Values // what the page sends back with the password
}

// pageError is told to the person: there is nowhere to send it. Everything else goes to the application.
type pageError struct{ text string }

func (e *pageError) Error() string { return e.text }

// parameters are those of an authorization request that the sign-in page carries on.
var parameters = []string{"client_id", "response_type", "response_mode", "redirect_uri", "scope", "resource", "state", "nonce",
	"code_challenge", "code_challenge_method", "login_hint", "prompt"}

const maxParameter = 4 << 10

// parseSignIn checks a request. Until client and redirect address are known and belong together, nothing is sent to the
// address (section 4.1.2.1); afterwards an error is, as *oauthError.
func (i *Issuer) parseSignIn(r *http.Request, in url.Values) (*signInRequest, error) {
	if i.checkTenant(r) != nil {
		return nil, &pageError{"The tenant in the address is not served here."}
	}
	q := &signInRequest{tenant: tenantOf(r), raw: url.Values{}}
	for _, name := range parameters {
		switch values := in[name]; {
		case len(values) > 1 || len(values) == 1 && len(values[0]) > maxParameter:
			return nil, &pageError{"The application has sent a parameter twice, or one that is too long: " + name + "."}
		case len(values) == 1:
			q.raw.Set(name, values[0])
		}
	}
	var known bool
	if q.client, known = i.accounts.current().clients[accountKey{q.tenant, q.raw.Get("client_id")}]; !known {
		return nil, &pageError{"The application is not known in this tenant."}
	}
	if q.redirect = q.raw.Get("redirect_uri"); !slices.Contains(q.client.Redirects, q.redirect) {
		return nil, &pageError{"The redirect address is not one of those that are registered for this application."}
	}
	q.state, q.nonce, q.hint, q.prompt = q.raw.Get("state"), q.raw.Get("nonce"), q.raw.Get("login_hint"), q.raw.Get("prompt")
	return q, i.completeSignIn(q, strings.HasSuffix(r.URL.Path, "/v2.0/authorize"))
}

func (i *Issuer) completeSignIn(q *signInRequest, v2 bool) (err error) {
	mode := q.raw.Get("response_mode")
	switch {
	case q.raw.Get("response_type") != "code":
		return badRequest("unsupported_response_type", "The response type must be code.")
	case mode != "" && mode != "query":
		return badRequest("invalid_request", "The response mode must be query.")
	case q.raw.Get("code_challenge_method") != "S256" || !isChallenge(q.raw.Get("code_challenge")):
		return badRequest("invalid_request", "A code challenge of the method S256 is required.")
	}
	q.challenge = q.raw.Get("code_challenge")
	if q.ask, err = asked(q.raw, v2); err != nil {
		return err
	}
	if err := i.checkResource(q.ask, v2); err != nil {
		return err
	}
	if _, err := q.client.delegated(q.ask); err != nil {
		return err
	}
	if q.prompt == "none" {
		return badRequest("login_required", "Nobody is signed in without the page.", noSession)
	}
	return nil
}

// isChallenge accepts base64url of 32 bytes.
func isChallenge(s string) bool {
	sum, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(sum) == 32
}

// authorize shows the sign-in page.
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q, err := i.parseSignIn(r, r.URL.Query())
	if err != nil {
		i.refuseSignIn(w, r, q, err)
		return
	}
	i.showPage(w, r, q, q.hint, "", http.StatusOK)
}

// signIn takes what the page sends: the parameters again, which are checked again, and a name with a password.
func (i *Issuer) signIn(w http.ResponseWriter, r *http.Request) {
	e := i.begin(r, "sign-in")
	if auth.InClear(r) {
		i.failSignIn(w, r, e, nil, &pageError{"Passwords are accepted over https only."})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes+maxParameter*3)
	if r.ParseForm() != nil || once(r.PostForm) != nil {
		i.failSignIn(w, r, e, nil, &pageError{"What the page has sent cannot be read."})
		return
	}
	if !i.forms.ours(r) {
		i.failSignIn(w, r, e, nil, &pageError{"This page was not opened in this browser, or long ago. Go back to the application and sign in again."})
		return
	}
	q, err := i.parseSignIn(r, r.PostForm)
	if q != nil {
		e.of(q.client)
	}
	if err == nil && r.PostForm.Has("cancel") {
		err = badRequest("access_denied", "The sign-in was cancelled.")
	}
	if err != nil {
		i.failSignIn(w, r, e, q, err)
		return
	}
	name := strings.TrimSpace(r.PostForm.Get("username"))
	u, err := i.user(r, e, q.tenant, name, r.PostForm.Get("password"))
	var busy *tooMany
	switch {
	case errors.Is(err, errWrong):
		i.opts.Log.Warn("sign-in refused", "tenant", q.tenant, "source", r.RemoteAddr, "client", q.client.ID)
		i.denied(w, r, e, http.StatusOK, "wrong name or password")
		i.showPage(w, r, q, name, "The user name or the password is wrong.", http.StatusOK)
		return
	case errors.As(err, &busy):
		shown := i.refusal(r, err)
		i.denied(w, r, e, http.StatusTooManyRequests, "too many failures")
		i.showPage(w, r, q, name, shown.Description, http.StatusTooManyRequests)
		return
	case err != nil:
		i.failSignIn(w, r, e, q, err)
		return
	}
	text, err := i.codes.issue(code{tenant: q.tenant, client: q.client.ID, redirect: q.redirect, user: u.Name, challenge: q.challenge, nonce: q.nonce, ask: q.ask})
	if err != nil {
		i.failSignIn(w, r, e, q, err)
		return
	}
	if err := i.granted(w, r, e, http.StatusSeeOther); err != nil {
		i.refuseSignIn(w, r, q, err)
		return
	}
	i.opts.Log.Info("signed in", "tenant", q.tenant, "source", r.RemoteAddr, "client", q.client.ID, "oid", u.ObjectID)
	i.sendBack(w, r, q, url.Values{"code": {text}})
}

// failSignIn is refuseSignIn for what somebody has sent from the page: it is recorded.
func (i *Issuer) failSignIn(w http.ResponseWriter, r *http.Request, e *Event, q *signInRequest, err error) {
	status, why := statusOf(err)
	if q != nil && q.redirect != "" && status != http.StatusTooManyRequests {
		status = http.StatusSeeOther // refuseSignIn tells the application
	}
	i.denied(w, r, e, status, why)
	i.refuseSignIn(w, r, q, err)
}

// refuseSignIn tells the application, or the person when there is no application to tell.
func (i *Issuer) refuseSignIn(w http.ResponseWriter, r *http.Request, q *signInRequest, err error) {
	var page *pageError
	if errors.As(err, &page) {
		i.opts.Log.Warn("sign-in refused", "tenant", r.PathValue("tenant"), "source", r.RemoteAddr, "error", page.text)
		i.showError(w, page.text)
		return
	}
	e := i.refusal(r, err)
	i.sendBack(w, r, q, url.Values{"error": {e.Code}, "error_description": {e.Description}})
}

// sendBack redirects to the application, with its state and the name of this issuer (RFC 9207), so that an application
// of several issuers cannot be confused.
func (i *Issuer) sendBack(w http.ResponseWriter, r *http.Request, q *signInRequest, values url.Values) {
	if q.state != "" {
		values.Set("state", q.state)
	}
	values.Set("iss", i.name(q.tenant, strings.HasSuffix(r.URL.Path, "/v2.0/authorize")))
	separator := "?"
	if strings.Contains(q.redirect, "?") {
		separator = "&"
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Location", q.redirect+separator+values.Encode())
	w.WriteHeader(http.StatusSeeOther)
}
