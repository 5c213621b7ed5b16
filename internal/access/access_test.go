package access

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
)

const sample = `{
	"roles": [
		{"name": "analysts", "permissions": ["View data"], "groups": ["G-One", "g-two"]},
		{"name": "patching", "permissions": ["view data: vulnerability management"], "groups": ["g-tvm"]},
		{"name": "operators", "permissions": ["manage", "ingest"], "groups": ["g-ops"]},
		{"name": "nobody yet", "permissions": ["view data"]}],
	"deviceGroups": [
		{"rank": 20, "name": "tagged", "rule": [{"property": "tag", "operator": "equals", "values": ["vip", "Board"]}], "groups": ["g-two"]},
		{"rank": 3, "name": "servers", "rule": [
			{"property": "name", "operator": "starts with", "values": ["srv-"]},
			{"property": "name", "operator": "ends with", "values": ["-dc"]},
			{"property": "domain", "operator": "in", "values": ["corp.example", "lab.example"]},
			{"property": "os platform", "operator": "contains", "values": ["Server"]}], "groups": ["g-one"]},
		{"rank": 30, "name": "open", "rule": [{"property": "os platform", "operator": "equals", "values": ["linux"]}]}],
	"ungrouped": {"groups": ["g-one"]},
	"tenants": {"11111111-1111-1111-1111-11111111111A": {"roles": [{"name": "all", "permissions": ["view data"], "groups": ["g-x"]}]}}}`

