package queryfile

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// readYAML takes the block scalars of keys that hold queries. It reads lines,
// not YAML: what it cannot be sure of it reports.
func (f *File) readYAML() {
	for at := 0; at < len(f.Text); {
		next := f.lineEnd(at)
		key, value := yamlKey(f.Text[at:next])
		if key < 0 {
			at = next
			continue
		}
		start := at + value
		text := strings.TrimRight(f.Text[start:next], " \t\r\n")
		switch {
		case text == "":
			at = next
		case text[0] == '|' || text[0] == '>':
			at = f.blockScalar(start, next, key, text[0] == '>')
		default:
			f.inlineScalar(start, start+len(text), text, key, next)
			at = next
		}
	}
}

func (f *File) lineEnd(at int) int {
	if n := strings.IndexByte(f.Text[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(f.Text)
}

// yamlKey finds "query:" or its kin at the start of a line and returns the
// columns of the key and of its value, or -1.
func yamlKey(l string) (key, value int) {
	rest := strings.TrimLeft(l, " ")
	for strings.HasPrefix(rest, "- ") {
		rest = strings.TrimLeft(rest[2:], " ")
	}
	key = len(l) - len(rest)
	name, after, ok := strings.Cut(rest, ":")
	if !ok {
		return -1, 0
	}
	switch strings.ToLower(strings.Trim(name, `"'`)) {
	case "query", "querytext", "kql", "kqlquery", "huntingquery":
	default:
		return -1, 0
	}
	if after != "" && !strings.ContainsAny(after[:1], " \t\r\n") {
		return -1, 0
	}
	return key, len(l) - len(strings.TrimLeft(after, " \t"))
}

// blockScalar reads the lines below "|" or ">" that are indented deeper than
// the key's line, and returns where they end.
func (f *File) blockScalar(head, from, key int, folded bool) int {
	prefix, end := "", from
	for at := from; at < len(f.Text); {
		next := f.lineEnd(at)
		l := strings.TrimRight(f.Text[at:next], " \t\r\n")
		deep := len(l) - len(strings.TrimLeft(l, " "))
		if l != "" {
			if prefix == "" && deep > 0 && (deep > key || deep > f.indentOf(head)) {
				prefix = l[:deep]
			}
			if prefix == "" || deep < len(prefix) {
				break
			}
			end = next
		}
		at = next
	}
	if end == from {
		return from
	}
	f.add(from, end, prefix)
	if q := &f.Queries[len(f.Queries)-1]; folded && strings.Contains(q.Text, "//") {
		f.Queries = f.Queries[:len(f.Queries)-1]
		f.Problems = append(f.Problems, Problem{"A folded block (>) joins the lines of the query, so a comment hides what follows it.",
			"write | instead of >", diag.Span{Start: head, End: head + 1}})
	}
	return end
}

// indentOf is the indentation of the line that holds an offset.
func (f *File) indentOf(off int) int {
	l := f.Text[strings.LastIndexByte(f.Text[:off], '\n')+1 : off]
	return len(l) - len(strings.TrimLeft(l, " "))
}

// inlineScalar reads a query in the key's own line.
func (f *File) inlineScalar(start, end int, text string, key, next int) {
	span := diag.Span{Start: start, End: end}
	problem := func(message string) {
		f.Problems = append(f.Problems, Problem{message, "write the query below as a block: query: |", span})
	}
	switch c := text[0]; {
	case c == '&' || c == '*' || c == '!' || c == '#' || c == '{' || c == '[':
	case c == '"' || c == '\'':
		inner := text[1:]
		n := strings.IndexByte(inner, c)
		if n < 0 || c == '"' && strings.Contains(inner[:n], `\`) || c == '\'' && strings.HasPrefix(inner[n+1:], "'") {
			problem("The query stands in a quoted scalar with escapes or several lines, which is not read.")
			return
		}
		f.addInline(start+1, start+1+n)
	default:
		following := f.Text[next:]
		deep := len(following) - len(strings.TrimLeft(following, " "))
		if l := strings.TrimLeft(following, " "); deep > key && l != "" && l[0] != '\n' && l[0] != '\r' && l[0] != '#' {
			problem("The query stands in a plain scalar of several lines, which is not read.")
			return
		}
		if n := strings.Index(text, " #"); n >= 0 {
			text = strings.TrimRight(text[:n], " ")
		}
		f.addInline(start, start+len(text))
	}
}
