package auth

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

func TestConfigErrors(t *testing.T) {
	base := func() Config {
		return Config{Tenants: []string{tenantA}, Audiences: []string{resource}, Issuers: Entra("login.microsoftonline.com")}
	}
	if _, err := NewVerifier(base()); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Config){
		"no tenant":           func(c *Config) { c.Tenants = nil },
		"empty tenant":        func(c *Config) { c.Tenants = []string{" "} },
		"no audience":         func(c *Config) { c.Audiences = nil },
		"empty audience":      func(c *Config) { c.Audiences = []string{"/"} },
		"no issuer":           func(c *Config) { c.Issuers = nil },
		"has no name":         func(c *Config) { c.Issuers = []TrustedIssuer{{}} },
		"configured twice":    func(c *Config) { c.Issuers = append(c.Issuers, c.Issuers[0]) },
		"both a tenant and":   func(c *Config) { c.Issuers[0].Tenant = tenantA },
		"not among":           func(c *Config) { c.Issuers = []TrustedIssuer{{Issuer: "https://x.example", Tenant: tenantB}} },
		"must use https":      func(c *Config) { c.Issuers = []TrustedIssuer{{Issuer: "http://x.example"}} },
		"not an absolute URL": func(c *Config) { c.Issuers = []TrustedIssuer{{Issuer: "https://x.example", JWKS: "keys"}} },
		"1 to 200 keys":       func(c *Config) { c.Issuers = []TrustedIssuer{{Issuer: "x", Keys: &jose.JSONWebKeySet{}}} },
		"not a public RSA key": func(c *Config) {
			c.Issuers = []TrustedIssuer{{Issuer: "x", Keys: &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: []byte("secret")}}}}}
		},
		`algorithm "HS256"`: func(c *Config) { c.Algorithms = []string{"RS256", "HS256"} },
		`algorithm "none"`:  func(c *Config) { c.Algorithms = []string{"none"} },
	} {
		cfg := base()
		change(&cfg)
		if _, err := NewVerifier(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
}

// TestEntraAddresses pins the names and addresses of Microsoft's issuers, which no test here can call.
func TestEntraAddresses(t *testing.T) {
	v := mustVerifier(t, Config{Tenants: []string{tenantA, tenantB}, Audiences: []string{resource}, Issuers: Entra("login.microsoftonline.com")})
	var names []string
	for name, from := range v.issuers {
		names = append(names, name+" "+from.tenant+" "+from.keys.(*remoteKeys).discovery)
	}
	slices.Sort(names)
	want := []string{
		"https://login.microsoftonline.com/" + tenantA + "/v2.0 " + tenantA + " https://login.microsoftonline.com/" + tenantA + "/v2.0/.well-known/openid-configuration",
		"https://login.microsoftonline.com/" + tenantB + "/v2.0 " + tenantB + " https://login.microsoftonline.com/" + tenantB + "/v2.0/.well-known/openid-configuration",
		"https://sts.windows.net/" + tenantA + "/ " + tenantA + " https://login.microsoftonline.com/" + tenantA + "/.well-known/openid-configuration",
		"https://sts.windows.net/" + tenantB + "/ " + tenantB + " https://login.microsoftonline.com/" + tenantB + "/.well-known/openid-configuration",
	}
	if !slices.Equal(names, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(names, "\n"), strings.Join(want, "\n"))
	}
}

// TestEntraClouds: the v1 issuer of China's cloud has a name of its own; the keys are at the sign-in host everywhere.
func TestEntraClouds(t *testing.T) {
	for host, v1 := range map[string]string{
		"login.microsoftonline.com":        "https://sts.windows.net/{tenantid}/",
		"login.microsoftonline.us":         "https://sts.windows.net/{tenantid}/",
		"login.partner.microsoftonline.cn": "https://sts.chinacloudapi.cn/{tenantid}/",
	} {
		got := Entra(host)
		if got[0].Issuer != v1 || got[1].Issuer != "https://"+host+"/{tenantid}/v2.0" ||
			got[0].Discovery != "https://"+host+"/{tenantid}/.well-known/openid-configuration" {
			t.Errorf("%s: %+v", host, got)
		}
	}
}
