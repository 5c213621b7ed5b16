package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/regex"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// invalidRegex compiles the patterns that are constants.
func invalidRegex() Rule {
	return Rule{
		ID: "HK120", Name: "invalid-regex", Severity: Error,
		Summary: "a regular expression that does not compile",
		Why:     "The query would fail when it runs.",
		Bad: []Bad{
			{`DeviceEvents | where FileName matches regex "*.exe"`, ""},
			{`DeviceEvents | extend x = extract("(a", 1, FileName)`, ""},
			{`DeviceEvents | extend x = replace_regex(FileName, @"[", "")`, ""},
		},
		Good: []string{
			`DeviceEvents | where FileName matches regex @"\.exe$"`,
			`DeviceEvents | extend x = extract(@"(\d+)", 1, FileName)`,
		},
		look: func(q *query, n syntax.Node) {
			x := q.pattern(n)
			if x == nil {
				return
			}
			text, _ := str(x)
			if _, err := regex.Compile(text); err != nil {
				q.report(x.Span(), fmt.Sprintf("not a regular expression: %v", err), "", nil)
			}
		},
	}
}

// pattern is the constant that n uses as a regular expression, or nil.
func (q *query) pattern(n syntax.Node) syntax.Expr {
	var x syntax.Expr
	switch n := n.(type) {
	case *syntax.Binary:
		if n.Op == "matches regex" {
			x = n.Y
		}
	case *syntax.Call:
		at, ok := map[string]int{"extract": 0, "extract_all": 0, "replace": 0, "trim": 0, "trim_start": 0, "trim_end": 0,
			"replace_regex": 1, "indexof_regex": 1}[n.Name.Text]
		if ok && at < len(n.Args) && q.lets[n.Name.Text] == nil {
			x = n.Args[at]
		}
	}
	if _, ok := str(x); !ok {
		return nil
	}
	return x
}

// plainRegex finds patterns that are plain text.
func plainRegex() Rule {
	return Rule{
		ID: "HK121", Name: "plain-regex", Severity: Note,
		Summary: "a regular expression without anything special",
		Why:     "contains and contains_cs find a plain text faster, has and has_cs a whole word even more so.",
		Bad: []Bad{
			{`DeviceEvents | where FileName matches regex "power"`, `DeviceEvents | where FileName contains_cs "power"`},
			{`DeviceEvents | where FileName matches regex "(?i)power"`, `DeviceEvents | where FileName contains "power"`},
		},
		Good: []string{`DeviceEvents | where FileName matches regex @"power\w+"`},
		look: func(q *query, n syntax.Node) {
			b, ok := n.(*syntax.Binary)
			if !ok || b.Op != "matches regex" {
				return
			}
			text, ok := str(b.Y)
			plain, fold := strings.CutPrefix(text, "(?i)")
			if !ok || plain == "" || regex.Quote(plain) != plain {
				return
			}
			op := "contains_cs"
			if fold {
				op = "contains"
			}
			fix := &Fix{Title: "use " + op, Safe: !fold, Edits: []Edit{{b.OpAt, op}}}
			if fold {
				fix.Edits = append(fix.Edits, Edit{b.Y.Span(), `"` + plain + `"`})
			}
			q.report(b.OpAt, fmt.Sprintf("%q is plain text; '%s' is faster", plain, op), "", fix)
		},
	}
}
