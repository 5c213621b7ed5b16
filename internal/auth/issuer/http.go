package issuer

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// oauthError is an error answer of RFC 6749, section 5.2.
type oauthError struct {
	status      int
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e *oauthError) Error() string { return e.Code + ": " + e.Description }

func badRequest(code, description string) *oauthError {
	return &oauthError{status: http.StatusBadRequest, Code: code, Description: description}
}

// tokenAnswer is the v2 answer; numbers are numbers.
type tokenAnswer struct {
	Type       string `json:"token_type"`
	ExpiresIn  int64  `json:"expires_in"`
	ExtExpires int64  `json:"ext_expires_in"`
	Token      string `json:"access_token"`
}

// tokenAnswerV1 is the v1 answer; numbers are JSON strings.
type tokenAnswerV1 struct {
	Type       string `json:"token_type"`
	ExpiresIn  string `json:"expires_in"`
	ExtExpires string `json:"ext_expires_in"`
	ExpiresOn  string `json:"expires_on"`
	NotBefore  string `json:"not_before"`
	Resource   string `json:"resource"`
	Token      string `json:"access_token"`
}

// tokenV2 answers POST /{tenant}/oauth2/v2.0/token: the resource comes as scope=<resource>/.default.
func (i *Issuer) tokenV2(w http.ResponseWriter, r *http.Request) {
	form, err := i.readForm(w, r)
	if err != nil {
		i.fail(w, r, err)
		return
	}
	resource, ok := strings.CutSuffix(form.Get("scope"), defaultSuffix)
	if !ok || strings.ContainsAny(resource, " \t\r\n") {
		i.fail(w, r, badRequest("invalid_scope", "The scope must be one resource followed by "+defaultSuffix+"."))
		return
	}
	t, err := i.grant(r, form, resource, "invalid_scope")
	if err != nil {
		i.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, tokenAnswer{Type: "Bearer", ExpiresIn: t.seconds(), Token: t.Raw})
}

// tokenV1 answers POST /{tenant}/oauth2/token: the resource comes by its name.
func (i *Issuer) tokenV1(w http.ResponseWriter, r *http.Request) {
	form, err := i.readForm(w, r)
	if err != nil {
		i.fail(w, r, err)
		return
	}
	resource := form.Get("resource")
	t, err := i.grant(r, form, resource, "invalid_resource")
	if err != nil {
		i.fail(w, r, err)
		return
	}
	in := strconv.FormatInt(t.seconds(), 10)
	answer(w, http.StatusOK, tokenAnswerV1{
		Type: "Bearer", ExpiresIn: in, ExtExpires: in, ExpiresOn: strconv.FormatInt(t.Expires.Unix(), 10),
		NotBefore: strconv.FormatInt(t.NotBefore.Unix(), 10), Resource: resource, Token: t.Raw,
	})
}

// seconds is the lifetime told to the client: one second less than it is, as Entra does, so that a client that counts
// from the arrival of the answer does not use a token too long.
func (t Token) seconds() int64 { return int64(t.Expires.Sub(t.NotBefore).Seconds()) - 1 }

// readForm checks tenant, size, media type and repeated parameters (RFC 6749, section 3.2: none may be). Parameters in
// the URL are not read: secrets must not get into logs of addresses.
func (i *Issuer) readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if err := i.checkTenant(r); err != nil {
		return nil, err
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, badRequest("invalid_request", "The request body must be of type application/x-www-form-urlencoded.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	if err := r.ParseForm(); err != nil {
		return nil, badRequest("invalid_request", "The request body is too long or cannot be read.")
	}
	for _, values := range r.PostForm {
		if len(values) > 1 {
			return nil, badRequest("invalid_request", "A parameter is given twice.")
		}
	}
	if grant := r.PostForm.Get("grant_type"); grant == "" {
		return nil, badRequest("invalid_request", "The request body must contain the parameter 'grant_type'.")
	} else if grant != "client_credentials" {
		return nil, badRequest("unsupported_grant_type", "Only the grant type 'client_credentials' is supported.")
	}
	return r.PostForm, nil
}

// tenantOf is the tenant in the address.
func tenantOf(r *http.Request) string { return auth.CanonicalID(r.PathValue("tenant")) }

func (i *Issuer) checkTenant(r *http.Request) error {
	if !slices.Contains(i.opts.Tenants, tenantOf(r)) {
		return badRequest("invalid_tenant", "The tenant in the address is not served here.")
	}
	return nil
}

// grant authenticates the client and mints its token. Who the client is gets checked first: nobody else learns which
// resources exist.
func (i *Issuer) grant(r *http.Request, form url.Values, resource, badResource string) (Token, error) {
	id, secret, err := credentials(r, form)
	if err != nil {
		return Token{}, err
	}
	tenant := tenantOf(r)
	c, ok, err := i.authenticate(r.Context(), tenant, id, secret)
	if err != nil {
		return Token{}, err
	}
	if !ok {
		return Token{}, &oauthError{http.StatusUnauthorized, "invalid_client",
			"The client secret is invalid or the application is not known in this tenant."}
	}
	if _, known := i.resource(resource); !known {
		return Token{}, badRequest(badResource, "The requested resource is not known in this tenant.")
	}
	return i.Mint(Grant{Tenant: tenant, Resource: resource, AppID: c.ID, ObjectID: c.ObjectID, Name: c.Name, Roles: c.Roles})
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

// refuseSignIn answers the authorisation endpoints. They are listed in the discovery documents because client libraries
// insist on their presence; this issuer has no people to sign in.
func refuseSignIn(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusBadRequest, badRequest("unsupported_response_type",
		"This issuer has no sign-in page: it issues tokens to applications (client_credentials)."))
}

// fail writes an OAuth error; anything else is a fault of ours and told as such.
func (i *Issuer) fail(w http.ResponseWriter, r *http.Request, err error) {
	var e *oauthError
	if !errors.As(err, &e) {
		i.opts.Log.Error("token request failed", "tenant", r.PathValue("tenant"), "error", err)
		e = &oauthError{http.StatusServiceUnavailable, "temporarily_unavailable", "The token could not be issued. Try again later."}
	} else {
		i.opts.Log.Warn("token request refused", "tenant", r.PathValue("tenant"), "source", r.RemoteAddr, "error", e.Code)
	}
	if e.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Basic") // RFC 6749, section 5.2
	}
	answer(w, e.status, e)
}

// answer writes JSON that no cache may keep (RFC 6749, section 5.1).
func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone if this fails
}
