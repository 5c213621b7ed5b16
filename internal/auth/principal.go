package auth

import (
	"slices"
	"strings"
	"time"
)

// Principal is who sent a request, as far as a verified token tells. It is immutable by convention: share it freely.
type Principal struct {
	Tenant   string // one of the configured tenants
	Subject  string // `sub`: unique per issuer
	AppID    string // `appid`, `azp` or `client_id`: the client application
	ObjectID string // `oid`: the user or service principal
	Name     string // for people to read; never for a decision
	App      bool   // an application acts for itself: no user, no `scp`
	Roles    []string
	Scopes   []string
	Groups   []string
	// GroupsOmitted reports that the user is in more groups than fit into the token (Entra: over 200) and that nobody could
	// tell them (TrustedIssuer.Groups); Groups is then empty or a part, and a decision by group membership must deny. Entra
	// can be told to send the groups assigned to the API only.
	GroupsOmitted  bool
	DirectoryRoles []string // `wids`: template ids of the user's roles in the directory
	Issuer         string
	Expires        time.Time
}

// Permission names what one operation of a contract requires: an application needs Role in `roles`, a user's token
// needs Scope in `scp`. An empty name means that this kind of caller can never hold the permission.
type Permission struct {
	Role  string // application permission, such as AdvancedQuery.Read.All
	Scope string // delegated permission, such as AdvancedQuery.Read
}

// Can reports whether the principal holds the permission. Roles of a user are no substitute for the delegated scope:
// an app role assigned to a person must not grant what the application was never consented to.
func (p Principal) Can(need Permission) bool {
	if p.App {
		return need.Role != "" && slices.Contains(p.Roles, need.Role)
	}
	return need.Scope != "" && slices.Contains(p.Scopes, need.Scope)
}

// Authorize returns nil when the principal holds the permission and a *Forbidden with the service's text otherwise.
func (p Principal) Authorize(need Permission) error {
	if p.Can(need) {
		return nil
	}
	if p.App {
		return &Forbidden{Message: "Missing application roles. API required roles: " + need.Role +
			", application roles: " + strings.Join(p.Roles, ",") + "."}
	}
	return &Forbidden{Message: "Missing delegated permissions. API required scopes: " + need.Scope +
		", token scopes: " + strings.Join(p.Scopes, ",") + "."}
}
