package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth/issuer"
)

// The directory of the embedded issuer holds, beside the signing key:
//
//	issuer.json   what the server that started last calls itself, so that
//	              `harrier token` makes tokens that this server accepts
//	clients.json  the applications that may ask for tokens, with hashed secrets
//	users.json    the people who may sign in, with hashed passwords
//
// A running server notices changes of clients and users by itself.
const (
	issuerFile  = "issuer.json"
	clientsFile = "clients.json"
	usersFile   = "users.json"
)

// issuerState is the content of issuer.json.
type issuerState struct {
	URL       string   `json:"url"`
	Audiences []string `json:"audiences"`
}

// readIssuerFile fills v from a file of the issuer's directory; a missing file
// leaves it as it is.
func readIssuerFile(dir, name string, v any) error {
	path := filepath.Join(dir, name)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// writeIssuerFile replaces a file of the issuer's directory at once: readers
// see the old or the new one.
func writeIssuerFile(dir, name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, name+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(append(data, '\n'))
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, name))
}

// accounts is issuer.Options.Load.
func accounts(dir string) func() (issuer.Accounts, error) {
	return func() (issuer.Accounts, error) {
		var a issuer.Accounts
		err := readIssuerFile(dir, clientsFile, &a.Clients)
		return a, errors.Join(err, readIssuerFile(dir, usersFile, &a.Users))
	}
}

func readClients(dir string) ([]issuer.Client, error) {
	var clients []issuer.Client
	return clients, readIssuerFile(dir, clientsFile, &clients)
}

func readUsers(dir string) ([]issuer.User, error) {
	var users []issuer.User
	return users, readIssuerFile(dir, usersFile, &users)
}

// addClient stores a client; one with the same tenant and id is refused.
func addClient(dir string, c issuer.Client) error {
	if err := c.Check(); err != nil {
		return err
	}
	clients, err := readClients(dir)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(clients, func(o issuer.Client) bool { return o.Tenant == c.Tenant && o.ID == c.ID }) {
		return fmt.Errorf("client %q exists in tenant %s: choose another id, or remove it first", c.ID, c.Tenant)
	}
	return writeIssuerFile(dir, clientsFile, append(clients, c))
}

// rotateCmd makes the next signing key of the embedded issuer.
type rotateCmd struct {
	issuerFlags
	Revoke bool `help:"The new key signs at once and all others are deleted: every token becomes void. For when somebody else may have the key."`
}

// Run prints from when the key signs.
func (c *rotateCmd) Run(context.Context) error {
	from, err := issuer.Rotate(c.dir(), time.Now(), c.Revoke)
	if err == nil {
		fmt.Printf("the new key signs from %s\n", from.Format(time.RFC3339))
	}
	return err
}

// resources makes every audience a resource that tokens can be asked for.
func resources(audiences []string) []issuer.Resource {
	var out []issuer.Resource
	for _, a := range audiences {
		out = append(out, issuer.Resource{URI: a})
	}
	return out
}
