package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// orChain finds alternatives that a list says shorter.
func orChain() Rule {
	return Rule{
		ID: "HK126", Name: "or-chain", Severity: Note,
		Summary: "alternatives of one value that a list says shorter",
		Why:     "in, in~ and has_any take a list; it is read at a glance and can grow.",
		Bad: []Bad{
			{`DeviceEvents | where FileName =~ "a" or FileName =~ "b" or FileName =~ "c"`, `DeviceEvents | where FileName in~ ("a", "b", "c")`},
			{`DeviceEvents | where FolderPath has "a" or (FolderPath has "b") or FolderPath has "c"`, `DeviceEvents | where FolderPath has_any ("a", "b", "c")`},
			{`DeviceNetworkEvents | where RemotePort == 1 or RemotePort == 2 or RemotePort == 3`, `DeviceNetworkEvents | where RemotePort in (1, 2, 3)`},
		},
		Good: []string{
			`DeviceEvents | where FileName =~ "a" or FileName =~ "b"`,
			`DeviceEvents | where FileName =~ "a" or FileName =~ "b" or FolderPath =~ "c"`,
			`DeviceEvents | where FileName contains "a" or FileName contains "b" or FileName contains "c"`,
		},
		look: func(q *query, n syntax.Node) {
			or, ok := q.topOfChain(n, "or")
			if !ok {
				return
			}
			all := chain(or)
			first, ok := unparen(all[0]).(*syntax.Binary)
			if !ok || len(all) < 3 {
				return
			}
			list := map[string]string{"==": "in", "=~": "in~", "has": "has_any"}[first.Op]
			if list == "" {
				return
			}
			items := make([]string, len(all))
			for i, x := range all {
				b, ok := unparen(x).(*syntax.Binary)
				if !ok || b.Op != first.Op || syntax.Print(b.X) != syntax.Print(first.X) {
					return
				}
				lit, ok := b.Y.(*syntax.Literal)
				if _, text := str(b.Y); !ok || !text && (list != "in" || lit.Value.Null) {
					return
				}
				items[i] = q.source(b.Y)
			}
			text := fmt.Sprintf("%s %s (%s)", q.source(first.X), list, strings.Join(items, ", "))
			var fix *Fix
			if !q.commented(or.Pos) {
				// On null == is null and in is false: the same to a filter only.
				fix = replace("use "+list, or.Pos, text, list != "in" || q.columnType(first.X) == types.String || q.filters(or))
			}
			q.report(or.Pos, fmt.Sprintf("'%s' says this shorter", list), "use "+list, fix)
		},
	}
}

// filters reports a condition for which null is as good as false: under where,
// with nothing but and, or and parentheses between.
func (q *query) filters(n syntax.Node) bool {
	for {
		switch p := q.parent[n].(type) {
		case *syntax.WhereOp:
			return true
		case *syntax.Paren:
			n = p
		case *syntax.Binary:
			if p.Op != "and" && p.Op != "or" {
				return false
			}
			n = p
		default:
			return false
		}
	}
}

// startOf and endOf are the empty spans at the ends of a node.
func startOf(n syntax.Node) diag.Span {
	return diag.Span{Start: n.Span().Start, End: n.Span().Start}
}

func endOf(n syntax.Node) diag.Span { return diag.Span{Start: n.Span().End, End: n.Span().End} }
