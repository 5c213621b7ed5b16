// Package terms is how Kusto looks for text in text: what a term is, which
// letters are the same letter, and searches that obey both.
//
// Terms. A string falls into terms, the maximal runs of letters and digits of
// any script; everything else separates (the underscore too: "1_2_3" has "1").
// has looks for a needle whose ends are ends of terms. Where the needle itself
// begins or ends with a separator there is nothing to check on that side:
// "-enc" is found in "cmd -enc x" and in "a-enc", and has " " is a plain search
// (recorded). The empty needle is found everywhere (recorded).
//
// Case. Two texts are equal without case when their characters are, one by
// one, after mapping to upper case as ordinal comparison does: only simple
// mappings, so ß is not SS; a letter outside ASCII never equals one of ASCII,
// so the Kelvin sign is not k and the dotless ı is not i. Hence a needle of
// ASCII can be sought byte by byte in any text.
//
// Speed. These searches are what a hunt spends its time on, so the common
// case, one ASCII needle in many lines, compares eight positions at a time by
// the two rarest bytes of the needle and allocates nothing.
package terms

import (
	"unicode"
	"unicode/utf8"
)

// Classes of bytes.
const (
	isTerm  = 1 << iota // an ASCII letter or digit
	isUpper             // A-Z
	isHigh              // part of a character outside ASCII
)

// class tells what a byte is; lower is the ASCII lower case of a byte.
var class, lower = byteTables()

func byteTables() (class, lower [256]byte) {
	for c := range 256 {
		lower[c] = byte(c)
		switch {
		case c >= utf8.RuneSelf:
			class[c] = isHigh
		case c >= 'A' && c <= 'Z':
			class[c] = isTerm | isUpper
			lower[c] = byte(c) | 0x20
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			class[c] = isTerm
		}
	}
	return class, lower
}

// IsTerm reports whether r is part of a term.
func IsTerm(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && class[r]&isTerm != 0
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// TermBefore reports whether the character that ends at s[i] is part of a term.
func TermBefore(s string, i int) bool {
	if i <= 0 {
		return false
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return class[c]&isTerm != 0
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return IsTerm(r)
}

// TermAt reports whether the character that begins at s[i] is part of a term.
func TermAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	if c := s[i]; c < utf8.RuneSelf {
		return class[c]&isTerm != 0
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return IsTerm(r)
}

// foldRune maps r to the character that stands for all that equal it without
// case: lower case in ASCII, upper case outside.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return rune(lower[byte(r)])
	}
	if u := unicode.ToUpper(r); u >= utf8.RuneSelf {
		return u
	}
	return r
}

// appendFold appends s with every character folded.
func appendFold(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, lower[c])
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, s[i]) // not UTF-8: equal to itself only
		} else {
			dst = utf8.AppendRune(dst, foldRune(r))
		}
		i += n
	}
	return dst
}

// Fold returns s with every character folded: two strings are equal without
// case exactly when their folded forms are equal.
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		if class[s[i]]&(isUpper|isHigh) != 0 {
			return string(appendFold(make([]byte, 0, len(s)+8), s))
		}
	}
	return s
}

// ASCII reports whether s holds ASCII only.
func ASCII(s string) bool {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if load(s, i)&highBits != 0 {
			return false
		}
	}
	for ; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// EqualFold reports whether a and b are equal without case.
func EqualFold(a, b string) bool {
	rest, ok := cutPrefixFold(a, b)
	return ok && rest == ""
}

// HasPrefixFold reports whether s begins with prefix, without case.
func HasPrefixFold(s, prefix string) bool {
	_, ok := cutPrefixFold(s, prefix)
	return ok
}

// cutPrefixFold removes a prefix given without case.
func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	i := 0
	for ; i < len(prefix); i++ {
		if i >= len(s) {
			return "", false
		}
		if (s[i]|prefix[i])&0x80 != 0 {
			return cutRunesFold(s[i:], prefix[i:])
		}
		if lower[s[i]] != lower[prefix[i]] {
			return "", false
		}
	}
	return s[i:], true
}

// cutRunesFold is cutPrefixFold character by character.
func cutRunesFold(s, prefix string) (rest string, ok bool) {
	for prefix != "" {
		if s == "" {
			return "", false
		}
		a, n := utf8.DecodeRuneInString(s)
		b, m := utf8.DecodeRuneInString(prefix)
		if foldRune(a) != foldRune(b) || a == utf8.RuneError && s[:n] != prefix[:m] {
			return "", false
		}
		s, prefix = s[n:], prefix[m:]
	}
	return s, true
}

// HasSuffixFold reports whether s ends with suffix, without case.
func HasSuffixFold(s, suffix string) bool {
	for suffix != "" {
		if s == "" {
			return false
		}
		a, b := s[len(s)-1], suffix[len(suffix)-1]
		if (a|b)&0x80 == 0 {
			if lower[a] != lower[b] {
				return false
			}
			s, suffix = s[:len(s)-1], suffix[:len(suffix)-1]
			continue
		}
		ra, n := utf8.DecodeLastRuneInString(s)
		rb, m := utf8.DecodeLastRuneInString(suffix)
		if foldRune(ra) != foldRune(rb) || ra == utf8.RuneError && s[len(s)-n:] != suffix[len(suffix)-m:] {
			return false
		}
		s, suffix = s[:len(s)-n], suffix[:len(suffix)-m]
	}
	return true
}
