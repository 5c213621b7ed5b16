package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/auth/issuer"
)

// userCmd manages the people who may sign in at the embedded issuer.
type userCmd struct {
	Add    addUserCmd  `cmd:"" help:"Add a person, or change one with --replace. The password is asked for, or read from standard input."`
	List   listUserCmd `cmd:"" help:"List the people of the tenant and their groups."`
	Remove dropUserCmd `cmd:"" help:"Remove a person."`
}

// Lengths of passwords, in bytes. Length is what counts; there are no rules about characters.
const minPassword, maxPassword = 12, 1024

type addUserCmd struct {
	issuerFlags
	Name        string   `arg:"" help:"What the person signs in with, e.g. eve@example.org."`
	DisplayName string   `help:"Name for people to read."`
	Group       []string `help:"Group, by which roles and device groups are given; may be repeated."`
	Replace     bool     `help:"Change a person that exists: password and groups."`
	Generate    bool     `help:"Make a random password and print it once."`

	in io.Reader // for tests; nil is standard input
}

// Run stores the hash of the password.
func (c *addUserCmd) Run(context.Context) error {
	password, err := c.password()
	if err != nil {
		return err
	}
	u := issuer.User{Name: c.Name, Tenant: auth.CanonicalID(c.Tenant), DisplayName: c.DisplayName, Groups: c.Group}
	if u.PasswordHash, err = issuer.HashSecret(password); err == nil {
		err = u.Check()
	}
	if err != nil {
		return err
	}
	users, err := readUsers(c.dir())
	if err != nil {
		return err
	}
	at := findUser(users, u.Tenant, u.Name)
	switch {
	case at < 0 && c.Replace:
		return fmt.Errorf("there is no user %q in tenant %s", u.Name, u.Tenant)
	case at >= 0 && !c.Replace:
		return fmt.Errorf("user %q exists in tenant %s: give --replace to change the password and the groups", u.Name, u.Tenant)
	case at >= 0:
		users[at] = u
	default:
		users = append(users, u)
	}
	if err := writeIssuerFile(c.dir(), usersFile, users); err != nil || !c.Generate {
		return err
	}
	fmt.Fprintln(os.Stderr, "The password is shown this once.")
	fmt.Println(password)
	return nil
}

// password asks twice on a terminal, and reads one line otherwise. It is never an argument: other people of the machine
// can see those.
func (c *addUserCmd) password() (string, error) {
	if c.Generate {
		secret, _, err := issuer.NewSecret()
		return secret, err
	}
	var password string
	if fd := int(os.Stdin.Fd()); c.in == nil && term.IsTerminal(fd) {
		var texts [2]string
		for n, prompt := range []string{"Password: ", "Again: "} {
			fmt.Fprint(os.Stderr, prompt)
			text, err := term.ReadPassword(fd)
			fmt.Fprintln(os.Stderr)
			if err != nil {
				return "", err
			}
			texts[n] = string(text)
		}
		if texts[0] != texts[1] {
			return "", errors.New("the two passwords differ")
		}
		password = texts[0]
	} else {
		in := c.in
		if in == nil {
			in = os.Stdin
		}
		line, err := bufio.NewReader(io.LimitReader(in, maxPassword+2)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		password = strings.TrimRight(line, "\r\n")
	}
	if len(password) < minPassword || len(password) > maxPassword {
		return "", fmt.Errorf("a password has %d to %d bytes", minPassword, maxPassword)
	}
	return password, nil
}

// findUser finds a person; names are the same in any case.
func findUser(users []issuer.User, tenant, name string) int {
	return slices.IndexFunc(users, func(u issuer.User) bool { return u.Tenant == tenant && strings.EqualFold(u.Name, name) })
}

type listUserCmd struct{ issuerFlags }

// Run prints one person a line.
func (c *listUserCmd) Run(context.Context) error {
	users, err := readUsers(c.dir())
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	for _, u := range users {
		if u.Tenant == auth.CanonicalID(c.Tenant) {
			fmt.Fprintf(out, "%s\t%s\t%s\n", u.Name, u.DisplayName, strings.Join(u.Groups, ","))
		}
	}
	return out.Flush()
}

type dropUserCmd struct {
	issuerFlags
	Name string `arg:"" help:"What the person signs in with."`
}

// Run removes the person. Tokens that they have stay good for an hour at most.
func (c *dropUserCmd) Run(context.Context) error {
	users, err := readUsers(c.dir())
	if err != nil {
		return err
	}
	at := findUser(users, auth.CanonicalID(c.Tenant), c.Name)
	if at < 0 {
		return fmt.Errorf("there is no user %q in tenant %s", c.Name, c.Tenant)
	}
	return writeIssuerFile(c.dir(), usersFile, slices.Delete(users, at, at+1))
}
