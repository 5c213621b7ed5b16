package bind

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Caller is who asks, for current_principal() and its relatives. It is the
// zero value where nobody signed in, as on the command line.
type Caller struct {
	Tenant   string
	ObjectID string // of the user or the service principal
	AppID    string
	Name     string // for people to read
	Issuer   string
	App      bool     // an application on its own behalf
	Groups   []string // object ids
	// GroupsUnknown tells that Groups is not the whole list.
	GroupsUnknown bool
}

// fqn is the caller's name as queries compare it: kind=id;tenant.
func (c Caller) fqn() string {
	switch {
	case c.App && c.AppID != "":
		return "aadapp=" + c.AppID + ";" + c.Tenant
	case c.ObjectID != "":
		return "aaduser=" + c.ObjectID + ";" + c.Tenant
	}
	return ""
}

// details is the bag of current_principal_details(); what the token does not
// tell is null.
func (c Caller) details() types.Value {
	if c.fqn() == "" {
		return types.Null(types.Dynamic)
	}
	kind, upn := "AadUser", c.Name
	if c.App {
		kind, upn = "AadApp", ""
	}
	out := []byte{'{'}
	for i, f := range [...]struct{ key, value string }{
		{"UserPrincipalName", upn}, {"IdentityProvider", c.Issuer}, {"Authority", c.Tenant}, {"Mfa", ""},
		{"Type", kind}, {"DisplayName", c.Name}, {"ObjectId", c.ObjectID}, {"FQN", c.fqn()}, {"Notes", ""},
	} {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(dynamic.AppendString(out, f.key), ':')
		if f.value == "" {
			out = append(out, "null"...)
		} else {
			out = dynamic.AppendString(out, f.value)
		}
	}
	return types.Value{Type: types.Dynamic, S: string(append(out, '}'))}
}

// is reports whether the caller is, or is in the group, that a principal's
// name tells: aaduser=id, aadapp=id or aadgroup=id, with or without ;tenant.
// Groups and people are known by object id alone: a mail address matches
// nobody.
func (c Caller) is(name string) bool {
	kind, id, _ := strings.Cut(name, "=")
	id, tenant, given := strings.Cut(id, ";")
	if given && !strings.EqualFold(tenant, c.Tenant) || id == "" {
		return false
	}
	switch strings.ToLower(kind) {
	case "aaduser":
		return !c.App && strings.EqualFold(id, c.ObjectID)
	case "aadapp":
		return c.App && (strings.EqualFold(id, c.AppID) || strings.EqualFold(id, c.ObjectID))
	case "aadgroup":
		for _, g := range c.Groups {
			if strings.EqualFold(id, g) {
				return true
			}
		}
	}
	return false
}

// currentCall binds the calls that tell about the request itself.
func (b *binder) currentCall(x *syntax.Call, c ctx) (plan.Expr, bool) {
	var v types.Value
	switch x.Name.Text {
	case "current_principal":
		v = types.StringValue(b.env.Caller.fqn())
	case "current_principal_details":
		v = b.env.Caller.details()
	case "current_database":
		v = types.StringValue(b.ownDatabase())
	case "current_cluster_endpoint":
		v = types.StringValue(b.endpoint())
	case "current_principal_is_member_of":
		return b.bindMemberOf(x, c), true
	default:
		return nil, false
	}
	if !b.arity(x, 0, 0, c) {
		return badExpr(x.Span()), true
	}
	return &plan.Const{Value: v, Pos: x.Span()}, true
}

// endpoint is the name of the service's host.
func (b *binder) endpoint() string {
	if b.env.Endpoint == "" {
		return "localhost"
	}
	return b.env.Endpoint
}

// bindMemberOf: current_principal_is_member_of('aadgroup=…', …), constants
// only, one by one or as an array.
func (b *binder) bindMemberOf(x *syntax.Call, c ctx) plan.Expr {
	if !b.arity(x, 1, 64, c) {
		return badExpr(x.Span())
	}
	member := false
	for _, a := range x.Args {
		k, ok := b.expr(a, c).(*plan.Const)
		if !ok || k.Value.Type != types.String && k.Value.Type != types.Dynamic {
			b.fail(a.Span(), "SEM0100", c.inOp("current_principal_is_member_of() takes constant strings or an array of them"), "")
			return badExpr(x.Span())
		}
		names := []string{k.Value.S}
		if k.Value.Type == types.Dynamic {
			names = names[:0]
			for item := range dynamic.Items(k.Value.S) {
				names = append(names, dynamic.AsString(item))
			}
		}
		for _, name := range names {
			if b.env.Caller.GroupsUnknown && strings.HasPrefix(strings.ToLower(name), "aadgroup=") {
				b.unsupported(a.Span(), "current_principal_is_member_of() of a group", "the token does not list your groups: there are too many")
				return badExpr(x.Span())
			}
			member = member || b.env.Caller.is(name)
		}
	}
	return &plan.Const{Value: types.BoolValue(member), Pos: x.Span()}
}

// arity checks the number of arguments of a call that has no row in the
// function table.
func (b *binder) arity(x *syntax.Call, least, most int, c ctx) bool {
	if n := len(x.Args); n >= least && n <= most {
		return true
	}
	want := plural(least, "argument")
	if most > least {
		want = "at least " + want
	}
	b.fail(x.Span(), "SEM0219", c.inOp("The function '"+x.Name.Text+"' expects "+want+"."), "")
	return false
}
