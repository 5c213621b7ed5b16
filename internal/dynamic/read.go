package dynamic

import (
	"iter"
	"strings"
)

// end returns where the value that starts at text[i] ends.
func end(text string, i int) int {
	if i >= len(text) {
		return len(text)
	}
	switch text[i] {
	case '"':
		return endString(text, i)
	case '[', '{':
		return endNested(text, i)
	}
	for ; i < len(text); i++ {
		if c := text[i]; c == ',' || c == ']' || c == '}' {
			return i
		}
	}
	return i
}

// endString returns where the string that opens at text[i] ends.
func endString(text string, i int) int {
	for i++; i < len(text); i++ {
		n := strings.IndexByte(text[i:], '"')
		if n < 0 {
			return len(text)
		}
		i += n
		slashes := 0
		for text[i-1-slashes] == '\\' { // ends at the opening quote
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
	return len(text)
}

func endNested(text string, i int) int {
	depth := 0
	for i < len(text) {
		switch text[i] {
		case '"':
			i = endString(text, i)
			continue
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(text)
}

// Items iterates over the items of an array; over nothing for other kinds.
func Items(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(text) < 3 || text[0] != '[' {
			return
		}
		for i := 1; i < len(text); {
			e := end(text, i)
			if !yield(text[i:e]) {
				return
			}
			i = e + 1
			if e >= len(text) || text[e] != ',' {
				return
			}
		}
	}
}

// Members iterates over the members of a bag; over nothing for other kinds.
// Keys come quoted, as they stand in the text (see Unquote): equal keys are
// equal text.
func Members(text string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		if len(text) < 3 || text[0] != '{' {
			return
		}
		for i := 1; i < len(text); {
			k := endString(text, i)
			if k >= len(text) {
				return
			}
			e := end(text, k+1)
			if !yield(text[i:k], text[k+1:e]) {
				return
			}
			i = e + 1
			if e >= len(text) || text[e] != ',' {
				return
			}
		}
	}
}

// Get returns the value of a bag's member; ok is false when text is no bag or
// has no such key.
func Get(text, key string) (value string, ok bool) {
	for k, v := range Members(text) {
		if isKey(k, key) {
			return v, true
		}
	}
	return "null", false
}

// isKey reports whether quoted text spells key.
func isKey(quoted, key string) bool {
	if len(quoted) == len(key)+2 {
		return quoted[1:len(quoted)-1] == key && plain(key)
	}
	return len(quoted) > len(key)+2 && !plain(quoted[1:len(quoted)-1]) && Unquote(quoted) == key
}

// plain reports text without escapes.
func plain(s string) bool { return strings.IndexByte(s, '\\') < 0 }

// Index returns item i of an array; a negative i counts from the end.
func Index(text string, i int) (value string, ok bool) {
	if i < 0 {
		i += Len(text)
	}
	if i < 0 {
		return "null", false
	}
	for item := range Items(text) {
		if i == 0 {
			return item, true
		}
		i--
	}
	return "null", false
}

// Len counts the items of an array or the members of a bag.
func Len(text string) int {
	if len(text) < 3 || text[0] != '[' && text[0] != '{' {
		return 0
	}
	n := 1
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = endString(text, i) - 1
		case '[', '{':
			i = endNested(text, i) - 1
		case ',':
			n++
		}
	}
	return n
}

// AppendItems appends the items of an array to dst, which may be reused.
func AppendItems(dst []string, text string) []string {
	for item := range Items(text) {
		dst = append(dst, item)
	}
	return dst
}
