package check

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// unboundedSearch finds reads of all tables.
func unboundedSearch() Rule {
	return Rule{
		ID: "HK109", Name: "unbounded-search", Severity: Warning,
		Summary: "search, find or union * over all tables",
		Why:     "Every table is read, with all its columns. Name the tables that can hold the answer.",
		Bad: []Bad{
			{`search "mimikatz"`, ""},
			{`union * | where Timestamp > ago(1h)`, ""},
			{`find where FileName =~ "a.exe"`, ""},
		},
		Good: []string{
			`search in (DeviceEvents, DeviceFileEvents) "mimikatz"`,
			`union DeviceEvents, DeviceFileEvents`,
			`union Device*`,
			`find in (DeviceEvents) where FileName =~ "a.exe"`,
			`DeviceEvents | search "mimikatz"`,
		},
		look: func(q *query, n syntax.Node) {
			op, ok := n.(syntax.Operator)
			if !ok {
				return
			}
			if p, ok := q.parent[n].(*syntax.Pipe); !ok || p.Source != nil || p.Ops[0] != op {
				return
			}
			all, hint := false, "use: "+op.Keyword()+" in (Table1, Table2) …"
			switch op := op.(type) {
			case *syntax.SearchOp:
				all = op.In == nil
			case *syntax.FindOp:
				all = op.In == nil
			case *syntax.UnionOp:
				hint = "name the tables, or a part of them: union Device*"
				for _, t := range op.Tables {
					ref, ok := t.(*syntax.NameRef)
					all = all || ok && ref.Wildcard && ref.Name == "*"
				}
			}
			if all {
				at := op.Span()
				at.End = at.Start + len(op.Keyword())
				q.report(at, fmt.Sprintf("'%s' reads every table", op.Keyword()), hint, nil)
			}
		},
	}
}
