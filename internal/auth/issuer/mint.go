package issuer

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// Grant says what a token shall say. Scopes make it a person's token; without them it is an application's.
type Grant struct {
	Tenant   string
	Resource string // URI or id of a configured resource; a trailing slash is kept in the audience
	AppID    string
	ObjectID string // default: of a person with a name the one that sign-in gives that name, else AppID
	Subject  string // default: ObjectID
	Name     string
	Roles    []string
	Scopes   []string
	Groups   []string
	Secret   bool          // a person's token that the application got with a secret of its own
	UPN      string        // what a person signs in with; default: Name
	Lifetime time.Duration // default, and at most, the issuer's
}

// Token is a minted token.
type Token struct {
	Raw       string
	NotBefore time.Time
	Expires   time.Time
}

// tokenClaims are written in the order of Entra's access tokens; which members are there depends on the version.
type tokenClaims struct {
	Audience  string   `json:"aud"`
	Issuer    string   `json:"iss"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	AppName   string   `json:"app_displayname,omitempty"`
	AppID     string   `json:"appid,omitempty"`    // v1
	AppIDACR  string   `json:"appidacr,omitempty"` // v1: "0" public client, "1" secret
	AZP       string   `json:"azp,omitempty"`      // v2
	AZPACR    string   `json:"azpacr,omitempty"`   // v2
	Groups    []string `json:"groups,omitempty"`
	IDP       string   `json:"idp,omitempty"` // v1
	IDType    string   `json:"idtyp"`
	Name      string   `json:"name,omitempty"`
	ObjectID  string   `json:"oid,omitempty"`
	Preferred string   `json:"preferred_username,omitempty"` // v2, people
	Roles     []string `json:"roles,omitempty"`
	Scopes    string   `json:"scp,omitempty"`
	Subject   string   `json:"sub"`
	Tenant    string   `json:"tid"`
	UPN       string   `json:"upn,omitempty"` // v1, people
	TokenID   string   `json:"uti"`
	Version   string   `json:"ver"`
}

// Mint signs a token. It refuses what the verifier would refuse later: unknown tenants and resources, no application.
func (i *Issuer) Mint(g Grant) (Token, error) {
	g.Tenant = auth.CanonicalID(g.Tenant)
	if !slices.Contains(i.opts.Tenants, g.Tenant) {
		return Token{}, fmt.Errorf("issuer: tenant %q is not configured: use one of %s", g.Tenant, strings.Join(i.opts.Tenants, ", "))
	}
	res, ok := i.resource(g.Resource)
	if !ok {
		return Token{}, fmt.Errorf("issuer: resource %q is not configured", g.Resource)
	}
	if g.AppID == "" {
		return Token{}, errors.New("issuer: a token needs the id of an application")
	}
	life := i.opts.Lifetime
	if g.Lifetime > 0 {
		life = min(life, g.Lifetime)
	}
	id := make([]byte, 16)
	if _, err := io.ReadFull(i.opts.Random, id); err != nil {
		return Token{}, fmt.Errorf("issuer: token id: %w", err)
	}
	now := i.opts.Clock().Truncate(time.Second)
	t := Token{NotBefore: now, Expires: now.Add(life).Truncate(time.Second)}
	c := i.claimsOf(g, res)
	c.IssuedAt, c.NotBefore, c.Expires = now.Unix(), now.Unix(), t.Expires.Unix()
	c.TokenID = base64.RawURLEncoding.EncodeToString(id)
	var err error
	t.Raw, err = sign(i.keys.signer(), c)
	return t, err
}

// claimsOf fills what does not depend on time, in the shape of the resource's token version.
func (i *Issuer) claimsOf(g Grant, res Resource) tokenClaims {
	person := len(g.Scopes) > 0
	switch {
	case g.ObjectID != "":
	case person && g.Name != "":
		g.ObjectID = personID(g.Tenant, g.Name)
	default:
		g.ObjectID = g.AppID
	}
	c := tokenClaims{
		Audience: g.Resource, Issuer: i.name(g.Tenant, res.V2), Tenant: g.Tenant, ObjectID: g.ObjectID, Subject: g.Subject,
		Roles: g.Roles, Groups: g.Groups, Scopes: strings.Join(g.Scopes, " "), IDType: "app", Version: "1.0",
	}
	if c.Subject == "" {
		c.Subject = g.ObjectID
	}
	strength := "1"
	if person {
		c.Name, c.IDType = g.Name, "user"
		if !g.Secret {
			strength = "0"
		}
		if g.UPN == "" {
			g.UPN = g.Name
		}
	} else {
		c.AppName = g.Name
	}
	if res.V2 {
		c.Version, c.AZP, c.AZPACR = "2.0", g.AppID, strength
		if res.ID != "" {
			c.Audience = res.ID
		}
		if person {
			c.Preferred = g.UPN
		}
		return c
	}
	c.AppID, c.AppIDACR, c.IDP = g.AppID, strength, c.Issuer
	if person {
		c.UPN = g.UPN
	}
	return c
}

func sign(s jose.Signer, c any) (string, error) {
	payload, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("issuer: %w", err)
	}
	sig, err := s.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("issuer: %w", err)
	}
	return sig.CompactSerialize()
}
