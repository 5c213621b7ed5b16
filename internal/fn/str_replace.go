package fn

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/regex"
)

// replaceRows change or remove parts of a text.
var replaceRows = []Spec{
	{
		Name: "replace_string", Ref: "replace-string-function",
		Doc:   "The text with every occurrence of another replaced; an empty one to look for changes nothing.",
		Sigs:  []Sig{{Decl: "(text: string, lookup: string, rewrite: string): string"}},
		Nulls: NeverNull, Eval: replaceStringEval,
		Examples: []Example{
			{`replace_string("A cat", "cat", "hamster")`, `"A hamster"`}, {`replace_string("aaa", "", "X")`, `"aaa"`}, {`replace_string("abcabc", "abc", "")`, `""`},
		},
	},
	{
		Name: "replace_strings", Ref: "replace-strings-function",
		Doc:   "The text with every item of one list replaced by that of another; an earlier item goes first, and what it matched is not looked at again.",
		Sigs:  []Sig{{Decl: "(text: string, lookups: array, rewrites: array): string"}},
		Nulls: NeverNull, Eval: replaceStringsEval,
		Examples: []Example{
			{`replace_strings("cat, dog", dynamic(["cat", "dog"]), dynamic(["dog", "pigeon"]))`, `"dog, pigeon"`},
			{`replace_strings("This is", dynamic(["This", "is"]), dynamic(["This", "was"]))`, `"This was"`},
			{`replace_strings("This is", dynamic(["is", "This"]), dynamic(["was", "This"]))`, `"Thwas was"`},
			{`replace_strings("This is", dynamic(["This", "is"]), dynamic([12345, "was"]))`, `"This was"`},
		},
	},
	{
		Name: "translate", Ref: "translate-function",
		Doc:   "The text with every character of one list replaced by the one at the same place in another.",
		Sigs:  []Sig{{Decl: "(searchList: string, replacementList: string, source: string): string"}},
		Nulls: NeverNull, Eval: translateEval,
		Examples: []Example{{`translate("krasp", "otsku", "spark")`, `"kusto"`}, {`translate("abc", "x", "abc")`, `"xxx"`}, {`translate("abc", "", "ab")`, `""`}},
	},
	{
		Name: "replace_regex", Ref: "replace-regex-function",
		Doc:   `The text with every match of a regular expression replaced; \1 in the rewrite is the first group, \0 the match.`,
		Sigs:  []Sig{{Decl: "(source: string, lookup_regex: const string, rewrite_pattern: const string): string"}},
		Nulls: NeverNull, Eval: replaceRegexEval(0, 1, 2),
		Examples: []Example{
			{`replace_regex("Number is 1", @"is (\d+)", @"was: \1")`, `"Number was: 1"`},
			{`replace_regex("one two", @"(\w)(\w)", @"\2\1")`, `"noe wto"`}, {`replace_regex("   ", @"\s+", "-")`, `"-"`},
		},
	},
	{
		Name: "replace", Ref: "replace-regex-function", Hidden: true, Obsolete: "replace_regex",
		Doc:   "The text with every match of a regular expression replaced.",
		Sigs:  []Sig{{Decl: "(regex: const string, rewrite: const string, source: string): string"}},
		Nulls: NeverNull, Eval: replaceRegexEval(2, 0, 1),
		Examples: []Example{{`replace(@"is (\d+)", @"was: \1", "Number is 1")`, `"Number was: 1"`}, {`replace("b", "x", "abc")`, `"axc"`}},
	},
	trimRow("trim", "trim-function", "The text without one match of a regular expression at its start and one at its end.", true, true,
		Example{`trim("--", "--https://bing.com--")`, `"https://bing.com"`}, Example{`trim("x", "xxabcxx")`, `"xabcx"`}, Example{`trim(@"\s+", "  a b ")`, `"a b"`}),
	trimRow("trim_start", "trim-start-function", "The text without one match of a regular expression at its start.", true, false,
		Example{`trim_start("https://", "https://bing.com")`, `"bing.com"`}, Example{`trim_start(@"[^\w]+", "-  Te st// $")`, `"Te st// $"`}),
	trimRow("trim_end", "trim-end-function", "The text without one match of a regular expression at its end.", false, true,
		Example{`trim_end(".com", "bing.com")`, `"bing"`}, Example{`trim_end("x", "abxx")`, `"abx"`}),
	{
		Name: "regex_quote", Ref: "regex-quote-function",
		Doc:   "A regular expression that matches exactly the text.",
		Sigs:  []Sig{{Decl: "(string: scalar): string"}},
		Nulls: NeverNull, Eval: textText(regex.Quote),
		Examples: []Example{{`regex_quote("(so$me.Te^xt)")`, `@"\(so\$me\.Te\^xt\)"`}, {`regex_quote("abc")`, `"abc"`}},
	},
}

func trimRow(name, ref, doc string, start, end bool, examples ...Example) Spec {
	return Spec{
		Name: name, Ref: ref, Doc: doc, Examples: examples,
		Sigs:  []Sig{{Decl: "(regex: const string, source: string): string"}},
		Nulls: NeverNull, Eval: trimEval(start, end),
	}
}

func replaceStringEval(c *Call) {
	text, lookup, rewrite := c.text(0), c.text(1), c.text(2)
	for i := range c.N {
		s, from, to := text.at(i), lookup.at(i), rewrite.at(i)
		if from == "" {
			c.Out.Strings[i] = s
			continue
		}
		if grow := len(to) - len(from); grow > 0 {
			size := len(s) + strings.Count(s, from)*grow
			if size > maxText {
				c.Err = errTextSize
			}
			if c.tooMuch(size) || c.Err != nil {
				return
			}
		}
		c.Out.Strings[i] = strings.ReplaceAll(s, from, to)
	}
}

