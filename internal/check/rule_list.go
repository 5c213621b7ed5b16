package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// duplicateValue finds constants that a list holds twice.
func duplicateValue() Rule {
	return Rule{
		ID: "HK123", Name: "duplicate-value", Severity: Note,
		Summary: "a list holds a constant twice",
		Why:     "The second one changes nothing; perhaps another one was meant.",
		Bad: []Bad{
			{`DeviceEvents | where FileName in~ ("a", "b", "A")`, `DeviceEvents | where FileName in~ ("a", "b")`},
			{`DeviceNetworkEvents | where RemotePort in (80, 443, 80, 8080)`, `DeviceNetworkEvents | where RemotePort in (80, 443, 8080)`},
		},
		Good: []string{`DeviceEvents | where FileName in ("a", "b", "A")`},
		look: func(q *query, n syntax.Node) {
			in, ok := n.(*syntax.In)
			if !ok {
				return
			}
			fold := in.Op == "in~" || in.Op == "!in~" || in.Op == "has_any" || in.Op == "has_all"
			seen := map[string]bool{}
			for i, x := range in.List {
				if _, constant := x.(*syntax.Literal); !constant {
					continue
				}
				text := syntax.Print(x)
				if fold {
					text = strings.ToLower(text)
				}
				if !seen[text] {
					seen[text] = true
					continue
				}
				var fix *Fix
				if cut := (diag.Span{Start: in.List[i-1].Span().End, End: x.Span().End}); !q.commented(cut) {
					fix = replace("remove it", cut, "", true)
				}
				q.report(x.Span(), fmt.Sprintf("%s stands in the list already", q.source(x)), "", fix)
			}
		},
	}
}

// emptyNeedle finds searches for the empty text.
func emptyNeedle() Rule {
	return Rule{
		ID: "HK124", Name: "empty-text", Severity: Warning,
		Summary: "every text contains the empty one",
		Why:     "A search for the empty text is always true, its negation never.",
		Bad:     []Bad{{`DeviceEvents | where FileName contains ""`, ""}, {`DeviceEvents | where FileName has_any ("a", "")`, ""}},
		Good:    []string{`DeviceEvents | where FileName == ""`, `DeviceEvents | where FileName in ("a", "")`},
		look: func(q *query, n syntax.Node) {
			var items []syntax.Expr
			switch n := n.(type) {
			case *syntax.Binary:
				switch strings.TrimSuffix(strings.TrimPrefix(n.Op, "!"), "_cs") {
				case "has", "hasprefix", "hassuffix", "contains", "startswith", "endswith":
					items = []syntax.Expr{n.Y}
				}
			case *syntax.In:
				if n.Op == "has_any" || n.Op == "has_all" {
					items = n.List
				}
			}
			for _, x := range items {
				if text, ok := str(x); ok && text == "" {
					q.report(x.Span(), "every text contains the empty one", "", nil)
				}
			}
		},
	}
}
