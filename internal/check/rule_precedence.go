package check

import "github.com/harrier-hunting/harrier/internal/syntax"

// mixedAndOr finds ands and ors that only precedence separates.
func mixedAndOr() Rule {
	return Rule{
		ID: "HK113", Name: "mixed-and-or", Severity: Warning,
		Summary: "and and or without parentheses",
		Why:     "and binds before or: a and b or c is (a and b) or c. Where a filter was meant for all alternatives it holds for one only.",
		Bad: []Bad{
			{`DeviceEvents | where Timestamp > ago(1d) and ActionType == "a" or ActionType == "b"`,
				`DeviceEvents | where (Timestamp > ago(1d) and ActionType == "a") or ActionType == "b"`},
		},
		Good: []string{
			`DeviceEvents | where Timestamp > ago(1d) and (ActionType == "a" or ActionType == "b")`,
			`DeviceEvents | where (Timestamp > ago(1d) and ActionType == "a") or ActionType == "b"`,
		},
		look: func(q *query, n syntax.Node) {
			or, ok := q.topOfChain(n, "or")
			if !ok {
				return
			}
			fix := &Fix{Title: "put parentheses where they are", Safe: true}
			for _, x := range chain(or) {
				if and, ok := x.(*syntax.Binary); ok && and.Op == "and" {
					fix.Edits = append(fix.Edits, Edit{Span: startOf(and), Text: "("}, Edit{Span: endOf(and), Text: ")"})
				}
			}
			if len(fix.Edits) > 0 {
				q.report(or.Pos, "and binds before or here", "put parentheses where they are meant", fix)
			}
		},
	}
}
