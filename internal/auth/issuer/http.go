package issuer

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// oauthError is an error answer of RFC 6749, section 5.2, with the members that Entra adds: its number for the error,
// which scripts look for, and what to quote to the operator.
type oauthError struct {
	status      int
	retry       time.Duration
	Code        string `json:"error"`
	Description string `json:"error_description"`
	Numbers     []int  `json:"error_codes,omitempty"`
	Time        string `json:"timestamp,omitempty"`
	Trace       string `json:"trace_id,omitempty"`
	Correlation string `json:"correlation_id,omitempty"`
}

func (e *oauthError) Error() string { return e.Code + ": " + e.Description }

// The numbers of Entra's errors.
const (
	badSecret       = 7000215
	unknownTenant   = 90002
	unknownResource = 500011
	badScope        = 70011
	badGrantType    = 70003
	missingInput    = 900144
	wrongPassword   = 50126
	locked          = 50053
	badCode         = 70008
	badVerifier     = 501481
	badRedirect     = 50011
	notAllowed      = 700051
	noSession       = 50058
)

func badRequest(code, description string, numbers ...int) *oauthError {
	return &oauthError{status: http.StatusBadRequest, Code: code, Description: description, Numbers: numbers}
}

// tokenAnswer is the v2 answer; numbers are numbers.
type tokenAnswer struct {
	Type       string `json:"token_type"`
	Scope      string `json:"scope,omitempty"`
	ExpiresIn  int64  `json:"expires_in"`
	ExtExpires int64  `json:"ext_expires_in"`
	Token      string `json:"access_token"`
	ID         string `json:"id_token,omitempty"`
}

// tokenAnswerV1 is the v1 answer; numbers are JSON strings.
type tokenAnswerV1 struct {
	Type       string `json:"token_type"`
	Scope      string `json:"scope,omitempty"`
	ExpiresIn  string `json:"expires_in"`
	ExtExpires string `json:"ext_expires_in"`
	ExpiresOn  string `json:"expires_on"`
	NotBefore  string `json:"not_before"`
	Resource   string `json:"resource"`
	Token      string `json:"access_token"`
	ID         string `json:"id_token,omitempty"`
}

// tokenV2 answers POST /{tenant}/oauth2/v2.0/token: the resource comes within the scope.
func (i *Issuer) tokenV2(w http.ResponseWriter, r *http.Request) {
	g, err := i.toldGrant(w, r, true)
	if err != nil {
		i.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, tokenAnswer{Type: "Bearer", Scope: g.scopeText(true), ExpiresIn: g.token.seconds(), Token: g.token.Raw, ID: g.idToken})
}

// tokenV1 answers POST /{tenant}/oauth2/token: the resource comes by its name.
func (i *Issuer) tokenV1(w http.ResponseWriter, r *http.Request) {
	g, err := i.toldGrant(w, r, false)
	if err != nil {
		i.fail(w, r, err)
		return
	}
	in := strconv.FormatInt(g.token.seconds(), 10)
	answer(w, http.StatusOK, tokenAnswerV1{
		Type: "Bearer", Scope: g.scopeText(false), ExpiresIn: in, ExtExpires: in, ExpiresOn: strconv.FormatInt(g.token.Expires.Unix(), 10),
		NotBefore: strconv.FormatInt(g.token.NotBefore.Unix(), 10), Resource: g.ask.resource, Token: g.token.Raw, ID: g.idToken,
	})
}

// toldGrant is grantOf, and tells the audit trail what came of it before the answer leaves.
func (i *Issuer) toldGrant(w http.ResponseWriter, r *http.Request, v2 bool) (granted, error) {
	e := i.begin(r, "token")
	g, err := i.grantOf(w, r, e, v2)
	if err != nil {
		status, why := statusOf(err)
		i.denied(w, r, e, status, why)
		return granted{}, err
	}
	if err := i.granted(w, r, e, http.StatusOK); err != nil {
		return granted{}, err
	}
	return g, nil
}

// seconds is the lifetime told to the client: one second less than it is, as Entra does, so that a client that counts
// from the arrival of the answer does not use a token too long.
func (t Token) seconds() int64 { return int64(t.Expires.Sub(t.NotBefore).Seconds()) - 1 }

