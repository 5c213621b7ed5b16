package auth

import (
	"errors"
	"time"
)

// Reason classifies a refused token for logs, metrics and the audit record. It is never sent to the client.
type Reason string

// The reasons, one for each check.
const (
	ReasonMissing     Reason = "missing"
	ReasonMalformed   Reason = "malformed"
	ReasonClear       Reason = "sent in clear"
	ReasonKind        Reason = "not an access token"
	ReasonAlgorithm   Reason = "algorithm"
	ReasonIssuer      Reason = "issuer"
	ReasonUnknownKey  Reason = "unknown key"
	ReasonSignature   Reason = "signature"
	ReasonTenant      Reason = "tenant"
	ReasonAudience    Reason = "audience"
	ReasonExpired     Reason = "expired"
	ReasonNotYetValid Reason = "not yet valid"
)

// Unauthenticated is HTTP 401, code Unauthorized.
type Unauthenticated struct {
	Message string // for the client
	Reason  Reason // for the operator
}

// Error returns the text for the client.
func (e *Unauthenticated) Error() string { return e.Message }

// Challenge is the value of the WWW-Authenticate header. A request without a token is told the scheme only
// (RFC 6750, section 3: no error code where no authentication was attempted).
func (e *Unauthenticated) Challenge() string {
	if e.Reason == ReasonMissing {
		return "Bearer"
	}
	return `Bearer error="invalid_token"`
}

// Forbidden is HTTP 403, code Forbidden: the token is good, the permission is absent.
type Forbidden struct{ Message string }

// Error returns the text for the client.
func (e *Forbidden) Error() string { return e.Message }

// Challenge is the value of the WWW-Authenticate header.
func (e *Forbidden) Challenge() string { return `Bearer error="insufficient_scope"` }

// ErrGroupsUnknown is what TrustedIssuer.Groups answers when the directory will not tell a user's groups.
var ErrGroupsUnknown = errors.New("the user's groups cannot be told")

// Unavailable is HTTP 503: the token may be good, but the keys of its issuer, or the groups of its user, cannot be had at the
// moment, so nobody can tell. It is not a 401, because a client would throw away a good token.
type Unavailable struct{ RetryAfter time.Duration }

// Error returns the text for the client.
func (e *Unavailable) Error() string {
	return "The access token cannot be validated at the moment. Try again later."
}

func refuse(r Reason) *Unauthenticated {
	return &Unauthenticated{Message: message(r), Reason: r}
}

// message gives the client's text. The first and the expiry text are recorded from the public service; an unknown key
// reads like a bad signature, so that nobody can probe for key ids.
func message(r Reason) string {
	switch r {
	case ReasonIssuer:
		return "Access token validation failure. Invalid issuer."
	case ReasonAlgorithm, ReasonUnknownKey, ReasonSignature:
		return "Access token validation failure. Invalid signature."
	case ReasonTenant:
		return "Access token validation failure. Invalid tenant."
	case ReasonAudience:
		return "Access token validation failure. Invalid audience."
	case ReasonExpired:
		return "Lifetime validation failed, the token is expired."
	case ReasonClear:
		return "Access tokens are accepted over https only. This one has crossed a network in clear: replace it."
	case ReasonNotYetValid:
		return "Lifetime validation failed, the token is not yet valid."
	default:
		return "Access token is missing or malformed."
	}
}
