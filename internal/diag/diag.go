// Package diag holds source spans and diagnostics.
//
// A Span is a pair of byte offsets into the query text; line and column are
// computed only when a diagnostic is printed. Every stage of the compiler
// reports through a List and goes on, so one run reports several mistakes.
package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Span is a half-open range of byte offsets in the query text.
type Span struct{ Start, End int }

// Join is the smallest span that covers both.
func (s Span) Join(o Span) Span {
	if o == (Span{}) {
		return s
	}
	if s == (Span{}) {
		return o
	}
	return Span{min(s.Start, o.Start), max(s.End, o.End)}
}

// Kind tells which stage refused, and so which advice the answer closes with.
type Kind uint8

// The kinds of diagnostics.
const (
	Syntax      Kind = iota // the text is not KQL
	Semantic                // names, types, overloads
	Unsupported             // valid KQL that Harrier does not run yet
	Limit                   // a bound of the compiler was reached
	Warning                 // does not stop the query
)

// Diagnostic is one finding. Message is worded as Kusto words it where Kusto
// has such a message; Hint says what to do.
type Diagnostic struct {
	Kind    Kind   `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Span    Span   `json:"-"`
}

// List collects the diagnostics of one query. It is an error when it holds
// at least one diagnostic that is not a warning (see Err).
type List []Diagnostic

// MaxDiagnostics bounds how many findings one query can produce.
const MaxDiagnostics = 100

// Add appends a diagnostic unless the bound is reached or the same finding
// is already there.
func (l *List) Add(d Diagnostic) {
	if len(*l) >= MaxDiagnostics {
		return
	}
	for _, o := range *l {
		if o.Span == d.Span && o.Message == d.Message {
			return
		}
	}
	*l = append(*l, d)
}

// Addf appends a diagnostic with a formatted message and no hint.
func (l *List) Addf(k Kind, code string, span Span, format string, args ...any) {
	l.Add(Diagnostic{Kind: k, Code: code, Message: fmt.Sprintf(format, args...), Span: span})
}

// Err returns the errors of the list (without its warnings), or nil.
func (l List) Err() error {
	var errs List
	for _, d := range l {
		if d.Kind != Warning {
			errs = append(errs, d)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// Warnings returns only the warnings.
func (l List) Warnings() List {
	var w List
	for _, d := range l {
		if d.Kind == Warning {
			w = append(w, d)
		}
	}
	return w
}

func (l List) Error() string {
	msgs := make([]string, len(l))
	for i, d := range l {
		msgs[i] = d.Message
	}
	return strings.Join(msgs, "\n")
}

// Position is a 1-based line and column (in characters).
type Position struct{ Line, Column int }

// At converts a byte offset of src to a position.
func At(src string, off int) Position {
	off = min(max(off, 0), len(src))
	before := src[:off]
	line := 1 + strings.Count(before, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	return Position{line, 1 + utf8.RuneCountInString(before[start:])}
}

// maxLine is the longest source line, in characters, that Render quotes.
const maxLine = 400

// Render prints the diagnostics with the source line and a caret underline.
func (l List) Render(src string) string {
	var b strings.Builder
	for _, d := range l {
		start := min(max(d.Span.Start, 0), len(src))
		p := At(src, start)
		word := "error"
		if d.Kind == Warning {
			word = "warning"
		}
		fmt.Fprintf(&b, "%d:%d: %s %s: %s\n", p.Line, p.Column, word, d.Code, d.Message)
		line := strings.LastIndexByte(src[:start], '\n') + 1
		end := len(src)
		if i := strings.IndexByte(src[line:], '\n'); i >= 0 {
			end = line + i
		}
		text := strings.ReplaceAll(strings.TrimRight(src[line:end], "\r"), "\t", " ")
		if utf8.RuneCountInString(text) <= maxLine && text != "" {
			width := utf8.RuneCountInString(src[start:min(max(d.Span.End, start), max(end, start))])
			fmt.Fprintf(&b, "  %s\n  %s%s\n", text, strings.Repeat(" ", p.Column-1), strings.Repeat("^", max(width, 1)))
		}
		if d.Hint != "" {
			fmt.Fprintf(&b, "  hint: %s\n", d.Hint)
		}
	}
	return b.String()
}
