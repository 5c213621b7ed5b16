package issuer

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// ask is what a client wants a token for.
type ask struct {
	resource string   // as the client wrote it, which becomes the audience
	scopes   []string // of the resource; nil or .default: all that the client has
	openID   bool     // an ID token too
}

// granted is an answered token request.
type granted struct {
	ask     ask
	scopes  []string // delegated; none in an application's token
	token   Token
	idToken string
}

// grantOf answers a token request of either version: which grant, which client, which resource, in this order. Who the
// client is gets checked before what it asks for: nobody else learns which resources exist.
func (i *Issuer) grantOf(w http.ResponseWriter, r *http.Request, e *Event, v2 bool) (granted, error) {
	form, err := i.readForm(w, r)
	if err != nil {
		return granted{}, err
	}
	var grant func(*http.Request, *Event, url.Values, Client, ask) (granted, error)
	switch kind := form.Get("grant_type"); kind {
	case "":
		return granted{}, badRequest("invalid_request", "The request body must contain the parameter 'grant_type'.", missingInput)
	case "client_credentials":
		grant = i.forApplication
	case "password":
		grant = i.forPassword
	case "authorization_code":
		grant = i.forCode
	default:
		return granted{}, badRequest("unsupported_grant_type", "The grant type must be client_credentials, authorization_code or password.", badGrantType)
	}
	e.Kind += " " + form.Get("grant_type")
	c, err := i.client(r, e, form)
	if err != nil {
		return granted{}, err
	}
	if form.Get("grant_type") == "authorization_code" {
		return grant(r, e, form, c, ask{}) // what is asked was said when the code was
	}
	a, err := asked(form, v2)
	if err == nil {
		err = i.checkResource(a, v2)
	}
	if err != nil {
		return granted{}, err
	}
	return grant(r, e, form, c, a)
}

// asked reads `resource` or `scope`.
func asked(form url.Values, v2 bool) (ask, error) {
	if !v2 {
		a := ask{resource: form.Get("resource")}
		a.openID = slices.Contains(strings.Fields(form.Get("scope")), "openid")
		return a, nil
	}
	var a ask
	for _, s := range strings.Fields(form.Get("scope")) {
		switch s {
		case "openid":
			a.openID = true
			continue
		case "profile", "email", "offline_access": // the last in vain: there are no refresh tokens
			continue
		}
		at := strings.LastIndexByte(s, '/')
		if at <= 0 || at+1 == len(s) || a.resource != "" && a.resource != s[:at] {
			return a, badRequest("invalid_scope", "The scope must be of one resource: its name, a slash, and "+defaultScope+" or a permission.", badScope)
		}
		a.resource = s[:at]
		a.scopes = append(a.scopes, s[at+1:])
	}
	if a.resource == "" {
		return a, badRequest("invalid_scope", "The scope must name a resource, such as <resource>/"+defaultScope+".", badScope)
	}
	return a, nil
}

// defaultScope is all permissions that the application was given.
const defaultScope = ".default"

func (i *Issuer) checkResource(a ask, v2 bool) error {
	if _, known := i.resource(a.resource); known {
		return nil
	}
	code := "invalid_resource"
	if v2 {
		code = "invalid_scope"
	}
	return badRequest(code, "The requested resource is not known in this tenant.", unknownResource)
}

// forApplication is client_credentials: the application for itself.
func (i *Issuer) forApplication(r *http.Request, e *Event, _ url.Values, c Client, a ask) (granted, error) {
	if c.Public {
		return granted{}, unauthorized("An application without a secret cannot act for itself.")
	}
	if len(a.scopes) > 1 || len(a.scopes) == 1 && a.scopes[0] != defaultScope {
		return granted{}, badRequest("invalid_scope", "An application asks for itself with the scope <resource>/"+defaultScope+".", badScope)
	}
	e.ObjectID, e.Name, e.App = c.ObjectID, c.Name, true
	t, err := i.Mint(Grant{Tenant: tenantOf(r), Resource: a.resource, AppID: c.ID, ObjectID: c.ObjectID, Name: c.Name, Roles: c.Roles})
	return granted{ask: a, token: t}, err
}

func unauthorized(why string) *oauthError { return badRequest("unauthorized_client", why, notAllowed) }

// forPassword is a person's password in the hands of an application, which must be marked for it.
func (i *Issuer) forPassword(r *http.Request, e *Event, form url.Values, c Client, a ask) (granted, error) {
	if !c.PasswordGrant {
		return granted{}, unauthorized("The application may not ask with people's passwords.")
	}
	u, err := i.user(r, e, tenantOf(r), form.Get("username"), form.Get("password"))
	if errors.Is(err, errWrong) {
		return granted{}, badRequest("invalid_grant", "The user name or the password is wrong.", wrongPassword)
	}
	if err != nil {
		return granted{}, err
	}
	return i.forPerson(c, u, a, "")
}

