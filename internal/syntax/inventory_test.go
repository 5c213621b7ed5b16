package syntax

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// Every tabular operator, scalar operator, data type and visualization of the
// public reference is known here.
func TestInventory(t *testing.T) {
	const path = "../../../shared/kql/inventory.json"
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs ../shared beside the checkout: " + path)
	}
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Kind, Name string
		Aliases    []string
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	printed, err := os.ReadFile("testdata/queries.kql")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, row := range rows {
		for _, name := range append(row.Aliases, row.Name) {
			query := ""
			switch row.Kind {
			case "tabular operator":
				if !strings.Contains(string(printed), name) {
					t.Errorf("operator %s has no case in testdata/queries.kql", name)
				}
				seen[row.Kind]++
				continue
			case "scalar operator":
				query = scalarQuery(name)
			case "data type":
				query = "datatable(a:" + name + ")[" + name + "(null)] | mv-expand a to typeof(" + name + ")"
				if name == "string" || name == "dynamic" || name == "uuid" || name == "uniqueid" || name == "boolean" {
					query = "let f = (a:" + strings.Replace(name, "uuid", "guid", 1) + ") { a }; f(1)"
				}
			case "visualization":
				query = "T | render " + name + " with (title='x')"
			default:
				continue
			}
			seen[row.Kind]++
			if _, diags := Parse(query); len(diags) > 0 {
				t.Errorf("%s %s:\n%s", row.Kind, name, diags.Render(query))
			}
		}
	}
	for _, kind := range []string{"tabular operator", "scalar operator", "data type", "visualization"} {
		if seen[kind] == 0 {
			t.Errorf("the inventory lists no %s", kind)
		}
	}
}

func scalarQuery(op string) string {
	switch {
	case strings.HasSuffix(op, "between"):
		return "T | where a " + op + " (1 .. 2)"
	case isListOperatorName(op):
		return "T | where a " + op + " ('x', 'y') or a " + op + " (U | project b)"
	}
	return "T | where a " + op + " 'x'"
}

func isListOperatorName(op string) bool {
	switch op {
	case "in", "!in", "in~", "!in~", "has_any", "has_all":
		return true
	}
	return false
}
