package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// Verifier checks bearer tokens. It is safe for concurrent use.
type Verifier struct {
	cfg        Config
	algorithms []jose.SignatureAlgorithm
	audiences  map[string]bool
	tenants    []string
	issuers    map[string]trusted // by exact `iss`
}

// NewVerifier checks the configuration and expands the issuer templates. It does not use the network: keys are fetched
// with the first token, so that the program starts while an identity provider is down.
func NewVerifier(cfg Config) (*Verifier, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	v := &Verifier{cfg: cfg, audiences: map[string]bool{}, issuers: map[string]trusted{}}
	if v.algorithms, err = cfg.algorithms(); err != nil {
		return nil, err
	}
	for _, t := range cfg.Tenants {
		if strings.TrimSpace(t) == "" {
			return nil, errors.New("auth: an empty tenant is configured")
		}
		v.tenants = append(v.tenants, CanonicalID(t))
	}
	for _, a := range cfg.Audiences {
		if strings.Trim(a, "/ ") == "" {
			return nil, errors.New("auth: an empty audience is configured")
		}
		v.audiences[audience(a)] = true
	}
	for _, ti := range cfg.Issuers {
		if err := v.trust(ti); err != nil {
			return nil, fmt.Errorf("auth: issuer %q: %w", ti.Issuer, err)
		}
	}
	return v, nil
}

// Authenticate reads the Authorization header and verifies its token. Errors are *Unauthenticated, *Unavailable or the
// context's.
func (v *Verifier) Authenticate(ctx context.Context, h http.Header) (Principal, error) {
	token, err := Bearer(h)
	if err != nil {
		return Principal{}, err
	}
	return v.Verify(ctx, token)
}

// Verify checks a compact JWT and returns whose it is.
func (v *Verifier) Verify(ctx context.Context, token string) (Principal, error) {
	if len(token) > v.cfg.MaxTokenBytes || !compact(token) {
		return Principal{}, refuse(ReasonMalformed)
	}
	sig, err := jose.ParseSignedCompact(token, v.algorithms)
	if unexpected := (*jose.ErrUnexpectedSignatureAlgorithm)(nil); errors.As(err, &unexpected) {
		return Principal{}, refuse(ReasonAlgorithm)
	}
	if err != nil || !plainHeader(sig) {
		return Principal{}, refuse(ReasonMalformed)
	}
	// The claims are read once; until the signature holds, only the issuer's name is used, to find the keys.
	var c claims
	if json.Unmarshal(sig.UnsafePayloadWithoutVerification(), &c) != nil {
		return Principal{}, refuse(ReasonMalformed)
	}
	from, known := v.issuers[c.Issuer]
	if !known {
		return Principal{}, refuse(ReasonIssuer)
	}
	if err := verifySignature(ctx, sig, from.keys); err != nil {
		return Principal{}, err
	}
	tenant, ok := v.tenant(&c, from)
	if !ok {
		return Principal{}, refuse(ReasonTenant)
	}
	if !slices.ContainsFunc(c.Audience, func(a string) bool { return v.audiences[audience(a)] }) {
		return Principal{}, refuse(ReasonAudience)
	}
	if r := c.lifetime(v.cfg.Clock(), v.cfg.Skew); r != "" {
		return Principal{}, refuse(r)
	}
	if !c.access() {
		return Principal{}, refuse(ReasonKind)
	}
	p := c.principal(tenant)
	if !p.GroupsOmitted || p.App || from.groups == nil || !isGUID(p.ObjectID) {
		return p, nil
	}
	groups, err := from.groups(ctx, p.Tenant, CanonicalID(p.ObjectID))
	switch {
	case errors.Is(err, ErrGroupsUnknown):
		return p, nil // whoever decides by group denies
	case err != nil:
		return Principal{}, err
	}
	p.Groups, p.GroupsOmitted = groups, false
	return p, nil
}

// plainHeader accepts the headers of access tokens: no critical extension, no unencoded payload (RFC 7797), no key or
// address of a key of the token's own choice (RFC 8725, section 3.10), no JWT within (cty), and a type, if any, that is an
// access token's, so that another kind of JWT signed by the same key is not taken for one (RFC 8725, section 3.11).
func plainHeader(sig *jose.JSONWebSignature) bool {
	head := sig.Signatures[0].Header
	if head.JSONWebKey != nil {
		return false
	}
	extra := head.ExtraHeaders
	for _, name := range []jose.HeaderKey{"crit", "b64", "jku", "x5u", "jwk", "cty"} {
		if _, there := extra[name]; there {
			return false
		}
	}
	typ, present := extra[jose.HeaderType]
	if !present {
		return true
	}
	name, _ := typ.(string)
	switch strings.TrimPrefix(strings.ToLower(name), "application/") {
	case "jwt", "at+jwt":
		return true
	}
	return false
}

// verifySignature tries the keys with the token's key id; there is hardly ever more than one.
func verifySignature(ctx context.Context, sig *jose.JSONWebSignature, keys keySource) error {
	head := sig.Signatures[0].Header
	candidates, err := keys.lookup(ctx, head.KeyID, jose.SignatureAlgorithm(head.Algorithm))
	if errors.Is(err, errUnknownKey) {
		return refuse(ReasonUnknownKey)
	}
	if err != nil {
		return err
	}
	for i := range candidates {
		if _, err := sig.Verify(candidates[i].Key); err == nil {
			return nil
		}
	}
	return refuse(ReasonSignature)
}

// tenant decides whose token it is: the issuer's tenant, which a `tid` must agree with, or the `tid` itself.
func (v *Verifier) tenant(c *claims, from trusted) (string, bool) {
	if c.Tenant == nil {
		return from.tenant, from.tidless
	}
	tid := CanonicalID(*c.Tenant)
	if from.tenant != "" {
		return from.tenant, tid == from.tenant
	}
	return tid, slices.Contains(v.tenants, tid)
}

// audience brings an audience to one form. Clients ask for "https://host//.default" or "https://host/.default" and get
// tokens with and without a slash for the same resource. GUIDs are compared without regard to case, and "api://<GUID>",
// the name that Entra gives an API at first, is its client id: v1 tokens have the one, v2 tokens the other.
func audience(s string) string {
	s = strings.TrimSuffix(s, "/")
	if id, named := strings.CutPrefix(s, "api://"); named && isGUID(id) {
		s = id
	}
	return CanonicalID(s)
}

// CanonicalID lower-cases s when it is a GUID, the form in which tenants appear in a Principal; names are left alone.
func CanonicalID(s string) string {
	if isGUID(s) {
		return strings.ToLower(s)
	}
	return s
}

func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		if dash != (c == '-') || !dash && !hex {
			return false
		}
	}
	return true
}
