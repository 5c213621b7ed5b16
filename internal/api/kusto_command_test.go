package api

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// asked is a request that a command may be shown to.
func asked(t testing.TB) *exchange {
	b := newBed(t, &canned{}, context.Background(), nil)
	return &exchange{call: &call{s: b.server, r: httptest.NewRequest("POST", "/v1/rest/mgmt", nil), id: "1"}}
}

var analyst = auth.Principal{Tenant: tenant, ObjectID: "oid-1", Name: "analyst@example.org", Scopes: []string{"user_impersonation"}}

// TestEveryCommand answers each command of the table, with and without what may be left out.
func TestEveryCommand(t *testing.T) {
	x := asked(t)
	names := strings.NewReplacer("(<database>)", "(Harrier, ['harrier'])", "<database>", "['Harrier']", "(<table>)", `("DeviceInfo",DeviceEvents)`, "<table>", "DeviceInfo",
		"<function>", "FileProfile")
	for _, s := range commands() {
		full := names.Replace("." + strings.NewReplacer("[", "", "]", "").Replace(s.pattern))
		short := names.Replace("." + strings.Join(slices.DeleteFunc(strings.Fields(s.pattern), func(w string) bool { return strings.HasPrefix(w, "[") }), " "))
		for _, text := range []string{full, short, strings.ToUpper(full[:5]) + full[5:] + ` if_later_than "v1.0" with (a = true, b="c")`} {
			query, given, err := command(x, analyst, text)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			table := given[givenName]
			seen := map[string]bool{}
			for _, c := range table.Columns {
				if seen[c.Name] {
					t.Errorf("%s: two columns %s", text, c.Name)
				}
				seen[c.Name] = true
			}
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: a row of %d values for %d columns", text, len(row), len(table.Columns))
				}
				for i, v := range row {
					if v.Type != table.Columns[i].Type {
						t.Errorf("%s: %s is %v", text, table.Columns[i].Name, v)
					}
				}
			}
			if strings.TrimRight(query, " ") != givenName || len(query) != len(text) {
				t.Errorf("%s became %q", text, query)
			}
		}
	}
}

// TestCommandPlaces: what follows a command stays where it was.
func TestCommandPlaces(t *testing.T) {
	x := asked(t)
	for text, want := range map[string]string{
		".show tables | count":                         "_show        | count",
		" // first\n\t.show\ntables // all\n| where a": "         \n _show\n             \n| where a",
		".show table ['DeviceInfo'] cslschema|take 1":  "_show                               |take 1",
		".show tables (DeviceInfo) | where '|' == a":   "_show                     | where '|' == a",
	} {
		if got, _, err := command(x, analyst, text); err != nil || got != want {
			t.Errorf("%q became %q, want %q, %v", text, got, want, err)
		}
	}
}

