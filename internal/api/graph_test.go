package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

// schemaOf asks for the hunting schema with a token.
func (b *bed) schemaOf(path, token string) (graphSchema, *httptest.ResponseRecorder) {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.RemoteAddr = "127.0.0.1:50000"
	req.Header.Set("Authorization", "Bearer "+token)
	res := httptest.NewRecorder()
	b.server.ServeHTTP(res, req)
	var out graphSchema
	if err := json.Unmarshal(res.Body.Bytes(), &out); err != nil {
		b.t.Fatalf("%v in %.200s", err, res.Body)
	}
	return out, res
}

// TestHuntingSchema: tables and functions as the catalog has them, under every spelling of the path.
func TestHuntingSchema(t *testing.T) {
	b := newBed(t, &canned{}, context.Background(), nil)
	for name, text := range map[string]string{
		"Mine":   "// What I need.\nlet Mine = (T:(DeviceId:string), n:long, s:string='it') { T | where DeviceId == s | extend N = n };",
		"Recent": "let Recent = (days:timespan, name:string='x') { DeviceInfo | where Timestamp > ago(days) | project Timestamp, DeviceName };",
	} {
		if _, err := b.server.cfg.Functions(tenant).Put(name, text); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/beta/security/getHuntingSchema", "/v1.0/security/getHuntingSchema", "/beta/security/getHuntingSchema()", "/v1.0/security/microsoft.graph.security.getHuntingSchema()"} {
		got, res := b.schemaOf(path, b.token("graph"))
		if res.Code != 200 || res.Header().Get("Client-Request-Id") == "" {
			t.Fatalf("%s: %d %v", path, res.Code, res.Header())
		}
		if want := b.server.cfg.Hunt.Catalog.Names(); len(got.Tables) != len(want) || got.Tables[0].Name != want[0] || len(got.Tables[0].Columns) == 0 {
			t.Errorf("%s: %d tables, want %d", path, len(got.Tables), len(want))
		}
		for _, f := range got.Functions.BuiltIn {
			if f.Name == "" || f.Documentation == "" || len(f.Input) == 0 {
				t.Errorf("built-in function %+v", f)
			}
		}
		if len(got.Functions.BuiltIn) < 4 || len(got.Functions.Saved) != 2 {
			t.Fatalf("%d built-in functions, %d saved", len(got.Functions.BuiltIn), len(got.Functions.Saved))
		}
		mine, _ := json.Marshal(got.Functions.Saved[0])
		if want := `{"huntingFunctionId":"Mine","name":"Mine","path":"Shared functions","documentation":"What I need.","inputParameters":[` +
			`{"name":"T","cslType":"(DeviceId:string)","defaultValue":null},{"name":"n","cslType":"long","defaultValue":null},{"name":"s","cslType":"string","defaultValue":"'it'"}],` +
			`"outputColumns":[],"description":"What I need.","createdBy":null,"lastModifiedBy":null,"lastModifiedDateTime":null}`; string(mine) != want {
			t.Errorf("%s\nwant\n%s", mine, want)
		}
		recent, _ := json.Marshal(got.Functions.Saved[1].Output)
		if want := `[{"name":"Timestamp","dataType":"DateTime","description":""},{"name":"DeviceName","dataType":"String","description":""}]`; string(recent) != want {
			t.Errorf("columns of a function: %s", recent)
		}
	}
	if _, res := b.schemaOf("/beta/security/getHuntingSchema", b.token("good")); res.Code != 403 {
		t.Errorf("without the permission: %d", res.Code)
	}
	if n := len(b.audited()); n != 5 || b.audited()[0].Contract != "graph" {
		t.Errorf("%d audit records", n)
	}
}

