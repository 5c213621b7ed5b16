package fn

import (
	"errors"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// concatRows put texts together. Arguments of other types are read as
// tostring() reads them, null as "".
var concatRows = []Spec{
	{
		Name: "strcat", Ref: "strcat-function",
		Doc:   "The arguments as text, one after the other.",
		Sigs:  []Sig{{Decl: "(arg: scalar{1,64}): string"}},
		Nulls: NeverNull, Joins: true, Eval: strcatEval, DuckDB: SQL{Build: strcatSQL},
		Examples: []Example{
			{`strcat("hello", " ", "world")`, `"hello world"`}, {`strcat("a", 1, true, 2.0, 1h)`, `"a1True2.001:00:00"`}, {`strcat(int(null), "z")`, `"z"`},
		},
	},
	{
		Name: "strcat_delim", Ref: "strcat-delim-function",
		Doc:   "The arguments after the first as text, with the first between them.",
		Sigs:  []Sig{{Decl: "(delimiter: scalar, arg: scalar{2,64}): string"}},
		Nulls: NeverNull, Joins: true, Eval: strcatDelimEval, DuckDB: SQL{Build: strcatDelimSQL},
		Examples: []Example{{`strcat_delim("-", 1, "2", "A", 1s)`, `"1-2-A-00:00:01"`}, {`strcat_delim("-", "", "z")`, `"-z"`}},
	},
	{
		Name: "strcat_array", Ref: "strcat-array-function",
		Doc:   "The items of an array as text, with a delimiter between them.",
		Sigs:  []Sig{{Decl: "(array: array, delimiter: scalar): string"}},
		Nulls: NeverNull, Eval: strcatArrayEval,
		Examples: []Example{
			{`strcat_array(dynamic([1, 2, 3]), "->")`, `"1->2->3"`}, {`strcat_array(dynamic(["a", null, "", "b"]), "|")`, `"a|||b"`}, {`strcat_array(dynamic([]), ",")`, `""`},
		},
	},
	{
		Name: "strrep", Ref: "strrep-function",
		Doc:   "The text several times, with an optional text between.",
		Sigs:  []Sig{{Decl: "(value: scalar, multiplier: long, delimiter?: scalar): string"}},
		Nulls: NeverNull, Eval: strrepEval,
		Examples: []Example{{`strrep("ABC", 2)`, `"ABCABC"`}, {`strrep(123, 3, ".")`, `"123.123.123"`}, {`strrep(3s, 2, " ")`, `"00:00:03 00:00:03"`}},
	},
}

var errTextSize = errors.New("a function makes a string of more than 16 MiB; cut its arguments with substring()")

// buildTexts makes the text of every row with appendRow, in one buffer.
func buildTexts(c *Call, appendRow func(dst []byte, i int) []byte) {
	var buf []byte
	for i := range c.N {
		if buf = appendRow(buf[:0], i); len(buf) > maxText {
			c.Err = errTextSize
			return
		}
		if c.tooMuch(len(buf)) {
			return
		}
		c.Out.Strings[i] = string(buf)
	}
}

func strcatEval(c *Call) {
	buildTexts(c, func(dst []byte, i int) []byte {
		for _, v := range c.Args {
			if dst = appendText(dst, v, i); len(dst) > maxText {
				break
			}
		}
		return dst
	})
}

func strcatDelimEval(c *Call) {
	buildTexts(c, func(dst []byte, i int) []byte {
		for k, v := range c.Args[1:] {
			if k > 0 {
				dst = appendText(dst, c.Args[0], i)
			}
			if dst = appendText(dst, v, i); len(dst) > maxText {
				break
			}
		}
		return dst
	})
}

// allStrings reports arguments that are strings, which SQL puts together as
// Eval does.
func allStrings(args []Arg) bool {
	return !slices.ContainsFunc(args, func(a Arg) bool { return a.Type != types.String })
}

func strcatSQL(b *Builder) (sqlx.Expr, bool) {
	return sqlx.Format(sqlx.Atom, "concat({*})", argSQL(b.Args)...), allStrings(b.Args)
}

func strcatDelimSQL(b *Builder) (sqlx.Expr, bool) {
	return sqlx.Format(sqlx.Atom, "concat_ws({*})", argSQL(b.Args)...), allStrings(b.Args)
}

func strcatArrayEval(c *Call) {
	list, delimiter := c.Args[0], c.text(1)
	for i := range c.N {
		if list.IsNull(i) {
			continue
		}
		if dynamic.KindOf(list.Strings[i]) != dynamic.Array {
			c.Out.Strings[i] = dynamic.AsString(list.Strings[i])
			continue
		}
		var parts []string
		for item := range dynamic.Items(list.Strings[i]) {
			parts = append(parts, dynamic.AsString(item))
		}
		d := delimiter.at(i)
		if len(parts)*len(d)+len(list.Strings[i]) > maxText {
			c.Err = errTextSize
			return
		}
		if c.Out.Strings[i] = strings.Join(parts, d); c.tooMuch(len(c.Out.Strings[i])) {
			return
		}
	}
}

// strrepEval repeats at most 67,108,864 times, as documented; the size of the
// result is the closer bound.
func strrepEval(c *Call) {
	value, times := c.text(0), c.Args[1]
	for i := range c.N {
		n := times.Ints[i]
		if times.IsNull(i) || n <= 0 {
			continue
		}
		unit, delimiter := value.at(i), ""
		if len(c.Args) > 2 {
			delimiter = textOf(c.Args[2], i)
		}
		size := int64(len(unit) + len(delimiter))
		if n = min(n, 67_108_864); size*n > maxText {
			c.Err = errTextSize
			return
		}
		if c.tooMuch(int(size * n)) {
			return
		}
		c.Out.Strings[i] = strings.Repeat(unit+delimiter, int(n-1)) + unit
	}
}