func parsed(t *testing.T) *Policy {
	t.Helper()
	p, err := Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestGroups: rank decides, different properties and, same ones or.
func TestGroups(t *testing.T) {
	r := parsed(t).shared
	for _, c := range []struct {
		d    Device
		want string
	}{
		{Device{Name: "srv-1.corp.example", OSPlatform: "WindowsServer2022"}, "servers"},
		{Device{Name: "SRV-1.LAB.example", OSPlatform: "windowsserver2019", Tags: []string{`["vip"]`}}, "servers"},
		{Device{Name: "srv-1.corp.example", OSPlatform: "Windows11"}, ""},
		{Device{Name: "srv-1.corp.example.evil", OSPlatform: "WindowsServer2022"}, ""},
		{Device{Name: "srv-1", OSPlatform: "WindowsServer2022"}, ""},
		{Device{Name: "pc.corp.example", OSPlatform: "WindowsServer2022"}, ""},
		{Device{Name: "pc", Tags: []string{"", `["x", "BOARD"]`, ""}}, "tagged"},
		{Device{Name: "pc", Tags: []string{"Vip"}}, "tagged"},
		{Device{Name: "pc", Tags: []string{`["vip"`, `[1]`, `{"vip":1}`}}, ""},
		{Device{Name: "pc", OSPlatform: "Linux", Tags: []string{`["vip"]`}}, "tagged"},
		{Device{Name: "pc", OSPlatform: "LINUX"}, "open"},
		{Device{}, ""},
	} {
		got := ""
		if i := r.group(c.d); i < len(r.groups) {
			got = r.groups[i].name
		}
		if got != c.want {
			t.Errorf("%+v is in %q, want %q", c.d, got, c.want)
		}
	}
}

func TestDecide(t *testing.T) {
	p := parsed(t)
	server := Device{Name: "srv-1.corp.example", OSPlatform: "WindowsServer2022"}
	for _, c := range []struct {
		who    auth.Principal
		groups string // visible; "!" and a text for a refusal
		sees   bool   // the server
		may    Permissions
	}{
		{auth.Principal{App: true}, "all", true, all},
		{auth.Principal{App: true, GroupsOmitted: true}, "all", true, all},
		{auth.Principal{Groups: []string{"g-one"}}, "servers,open," + Ungrouped, true, ViewData},
		{auth.Principal{Groups: []string{"G-TWO"}}, "tagged,open", false, ViewData},
		{auth.Principal{Groups: []string{"g-one", "g-two"}}, "all", true, ViewData},
		{auth.Principal{Groups: []string{"g-tvm"}}, "open", false, ViewVulnerabilities},
		{auth.Principal{Groups: []string{"g-ops"}}, "open", false, Manage | Ingest},
		{auth.Principal{Groups: []string{"g-other"}}, "!no role", false, 0},
		{auth.Principal{}, "!no role", false, 0},
		{auth.Principal{GroupsOmitted: true}, "!too many groups", false, 0},
		{auth.Principal{Tenant: "11111111-1111-1111-1111-11111111111a", Groups: []string{"g-one"}}, "!no role", false, 0},
		{auth.Principal{Tenant: "11111111-1111-1111-1111-11111111111a", Groups: []string{"g-x"}}, "all", true, ViewData},
	} {
		g, err := p.Decide(c.who)
		if text, refused := strings.CutPrefix(c.groups, "!"); refused {
			var f *auth.Forbidden
			if !errors.As(err, &f) || !strings.Contains(f.Message, text) || g.Sees(server) || g.Permissions != 0 || g.SeesUngrouped() {
				t.Errorf("%+v: %v %+v", c.who, err, g)
			}
			continue
		}
		got := strings.Join(g.DeviceGroups, ",")
		if g.AllDevices {
			got += "all"
		}
		if err != nil || got != c.groups || g.Sees(server) != c.sees || g.Permissions != c.may {
			t.Errorf("%+v: %v, sees %q (%v), may %v", c.who, err, got, g.Sees(server), g.Permissions)
		}
		if bad := g.Need(ViewData); (bad == nil) != (c.may&ViewData != 0) {
			t.Errorf("%+v: %v", c.who, bad)
		}
	}
}

func TestTables(t *testing.T) {
	c, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	tvm := 0
	for _, name := range append(c.Stored(), c.LegacyNames()...) {
		x := c.Table(name)
		security, vulnerability := Grant{Permissions: ViewSecurity}.MayRead(x), Grant{Permissions: ViewVulnerabilities}.MayRead(x)
		if security == vulnerability {
			t.Errorf("%s is read with both parts of 'View data', or none", name)
		}
		if vulnerability {
			tvm++
		}
		if x.Device < 0 && x.Legacy != nil && x.Legacy.Today.Device >= 0 {
			t.Errorf("%s hides the device of its rows", name)
		}
	}
	if less := c.Only(Grant{Permissions: ViewVulnerabilities}.MayRead); tvm < 10 || less.Table("DeviceInfo") != nil || less.Table("DeviceTvmSoftwareInventory") == nil ||
		slices.Contains(less.Names(), "EmailEvents") || len(less.Stored())+len(less.LegacyNames()) != tvm {
		t.Errorf("%d tables of vulnerability management, %v", tvm, less.Stored())
	}
}

// TestRefused: what the file may not say, and the words that tell.
func TestRefused(t *testing.T) {
	group := func(rule string) string {
		return `{"deviceGroups": [{"rank": 1, "name": "g", "rule": [` + rule + `]}]}`
	}
	eleven := strings.TrimSuffix(strings.Repeat(`"v",`, 11), ",")
	for text, want := range map[string]string{
		``:                               "EOF",
		`[]`:                             "cannot unmarshal",
		`{} {}`:                          "follows",
		`{"rolls": []}`:                  "unknown member",
		`{"Roles": []}`:                  "unknown member",
		`{"rank": 1}`:                    "unknown field",
		`{"roles": [], "roles": []}`:     "given twice",
		`{"tenants": {"a": {}, "": {}}}`: "empty",
		`{"tenants": {"a": {"x": 1}}}`:   "unknown member",
		`{"roles": [{"name": "r", "permissions": []}]}`:                                                                                          "no permissions",
		`{"roles": [{"name": " ", "permissions": ["manage"]}]}`:                                                                                  "name",
		`{"roles": [{"name": "r", "permissions": ["View everything"]}]}`:                                                                         "unknown permission",
		`{"roles": [{"name": "r", "permissions": ["manage"]}, {"name": "r", "permissions": ["manage"]}]}`:                                        "two of this name",
		`{"roles": [{"name": "r", "permissions": ["manage"], "groups": [""]}]}`:                                                                  "group",
		`{"ungrouped": {"groups": ["g"]}}`:                                                                                                       "holds no role",
		`{"deviceGroups": [{"rank": 1, "name": "g", "rule": []}]}`:                                                                               "no conditions",
		`{"deviceGroups": [{"rank": 0, "name": "g", "rule": []}]}`:                                                                               "rank",
		`{"deviceGroups": [{"rank": 1.5, "name": "g"}]}`:                                                                                         "cannot unmarshal",
		group(`{"property": "colour", "operator": "in", "values": ["v"]}`):                                                                       "unknown property",
		group(`{"property": "name", "operator": "like", "values": ["v"]}`):                                                                       "unknown operator",
		group(`{"property": "name", "operator": "in", "values": []}`):                                                                            "no values",
		group(`{"property": "name", "operator": "starts with", "values": [""]}`):                                                                 "value",
		group(`{"property": "name", "operator": "in", "values": [` + eleven + `]}`):                                                              "more than 10",
		group(`{"property": "name", "operator": "in", "values": ["a"]}, {"property": "name", "operator": "in", "values": [` + eleven[4:] + `]}`): "more than 10",
		strings.Replace(group(`{"property": "name", "operator": "in", "values": ["v"]}`), `"g"`, `"ungrouped DEVICES (default)"`, 1):             "taken",
		strings.Replace(sample, `"rank": 20`, `"rank": 3`, 1):                                                                                    "has rank 3",
		strings.Replace(sample, `"groups": ["g-two"]}`, `"groups": ["g-three"]}`, 1):                                                             "holds no role",
		strings.Repeat("[", 40):         "nested",
		strings.Repeat(" ", MaxBytes+1): "larger",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.200s: %v, want %q", text, err, want)
		}
	}
}

