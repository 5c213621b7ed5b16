// Package queryfile finds the queries in files that hunters keep them in:
// files of one query (.kql, .kusto, .csl, .txt), fenced blocks of Markdown,
// and block scalars of YAML.
//
// A query found inside another document knows the place of each of its lines,
// so a diagnostic points into the file and a new text goes back with the
// document's indentation.
package queryfile

import (
	"path/filepath"
	"sort"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// MaxBytes bounds the size of a file that is read.
const MaxBytes = 16 << 20

// File is a document with the queries in it, in the order of the text.
type File struct {
	Path    string
	Text    string
	Queries []Query
	// Problems are queries that are there but cannot be read.
	Problems []Problem
}

// Problem is a place with a query that cannot be read.
type Problem struct {
	Message, Hint string
	Span          diag.Span // of the file
}

// Query is one query of a file.
type Query struct {
	Text string
	// Span is what it takes up in the file, its last line end included.
	Span diag.Span
	// Prefix stands before each of its lines in the file.
	Prefix string
	// Inline queries share their only line with something else.
	Inline bool
	lines  []line
}

// line says where the query's text from one offset on stands in the file.
type line struct{ query, file int }

// Place gives the file's span for one of the query's.
func (q *Query) Place(s diag.Span) diag.Span {
	start := q.offset(s.Start)
	if s.End <= s.Start {
		return diag.Span{Start: start, End: start}
	}
	return diag.Span{Start: start, End: q.offset(s.End-1) + 1}
}

func (q *Query) offset(off int) int {
	i := sort.Search(len(q.lines), func(i int) bool { return q.lines[i].query > off }) - 1
	if i < 0 {
		return q.Span.Start
	}
	return q.lines[i].file + off - q.lines[i].query
}

// Kind tells how a file holds queries, by its name.
type Kind uint8

// The kinds of files.
const (
	Other Kind = iota
	Plain      // one query
	Text       // one query, if it looks like one
	Markdown
	YAML
)

// KindOf tells the kind of a file.
func KindOf(path string) Kind {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".kql", ".kusto", ".csl":
		return Plain
	case ".txt":
		return Text
	case ".md", ".markdown":
		return Markdown
	case ".yaml", ".yml":
		return YAML
	}
	return Other
}

// Read finds the queries of a text. A file of no known kind is one query.
func Read(path, text string) *File {
	f := &File{Path: path, Text: text}
	switch KindOf(path) {
	case Markdown:
		f.readMarkdown()
	case YAML:
		f.readYAML()
	default:
		f.add(0, len(text), "")
	}
	return f
}

// add takes the lines from start to end, without the prefix, as a query.
func (f *File) add(start, end int, prefix string) {
	q := Query{Span: diag.Span{Start: start, End: end}, Prefix: prefix}
	var b strings.Builder
	for at := start; at < end; {
		next := end
		if n := strings.IndexByte(f.Text[at:end], '\n'); n >= 0 {
			next = at + n + 1
		}
		cut := 0
		for cut < len(prefix) && at+cut < next && (f.Text[at+cut] == ' ' || f.Text[at+cut] == '\t') {
			cut++
		}
		q.lines = append(q.lines, line{b.Len(), at + cut})
		b.WriteString(f.Text[at+cut : next])
		at = next
	}
	q.Text = b.String()
	f.Queries = append(f.Queries, q)
}

func (f *File) addInline(start, end int) {
	f.Queries = append(f.Queries, Query{Text: f.Text[start:end], Span: diag.Span{Start: start, End: end},
		Inline: true, lines: []line{{0, start}}})
}

// Replace gives the file's text with new texts for its queries; the function
// returns false for a query that stays. Inline queries always stay.
func (f *File) Replace(text func(q *Query) (string, bool)) string {
	var b strings.Builder
	at := 0
	for i := range f.Queries {
		q := &f.Queries[i]
		if q.Inline {
			continue
		}
		fresh, ok := text(q)
		if !ok {
			continue
		}
		b.WriteString(f.Text[at:q.Span.Start])
		for l := range strings.Lines(fresh) {
			if strings.TrimRight(l, "\r\n") != "" {
				b.WriteString(q.Prefix)
			}
			b.WriteString(l)
		}
		at = q.Span.End
	}
	b.WriteString(f.Text[at:])
	return b.String()
}

// LooksLikeQuery reports a text that begins as queries do: with let, union,
// search … or with a name and "|". It tells queries from other texts where
// the file does not.
func LooksLikeQuery(text string) bool {
	if len(text) > 1<<20 {
		return false
	}
	toks, _ := syntax.Tokens(text)
	word := func(i int) string {
		if i >= len(toks) {
			return ""
		}
		return text[toks[i].Span.Start:toks[i].Span.End]
	}
	switch word(0) {
	case "let":
		return word(2) == "="
	case "declare":
		return word(1) == "query_parameters" || word(1) == "pattern"
	case "set":
		return word(2) == ";" || word(2) == "="
	case "union", "search", "find", "datatable", "externaldata", "print", "range":
		return len(toks) > 2
	}
	return toks[0].Class == syntax.NameToken && word(1) == "|"
}
