package issuer

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// Client is an application that may get tokens.
type Client struct {
	ID         string   `json:"id"`
	Tenant     string   `json:"tenant"`
	Name       string   `json:"name,omitempty"`
	ObjectID   string   `json:"objectId,omitempty"`   // default: derived from tenant and id
	SecretHash string   `json:"secretHash,omitempty"` // made by HashSecret or NewSecret; none for a public client
	Roles      []string `json:"roles,omitempty"`      // application permissions, such as AdvancedQuery.Read.All

	// Public is an application that cannot keep a secret: a page, or a program on people's machines.
	Public bool `json:"public,omitempty"`
	// Redirects are where people may be sent back to after they have signed in: compared as texts.
	Redirects []string `json:"redirects,omitempty"`
	// Scopes are the delegated permissions the application may have for those who sign in.
	Scopes []string `json:"scopes,omitempty"`
	// PasswordGrant lets the application ask for tokens with people's passwords (RFC 6749, section 4.3), as old samples
	// do. The application then sees the passwords: only for what cannot be changed.
	PasswordGrant bool `json:"passwordGrant,omitempty"`
}

// User is a person who may sign in.
type User struct {
	Name         string   `json:"name"` // what they type, such as eve@example.org; letters in any case
	Tenant       string   `json:"tenant"`
	DisplayName  string   `json:"displayName,omitempty"`
	ObjectID     string   `json:"objectId,omitempty"` // default: derived from tenant and name
	PasswordHash string   `json:"passwordHash"`       // made by HashSecret
	Groups       []string `json:"groups,omitempty"`   // the claim by which roles and device groups are given
}

// Accounts are the clients and users of an issuer.
type Accounts struct {
	Clients []Client
	Users   []User
}

// accountKey is a client's id or a user's name within its tenant.
type accountKey struct{ tenant, name string }

// index are accounts that have been checked.
type index struct {
	clients map[accountKey]Client
	users   map[accountKey]User
}

// indexAccounts checks the accounts. Those of tenants that are not served are passed over when skip is set: a directory
// may serve several programs.
func indexAccounts(in Accounts, tenants []string, skip bool) (*index, error) {
	out := &index{clients: map[accountKey]Client{}, users: map[accountKey]User{}}
	for _, c := range in.Clients {
		c.Tenant = auth.CanonicalID(c.Tenant)
		if skip && !slices.Contains(tenants, c.Tenant) {
			continue
		}
		if err := c.check(tenants); err != nil {
			return nil, err
		}
		key := accountKey{c.Tenant, c.ID}
		if _, twice := out.clients[key]; twice {
			return nil, fmt.Errorf("issuer: client %q is configured twice in tenant %q", c.ID, c.Tenant)
		}
		if c.ObjectID == "" {
			c.ObjectID = deriveObjectID("", c.Tenant, c.ID)
		}
		out.clients[key] = c
	}
	for _, u := range in.Users {
		u.Tenant = auth.CanonicalID(u.Tenant)
		if skip && !slices.Contains(tenants, u.Tenant) {
			continue
		}
		if err := u.Check(); err != nil {
			return nil, err
		}
		key := accountKey{u.Tenant, strings.ToLower(u.Name)}
		if _, twice := out.users[key]; twice || !slices.Contains(tenants, u.Tenant) {
			return nil, fmt.Errorf("issuer: user %q is configured twice, or not in one of the configured tenants: %q", u.Name, u.Tenant)
		}
		if u.ObjectID == "" {
			u.ObjectID = personID(u.Tenant, u.Name)
		}
		out.users[key] = u
	}
	return out, nil
}

func (c Client) check(tenants []string) error {
	if c.ID == "" || !slices.Contains(tenants, c.Tenant) {
		return fmt.Errorf("issuer: client %q must have an id and one of the configured tenants, not %q", c.ID, c.Tenant)
	}
	return c.Check()
}

// Check refuses what could not work, or would not be safe.
func (c Client) Check() error {
	if c.Public {
		if c.SecretHash != "" || len(c.Roles) > 0 {
			return fmt.Errorf("issuer: client %q is public: it can have neither a secret nor permissions of its own", c.ID)
		}
	} else if _, err := parseHash(c.SecretHash); err != nil {
		return fmt.Errorf("issuer: client %q: %w", c.ID, err)
	}
	for _, r := range c.Redirects {
		if err := checkRedirect(r); err != nil {
			return fmt.Errorf("issuer: client %q: %w", c.ID, err)
		}
	}
	return nil
}

