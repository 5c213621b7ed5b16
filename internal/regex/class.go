package regex

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// class translates a bracketed class. A plain one is written item by item, so
// that Go applies the case flag and the negation in its order; one with nested
// classes or set operators is computed.
func (t *translator) class() error {
	start := t.pos
	p := &classParser{t: t, nested: true}
	s, err := p.parse(0)
	if err != nil {
		// An opening bracket that is never closed stands for itself.
		t.pos = start
		p = &classParser{t: t}
		var again error
		if s, again = p.parse(0); again != nil {
			return err
		}
	}
	if p.computed {
		t.out.WriteString(s.class())
		return nil
	}
	t.out.WriteByte('[')
	if p.negated {
		t.out.WriteByte('^')
	}
	t.out.WriteString(p.items.String())
	t.out.WriteByte(']')
	return nil
}

// classParser reads one bracketed class with the classes inside it.
type classParser struct {
	t        *translator
	nested   bool // an opening bracket inside opens a class
	computed bool // nested classes or set operators were seen
	negated  bool // the outermost class
	items    strings.Builder
}

// parse reads a class from its opening to its closing bracket.
func (p *classParser) parse(depth int) (set, error) {
	if depth > maxDepth {
		return nil, errors.New("too many classes inside one another")
	}
	t := p.t
	t.pos++
	not := p.skip("^")
	if depth == 0 {
		p.negated = not
	}
	var result, operand set
	op := ""
	first := true
	for ; ; first = false {
		p.blanks()
		switch {
		case t.pos >= len(t.src):
			return nil, errors.New("a class is not closed by ]")
		case !first && p.skip("]"):
			if p.computed {
				operand = p.fold(operand)
			}
			if operand = apply(op, result, operand); not {
				operand = operand.not()
			}
			return operand, nil
		case !first && p.nested && p.operator() != "":
			result, operand = apply(op, result, p.fold(operand)), nil
			op = p.operator()
			t.pos += 2
			p.computed = true
		default:
			s, err := p.item(depth)
			if err != nil {
				return nil, err
			}
			operand = operand.or(s)
		}
	}
}

// fold closes an operand under case before a set operator sees it.
func (p *classParser) fold(s set) set {
	if p.t.flags().fold {
		return s.folded()
	}
	return s
}

// apply combines what stands left and right of a set operator.
func apply(op string, left, right set) set {
	switch op {
	case "&&":
		return left.and(right)
	case "--":
		return left.minus(right)
	case "~~":
		return left.minus(right).or(right.minus(left))
	}
	return right
}

// operator returns the set operator at the current position, if there is one.
func (p *classParser) operator() string {
	for _, op := range []string{"&&", "--", "~~"} {
		if strings.HasPrefix(p.t.src[p.t.pos:], op) {
			return op
		}
	}
	return ""
}

func (p *classParser) skip(text string) bool {
	if strings.HasPrefix(p.t.src[p.t.pos:], text) {
		p.t.pos += len(text)
		return true
	}
	return false
}

// blanks skips blanks in verbose mode.
func (p *classParser) blanks() {
	t := p.t
	for t.flags().verbose && t.pos < len(t.src) {
		r, n := utf8.DecodeRuneInString(t.src[t.pos:])
		if !unicode.Is(unicode.White_Space, r) {
			return
		}
		t.pos += n
	}
}

// item reads a character, a range, an escape or a class inside a class.
func (p *classParser) item(depth int) (set, error) {
	t := p.t
	switch rest := t.src[t.pos:]; {
	case strings.HasPrefix(rest, "[:"):
		if s, ok := p.posix(); ok {
			return s, nil
		}
	case rest[0] == '\\' && len(rest) > 1 && strings.IndexByte("dDsSwWpP", rest[1]) >= 0:
		return p.classEscape(rest[1])
	}
	if t.src[t.pos] == '[' && p.nested {
		p.computed = true
		return p.parse(depth + 1)
	}
	lo, err := p.char()
	if err != nil {
		return nil, err
	}
	hi := lo
	if rest := t.src[t.pos:]; len(rest) > 1 && rest[0] == '-' && rest[1] != ']' && !(rest[1] == '-' && p.nested) &&
		!(rest[1] == '\\' && len(rest) > 2 && strings.IndexByte("dDsSwWpP", rest[2]) >= 0) {
		t.pos++
		if hi, err = p.char(); err != nil {
			return nil, err
		}
		if hi < lo {
			return nil, errors.New("a range in a class ends before it begins")
		}
	}
	s := set{lo, hi}
	p.items.WriteString(s.items())
	return s, nil
}

// char reads one character of a class.
func (p *classParser) char() (rune, error) {
	t := p.t
	if t.pos >= len(t.src) {
		return 0, errors.New("a class is not closed by ]")
	}
	if t.src[t.pos] == '\\' {
		return t.character()
	}
	r, n := utf8.DecodeRuneInString(t.src[t.pos:])
	t.pos += n
	return r, nil
}

// classEscape reads \d, \p and their like inside a class.
func (p *classParser) classEscape(c byte) (set, error) {
	t := p.t
	var s set
	var err error
	if c|0x20 == 'p' {
		s, err = t.property()
	} else {
		s = perl(c, t.unicode())
		t.pos += 2
	}
	if err != nil {
		return nil, err
	}
	if c < 'a' {
		s = s.not()
	}
	p.items.WriteString(s.items())
	return s, nil
}

// posix reads [:name:] or [:^name:].
func (p *classParser) posix() (set, bool) {
	t := p.t
	name, _, ok := strings.Cut(t.src[t.pos+2:], ":]")
	bare, not := strings.CutPrefix(name, "^")
	s, known := posix(bare)
	if !ok || !known {
		return nil, false
	}
	t.pos += len(name) + 4
	if not {
		s = s.not()
	}
	p.items.WriteString(s.items())
	return s, true
}