// TestKeeper: a change counts, a broken file does not.
func TestKeeper(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.json")
	var out strings.Builder
	log := slog.New(slog.NewTextHandler(&out, nil))
	if _, err := Open(path, log); err == nil {
		t.Error("a missing file opens")
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("{")
	if _, err := Open(path, log); err == nil {
		t.Error("a broken file opens")
	}
	write(sample)
	k, err := Open(path, log)
	if err != nil {
		t.Fatal(err)
	}
	first := k.Policy()
	later := func() *Policy { // as if time had passed
		k.looked = k.looked.Add(-time.Minute)
		return k.Policy()
	}
	if later() != first {
		t.Error("the same file is another policy")
	}
	write("{ broken")
	if _, err := k.Prepare(); later() != first || !strings.Contains(out.String(), "last good policy") || err == nil || k.Policy() != first {
		t.Errorf("a broken file counts: %s", out.String())
	}
	if err := os.Remove(path); err != nil || later() != first {
		t.Error("a missing file counts")
	}
	write(`{"roles": [{"name": "r", "permissions": ["view data"], "groups": ["new"]}]}`)
	second := later()
	if _, err := second.Decide(auth.Principal{Groups: []string{"new"}}); err != nil || second == first {
		t.Errorf("a new file does not count: %v", err)
	}
	// What was prepared counts when it is committed, and no longer than the
	// file stays as it was.
	write(sample)
	k.looked = time.Now()
	commit, err := k.Prepare()
	if err != nil || k.Policy() != second {
		t.Fatalf("a policy counts that is not committed (%v)", err)
	}
	commit()
	if third := k.Policy(); third == second || later() != third {
		t.Error("what was committed does not count, or is read twice")
	}
	if commit, err = k.Prepare(); err != nil {
		t.Fatal(err)
	}
	write(`{"roles": [{"name": "r", "permissions": ["view data"], "groups": ["newest"]}]}`)
	newest := later()
	commit()
	if _, err := k.Policy().Decide(auth.Principal{Groups: []string{"newest"}}); err != nil || newest == k.Policy() {
		t.Errorf("an older policy was committed over a newer one and stays: %v", err)
	}
}

// FuzzParse: whatever the file says, a policy is an error or decides without a
// panic, and never grants a user without groups a role.
func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add(`{}`)
	f.Add(`{"roles": [{"name": "r", "permissions": ["view data"], "groups": []}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse([]byte(text))
		if err != nil {
			return
		}
		if g, err := p.Decide(auth.Principal{}); err == nil {
			t.Errorf("%s grants %+v to nobody", text, g)
		}
	})
}
