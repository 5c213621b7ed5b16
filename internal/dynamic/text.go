package dynamic

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Unquote returns what a canonical JSON string spells. Without escapes that is
// a part of its argument.
func Unquote(quoted string) string {
	if len(quoted) < 2 {
		return ""
	}
	s := quoted[1 : len(quoted)-1]
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	out := append(make([]byte, 0, len(s)), s[:i]...)
	for i < len(s) {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			i++
			continue
		}
		switch c := s[i+1]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			if r, n := readUnicodeEscape(s[i:]); n > 0 {
				out = utf8.AppendRune(out, r)
				i += n
				continue
			}
			out = append(out, c)
		default:
			out = append(out, c)
		}
		i += 2
	}
	return string(out)
}

// text copies a string, rewriting escapes that need not or must not be.
func (c *compactor) text() bool {
	i := c.pos + 1
	for i < len(c.src) {
		b := c.src[i]
		if b >= ' ' && b < utf8.RuneSelf && b != '"' && b != '\\' {
			i++
			continue
		}
		switch {
		case b == '"':
			c.accept(i + 1)
			return true
		case b < ' ':
			return false
		case b == '\\':
			c.accept(i)
			n := c.escape()
			if n == 0 {
				return false
			}
			i += n
		default:
			r, n := utf8.DecodeRuneInString(c.src[i:])
			if r == utf8.RuneError && n == 1 {
				c.accept(i)
				c.diverge()
				c.out = append(c.out, "\uFFFD"...)
				c.pos++
			}
			i += n
		}
	}
	return false
}

// escape copies the escape at pos and returns its length in src, 0 for a
// wrong one.
func (c *compactor) escape() int {
	s := c.src[c.pos:]
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		c.accept(c.pos + 2)
		return 2
	case '/':
		c.diverge()
		c.out = append(c.out, '/')
		c.pos += 2
		return 2
	case 'u':
		return c.unicodeEscape(s)
	}
	return 0
}

func (c *compactor) unicodeEscape(s string) int {
	r, n := readUnicodeEscape(s)
	if n == 0 {
		return 0
	}
	if r < ' ' {
		var room [6]byte
		if want := appendEscape(room[:0], byte(r)); string(want) == s[:n] {
			c.accept(c.pos + n)
			return n
		}
	}
	c.diverge()
	if r < ' ' || r == '"' || r == '\\' {
		c.out = appendEscape(c.out, byte(r))
	} else {
		c.out = utf8.AppendRune(c.out, r)
	}
	c.pos += n
	return n
}

// readUnicodeEscape reads \uXXXX, or two that make a surrogate pair, and
// returns the character and the length read; 0 is a wrong escape. Half a pair
// is U+FFFD.
func readUnicodeEscape(s string) (rune, int) {
	r, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if low, ok := hex4(s[6:]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, b := range []byte(s[2:6]) {
		switch {
		case b >= '0' && b <= '9':
			r = r<<4 | rune(b-'0')
		case b|0x20 >= 'a' && b|0x20 <= 'f':
			r = r<<4 | rune(b|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
