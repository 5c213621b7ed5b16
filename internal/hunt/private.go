package hunt

import (
	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
)

// ReadAudit is the permission to read the audit trail of one's tenant, the table HarrierAudit. A user needs the access
// policy's permission to manage as well.
var ReadAudit = auth.Permission{Role: "HarrierAudit.Read.All", Scope: "HarrierAudit.Read"}

// tablesFor are the tables that exist for a caller: private ones only for those who may read them.
func (s *Service) tablesFor(p auth.Principal, g access.Grant) *catalog.Catalog {
	if p.Can(ReadAudit) && (p.App || g.Need(access.Manage) == nil) {
		return s.Catalog
	}
	return s.Catalog.Public()
}
