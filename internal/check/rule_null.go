package check

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// nullOfString finds isnull and isnotnull of a text, which never is null.
func nullOfString() Rule {
	return Rule{
		ID: "HK117", Name: "null-of-string", Severity: Warning,
		Summary: "a text is never null",
		Why:     "A missing text is the empty one: isnull of a text is always false, isnotnull always true. isempty and isnotempty ask for it.",
		Bad: []Bad{
			{`DeviceProcessEvents | where isnotnull(FileName)`, `DeviceProcessEvents | where isnotempty(FileName)`},
			{`DeviceProcessEvents | where isnull(tostring(ProcessId))`, `DeviceProcessEvents | where isempty(tostring(ProcessId))`},
		},
		Good: []string{
			`DeviceProcessEvents | where isnotempty(FileName)`,
			`DeviceProcessEvents | where isnotnull(ProcessId)`,
		},
		look: func(q *query, n syntax.Node) {
			c, ok := n.(*syntax.Call)
			if !ok || len(c.Args) != 1 || q.lets[c.Name.Text] != nil {
				return
			}
			now := map[string]string{"isnull": "isempty", "isnotnull": "isnotempty", "notnull": "isnotempty"}[c.Name.Text]
			if now == "" {
				return
			}
			inner, call := c.Args[0].(*syntax.Call)
			if q.columnType(c.Args[0]) != types.String && !(call && inner.Name.Text == "tostring") {
				return
			}
			q.report(c.Pos, fmt.Sprintf("a text is never null, so %s() always answers the same", c.Name.Text), "use "+now,
				replace("use "+now, c.Name.Pos, now, false))
		},
	}
}