func TestCommandRefusals(t *testing.T) {
	x := asked(t)
	for text, want := range map[string]string{
		".show":                              "does not have this management command",
		".":                                  "It has: .show [cluster] databases,",
		".showtables":                        "does not have",
		".drop table DeviceInfo":             "does not have",
		".show tables tables":                "does not have",
		".show table":                        "does not have",
		".show tables (DeviceInfo":           "does not have",
		".show tables ()":                    "does not have",
		".show tables <| print 1":            "'<' where a word is expected",
		".show table 'x":                     "a quote is not closed",
		".show table ['x'":                   "a bracket is not closed",
		".show table [x":                     "a bracket is not closed",
		".show table Nope cslschema":         "Entity ID 'Nope' of kind 'Table' was not found",
		".show function Nope":                "Entity ID 'Nope' of kind 'Function' was not found",
		".show database Samples schema":      "Entity ID 'Samples' of kind 'Database' was not found",
		".show databases (Samples)":          "The database of this service is Harrier",
		".show " + strings.Repeat("a ", 300): "too long",
	} {
		if _, _, err := command(x, analyst, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}

// TestCommandsShowWhatMayBeRead: tables that the caller may not read are in no answer.
func TestCommandsShowWhatMayBeRead(t *testing.T) {
	x := asked(t)
	policy, err := access.Parse([]byte(`{"roles":[{"name":"Patching","permissions":["view data: vulnerability management"],"groups":["everybody"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	x.s.cfg.Hunt.Policy = func() *access.Policy { return policy }
	p := analyst
	p.Groups = []string{"everybody"}
	visible, err := x.s.cfg.Hunt.Visible(p)
	if err != nil {
		t.Fatal(err)
	}
	all := x.s.cfg.Hunt.Catalog
	if len(visible.Names()) >= len(all.Names()) {
		t.Fatalf("all %d tables are visible", len(visible.Names()))
	}
	if _, _, err := command(x, p, ".show table DeviceProcessEvents cslschema"); err == nil || !strings.Contains(err.Error(), "was not found") {
		t.Errorf("a table that may not be read: %v", err)
	}
	for _, text := range []string{".show tables", ".show databases schema as json", ".show database schema", ".show databases entities", ".show database cslschema",
		".show database schema as csl script"} {
		_, given, err := command(x, p, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range given[givenName].Rows {
			for _, v := range row {
				for _, name := range all.Names() {
					if visible.Table(name) == nil && (v.S == name || strings.Contains(v.S, `"`+name+`"`) || strings.Contains(v.S, "table "+name+" ")) {
						t.Errorf("%s shows %s", text, name)
					}
				}
			}
		}
	}
}

// TestCommandsTellNothingOfRows: the store counts the rows of all devices, and a caller may see some devices only.
func TestCommandsTellNothingOfRows(t *testing.T) {
	x := asked(t)
	for _, text := range []string{".show tables details", ".show table DeviceInfo details", ".show tables (DeviceInfo, DeviceEvents) details", ".show database details",
		".show databases datastats", ".show database ['Harrier'] datastats"} {
		_, given, err := command(x, analyst, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		table := given[givenName]
		for _, row := range table.Rows {
			for i, v := range row {
				if name := table.Columns[i].Name; (strings.Contains(name, "Row") || strings.Contains(name, "Size") || strings.Contains(name, "Extents")) && !v.Null && name != "RowOrderPolicy" {
					t.Errorf("%s tells %s: %v", text, name, v)
				}
			}
		}
		if len(table.Rows) == 0 {
			t.Errorf("%s has no rows", text)
		}
	}
	for _, text := range []string{".show table HarrierAudit details", ".show table HarrierAudit principals", ".show tables (HarrierAudit) details"} {
		if _, _, err := command(x, analyst, text); err == nil || !strings.Contains(err.Error(), "Entity ID 'HarrierAudit' of kind 'Table' was not found") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestCommandPrincipals: of all principals, the caller alone is shown.
func TestCommandPrincipals(t *testing.T) {
	x := asked(t)
	for _, text := range []string{".show database Harrier principals", ".show table DeviceInfo principals", ".show function FileProfile principals", ".show principal roles",
		".show database ['Harrier'] principal roles", ".show table DeviceInfo principal roles", ".show function FileProfile principal roles"} {
		_, given, err := command(x, analyst, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		rows := given[givenName].Rows
		if len(rows) != 1 || !slices.ContainsFunc(rows[0], func(v types.Value) bool { return v.S == analyst.ObjectID }) {
			t.Errorf("%s: %v", text, rows)
		}
	}
	for text, want := range map[string]string{".show function Nope principals": "'Nope' of kind 'Function'", ".show database Samples principals": "'Samples' of kind 'Database'",
		".show principal 'aaduser=other@example.org' roles": "does not have"} {
		if _, _, err := command(x, analyst, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestServerTimeout: SDKs write a timespan in their languages' ways.
func TestServerTimeout(t *testing.T) {
	for text, want := range map[string]time.Duration{`"00:04:00"`: 4 * time.Minute, `"0:04:00"`: 4 * time.Minute, `"0:00:01.500000"`: 1500 * time.Millisecond,
		`"01:00:00.0000000"`: time.Hour, `"00:00:30.000"`: 30 * time.Second, `"1.00:00:00"`: 24 * time.Hour, `"4m"`: 4 * time.Minute} {
		if got, ok, _ := kustoTimespan(json.RawMessage(text)); !ok || got != want {
			t.Errorf("%s is %v", text, got)
		}
	}
	k := &kustoRequest{}
	if f := k.readOptions(json.RawMessage(`{"servertimeout": "00:00:01", "norequesttimeout": true}`), &hunt.Extras{}); f != nil || k.options.timeout != 0 {
		t.Errorf("the longest time that there is: %v %v", k.options.timeout, f)
	}
}

// TestSchemas: the schema in JSON is JSON, with every table and function once.
func TestSchemas(t *testing.T) {
	x := asked(t)
	_, given, err := command(x, analyst, ".show databases schema as json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Databases map[string]struct {
			Tables map[string]struct {
				OrderedColumns []struct{ Name, Type, CslType string }
			}
			Functions map[string]struct {
				Body            string
				InputParameters []struct{ Name, CslType string }
			}
		}
	}
	if err := json.Unmarshal([]byte(given[givenName].Rows[0][0].S), &schema); err != nil {
		t.Fatal(err)
	}
	db := schema.Databases[kustoDatabase]
	if len(db.Tables) < 60 || len(db.Tables["DeviceInfo"].OrderedColumns) < 20 || db.Tables["DeviceInfo"].OrderedColumns[0].CslType != "datetime" {
		t.Errorf("%d tables", len(db.Tables))
	}
	for name, f := range db.Functions {
		params := "()"
		for _, p := range f.InputParameters {
			params += p.Name
		}
		if tree, diags := syntax.Parse("let f = () " + f.Body); diags.Err() != nil || len(tree.Statements) != 1 {
			t.Errorf("the body of %s %s is %s: %v", name, params, f.Body, diags)
		}
	}
	if f := db.Functions["FileProfile"]; len(f.InputParameters) == 0 || !strings.HasPrefix(f.Body, "{") {
		t.Errorf("FileProfile is %+v", f)
	}
	_, only, err := command(x, analyst, ".show databases (Harrier) schema as json with (Functions = true)")
	if text := only[givenName].Rows[0][0].S; err != nil || strings.Contains(text, "DeviceInfo\":{") || !strings.Contains(text, "FileProfile") {
		t.Errorf("with functions only it is %.200s %v", text, err)
	}
}

// FuzzKustoCommand: whatever the text, reading it ends, and what follows the command is left as it is.
func FuzzKustoCommand(f *testing.F) {
	for _, s := range commands() {
		f.Add("." + s.pattern + " with (a = b) | where x == '|'")
	}
	for _, text := range []string{"", ".", ".show", "// x\n.show tables", ".show table ['a\\'b'] x", ".show table [\"", ".show tables (a, b, (c))|", "\ufeff.show \xff", ".show if_later_than \"\" if_later_than 'x'"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		start := commandStart(text)
		if start > len(text) {
			t.Fatalf("begins at %d of %d", start, len(text))
		}
		c, end, err := parseCommand(text[start:])
		if err != nil {
			return
		}
		if len(c.words) > maxCommandWords || end > len(text)-start || end < len(text)-start && text[start+end] != '|' {
			t.Fatalf("%d words, ends at %d of %q", len(c.words), end, text)
		}
		if spec, given := c.find(); spec != nil && len(given) > maxCommandWords {
			t.Fatalf("%s has %d names", spec.pattern, len(given))
		}
	})
}

// TestTakeApart: braces in parameters and bodies are where they belong.
func TestTakeApart(t *testing.T) {
	for text, want := range map[string]string{
		`let F = (a:dynamic = dynamic({"x":{}})) { print b = dynamic({"y":1}) };`: `(a:dynamic = dynamic({"x":{}})) | { print b = dynamic({"y":1}) }`,
		"// doc\nlet F=(){DeviceInfo};":                                           `() | {DeviceInfo}`,
		"let F = view (T:(a:string)) { T | extend b = '{' };":                     `(T:(a:string)) | { T | extend b = '{' }`,
	} {
		f, ok := takeApart(catalog.Function{Name: "F", Text: text})
		if got := f.params + " | " + f.body; !ok || got != want {
			t.Errorf("%s is %s", text, got)
		}
	}
}
