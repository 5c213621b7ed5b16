package fn

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/terms"
)

// searchRows find and count parts of a text. Positions count characters.
var searchRows = []Spec{
	{
		Name: "indexof", Ref: "indexof-function",
		Doc:  "The position of a text in another, from 0; -1 when it is not there.",
		Sigs: []Sig{{Decl: "(string: scalar, match: scalar, start?: integer, length?: integer, occurrence?: const integer): long"}},
		Eval: indexofEval,
		Examples: []Example{
			{`indexof("abcdefg", "cde")`, `2`}, {`indexof("abcdefg", "cde", 1, 1)`, `-1`}, {`indexof("abcdefg", "cde", 1, 2)`, `2`}, {`indexof("abcdefg", "cde", -5)`, `2`},
			{`indexof(1234567, 5, 1, 4)`, `4`}, {`indexof("abcdefgabcdefg", "cde", 1, 10, 2)`, `9`},
		},
	},
	{
		Name: "indexof_regex", Ref: "indexof-regex-function",
		Doc:  "The position of the first match of a regular expression, from 0; -1 when there is none.",
		Sigs: []Sig{{Decl: "(string: scalar, match: const scalar, start?: integer, length?: integer, occurrence?: const integer): long"}},
		Eval: indexofRegexEval,
		Examples: []Example{
			{`indexof_regex("abcabc", "a.c")`, `0`}, {`indexof_regex("abcabcdefg", "a.c", 0, 9, 2)`, `3`},
			{`indexof_regex("abcabc", "a.c", 1, -1, 2)`, `-1`}, {`indexof_regex("ababaa", "a.a", 0, -1, 2)`, `-1`},
		},
	},
	{
		Name: "countof", Ref: "countof-function",
		Doc:   "How often a text stands in another (overlaps count), or a regular expression matches it.",
		Sigs:  []Sig{{Decl: "(source: string, search: string, kind?: lit string=normal/regex): long"}},
		Nulls: NeverNull, Eval: countofEval,
		Examples: []Example{
			{`countof("aaaa", "aa")`, `3`}, {`countof("ababa", "aba")`, `2`}, {`countof("ababa", "aba", "regex")`, `1`}, {`countof("abcabc", "a.c", "regex")`, `2`},
		},
	},
	{
		Name: "split", Ref: "split-function", Naming: NameFirstArg,
		Doc:  "The parts of a text between delimiters as an array, or the part at an index as an array of one.",
		Sigs: []Sig{{Decl: "(source: scalar, delimiter: string, requestedIndex?: integer): dynamic"}},
		Eval: splitEval,
		Examples: []Example{
			{`split("aa_bb", "_")`, `dynamic(["aa","bb"])`}, {`split("aaa_bbb_ccc", "_", 1)`, `dynamic(["bbb"])`},
			{`split("", "_")`, `dynamic([""])`}, {`split("a__b", "_")`, `dynamic(["a","","b"])`}, {`split("a", "_", 1)`, `dynamic(null)`},
		},
	},
	{
		Name: "strcmp", Ref: "strcmp-function",
		Doc:   "-1, 0 or 1 as the first text is before, equal to or after the second.",
		Sigs:  []Sig{{Decl: "(s1: scalar, s2: scalar): long"}},
		Nulls: NeverNull, Eval: strcmpEval,
		Examples: []Example{{`strcmp("ABC", "ABC")`, `0`}, {`strcmp("abc", "ABC")`, `1`}, {`strcmp("ABC", "abc")`, `-1`}, {`strcmp("abcde", "abc")`, `1`}},
	},
}

// searchRange is what the optional arguments of indexof say for one row.
type searchRange struct{ start, length, occurrence int64 }

// searchRangeOf reads start, length and occurrence of row i; ok is false when
// they have no meaning and the result is null.
func searchRangeOf(c *Call, i int) (w searchRange, ok bool) {
	w = searchRange{0, -1, 1}
	for k, p := range []*int64{&w.start, &w.length, &w.occurrence} {
		if len(c.Args) <= k+2 {
			break
		}
		if c.Args[k+2].IsNull(i) {
			return w, false
		}
		*p = c.Args[k+2].Ints[i]
	}
	return w, w.length >= -1 && w.occurrence > 0
}

// begin returns the byte where the search begins and the characters before
// it; ok is false when that is behind the end.
func (w searchRange) begin(s string) (at int, chars int64, ok bool) {
	chars = w.start
	if chars < 0 {
		chars = max(0, chars+int64(utf8.RuneCountInString(s)))
	}
	if chars > 0 && int64(utf8.RuneCountInString(s)) < chars {
		return 0, 0, false
	}
	return byteOffset(s, chars), chars, true
}

