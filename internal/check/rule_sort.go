package check

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// sortBeforeAggregate finds an order that the next operators lose.
func sortBeforeAggregate() Rule {
	return Rule{
		ID: "HK110", Name: "lost-order", Severity: Warning,
		Summary: "rows are sorted and the order is lost right after",
		Why:     "summarize, count, distinct, join and another sort do not keep the order of rows, so sorting before them is work for nothing.",
		Bad: []Bad{
			{"DeviceEvents | sort by Timestamp asc | summarize count() by DeviceId", "DeviceEvents | summarize count() by DeviceId"},
			{"DeviceEvents\n| order by Timestamp // first\n| where ActionType has \"a\"\n| distinct DeviceId",
				"DeviceEvents // first\n| where ActionType has \"a\"\n| distinct DeviceId"},
			{"DeviceEvents | sort by Timestamp | sort by DeviceId", "DeviceEvents | sort by DeviceId"},
		},
		Good: []string{
			"DeviceEvents | sort by Timestamp asc | summarize make_list(ActionType) by DeviceId",
			"DeviceEvents | sort by Timestamp asc | extend p = prev(DeviceId) | summarize count() by p",
			"DeviceEvents | sort by Timestamp | take 10 | summarize count()",
			"DeviceEvents | summarize count() by DeviceId | sort by count_",
		},
		look: func(q *query, n syntax.Node) {
			p, ok := n.(*syntax.Pipe)
			if !ok {
				return
			}
			for i, op := range p.Ops {
				if _, ok := op.(*syntax.SortOp); !ok || i == 0 && p.Source == nil {
					continue
				}
				if by := orderLost(p.Ops[i+1:]); by != nil {
					q.report(op.Span(), fmt.Sprintf("'%s' after it loses the order", by.Keyword()), "remove it", q.dropStage(p, i))
				}
			}
		},
	}
}

// orderLost finds the operator that loses the order nobody has made use of.
func orderLost(ops []syntax.Operator) syntax.Operator {
	for _, op := range ops {
		if usesOrder(op) {
			return nil
		}
		switch op.(type) {
		case *syntax.WhereOp, *syntax.ExtendOp, *syntax.ProjectOp, *syntax.ProjectAwayOp, *syntax.ProjectKeepOp, *syntax.ProjectRenameOp, *syntax.ProjectReorderOp:
			continue
		case *syntax.SummarizeOp, *syntax.CountOp, *syntax.DistinctOp, *syntax.SortOp, *syntax.TopOp, *syntax.JoinOp:
			return op
		}
		return nil
	}
	return nil
}

// orderedFunctions depend on the order of rows.
func orderedFunctions() []string {
	return []string{"prev", "next", "row_number", "row_cumsum", "row_rank", "row_rank_dense", "row_rank_min", "row_window_session",
		"make_list", "make_list_if", "make_list_with_nulls", "makelist", "make_set", "make_set_if", "makeset", "make_bag", "make_bag_if",
		"make_dictionary", "take_any", "take_anyif", "any", "anyif", "arg_max", "arg_min", "argmax", "argmin"}
}

func usesOrder(op syntax.Operator) bool {
	known, found := orderedFunctions(), false
	syntax.Walk(op, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.Call); ok && slices.Contains(known, c.Name.Text) {
			found = true
		}
		return !found
	})
	return found
}
