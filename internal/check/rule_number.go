package check

import (
	"fmt"
	"strconv"

	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// numberAsText finds a column of numbers beside a string constant, and the
// reverse. == and != read the text as a number, < and > are refused.
func numberAsText() Rule {
	return Rule{
		ID: "HK107", Name: "number-as-text", Severity: Warning,
		Summary: "a number is compared with a text",
		Why: "== and != read the text as a number, for every row; a text that is no number equals none. < and > of a number and a text are " +
			"an error. The quotes are too many, or missing.",
		Bad: []Bad{
			{`DeviceNetworkEvents | where RemotePort == "443"`, `DeviceNetworkEvents | where RemotePort == 443`},
			{`DeviceNetworkEvents | where RemotePort > "1023"`, `DeviceNetworkEvents | where RemotePort > 1023`},
			{`DeviceNetworkEvents | where RemotePort == "https"`, ""},
			{`DeviceProcessEvents | where 0 != AccountName`, `DeviceProcessEvents | where "0" != AccountName`},
		},
		Good: []string{
			`DeviceNetworkEvents | where RemotePort == 443`,
			`DeviceNetworkEvents | where tostring(RemotePort) == "443"`,
			`DeviceNetworkEvents | extend RemotePort = tostring(RemotePort) | where RemotePort == "443"`,
		},
		look: func(q *query, n syntax.Node) {
			b, ok := n.(*syntax.Binary)
			if !ok {
				return
			}
			severity := Warning
			switch b.Op {
			case "==", "!=":
			case "<", "<=", ">", ">=":
				severity = Error
			default:
				return
			}
			lit, ok := b.Y.(*syntax.Literal)
			col := b.X
			if !ok {
				if lit, ok = b.X.(*syntax.Literal); !ok {
					return
				}
				col = b.Y
			}
			q.compared(b, severity, col, lit)
		},
	}
}

func (q *query) compared(b *syntax.Binary, severity Severity, col syntax.Expr, lit *syntax.Literal) {
	t := q.columnType(col)
	switch {
	case isNumber(t) && lit.Value.Type == types.String:
		if _, err := strconv.ParseInt(lit.Value.S, 10, 64); err == nil {
			q.reportAs(severity, b.Pos, fmt.Sprintf("%s is a number, not a text", q.source(col)), "",
				replace("remove the quotes", lit.Pos, lit.Value.S, true))
		} else {
			q.reportAs(severity, b.Pos, fmt.Sprintf("%s is a number and never equals this text", q.source(col)), "", nil)
		}
	case t == types.String && isNumber(lit.Value.Type):
		q.reportAs(severity, b.Pos, fmt.Sprintf("%s is a text, not a number", q.source(col)), "",
			replace("put quotes around it", lit.Pos, strconv.Quote(q.source(lit)), false))
	}
}

func isNumber(t types.Type) bool {
	return t == types.Int || t == types.Long || t == types.Real || t == types.Decimal
}
