package syntax

import (
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

// word reads what starts with a letter, "_" or "$": a keyword, a literal such
// as datetime(…) or true, an obfuscated string, or a name.
func (l *lexer) word(glued bool) {
	start := l.pos
	text := l.src[start:]
	n := 1 + nameLen(text[1:])
	if k, length := lexicon.find(text, n); k != tEOF {
		l.pos = start + length
		if goo := typedLiteral(k); goo != tEOF && l.pos < len(l.src) && l.src[l.pos] == '(' {
			l.typed(goo, glued, start)
			return
		}
		l.add(k, glued, start)
		return
	}
	switch text[:n] {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		l.pos = start + n
		l.add(tBool, glued, start)
		return
	case "h", "H":
		if l.startsString(start+1) || strings.HasPrefix(text[1:], "@") && l.startsString(start+2) {
			l.str(glued, start)
			return
		}
	}
	if l.rawGuid(glued) {
		return
	}
	l.pos = start + n
	l.add(tIdent, glued, start)
}

// typedLiteral maps a type's keyword to the literal "type(…)". The content is
// taken as it is up to the next ")"; literal.go reads it.
func typedLiteral(k kind) kind {
	switch k {
	case kwLong, kwInt64:
		return tLong
	case kwInt, kwInt32:
		return tInt
	case kwReal, kwDouble:
		return tReal
	case kwDecimal:
		return tDecimal
	case kwBool:
		return tBool
	case kwDatetime, kwDate:
		return tDatetime
	case kwTime, kwTimespan:
		return tTimespan
	case kwGuid:
		return tGuid
	}
	return tEOF
}

// typed reads from the "(" of a typed literal to its ")", which stands on the
// same line.
func (l *lexer) typed(k kind, glued bool, start int) {
	for l.pos < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[l.pos:])
		if isLineBreak(r) {
			break
		}
		l.pos += n
		if r == ')' {
			l.add(k, glued, start)
			return
		}
	}
	l.report("KS001", diag.Span{Start: start, End: l.pos}, "Missing: ) — a typed literal stands on one line")
	l.add(k, glued, start)
}

// digits reads what starts with a digit: a number, a timespan, or a name.
func (l *lexer) digits(glued bool) {
	start := l.pos
	text := l.src[start:]
	n := nameLen(text)
	if k, length := lexicon.find(text, n); k != tEOF {
		l.pos = start + length
		l.add(k, glued, start)
		return
	}
	if l.rawGuid(glued) {
		return
	}
	k := tIdent
	if m := realLen(text); m > 0 {
		k, n = tReal, m
	} else if m := timespanLen(text); m > 0 {
		k, n = tTimespan, m
	} else if isLong(text[:n]) {
		k = tLong
	}
	l.pos = start + n
	l.add(k, glued, start)
}

// nameLen counts the letters, digits and underscores at the start of text.
func nameLen(text string) int {
	n := 0
	for n < len(text) && isNameByte(text[n]) {
		n++
	}
	return n
}

func digitLen(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

// realLen is the length of a real at the start of text, or 0. "1..2" is the
// range from 1 to 2, not a real; a name that follows at once makes it none.
func realLen(text string) int {
	n := digitLen(text)
	if n < len(text) && text[n] == '.' && (!strings.HasPrefix(text[n:], "..") || strings.HasPrefix(text[n:], "...")) {
		n++
		n += digitLen(text[n:])
		n += exponentLen(text[n:])
	} else {
		e := exponentLen(text[n:])
		if e == 0 {
			return 0
		}
		n += e
	}
	if n < len(text) && isNameByte(text[n]) {
		return 0
	}
	return n
}

func exponentLen(text string) int {
	if text == "" || text[0]|0x20 != 'e' {
		return 0
	}
	n := 1
	if n < len(text) && (text[n] == '+' || text[n] == '-') {
		n++
	}
	d := digitLen(text[n:])
	if d == 0 {
		return 0
	}
	return n + d
}

// timespanLen is the length of a timespan such as 1.5h, or 0.
func timespanLen(text string) int {
	n := digitLen(text)
	if n < len(text) && text[n] == '.' {
		if d := digitLen(text[n+1:]); d > 0 {
			n += 1 + d
		}
	}
	unit := nameLen(text[n:])
	if _, ok := types.TimespanUnit(text[n : n+unit]); !ok {
		return 0
	}
	return n + unit
}

// isLong reports decimal and hexadecimal integers.
func isLong(text string) bool {
	if len(text) > 2 && text[0] == '0' && text[1]|0x20 == 'x' {
		for i := 2; i < len(text); i++ {
			if !isHexDigit(text[i]) {
				return false
			}
		}
		return true
	}
	return digitLen(text) == len(text)
}

// rawGuid reads a guid without guid(…). It is a literal only inside dynamic;
// elsewhere the parser refuses it.
func (l *lexer) rawGuid(glued bool) bool {
	const length = 36
	if len(l.src)-l.pos < length || l.src[l.pos+8] != '-' {
		return false
	}
	text := l.src[l.pos : l.pos+length]
	for i := range length {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if text[i] != '-' {
				return false
			}
		} else if !isHexDigit(text[i]) {
			return false
		}
	}
	start := l.pos
	l.pos += length
	l.add(tRawGuid, glued, start)
	return true
}
