package hunt

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/simulate"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

const scopedPolicy = `{
	"roles": [
		{"name": "analysts", "permissions": ["view data: security operations"], "groups": ["g-sec", "g-alpha"]},
		{"name": "patching", "permissions": ["view data: vulnerability management"], "groups": ["g-tvm"]},
		{"name": "operators", "permissions": ["manage"], "groups": ["g-ops"]}],
	"deviceGroups": [{"rank": 1, "name": "alpha", "rule": [{"property": "name", "operator": "equals", "values": ["alpha"]}], "groups": ["g-alpha"]}],
	"ungrouped": {"groups": ["g-sec", "g-tvm"]}}`

func scopedService(t testing.TB) *Service {
	t.Helper()
	p, err := access.Parse([]byte(scopedPolicy))
	if err != nil {
		t.Fatal(err)
	}
	env, store := testEnv(t), fixtureStore(t)
	return &Service{Catalog: env.Catalog, Fns: env.Fns, Limiter: quota.New(nil), Clock: testkit.Now, Policy: func() *access.Policy { return p },
		Store: func(string) (engine.Engine, bool) { return store, true }}
}

// TestScoped: what each kind of caller gets of the fixture, and what the trail
// will say of it.
func TestScoped(t *testing.T) {
	s := scopedService(t)
	profile, _ := quota.Lookup("unlimited")
	app, sec := auth.Principal{App: true}, auth.Principal{Groups: []string{"g-sec"}}
	alpha, tvm := auth.Principal{Groups: []string{"g-alpha"}}, auth.Principal{Groups: []string{"g-tvm"}}
	const ids = "DeviceProcessEvents | where Timestamp > ago(30d) | distinct DeviceId | sort by DeviceId asc | summarize strcat_array(make_list(DeviceId), ' ')"
	for _, c := range []struct {
		who         auth.Principal
		query, want string // "!" and part of the error
		groups      string
	}{
		{app, ids, "d1 d2 d3 d4", "all"},
		{sec, ids, "d2 d3 d4", access.Ungrouped},
		{alpha, ids, "d1", "alpha"},
		{sec, "ProcessCreationEvents | where MachineId == 'd1' | summarize tostring(count())", "0", access.Ungrouped},
		{alpha, "CloudAppEvents | summarize tostring(count() > 0)", "True", "alpha"},
		{alpha, "DeviceTvmSoftwareInventory | count", "!Failed to resolve table or column expression named 'DeviceTvmSoftwareInventory'", "alpha"},
		{alpha, "union isfuzzy=true DeviceTvmSoftwareInventory, (print x = 'only')  | summarize strcat_array(make_list(x), '')", "only", "alpha"},
		{tvm, "DeviceInfo | count", "!Failed to resolve table or column expression named 'DeviceInfo'", access.Ungrouped},
		{tvm, "MachineInfo | count", "!'MachineInfo'", access.Ungrouped},
		{tvm, "DeviceTvmSoftwareInventory | where DeviceId == 'd1' | summarize tostring(count())", "0", access.Ungrouped},
		{tvm, "union Device*, (print Nothing = 1) | where isnotempty(DeviceId) | summarize tostring(count() > 0 and dcountif(DeviceId, DeviceId == 'd1') == 0)", "True", access.Ungrouped},
		{auth.Principal{Groups: []string{"g-ops"}}, "print 1", "!lack the permission 'view data'", ""},
		{auth.Principal{}, "print 1", "!no role", ""},
		{auth.Principal{GroupsOmitted: true}, "print 1", "!too many groups", ""},
	} {
		var trace Trace
		r, err := s.Run(context.Background(), c.who, Request{Query: c.query, Profile: profile, Trace: &trace})
		groups := strings.Join(trace.DeviceGroups, ",")
		if trace.AllDevices {
			groups += "all"
		}
		if groups != c.groups {
			t.Errorf("%s: the trail says %q, want %q", c.query, groups, c.groups)
		}
		if text, bad := strings.CutPrefix(c.want, "!"); bad {
			var denied *auth.Forbidden
			var refused *QueryError
			switch {
			case err == nil || !strings.Contains(err.Error(), text):
				t.Errorf("%s: %v, want %q", c.query, err, text)
			case errors.As(err, &refused) && !strings.Contains(refused.First().Hint, "lack the permission 'view data: "):
				t.Errorf("%s: the hint is %q", c.query, refused.First().Hint)
			case refused == nil && !errors.As(err, &denied):
				t.Errorf("%s: %v is no refusal", c.query, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %s", c.query, causes(err))
			continue
		}
		rows, err := collect(r.Rows, r.Columns)
		r.Close()
		if err != nil || len(rows) != 1 || rows[0][0].S != c.want {
			t.Errorf("%s: %v %v, want %q", c.query, rows, err, c.want)
		}
	}
}

// TestAllow: the permissions that other routes ask for.
func TestAllow(t *testing.T) {
	s := scopedService(t)
	ops, sec := auth.Principal{Groups: []string{"g-ops"}}, auth.Principal{Groups: []string{"g-sec"}}
	if s.Allow(ops, access.Manage) != nil || s.Allow(ops, access.ViewData) == nil || s.Allow(sec, access.Manage) == nil || s.Allow(sec, access.ViewData) != nil ||
		s.Allow(auth.Principal{App: true}, access.Manage) != nil || s.Allow(auth.Principal{}, access.ViewData|access.Manage) == nil {
		t.Error("permissions are not those of the roles")
	}
}

// TestHiddenRowsRaiseNothing: functions that cannot take a value meet it in a
// hidden row, before and after the engine orders its filters.
func TestHiddenRowsRaiseNothing(t *testing.T) {
	env := testEnv(t)
	rows := []string{"DeviceInfo DeviceId=d1 DeviceName=alpha", "DeviceInfo DeviceId=d2 DeviceName=beta"}
	nasty := []string{"not-json", "{", "[1,", "99999999999999999999", "1e999", "((", "*[", "0001-01-01", "-", "%zz", "=?", "::1/999", "9223372036854775807", "-9223372036854775808", "NaN"}
	for _, x := range nasty {
		rows = append(rows, "DeviceEvents DeviceId=d1 FileName="+x+" AdditionalFields="+x, "DeviceEvents DeviceId=d1 ProcessCommandLine="+x+" RemoteUrl="+x)
	}
	rows = append(rows, "DeviceEvents DeviceId=d2 FileName=7 AdditionalFields=8")
	s := storedRows(t, env.Now, rows...)
	p, err := access.Parse([]byte(scopedPolicy))
	if err != nil {
		t.Fatal(err)
	}
	g, err := p.Decide(auth.Principal{Groups: []string{"g-sec"}})
	if err != nil {
		t.Fatal(err)
	}
	in, scope, err := restrict(g, env, testScope(env), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []string{"toint(X) >= 0", "tolong(X) * 9223372036854775807 != 1", "tolong(X) + tolong(X) > 0", "-tolong(X) < 0", "toreal(X) > 0", "todecimal(X) > 0", "todatetime(X) > ago(1d) or true", "totimespan(X) > 1h or true",
		"isnotnull(parse_json(X))", "parse_json(X).a == 1 or true", "'x' matches regex X or true", "isnotempty(base64_decode_tostring(X)) or true", "isnotempty(parse_url(X))", "1 / tolong(X) >= 0", "tolong(X) % 0 == 1 or true",
		"exp(toreal(X)) > 0", "datetime(2026-01-01) + tolong(X) * 1d > datetime(2000-01-01) or true", "isnotempty(substring(X, tolong(X)))", "isnotempty(repeat(1, tolong(X)))", "make_datetime(toint(X), 1, 1) > ago(1d) or true",
		"ipv4_is_private(X) or true", "isnotempty(strrep('ab', toint(X)))", "isnotempty(todatetime(tolong(X))) or true", "pow(toreal(X), 999) > 0", "isnotempty(hash_sha256(X))", "tolong(toreal(X)) > 0", "binary_shift_left(tolong(X), 99) >= 0 or true"} {
		q := "DeviceEvents | where " + strings.ReplaceAll(x, "X", "AdditionalFields") + " | project DeviceId"
		a, err := ask(s, q, in, scope)
		var refused *QueryError
		if errors.As(err, &refused) {
			t.Errorf("%s does not bind: %v", q, err)
			continue
		}
		if err != nil {
			t.Errorf("%s: %s", q, causes(err))
			continue
		}
		for _, r := range a.rows {
			if r[0].S == "d1" {
				t.Errorf("%s shows d1", q)
			}
		}
	}
}

// BenchmarkScoped compares queries as an application and as a user from whom
// half of the devices are hidden.
func BenchmarkScoped(b *testing.B) {
	env := testEnv(b)
	store, err := duckdb.Open(duckdb.Config{Catalog: env.Catalog, Threads: 2, Now: testkit.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if _, err := simulate.Run(context.Background(), simulate.Options{Catalog: env.Catalog, Seed: 1, Devices: 200, Days: 30, Events: 1_000_000, End: testkit.Now()}, store); err != nil {
		b.Fatal(causes(err))
	}
	p, err := access.Parse([]byte(`{"roles": [{"name": "r", "permissions": ["view data"], "groups": ["g", "h"]}],
		"deviceGroups": [{"rank": 1, "name": "x", "rule": [{"property": "os platform", "operator": "equals", "values": ["windows11"]}], "groups": ["h"]}]}`))
	if err != nil {
		b.Fatal(err)
	}
	hiding, err := p.Decide(auth.Principal{Groups: []string{"g"}})
	if err != nil {
		b.Fatal(err)
	}
	var remembered fleets
	for name, query := range map[string]string{
		"scan":      "DeviceProcessEvents | where FileName == 'powershell.exe' and ProcessCommandLine has 'encodedcommand' | project Timestamp, DeviceName",
		"summarize": "DeviceProcessEvents | summarize count() by FileName | top 10 by count_",
		"join":      "DeviceLogonEvents | where ActionType == 'LogonSuccess' | join kind=inner (DeviceProcessEvents | where FileName == 'cmd.exe') on DeviceId, AccountName | summarize count() by DeviceId",
		"all":       "union Device* | where Timestamp > ago(7d) | summarize count() by DeviceId",
		"count":     "DeviceNetworkEvents | count",
	} {
		for who, grant := range map[string]access.Grant{"all": access.Everything(), "half": hiding, "half-known": hiding} {
			b.Run(name+"/"+who, func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					at := time.Now()
					var known *known
					if who == "half-known" {
						known = remembered.known(store, grant, 0)
					}
					in, scope, err := restrict(grant, env, testScope(env), known)
					if err != nil {
						b.Fatal(err)
					}
					c, err := Prepare(context.Background(), query, in, scope, store)
					if err != nil {
						b.Fatal(causes(err))
					}
					r, err := exec.Run(context.Background(), store, c.Query, 0)
					if err != nil {
						b.Fatal(causes(err))
					}
					var rows [][]types.Value
					if rows, err = collect(r, c.Query.Columns); err != nil || len(rows) == 0 && name != "scan" {
						b.Fatal(len(rows), err)
					}
					r.Close()
					took = append(took, time.Since(at))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/median")
			})
		}
	}
}
