package check

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// joinWithoutKind finds joins that rely on the default. The fix writes the
// default out.
func joinWithoutKind() Rule {
	return Rule{
		ID: "HK111", Name: "join-without-kind", Severity: Warning,
		Summary: "join without a kind keeps one row of each key on the left",
		Why: "The default is innerunique: of several left rows with the same key one is kept, any of them. That is rarely what a hunt " +
			"wants; inner keeps all.",
		Bad: []Bad{
			{`DeviceInfo | join DeviceEvents on DeviceId`, `DeviceInfo | join kind=innerunique DeviceEvents on DeviceId`},
			{`DeviceInfo | join hint.strategy=shuffle (DeviceEvents) on DeviceId`, `DeviceInfo | join kind=innerunique hint.strategy=shuffle (DeviceEvents) on DeviceId`},
		},
		Good: []string{`DeviceInfo | join kind=inner DeviceEvents on DeviceId`},
		look: func(q *query, n syntax.Node) {
			j, ok := n.(*syntax.JoinOp)
			if !ok {
				return
			}
			for _, p := range j.Params {
				if p.Name == "kind" {
					return
				}
			}
			end := j.Pos.Start + len(j.Word)
			q.report(diag.Span{Start: j.Pos.Start, End: end}, "join without a kind is innerunique: of left rows with the same key only one is kept",
				"write kind=inner, or kind=innerunique if that is meant", insert("write the default", end, " kind=innerunique", true))
		},
	}
}
