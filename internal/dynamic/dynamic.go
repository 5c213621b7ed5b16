// Package dynamic is the one reader and writer of dynamic values: compact
// JSON text (ADR 0007).
//
// Canonical form. Every dynamic value in the program is canonical: UTF-8 JSON
// without blanks, strings escaped as AppendString does, integers that fit 64
// bits as plain digits, every other number as AppendReal prints it (which is
// how a long and a real stay apart: 1 and 1.0), no key twice in a bag, members
// in the order they came. Compact brings foreign text into this form and is
// the only validation; everything else here trusts it. Readers therefore are
// plain byte scans that return substrings of their argument and allocate
// nothing; text that is not canonical gives a wrong answer, never a panic.
//
// JSON null stands for the null value. On its own it never travels as text
// (a vector marks the row null); inside arrays and bags it is "null". Readers
// take and give "null" so that nested code needs no second case.
//
// A general JSON library does not fit: it must validate again at every step,
// knows paths rather than keys (an escape is needed for a dot in a key), and
// keeps numbers as they were written, where Kusto prints what it understood.
package dynamic

// Limits of a dynamic value. Kusto's own limit of a dynamic column is 1 MiB by
// default and 32 MiB at most; the depth bounds the recursion of every reader.
const (
	MaxSize  = 16 << 20
	MaxDepth = 128
)

// Kind is what a dynamic value holds.
type Kind uint8

// The kinds of values.
const (
	Null Kind = iota
	Bool
	Long
	Real
	String
	Array
	Bag
)

// KindOf tells what canonical text holds. Empty text is null.
func KindOf(text string) Kind {
	if text == "" {
		return Null
	}
	switch text[0] {
	case 'n':
		return Null
	case 't', 'f':
		return Bool
	case '"':
		return String
	case '[':
		return Array
	case '{':
		return Bag
	}
	for i := 1; i < len(text); i++ {
		if c := text[i]; c == '.' || c == 'e' {
			return Real
		}
	}
	return Long
}

// TypeName is what gettype() says of a dynamic value.
func TypeName(text string) string {
	switch KindOf(text) {
	case Bool:
		return "bool"
	case Long:
		return "long"
	case Real:
		return "double"
	case String:
		return "string"
	case Array:
		return "array"
	case Bag:
		return "dictionary"
	}
	return "null"
}
