package fn

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

// stringRows are the functions of one text. An argument of another type is
// read as tostring() reads it; characters are Unicode code points.
var stringRows = []Spec{
	{
		Name: "strlen", Ref: "strlen-function", Naming: NameFuncArg,
		Doc:   "The number of characters (code points) of the text.",
		Sigs:  []Sig{{Decl: "(string: stringdyn): long"}},
		Nulls: NeverNull, Eval: textLong(func(s string) int64 { return int64(utf8.RuneCountInString(s)) }),
		DuckDB:   SQL{Build: ofString("length({0})")},
		Examples: []Example{{`strlen("hello")`, `5`}, {`strlen("⒦⒰⒮⒯⒪")`, `5`}, {`strlen("")`, `0`}, {`strlen("a😀")`, `2`}},
	},
	{
		Name: "string_size", Ref: "string-size-function", Naming: NameFuncArg,
		Doc:   "The number of bytes of the text in UTF-8.",
		Sigs:  []Sig{{Decl: "(string: stringdyn): long"}},
		Nulls: NeverNull, Eval: textLong(func(s string) int64 { return int64(len(s)) }),
		DuckDB:   SQL{Build: ofString("strlen({0})")},
		Examples: []Example{{`string_size("hello")`, `5`}, {`string_size("⒦⒰⒮⒯⒪")`, `15`}, {`string_size("café")`, `5`}},
	},
	{
		Name: "tolower", Ref: "tolower-function",
		Doc:   "The text in lower case.",
		Sigs:  []Sig{{Decl: "(value: scalar): string"}},
		Nulls: NeverNull, Eval: textText(strings.ToLower),
		DuckDB:   SQL{Build: ofString("lower({0})")}, // the same for every code point; upper() differs for ß
		Examples: []Example{{`tolower("Hello")`, `"hello"`}, {`tolower("ÅNGSTRÖM")`, `"ångström"`}, {`tolower(true)`, `"true"`}},
	},
	{
		Name: "toupper", Ref: "toupper-function",
		Doc:   "The text in upper case.",
		Sigs:  []Sig{{Decl: "(value: scalar): string"}},
		Nulls: NeverNull, Eval: textText(strings.ToUpper),
		Examples: []Example{{`toupper("hello")`, `"HELLO"`}, {`toupper("naïve")`, `"NAÏVE"`}, {`toupper("привет")`, `"ПРИВЕТ"`}},
	},
	{
		Name: "reverse", Ref: "reverse-function",
		Doc:   "The characters of the text in reverse order.",
		Sigs:  []Sig{{Decl: "(value: scalar): string"}},
		Nulls: NeverNull, Eval: textText(reverseText),
		Examples: []Example{{`reverse("ABC")`, `"CBA"`}, {`reverse("𝓗ello")`, `"olle𝓗"`}, {`reverse(123.45)`, `"54.321"`}},
	},
	{
		Name: "substring", Ref: "substring-function",
		Doc:   "The part of the text from a position on, counted from 0; a negative position counts from the end.",
		Sigs:  []Sig{{Decl: "(string: scalar, start: integer, length?: integer): string"}},
		Nulls: NeverNull, Eval: substringEval,
		Examples: []Example{
			{`substring("123456", 1)`, `"23456"`}, {`substring("123456", 2, 2)`, `"34"`},
			{`substring("123456", -2, 2)`, `"56"`}, {`substring("hello", -100, 3)`, `""`},
		},
	},
	emptyRow("isempty", "isempty-function", "The text is empty, or the value is null.", true,
		Example{`isempty("")`, `true`}, Example{`isempty("x")`, `false`}, Example{`isempty(long(null))`, `true`}, Example{`isempty(dynamic([]))`, `false`}),
	emptyRow("isnotempty", "isnotempty-function", "The text is not empty, and the value is not null.", false,
		Example{`isnotempty("x")`, `true`}, Example{`isnotempty("")`, `false`}, Example{`isnotempty(0)`, `true`}),
	obsoleteRow(emptyRow("notempty", "isnotempty-function", "The text is not empty, and the value is not null.", false,
		Example{`notempty("x")`, `true`}, Example{`notempty("")`, `false`}), "isnotempty"),
	{
		Name: "isascii", Ref: "isascii",
		Doc:   "The text holds ASCII characters only.",
		Sigs:  []Sig{{Decl: "(value: scalar): bool"}},
		Nulls: NeverNull, Eval: textBool(terms.ASCII),
		Examples: []Example{{`isascii("some string")`, `true`}, {`isascii("café")`, `false`}},
	},
	{
		Name: "isutf8", Ref: "isutf8-function",
		Doc:   "The text is valid UTF-8.",
		Sigs:  []Sig{{Decl: "(value: scalar): bool"}},
		Nulls: NeverNull, Eval: textBool(utf8.ValidString),
		Examples: []Example{{`isutf8("some string")`, `true`}, {`isutf8("café")`, `true`}},
	},
}

