package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/state"
	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

// TestPolicyInState: several servers follow the policy of one state store; without one none starts, and what is broken or
// out of reach leaves the last good one in force.
func TestPolicyInState(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		var out strings.Builder
		log := slog.New(slog.NewTextHandler(&out, nil))
		flags := policyFlags{PolicyInState: true}
		if _, err := flags.policy(&hunt.Service{}, statetest.Open(t, place), log); err == nil || !strings.Contains(err.Error(), "harrier policy put") {
			t.Fatalf("started without a policy: %v", err)
		}
		put := func(text string) error {
			t.Helper()
			var c policyPutCmd
			parse(t, &c, "--state", place, writeFile(t, "policy.json", text))
			return c.Run(context.Background())
		}
		const none = `{"roles": []}`
		const some = `{"roles": [{"name": "r", "permissions": ["view data"], "groups": ["5b1c0c7e-0000-4000-8000-000000000001"]}]}`
		if err := put(`{"roles": [{"name"`); err == nil {
			t.Error("a broken policy was stored")
		}
		if err := put(none); err != nil {
			t.Fatal(err)
		}
		user := auth.Principal{Groups: []string{"5b1c0c7e-0000-4000-8000-000000000001"}}
		var servers []*hunt.Service
		var sources []policySource
		var stores []*state.Store
		for range 2 {
			st, err := state.Open(t.Context(), place)
			if err != nil {
				t.Fatal(err)
			}
			svc := &hunt.Service{}
			source, err := flags.policy(svc, st, log)
			if err != nil {
				t.Fatal(err)
			}
			servers, sources, stores = append(servers, svc), append(sources, source), append(stores, st)
		}
		sees := func(want bool) {
			t.Helper()
			for i, svc := range servers {
				for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
					if (svc.Allow(user, access.ViewData) == nil) == want {
						break
					}
					if time.Now().After(end) {
						t.Fatalf("server %d: not %v", i, want)
					}
				}
			}
		}
		sees(false)
		if sources[0].Policy() != sources[0].Policy() {
			t.Error("a policy that has not changed is another one")
		}
		if err := put(some); err != nil {
			t.Fatal(err)
		}
		sees(true)
		if _, err := stores[0].PutPolicy(t.Context(), `{"broken`); err != nil { // past the check
			t.Fatal(err)
		}
		if _, err := sources[0].Prepare(); err == nil {
			t.Error("a reload took over a broken policy")
		}
		time.Sleep(policyEvery + 100*time.Millisecond)
		sees(true)
		if err := put(none); err != nil {
			t.Fatal(err)
		}
		commit, err := sources[0].Prepare() // at once
		if err != nil {
			t.Fatal(err)
		}
		commit()
		if servers[0].Allow(user, access.ViewData) == nil {
			t.Error("not taken over at once by a reload")
		}
		sees(false)
		for _, st := range stores {
			if err := st.Close(); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(policyEvery + 100*time.Millisecond)
		sees(false)
		if n := strings.Count(out.String(), "last good one stays in force"); n < 2 {
			t.Errorf("said %d times:\n%s", n, out.String())
		}
	})
}

// TestPolicyGet prints what was put; both ways at once are refused.
func TestPolicyGet(t *testing.T) {
	place := statetest.File(t)
	var get policyGetCmd
	parse(t, &get, "--state", place)
	if err := get.Run(t.Context()); err == nil {
		t.Error("there is a policy in an empty store")
	}
	st := statetest.Open(t, place)
	if _, err := st.PutPolicy(t.Context(), "{ }\n"); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	err = get.Run(t.Context())
	os.Stdout = old
	_ = w.Close()
	text := make([]byte, 10)
	n, _ := r.Read(text)
	if err != nil || string(text[:n]) != "{ }\n" {
		t.Errorf("%q, %v", text[:n], err)
	}
	if _, err := (policyFlags{Policy: "x", PolicyInState: true}).policy(&hunt.Service{}, st, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("two policies at once")
	}
}
