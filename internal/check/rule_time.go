package check

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// missingTimeFilter looks for tables of events that nothing narrows in time.
func missingTimeFilter() Rule {
	return Rule{
		ID: "HK102", Name: "missing-time-filter", Severity: Note,
		Summary: "an event table is read without a filter on its time",
		Why:     "Without one every event of the look-back window is read, and a saved query answers differently when the window changes.",
		Bad: []Bad{
			{`DeviceProcessEvents | where FileName =~ "reg.exe"`, ""},
			{`DeviceInfo | where Timestamp > ago(1d) | join kind=inner (DeviceLogonEvents | where AccountName =~ "a") on DeviceId`, ""},
		},
		Good: []string{
			`DeviceProcessEvents | where Timestamp > ago(7d) | where FileName =~ "reg.exe"`,
			`let Recent = DeviceProcessEvents | where FileName =~ "reg.exe"; Recent | where Timestamp > ago(1d)`,
			`search in (DeviceEvents) Timestamp > ago(1d) and "x"`,
			`union DeviceEvents, DeviceFileEvents | where FileName =~ "a" | where Timestamp between (ago(2d) .. ago(1d))`,
			`DeviceTvmSoftwareInventory | where SoftwareName has "openssl"`,
			`DeviceEvents | getschema`,
		},
		look: func(q *query, n syntax.Node) {
			ref, ok := n.(*syntax.NameRef)
			if !ok || q.uses[ref.Name][0] != n || q.declared[ref.Name] || !q.isTableRef(ref) {
				return // each table once
			}
			t := q.env.Catalog.Table(ref.Name)
			if t == nil || t.Time < 0 {
				return
			}
			seen := map[*syntax.LetStatement]bool{}
			for _, use := range q.uses[ref.Name][:min(len(q.uses[ref.Name]), maxUses)] {
				if !q.timed(use, t, seen) {
					q.report(use.Span(), fmt.Sprintf("%s is read without a filter on %s", t.Name, t.Columns[t.Time].Name),
						fmt.Sprintf("add: where %s > ago(7d)", t.Columns[t.Time].Name), nil)
					return
				}
			}
		},
	}
}

// maxUses bounds how many uses of a table are looked at.
const maxUses = 100

// isTableRef reports a name where a table stands, not a column's.
func (q *query) isTableRef(ref *syntax.NameRef) bool {
	switch p := q.parent[ref].(type) {
	case *syntax.Pipe:
		return p.Source == syntax.Expr(ref)
	case *syntax.ExprStatement, *syntax.UnionOp, *syntax.Paren, *syntax.SearchOp, *syntax.FindOp:
		return true
	case *syntax.LetStatement:
		return true
	case *syntax.JoinOp:
		return p.Right == syntax.Expr(ref)
	case *syntax.LookupOp:
		return p.Right == syntax.Expr(ref)
	}
	return false
}

// timed reports whether something above n filters by the table's time: a
// where further down a pipeline, the condition of a search, or, for the value
// of a let, something above one of its uses.
func (q *query) timed(n syntax.Node, t *catalog.Table, seen map[*syntax.LetStatement]bool) bool {
	for below := n; ; {
		above := q.parent[below]
		switch p := above.(type) {
		case nil:
			return false
		case *syntax.Pipe:
			for _, op := range p.Ops {
				if op.Span().Start < below.Span().Start {
					continue
				}
				switch op := op.(type) {
				case *syntax.WhereOp, *syntax.FindOp, *syntax.SearchOp, *syntax.MakeSeriesOp:
					if mentions(op, t.Columns[t.Time].Name) {
						return true
					}
				case *syntax.GetSchemaOp:
					return true
				}
			}
		case *syntax.SearchOp, *syntax.FindOp:
			if mentions(p, t.Columns[t.Time].Name) {
				return true
			}
		case *syntax.LetStatement:
			if done, ok := seen[p]; ok {
				return done
			}
			seen[p] = len(q.uses[p.Name.Text]) == 0
			for _, use := range q.uses[p.Name.Text] {
				if !within(use.Span(), p.Pos) && q.timed(use, t, seen) {
					seen[p] = true
					break
				}
			}
			return seen[p]
		}
		below = above
	}
}

// mentions reports a reference to a name below n.
func mentions(n syntax.Node, name string) bool {
	found := false
	syntax.Walk(n, func(n syntax.Node) bool {
		if ref, ok := n.(*syntax.NameRef); ok && ref.Name == name {
			found = true
		}
		return !found
	})
	return found
}
