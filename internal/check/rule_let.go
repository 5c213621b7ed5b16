package check

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// unusedLet finds variables that nothing reads. A view can be read by a
// wildcard, a file of functions alone is a library.
func unusedLet() Rule {
	return Rule{
		ID: "HK106", Name: "unused-let", Severity: Warning,
		Summary: "a let that nothing uses",
		Why:     "It is either a leftover or the sign of a misspelled name.",
		Bad: []Bad{
			{"let a = 1;\nlet b = 2;\nDeviceInfo | take b", "let b = 2;\nDeviceInfo | take b"},
			{"let f = (x: long) { let y = 1; x }; print f(1)", "let f = (x: long) { x }; print f(1)"},
			{"let a = 1; // one\nprint 2", "// one\nprint 2"},
		},
		Good: []string{
			"let a = 1; print a",
			"let T = DeviceInfo; table('T') | count",
			"let f = () { 1 }",
			"let V = view () { DeviceInfo }; union V* | count",
		},
		look: func(q *query, n syntax.Node) {
			let, ok := n.(*syntax.LetStatement)
			if !ok || q.usedLet(let) {
				return
			}
			q.report(let.Name.Pos, fmt.Sprintf("'%s' is not used", let.Name.Text), "", q.dropLet(let))
		},
	}
}

func (q *query) usedLet(let *syntax.LetStatement) bool {
	if f, ok := let.Value.(*syntax.FunctionDecl); ok && f.View {
		return true
	}
	for _, use := range q.uses[let.Name.Text] {
		if !within(use.Span(), let.Pos) {
			return true
		}
	}
	for _, call := range q.uses["table"] {
		if c, ok := call.(*syntax.Call); ok && len(c.Args) == 1 {
			if name, ok := str(c.Args[0]); !ok || name == let.Name.Text {
				return true
			}
		}
	}
	if _, nested := q.parent[let].(*syntax.FunctionBody); nested {
		return false
	}
	for _, s := range q.tree.Statements {
		if _, ok := s.(*syntax.ExprStatement); ok {
			return false
		}
	}
	return true
}

// dropLet removes the statement with its ";" and the space behind it.
func (q *query) dropLet(let *syntax.LetStatement) *Fix {
	for _, t := range q.toks[q.token(let.Pos.End):] {
		if q.text[t.Span.Start:t.Span.End] != ";" {
			break
		}
		if q.commented(diag.Span{Start: let.Pos.Start, End: t.Span.End}) {
			return nil
		}
		end := t.Span.End + len(q.text[t.Span.End:]) - len(strings.TrimLeft(q.text[t.Span.End:], " \t\r\n"))
		return replace("remove '"+let.Name.Text+"'", diag.Span{Start: let.Pos.Start, End: end}, "", true)
	}
	return nil
}
