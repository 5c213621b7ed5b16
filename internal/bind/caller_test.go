package bind_test

import (
	"testing"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// TestCaller asks who asks.
func TestCaller(t *testing.T) {
	user := bind.Caller{Tenant: "T1", ObjectID: "O1", AppID: "A1", Name: "ann@contoso.example", Issuer: "https://issuer", Groups: []string{"G1"}}
	app := bind.Caller{Tenant: "T1", ObjectID: "O2", AppID: "A2", Name: "nightly", App: true}
	crowd := bind.Caller{Tenant: "T1", ObjectID: "O1", GroupsUnknown: true}
	for _, c := range []struct {
		who         bind.Caller
		query, want string // want "" is an error
	}{
		{user, `current_principal()`, `aaduser=O1;T1`},
		{app, `current_principal()`, `aadapp=A2;T1`},
		{bind.Caller{}, `strcat("<", current_principal(), ">")`, `<>`},
		{user, `tostring(current_principal_details().DisplayName)`, `ann@contoso.example`},
		{user, `tostring(bag_keys(current_principal_details()))`, `["UserPrincipalName","IdentityProvider","Authority","Mfa","Type","DisplayName","ObjectId","FQN","Notes"]`},
		{app, `tostring(current_principal_details().Type)`, `AadApp`},
		{app, `strcat("<", current_principal_details().UserPrincipalName, ">")`, `<>`},
		{user, `tostring(current_principal_is_member_of("aaduser=o1"))`, `True`},
		{user, `tostring(current_principal_is_member_of("aaduser=O1;t1"))`, `True`},
		{user, `tostring(current_principal_is_member_of("aaduser=O1;T2"))`, `False`},
		{user, `tostring(current_principal_is_member_of("aaduser=ann@contoso.example"))`, `False`},
		{user, `tostring(current_principal_is_member_of("aadgroup=G2", dynamic(["aadgroup=g1;T1"])))`, `True`},
		{user, `tostring(current_principal_is_member_of("aadapp=A1"))`, `False`},
		{user, `tostring(current_principal_is_member_of("aaduser=", "aadgroup", ""))`, `False`},
		{app, `tostring(current_principal_is_member_of("aadapp=A2;T1"))`, `True`},
		{app, `tostring(current_principal_is_member_of("aaduser=O2"))`, `False`},
		{crowd, `tostring(current_principal_is_member_of("aaduser=O1"))`, `True`},
		{crowd, `tostring(current_principal_is_member_of("aadgroup=G1"))`, ``},
		{user, `tostring(current_principal_is_member_of())`, ``},
		{user, `current_principal("x")`, ``},
	} {
		cat, err := catalog.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		fns, err := fn.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		tree, diags := syntax.Parse("print v = " + c.query)
		if diags.Err() != nil {
			t.Fatalf("%s: %v", c.query, diags.Err())
		}
		got, diags := bind.Bind(tree, bind.Env{Catalog: cat, Fns: fns, Caller: c.who})
		if diags.Err() != nil {
			if c.want != "" {
				t.Errorf("%s: %v", c.query, diags.Err())
			}
			continue
		}
		k, ok := got.Node.(*plan.Project).Exprs[0].(*plan.Const)
		if !ok || c.want == "" || k.Value.S != c.want {
			t.Errorf("%s is %+v, want %q", c.query, k, c.want)
		}
	}
}
