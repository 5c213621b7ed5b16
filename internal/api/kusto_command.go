package api

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
)

// givenName is what the answer to a command is called in the query that the command becomes. It is as long as ".show",
// whose place it takes: so what follows stays where it was, and an error's place is right.
const givenName = "_show"

// isCommand reports a management command: its first sign is a dot.
func isCommand(text string) bool { return strings.HasPrefix(text[commandStart(text):], ".") }

// commandStart is the place of the first sign behind blanks and comments.
func commandStart(text string) int {
	at := 0
	for {
		rest := strings.TrimLeftFunc(text[at:], func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
		at = len(text) - len(rest)
		if !strings.HasPrefix(rest, "//") {
			return at
		}
		end := strings.IndexByte(rest, '\n')
		if end < 0 {
			return len(text)
		}
		at += end
	}
}

// command turns a command into a query over its answer.
func command(x *exchange, p auth.Principal, text string) (string, map[string]bind.Given, error) {
	start := commandStart(text)
	c, end, err := parseCommand(text[start:])
	if err != nil {
		return "", nil, err
	}
	spec, given := c.find()
	if spec == nil {
		return "", nil, c.unknown()
	}
	visible, err := x.s.cfg.Hunt.Visible(p)
	if err != nil {
		return "", nil, err
	}
	t, err := spec.show(&shower{x: x, p: p, tables: visible, given: given, with: c.with})
	if err != nil {
		return "", nil, err
	}
	blank := func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}
	head := text[start : start+end]
	query := strings.Map(blank, text[:start]) + givenName + strings.Map(blank, head[len(givenName):]) + text[start+end:]
	return query, map[string]bind.Given{givenName: {Columns: t.cols, Rows: t.rows}}, nil
}

// parsedCommand is a command as words, without its trailing options.
type parsedCommand struct {
	words []commandWord
	with  map[string]string // with (Name = value, …), names in lower case
}

// commandWord is a word, a name in quotes or brackets, or a sign.
type commandWord struct {
	text   string
	quoted bool
}

// Bounds of a command; no command of this service comes near them.
const (
	maxCommand      = 16 << 10
	maxCommandWords = 200
)

// parseCommand splits a command into words up to the pipe behind which a query goes on, whose place is end.
func parseCommand(text string) (c parsedCommand, end int, err error) {
	if len(text) < len(givenName) || !strings.EqualFold(text[:len(givenName)], ".show") {
		return c, 0, c.unknown()
	}
	s := &commandScanner{text: text}
	for {
		w, ok := s.next()
		if !ok {
			break
		}
		if c.words = append(c.words, w); len(c.words) > maxCommandWords || s.at > maxCommand {
			return c, 0, kustoBad("The command is too long")
		}
	}
	if s.wrong != "" {
		return c, 0, kustoBad("The command cannot be read: " + s.wrong)
	}
	c.words = c.words[1:] // the dot
	c.takeWith()
	c.takeVersions()
	return c, s.at, nil
}

func (w commandWord) is(word string) bool { return !w.quoted && strings.EqualFold(w.text, word) }

// name reports a word that can name something.
func (w commandWord) name() bool {
	return w.quoted || w.text != "" && !strings.ContainsAny(w.text, "().,=*;")
}

// commandScanner finds the words of a command.
type commandScanner struct {
	text  string
	at    int
	wrong string
}

