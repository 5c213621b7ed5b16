package ingest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// jsonKind is the kind of a JSON value.
type jsonKind uint8

const (
	jsonNone jsonKind = iota
	jsonString
	jsonNumber
	jsonTrue
	jsonFalse
	jsonNull
	jsonObject
	jsonArray
)

// value is one JSON value inside the line it was read from.
type value struct {
	raw   []byte // as written; of a string what is between its quotes
	kind  jsonKind
	plain bool // a string of ASCII without escapes: raw is its text
}

// maxDepth bounds the nesting of one record.
const maxDepth = 100

// The faults a scanner can find. They are values, so that a hostile file of
// broken lines costs no allocation each.
var (
	errJSONEnd    = errors.New("JSON ends too early")
	errJSONSyntax = errors.New("not JSON")
	errJSONDepth  = fmt.Errorf("JSON nested deeper than %d", maxDepth)
	errJSONTail   = errors.New("text after the JSON value")
)

// scanner reads JSON values from a byte slice, validating as it goes. It
// accepts exactly what RFC 8259 calls JSON, but leaves bad UTF-8 to whoever
// takes the text out.
type scanner struct {
	b   []byte
	i   int
	err error
}

// stringClass tells the bytes a string cannot simply run over: 1 quote,
// 2 backslash, 3 control character, 4 beyond ASCII.
var stringClass = func() (c [256]uint8) {
	for i := range 0x20 {
		c[i] = 3
	}
	for i := 0x80; i < 0x100; i++ {
		c[i] = 4
	}
	c['"'], c['\\'] = 1, 2
	return c
}()

func (s *scanner) fail(err error) bool {
	if s.err == nil {
		s.err = err
	}
	return false
}

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\r', '\n':
			s.i++
		default:
			return
		}
	}
}

// value reads the next value; nested ones are validated and left raw.
func (s *scanner) value(depth int) (v value, ok bool) {
	s.space()
	if s.i >= len(s.b) {
		return v, s.fail(errJSONEnd)
	}
	start := s.i
	switch c := s.b[s.i]; c {
	case '"':
		return s.str()
	case '{':
		v.kind, ok = jsonObject, s.container(depth, '}')
	case '[':
		v.kind, ok = jsonArray, s.container(depth, ']')
	case 't':
		v.kind, ok = jsonTrue, s.word("true")
	case 'f':
		v.kind, ok = jsonFalse, s.word("false")
	case 'n':
		v.kind, ok = jsonNull, s.word("null")
	default:
		v.kind, ok = jsonNumber, s.number()
	}
	v.raw = s.b[start:s.i]
	return v, ok
}

// str reads a string from its opening quote on.
func (s *scanner) str() (value, bool) {
	s.i++
	start, plain := s.i, true
	b := s.b
	for i := start; i < len(b); i++ {
		i = plainRun(b, i)
		if i >= len(b) {
			break
		}
		switch stringClass[b[i]] {
		case 0:
		case 1:
			s.i = i + 1
			return value{raw: b[start:i], kind: jsonString, plain: plain}, true
		case 2:
			plain = false
			n := escapeLen(b[i:])
			if n == 0 {
				s.i = i
				return value{}, s.fail(errJSONSyntax)
			}
			i += n - 1
		case 3:
			s.i = i
			return value{}, s.fail(errJSONSyntax)
		case 4:
			plain = false
		}
	}
	s.i = len(b)
	return value{}, s.fail(errJSONEnd)
}

// plainRun returns the offset of the first byte from i on that may be of a
// class above, looking at eight bytes at a time. For a word x with a byte
// below n, (x - n·ones) &^ x has that byte's top bit set; the lowest bit set
// is always true, higher ones may be echoes of its borrow.
func plainRun(b []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for len(b)-i >= 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote, back := x^ones*'"', x^ones*'\\'
		if hit := ((quote-ones)&^quote | (back-ones)&^back | (x-ones*0x20)&^x | x) & tops; hit != 0 {
			return i + bits.TrailingZeros64(hit)>>3
		}
		i += 8
	}
	return i
}

// escapeLen is the length of the escape at the start of b, 0 if it is none.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(b) >= 6 && isHex(b[2]) && isHex(b[3]) && isHex(b[4]) && isHex(b[5]) {
			return 6
		}
	}
	return 0
}

func isHex(c byte) bool {
	return c-'0' < 10 || c|0x20-'a' < 6
}

func isDigit(c byte) bool { return c-'0' < 10 }

func (s *scanner) word(w string) bool {
	if len(s.b)-s.i < len(w) {
		return s.fail(errJSONEnd)
	}
	if string(s.b[s.i:s.i+len(w)]) != w {
		return s.fail(errJSONSyntax)
	}
	s.i += len(w)
	return true
}

func (s *scanner) number() bool {
	if s.i < len(s.b) && s.b[s.i] == '-' {
		s.i++
	}
	if s.i < len(s.b) && s.b[s.i] == '0' {
		s.i++
	} else if !s.digits() {
		return false
	}
	if s.i < len(s.b) && s.b[s.i] == '.' {
		s.i++
		if !s.digits() {
			return false
		}
	}
	if s.i < len(s.b) && s.b[s.i]|0x20 == 'e' {
		s.i++
		if s.i < len(s.b) && (s.b[s.i] == '+' || s.b[s.i] == '-') {
			s.i++
		}
		return s.digits()
	}
	return true
}

func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.b) && isDigit(s.b[s.i]) {
		s.i++
	}
	return s.i > start || s.fail(errJSONSyntax)
}

// container skips an object or an array, checking what is inside.
func (s *scanner) container(depth int, end byte) bool {
	if depth >= maxDepth {
		return s.fail(errJSONDepth)
	}
	it := iter{s: *s, depth: depth + 1, end: end}
	it.s.i++
	for it.next() {
	}
	*s = it.s
	return s.err == nil
}

// parseValue reads one value that is all of b.
func parseValue(b []byte) (value, error) {
	s := scanner{b: b}
	v, ok := s.value(0)
	if !ok {
		return v, s.err
	}
	s.space()
	if s.i < len(b) {
		return v, errJSONTail
	}
	return v, nil
}
