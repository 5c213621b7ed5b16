package check

import "github.com/harrier-hunting/harrier/internal/syntax"

// takeWithoutOrder finds answers that are an arbitrary part of the rows.
func takeWithoutOrder() Rule {
	return Rule{
		ID: "HK112", Name: "take-without-order", Severity: Note,
		Summary: "the answer is any so many rows",
		Why:     "take keeps rows by chance: the same query can answer differently every time. Good for a first look, not for a hunt that is kept.",
		Bad: []Bad{
			{`DeviceEvents | where ActionType has "a" | take 100`, ""},
			{`DeviceEvents | limit 5 | project DeviceId`, ""},
		},
		Good: []string{
			`DeviceEvents | top 100 by Timestamp`,
			`DeviceEvents | sort by Timestamp | take 100`,
			`DeviceEvents | take 10 | summarize count()`,
			`let Sample = DeviceEvents | take 5; Sample | count`,
		},
		look: func(q *query, n syntax.Node) {
			s, ok := n.(*syntax.ExprStatement)
			if !ok {
				return
			}
			if _, top := q.parent[s].(*syntax.Query); !top {
				return
			}
			p, ok := s.X.(*syntax.Pipe)
			if !ok {
				return
			}
			for i := len(p.Ops) - 1; i >= 0; i-- {
				switch op := p.Ops[i].(type) {
				case *syntax.ProjectOp, *syntax.ProjectAwayOp, *syntax.ProjectKeepOp, *syntax.ProjectRenameOp, *syntax.ProjectReorderOp, *syntax.ExtendOp, *syntax.RenderOp:
					continue
				case *syntax.TakeOp:
					if !sorted(p.Ops[:i]) {
						q.report(op.Pos, "without an order these are any rows", "use: top … by Timestamp", nil)
					}
				}
				return
			}
		},
	}
}

// sorted reports rows that are in some order.
func sorted(ops []syntax.Operator) bool {
	for i := len(ops) - 1; i >= 0; i-- {
		switch ops[i].(type) {
		case *syntax.SortOp, *syntax.TopOp, *syntax.TopHittersOp, *syntax.SerializeOp:
			return true
		case *syntax.SummarizeOp, *syntax.DistinctOp, *syntax.JoinOp, *syntax.UnionOp:
			return false
		}
	}
	return false
}
