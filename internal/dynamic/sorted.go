package dynamic

import (
	"slices"
	"strconv"
	"strings"
)

// AppendSorted appends text with the members of every bag sorted by name.
func AppendSorted(dst []byte, text string) []byte {
	return appendOrdered(dst, text, 0, func(dst []byte, scalar string) []byte { return append(dst, scalar...) })
}

// Identity returns text that two values share exactly when Equal holds for
// them: bags sorted, whole reals written as longs. Strings and longs are
// their own identity.
func Identity(text string) string {
	switch KindOf(text) {
	case Real:
		return string(appendNumberIdentity(nil, text))
	case Array, Bag:
		return string(appendOrdered(make([]byte, 0, len(text)), text, 0, appendNumberIdentity))
	}
	return text
}

// appendNumberIdentity writes a real that is a whole number of 64 bits as a
// long; other scalars stay as they are.
func appendNumberIdentity(dst []byte, scalar string) []byte {
	if KindOf(scalar) == Real {
		if f := realOf(scalar); f == float64(int64(f)) && f > -1<<63 && f < 1<<63 {
			return strconv.AppendInt(dst, int64(f), 10)
		}
	}
	return append(dst, scalar...)
}

// appendOrdered goes no deeper than MaxDepth: functions can nest values that
// Compact would refuse.
func appendOrdered(dst []byte, text string, depth int, scalar func([]byte, string) []byte) []byte {
	if depth > MaxDepth {
		return append(dst, text...)
	}
	first := true
	switch KindOf(text) {
	case Array:
		dst = append(dst, '[')
		for item := range Items(text) {
			dst = appendOrdered(comma(dst, &first), item, depth+1, scalar)
		}
		return append(dst, ']')
	case Bag:
		type member struct{ key, value string }
		members := make([]member, 0, 8)
		for k, v := range Members(text) {
			members = append(members, member{k, v})
		}
		slices.SortFunc(members, func(a, b member) int { return strings.Compare(Unquote(a.key), Unquote(b.key)) })
		dst = append(dst, '{')
		for _, m := range members {
			dst = append(append(comma(dst, &first), m.key...), ':')
			dst = appendOrdered(dst, m.value, depth+1, scalar)
		}
		return append(dst, '}')
	}
	return scalar(dst, text)
}
