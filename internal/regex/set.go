package regex

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// set is a set of characters: pairs of first and last, ascending and disjoint.
type set []rune

// of makes a set of pairs in any order.
func of(pairs ...rune) set {
	type span struct{ lo, hi rune }
	spans := make([]span, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		spans = append(spans, span{pairs[i], pairs[i+1]})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.lo) - int(b.lo) })
	var s set
	for _, p := range spans {
		if n := len(s); n > 0 && p.lo <= s[n-1]+1 {
			s[n-1] = max(s[n-1], p.hi)
		} else {
			s = append(s, p.lo, p.hi)
		}
	}
	return s
}

// table makes a set of a Unicode table.
func table(ts ...*unicode.RangeTable) set {
	var pairs []rune
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			pairs = append(pairs, lo, hi)
			return
		}
		for r := lo; r <= hi; r += stride {
			pairs = append(pairs, r, r)
		}
	}
	for _, t := range ts {
		for _, r := range t.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return of(pairs...)
}

func (s set) or(t set) set { return of(append(slices.Clone(s), t...)...) }

func (s set) not() set {
	var out set
	next := rune(0)
	for i := 0; i < len(s); i += 2 {
		if s[i] > next {
			out = append(out, next, s[i]-1)
		}
		next = s[i+1] + 1
	}
	if next <= utf8.MaxRune {
		out = append(out, next, utf8.MaxRune)
	}
	return out
}

func (s set) and(t set) set   { return s.not().or(t.not()).not() }
func (s set) minus(t set) set { return s.and(t.not()) }

// folded adds every character that equals one of s without case.
func (s set) folded() set {
	pairs := slices.Clone(s)
	for i := 0; i < len(s); i += 2 {
		// Beyond U+1E943 no character has another case.
		for r := s[i]; r <= min(s[i+1], 0x1E943); r++ {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				pairs = append(pairs, f, f)
			}
		}
	}
	return of(pairs...)
}

// items writes s as the inside of a class in Go's syntax.
func (s set) items() string {
	var b strings.Builder
	for i := 0; i < len(s); i += 2 {
		writeLiteral(&b, s[i])
		if s[i+1] > s[i] {
			b.WriteByte('-')
			writeLiteral(&b, s[i+1])
		}
	}
	return b.String()
}

// class writes s as a class in Go's syntax; the empty set matches nothing.
func (s set) class() string {
	if len(s) == 0 {
		return `[^\x00-\x{10FFFF}]`
	}
	return "[" + s.items() + "]"
}

// writeLiteral writes one character so that it stands for itself anywhere in
// Go's syntax.
func writeLiteral(b *strings.Builder, r rune) {
	switch {
	case r < ' ' || r == 0x7F || r >= 0xD800 && r < 0xE000 || !unicode.IsGraphic(r) && r >= utf8.RuneSelf:
		const hex = "0123456789ABCDEF"
		b.WriteString(`\x{`)
		for shift := 20; shift >= 0; shift -= 4 {
			if r>>shift != 0 || shift == 0 {
				b.WriteByte(hex[r>>shift&15])
			}
		}
		b.WriteByte('}')
	case r < utf8.RuneSelf && !isAlnum(byte(r)):
		b.WriteByte('\\')
		b.WriteByte(byte(r))
	default:
		b.WriteRune(r)
	}
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
