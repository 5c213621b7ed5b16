package regex

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// translation is a pattern in Go's syntax.
type translation struct {
	text  string
	words bool     // it holds a Unicode word boundary
	names []string // of the capture groups; names[0] is the whole match
}

// flags are those that Go does not keep itself, of the group at hand.
type flags struct {
	verbose bool // x
	ascii   bool // -u
	fold    bool // i, which Go keeps too
}

type translator struct {
	src   string
	pos   int
	wide  bool
	out   strings.Builder
	stack []flags // of the open groups, innermost last
	translation
}

// translate rewrites a KQL pattern in Go's syntax, with Unicode classes when
// wide is set and with ASCII ones otherwise; with suffix, matches end where
// the text does.
func translate(pattern string, wide, suffix bool) (translation, error) {
	if !utf8.ValidString(pattern) {
		return translation{}, errors.New("it is not UTF-8")
	}
	t := &translator{src: pattern, wide: wide, stack: []flags{{}}}
	t.names = []string{""}
	for t.pos < len(t.src) {
		if err := t.step(); err != nil {
			return translation{}, err
		}
	}
	if len(t.stack) > 1 {
		return translation{}, errors.New("a group is not closed")
	}
	if t.text = t.out.String(); suffix {
		t.text = "(?:" + t.text + `)\z`
	}
	return t.translation, nil
}

func (t *translator) flags() *flags { return &t.stack[len(t.stack)-1] }

// unicode reports whether classes are Unicode here.
func (t *translator) unicode() bool { return t.wide && !t.flags().ascii }

func (t *translator) step() error {
	switch c := t.src[t.pos]; {
	case c == '\\':
		return t.escape()
	case c == '[':
		return t.class()
	case c == '(':
		return t.open()
	case c == ')':
		if len(t.stack) == 1 {
			return fmt.Errorf("the closing parenthesis at %d has no opening one", t.pos)
		}
		t.stack = t.stack[:len(t.stack)-1]
		t.copy(1)
	case t.flags().verbose && c == '#':
		if n := strings.IndexByte(t.src[t.pos:], '\n'); n >= 0 {
			t.pos += n + 1
		} else {
			t.pos = len(t.src)
		}
	default:
		r, n := utf8.DecodeRuneInString(t.src[t.pos:])
		if t.flags().verbose && unicode.Is(unicode.White_Space, r) {
			t.pos += n
		} else {
			t.copy(n)
		}
	}
	return nil
}

// copy takes n bytes over as they are.
func (t *translator) copy(n int) {
	t.out.WriteString(t.src[t.pos : t.pos+n])
	t.pos += n
}

// open translates what begins a group, or flags on their own.
func (t *translator) open() error {
	if len(t.stack) > maxDepth {
		return fmt.Errorf("more than %d groups inside one another", maxDepth)
	}
	rest := t.src[t.pos+1:]
	if !strings.HasPrefix(rest, "?") {
		t.capture("")
		t.copy(1)
		return nil
	}
	for _, look := range []string{"?=", "?!", "?<=", "?<!"} {
		if strings.HasPrefix(rest, look) {
			return fmt.Errorf("look-around (%s is not part of KQL's regular expressions", look)
		}
	}
	for _, named := range []string{"?P<", "?<"} {
		if name, ok := strings.CutPrefix(rest, named); ok {
			name, _, ok = strings.Cut(name, ">")
			if !ok || name == "" {
				return errors.New("the name of a group is not closed by >")
			}
			for _, n := range t.names[1:] {
				if n == name {
					return fmt.Errorf("two groups are named %s", name)
				}
			}
			t.pos += 1 + len(named) + len(name) + 1
			t.out.WriteByte('(')
			t.capture(name)
			return nil
		}
	}
	return t.setFlags()
}

// capture opens a capture group. Names are kept here: Go allows fewer.
func (t *translator) capture(name string) {
	t.names = append(t.names, name)
	t.stack = append(t.stack, *t.flags())
}

