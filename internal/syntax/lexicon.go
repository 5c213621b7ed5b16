package syntax

import "strings"

// lexicon is the table of keywords arranged for the lexer: constant data,
// built once.
var lexicon = newLexicon(keywords())

// words is the arranged table.
type words struct {
	// heads is keyed by the leading letters, digits and underscores of a
	// keyword, with its "!" if it has one.
	heads  map[string]head
	traits [numKinds]traits
}

// head is a keyword, or the first part of some longer ones, or both.
type head struct {
	kind kind // tEOF: not a keyword by itself
	// tails are the continuations, the longest first: "-away" of project.
	tails []tail
}

type tail struct {
	text string
	kind kind
}

func newLexicon(rows []keyword) words {
	w := words{heads: make(map[string]head, len(rows))}
	for _, row := range rows {
		w.traits[row.kind] = row.traits
		n := 0
		for n < len(row.text) && (isNameByte(row.text[n]) || n == 0) {
			n++
		}
		h := w.heads[row.text[:n]]
		if n == len(row.text) {
			h.kind = row.kind
		} else {
			h.tails = insertTail(h.tails, tail{row.text[n:], row.kind})
		}
		w.heads[row.text[:n]] = h
	}
	return w
}

func insertTail(tails []tail, t tail) []tail {
	at := len(tails)
	for at > 0 && len(tails[at-1].text) < len(t.text) {
		at--
	}
	return append(tails[:at:at], append([]tail{t}, tails[at:]...)...)
}

// find looks up the keyword at the start of text whose head has length n. It
// returns tEOF when there is none. A longer keyword that runs into more
// letters ("project-aways") makes the head a plain name, as in Kusto.
func (w *words) find(text string, n int) (kind, int) {
	h, ok := w.heads[text[:n]]
	if !ok {
		return tEOF, 0
	}
	for _, t := range h.tails {
		if strings.HasPrefix(text[n:], t.text) {
			end := n + len(t.text)
			if end < len(text) && isNameByte(text[end]) {
				return tEOF, 0
			}
			return t.kind, end
		}
	}
	return h.kind, n
}

// isNameByte reports letters, digits and the underscore: KQL names are ASCII.
func isNameByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_'
}

func isNameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHexDigit(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// isSpace reports the characters that Kusto skips between tokens. The byte
// order mark, the no-break spaces and the zero-width space come with text
// that was copied from web pages and mails.
func isSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\f', '\r', ' ', 0xA0, 0x1680, 0x180E, 0x202F, 0x205F, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200B
}

// isLineBreak reports the ends of a line; a string literal knows only CR and
// LF.
func isLineBreak(r rune) bool { return r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029 }
