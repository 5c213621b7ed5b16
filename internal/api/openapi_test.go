package api

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestOpenAPI: the committed document is the generated one, and every reference in it leads somewhere.
func TestOpenAPI(t *testing.T) {
	got, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/openapi.json is not what the route table says: run go generate ./internal/api")
	}
	var doc struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas map[string]json.RawMessage }
	}
	if err := json.Unmarshal(got, &doc); err != nil {
		t.Fatal(err)
	}
	routed := 0
	for path, ops := range doc.Paths {
		routed += len(ops)
		for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
			for method, op := range ops {
				if !strings.Contains(string(op), `"in": "path"`) || !strings.Contains(string(op), `"name": "`+name[1]+`"`) {
					t.Errorf("%s %s does not describe its parameter %s", method, path, name[1])
				}
			}
		}
	}
	if all := len(routes()) + len(ownRoutes()); routed != all {
		t.Errorf("%d operations for %d routes", routed, all)
	}
	used := map[string]bool{}
	for _, ref := range regexp.MustCompile(`"\$ref": "#/components/schemas/(\w+)"`).FindAllStringSubmatch(string(got), -1) {
		if used[ref[1]] = true; doc.Components.Schemas[ref[1]] == nil {
			t.Errorf("there is no schema %s", ref[1])
		}
	}
	for name := range doc.Components.Schemas {
		if !used[name] {
			t.Errorf("schema %s is not used", name)
		}
	}
}

// TestPaths: exact paths are found as such, patterns with their parameter, and nothing else.
func TestPaths(t *testing.T) {
	table := index(routes())
	for _, c := range []struct{ path, value string }{
		{"/api/advancedqueries/run", ""},
		{"/v1/workspaces/abc/query", "abc"},
		{"/v1/workspaces/{workspaceId}/query", "{workspaceId}"},
		{"/beta/security/getRunHuntingQuery(query='a/b')", "query='a/b'"},
		{"/beta/security/getRunHuntingQuery(query=')')", "query=')'"},
		{"/beta/security/microsoft.graph.security.getRunHuntingQuery(query='a')", "query='a'"},
		{"/v1.0/security/microsoft.graph.security.runHuntingQuery", ""},
		{"/v1.0/security/getHuntingSchema()", ""},
		{"/API/AdvancedQueries/Run/", ""},
		{"/V1/Workspaces/aBc/QUERY/", "aBc"},
		{"/BETA/security/getrunhuntingquery(query='A/')/", "query='A/'"},
	} {
		m, at := table.find(c.path)
		value := ""
		if at != nil {
			value, _ = at.value(c.path)
		}
		if m == nil || value != c.value {
			t.Errorf("%s: %d routes, %q", c.path, len(m), value)
		}
	}
	for _, path := range []string{
		"", "/", "/api/advancedqueries/run//", "//api/advancedqueries/run", "/v1/workspaces//query", "/v1/workspaces/a/b/query", "/v1/workspaces/query",
		"/v1/workspaces/a/query//", "/v1/workspaces/é/queryé", "/beta/security/getRunHuntingQuery()", "/beta/security/getRunHuntingQuery", "/v1.0/security/getRunHuntingQuery(query='a')",
	} {
		if m, _ := table.find(path); m != nil {
			t.Errorf("%q is routed", path)
		}
	}
}

// TestCallArguments reads OData's way to call a function.
func TestCallArguments(t *testing.T) {
	const id = "44444444-4444-4444-8444-444444444444"
	for _, c := range []struct{ text, query, span, id string }{
		{"query='a'", "a", "", ""},
		{"query=' a '", " a ", "", ""},
		{"query='it''s'", "it's", "", ""},
		{"query=''''", "'", "", ""},
		{"query=''", "", "", ""},
		{"query='T | where a == ''x,y'' and b in (1, 2)',timespan='P1D',workspaceId=" + id, "T | where a == 'x,y' and b in (1, 2)", "P1D", id},
		{"QUERY='a' , TimeSpan = 'P1D', workspaceid='" + id + "'", "a", "P1D", id},
		{"timespan='P1D',query='a'", "a", "P1D", ""},
		{"query=@q,timespan=@t", "it's", "P7D", ""},
	} {
		got, ok := callArguments(c.text, map[string]string{"@q": "'it''s'", "@t": "'P7D'"})
		if !ok || got["Query"] != c.query || got["Timespan"] != c.span || got["workspaceId"] != c.id {
			t.Errorf("%s: %v %v", c.text, got, ok)
		}
	}
	for _, text := range []string{
		"", "query", "query=", "query='a", "query='a''", "query='a'b", "query='a',", "query='a',,timespan='P1D'", "query='a',query='b'", "query='a',Query='b'",
		"x='a'", "='a'", "query=a)", "query=(a)", "query='a',x=1", "query=@z", "query=@", "query='a' timespan='b'", ",query='a'",
	} {
		if got, ok := callArguments(text, nil); ok {
			t.Errorf("%s is read as %v", text, got)
		}
	}
}

func FuzzCallArguments(f *testing.F) {
	f.Add("query='it''s',timespan=P1D", "'x'")
	f.Add("query=@a", "''''")
	f.Fuzz(func(t *testing.T, text, alias string) {
		got, ok := callArguments(text, map[string]string{"@a": alias})
		if ok && (len(got) == 0 || len(got) > len(graphMembers)) {
			t.Errorf("%q is read as %v", text, got)
		}
	})
}
