package fn

import (
	_ "embed" // known.txt
	"slices"
	"strings"
	"sync"
)

// known.txt lists every function, aggregate and plugin that Kusto documents,
// "kind name" a line: what the table does not have yet is refused by name and
// told apart from a mistyped name.
//
//go:embed known.txt
var knownText string

var knownNames = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(knownText) {
		m[strings.TrimSpace(line)] = true
	}
	return m
})

// Known reports a name that Kusto has, whether the table has it or not. kind
// is "scalar", "aggregate" or "plugin".
func Known(kind, name string) bool { return knownNames()[kind+" "+name] }

// KnownNames lists the names of a kind that Kusto documents, sorted.
func KnownNames(kind string) []string {
	var out []string
	for line := range knownNames() {
		if k, name, ok := strings.Cut(line, " "); ok && k == kind {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