// Check refuses a user who could not sign in.
func (u User) Check() error {
	if u.Name == "" || len(u.Name) > maxName || strings.TrimSpace(u.Name) != u.Name {
		return fmt.Errorf("issuer: user %q must have a name of at most %d bytes without spaces around it", u.Name, maxName)
	}
	if _, err := parseHash(u.PasswordHash); err != nil {
		return fmt.Errorf("issuer: user %q: %w", u.Name, err)
	}
	return nil
}

// checkRedirect accepts https, http on loopback, and schemes of a program's own (RFC 8252). What a browser would run or
// open from the disk is refused.
func checkRedirect(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" || u.Fragment != "" || strings.Contains(raw, "#") || u.User != nil {
		return fmt.Errorf("redirect address %q must be absolute, without a fragment", raw)
	}
	switch u.Scheme {
	case "https":
		if u.Host != "" {
			return nil
		}
	case "http":
		addr, err := netip.ParseAddr(u.Hostname())
		if u.Hostname() == "localhost" || err == nil && addr.IsLoopback() {
			return nil
		}
	default:
		if strings.Contains(u.Scheme, ".") { // a reversed domain name, section 7.1
			return nil
		}
	}
	return fmt.Errorf("redirect address %q must be https, http on loopback, or of a scheme such as org.example.app", raw)
}

// registry holds the index of the moment.
type registry struct {
	tenants []string
	load    func() (Accounts, error)
	clock   func() time.Time
	failed  func(error)

	mu     sync.Mutex
	now    *index
	looked time.Time
}

const accountsAge = time.Second

// current loads the accounts again when they are older than a second. What cannot be loaded leaves the old ones.
func (g *registry) current() *index {
	g.mu.Lock()
	defer g.mu.Unlock()
	if at := g.clock(); g.load != nil && at.Sub(g.looked) >= accountsAge {
		g.looked = at
		accounts, err := g.load()
		var fresh *index
		if err == nil {
			fresh, err = indexAccounts(accounts, g.tenants, true)
		}
		if err != nil {
			g.failed(err)
		} else {
			g.now = fresh
		}
	}
	return g.now
}

// Kinds of accounts, as failures are counted by.
const (
	clientKind = "client\x00"
	userKind   = "user\x00"
)

// tooMany is a refusal to look at a secret at all.
type tooMany struct{ wait time.Duration }

func (e *tooMany) Error() string { return "too many failures to authenticate" }

// errWrong is a secret that is not right, or an account that does not exist: nobody learns which.
var errWrong = errors.New("issuer: the account is unknown or its secret is wrong")

// matches checks a secret, or a password, against a hash. An unknown account costs as much time as a wrong secret, and
// failures are bounded by name and by address. They are looked at when a slot for hashing is free, so tries that arrive
// together cannot pass together, and requests that are right never count.
func (i *Issuer) matches(r *http.Request, kind string, key accountKey, text, secret string, known bool) error {
	if secret == "" || len(secret) > maxSecret || len(key.name) > maxName { // names are remembered with their failures
		return errWrong
	}
	select {
	case i.slots <- struct{}{}:
		defer func() { <-i.slots }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	peer, name := peerOf(r), kind+key.tenant+"\x00"+key.name
	if wait := i.throttle.wait(peer, name); wait > 0 {
		return &tooMany{wait}
	}
	hash := i.decoy
	if known {
		var err error
		if hash, err = parseHash(text); err != nil {
			return err
		}
	}
	if !hash.matches(secret) || !known {
		i.throttle.failed(peer, name)
		return errWrong
	}
	i.throttle.succeeded(peer, name)
	return nil
}

// user checks a person's password.
func (i *Issuer) user(r *http.Request, e *Event, tenant, name, password string) (User, error) {
	if name = strings.TrimSpace(name); name == "" || len(name) > maxName {
		return User{}, errWrong
	}
	key := accountKey{tenant, strings.ToLower(name)}
	u, known := i.accounts.current().users[key]
	if known {
		e.whom(u)
	}
	return u, i.matches(r, userKind, key, u.PasswordHash, password, known)
}

const maxName = 256
