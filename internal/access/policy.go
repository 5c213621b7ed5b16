package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// Ungrouped is the group of devices that no rule matches. It is always the
// last one.
const Ungrouped = "Ungrouped devices (default)"

// Bounds of a policy. Ten values to a property is the service's own limit.
const (
	MaxBytes   = 4 << 20
	maxTenants = 1000
	maxRoles   = 1000
	maxGroups  = 1000
	maxMembers = 1000 // Entra groups of one role or device group
	maxValues  = 10
	maxText    = 256
)

// Policy is what the file says, for every tenant. It is immutable.
type Policy struct {
	shared  *rules
	tenants map[string]*rules
}

// rules are roles and device groups of one tenant.
type rules struct {
	roles     []role
	groups    []deviceGroup // by rank; ungrouped is none of them
	ungrouped []string      // Entra groups with access; none: everybody
}

type role struct {
	name   string
	may    Permissions
	groups []string
}

type deviceGroup struct {
	name       string
	rank       int
	conditions []condition
	groups     []string
}

// The file's members.
type (
	file struct {
		rulesFile
		Tenants map[string]rulesFile `json:"tenants"`
	}
	rulesFile struct {
		Roles        []roleFile  `json:"roles"`
		DeviceGroups []groupFile `json:"deviceGroups"`
		Ungrouped    *struct {
			Groups []string `json:"groups"`
		} `json:"ungrouped"`
	}
	roleFile struct {
		Name        string   `json:"name"`
		Permissions []string `json:"permissions"`
		Groups      []string `json:"groups"`
	}
	groupFile struct {
		Rank   int             `json:"rank"`
		Name   string          `json:"name"`
		Rule   []conditionFile `json:"rule"`
		Groups []string        `json:"groups"`
	}
	conditionFile struct {
		Property string   `json:"property"`
		Operator string   `json:"operator"`
		Values   []string `json:"values"`
	}
)

// Parse reads a policy. Members that it does not know are refused.
func Parse(data []byte) (*Policy, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("policy: the file is larger than %d bytes", MaxBytes)
	}
	if err := unique(data); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("policy: something follows the JSON object; one file holds one policy")
	}
	shared, err := f.compile()
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if len(f.Tenants) > maxTenants {
		return nil, fmt.Errorf("policy: more than %d tenants", maxTenants)
	}
	p := &Policy{shared: shared, tenants: map[string]*rules{}}
	for name, t := range f.Tenants {
		key := auth.CanonicalID(name)
		if key == "" || p.tenants[key] != nil {
			return nil, fmt.Errorf("policy: tenant %q is empty or named twice", name)
		}
		if p.tenants[key], err = t.compile(); err != nil {
			return nil, fmt.Errorf("policy: tenant %s: %w", name, err)
		}
	}
	return p, nil
}

