package catalog

import (
	"embed"
	"path"
	"sort"
	"strings"
	"sync"
)

// Function is a stored function: a let statement in KQL that queries may call
// as if they had it themselves.
type Function struct {
	Name string
	// Text is KQL: comments, then "let Name = (parameters) { body };".
	Text string
	// Doc is the comment before the let.
	Doc string
}

//go:embed functions/*.kql
var functionFiles embed.FS

var huntingFunctions = sync.OnceValues(func() (map[string]Function, error) {
	files, err := functionFiles.ReadDir("functions")
	if err != nil {
		return nil, err
	}
	out := map[string]Function{}
	for _, f := range files {
		text, err := functionFiles.ReadFile(path.Join("functions", f.Name()))
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(f.Name(), ".kql")
		out[name] = Function{Name: name, Text: string(text), Doc: DocOf(string(text))}
	}
	return out, nil
})

// HuntingFunction finds a function special to advanced hunting, such as
// FileProfile, by its exact name.
func HuntingFunction(name string) (Function, bool) {
	all, err := huntingFunctions()
	f, ok := all[name]
	return f, ok && err == nil
}

// HuntingFunctions lists the functions special to advanced hunting.
func HuntingFunctions() []Function {
	all, err := huntingFunctions()
	if err != nil {
		return nil
	}
	out := make([]Function, 0, len(all))
	for _, f := range all {
		out = append(out, f)
	}
	sort.Slice(out, func(i, k int) bool { return out[i].Name < out[k].Name })
	return out
}

// DocOf is the comment that a function's text begins with.
func DocOf(text string) string {
	var doc []string
	for line := range strings.Lines(text) {
		c, ok := strings.CutPrefix(strings.TrimSpace(line), "//")
		if !ok {
			break
		}
		doc = append(doc, strings.TrimSpace(c))
	}
	return strings.Join(doc, " ")
}
