package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

// TestGeoIPFlag: no file is no change, a bad one is an error that names it.
func TestGeoIPFlag(t *testing.T) {
	table, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	svc := &hunt.Service{Fns: table}
	if err := (geoIPFlags{}).locate(svc); err != nil || svc.Fns != table {
		t.Errorf("without a file: %v", err)
	}
	path := filepath.Join(t.TempDir(), "GeoLite2-City.mmdb")
	if err := os.WriteFile(path, []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (geoIPFlags{GeoIP: path}).locate(svc); err == nil || !strings.Contains(err.Error(), path) || svc.Fns != table {
		t.Errorf("with a bad file: %v", err)
	}
}

// TestServeHost: the host that current_cluster_endpoint() tells.
func TestServeHost(t *testing.T) {
	for _, c := range []struct{ issuer, listen, want string }{
		{"", defaultListen, "127.0.0.1"},
		{"", ":8645", "localhost"},
		{"", "[::1]:8645", "::1"},
		{"https://hunt.contoso.example:8645/", "0.0.0.0:8645", "hunt.contoso.example"},
	} {
		if got := (&serveCmd{IssuerURL: c.issuer, Listen: c.listen}).host(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
