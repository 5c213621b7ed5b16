package simulate

import (
	"fmt"
	"strconv"
	"strings"
)

// template is a text with tokens in double braces: {{a|b|c}} chooses, {{n:1-9}}
// is a number, {{hex:8}} digits, and words like {{home}} depend on where and
// by whom the text is used (tokens.go).
type template struct{ parts []part }

// part is a piece of text, or a token.
type part struct {
	text   string
	choice []string
	lo, hi int64
	token  token
}

// maxDigits bounds {{hex:n}}.
const maxDigits = 1000

// compile reads a template.
func compile(text string) (template, error) {
	var t template
	for {
		before, rest, ok := strings.Cut(text, "{{")
		if before != "" {
			t.parts = append(t.parts, part{text: before})
		}
		if !ok {
			return t, nil
		}
		name, after, ok := strings.Cut(rest, "}}")
		if !ok {
			return t, fmt.Errorf("no }} in %q", text)
		}
		p, err := compileToken(name)
		if err != nil {
			return t, err
		}
		t.parts = append(t.parts, p)
		text = after
	}
}

func compileToken(name string) (part, error) {
	if strings.Contains(name, "|") {
		return part{token: tokChoice, choice: strings.Split(name, "|")}, nil
	}
	word, arg, _ := strings.Cut(name, ":")
	tok, ok := tokenNames[word]
	if !ok {
		return part{}, fmt.Errorf("unknown token {{%s}}", name)
	}
	p := part{token: tok}
	var err error
	switch tok {
	case tokNumber:
		from, to, _ := strings.Cut(arg, "-")
		if p.lo, err = strconv.ParseInt(from, 10, 64); err == nil {
			p.hi, err = strconv.ParseInt(to, 10, 64)
		}
	case tokHex, tokUpperHex:
		p.lo, err = strconv.ParseInt(arg, 10, 64)
	}
	if err == nil && (tok == tokNumber && p.lo > p.hi || tok != tokNumber && (p.lo < 0 || p.lo > maxDigits)) {
		err = fmt.Errorf("there is no such number or so many digits")
	}
	if err != nil {
		return part{}, fmt.Errorf("token {{%s}}: %w", name, err)
	}
	return p, nil
}

// uses tells whether a token occurs.
func (t template) uses(k token) bool {
	for i := range t.parts {
		if t.parts[i].token == k {
			return true
		}
	}
	return false
}

// scene is where and by whom a text is used. Within one scene tokens like
// {{app}} stand for one thing.
type scene struct {
	d   *device
	a   *account // whose home
	p   *process // whose deed; nil for a command line, whose parent is then pp
	pp  *process
	exe *image

	app, doc, word, share, web, bad, server string
}

// fill makes a text of a template.
func (s *scene) fill(t template) string {
	if len(t.parts) == 1 && t.parts[0].token == tokText {
		return t.parts[0].text
	}
	var b strings.Builder
	for i := range t.parts {
		s.part(&b, &t.parts[i], false)
	}
	return b.String()
}

// fillJSON makes JSON of a template that is JSON but for the tokens.
func (s *scene) fillJSON(t template) string {
	var b strings.Builder
	for i := range t.parts {
		s.part(&b, &t.parts[i], true)
	}
	return b.String()
}

func (s *scene) part(b *strings.Builder, p *part, json bool) {
	switch p.token {
	case tokText:
		b.WriteString(p.text)
	case tokChoice:
		writeText(b, p.choice[s.d.dice.below(len(p.choice))], json)
	case tokNumber:
		b.WriteString(strconv.FormatInt(s.d.dice.between(p.lo, p.hi), 10))
	case tokHex:
		b.WriteString(s.d.dice.hex(int(p.lo)))
	case tokUpperHex:
		b.WriteString(strings.ToUpper(s.d.dice.hex(int(p.lo))))
	default:
		writeText(b, s.token(p.token), json)
	}
}

// writeText writes a token's text, escaped if it stands in a JSON string.
func writeText(b *strings.Builder, text string, json bool) {
	if !json {
		b.WriteString(text)
		return
	}
	for i := range len(text) {
		if c := text[i]; c == '"' || c == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
}

// quote makes a JSON string of a text without control characters.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	writeText(&b, text, true)
	b.WriteByte('"')
	return b.String()
}
