package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/state"
)

// policySource is where the policy in force comes from: a file (access.Keeper) or the state store.
type policySource interface {
	Policy() *access.Policy
	// Prepare reads it now; commit puts what it read in force.
	Prepare() (commit func(), err error)
}

// policy makes svc follow the policy that the flags name; nil for none.
func (f policyFlags) policy(svc *hunt.Service, store *state.Store, log *slog.Logger) (policySource, error) {
	if !f.PolicyInState {
		k, err := f.restrict(svc, log)
		if k == nil {
			return nil, err
		}
		return k, err
	}
	if f.Policy != "" {
		return nil, errors.New("--policy and --policy-in-state: the access policy is in a file or in the state store, not in both")
	}
	s := &storedPolicy{store: store, log: log}
	commit, err := s.Prepare()
	if err != nil {
		return nil, err
	}
	commit()
	svc.Policy = s.Policy
	return s, nil
}

const (
	policyEvery    = time.Second
	policyPatience = 2 * time.Second
)

// storedPolicy is the policy of the state store, which all servers on it share. Like that of a file it is looked at once a
// second at most, and one that is broken or cannot be read leaves the last good one in force.
type storedPolicy struct {
	store *state.Store
	log   *slog.Logger

	mu      sync.Mutex
	policy  *access.Policy // another one, by address, after every change
	version int64
	failing bool
	looked  time.Time
}

var errNoPolicy = errors.New("there is no access policy in the state store: put one there with harrier policy put FILE")

// Policy is the policy in force.
func (s *storedPolicy) Policy() *access.Policy {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); now.Sub(s.looked) < policyEvery && !now.Before(s.looked) {
		return s.policy
	}
	p, version, err := s.read(s.version)
	s.looked = time.Now()
	switch {
	case err != nil && !s.failing:
		s.log.Error("the access policy of the state store cannot be read; the last good one stays in force", "error", err)
	case p != nil:
		s.put(p, version)
	}
	s.failing = err != nil
	return s.policy
}

// Prepare reads the store now; commit puts what it read in force.
func (s *storedPolicy) Prepare() (func(), error) {
	p, version, err := s.read(0)
	if err != nil {
		return nil, err
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if version != s.version {
			s.put(p, version)
		}
		s.looked = time.Time{} // it may have changed since: the next caller looks
	}, nil
}

// read returns nil when the policy is that of a known version.
func (s *storedPolicy) read(known int64) (*access.Policy, int64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), policyPatience)
	defer cancel()
	text, version, err := s.store.Policy(ctx, known)
	switch {
	case err != nil:
		return nil, 0, err
	case version == 0:
		return nil, 0, errNoPolicy
	case version == known:
		return nil, version, nil
	}
	p, err := access.Parse([]byte(text))
	if err != nil {
		return nil, 0, fmt.Errorf("access policy, version %d of the state store: %w", version, err)
	}
	return p, version, nil
}

func (s *storedPolicy) put(p *access.Policy, version int64) {
	s.policy, s.version = p, version
	s.log.Info("policy read", "version", version)
}

// policyCmd manages the access policy in the state store. It is for the operator, who has the store's password or file: a
// policy is about all tenants, and no caller of one tenant may change what holds for another.
type policyCmd struct {
	Put policyPutCmd `cmd:"" help:"Store an access policy: every server with --policy-in-state follows it within seconds."`
	Get policyGetCmd `cmd:"" help:"Print the access policy of the state store."`
}

type policyStateFlags struct {
	stateFlags
	Data string `help:"Data directory." default:"data" type:"path"`
}

func (f policyStateFlags) open(ctx context.Context) (*state.Store, error) {
	return engineFlags{stateFlags: f.stateFlags, Data: f.Data}.openState(ctx)
}

type policyPutCmd struct {
	policyStateFlags
	File string `arg:"" help:"The policy (JSON), see docs/access.md; - is standard input."`
}

// Run checks and stores the policy.
func (c *policyPutCmd) Run(ctx context.Context) (err error) {
	text, err := readPolicy(c.File)
	if err != nil {
		return err
	}
	if _, err := access.Parse(text); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	version, err := store.PutPolicy(ctx, string(text))
	if err != nil {
		return err
	}
	fmt.Printf("access policy stored, version %d\n", version)
	return nil
}

func readPolicy(path string) ([]byte, error) {
	in := os.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, access.MaxBytes+1))
}

type policyGetCmd struct{ policyStateFlags }

// Run prints the policy as it was stored.
func (c *policyGetCmd) Run(ctx context.Context) (err error) {
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	text, version, err := store.Policy(ctx, 0)
	if err == nil && version == 0 {
		err = errNoPolicy
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(os.Stdout, text)
	return err
}