func indexofEval(c *Call) {
	text, match := c.text(0), c.text(1)
	for i := range c.N {
		if w, ok := searchRangeOf(c, i); ok {
			c.Out.Ints[i] = indexOf(text.at(i), match.at(i), w)
		} else {
			c.Out.SetNull(i)
		}
	}
}

// indexOf finds an occurrence that begins within the range; it may end behind
// it (recorded: "cde" is found in "abcdefg" from 1 within 2 characters, where
// the reference page says it is not). Occurrences may overlap.
func indexOf(s, match string, w searchRange) int64 {
	at, chars, ok := w.begin(s)
	if !ok {
		return -1
	}
	s = s[at:]
	end := w.end(s)
	if match == "" {
		if w.occurrence > int64(utf8.RuneCountInString(s[:end]))+1 {
			return -1
		}
		return chars + w.occurrence - 1
	}
	n := w.occurrence
	for k := range terms.Occurrences(s, match) {
		if k >= end {
			break
		}
		if n--; n == 0 {
			return chars + int64(utf8.RuneCountInString(s[:k]))
		}
	}
	return -1
}

// end is the byte behind the last one where a match may begin; s begins at
// the start of the range.
func (w searchRange) end(s string) int {
	if w.length < 0 {
		return len(s)
	}
	return byteOffset(s, w.length)
}

func indexofRegexEval(c *Call) {
	text, match := c.text(0), c.text(1)
	var p pattern
	for i := range c.N {
		w, ok := searchRangeOf(c, i)
		re := p.get(c, match.at(i))
		if re == nil {
			return
		}
		if !ok || w.start < 0 {
			c.Out.SetNull(i)
			continue
		}
		c.Out.Ints[i] = -1
		s := text.at(i)
		at, chars, ok := w.begin(s)
		if !ok {
			continue
		}
		s = s[at:]
		all := re.FindAll(s)
		if int64(len(all)) < w.occurrence {
			continue
		}
		if k := all[w.occurrence-1][0]; k < w.end(s) || k == 0 && w.length != 0 {
			c.Out.Ints[i] = chars + int64(utf8.RuneCountInString(s[:k]))
		}
	}
}

func countofEval(c *Call) {
	text, search := c.text(0), c.text(1)
	var p pattern
	for i := range c.N {
		if len(c.Args) < 3 || c.Args[2].Strings[i] != "regex" {
			c.Out.Ints[i] = countOverlapping(text.at(i), search.at(i))
			continue
		}
		re := p.get(c, search.at(i))
		if re == nil {
			return
		}
		c.Out.Ints[i] = int64(len(re.FindAll(text.at(i))))
	}
}

func countOverlapping(s, search string) int64 {
	n := int64(0)
	for range terms.Occurrences(s, search) {
		n++
	}
	return n
}

func splitEval(c *Call) {
	text, delimiter := c.text(0), c.text(1)
	var buf []byte
	for i := range c.N {
		s, d := text.at(i), delimiter.at(i)
		wanted := int64(-1)
		if len(c.Args) > 2 && !c.Args[2].IsNull(i) {
			if wanted = c.Args[2].Ints[i]; wanted < 0 {
				wanted = math.MaxInt64
			}
		}
		ok := d != "" // an empty delimiter gives null
		if ok {
			buf, ok = appendParts(buf[:0], s, d, wanted)
		}
		if ok {
			c.Out.Strings[i] = string(buf)
		} else {
			c.Out.SetNull(i)
		}
	}
}

// appendParts appends the parts of s as a JSON array; only part `wanted` when
// that is not negative, and ok is false when there is none.
func appendParts(dst []byte, s, delimiter string, wanted int64) (parts []byte, ok bool) {
	dst = append(dst, '[')
	for n := int64(0); ; n++ {
		part, rest, more := strings.Cut(s, delimiter)
		if wanted < 0 && n > 0 {
			dst = append(dst, ',')
		}
		if wanted < 0 || wanted == n {
			dst = dynamic.AppendString(dst, part)
		}
		if wanted == n || !more {
			return append(dst, ']'), wanted <= n
		}
		s = rest
	}
}

func strcmpEval(c *Call) {
	a, b := c.text(0), c.text(1)
	for i := range c.N {
		c.Out.Ints[i] = int64(strings.Compare(a.at(i), b.at(i)))
	}
}
