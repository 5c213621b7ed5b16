package syntax

import (
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// The fences of multi-line strings; the second is the older one.
const (
	fence    = "```"
	oldFence = "~~~"
)

func (l *lexer) startsMulti(at int) bool {
	return strings.HasPrefix(l.src[at:], fence) || strings.HasPrefix(l.src[at:], oldFence)
}

// startsString reports whether a string's quote stands at a place.
func (l *lexer) startsString(at int) bool {
	return at < len(l.src) && (l.src[at] == '"' || l.src[at] == '\'' || l.startsMulti(at))
}

// str reads a string literal from its optional h and @ to the closing quote.
func (l *lexer) str(glued bool, start int) {
	if c := l.src[l.pos]; c == 'h' || c == 'H' {
		l.pos++
	}
	verbatim := l.src[l.pos] == '@'
	if verbatim {
		l.pos++
	}
	if l.startsMulti(l.pos) {
		l.multi(start)
	} else {
		l.quoted(verbatim, start)
	}
	l.add(tString, glued, start)
}

func (l *lexer) multi(start int) {
	mark := l.src[l.pos : l.pos+3]
	l.pos += 3
	if n := strings.Index(l.src[l.pos:], mark); n >= 0 {
		l.pos += n + 3
		return
	}
	l.pos = len(l.src)
	l.report("KS001", diag.Span{Start: start, End: l.pos}, "Missing: "+mark)
}

// quoted reads to the closing quote, which stands on the same line.
func (l *lexer) quoted(verbatim bool, start int) {
	quote := l.src[l.pos]
	l.pos++
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == quote && verbatim && l.pos+1 < len(l.src) && l.src[l.pos+1] == quote:
			l.pos += 2
		case c == quote:
			l.pos++
			return
		case c == '\n' || c == '\r':
			l.unclosed(quote, start)
			return
		case c == '\\' && !verbatim:
			n := escapeLen(l.src[l.pos:])
			if n == 0 {
				l.badEscape()
				n = 1
			}
			l.pos += n
		default:
			l.pos++
		}
	}
	l.unclosed(quote, start)
}

func (l *lexer) unclosed(quote byte, start int) {
	l.report("KS001", diag.Span{Start: start, End: l.pos}, "Missing: "+string(quote)+" — the string is not closed on its line")
}

func (l *lexer) badEscape() {
	_, n := utf8.DecodeRuneInString(l.src[l.pos+1:])
	l.report("KS001", diag.Span{Start: l.pos, End: l.pos + 1 + n},
		l.src[l.pos:l.pos+1+n]+` is no escape sequence: double the backslash, or write @"…" for text that holds backslashes`)
}

// escapeLen is the length of the escape sequence at the start of text, which
// begins with a backslash, or 0.
func escapeLen(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch c := text[1]; c {
	case '\\', '\'', '"', 'a', 'b', 'f', 'n', 'r', 't', 'v':
		return 2
	case 'x':
		return hexEscape(text, 2)
	case 'u':
		return hexEscape(text, 4)
	case 'U':
		return hexEscape(text, 8)
	default:
		n := 1
		for n < len(text) && n < 4 && text[n] >= '0' && text[n] <= '7' {
			n++
		}
		if n == 4 && c > '3' {
			n = 3 // above \377
		}
		if n == 1 {
			return 0
		}
		return n
	}
}

func hexEscape(text string, digits int) int {
	if len(text) < 2+digits {
		return 0
	}
	for i := range digits {
		if !isHexDigit(text[2+i]) {
			return 0
		}
	}
	return 2 + digits
}

// stringValue decodes one string literal as written. hidden is set for the
// obfuscated form h"…". Broken literals decode as far as they go.
func stringValue(text string) (value string, hidden bool) {
	if text != "" && text[0]|0x20 == 'h' {
		hidden = true
		text = text[1:]
	}
	verbatim := strings.HasPrefix(text, "@")
	text = strings.TrimPrefix(text, "@")
	for _, mark := range [...]string{fence, oldFence} {
		if strings.HasPrefix(text, mark) {
			text = text[3:]
			return strings.ToValidUTF8(strings.TrimSuffix(text, mark), "\uFFFD"), hidden
		}
	}
	if text == "" {
		return "", hidden
	}
	quote := text[:1]
	text = strings.TrimSuffix(text[1:], quote)
	switch {
	case verbatim:
		text = strings.ReplaceAll(text, quote+quote, quote)
	case strings.IndexByte(text, '\\') >= 0:
		text = unescape(text)
	}
	return strings.ToValidUTF8(text, "\uFFFD"), hidden
}

func unescape(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for text != "" {
		i := strings.IndexByte(text, '\\')
		if i < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:i])
		text = text[i:]
		n := escapeLen(text)
		if n == 0 { // reported by the lexer
			b.WriteByte('\\')
			text = text[1:]
			continue
		}
		r := escapeRune(text[1:n])
		if r >= 0xD800 && r < 0xDC00 { // \uD83D\uDE00 is one character
			if low := escapeRune2(text[n:]); low >= 0xDC00 && low < 0xE000 {
				r = (r-0xD800)<<10 + (low - 0xDC00) + 0x10000
				n += 6
			}
		}
		b.WriteRune(r)
		text = text[n:]
	}
	return b.String()
}

// escapeRune2 decodes a \uXXXX at the start of text, or returns -1.
func escapeRune2(text string) rune {
	if strings.HasPrefix(text, `\u`) && hexEscape(text, 4) > 0 {
		return escapeRune(text[1:6])
	}
	return -1
}

// escapeRune decodes an escape sequence without its backslash.
func escapeRune(esc string) rune {
	switch esc[0] {
	case 'a':
		return '\a'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	case 'x', 'u', 'U':
		return digitsRune(esc[1:], 16)
	case '\\', '\'', '"':
		return rune(esc[0])
	}
	return digitsRune(esc, 8)
}

// digitsRune reads digits of a base; what is beyond Unicode is U+FFFD.
func digitsRune(digits string, base rune) rune {
	var r rune
	for i := 0; i < len(digits); i++ {
		d := rune(digits[i])
		switch {
		case d <= '9':
			d -= '0'
		default:
			d = (d | 0x20) - 'a' + 10
		}
		r = r*base + d
		if r > utf8.MaxRune {
			return utf8.RuneError
		}
	}
	return r
}
