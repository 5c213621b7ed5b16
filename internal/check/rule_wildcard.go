package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// literalWildcard finds patterns such as "*.exe" where * is a plain character.
func literalWildcard() Rule {
	return Rule{
		ID: "HK119", Name: "literal-wildcard", Severity: Warning,
		Summary: "* is no wildcard in a text",
		Why:     "The operators on texts take * as it is. startswith, endswith, has and contains say what a wildcard would.",
		Bad: []Bad{
			{`DeviceEvents | where FileName == "*.exe"`, ""},
			{`DeviceEvents | where FileName has "power*"`, ""},
			{`DeviceEvents | where FileName in~ ("cmd.exe", "*.scr")`, ""},
		},
		Good: []string{
			`DeviceEvents | where FileName endswith ".exe"`,
			`DeviceEvents | where FileName matches regex "a*"`,
			`DeviceEvents | where FileName contains "* "`,
			`DeviceEvents | where FileName == "*"`,
		},
		look: func(q *query, n syntax.Node) {
			var items []syntax.Expr
			switch n := n.(type) {
			case *syntax.Binary:
				switch strings.TrimSuffix(strings.TrimPrefix(n.Op, "!"), "_cs") {
				case "==", "=", "=~", "~", "has", "hasprefix", "hassuffix", "contains", "startswith", "endswith":
					items = []syntax.Expr{n.Y}
				}
			case *syntax.In:
				items = n.List
			}
			for _, x := range items {
				text, ok := str(x)
				if body := strings.Trim(text, "*"); ok && len(body) > 1 && len(body) < len(text) && !strings.ContainsAny(body, " \"'") {
					q.report(x.Span(), fmt.Sprintf("* in %q is no wildcard", text), "use startswith, endswith, has, contains or matches regex", nil)
				}
			}
		},
	}
}
