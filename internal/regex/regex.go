// Package regex is KQL's regular expressions on Go's.
//
// KQL's dialect (reference page regex) is that of Rust's regex crate: leftmost
// first, no look-around, no back references, linear time; Go's package regexp
// promises the same. The dialects differ in syntax (flags x and u, \u escapes,
// octal, nested character classes with && -- ~~) and in that KQL's classes are
// Unicode: \d, \s, \w and \b know the digits, blanks and letters of every
// script. Compile translates a pattern.
//
// A pattern is translated twice. A text of ASCII is matched with small ASCII
// classes, which say the same there and are faster; the Unicode form is made
// when the first other text comes. Go has no Unicode word boundary, so there a
// pattern with \b runs on the machine in words.go. In front of both stands a
// search for a literal that every match must hold.
//
// More is accepted than the engine would in two places where old queries
// depend on it: a brace that begins no repetition, and an opening bracket
// inside a class that is never closed, stand for themselves.
package regex

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/harrier-hunting/harrier/internal/terms"
)

// Limits on what a query may ask for.
const (
	maxPattern = 64 << 10
	maxDepth   = 250 // of groups and nested classes
)

// Regexp is a compiled pattern. It is not safe for concurrent use.
type Regexp struct {
	pattern     string
	ascii, wide *regexp.Regexp
	machine     *machine // instead of wide, for Unicode word boundaries
	words       bool
	suffix      bool // matches end where the text does
	names       []string

	need *terms.Finder // in every text of ASCII that matches; may be nil
	all  bool          // need is the whole pattern
}

// Compile translates and compiles a KQL pattern. The error says what is wrong
// and where.
func Compile(pattern string) (*Regexp, error) { return compile(pattern, false) }

// CompileSuffix compiles a pattern that matches only at the end of a text.
func CompileSuffix(pattern string) (*Regexp, error) { return compile(pattern, true) }

func compile(pattern string, suffix bool) (*Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("the regular expression is longer than %d bytes", maxPattern)
	}
	narrow, err := translate(pattern, false, suffix)
	if err != nil {
		return nil, fmt.Errorf("invalid regular expression %s: %w", quote(pattern), err)
	}
	re := &Regexp{pattern: pattern, suffix: suffix, words: narrow.words, names: narrow.names}
	if re.ascii, err = regexp.Compile(narrow.text); err != nil {
		return nil, fmt.Errorf("invalid regular expression %s: %s", quote(pattern), reason(err))
	}
	if tree, err := syntax.Parse(narrow.text, syntax.Perl); err == nil {
		re.need, re.all = needle(tree)
	}
	return re, nil
}

func quote(pattern string) string {
	if len(pattern) > 200 {
		pattern = pattern[:200] + "…"
	}
	return fmt.Sprintf("%q", pattern)
}

// reason drops the prefix of Go's error and the translated pattern's part.
func reason(err error) string {
	if e, ok := err.(*syntax.Error); ok {
		return e.Code.String() + " at " + quote(e.Expr)
	}
	return err.Error()
}

// Groups is the number of capture groups.
func (re *Regexp) Groups() int { return len(re.names) - 1 }

// Group returns the number of the capture group with the given name.
func (re *Regexp) Group(name string) (int, bool) {
	for i, n := range re.names {
		if n == name && i > 0 && n != "" {
			return i, true
		}
	}
	return 0, false
}

// Match reports whether text holds a match.
func (re *Regexp) Match(text string) bool {
	if terms.ASCII(text) {
		if re.need != nil && (re.all || !re.need.In(text)) {
			return re.all && re.need.In(text)
		}
		return re.ascii.MatchString(text)
	}
	if re.prepare(); re.machine != nil {
		return re.machine.find(text, 0, 0) != nil
	}
	return re.wide.MatchString(text)
}

// Find returns the first match: pairs of positions of the whole and of every
// group, -1 for a group that took no part; nil when there is no match.
func (re *Regexp) Find(text string) []int {
	if terms.ASCII(text) {
		if re.need != nil && !re.need.In(text) {
			return nil
		}
		return re.ascii.FindStringSubmatchIndex(text)
	}
	if re.prepare(); re.machine != nil {
		return re.machine.find(text, 0, len(re.names))
	}
	return re.wide.FindStringSubmatchIndex(text)
}

// FindAll returns all matches that do not overlap, in the form of Find.
func (re *Regexp) FindAll(text string) [][]int {
	if terms.ASCII(text) {
		if re.need != nil && !re.need.In(text) {
			return nil
		}
		return re.ascii.FindAllStringSubmatchIndex(text, -1)
	}
	if re.prepare(); re.machine != nil {
		return re.machine.findAll(text, len(re.names))
	}
	return re.wide.FindAllStringSubmatchIndex(text, -1)
}

// prepare compiles the Unicode form. It cannot fail where the ASCII form did
// not, except by size; then the ASCII form has to do.
func (re *Regexp) prepare() {
	if re.wide != nil || re.machine != nil {
		return
	}
	wide, err := translate(re.pattern, true, re.suffix)
	if err == nil && re.words {
		re.machine, err = newMachine(wide.text)
	} else if err == nil {
		re.wide, err = regexp.Compile(wide.text)
	}
	if err != nil {
		re.wide = re.ascii
	}
}

// Quote returns a pattern that matches text and nothing else.
func Quote(text string) string {
	quoted := make([]byte, 0, len(text)+8)
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(`\.+*?()|[]{}^$#&-~`, text[i]) >= 0 {
			quoted = append(quoted, '\\')
		}
		quoted = append(quoted, text[i])
	}
	return string(quoted)
}