// unique refuses a member given twice, of which the decoder would silently
// take the last, and names in another case than documented, which it would
// take as well.
func unique(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	known := []string{"tenants", "roles", "deviceGroups", "ungrouped", "name", "permissions", "groups", "rank", "rule", "property", "operator", "values"}
	type level struct {
		object bool
		seen   map[string]bool
		key    string
		value  bool // the next token is a value
	}
	var open []level
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(open) > 16 {
			return errors.New("objects are nested too deeply")
		}
		var top *level
		if len(open) > 0 {
			top = &open[len(open)-1]
		}
		if key, ok := tok.(string); ok && top != nil && top.object && !top.value {
			inTenants := len(open) > 1 && open[len(open)-2].key == "tenants"
			if top.seen[key] {
				return fmt.Errorf("member %q is given twice", key)
			}
			if !inTenants && !slices.Contains(known, key) {
				return fmt.Errorf("unknown member %q", key)
			}
			top.seen[key], top.key, top.value = true, key, true
			continue
		}
		if top != nil {
			top.value = false
		}
		switch tok {
		case json.Delim('{'):
			open = append(open, level{object: true, seen: map[string]bool{}})
		case json.Delim('['):
			open = append(open, level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
	}
}

// compile checks the rules of one tenant.
func (f rulesFile) compile() (*rules, error) {
	if len(f.Roles) > maxRoles || len(f.DeviceGroups) > maxGroups {
		return nil, fmt.Errorf("more than %d roles or %d device groups", maxRoles, maxGroups)
	}
	r := &rules{}
	held := map[string]bool{} // Entra groups that hold a role
	names := map[string]bool{}
	for _, x := range f.Roles {
		one, err := x.compile()
		if err != nil {
			return nil, fmt.Errorf("role %q: %w", x.Name, err)
		}
		if names[one.name] {
			return nil, fmt.Errorf("role %q: there are two of this name", x.Name)
		}
		names[one.name] = true
		for _, g := range one.groups {
			held[g] = true
		}
		r.roles = append(r.roles, one)
	}
	ranks := map[int]bool{}
	names = map[string]bool{fold(Ungrouped): true}
	for _, x := range f.DeviceGroups {
		one, err := x.compile(held)
		if err != nil {
			return nil, fmt.Errorf("device group %q: %w", x.Name, err)
		}
		switch {
		case names[fold(one.name)]:
			return nil, fmt.Errorf("device group %q: the name is taken; access to devices without a group is set by the member ungrouped", x.Name)
		case ranks[one.rank]:
			return nil, fmt.Errorf("device group %q: another has rank %d", x.Name, x.Rank)
		}
		names[fold(one.name)], ranks[one.rank] = true, true
		r.groups = append(r.groups, one)
	}
	slices.SortFunc(r.groups, func(a, b deviceGroup) int { return a.rank - b.rank })
	if f.Ungrouped != nil {
		var err error
		if r.ungrouped, err = assigned(f.Ungrouped.Groups, held); err != nil {
			return nil, fmt.Errorf("ungrouped: %w", err)
		}
	}
	return r, nil
}

func (f roleFile) compile() (role, error) {
	r := role{name: f.Name}
	if err := text(f.Name); err != nil {
		return r, fmt.Errorf("name: %w", err)
	}
	if len(f.Permissions) == 0 {
		return r, errors.New("it has no permissions")
	}
	for _, name := range f.Permissions {
		p, ok := permissionNames[strings.ToLower(name)]
		if !ok {
			return r, fmt.Errorf("unknown permission %q: use %s", name, strings.Join(PermissionNames(), ", "))
		}
		r.may |= p
	}
	var err error
	r.groups, err = members(f.Groups)
	return r, err
}

func (f groupFile) compile(held map[string]bool) (deviceGroup, error) {
	g := deviceGroup{name: f.Name, rank: f.Rank}
	if err := text(f.Name); err != nil {
		return g, fmt.Errorf("name: %w", err)
	}
	if f.Rank < 1 {
		return g, errors.New("rank is 1 for the highest, then 2, 3 …")
	}
	if len(f.Rule) == 0 {
		return g, errors.New("the rule has no conditions and would match no device; devices that no rule matches are the ungrouped ones")
	}
	perProperty := map[property]int{}
	for i, c := range f.Rule {
		one, err := c.compile()
		if err != nil {
			return g, fmt.Errorf("condition %d: %w", i+1, err)
		}
		if perProperty[one.of] += len(c.Values); perProperty[one.of] > maxValues {
			return g, fmt.Errorf("condition %d: more than %d values for property %q", i+1, maxValues, c.Property)
		}
		g.conditions = append(g.conditions, one)
	}
	var err error
	g.groups, err = assigned(f.Groups, held)
	return g, err
}

// assigned reads Entra groups that get access to devices. As in the service
// only those that hold a role may: a group without one could see nothing, so
// naming it is a mistake.
func assigned(ids []string, held map[string]bool) ([]string, error) {
	out, err := members(ids)
	for _, id := range out {
		if !held[id] {
			return nil, fmt.Errorf("group %s holds no role: assign it to one first", id)
		}
	}
	return out, err
}

func members(ids []string) ([]string, error) {
	if len(ids) > maxMembers {
		return nil, fmt.Errorf("more than %d groups", maxMembers)
	}
	var out []string
	for _, id := range ids {
		if err := text(id); err != nil {
			return nil, fmt.Errorf("group %q: %w", id, err)
		}
		out = append(out, fold(id))
	}
	return out, nil
}

func text(s string) error {
	if strings.TrimSpace(s) == "" || len(s) > maxText {
		return fmt.Errorf("give a text of 1 to %d bytes", maxText)
	}
	return nil
}

// of is the rules for a tenant.
func (p *Policy) of(tenant string) *rules {
	if r := p.tenants[auth.CanonicalID(tenant)]; r != nil {
		return r
	}
	return p.shared
}
