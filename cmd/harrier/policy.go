package main

import (
	"log/slog"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

// policyFlags name what says who may see what.
type policyFlags struct {
	Policy        string `help:"Access policy (JSON): roles and device groups, see docs/access.md; read again when it changes. Without it every user sees every device." type:"existingfile"`
	PolicyInState bool   `help:"The access policy is in the state store, for all servers on it (harrier policy put)."`
}

// restrict makes svc follow the policy. The Keeper is for reloading by hand;
// nil without a policy.
func (f policyFlags) restrict(svc *hunt.Service, log *slog.Logger) (*access.Keeper, error) {
	if f.Policy == "" {
		log.Warn("no access policy (--policy): every user whose token may hunt sees every device and every table")
		return nil, nil
	}
	k, err := access.Open(f.Policy, log)
	if err != nil {
		return nil, err
	}
	svc.Policy = k.Policy
	return k, nil
}
