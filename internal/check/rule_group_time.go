package check

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// groupByRawTime finds groups by a time that is hardly ever the same twice.
func groupByRawTime() Rule {
	return Rule{
		ID: "HK114", Name: "group-by-raw-time", Severity: Note,
		Summary: "groups by a time of 100 ns",
		Why:     "Nearly every event has a time of its own, so nearly every group has one row.",
		Bad: []Bad{
			{`DeviceEvents | summarize count() by DeviceId, Timestamp`, `DeviceEvents | summarize count() by DeviceId, bin(Timestamp, 1h)`},
		},
		Good: []string{
			`DeviceEvents | summarize count() by DeviceId, bin(Timestamp, 1h)`,
			`DeviceEvents | summarize by DeviceId, Timestamp`,
		},
		look: func(q *query, n syntax.Node) {
			s, ok := n.(*syntax.SummarizeOp)
			if !ok || len(s.Aggs) == 0 {
				return
			}
			for _, key := range s.Keys {
				if q.columnType(key) == types.Datetime {
					q.report(key.Span(), fmt.Sprintf("nearly every %s is different", q.source(key)), "use bin("+q.source(key)+", 1h)",
						replace("use bin", key.Span(), "bin("+q.source(key)+", 1h)", false))
				}
			}
		},
	}
}