// TestHuntingSchemaOfUser: a user sees the tables that their roles let them read, and no others.
func TestHuntingSchemaOfUser(t *testing.T) {
	const patching, nobody = "5b1c0c7e-0000-4000-8000-000000000003", "5b1c0c7e-0000-4000-8000-000000000009"
	policy, err := access.Parse([]byte(`{"roles": [{"name": "Patching", "permissions": ["view data: vulnerability management"], "groups": ["` + patching + `"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	b := newBed(t, &canned{}, context.Background(), func(cfg *Config) { cfg.Hunt.Policy = func() *access.Policy { return policy } })
	token := func(group string) string {
		return b.sign(b.key, map[string]any{"iss": issuerV1 + tenant + "/", "aud": audience, "tid": tenant, "appid": "hunter", "oid": "oid-2", "sub": "s",
			"scp": "ThreatHunting.Read.All", "upn": "a@example.org", "groups": []string{group}, "iat": noon().Unix(), "nbf": noon().Unix(), "exp": noon().Add(time.Hour).Unix(), "ver": "1.0"})
	}
	got, res := b.schemaOf("/v1.0/security/getHuntingSchema", token(patching))
	if res.Code != 200 || len(got.Tables) == 0 {
		t.Fatalf("%d %.300s", res.Code, res.Body)
	}
	for _, table := range got.Tables {
		if !strings.HasPrefix(table.Name, "DeviceTvm") && !strings.HasPrefix(table.Name, "DeviceBaseline") {
			t.Errorf("%s is shown", table.Name)
		}
	}
	if _, res := b.schemaOf("/v1.0/security/getHuntingSchema", token(nobody)); res.Code != 403 {
		t.Errorf("a user without a role: %d", res.Code)
	}
}

// TestStatsFigures: the figures of a query that used something, with rows that come in several batches.
func TestStatsFigures(t *testing.T) {
	e := &canned{rows: []string{`["a"]`, `["b"]`, `["c"]`}}
	asked := 0
	now := noon()
	b := newBed(t, e, context.Background(), func(cfg *Config) {
		cfg.Hunt.Used = func() hunt.Usage {
			asked++
			now = now.Add(1500 * time.Millisecond)
			return hunt.Usage{User: time.Duration(asked) * 2 * time.Second, Kernel: time.Duration(asked) * 250 * time.Millisecond, Peak: 236822432}
		}
		cfg.Hunt.Clock = func() time.Time { return now }
	})
	req, err := http.NewRequest(http.MethodPost, b.url+"/api/advancedhunting/run", strings.NewReader(`{"Query":"DeviceInfo | project DeviceName"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.token("xdr"))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	const want = `{"Stats":{"ExecutionTime":3.0,"resource_usage":{"cache":{"memory":{"hits":0,"misses":0,"total":0},"disk":{"hits":0,"misses":0,"total":0}},` +
		`"cpu":{"user":"00:00:02","kernel":"00:00:00.2500000","total cpu":"00:00:02.2500000"},"memory":{"peak_per_node":236822432}},` +
		`"dataset_statistics":[{"table_row_count":3,"table_size":119}]},"Schema":[{"Name":"DeviceName","Type":"String"}],"Results":[{"DeviceName":"a"},{"DeviceName":"b"},{"DeviceName":"c"}]}`
	if string(body) != want {
		t.Errorf("%s\nwant\n%s", body, want)
	}
}

// TestQueryInPathIsNotLogged: the request log has no text of queries, wherever they stand.
func TestQueryInPathIsNotLogged(t *testing.T) {
	b := newBed(t, &canned{rows: []string{`[1]`}}, context.Background(), nil)
	for _, path := range []string{
		"/beta/security/getRunHuntingQuery(query='print%20hidden=1')", "/beta/security/getRunHuntingQuery(query='print%20hidden=1", "/api/advancedqueries?key=print+hidden=1",
	} {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.RemoteAddr = "127.0.0.1:50000"
		req.Header.Set("Authorization", "Bearer "+b.token("graph"))
		b.server.ServeHTTP(httptest.NewRecorder(), req)
	}
	if log := b.logged(); strings.Contains(log, "hidden") || strings.Count(log, "getRunHuntingQuery(…)") != 2 {
		t.Errorf("the log:\n%s", log)
	}
}
