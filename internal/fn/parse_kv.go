package fn

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/regex"
)

// parseKvRows are what the operator parse-kv is made of.
var parseKvRows = []Spec{{
	Name: "__parse_kv", Hidden: true, Ref: "parse-kv-operator",
	Doc:  "The values of the named keys in a text of keys and values, as an array in the order of the names.",
	Sigs: []Sig{{Decl: "(text: string, keys: dynamic, options: dynamic): dynamic"}},
	Eval: parseKvEval,
}}

// kvRules are the options of parse-kv. Without delimiters every character
// that is no letter or digit is one.
type kvRules struct {
	pair, kv    string
	open, close []rune // quotes, by pairs
	escape      []rune
	greedy      bool // a value reaches to the next key
	re          *regex.Regexp
	// open quotes that the rest of the text does not close stand for
	// themselves; looking again at each of them would take quadratic time.
	unclosed []bool
}

func readKvRules(options string) (r kvRules, err error) {
	text := func(key string) string {
		v, _ := dynamic.Get(options, key)
		return dynamic.AsString(v)
	}
	r.pair, r.kv, r.greedy = text("pair"), text("kv"), text("greedy") == "true"
	if v, ok := dynamic.Get(options, "quote"); ok {
		for q := range dynamic.Items(v) {
			chars := []rune(dynamic.AsString(q))
			r.open, r.close = append(r.open, chars[0]), append(r.close, chars[len(chars)-1])
		}
	}
	if v, ok := dynamic.Get(options, "escape"); ok {
		for e := range dynamic.Items(v) {
			r.escape = append(r.escape, []rune(dynamic.AsString(e))...)
		}
	}
	if pattern := text("regex"); pattern != "" {
		r.re, err = regex.Compile(pattern)
	}
	return r, err
}

func parseKvEval(c *Call) {
	text, keys, options := c.text(0), c.text(1), c.text(2)
	var rules kvRules
	var names []string
	was, wasKeys := "", ""
	for i := range c.N {
		if o, k := options.at(i), keys.at(i); i == 0 || o != was || k != wasKeys {
			if rules, c.Err = readKvRules(o); c.Err != nil {
				c.Err = fmt.Errorf("parse-kv: %w", c.Err)
				return
			}
			names = names[:0]
			for item := range dynamic.Items(k) {
				names = append(names, dynamic.AsString(item))
			}
			was, wasKeys = o, k
		}
		c.Out.Strings[i] = string(dynamic.AppendArray(nil, rules.extract(text.at(i), names)))
	}
}

// extract returns the first value of each key, as JSON.
func (r *kvRules) extract(text string, names []string) []string {
	out := make([]string, len(names))
	for i := range out {
		out[i] = "null"
	}
	r.unclosed = make([]bool, len(r.open))
	found := 0
	emit := func(key, value string) bool {
		if i := slices.Index(names, key); i >= 0 && out[i] == "null" {
			out[i] = dynamic.Quote(value)
			found++
		}
		return found < len(names)
	}
	switch {
	case r.re != nil:
		r.matches(text, emit)
	case r.kv == "":
		r.words(text, names, emit)
	default:
		r.pairs(text, emit)
	}
	return out
}

// matches takes keys and values from the two groups of each match.
func (r *kvRules) matches(text string, emit func(key, value string) bool) {
	for _, m := range r.re.FindAll(text) {
		key, _ := groupText(text, m, 1)
		value, _ := groupText(text, m, 2)
		if !emit(strings.TrimSpace(key), strings.TrimSpace(value)) {
			return
		}
	}
}

// words looks for the keys among runs of letters and digits and quoted texts;
// the word after a key is its value.
func (r *kvRules) words(text string, names []string, emit func(key, value string) bool) {
	key, have := "", false
	for pos := 0; pos < len(text); {
		word, next, ok := r.quoted(text, pos)
		if !ok {
			for next = pos; next < len(text); {
				c, n := utf8.DecodeRuneInString(text[next:])
				if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
					break
				}
				next += n
			}
			if next == pos {
				_, n := utf8.DecodeRuneInString(text[pos:])
				pos += n
				continue
			}
			word = text[pos:next]
		}
		pos = next
		switch {
		case have:
			if !emit(key, word) {
				return
			}
			have = false
		case slices.Contains(names, word):
			key, have = word, true
		}
	}
}

