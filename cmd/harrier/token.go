package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth/issuer"
)

type tokenCmd struct {
	Mint      mintCmd      `cmd:"" default:"withargs" help:"Print a bearer token (the default)."`
	NewClient newClientCmd `cmd:"" help:"Add an application that may ask the server for tokens, and print its secret once."`
	Clients   clientsCmd   `cmd:"" help:"List the applications of the tenant."`
	Remove    dropClient   `cmd:"" name:"remove-client" help:"Remove an application."`
	Rotate    rotateCmd    `cmd:"" help:"Make the next signing key."`
}

// issuerFlags say which embedded issuer is meant.
type issuerFlags struct {
	Data      string `help:"Data directory." default:"data" type:"path"`
	IssuerDir string `help:"Directory of the embedded issuer; default: issuer in the data directory." type:"path"`
	Tenant    string `help:"Tenant." default:"11111111-1111-1111-1111-111111111111"`
}

func (f issuerFlags) dir() string { return orIn(f.IssuerDir, f.Data, "issuer") }

// state is what the server that started last says of itself.
func (f issuerFlags) state() (issuerState, error) {
	s := issuerState{URL: "http://" + defaultListen, Audiences: []string{"https://api.securitycenter.windows.com"}}
	return s, readIssuerFile(f.dir(), issuerFile, &s)
}

// mintCmd signs with the key of the embedded issuer, so whoever may read the
// key file may be anybody: the file's mode is the only protection.
type mintCmd struct {
	issuerFlags
	IssuerURL string        `help:"Name of the issuer; default: that of the server that started last."`
	Resource  string        `help:"API the token is for; default: the server's first audience."`
	AppID     string        `help:"Application." default:"harrier-cli" name:"app-id"`
	Role      []string      `help:"Application permissions; default: AdvancedQuery.Read.All, none with --scope."`
	Scope     []string      `help:"Delegated permissions: makes it a person's token, e.g. AdvancedQuery.Read."`
	Group     []string      `help:"Groups of the person."`
	Name      string        `help:"Name of the application or the person: people of different names are different principals."`
	Lifetime  time.Duration `help:"How long the token is valid, at most 1h." default:"1h"`
}

// Run prints the token and nothing else.
func (c *mintCmd) Run(context.Context) error {
	token, err := c.mint()
	if err == nil {
		fmt.Println(token)
	}
	return err
}

func (c *mintCmd) mint() (string, error) {
	state, err := c.state()
	if err != nil {
		return "", err
	}
	if c.IssuerURL != "" {
		state.URL = c.IssuerURL
	}
	if c.Resource != "" {
		state.Audiences = []string{c.Resource}
	}
	if len(state.Audiences) == 0 {
		return "", fmt.Errorf("%s names no audience: give --resource", filepath.Join(c.dir(), issuerFile))
	}
	if c.Lifetime <= 0 || c.Lifetime > time.Hour {
		return "", fmt.Errorf("lifetime %v: tokens are valid for more than 0 and at most 1h", c.Lifetime)
	}
	if len(c.Role) == 0 && len(c.Scope) == 0 {
		c.Role = []string{"AdvancedQuery.Read.All"}
	}
	iss, err := issuer.Open(issuer.Options{Dir: c.dir(), BaseURL: state.URL, Tenants: []string{c.Tenant}, Resources: resources(state.Audiences)})
	if err != nil {
		return "", err
	}
	t, err := iss.Mint(issuer.Grant{
		Tenant: c.Tenant, Resource: state.Audiences[0], AppID: c.AppID, Name: c.Name,
		Roles: c.Role, Scopes: c.Scope, Groups: c.Group, Lifetime: c.Lifetime,
	})
	return t.Raw, err
}
