package check

import (
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// negativeAgo finds ago(-1d), which lies in the future.
func negativeAgo() Rule {
	return Rule{
		ID: "HK118", Name: "negative-ago", Severity: Warning,
		Summary: "ago() of a negative time lies in the future",
		Why:     "ago counts back by itself. Timestamp > ago(-1d) finds nothing.",
		Bad:     []Bad{{`DeviceEvents | where Timestamp > ago(-1d)`, `DeviceEvents | where Timestamp > ago(1d)`}},
		Good:    []string{`DeviceEvents | where Timestamp > ago(1d)`, `DeviceEvents | where Timestamp < now() - 1d`},
		look: func(q *query, n syntax.Node) {
			c, ok := n.(*syntax.Call)
			if !ok || c.Name.Text != "ago" || len(c.Args) != 1 {
				return
			}
			u, ok := c.Args[0].(*syntax.Unary)
			if !ok || u.Op != "-" {
				return
			}
			if l, ok := u.X.(*syntax.Literal); ok && l.Value.Type == types.Timespan {
				q.report(c.Pos, "this lies in the future", "ago counts back by itself", replace("remove the sign", u.Pos, q.source(u.X), false))
			}
		},
	}
}
