package dynamic

import (
	"fmt"
	"strconv"
	"strings"
)

// Step is one step of a JSON path: into the member Key of a bag, or to item
// Index of an array when Item is set.
type Step struct {
	Key   string
	Index int
	Item  bool
}

// maxSteps bounds a path.
const maxSteps = MaxDepth

// ParsePath reads the subset of JSONPath that Kusto knows: $, .name, ['name'],
// ["name"] and [n] (query/jsonpath.md). Wildcards, recursion, unions and
// slices are refused.
func ParsePath(path string) ([]Step, error) {
	s, ok := strings.CutPrefix(path, "$")
	if !ok {
		return nil, badPath(path, "it must begin with $")
	}
	var steps []Step
	for s != "" {
		if len(steps) == maxSteps {
			return nil, badPath(path, fmt.Sprintf("it has more than %d steps", maxSteps))
		}
		step, n := nextStep(s)
		if n == 0 {
			return nil, badPath(path, fmt.Sprintf("%q is none of .name, ['name'] and [n]", s))
		}
		steps = append(steps, step)
		s = s[n:]
	}
	return steps, nil
}

func badPath(path, why string) error { return fmt.Errorf("invalid JSON path %q: %s", path, why) }

// nextStep reads the first step of s and its length, 0 for none.
func nextStep(s string) (Step, int) {
	if s[0] == '.' {
		n := strings.IndexAny(s[1:], ".[")
		if n < 0 {
			n = len(s) - 1
		}
		if n == 0 || s[1:1+n] == "*" {
			return Step{}, 0
		}
		return Step{Key: s[1 : 1+n]}, 1 + n
	}
	if len(s) < 3 || s[0] != '[' {
		return Step{}, 0
	}
	if q := s[1]; q == '\'' || q == '"' {
		n := strings.Index(s[2:], string(q)+"]")
		if n < 0 {
			return Step{}, 0
		}
		return Step{Key: s[2 : 2+n]}, n + 4
	}
	n := strings.IndexByte(s, ']')
	if n < 0 {
		return Step{}, 0
	}
	i, err := strconv.ParseUint(s[1:n], 10, 31)
	if err != nil {
		return Step{}, 0
	}
	return Step{Index: int(i), Item: true}, n + 1
}

// Find follows a path from canonical text.
func Find(text string, path []Step) (value string, ok bool) {
	for _, s := range path {
		if s.Item {
			text, ok = Index(text, s.Index)
		} else {
			text, ok = Get(text, s.Key)
		}
		if !ok {
			return "null", false
		}
	}
	return text, true
}

// IsPath reports whether a key given to a bag_*() function is a path rather
// than a name.
func IsPath(key string) bool { return strings.HasPrefix(key, "$.") || strings.HasPrefix(key, "$[") }