func emptyRow(name, ref, doc string, empty bool, examples ...Example) Spec {
	return Spec{
		Name: name, Ref: ref, Doc: doc, Examples: examples,
		Sigs:  []Sig{{Decl: "(value: scalar): bool"}},
		Nulls: NeverNull, Eval: emptyEval(empty), DuckDB: SQL{Build: emptySQL(empty)},
	}
}

// ofString gives a template to arguments that are strings; a dynamic one is
// left to Eval.
func ofString(template string) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		if b.Args[0].Type != types.String {
			return sqlx.Expr{}, false
		}
		return sqlx.Format(sqlx.Atom, template, b.Args[0].SQL), true
	}
}

// textLong, textText and textBool adapt functions of one text.

func textLong(f func(string) int64) Eval {
	return func(c *Call) {
		t := c.text(0)
		for i := range c.N {
			c.Out.Ints[i] = f(t.at(i))
		}
	}
}

func textText(f func(string) string) Eval {
	return func(c *Call) {
		t := c.text(0)
		for i := range c.N {
			if c.Out.Strings[i] = f(t.at(i)); c.tooMuch(len(c.Out.Strings[i])) {
				return
			}
		}
	}
}

func textBool(f func(string) bool) Eval {
	return func(c *Call) {
		t := c.text(0)
		for i := range c.N {
			c.Out.Bools[i] = f(t.at(i))
		}
	}
}

// textMaybe adapts a function of one text that can fail: null, or "".
func textMaybe[R elem](f func(string) (R, bool)) Eval {
	return func(c *Call) {
		t, out := c.text(0), Column[R](c.Out)
		for i := range c.N {
			if r, ok := f(t.at(i)); ok {
				out[i] = r
			} else {
				c.Out.SetNull(i)
			}
		}
	}
}

func reverseText(s string) string {
	out := make([]byte, len(s))
	for i, at := 0, len(s); i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		at -= n
		copy(out[at:], s[i:i+n])
		i += n
	}
	return string(out)
}

func substringEval(c *Call) {
	t, start := c.text(0), c.Args[1]
	for i := range c.N {
		length := int64(math.MaxInt64)
		if len(c.Args) > 2 {
			if c.Args[2].IsNull(i) {
				continue
			}
			length = c.Args[2].Ints[i]
		}
		if !start.IsNull(i) {
			c.Out.Strings[i] = substring(t.at(i), start.Ints[i], length)
		}
	}
}

// substring cuts length characters from start on. A start before the text,
// counted from its end, gives nothing (recorded).
func substring(s string, start, length int64) string {
	if start < 0 {
		start += int64(utf8.RuneCountInString(s))
	}
	if start < 0 || length <= 0 {
		return ""
	}
	s = s[byteOffset(s, start):]
	return s[:byteOffset(s, length)]
}

// byteOffset is where character n of s begins; the end when there are fewer.
func byteOffset(s string, n int64) int {
	if n >= int64(len(s)) {
		return len(s)
	}
	if head := s[:n]; terms.ASCII(head) {
		return int(n)
	}
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

func emptyEval(empty bool) Eval {
	return func(c *Call) {
		v := c.Args[0]
		if v.Type != types.String && v.Type != types.Dynamic {
			for i := range c.N {
				c.Out.Bools[i] = v.IsNull(i) == empty
			}
			return
		}
		for i := range c.N {
			// The dynamic value "" is an empty string too.
			none := v.IsNull(i) || v.Strings[i] == "" || v.Type == types.Dynamic && v.Strings[i] == `""`
			c.Out.Bools[i] = none == empty
		}
	}
}

func emptySQL(empty bool) func(b *Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) {
		switch x := b.Args[0]; {
		case x.Type == types.String && empty:
			return sqlx.Format(sqlx.Cmp, "{0} = ''", x.SQL), true
		case x.Type == types.String:
			return sqlx.Format(sqlx.Cmp, "{0} <> ''", x.SQL), true
		case x.Type == types.Dynamic && empty:
			return sqlx.Format(sqlx.Cmp, `coalesce({0}, '""') = '""'`, x.SQL), true
		case x.Type == types.Dynamic:
			return sqlx.Format(sqlx.Cmp, `coalesce({0}, '""') <> '""'`, x.SQL), true
		case empty:
			return sqlx.Format(sqlx.Cmp, "{0} IS NULL", x.SQL), true
		default:
			return sqlx.Format(sqlx.Cmp, "{0} IS NOT NULL", x.SQL), true
		}
	}
}
