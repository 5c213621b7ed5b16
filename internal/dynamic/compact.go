package dynamic

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// Compact checks JSON text and returns its canonical form. Text that already
// is canonical is returned as it is, without allocation. JSON null gives "null".
// ok is false for text that is not JSON, larger than MaxSize or nested deeper
// than MaxDepth.
func Compact(text string) (canonical string, ok bool) {
	return compact(text, false)
}

// CompactTimes is Compact where text values that are a time in ISO 8601 take
// the form of a datetime: "2021-11-18T00:03:35" becomes
// "2021-11-18T00:03:35.0000000Z". Documented: text that can be read as a
// datetime becomes one. A bare date or a time with an offset stays as it is:
// what the engine makes of those is not published.
func CompactTimes(text string) (canonical string, ok bool) {
	return compact(text, true)
}

func compact(text string, times bool) (canonical string, ok bool) {
	if len(text) > MaxSize {
		return "", false
	}
	c := compactor{src: text, times: times}
	if !c.value(0) {
		return "", false
	}
	c.blanks()
	if c.pos != len(text) {
		return "", false
	}
	out := text
	if c.changed {
		out = string(c.out)
	}
	if c.twice {
		out = string(dropDuplicates(make([]byte, 0, len(out)), out))
	}
	return out, true
}

// compactor copies src to out, but only from the first difference on: while
// changed is false, the output so far is src[:pos].
type compactor struct {
	src     string
	pos     int
	out     []byte
	changed bool
	twice   bool // some bag has a key twice
	times   bool // times take the form of a datetime
}

// diverge starts the copy at the current position.
func (c *compactor) diverge() {
	if !c.changed {
		c.out = append(make([]byte, 0, len(c.src)), c.src[:c.pos]...)
		c.changed = true
	}
}

// accept copies src up to to.
func (c *compactor) accept(to int) {
	if c.changed {
		c.out = append(c.out, c.src[c.pos:to]...)
	}
	c.pos = to
}

func (c *compactor) blanks() {
	for c.pos < len(c.src) && c.src[c.pos] <= ' ' {
		switch c.src[c.pos] {
		case ' ', '\t', '\n', '\r':
			c.diverge()
			c.pos++
		default:
			return
		}
	}
}

func (c *compactor) value(depth int) bool {
	c.blanks()
	if c.pos >= len(c.src) || depth > MaxDepth {
		return false
	}
	switch c.src[c.pos] {
	case '"':
		if c.times && c.time() {
			return true
		}
		return c.text()
	case '[':
		return c.array(depth)
	case '{':
		return c.bag(depth)
	case 't':
		return c.word("true")
	case 'f':
		return c.word("false")
	case 'n':
		return c.word("null")
	}
	return c.number()
}

// time rewrites a text value that is a time; false for any other.
func (c *compactor) time() bool {
	const short, long = len("2021-11-18T00:03:35"), len("2021-11-18T00:03:35.0000000Z")
	s := c.src[c.pos+1:]
	if len(s) <= short || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return false
	}
	n := strings.IndexByte(s[:min(len(s), long+1)], '"')
	if n < short || strings.Trim(s[short:n], ".0123456789Z") != "" {
		return false
	}
	ticks, ok := types.ParseDatetime(s[:n])
	if !ok || n == long {
		return false
	}
	c.diverge()
	c.out = append(types.AppendDatetime(append(c.out, '"'), ticks), '"')
	c.pos += n + 2
	return true
}

func (c *compactor) word(w string) bool {
	to := c.pos + len(w)
	if to > len(c.src) || c.src[c.pos:to] != w {
		return false
	}
	c.accept(to)
	return true
}

// take copies the next byte if it is b, after blanks.
func (c *compactor) take(b byte) bool {
	c.blanks()
	if c.pos >= len(c.src) || c.src[c.pos] != b {
		return false
	}
	c.accept(c.pos + 1)
	return true
}

func (c *compactor) array(depth int) bool {
	c.accept(c.pos + 1)
	if c.take(']') {
		return true
	}
	for {
		if !c.value(depth + 1) {
			return false
		}
		if c.take(']') {
			return true
		}
		if !c.take(',') {
			return false
		}
	}
}

func (c *compactor) bag(depth int) bool {
	c.accept(c.pos + 1)
	if c.take('}') {
		return true
	}
	var room [16]span
	keys := room[:0]
	for {
		c.blanks()
		from := c.at()
		if c.pos >= len(c.src) || c.src[c.pos] != '"' || !c.text() {
			return false
		}
		keys = append(keys, span{from, c.at()})
		if !c.take(':') || !c.value(depth+1) {
			return false
		}
		if c.take('}') {
			c.twice = c.twice || c.repeated(keys)
			return true
		}
		if !c.take(',') {
			return false
		}
	}
}

// span is a piece of the output.
type span struct{ from, to int }

// at is the length of the output so far.
func (c *compactor) at() int {
	if c.changed {
		return len(c.out)
	}
	return c.pos
}

// repeated reports two equal keys. Few keys are compared with each other,
// many go through a map.
func (c *compactor) repeated(keys []span) bool {
	if len(keys) > 32 {
		seen := make(map[string]bool, len(keys))
		for _, k := range keys {
			if c.changed {
				seen[string(c.out[k.from:k.to])] = true
			} else {
				seen[c.src[k.from:k.to]] = true
			}
		}
		return len(seen) < len(keys)
	}
	for i, k := range keys {
		for _, other := range keys[:i] {
			if k.to-k.from == other.to-other.from && c.same(k, other) {
				return true
			}
		}
	}
	return false
}

func (c *compactor) same(a, b span) bool {
	if c.changed {
		return string(c.out[a.from:a.to]) == string(c.out[b.from:b.to])
	}
	return c.src[a.from:a.to] == c.src[b.from:b.to]
}

// number copies a number: an integer of 64 bits as it is, all else as a real.
func (c *compactor) number() bool {
	to, integer := scanNumber(c.src, c.pos)
	if to == 0 {
		return false
	}
	s := c.src[c.pos:to]
	if integer {
		if len(s) < 19 && s != "-0" {
			c.accept(to)
			return true
		}
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			if n != 0 {
				c.accept(to)
				return true
			}
			c.diverge()
			c.out, c.pos = append(c.out, '0'), to
			return true
		}
	}
	f, _ := strconv.ParseFloat(s, 64) // out of range is an infinity
	var room [32]byte
	want := AppendReal(room[:0], f)
	if string(want) == s {
		c.accept(to)
		return true
	}
	c.diverge()
	c.out, c.pos = append(c.out, want...), to
	return true
}

// scanNumber finds the end of the JSON number at s[i]; 0 is no number.
func scanNumber(s string, i int) (end int, integer bool) {
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i < len(s) && s[i] == '0':
		i++
	case i < len(s) && s[i] >= '1' && s[i] <= '9':
		i = digits(s, i)
	default:
		return 0, false
	}
	integer = true
	if i < len(s) && s[i] == '.' {
		from := i + 1
		if i = digits(s, from); i == from {
			return 0, false
		}
		integer = false
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		from := i + 1
		if from < len(s) && (s[from] == '+' || s[from] == '-') {
			from++
		}
		if i = digits(s, from); i == from {
			return 0, false
		}
		integer = false
	}
	return i, integer
}

func digits(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}