// readForm checks how the request came, its tenant, size, media type and repeated parameters (RFC 6749, section 3.2:
// none may be). Parameters in the URL are not read: secrets must not get into logs of addresses.
func (i *Issuer) readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if auth.InClear(r) {
		return nil, badRequest("invalid_request", "Secrets are accepted over https only. This one has crossed a network in clear: replace it.")
	}
	if err := i.checkTenant(r); err != nil {
		return nil, err
	}
	const formType = "application/x-www-form-urlencoded"
	if r.Header.Get("Content-Type") == "" { // msticpy says none, and Entra takes it
		r.Header.Set("Content-Type", formType)
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != formType {
		return nil, badRequest("invalid_request", "The request body must be of type "+formType+".", missingInput)
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	if err := r.ParseForm(); err != nil {
		return nil, badRequest("invalid_request", "The request body is too long or cannot be read.")
	}
	return r.PostForm, once(r.PostForm)
}

// once refuses parameters that are given twice.
func once(form url.Values) error {
	for _, values := range form {
		if len(values) > 1 {
			return badRequest("invalid_request", "A parameter is given twice.")
		}
	}
	return nil
}

// tenantOf is the tenant in the address.
func tenantOf(r *http.Request) string { return auth.CanonicalID(r.PathValue("tenant")) }

func (i *Issuer) checkTenant(r *http.Request) error {
	if !slices.Contains(i.opts.Tenants, tenantOf(r)) {
		return badRequest("invalid_tenant", "The tenant in the address is not served here.", unknownTenant)
	}
	return nil
}

// client authenticates the application. One that cannot keep a secret only says who it is.
func (i *Issuer) client(r *http.Request, e *Event, form url.Values) (Client, error) {
	id, secret, err := credentials(r, form)
	if err != nil {
		return Client{}, err
	}
	key := accountKey{tenantOf(r), id}
	c, known := i.accounts.current().clients[key]
	if known {
		e.of(c)
	}
	if known && c.Public && secret == "" {
		return c, nil
	}
	switch err := i.matches(r, clientKind, key, c.SecretHash, secret, known && !c.Public); {
	case errors.Is(err, errWrong):
		return Client{}, &oauthError{status: http.StatusUnauthorized, Code: "invalid_client", Numbers: []int{badSecret},
			Description: "The client secret is invalid or the application is not known in this tenant."}
	case err != nil:
		return Client{}, err
	}
	return c, nil
}

// credentials takes the client's id and secret from the body or from Basic authentication (RFC 6749, section 2.3.1:
// form-encoded there), not from both.
func credentials(r *http.Request, form url.Values) (id, secret string, err error) {
	user, pass, basic := r.BasicAuth()
	if !basic {
		return form.Get("client_id"), form.Get("client_secret"), nil
	}
	id, err1 := url.QueryUnescape(user)
	secret, err2 := url.QueryUnescape(pass)
	named := form.Get("client_id")
	if err1 != nil || err2 != nil || form.Has("client_secret") || named != "" && named != id {
		return "", "", badRequest("invalid_request", "The client must authenticate in one way, and once.")
	}
	return id, secret, nil
}

// fail writes an OAuth error; anything else is a fault of ours and told as such.
func (i *Issuer) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := i.refusal(r, err)
	e.Time = i.opts.Clock().UTC().Format("2006-01-02 15:04:05Z")
	e.Trace = w.Header().Get("Request-Id")
	if e.Correlation = w.Header().Get("Client-Request-Id"); e.Correlation == "" {
		e.Correlation = e.Trace
	}
	if e.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Basic") // RFC 6749, section 5.2
	}
	if e.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(e.retry.Seconds()))))
	}
	answer(w, e.status, e)
}

// refusal makes an OAuth error of any error, and logs it. The error is a copy.
func (i *Issuer) refusal(r *http.Request, err error) oauthError {
	var e *oauthError
	var busy *tooMany
	switch {
	case errors.As(err, &e):
	case errors.As(err, &busy):
		e = &oauthError{status: http.StatusTooManyRequests, retry: busy.wait, Code: "temporarily_unavailable", Numbers: []int{locked},
			Description: fmt.Sprintf("There were too many failures to authenticate. Try again in %d seconds.", int(math.Ceil(busy.wait.Seconds())))}
	default:
		i.opts.Log.Error("token request failed", "tenant", r.PathValue("tenant"), "error", err)
		return oauthError{status: http.StatusServiceUnavailable, Code: "temporarily_unavailable", Description: "The token could not be issued. Try again later."}
	}
	i.opts.Log.Warn("token request refused", "tenant", r.PathValue("tenant"), "source", r.RemoteAddr, "error", e.Code)
	return *e
}

// answer writes JSON that no cache may keep (RFC 6749, section 5.1).
func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone if this fails
}
