package auth

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/json"
)

// claims are the members of an access token that are read, of both Entra versions and of RFC 9068. The decoder matches
// names exactly and refuses a name given twice, so every verifier reads the same values that the issuer wrote.
type claims struct {
	Issuer    string     `json:"iss"`
	Audience  texts      `json:"aud"`
	Subject   string     `json:"sub"`
	Expires   *timestamp `json:"exp"`
	NotBefore *timestamp `json:"nbf"`
	IssuedAt  *timestamp `json:"iat"`

	Tenant   *string `json:"tid"`
	ObjectID string  `json:"oid"`
	AppID    string  `json:"appid"`     // Entra v1
	AZP      string  `json:"azp"`       // Entra v2, OpenID Connect
	ClientID string  `json:"client_id"` // RFC 9068
	CID      string  `json:"cid"`       // what some issuers call it
	IDType   string  `json:"idtyp"`     // "app" or "user", optional

	Roles  texts `json:"roles"`
	Scopes texts `json:"scp"`   // one string with spaces; an array with other issuers
	Scope  texts `json:"scope"` // RFC 9068
	Groups texts `json:"groups"`
	WIDs   texts `json:"wids"` // Entra: template ids of the user's directory roles
	// Entra replaces groups that do not fit by a pointer (`_claim_names`) or a flag (`hasgroups`).
	ClaimNames json.RawMessage `json:"_claim_names"`
	HasGroups  bool            `json:"hasgroups"`

	UPN        string `json:"upn"`
	Preferred  string `json:"preferred_username"`
	UniqueName string `json:"unique_name"`
	AppName    string `json:"app_displayname"`
	Name       string `json:"name"`

	// What only ID tokens have (OpenID Connect Core, sections 3.1.3.6 and 3.3.2.11), and the kind as some issuers write it.
	AccessHash json.RawMessage `json:"at_hash"`
	CodeHash   json.RawMessage `json:"c_hash"`
	Kind       json.RawMessage `json:"typ"`
}

// client is the application that the token was issued to.
func (c *claims) client() string { return first(c.AppID, c.AZP, c.ClientID, c.CID) }

// access reports whether this is an access token. One that names no client is none (RFC 9068, section 2.2, and both
// versions of Entra): an ID token of the same issuer, with the same audience when page and API share a registration,
// would pass every other check. It proves who somebody is to an application, not that the application may call an API.
func (c *claims) access() bool {
	if c.client() == "" || c.AccessHash != nil || c.CodeHash != nil {
		return false
	}
	if strings.EqualFold(c.IDType, "app") && len(c.Scopes) > 0 {
		return false // it says two things
	}
	var kind string
	if c.Kind != nil && json.Unmarshal(c.Kind, &kind) != nil {
		return false
	}
	switch strings.ToLower(kind) {
	case "id", "refresh", "offline", "logout":
		return false
	}
	return true
}

// application reports whether an application acts for itself, on evidence in the token: it says so, or its subject is the
// application (RFC 9068, section 2.2), or subject and object are the same, which Entra's tokens of people never have. A
// scope of Entra's kind, or the word "user", is evidence of a person. Without evidence it is a person's: people see
// less than applications do.
func (c *claims) application() bool {
	switch {
	case len(c.Scopes) > 0 || strings.EqualFold(c.IDType, "user"):
		return false
	case strings.EqualFold(c.IDType, "app"):
		return true
	}
	return c.Subject != "" && (c.Subject == c.ObjectID || c.Subject == c.client())
}

// texts is a claim that is one string or an array of strings.
type texts []string

// UnmarshalJSON implements the two forms; null and anything else are refused.
func (t *texts) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		var one string
		if err := json.Unmarshal(data, &one); err != nil {
			return err
		}
		*t = texts{one}
		return nil
	}
	var many []*string
	if err := json.Unmarshal(data, &many); err != nil {
		return err
	}
	if many == nil {
		return errors.New("claim is null")
	}
	*t = make(texts, len(many))
	for i, s := range many {
		if s == nil {
			return errors.New("claim has a null member")
		}
		(*t)[i] = *s
	}
	return nil
}

// timestamp is a NumericDate (RFC 7519): seconds since 1970, a fraction allowed.
type timestamp struct{ time.Time }

// lastSecond is 9999-12-31T23:59:59Z; later dates are mistakes or attempts at an overflow.
const lastSecond = 253402300799

// UnmarshalJSON accepts a JSON number within the years 1970 to 9999, nothing else.
func (t *timestamp) UnmarshalJSON(data []byte) error {
	f, err := strconv.ParseFloat(string(data), 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > lastSecond {
		return errors.New("claim is not a date")
	}
	whole, frac := math.Modf(f)
	t.Time = time.Unix(int64(whole), int64(frac*1e9)).UTC()
	return nil
}

// lifetime checks exp, nbf and iat with a skew for clocks that differ. exp is required.
func (c *claims) lifetime(now time.Time, skew time.Duration) Reason {
	if c.Expires == nil {
		return ReasonMalformed
	}
	if !now.Before(c.Expires.Add(skew)) {
		return ReasonExpired
	}
	latest := now.Add(skew)
	if c.NotBefore != nil && c.NotBefore.After(latest) || c.IssuedAt != nil && c.IssuedAt.After(latest) {
		return ReasonNotYetValid
	}
	return ""
}

// principal builds the Principal.
func (c *claims) principal(tenant string) Principal {
	p := Principal{
		Tenant: tenant, Subject: c.Subject, ObjectID: c.ObjectID, Issuer: c.Issuer, Expires: c.Expires.Time,
		AppID: c.client(), App: c.application(), Roles: c.Roles, Groups: c.Groups, DirectoryRoles: c.WIDs,
	}
	p.GroupsOmitted = c.HasGroups || namesGroups(c.ClaimNames)
	if p.App {
		p.Name = first(c.AppName, c.Name)
		return p
	}
	for _, s := range append(c.Scopes, c.Scope...) {
		p.Scopes = append(p.Scopes, strings.Fields(s)...)
	}
	p.Name = first(c.Preferred, c.UPN, c.UniqueName, c.Name)
	return p
}

// namesGroups reports whether `_claim_names` says that the groups are to be fetched elsewhere (`_claim_sources` says
// where: it is not followed, see package directory). What cannot be read is taken for a yes.
func namesGroups(raw json.RawMessage) bool {
	if len(raw) == 0 || string(raw) == "null" {
		return false
	}
	var names map[string]json.RawMessage
	if json.Unmarshal(raw, &names) != nil {
		return true
	}
	_, there := names["groups"]
	return there
}

func first(candidates ...string) string {
	for _, s := range candidates {
		if s != "" {
			return s
		}
	}
	return ""
}