// forCode redeems the code that a person's sign-in has made. A code that does not fit is used up all the same.
func (i *Issuer) forCode(r *http.Request, e *Event, form url.Values, c Client, _ ask) (granted, error) {
	got, ok := i.codes.redeem(form.Get("code"))
	if !ok || got.tenant != tenantOf(r) || got.client != c.ID {
		return granted{}, badRequest("invalid_grant", "The code is unknown, has expired or has been used.", badCode)
	}
	if form.Get("redirect_uri") != got.redirect {
		return granted{}, badRequest("invalid_grant", "The redirect address is not the one that the code was sent to.", badRedirect)
	}
	if !got.proved(form.Get("code_verifier")) {
		return granted{}, badRequest("invalid_grant", "The code verifier does not match the challenge.", badVerifier)
	}
	now := i.accounts.current()
	u, known := now.users[accountKey{got.tenant, strings.ToLower(got.user)}]
	if !known {
		return granted{}, badRequest("invalid_grant", "The user is not known any more.", wrongPassword)
	}
	e.whom(u)
	return i.forPerson(c, u, got.ask, got.nonce)
}

// delegated are the permissions of a client that a request names: all, or those listed.
func (c Client) delegated(a ask) ([]string, error) {
	if len(a.scopes) == 0 || len(a.scopes) == 1 && a.scopes[0] == defaultScope {
		if len(c.Scopes) == 0 {
			return nil, badRequest("invalid_scope", "The application has no delegated permissions.", badScope)
		}
		return c.Scopes, nil
	}
	for _, s := range a.scopes {
		if !slices.Contains(c.Scopes, s) {
			return nil, badRequest("invalid_scope", "The application does not have one of the delegated permissions it asks for.", badScope)
		}
	}
	return a.scopes, nil
}

// forPerson mints the tokens of somebody who has signed in.
func (i *Issuer) forPerson(c Client, u User, a ask, nonce string) (granted, error) {
	scopes, err := c.delegated(a)
	if err != nil {
		return granted{}, err
	}
	name := u.DisplayName
	if name == "" {
		name = u.Name
	}
	g := granted{ask: a, scopes: scopes}
	g.token, err = i.Mint(Grant{Tenant: u.Tenant, Resource: a.resource, AppID: c.ID, ObjectID: u.ObjectID, Name: name, UPN: u.Name,
		Scopes: scopes, Groups: u.Groups, Secret: !c.Public})
	if err != nil || !a.openID {
		return g, err
	}
	half := sha256.Sum256([]byte(g.token.Raw))
	g.idToken, err = sign(i.keys.signer(), idClaims{
		Issuer: i.name(u.Tenant, true), Audience: c.ID, Subject: u.ObjectID, ObjectID: u.ObjectID, Tenant: u.Tenant, Nonce: nonce,
		Name: name, Preferred: u.Name, IssuedAt: g.token.NotBefore.Unix(), NotBefore: g.token.NotBefore.Unix(), Expires: g.token.Expires.Unix(),
		AccessHash: base64.RawURLEncoding.EncodeToString(half[:16]), Version: "2.0",
	})
	if err != nil {
		err = fmt.Errorf("ID token: %w", err)
	}
	return g, err
}

// idClaims tell an application who has signed in. They are for no API: the audience is the application.
type idClaims struct {
	Issuer     string `json:"iss"`
	Audience   string `json:"aud"`
	Subject    string `json:"sub"`
	ObjectID   string `json:"oid"`
	Tenant     string `json:"tid"`
	Nonce      string `json:"nonce,omitempty"`
	Name       string `json:"name"`
	Preferred  string `json:"preferred_username"`
	IssuedAt   int64  `json:"iat"`
	NotBefore  int64  `json:"nbf"`
	Expires    int64  `json:"exp"`
	AccessHash string `json:"at_hash"`
	Version    string `json:"ver"`
}

// scopeText is how an answer names the delegated permissions: v2 with the resource in front.
func (g granted) scopeText(v2 bool) string {
	if len(g.scopes) == 0 || !v2 {
		return strings.Join(g.scopes, " ")
	}
	out := make([]string, 0, len(g.scopes)+1)
	for _, s := range g.scopes {
		out = append(out, g.ask.resource+"/"+s)
	}
	if g.ask.openID {
		out = append(out, "openid")
	}
	return strings.Join(out, " ")
}
