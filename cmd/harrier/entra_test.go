package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEntraFlags: half of what is needed to look up groups is an error at the
// start, and so is a secret that cannot be read.
func TestEntraFlags(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	for name, text := range map[string]string{"secret": "s3cret\n", "empty": " \n", "two": "a\nb\n", "long": strings.Repeat("x", maxSecret+1)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const host = "login.microsoftonline.com"
	for _, c := range []struct {
		name   string
		flags  entraFlags
		trusts int
		asks   bool
		err    string
	}{
		{"nothing", entraFlags{}, 0, false, ""},
		{"tokens only", entraFlags{Entra: host}, 2, false, ""},
		{"groups", entraFlags{Entra: host, EntraClientID: "a", EntraSecretFile: secret}, 2, true, ""},
		{"upper case", entraFlags{Entra: strings.ToUpper(host), EntraClientID: "a", EntraSecretFile: secret}, 2, true, ""},
		{"own cloud", entraFlags{Entra: "login.example", EntraClientID: "a", EntraSecretFile: secret, EntraGraph: "https://graph.example"}, 2, true, ""},
		{"unknown cloud", entraFlags{Entra: "login.example", EntraClientID: "a", EntraSecretFile: secret}, 0, false, "give --entra-graph"},
		{"in clear", entraFlags{Entra: host, EntraClientID: "a", EntraSecretFile: secret, EntraGraph: "http://graph.example"}, 0, false, "must use https"},
		{"no secret", entraFlags{Entra: host, EntraClientID: "a"}, 0, false, "both"},
		{"no client", entraFlags{Entra: host, EntraSecretFile: secret}, 0, false, "both"},
		{"graph alone", entraFlags{Entra: host, EntraGraph: "https://graph.microsoft.com"}, 0, false, "both"},
		{"no Entra", entraFlags{EntraClientID: "a", EntraSecretFile: secret}, 0, false, "go with --entra"},
		{"no file", entraFlags{Entra: host, EntraClientID: "a", EntraSecretFile: filepath.Join(dir, "none")}, 0, false, "no such file"},
		{"empty file", entraFlags{Entra: host, EntraClientID: "a", EntraSecretFile: filepath.Join(dir, "empty")}, 0, false, "on one line"},
		{"two lines", entraFlags{Entra: host, EntraClientID: "a", EntraSecretFile: filepath.Join(dir, "two")}, 0, false, "on one line"},
		{"too long", entraFlags{Entra: host, EntraClientID: "a", EntraSecretFile: filepath.Join(dir, "long")}, 0, false, "on one line"},
	} {
		got, err := c.flags.entraIssuers(slog.New(slog.DiscardHandler))
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) || len(got) != c.trusts {
			t.Errorf("%s: %d issuers, %v", c.name, len(got), err)
		}
		for _, issuer := range got {
			if (issuer.Groups != nil) != c.asks {
				t.Errorf("%s: asks for groups: %v", c.name, issuer.Groups != nil)
			}
		}
	}
	if s, err := (&entraFlags{EntraSecretFile: secret}).entraSecret(); s != "s3cret" || err != nil {
		t.Errorf("secret %q, %v", s, err)
	}
}
