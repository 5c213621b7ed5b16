package hunt

import (
	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/quota"
)

// Accept counts a call under a contract before its query has to wait for its
// turn. Whoever may not hunt uses up no quota. Errors: as of Run.
func (s *Service) Accept(p auth.Principal, contract string, profile quota.Profile) (*quota.Lease, error) {
	if _, ok := s.Store(p.Tenant); !ok {
		return nil, ErrUnknownTenant
	}
	if err := s.Allow(p, access.ViewData); err != nil {
		return nil, err
	}
	return s.Limiter.Accept(quota.Account{Tenant: p.Tenant, Contract: contract}, profile)
}

// lease starts the call of a query, which Accept or else this counts.
func (s *Service) lease(p auth.Principal, q Request) (*quota.Lease, error) {
	if q.Lease != nil {
		return q.Lease, q.Lease.Start(q.Profile.PerRequest)
	}
	return s.Limiter.Reserve(quota.Account{Tenant: p.Tenant, Contract: q.Contract}, q.Profile)
}
