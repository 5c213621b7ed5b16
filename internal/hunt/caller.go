package hunt

import (
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
)

// callerOf is what queries may learn of who asks.
func callerOf(p auth.Principal) bind.Caller {
	return bind.Caller{
		Tenant: p.Tenant, ObjectID: p.ObjectID, AppID: p.AppID, Name: p.Name, Issuer: p.Issuer,
		App: p.App, Groups: p.Groups, GroupsUnknown: p.GroupsOmitted,
	}
}