func replaceStringsEval(c *Call) {
	text, lookups, rewrites := c.text(0), c.Args[1], c.Args[2]
	for i := range c.N {
		s := text.at(i)
		if !lookups.IsNull(i) && !rewrites.IsNull(i) {
			if s = replaceStrings(s, lookups.Strings[i], rewrites.Strings[i]); len(s) > maxText {
				c.Err = errTextSize
			}
			if c.tooMuch(len(s)) || c.Err != nil {
				return
			}
		}
		c.Out.Strings[i] = s
	}
}

// piece is a part of a text; done when it was matched.
type piece struct {
	text string
	done bool
}

func replaceStrings(s, lookups, rewrites string) string {
	pieces := []piece{{text: s}}
	k := 0
	for lookup := range dynamic.Items(lookups) {
		rewrite, _ := dynamic.Index(rewrites, k)
		k++
		from := dynamic.AsString(lookup)
		if dynamic.KindOf(lookup) != dynamic.String || from == "" {
			continue
		}
		to := from // a rewrite that is no string keeps what was matched
		if dynamic.KindOf(rewrite) == dynamic.String {
			to = dynamic.AsString(rewrite)
		}
		pieces = splitPieces(pieces, from, to)
	}
	var b strings.Builder
	for _, p := range pieces {
		if b.Len() > maxText {
			break
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// splitPieces replaces `from` in the pieces that are not done.
func splitPieces(pieces []piece, from, to string) []piece {
	var out []piece
	for _, p := range pieces {
		for !p.done {
			before, after, found := strings.Cut(p.text, from)
			if !found {
				break
			}
			out = append(out, piece{text: before}, piece{to, true})
			p.text = after
		}
		out = append(out, p)
	}
	return out
}

func translateEval(c *Call) {
	search, replacement, text := c.text(0), c.text(1), c.text(2)
	var m map[rune]rune
	lastFrom, lastTo := "", ""
	for i := range c.N {
		if from, to := search.at(i), replacement.at(i); m == nil || from != lastFrom || to != lastTo {
			m, lastFrom, lastTo = translation(from, to), from, to
		}
		c.Out.Strings[i] = strings.Map(func(r rune) rune {
			if to, ok := m[r]; ok {
				return to
			}
			return r
		}, text.at(i))
	}
}

// translation maps the characters of `from` to those of `to`, whose last one
// serves all that are left; to nothing when `to` is empty.
func translation(from, to string) map[rune]rune {
	m := make(map[rune]rune, len(from))
	last := rune(-1) // strings.Map drops the character
	for _, r := range from {
		if to != "" {
			var n int
			last, n = utf8.DecodeRuneInString(to)
			to = to[n:]
		}
		if _, seen := m[r]; !seen {
			m[r] = last
		}
	}
	return m
}

// replaceRegexEval takes the places of source, pattern and rewrite.
func replaceRegexEval(source, lookup, rewrite int) Eval {
	return func(c *Call) {
		text, patterns, rewrites := c.text(source), c.text(lookup), c.text(rewrite)
		var p pattern
		buildTexts(c, func(dst []byte, i int) []byte {
			if c.Err != nil {
				return dst
			}
			re := p.get(c, patterns.at(i))
			if re == nil {
				return dst
			}
			var err error
			if dst, err = appendReplaced(dst, text.at(i), re, rewrites.at(i)); err != nil {
				c.Err = err
			}
			return dst
		})
	}
}

func appendReplaced(dst []byte, s string, re *regex.Regexp, rewrite string) ([]byte, error) {
	from := 0
	for _, at := range re.FindAll(s) {
		dst = append(dst, s[from:at[0]]...)
		var err error
		if dst, err = appendRewrite(dst, s, at, rewrite); err != nil || len(dst) > maxText {
			return dst, err
		}
		from = at[1]
	}
	return append(dst, s[from:]...), nil
}

// appendRewrite appends a rewrite pattern for the match at `at`.
func appendRewrite(dst []byte, s string, at []int, rewrite string) ([]byte, error) {
	for k := 0; k < len(rewrite); k++ {
		if rewrite[k] != '\\' || k+1 == len(rewrite) {
			dst = append(dst, rewrite[k])
			continue
		}
		switch d := rewrite[k+1]; {
		case d >= '0' && d <= '9':
			g := 2 * int(d-'0')
			if g+1 >= len(at) {
				return dst, fmt.Errorf("replace_regex: the rewrite pattern %q uses group \\%c, but the regular expression has only %d groups", rewrite, d, len(at)/2-1)
			}
			if at[g] >= 0 {
				dst = append(dst, s[at[g]:at[g+1]]...)
			}
			k++
		case d == '\\':
			dst = append(dst, '\\')
			k++
		default:
			dst = append(dst, '\\')
		}
	}
	return dst, nil
}

// trimEval removes one match at each end, as recorded: trim("x", "xxx") is "x".
func trimEval(start, end bool) Eval {
	return func(c *Call) {
		patterns, text := c.text(0), c.text(1)
		var head, tail *regex.Regexp
		last := ""
		for i := range c.N {
			if p := patterns.at(i); head == nil || p != last {
				if head, c.Err = regex.Compile(p); c.Err != nil {
					return
				}
				if tail, c.Err = regex.CompileSuffix(p); c.Err != nil {
					return
				}
				last = p
			}
			s := text.at(i)
			if start {
				if at := head.Find(s); at != nil && at[0] == 0 {
					s = s[at[1]:]
				}
			}
			if end {
				if at := tail.Find(s); at != nil {
					s = s[:at[0]]
				}
			}
			c.Out.Strings[i] = s
		}
	}
}