func (s *commandScanner) next() (w commandWord, ok bool) {
	rest := s.text[s.at:]
	for {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if !strings.HasPrefix(rest, "//") {
			break
		}
		_, rest, _ = strings.Cut(rest, "\n")
	}
	s.at = len(s.text) - len(rest)
	if rest == "" || rest[0] == '|' || s.wrong != "" {
		return w, false
	}
	switch rest[0] {
	case '[':
		return s.bracketed(rest)
	case '"', '\'':
		return s.quoted(rest)
	}
	end := strings.IndexFunc(rest, func(r rune) bool {
		return r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	switch {
	case end < 0:
		end = len(rest)
	case end == 0:
		_, end = utf8.DecodeRuneInString(rest)
		if !strings.Contains("().,=*;", rest[:end]) {
			s.wrong = "it has '" + strings.ToValidUTF8(rest[:end], "?") + "' where a word is expected"
			return w, false
		}
	}
	s.at += end
	return commandWord{text: rest[:end]}, true
}

// bracketed reads ['name'], or [name] as some tools write it.
func (s *commandScanner) bracketed(rest string) (commandWord, bool) {
	inner := strings.TrimLeft(rest[1:], " ")
	if inner != "" && (inner[0] == '"' || inner[0] == '\'') {
		s.at = len(s.text) - len(inner)
		w, ok := s.quoted(inner)
		tail := strings.TrimLeft(s.text[s.at:], " ")
		if ok && !strings.HasPrefix(tail, "]") {
			s.wrong, ok = "a bracket is not closed", false
		}
		s.at = len(s.text) - len(tail) + 1
		return w, ok
	}
	name, _, found := strings.Cut(rest[1:], "]")
	if !found {
		s.wrong = "a bracket is not closed"
		return commandWord{}, false
	}
	s.at += len(name) + 2
	return commandWord{text: strings.TrimSpace(name), quoted: true}, true
}

// quoted reads a text with backslashes before signs that stand for themselves: names need no others.
func (s *commandScanner) quoted(rest string) (commandWord, bool) {
	var text strings.Builder
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case rest[0]:
			s.at += i + 1
			return commandWord{text: text.String(), quoted: true}, true
		case '\\':
			i++
			if i < len(rest) {
				text.WriteByte(rest[i])
			}
		default:
			text.WriteByte(rest[i])
		}
	}
	s.wrong = "a quote is not closed"
	return commandWord{}, false
}

// takeWith takes "with (Name = value, …)" off the end.
func (c *parsedCommand) takeWith() {
	i := slices.IndexFunc(c.words, func(w commandWord) bool { return w.is("with") })
	if i < 0 || i+2 >= len(c.words) || c.words[i+1].text != "(" || c.words[len(c.words)-1].text != ")" {
		return
	}
	c.with = map[string]string{}
	list := c.words[i+2 : len(c.words)-1]
	for k := 0; k+2 < len(list); k++ {
		if list[k].name() && list[k+1].is("=") {
			c.with[strings.ToLower(list[k].text)] = strings.ToLower(list[k+2].text)
		}
	}
	c.words = c.words[:i]
}

// takeVersions drops "if_later_than "v1.0"": the whole schema is always an answer to it.
func (c *parsedCommand) takeVersions() {
	for i := 0; i+1 < len(c.words); i++ {
		if c.words[i].is("if_later_than") && c.words[i+1].quoted {
			c.words = slices.Delete(c.words, i, i+2)
			i--
		}
	}
}

// find looks for the command in the table of commands.
func (c *parsedCommand) find() (*commandSpec, []string) {
	table := commands()
	for i := range table {
		if given, ok := match(strings.Fields(table[i].pattern), c.words); ok {
			return &table[i], given
		}
	}
	return nil, nil
}

// match compares words with a pattern: words, [words] that may be left out, <names> and [<names>], and lists (<names>).
func match(pattern []string, words []commandWord) (given []string, ok bool) {
	if len(pattern) == 0 {
		return nil, len(words) == 0
	}
	p, optional := pattern[0], false
	if inner, found := strings.CutPrefix(p, "["); found {
		p, optional = strings.TrimSuffix(inner, "]"), true
	}
	var taken []string
	n := 0
	switch {
	case len(words) == 0:
	case strings.HasPrefix(p, "<"):
		if words[0].name() {
			taken, n = []string{words[0].text}, 1
		}
	case strings.HasPrefix(p, "("):
		taken, n = listed(words)
	case words[0].is(p):
		n = 1
	}
	if n > 0 {
		if rest, ok := match(pattern[1:], words[n:]); ok {
			return append(taken, rest...), true
		}
	}
	if optional {
		return match(pattern[1:], words)
	}
	return nil, false
}

// listed reads (a, b) and the number of its words.
func listed(words []commandWord) (names []string, n int) {
	if words[0].text != "(" || words[0].quoted {
		return nil, 0
	}
	for n = 1; n+1 < len(words) && words[n].name(); n += 2 {
		names = append(names, words[n].text)
		switch {
		case words[n+1].is(")"):
			return names, n + 2
		case !words[n+1].is(","):
			return nil, 0
		}
	}
	return nil, 0
}

// unknown refuses a command and says which there are.
func (c *parsedCommand) unknown() error {
	var known []string
	for _, s := range commands() {
		known = append(known, "."+s.pattern)
	}
	return kustoBad("This service does not have this management command. It has: " + strings.Join(known, ", "))
}
