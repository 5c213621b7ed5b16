package check

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// obsoleteName finds old names of functions (the function table knows them),
// operators and infix operators.
func obsoleteName() Rule {
	return Rule{
		ID: "HK104", Name: "obsolete-name", Severity: Warning,
		Summary: "an old name of a function or an operator",
		Why:     "Old names still work; the reference knows only the new ones.",
		Bad: []Bad{
			{`DeviceInfo | summarize s = makeset(DeviceName)`, `DeviceInfo | summarize s = make_set(DeviceName)`},
			{`DeviceInfo | mvexpand parse_json(LoggedOnUsers)`, `DeviceInfo | mv-expand parse_json(LoggedOnUsers) limit 128`},
			{`DeviceInfo | mvexpand parse_json(LoggedOnUsers) limit 5`, `DeviceInfo | mv-expand parse_json(LoggedOnUsers) limit 5`},
			{`DeviceInfo | where DeviceName <> "a" and OSPlatform notcontains "b c"`, `DeviceInfo | where DeviceName != "a" and OSPlatform !contains "b c"`},
		},
		Good: []string{
			`DeviceInfo | summarize make_set(DeviceName)`,
			`DeviceInfo | where DeviceName != "a" | limit 5`,
		},
		look: func(q *query, n syntax.Node) {
			switch n := n.(type) {
			case *syntax.Call:
				q.obsoleteCall(n)
			case syntax.Operator:
				q.obsoleteOperator(n)
			case *syntax.Binary:
				old := q.text[n.OpAt.Start:n.OpAt.End]
				switch old {
				case "<>", "notcontains", "notcontainscs", "containscs", "notlike", "notlikecs":
					now := n.Op
					q.report(n.OpAt, fmt.Sprintf("'%s' is an old name", old), "use "+now, replace("use "+now, n.OpAt, now, true))
				}
			}
		},
	}
}

// obsoleteOperator: mvexpand takes 128 items a row where mv-expand takes all,
// so the fix writes the limit out.
func (q *query) obsoleteOperator(op syntax.Operator) {
	now := map[string]string{"mvexpand": "mv-expand", "mvapply": "mv-apply"}[op.Keyword()]
	if now == "" {
		return
	}
	start := op.Span().Start
	at := diag.Span{Start: start, End: start + len(op.Keyword())}
	message, fix := fmt.Sprintf("'%s' is an old name", op.Keyword()), replace("use "+now, at, now, true)
	if x, ok := op.(*syntax.MvExpandOp); ok && x.Limit == nil {
		message += " and stops at 128 items a row"
		fix.Edits = append(fix.Edits, Edit{endOf(op), " limit 128"})
	}
	q.report(at, message, "use "+now, fix)
}

func (q *query) obsoleteCall(c *syntax.Call) {
	name := c.Name.Text
	if q.lets[name] != nil || c.Name.Quoted {
		return
	}
	for _, kind := range []fn.Kind{fn.Aggregate, fn.Scalar, fn.Window} {
		s := q.env.Fns.Lookup(kind, name)
		if s == nil || s.Obsolete == "" {
			continue
		}
		var fix *Fix
		if now := q.env.Fns.Lookup(kind, s.Obsolete); now != nil && sameArguments(s, now) {
			_, inList := q.parent[c].(syntax.Operator) // the column is called by the function's name
			safe := !inList || now.Naming == s.Naming && now.Prefix == s.Prefix
			fix = replace("use "+s.Obsolete, c.Name.Pos, s.Obsolete, safe)
		}
		q.report(c.Name.Pos, fmt.Sprintf("'%s' is an old name", name), "use "+s.Obsolete, fix)
		return
	}
}

// sameArguments: some old functions take the same arguments in another order.
func sameArguments(a, b *fn.Spec) bool {
	if len(a.Sigs) != len(b.Sigs) {
		return false
	}
	for i := range a.Sigs {
		if a.Sigs[i].Decl != b.Sigs[i].Decl {
			return false
		}
	}
	return true
}