// pairs reads key, delimiter, value, delimiter …. A piece without the
// delimiter of key and value is passed over.
func (r *kvRules) pairs(text string, emit func(key, value string) bool) {
	for pos := 0; pos < len(text); {
		pos = skipSpace(text, pos)
		if r.pair != "" && strings.HasPrefix(text[pos:], r.pair) {
			pos += len(r.pair)
			continue
		}
		key, at, ok := r.key(text, pos)
		if !ok {
			if at <= pos {
				return
			}
			pos = at
			continue
		}
		var value string
		value, pos = r.value(text, skipSpace(text, at))
		if !emit(key, value) {
			return
		}
	}
}

// key reads a key from pos on; at is where its value begins, or, when there
// is no key, where the next piece does.
func (r *kvRules) key(text string, pos int) (key string, at int, ok bool) {
	if name, end, quoted := r.quoted(text, pos); quoted {
		if v := skipSpace(text, end); strings.HasPrefix(text[v:], r.kv) {
			return name, v + len(r.kv), true
		}
		return "", r.nextPiece(text, end), false
	}
	for i := pos; i < len(text); i++ {
		if strings.HasPrefix(text[i:], r.kv) {
			return strings.TrimSpace(text[pos:i]), i + len(r.kv), true
		}
		if r.pair != "" && strings.HasPrefix(text[i:], r.pair) {
			// Blanks may stand around the delimiter, even when a blank is
			// what separates pairs.
			if v := skipSpace(text, i); strings.HasPrefix(text[v:], r.kv) {
				return strings.TrimSpace(text[pos:i]), v + len(r.kv), true
			}
			return "", i + len(r.pair), false
		}
	}
	return "", len(text), false
}

// value reads a value from pos on; next is where the next pair begins.
func (r *kvRules) value(text string, pos int) (value string, next int) {
	if value, end, ok := r.quoted(text, pos); ok {
		return value, r.nextPiece(text, end)
	}
	end := len(text)
	switch {
	case r.greedy:
		end = r.greedyEnd(text, pos)
	case r.pair != "":
		if i := strings.Index(text[pos:], r.pair); i >= 0 {
			end = pos + i
		}
	}
	return strings.TrimSpace(text[pos:end]), min(end+len(r.pair), len(text))
}

// nextPiece is the place behind the next delimiter of pairs.
func (r *kvRules) nextPiece(text string, pos int) int {
	if i := strings.Index(text[pos:], r.pair); i >= 0 && r.pair != "" {
		return pos + i + len(r.pair)
	}
	return len(text)
}

// greedyEnd is where the value at pos ends: before the pair delimiter that
// stands before the next key, or at the end of the text.
func (r *kvRules) greedyEnd(text string, pos int) int {
	first := strings.Index(text[pos:], r.pair)
	if first < 0 || r.pair == "" {
		return len(text)
	}
	for k := pos + first; ; {
		i := strings.Index(text[k:], r.kv)
		if i < 0 {
			return len(text)
		}
		k += i
		head := strings.TrimRightFunc(text[pos:k], unicode.IsSpace)
		if last, n := utf8.DecodeLastRuneInString(head); n > 0 {
			if q := slices.Index(r.close, last); q >= 0 { // a quoted key
				if from := strings.LastIndex(head[:len(head)-n], string(r.open[q])); from >= 0 {
					head = head[:from]
				}
			}
		}
		if i := strings.LastIndex(head, r.pair); i >= 0 {
			return pos + i
		}
		k += len(r.kv)
	}
}

// quoted reads a quoted text at pos, its escapes resolved.
func (r *kvRules) quoted(text string, pos int) (value string, end int, ok bool) {
	first, n := utf8.DecodeRuneInString(text[pos:])
	q := slices.Index(r.open, first)
	if q < 0 || n == 0 || r.unclosed[q] {
		return "", pos, false
	}
	var b strings.Builder
	for i := pos + n; i < len(text); {
		c, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case slices.Contains(r.escape, c) && i+n < len(text):
			_, m := utf8.DecodeRuneInString(text[i+n:])
			b.WriteString(text[i+n : i+n+m])
			n += m
		case c == r.close[q]:
			return b.String(), i + n, true
		default:
			b.WriteString(text[i : i+n])
		}
		i += n
	}
	r.unclosed[q] = true
	return "", pos, false
}

func skipSpace(text string, pos int) int {
	return len(text) - len(strings.TrimLeftFunc(text[pos:], unicode.IsSpace))
}
