package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// alwaysTrue finds "is not this or is not that".
func alwaysTrue() Rule {
	return Rule{
		ID: "HK115", Name: "always-true", Severity: Warning,
		Summary: "negations of one value joined by or exclude nothing",
		Why:     "x != \"a\" or x != \"b\" is true for every x: what is \"a\" is not \"b\". To exclude both use and, or !in.",
		Bad: []Bad{
			{`DeviceEvents | where FileName != "a" or FileName != "b"`, ""},
			{`DeviceEvents | where FolderPath !has "temp" or FolderPath !has "users"`, ""},
		},
		Good: []string{
			`DeviceEvents | where FileName != "a" and FileName != "b"`,
			`DeviceEvents | where FileName != "a" or FolderPath != "b"`,
			`DeviceEvents | where FileName has "a" or FileName !has "b"`,
		},
		look: func(q *query, n syntax.Node) {
			or, ok := q.topOfChain(n, "or")
			if !ok {
				return
			}
			seen := map[string]string{}
			for _, x := range chain(or) {
				b, ok := unparen(x).(*syntax.Binary)
				if !ok || b.Op[0] != '!' {
					continue
				}
				if _, constant := b.Y.(*syntax.Literal); !constant {
					continue
				}
				left, right := syntax.Print(b.X)+" "+b.Op, syntax.Print(b.Y)
				if before, ok := seen[left]; ok && before != right {
					what := "always"
					if b.Op != "!=" && b.Op != "!~" {
						what = "nearly always"
					}
					q.report(x.Span(), fmt.Sprintf("with the other '%s' before it this is %s true", b.Op, what), "join them by and", nil)
					return
				}
				seen[left] = right
			}
		},
	}
}

// neverTrue finds "is this and is that".
func neverTrue() Rule {
	return Rule{
		ID: "HK116", Name: "never-true", Severity: Warning,
		Summary: "one value must equal two constants",
		Why:     "x == \"a\" and x == \"b\" is true for no x.",
		Bad: []Bad{
			{`DeviceEvents | where FileName == "a" and FileName =~ "b"`, ""},
			{`DeviceNetworkEvents | where RemotePort == 80 and (RemotePort == 443)`, ""},
		},
		Good: []string{
			`DeviceEvents | where FileName == "a" or FileName == "b"`,
			`DeviceEvents | where FileName == "a" and FileName =~ "A"`,
			`DeviceEvents | where FileName == "a" and FolderPath == "b"`,
		},
		look: func(q *query, n syntax.Node) {
			and, ok := q.topOfChain(n, "and")
			if !ok {
				return
			}
			seen := map[string]string{}
			for _, x := range chain(and) {
				b, ok := unparen(x).(*syntax.Binary)
				if !ok || b.Op != "==" && b.Op != "=~" {
					continue
				}
				if _, constant := b.Y.(*syntax.Literal); !constant {
					continue
				}
				left, right := syntax.Print(b.X), strings.ToLower(syntax.Print(b.Y))
				if before, ok := seen[left]; ok && before != right {
					q.report(x.Span(), fmt.Sprintf("%s cannot equal two constants", q.source(b.X)), "join them by or, or use in", nil)
					return
				}
				seen[left] = right
			}
		},
	}
}
