// Package kqlfmt lays KQL out the way hunters write it: one operator a line
// behind its "|", lists that do not fit one item a line, conditions broken
// before and/or, let statements and bodies of functions indented.
//
// Only white space changes. The text is cut into tokens, the tree says what
// role a token plays (marks.go), and a layout (layout.go, expr.go) says where
// lines may end; the printer (print.go) ends them only where a line would get
// too long. So tokens, with every string exactly as written, and comments stay
// in their order. A comment at the end of a line stays behind the token before
// it, a comment on its own line stays before the token after it.
//
// The layout depends on nothing but the tokens and what the result keeps: the
// places of comments, empty lines between statements, and the rows of a list
// of constants. That makes formatting a fixpoint. Format proves on every text
// that nothing but space changed, and refuses to return anything else.
package kqlfmt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

const (
	maxWidth = 100 // characters of a line that may end elsewhere
	indent   = 4
)

// Error is a text that is no KQL; it is left alone.
type Error struct {
	Diagnostics diag.List
}

func (e *Error) Error() string { return "not formatted: " + e.Diagnostics.Error() }

// Format lays out the text of a query. The result ends with a line end; an
// empty text stays empty.
func Format(text string) (string, error) {
	query, diags := syntax.Parse(text)
	if diags.Err() != nil {
		return "", &Error{diags}
	}
	toks, _ := syntax.Tokens(text)
	f := &file{text: text, toks: toks}
	f.mark(query)
	f.measure()
	p := printer{file: f, start: true}
	p.parts(f.statements(0, len(toks)-1), false, 0)
	p.token(len(toks)-1, 0)
	out := strings.TrimLeft(string(p.buf), "\n")
	if out != "" {
		out += "\n"
	}
	if err := verify(f, query, out); err != nil {
		return "", err
	}
	return out, nil
}

// verify proves that out says what the file says: the same tokens and
// comments in the same order, and the same tree.
func verify(f *file, query *syntax.Query, out string) error {
	toks, _ := syntax.Tokens(out)
	if was, is := words(f.text, f.toks), words(out, toks); !slices.Equal(was, is) {
		return fmt.Errorf("the formatter would change the query, please report it: %s", firstChange(was, is))
	}
	again, diags := syntax.Parse(out)
	if diags.Err() != nil {
		return fmt.Errorf("the formatter would break the query, please report it: %w", diags.Err())
	}
	if syntax.Print(query) != syntax.Print(again) {
		return fmt.Errorf("the formatter would change the meaning of the query, please report it")
	}
	return nil
}

// words are the tokens and comments of a text in order.
func words(text string, toks []syntax.Token) []string {
	var out []string
	for _, t := range toks {
		for _, c := range t.Comments {
			out = append(out, trimmed(text[c.Span.Start:c.Span.End]))
		}
		out = append(out, text[t.Span.Start:t.Span.End])
	}
	return out
}

func firstChange(was, is []string) string {
	for i := range was {
		if i >= len(is) || was[i] != is[i] {
			return fmt.Sprintf("at %q", was[i])
		}
	}
	return "at its end"
}

// trimmed drops the space at the end of a comment.
func trimmed(comment string) string { return strings.TrimRight(comment, " \t\r\f\u00a0") }