// setFlags translates (?flags) and (?flags:.
func (t *translator) setFlags() error {
	f, on, off, clear := *t.flags(), "", "", false
	for i := t.pos + 2; i < len(t.src); i++ {
		switch c := t.src[i]; c {
		case '-':
			clear = true
		case 'i', 'm', 's', 'U':
			if c == 'i' {
				f.fold = !clear
			}
			if clear {
				off += string(c)
			} else {
				on += string(c)
			}
		case 'x':
			f.verbose = !clear
		case 'u':
			f.ascii = clear
		case 'R':
			return errors.New("the flag R (CRLF mode) is not supported; write \\r?$ instead")
		case ':', ')':
			if off != "" {
				on += "-" + off
			}
			t.pos = i + 1
			if c == ':' {
				t.stack = append(t.stack, f)
				t.out.WriteString("(?" + on + ":")
				return nil
			}
			if *t.flags() = f; on != "" {
				t.out.WriteString("(?" + on + ")")
			}
			return nil
		default:
			return fmt.Errorf("there is no flag %q", c)
		}
	}
	return errors.New("a group is not closed")
}

// escape translates a backslash and what follows it, outside classes.
func (t *translator) escape() error {
	if t.pos+1 >= len(t.src) {
		return errors.New("a backslash ends it")
	}
	switch c := t.src[t.pos+1]; c {
	case 'd', 'D', 's', 'S', 'w', 'W':
		if !t.unicode() {
			t.copy(2)
			return nil
		}
		t.pos += 2
		t.writeClass(perl(c, true), c < 'a')
		return nil
	case 'b', 'B':
		if strings.HasPrefix(t.src[t.pos+2:], "{") {
			return errors.New("the assertions \\b{…} are not supported; use \\b")
		}
		t.words = t.words || !t.flags().ascii
		t.copy(2)
		return nil
	case '<', '>':
		return fmt.Errorf("the assertion \\%c is not supported; use \\b", c)
	case 'A', 'z':
		t.copy(2)
		return nil
	case 'p', 'P':
		s, err := t.property()
		if err == nil {
			t.writeClass(s, c == 'P')
		}
		return err
	}
	r, err := t.character()
	if err == nil {
		writeLiteral(&t.out, r)
	}
	return err
}

func (t *translator) writeClass(s set, not bool) {
	if not {
		t.out.WriteString("[^" + s.items() + "]")
		return
	}
	t.out.WriteString(s.class())
}

// property reads \p or \P with a name, of one letter or in braces.
func (t *translator) property() (set, error) {
	name := t.src[t.pos+2:]
	if strings.HasPrefix(name, "{") {
		var ok bool
		if name, _, ok = strings.Cut(name[1:], "}"); !ok {
			return nil, errors.New("the name after \\p is not closed by }")
		}
		t.pos += len(name) + 4
	} else {
		_, n := utf8.DecodeRuneInString(name)
		name = name[:n]
		t.pos += n + 2
	}
	if bare, ok := strings.CutPrefix(name, "^"); ok {
		s, err := property(bare)
		return s.not(), err
	}
	return property(name)
}

// character reads an escape that means one character.
func (t *translator) character() (rune, error) {
	at := t.pos
	if at+1 >= len(t.src) {
		return 0, errors.New("a backslash ends it")
	}
	c := t.src[at+1]
	t.pos += 2
	switch c {
	case 'a', 'f', 'n', 'r', 't', 'v':
		return rune("\a\f\n\r\t\v"[strings.IndexByte("afnrtv", c)]), nil
	case 'x':
		return t.hex(2)
	case 'u':
		return t.hex(4)
	case 'U':
		return t.hex(8)
	}
	if c >= '0' && c <= '7' {
		r := rune(c - '0')
		for n := 1; n < 3 && t.pos < len(t.src) && t.src[t.pos] >= '0' && t.src[t.pos] <= '7'; n++ {
			r = r<<3 | rune(t.src[t.pos]-'0')
			t.pos++
		}
		return r, nil
	}
	if c < utf8.RuneSelf && !isAlnum(c) {
		return rune(c), nil
	}
	r, _ := utf8.DecodeRuneInString(t.src[at+1:])
	return 0, fmt.Errorf("there is no escape \\%c (at %d)", r, at)
}

// hex reads a code of the given number of digits, or of any in braces.
func (t *translator) hex(digits int) (rune, error) {
	text := t.src[t.pos:]
	if strings.HasPrefix(text, "{") {
		var ok bool
		if text, _, ok = strings.Cut(text[1:], "}"); !ok {
			return 0, errors.New("a hex code is not closed by }")
		}
		t.pos += len(text) + 2
	} else {
		text = text[:min(digits, len(text))]
		t.pos += len(text)
	}
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil || n > unicode.MaxRune || n >= 0xD800 && n < 0xE000 {
		return 0, fmt.Errorf("%q is no hex code of a character", text)
	}
	return rune(n), nil
}
