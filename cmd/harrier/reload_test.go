package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/access"
)

type fakeReloader struct {
	fault     error
	committed int
}

func (f *fakeReloader) Prepare(context.Context) (func(), error) {
	return func() { f.committed++ }, f.fault
}

// TestReloadAllOrNone: one broken part keeps all of the old state.
func TestReloadAllOrNone(t *testing.T) {
	a, b := &fakeReloader{}, &fakeReloader{fault: errors.New("line 3 is wrong")}
	r := &reloads{log: slog.New(slog.DiscardHandler)}
	r.add("a", a)
	r.add("b", b)
	if err := r.reload(context.Background()); err == nil || !strings.Contains(err.Error(), "b: line 3") || a.committed+b.committed != 0 {
		t.Errorf("%v, %d commits", err, a.committed+b.committed)
	}
	b.fault = nil
	if err := r.reload(context.Background()); err != nil || a.committed != 1 || b.committed != 1 {
		t.Errorf("%v, %d %d", err, a.committed, b.committed)
	}
}

// TestReloadSettings: the file is read again; what is broken changes nothing;
// what needs a restart is named.
func TestReloadSettings(t *testing.T) {
	path := writeFile(t, "c.yaml", "region: eu\nregion-url: https://eu.example\nlisten: 127.0.0.1:1\n")
	args := []string{"serve", "--config", path}
	c, ctx, _, err := command(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	c.Serve.restartable = restartable{args: args, started: settingTexts(ctx)}
	var log strings.Builder
	ops, err := c.Serve.operate(nil, nil, nil, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	change := func(text string) error {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return ops.Reload(context.Background())
	}
	names := func() (out []string) {
		for _, r := range ops.Regions() {
			out = append(out, r.Name)
		}
		return out
	}
	for text, want := range map[string]string{"regio: eu\n": "did you mean region", "region: eu\n": "region-url", "custom-profile: {x: {rows: many}}\n": "no count"} {
		if err := change(text); err == nil || !strings.Contains(err.Error(), want) || len(names()) != 1 {
			t.Errorf("%s: %v, regions %v", text, err, names())
		}
	}
	err = change("region: eu\nregion-url: https://eu.example\nsibling: {us: https://us.example}\ncustom-profile: {x: rows=3}\nprofile: x\nlisten: 127.0.0.1:2\n")
	if err != nil || strings.Join(names(), " ") != "eu us" {
		t.Errorf("%v, regions %v", err, names())
	}
	if p, ok := ops.ProfileFor(defaultTenant, "mde"); !ok || p.Rows != 3 {
		t.Errorf("profile %+v", p)
	}
	if !strings.Contains(log.String(), "need a restart\" settings=[listen]") {
		t.Error(log.String())
	}
}

// TestReloadPolicy: a policy is taken over with the other parts, or not at all.
func TestReloadPolicy(t *testing.T) {
	path := writeFile(t, "policy.json", `{"roles": []}`)
	k, err := access.Open(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	other := &fakeReloader{fault: errors.New("broken")}
	r := &reloads{log: slog.New(slog.DiscardHandler)}
	r.add("policy", policyReloader{k})
	r.add("other", other)
	before := k.Policy()
	text := []byte(`{"roles": [{"name": "r", "permissions": ["view data"], "groups": ["g"]}]}`)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.reload(t.Context()); err == nil || k.Policy() != before {
		t.Errorf("the policy was taken over although another part is broken (%v)", err)
	}
	other.fault = nil
	if err := r.reload(t.Context()); err != nil || k.Policy() == before {
		t.Errorf("the policy was not taken over: %v", err)
	}
	if err := os.WriteFile(path, text[:20], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.reload(t.Context()); err == nil || other.committed != 1 {
		t.Errorf("a broken policy lets the other parts change (%v)", err)
	}
}
