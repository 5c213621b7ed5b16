package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

func TestPolicyFlag(t *testing.T) {
	var out strings.Builder
	log := slog.New(slog.NewTextHandler(&out, nil))
	user := auth.Principal{Groups: []string{"g"}}
	svc := &hunt.Service{}
	if _, err := (policyFlags{}).restrict(svc, log); err != nil || !strings.Contains(out.String(), "every user") {
		t.Errorf("%v, %s", err, out.String())
	}
	if g, err := svc.Grant(user); err != nil || !g.AllDevices {
		t.Errorf("without a policy: %+v, %v", g, err)
	}
	path := filepath.Join(t.TempDir(), "policy.json")
	for text, good := range map[string]bool{`{"roles": [{"name": "r"`: false, `{"roles": []}`: true} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (policyFlags{Policy: path}).restrict(svc, log); (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := svc.Grant(user); err == nil {
		t.Error("a user without a role is let in")
	}
}

// TestDocumentedPolicy: the example of docs/access.md is a policy.
func TestDocumentedPolicy(t *testing.T) {
	page, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "```json\n")
	text, _, closed := strings.Cut(rest, "```")
	path := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil || !found || !closed {
		t.Fatal(err, found, closed)
	}
	if _, err := (policyFlags{Policy: path}).restrict(&hunt.Service{}, slog.New(slog.DiscardHandler)); err != nil {
		t.Error(err)
	}
}
