package check

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// Text writes findings for people: place, rule, message, and the line with
// the place underlined.
func Text(w io.Writer, list []Located) error {
	names := ruleNames()
	for _, l := range list {
		kind := diag.Syntax
		if l.Severity != Error {
			kind = diag.Warning
		}
		code := l.Rule
		if name := names[l.Rule]; name != "" {
			code += " " + name
		}
		text := diag.List{{Kind: kind, Code: code, Message: l.Message, Hint: l.Hint, Span: l.Span}}.Render(l.Text)
		if l.Severity == Note {
			text = strings.Replace(text, ": warning ", ": note ", 1)
		}
		if l.Fix != nil {
			text += "  fix: " + l.Fix.Title
			if !l.Fix.Safe {
				text += " (changes the answer)"
			}
			text += "\n"
		}
		if _, err := fmt.Fprintf(w, "%s:%s", l.Path, text); err != nil {
			return err
		}
	}
	return nil
}

// Count counts findings by severity.
func Count(list []Located) (n [Error + 1]int) {
	for _, l := range list {
		n[l.Severity]++
	}
	return n
}

type jsonFinding struct {
	Path      string   `json:"path"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
	EndLine   int      `json:"endLine"`
	EndColumn int      `json:"endColumn"`
	Rule      string   `json:"rule"`
	Name      string   `json:"name,omitempty"`
	Severity  string   `json:"severity"`
	Message   string   `json:"message"`
	Hint      string   `json:"hint,omitempty"`
	Fix       *jsonFix `json:"fix,omitempty"`
}

type jsonFix struct {
	Title string     `json:"title"`
	Safe  bool       `json:"safe"`
	Edits []jsonEdit `json:"edits"`
}

// jsonEdit replaces the bytes from Start up to End of the file.
type jsonEdit struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// JSON writes findings as one JSON document.
func JSON(w io.Writer, list []Located) error {
	names, count := ruleNames(), Count(list)
	out := struct {
		Findings []jsonFinding  `json:"findings"`
		Summary  map[string]int `json:"summary"`
	}{[]jsonFinding{}, map[string]int{"errors": count[Error], "warnings": count[Warning], "notes": count[Note]}}
	for _, l := range list {
		r := l.region(l.Span)
		f := jsonFinding{Path: l.Path, Line: r.start.Line, Column: r.start.Column, EndLine: r.end.Line, EndColumn: r.end.Column,
			Rule: l.Rule, Name: names[l.Rule], Severity: l.Severity.String(), Message: l.Message, Hint: l.Hint}
		if l.Fix != nil {
			f.Fix = &jsonFix{Title: l.Fix.Title, Safe: l.Fix.Safe}
			for _, e := range l.Fix.Edits {
				f.Fix.Edits = append(f.Fix.Edits, jsonEdit{e.Span.Start, e.Span.End, e.Text})
			}
		}
		out.Findings = append(out.Findings, f)
	}
	return encode(w, out)
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
