package regex

import (
	"fmt"
	"strings"
	"unicode"
)

// perl returns the class of \d, \s or \w, without the negation of \D, \S, \W.
func perl(c byte, wide bool) set {
	switch c | 0x20 {
	case 'd':
		if wide {
			return table(unicode.Nd)
		}
		return set{'0', '9'}
	case 's':
		if wide {
			return table(unicode.White_Space)
		}
		return set{'\t', '\r', ' ', ' '}
	}
	if wide {
		return table(unicode.L, unicode.Nl, unicode.Other_Alphabetic, unicode.M, unicode.Nd, unicode.Pc, unicode.Join_Control)
	}
	return set{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
}

// isWord reports whether r is of the class \w.
func isWord(r rune) bool {
	if r < 0 {
		return false
	}
	if r < 0x80 {
		return r == '_' || isAlnum(byte(r))
	}
	return unicode.In(r, unicode.L, unicode.Nl, unicode.Other_Alphabetic, unicode.M, unicode.Nd, unicode.Pc, unicode.Join_Control)
}

// property returns the class \p{name}: a general category, a script, or a
// binary property; "sc=Greek" and "gc:Lu" say which kind is meant.
func property(name string) (set, error) {
	bare := name
	if i := strings.IndexAny(name, "=:"); i >= 0 {
		bare = name[i+1:]
	}
	key := canonical(bare)
	switch key {
	case "any":
		return set{0, unicode.MaxRune}, nil
	case "ascii":
		return set{0, 0x7F}, nil
	case "assigned":
		return table(unicode.Categories["Cn"]).not(), nil
	case "alphabetic", "alpha":
		return table(unicode.L, unicode.Nl, unicode.Other_Alphabetic), nil
	case "uppercase", "upper":
		return table(unicode.Lu, unicode.Other_Uppercase), nil
	case "lowercase", "lower":
		return table(unicode.Ll, unicode.Other_Lowercase), nil
	}
	for long, short := range unicode.CategoryAliases {
		if canonical(long) == key {
			key = canonical(short)
		}
	}
	for _, tables := range []map[string]*unicode.RangeTable{unicode.Categories, unicode.Scripts, unicode.Properties} {
		for n, t := range tables {
			if canonical(n) == key {
				return table(t), nil
			}
		}
	}
	return nil, fmt.Errorf("there is no character class \\p{%s}", name)
}

// canonical drops what does not count in the names of properties.
func canonical(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// posix returns the ASCII class [:name:].
func posix(name string) (set, bool) {
	switch name {
	case "alnum":
		return set{'0', '9', 'A', 'Z', 'a', 'z'}, true
	case "alpha":
		return set{'A', 'Z', 'a', 'z'}, true
	case "ascii":
		return set{0, 0x7F}, true
	case "blank":
		return set{'\t', '\t', ' ', ' '}, true
	case "cntrl":
		return set{0, 0x1F, 0x7F, 0x7F}, true
	case "digit":
		return set{'0', '9'}, true
	case "graph":
		return set{'!', '~'}, true
	case "lower":
		return set{'a', 'z'}, true
	case "print":
		return set{' ', '~'}, true
	case "punct":
		return set{'!', '/', ':', '@', '[', '`', '{', '~'}, true
	case "space":
		return set{'\t', '\r', ' ', ' '}, true
	case "upper":
		return set{'A', 'Z'}, true
	case "word":
		return set{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}, true
	case "xdigit":
		return set{'0', '9', 'A', 'F', 'a', 'f'}, true
	}
	return nil, false
}
