package issuer

import (
	"encoding/json"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// discovery is an OpenID Connect discovery document; the members are those that client libraries read.
type discovery struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	JWKS          string   `json:"jwks_uri"`
	AuthMethods   []string `json:"token_endpoint_auth_methods_supported"`
	Grants        []string `json:"grant_types_supported"`
	Responses     []string `json:"response_types_supported"`
	Modes         []string `json:"response_modes_supported"`
	Challenges    []string `json:"code_challenge_methods_supported"`
	Scopes        []string `json:"scopes_supported"`
	Claims        []string `json:"claims_supported"`
	Subjects      []string `json:"subject_types_supported"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	NamesIssuer   bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207
}

func (i *Issuer) discoveryV1(w http.ResponseWriter, r *http.Request) {
	i.discover(w, r, false, "/oauth2", "/common/discovery/keys")
}

func (i *Issuer) discoveryV2(w http.ResponseWriter, r *http.Request) {
	i.discover(w, r, true, "/oauth2/v2.0", "/common/discovery/v2.0/keys")
}

func (i *Issuer) discover(w http.ResponseWriter, r *http.Request, v2 bool, oauth, keys string) {
	if err := i.checkTenant(r); err != nil {
		i.fail(w, r, err)
		return
	}
	tenant := tenantOf(r)
	root := i.opts.BaseURL + "/" + tenant + oauth
	publish(w, discovery{
		Issuer: i.name(tenant, v2), Authorization: root + "/authorize", Token: root + "/token", JWKS: i.opts.BaseURL + keys,
		AuthMethods: []string{"client_secret_post", "client_secret_basic", "none"},
		Grants:      []string{"client_credentials", "authorization_code", "password"},
		Responses:   []string{"code"}, Modes: []string{"query"}, Challenges: []string{"S256"},
		Scopes:   []string{"openid", "profile", "email"},
		Claims:   []string{"aud", "iss", "iat", "nbf", "exp", "sub", "oid", "tid", "name", "preferred_username", "nonce", "groups"},
		Subjects: []string{"public"}, Algorithms: []string{"RS256"}, NamesIssuer: true,
	})
}

// publishKeys answers with the public keys. They are the same for all tenants; Entra has both addresses.
func (i *Issuer) publishKeys(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("tenant") != "common" {
		if err := i.checkTenant(r); err != nil {
			i.fail(w, r, err)
			return
		}
	}
	publish(w, jose.JSONWebKeySet{Keys: i.keys.public()})
}

// publish writes a document that is the same for everybody; an hour in a cache does no harm: keys are announced for longer before they sign.
func publish(w http.ResponseWriter, doc any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_ = json.NewEncoder(w).Encode(doc) // the client is gone if this fails
}
