package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/terms"
)

// foldedEquality finds comparisons of tolower(x) or toupper(x). KQL compares
// without case by itself and then can use what it knows of the column. The
// fix counts as safe for ASCII constants: beyond them only the Kelvin sign
// and İ fold differently.
func foldedEquality() Rule {
	return Rule{
		ID: "HK108", Name: "folded-comparison", Severity: Warning,
		Summary: "tolower() or toupper() in a comparison",
		Why: "=~, in~ and has compare without case and faster. With a constant of the other case, such as tolower(x) == \"ABC\", " +
			"the comparison is never true.",
		Bad: []Bad{
			{`DeviceProcessEvents | where tolower(FileName) == "cmd.exe"`, `DeviceProcessEvents | where FileName =~ "cmd.exe"`},
			{`DeviceProcessEvents | where tolower(FileName) != "CMD.exe"`, `DeviceProcessEvents | where FileName !~ "CMD.exe"`},
			{`DeviceProcessEvents | where toupper(FileName) in ("CMD.EXE", "SH")`, `DeviceProcessEvents | where FileName in~ ("CMD.EXE", "SH")`},
			{`DeviceProcessEvents | where tolower(ProcessCommandLine) has "whoami"`, `DeviceProcessEvents | where ProcessCommandLine has "whoami"`},
			{`DeviceProcessEvents | where tolower(AccountName) == tolower(InitiatingProcessAccountName)`,
				`DeviceProcessEvents | where AccountName =~ InitiatingProcessAccountName`},
		},
		Good: []string{
			`DeviceProcessEvents | where FileName =~ "cmd.exe"`,
			`DeviceProcessEvents | extend f = tolower(FileName) | where f has_cs "CMD"`,
			`DeviceProcessEvents | where tolower(FileName) in ((DeviceInfo | project DeviceName))`,
		},
		look: func(q *query, n syntax.Node) {
			switch n := n.(type) {
			case *syntax.Binary:
				q.foldedBinary(n)
			case *syntax.In:
				q.foldedIn(n)
			}
		},
	}
}

// folded takes tolower(x) or toupper(x) apart.
func (q *query) folded(x syntax.Expr) (name string, arg syntax.Expr) {
	c, ok := x.(*syntax.Call)
	if !ok || len(c.Args) != 1 || c.Name.Text != "tolower" && c.Name.Text != "toupper" || q.lets[c.Name.Text] != nil {
		return "", nil
	}
	return c.Name.Text, c.Args[0]
}

func (q *query) foldedBinary(b *syntax.Binary) {
	name, x := q.folded(b.X)
	if name == "" {
		return
	}
	op, change := b.Op, b.Op
	switch strings.TrimPrefix(op, "!") {
	case "==":
		change = "=~"
	case "=":
		change = "!~"
	case "has", "contains", "startswith", "endswith", "hasprefix", "hassuffix", "=~", "~":
	default:
		return
	}
	if other, y := q.folded(b.Y); other == name && change != op {
		q.report(b.Pos, fmt.Sprintf("%s() on both sides; '%s' compares without case", name, change), "",
			q.unfold(b.X, x, &Edit{b.OpAt, change}, &Edit{b.Y.Span(), q.source(y)}, false))
		return
	}
	text, ok := str(b.Y)
	if !ok {
		return
	}
	message := fmt.Sprintf("'%s' compares without case; %s() is not needed", change, name)
	never := change != op && !foldedTo(name, text)
	if never {
		message = fmt.Sprintf("%s() never gives %q", name, text)
	}
	var edit *Edit
	if change != op {
		edit = &Edit{b.OpAt, change}
	}
	q.report(b.Pos, message, "use "+change, q.unfold(b.X, x, edit, nil, !never && terms.ASCII(text)))
}

func (q *query) foldedIn(in *syntax.In) {
	name, x := q.folded(in.X)
	if name == "" || in.Op != "in" && in.Op != "!in" && in.Op != "has_any" && in.Op != "has_all" {
		return
	}
	safe := true
	for _, item := range in.List {
		text, ok := str(item)
		if !ok {
			return
		}
		safe = safe && terms.ASCII(text) && (strings.HasPrefix(in.Op, "has") || foldedTo(name, text))
	}
	change := in.Op
	var edit *Edit
	if strings.HasSuffix(in.Op, "in") {
		change += "~"
		edit = &Edit{in.OpAt, change}
	}
	q.report(in.Pos, fmt.Sprintf("'%s' compares without case; %s() is not needed", change, name), "use "+change, q.unfold(in.X, x, edit, nil, safe))
}

// unfold replaces the call by its argument and makes the other edits.
func (q *query) unfold(call, arg syntax.Expr, op, right *Edit, safe bool) *Fix {
	if q.commented(call.Span()) || right != nil && q.commented(right.Span) {
		return nil
	}
	fix := &Fix{Title: "compare without case", Edits: []Edit{{call.Span(), q.source(arg)}}, Safe: safe}
	if _, infix := arg.(*syntax.Binary); infix {
		fix.Edits[0].Text = "(" + fix.Edits[0].Text + ")"
	}
	for _, e := range []*Edit{op, right} {
		if e != nil {
			fix.Edits = append(fix.Edits, *e)
		}
	}
	return fix
}

func foldedTo(name, text string) bool {
	if name == "tolower" {
		return strings.ToLower(text) == text
	}
	return strings.ToUpper(text) == text
}
