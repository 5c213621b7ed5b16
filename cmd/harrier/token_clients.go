package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/auth/issuer"
)

type newClientCmd struct {
	issuerFlags
	ID       string   `arg:"" help:"Id of the application (client_id)."`
	Name     string   `help:"Name of the application, for the audit trail and the sign-in page."`
	Role     []string `help:"Application permissions; default: AdvancedQuery.Read.All, none with --public."`
	Public   bool     `help:"It has no secret and acts for people only: a page, or a program on their machines."`
	Redirect []string `help:"Address that people are sent back to after they have signed in, compared exactly; may be repeated."`
	Scope    []string `help:"Delegated permissions it may have for people, e.g. AdvancedQuery.Read."`
	Password bool     `help:"It may ask for tokens with people's passwords, as old samples do."`
}

// Run stores the client with the hash of a new secret and prints the secret.
func (c *newClientCmd) Run(context.Context) error {
	state, err := c.state()
	if err != nil {
		return err
	}
	tenant := auth.CanonicalID(c.Tenant)
	client := issuer.Client{ID: c.ID, Tenant: tenant, Name: c.Name, Roles: c.Role, Public: c.Public, Redirects: c.Redirect, Scopes: c.Scope, PasswordGrant: c.Password}
	secret := ""
	if !c.Public {
		if len(c.Role) == 0 {
			client.Roles = []string{"AdvancedQuery.Read.All"}
		}
		if secret, client.SecretHash, err = issuer.NewSecret(); err != nil {
			return err
		}
	}
	if err := addClient(c.dir(), client); err != nil {
		return err
	}
	if secret != "" {
		fmt.Fprintln(os.Stderr, "The secret is shown this once.")
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Tenant   string `json:"tenant"`
		ID       string `json:"client_id"`
		Secret   string `json:"client_secret,omitempty"`
		Endpoint string `json:"token_endpoint"`
	}{tenant, c.ID, secret, state.URL + "/" + tenant + "/oauth2/v2.0/token"})
}

type clientsCmd struct{ issuerFlags }

// Run prints one client a line.
func (c *clientsCmd) Run(context.Context) error {
	clients, err := readClients(c.dir())
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	for _, x := range clients {
		if x.Tenant != auth.CanonicalID(c.Tenant) {
			continue
		}
		kind := "secret"
		if x.Public {
			kind = "public"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", x.ID, x.Name, kind, strings.Join(append(x.Roles, x.Scopes...), ","), strings.Join(x.Redirects, " "))
	}
	return out.Flush()
}

type dropClient struct {
	issuerFlags
	ID string `arg:"" help:"Id of the application."`
}

// Run removes the client. Tokens that it has stay good for an hour at most.
func (c *dropClient) Run(context.Context) error {
	clients, err := readClients(c.dir())
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(clients), func(o issuer.Client) bool { return o.Tenant == auth.CanonicalID(c.Tenant) && o.ID == c.ID })
	if len(left) == len(clients) {
		return errors.New("there is no such client in tenant " + c.Tenant)
	}
	return writeIssuerFile(c.dir(), clientsFile, left)
}
