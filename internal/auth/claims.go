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
	IDType   string  `json:"idtyp"`     // "app" or "user", optional

	Roles  texts `json:"roles"`
	Scopes texts `json:"scp"` // one string with spaces; an array with other issuers
	Groups texts `json:"groups"`
	// Entra replaces groups that do not fit by a pointer (`_claim_names`) or a flag (`hasgroups`).
	ClaimNames json.RawMessage `json:"_claim_names"`
	HasGroups  bool            `json:"hasgroups"`

	UPN        string `json:"upn"`
	Preferred  string `json:"preferred_username"`
	UniqueName string `json:"unique_name"`
	AppName    string `json:"app_displayname"`
	Name       string `json:"name"`
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

// principal builds the Principal. A token is an application's when it names a client and carries no scope (and does not
// say it is a user's): an ID token, which names no client and has no scope, is neither and may do nothing.
func (c *claims) principal(tenant string) Principal {
	p := Principal{
		Tenant: tenant, Subject: c.Subject, ObjectID: c.ObjectID, Issuer: c.Issuer, Expires: c.Expires.Time,
		AppID: first(c.AppID, c.AZP, c.ClientID), Roles: c.Roles, Groups: c.Groups,
	}
	for _, s := range c.Scopes {
		p.Scopes = append(p.Scopes, strings.Fields(s)...)
	}
	p.App = len(c.Scopes) == 0 && p.AppID != "" && !strings.EqualFold(c.IDType, "user")
	p.GroupsOmitted = len(c.Groups) == 0 && (c.HasGroups || namesGroups(c.ClaimNames))
	if p.App {
		p.Name = first(c.AppName, c.Name)
	} else {
		p.Name = first(c.Preferred, c.UPN, c.UniqueName, c.Name)
	}
	return p
}

// namesGroups reports whether `_claim_names` says that the groups are to be fetched elsewhere.
func namesGroups(raw json.RawMessage) bool {
	var names struct {
		Groups *string `json:"groups"`
	}
	return len(raw) > 0 && json.Unmarshal(raw, &names) == nil && names.Groups != nil
}

func first(candidates ...string) string {
	for _, s := range candidates {
		if s != "" {
			return s
		}
	}
	return ""
}
