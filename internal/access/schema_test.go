package access

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var updateSchema = flag.Bool("update-schema", false, "write docs/policy.schema.json")

// TestSchema holds the committed schema against the code, and against what
// Parse says of policies.
func TestSchema(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	const path = "../../docs/policy.schema.json"
	if *updateSchema {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if committed, err := os.ReadFile(path); err != nil || !bytes.Equal(committed, text) {
		t.Errorf("%s is not what the code says (error %v): go test ./internal/access -run Schema -update-schema", path, err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```json\n")
	documented, _, _ := strings.Cut(rest, "```")
	role := `{"name": "r", "permissions": ["view data"], "groups": ["g"]}`
	group := func(rule string) string {
		return `{"roles": [` + role + `], "deviceGroups": [{"rank": 1, "name": "a", "rule": [` + rule + `], "groups": ["g"]}]}`
	}
	for text, good := range map[string]bool{
		documented: true, strings.ReplaceAll(sample, `"View data"`, `"view data"`): true, `{}`: true, `[]`: false,
		`{"roles": [` + role + `]}`: true, `{"tenants": {"t": {"roles": [` + role + `]}}}`: true, `{"tenants": {"t": {"tenants": {}}}}`: false,
		`{"rolls": []}`: false, `{"roles": [{"name": "r", "permissions": []}]}`: false, `{"roles": [{"name": "r", "permissions": ["view"]}]}`: false,
		`{"roles": [{"name": "", "permissions": ["manage"]}]}`: false, `{"roles": [{"permissions": ["manage"]}]}`: false,
		`{"roles": [{"name": "r", "permissions": ["manage"], "groups": [""]}]}`:                                   false,
		`{"roles": [{"name": "` + strings.Repeat("r", maxText+1) + `", "permissions": ["manage"]}]}`:              false,
		group(`{"property": "name", "operator": "in", "values": ["x"]}`):                                          true,
		group(`{"property": "os", "operator": "in", "values": ["x"]}`):                                            false,
		group(`{"property": "name", "operator": "like", "values": ["x"]}`):                                        false,
		group(`{"property": "name", "operator": "in", "values": []}`):                                             false,
		group(`{"property": "name", "operator": "in", "values": [` + strings.Repeat(`"x",`, maxValues) + `"x"]}`): false,
		group(``): false,
		strings.Replace(group(`{"property": "name", "operator": "in", "values": ["x"]}`), `"rank": 1`, `"rank": 0`, 1):   false,
		strings.Replace(group(`{"property": "name", "operator": "in", "values": ["x"]}`), `"rank": 1`, `"rank": 1.5`, 1): false,
		`{"ungrouped": {"groups": []}}`: true, `{"ungrouped": {"group": []}}`: false, `{"ungrouped": []}`: false,
	} {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		fault := conforms(schema, schema, v)
		if _, err := Parse([]byte(text)); (err == nil) != good || (fault == "") != good {
			t.Errorf("%.200s: Parse says %v, the schema %q", text, err, fault)
		}
	}
}

// conforms tells what is wrong with v, in the words of JSON schema that the
// schema uses.
func conforms(root, schema map[string]any, v any) string {
	if ref, ok := schema["$ref"].(string); ok {
		schema = root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	bound := func(name string, or int) int {
		if n, ok := schema[name].(float64); ok {
			return int(n)
		}
		return or
	}
	within := func(n int, least, most string) bool { return n >= bound(least, 0) && n <= bound(most, 1<<30) }
	switch v := v.(type) {
	case map[string]any:
		members, _ := schema["properties"].(map[string]any)
		if required, ok := schema["required"].([]any); ok {
			for _, name := range required {
				if _, ok := v[name.(string)]; !ok {
					return fmt.Sprintf("no %s", name)
				}
			}
		}
		for name, x := range v {
			of, ok := members[name].(map[string]any)
			if !ok {
				if of, ok = schema["additionalProperties"].(map[string]any); !ok {
					return "unknown member " + name
				}
			}
			if fault := conforms(root, of, x); fault != "" {
				return name + ": " + fault
			}
		}
		if schema["type"] != "object" || !within(len(v), "minProperties", "maxProperties") {
			return "an object"
		}
	case []any:
		if schema["type"] != "array" || !within(len(v), "minItems", "maxItems") {
			return fmt.Sprintf("an array of %d", len(v))
		}
		for _, x := range v {
			if fault := conforms(root, schema["items"].(map[string]any), x); fault != "" {
				return fault
			}
		}
	case string:
		if schema["type"] != "string" || !within(utf8.RuneCountInString(v), "minLength", "maxLength") {
			return "a text " + v
		}
		if names, ok := schema["enum"].([]any); ok && !slices.Contains(names, any(v)) {
			return "unknown " + v
		}
	case float64:
		if schema["type"] != "integer" || v != float64(int(v)) || int(v) < bound("minimum", 0) {
			return fmt.Sprint("a number ", v)
		}
	default:
		return fmt.Sprintf("%T", v)
	}
	return ""
}
