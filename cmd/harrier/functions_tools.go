package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/state"
)

// knownFunctions are flags of tools that work on queries without running them.
type knownFunctions struct {
	State  string `help:"State store (path of a SQLite file, or postgres://...) whose stored functions queries may call; without it they know none."`
	Tenant string `help:"Tenant whose stored functions they are." default:"11111111-1111-1111-1111-111111111111"`
}

// functionLookup is how long the state store may take to tell one function.
const functionLookup = 10 * time.Second

// open finds the tenant's functions; the nil finder knows none. close tells whether the store could not be read: what it
// did not tell was taken for unknown.
func (f knownFunctions) open() (find func(name string) (catalog.Function, bool), end func() error, err error) {
	if f.State == "" {
		return nil, func() error { return nil }, nil
	}
	if err := checkTenant(f.Tenant); err != nil {
		return nil, nil, err
	}
	if path := strings.TrimPrefix(f.State, "sqlite://"); !strings.Contains(path, "://") {
		if _, err := os.Stat(path); err != nil { // do not make one where there is none
			return nil, nil, fmt.Errorf("state store: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), functionLookup)
	defer cancel()
	store, err := state.Open(ctx, f.State)
	if err != nil {
		return nil, nil, err
	}
	var failed error
	known := map[string]string{}
	find = func(name string) (catalog.Function, bool) {
		text, ok := known[name]
		if !ok {
			ctx, cancel := context.WithTimeout(context.Background(), functionLookup)
			defer cancel()
			var err error
			if text, err = store.FunctionText(ctx, auth.CanonicalID(f.Tenant), name); err != nil && failed == nil {
				failed = err
			}
			known[name] = text
		}
		return catalog.Function{Name: name, Text: text, Doc: catalog.DocOf(text)}, text != ""
	}
	return find, func() error { return errors.Join(failed, store.Close()) }, nil
}
