package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/terms"
)

// containsCouldBeHas: has looks up whole terms, contains reads every text.
// Where the text looked for begins and ends with what is no part of a term,
// both mean the same.
func containsCouldBeHas() Rule {
	return Rule{
		ID: "HK101", Name: "contains-could-be-has", Severity: Note,
		Summary: "contains where has finds the same, or would do, and is faster",
		Why: "has finds whole terms with an index, contains has to look into every text. When the text looked for begins and ends with a " +
			"character that is part of no term, both find the same rows.",
		Bad: []Bad{
			{`DeviceProcessEvents | where ProcessCommandLine contains " -enc "`, `DeviceProcessEvents | where ProcessCommandLine has " -enc "`},
			{`DeviceProcessEvents | where ProcessCommandLine !contains_cs "/add/"`, `DeviceProcessEvents | where ProcessCommandLine !has_cs "/add/"`},
			{`DeviceProcessEvents | where ProcessCommandLine contains "mimikatz"`, `DeviceProcessEvents | where ProcessCommandLine has "mimikatz"`},
		},
		Good: []string{
			`DeviceProcessEvents | where ProcessCommandLine has "mimikatz"`,
			`DeviceProcessEvents | where ProcessCommandLine contains "=="`,
			`DeviceProcessEvents | where ProcessCommandLine contains ".ps"`,
		},
		look: func(q *query, n syntax.Node) {
			b, ok := n.(*syntax.Binary)
			if !ok || strings.TrimSuffix(strings.TrimPrefix(b.Op, "!"), "_cs") != "contains" {
				return
			}
			text, ok := str(b.Y)
			letters := strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z' })
			if !ok || letters < 0 {
				return
			}
			op := strings.Replace(b.Op, "contains", "has", 1)
			same := !terms.TermAt(text, 0) && !terms.TermBefore(text, len(text))
			fix := replace("use "+op, b.OpAt, op, same)
			switch {
			case same:
				q.report(b.OpAt, fmt.Sprintf("'%s' finds the same as '%s' here and is faster", op, b.Op), "", fix)
			case len(text) >= 4 && terms.TermAt(text, 0) && terms.TermBefore(text, len(text)):
				q.report(b.OpAt, fmt.Sprintf("'%s' is much faster than '%s' if %q is meant as whole words", op, b.Op, text),
					"keep '"+b.Op+"' to find it inside of words too", fix)
			}
		},
	}
}
