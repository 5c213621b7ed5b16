package check

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// inManyColumns binds the subquery by itself and counts its columns.
func inManyColumns() Rule {
	return Rule{
		ID: "HK103", Name: "in-many-columns", Severity: Warning,
		Summary: "the subquery of in has several columns; only the first one counts",
		Why:     "in compares with the first column of a table, whichever that is. Project the one that is meant.",
		Bad: []Bad{
			{`DeviceEvents | where DeviceId in ((DeviceInfo | where OSPlatform == "Linux" | project DeviceName, DeviceId))`,
				`DeviceEvents | where DeviceId in ((DeviceInfo | where OSPlatform == "Linux" | project DeviceName, DeviceId | project DeviceName))`},
			{`let Linux = DeviceInfo | summarize count() by DeviceId, OSPlatform; DeviceEvents | where DeviceId in (Linux)`,
				`let Linux = DeviceInfo | summarize count() by DeviceId, OSPlatform; DeviceEvents | where DeviceId in (Linux | project DeviceId)`},
		},
		Good: []string{
			`DeviceEvents | where DeviceId in ((DeviceInfo | distinct DeviceId))`,
			`let ids = dynamic(["a", "b"]); DeviceEvents | where DeviceId in (ids)`,
			`DeviceEvents | where DeviceId in ("a", "b")`,
		},
		look: func(q *query, n syntax.Node) {
			in, ok := n.(*syntax.In)
			if !ok || len(in.List) != 1 {
				return
			}
			x := unparen(in.List[0])
			switch x := x.(type) {
			case *syntax.Pipe:
			case *syntax.NameRef:
				if q.lets[x.Name] == nil && q.env.Catalog.Table(x.Name) == nil || x.Wildcard {
					return
				}
			default:
				return
			}
			names := q.columnsOf(in, x)
			if len(names) < 2 {
				return
			}
			first := syntax.Print(&syntax.NameRef{Name: names[0]})
			q.report(in.List[0].Span(), fmt.Sprintf("the table has %d columns; '%s' compares with the first one, %s", len(names), in.Op, names[0]),
				"end the subquery with: project "+first, insert("project "+first, x.Span().End, " | project "+first, true))
		},
	}
}

// maxBound bounds how many subqueries are bound for their columns.
const maxBound = 50

// columnsOf are the columns of a table expression that uses nothing but what
// the statements before it declare; nil if that cannot be told.
func (q *query) columnsOf(at syntax.Node, x syntax.Expr) []string {
	if q.bound++; q.bound > maxBound {
		return nil
	}
	sub := &syntax.Query{At: q.tree.At}
	for _, s := range q.tree.Statements {
		if within(at.Span(), s.Span()) {
			break
		}
		if _, ok := s.(*syntax.ExprStatement); !ok {
			sub.Statements = append(sub.Statements, s)
		}
	}
	sub.Statements = append(sub.Statements, &syntax.ExprStatement{At: syntax.At{Pos: x.Span()}, X: x})
	env := q.env
	env.Parameters = q.parameters()
	bound, diags := bind.Bind(sub, env)
	if diags.Err() != nil || bound.Node == nil || bound.Probe != nil {
		return nil
	}
	var names []string
	for _, c := range bound.Node.Columns() {
		names = append(names, c.Name)
	}
	return names
}
