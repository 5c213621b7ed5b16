package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// caseSensitiveName finds == on names that Windows does not tell apart by
// case, and attackers write as they like.
func caseSensitiveName() Rule {
	return Rule{
		ID: "HK122", Name: "case-sensitive-name", Severity: Note,
		Summary: "== on the name of a file, a key or an account",
		Why:     "Windows does not tell cmd.exe from CMD.EXE, == does. Whoever wants to hide needs only the shift key.",
		Bad: []Bad{
			{`DeviceProcessEvents | where FileName == "powershell.exe"`, `DeviceProcessEvents | where FileName =~ "powershell.exe"`},
			{`DeviceProcessEvents | where InitiatingProcessFileName !in ("cmd.exe", "a.exe")`, `DeviceProcessEvents | where InitiatingProcessFileName !in~ ("cmd.exe", "a.exe")`},
		},
		Good: []string{
			`DeviceProcessEvents | where FileName =~ "powershell.exe"`,
			`DeviceProcessEvents | where FileName == ""`,
			`DeviceProcessEvents | where ActionType == "ProcessCreated"`,
		},
		look: func(q *query, n syntax.Node) {
			switch n := n.(type) {
			case *syntax.Binary:
				text, ok := str(n.Y)
				if !ok || n.Op != "==" && n.Op != "!=" || !q.foldsOnWindows(n.X) || !hasCase(text) {
					return
				}
				op := n.Op[:1] + "~"
				q.report(n.OpAt, fmt.Sprintf("'%s' tells %q from other spellings of it", n.Op, text), "use "+op, replace("use "+op, n.OpAt, op, false))
			case *syntax.In:
				if n.Op != "in" && n.Op != "!in" || !q.foldsOnWindows(n.X) {
					return
				}
				for _, x := range n.List {
					if text, ok := str(x); ok && hasCase(text) {
						op := n.Op + "~"
						q.report(n.OpAt, fmt.Sprintf("'%s' tells %q from other spellings of it", n.Op, text), "use "+op, replace("use "+op, n.OpAt, op, false))
						return
					}
				}
			}
		},
	}
}

func (q *query) foldsOnWindows(x syntax.Expr) bool {
	ref, ok := x.(*syntax.NameRef)
	if !ok || q.declared[ref.Name] {
		return false
	}
	name := strings.TrimPrefix(ref.Name, "InitiatingProcess")
	name = strings.TrimPrefix(strings.TrimPrefix(name, "Parent"), "Previous")
	switch name {
	case "FileName", "FolderPath", "ProcessVersionInfoOriginalFileName", "VersionInfoOriginalFileName", "RegistryKey", "RegistryValueName",
		"AccountName", "AccountDomain", "AccountUpn":
		return true
	}
	return false
}

func hasCase(text string) bool { return strings.ToLower(text) != strings.ToUpper(text) }
