package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// lexer cuts the text into tokens. It reports what is no token, drops it and
// goes on, so the parser sees only good tokens.
type lexer struct {
	src   string
	pos   int
	toks  []token
	diags *diag.List
	open  []int32  // indexes of brackets not closed yet
	opens [3]int32 // how many of each sort are in open
}

// lex returns the tokens of src; the last one is tEOF.
func lex(src string, diags *diag.List) []token {
	l := lexer{src: src, diags: diags, toks: make([]token, 0, len(src)/5+8)}
	for l.next() {
	}
	for _, at := range l.open {
		l.toks[at].match = -1
	}
	return l.toks
}

// next appends one token and reports whether there may be more.
func (l *lexer) next() bool {
	start := l.pos
	l.skipSpace()
	glued := l.pos == start
	start = l.pos
	if l.pos >= len(l.src) {
		l.add(tEOF, glued, start)
		return false
	}
	c := l.src[l.pos]
	switch {
	case isNameStart(c):
		l.word(glued)
	case isDigit(c):
		l.digits(glued)
	case c == '"' || c == '\'':
		l.str(glued, start)
	case c == '`' || c == '~':
		if !l.startsMulti(start) {
			return l.bad()
		}
		l.str(glued, start)
	case c == '@' && l.startsString(start+1):
		l.str(glued, start)
	case c == '#':
		l.pos = l.lineEnd()
		l.add(tDirective, glued, start)
	case c == '!' && !strings.HasPrefix(l.src[l.pos:], "!=") && !strings.HasPrefix(l.src[l.pos:], "!~"):
		n := 1 + nameLen(l.src[l.pos+1:])
		k, n := lexicon.find(l.src[l.pos:], n)
		if k == tEOF {
			return l.bad()
		}
		l.pos += n
		l.add(k, glued, start)
	default:
		k, n := punctuation(l.src[l.pos:])
		if n == 0 {
			return l.bad()
		}
		l.pos += n
		l.add(k, glued, start)
	}
	return true
}

func (l *lexer) add(k kind, glued bool, start int) {
	t := token{kind: k, glued: glued, start: int32(start), end: int32(l.pos), match: -1}
	at := int32(len(l.toks))
	switch k {
	case tOpenParen, tOpenBracket, tOpenBrace:
		l.open = append(l.open, at)
		l.opens[(k-tOpenParen)/2]++
	case tCloseParen, tCloseBracket, tCloseBrace:
		l.close(k, at)
	}
	l.toks = append(l.toks, t)
}

// close links a closing bracket with the nearest open one of its sort.
// Brackets of other sorts opened in between stay unmatched; a closing bracket
// that nothing opened is a plain token.
func (l *lexer) close(k kind, at int32) {
	sort := (k - tCloseParen) / 2
	if l.opens[sort] == 0 {
		return
	}
	for {
		top := l.open[len(l.open)-1]
		l.open = l.open[:len(l.open)-1]
		topSort := (l.toks[top].kind - tOpenParen) / 2
		l.opens[topSort]--
		if topSort == sort {
			l.toks[top].match = at
			return
		}
	}
}

// recognition is how Kusto words lexical mistakes; the hint says which.
const recognition = "A recognition error occurred."

func (l *lexer) report(code string, at diag.Span, hint string) {
	l.diags.Add(diag.Diagnostic{Kind: diag.Syntax, Code: code, Message: recognition, Hint: hint, Span: at})
}

// bad drops a character that begins no token.
func (l *lexer) bad() bool {
	r, n := utf8.DecodeRuneInString(l.src[l.pos:])
	span := diag.Span{Start: l.pos, End: l.pos + n}
	hint := fmt.Sprintf("Unexpected: %c", r)
	if r == utf8.RuneError || r < ' ' {
		hint = fmt.Sprintf("Unexpected: character U+%04X", r)
	}
	if l.src[l.pos] == '\\' {
		hint += `; a backslash stands only inside a string: write @"…" for text that holds backslashes`
	}
	l.report("KS002", span, hint)
	l.pos += n
	return true
}

func (l *lexer) skipSpace() {
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f':
			l.pos++
		case c == '/' && l.pos+1 < len(l.src) && l.src[l.pos+1] == '/':
			l.pos = l.lineEnd()
			if r, n := utf8.DecodeRuneInString(l.src[l.pos:]); isLineBreak(r) {
				l.pos += n // some line breaks are space only here
			}
		case c < utf8.RuneSelf:
			return
		default:
			r, n := utf8.DecodeRuneInString(l.src[l.pos:])
			if !isSpace(r) {
				return
			}
			l.pos += n
		}
	}
}

// lineEnd returns the place where the current line ends.
func (l *lexer) lineEnd() int {
	if n := strings.IndexFunc(l.src[l.pos:], isLineBreak); n >= 0 {
		return l.pos + n
	}
	return len(l.src)
}

// punctuation returns the operator or bracket that text starts with.
func punctuation(text string) (kind, int) {
	var second byte
	if len(text) > 1 {
		second = text[1]
	}
	switch text[0] {
	case '(':
		return tOpenParen, 1
	case ')':
		return tCloseParen, 1
	case '[':
		return tOpenBracket, 1
	case ']':
		return tCloseBracket, 1
	case '{':
		return tOpenBrace, 1
	case '}':
		return tCloseBrace, 1
	case '|':
		return tBar, 1
	case ',':
		return tComma, 1
	case ';':
		return tSemicolon, 1
	case ':':
		return tColon, 1
	case '+':
		return tPlus, 1
	case '-':
		return tMinus, 1
	case '*':
		return tStar, 1
	case '/':
		return tSlash, 1
	case '%':
		return tPercent, 1
	case '@':
		return tAt, 1
	case '?':
		return tQuestion, 1
	case '.':
		return pick(second, tDot, '.', tDotDot)
	case '>':
		return pick(second, tGreater, '=', tGreaterEqual)
	case '<':
		return pick(second, tLess, '=', tLessEqual, '|', tLessBar, '>', tLessGreater)
	case '=':
		return pick(second, tEqual, '=', tEqualEqual, '~', tEqualTilde, '>', tFatArrow)
	case '!':
		return pick(second, tEOF, '=', tBangEqual, '~', tBangTilde)
	}
	return tEOF, 0
}

// pick chooses the two-character token whose second character is next, or
// the one-character token. pairs alternates characters and kinds.
func pick(next byte, single kind, pairs ...kind) (kind, int) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if kind(next) == pairs[i] {
			return pairs[i+1], 2
		}
	}
	return single, 1
}
