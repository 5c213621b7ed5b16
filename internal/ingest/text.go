package ingest

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text takes a string's text out of its JSON form. Bytes that are no UTF-8
// and lone surrogates become U+FFFD, for stores hold valid text only.
func (v value) text() string {
	if v.plain {
		return string(v.raw)
	}
	var b strings.Builder
	b.Grow(len(v.raw))
	for i := 0; i < len(v.raw); {
		c := v.raw[i]
		switch {
		case c == '\\':
			r, n := unescape(v.raw[i:])
			b.WriteRune(r)
			i += n
		case c < utf8.RuneSelf:
			end := i + 1
			for end < len(v.raw) && v.raw[end] != '\\' && v.raw[end] < utf8.RuneSelf {
				end++
			}
			b.Write(v.raw[i:end])
			i = end
		default:
			r, n := utf8.DecodeRune(v.raw[i:])
			b.WriteRune(r)
			i += n
		}
	}
	return b.String()
}

// unescape decodes the escape at the start of b, which the scanner has
// checked, taking a surrogate pair as one.
func unescape(b []byte) (rune, int) {
	switch b[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r := hex4(b[2:])
		if !utf16.IsSurrogate(r) {
			return r, 6
		}
		if escapeLen(b[6:]) == 6 {
			if pair := utf16.DecodeRune(r, hex4(b[8:])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return rune(b[1]), 2
}

func hex4(b []byte) rune {
	return rune(hexVal(b[0]))<<12 | rune(hexVal(b[1]))<<8 | rune(hexVal(b[2]))<<4 | rune(hexVal(b[3]))
}

func hexVal(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	if c >= 'A' {
		return c - 'A' + 10
	}
	return c - '0'
}

// compact is the JSON text of a value without white space between tokens and
// with valid UTF-8 throughout; a lone surrogate becomes U+FFFD, for engines
// refuse a text that holds one.
func (v value) compact() string {
	var b strings.Builder
	b.Grow(len(v.raw) + 2)
	if v.kind == jsonString {
		b.WriteByte('"')
		writeCompact(&b, v.raw, true)
		b.WriteByte('"')
	} else {
		writeCompact(&b, v.raw, false)
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// writeCompact writes raw without white space; inside tells whether raw
// starts inside a string.
func writeCompact(b *strings.Builder, raw []byte, inside bool) {
	from := 0
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			inside = !inside
		case inside && c == '\\':
			r, n := unescape(raw[i:])
			if r == utf8.RuneError && n == 6 {
				b.Write(raw[from:i])
				b.WriteString(`\ufffd`)
				from = i + n
			}
			i += n - 1
		case !inside && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			b.Write(raw[from:i])
			from = i + 1
		}
	}
	b.Write(raw[from:])
}

// jsonFields builds the JSON object of an AdditionalFields column. Its memory
// is reused from row to row.
type jsonFields struct{ b []byte }

func (f *jsonFields) reset() *jsonFields {
	f.b = f.b[:0]
	return f
}

// text adds a string member; an empty one says nothing and is left out.
func (f *jsonFields) text(key, s string) *jsonFields {
	if s == "" {
		return f
	}
	f.name(key)
	f.b = append(f.b, '"')
	f.b = appendEscaped(f.b, s)
	f.b = append(f.b, '"')
	return f
}

// raw adds a member whose JSON text is given.
func (f *jsonFields) raw(key, json string) *jsonFields {
	if json == "" {
		return f
	}
	f.name(key)
	f.b = append(f.b, json...)
	return f
}

// field adds member key from a field of the event.
func (f *jsonFields) field(key string, e *event, id field) *jsonFields {
	return f.text(key, e.text(id))
}

func (f *jsonFields) name(key string) {
	if len(f.b) == 0 {
		f.b = append(f.b, '{')
	} else {
		f.b = append(f.b, ',')
	}
	f.b = append(f.b, '"')
	f.b = append(f.b, key...)
	f.b = append(f.b, '"', ':')
}

// String is the object's text, "" for one without members.
func (f *jsonFields) String() string {
	if len(f.b) == 0 {
		return ""
	}
	f.b = append(f.b, '}')
	return string(f.b)
}

const lowerHex = "0123456789abcdef"

func appendEscaped(b []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', lowerHex[c>>4], lowerHex[c&15])
		}
	}
	return append(b, s[from:]...)
}
