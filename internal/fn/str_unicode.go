package fn

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

// unicodeRows turn characters into numbers and into ASCII, and back.
var unicodeRows = []Spec{
	codepointsFromRow("unicode_codepoints_from_string"),
	obsoleteRow(codepointsFromRow("to_utf8"), "unicode_codepoints_from_string"),
	codepointsToRow("unicode_codepoints_to_string"),
	obsoleteRow(codepointsToRow("make_string"), "unicode_codepoints_to_string"),
	{
		Name: "punycode_from_string", Ref: "punycode-from-string-function",
		Doc:   "The text in Punycode, without xn--.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textMaybe(punycodeEncode),
		Examples: []Example{{`punycode_from_string("académie-française")`, `"acadmie-franaise-npb1a"`}, {`punycode_from_string("艺术")`, `"cqv902d"`}},
	},
	{
		Name: "punycode_to_string", Ref: "punycode-to-string-function",
		Doc:   "The text that Punycode (without xn--) encodes; empty when it is none.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textMaybe(punycodeDecode),
		Examples: []Example{{`punycode_to_string("acadmie-franaise-npb1a")`, `"académie-française"`}, {`punycode_to_string("é")`, `""`}},
	},
	{
		Name: "punycode_domain_from_string", Ref: "punycode-domain-from-string-function",
		Doc:   "The domain name with its xn-- labels decoded; empty when one cannot be.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textMaybe(domainDecode),
		Examples: []Example{{`punycode_domain_from_string("xn--Ge-mia.Bulg.edu")`, `"Gáe.Bulg.edu"`}, {`punycode_domain_from_string("xn--Ry-lja8c.xn--Jng-uta63a.xn--Bng-9ka.com")`, `"Rúyì.Jīngū.Bàng.com"`}},
	},
	{
		Name: "punycode_domain_to_string", Ref: "punycode-domain-to-string-function",
		Doc:   "The domain name with the labels that are not ASCII encoded as xn--.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textMaybe(domainEncode),
		Examples: []Example{{`punycode_domain_to_string("Lê Lợi。Thuận Thiên。com")`, `"xn--L Li-gpa4517b.xn--Thun Thin-s4a7194f.com"`}, {`punycode_domain_to_string("bing.com")`, `"bing.com"`}},
	},
}

func codepointsFromRow(name string) Spec {
	return Spec{
		Name: name, Ref: "unicode-codepoints-from-string-function",
		Doc:  "The code points of the text as an array.",
		Sigs: []Sig{{Decl: "(value: scalar): dynamic"}},
		Eval: textMaybe(codepoints), Nulls: NeverNull,
		Examples: []Example{{name + `("Kusto")`, `dynamic([75,117,115,116,111])`}, {name + `("⒦⒰")`, `dynamic([9382,9392])`}, {name + `("")`, `dynamic([])`}},
	}
}

func codepointsToRow(name string) Spec {
	return Spec{
		Name: name, Ref: "unicode-codepoints-to-string-function",
		Doc:   "The text made of code points, given as numbers or arrays of them; empty when one is no character.",
		Sigs:  []Sig{{Decl: "(value: intarr{1,}): string"}},
		Nulls: NeverNull, Eval: codepointsToEval,
		Examples: []Example{{name + `(75, 117, 115, 116, 111)`, `"Kusto"`}, {name + `(dynamic([75, 117, 115]), 116, 111)`, `"Kusto"`}, {name + `(-1)`, `""`}},
	}
}

func codepoints(s string) (string, bool) {
	out := append(make([]byte, 0, 2+4*len(s)), '[')
	for i, r := range s {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, int64(r), 10)
	}
	return string(append(out, ']')), true
}

func codepointsToEval(c *Call) {
	buildTexts(c, func(dst []byte, i int) []byte {
		for _, v := range c.Args {
			if v.IsNull(i) {
				return dst[:0]
			}
			ok := true
			if v.Type != types.Dynamic {
				dst, ok = appendCodepoint(dst, v.Ints[i])
			} else {
				for item := range dynamic.Items(v.Strings[i]) {
					n, isLong := dynamic.AsLong(item)
					if dst, ok = appendCodepoint(dst, n); !ok || !isLong {
						return dst[:0]
					}
				}
			}
			if !ok {
				return dst[:0]
			}
		}
		return dst
	})
}

func appendCodepoint(dst []byte, n int64) ([]byte, bool) {
	if n < 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return dst, false
	}
	return utf8.AppendRune(dst, rune(n)), true
}

func domainEncode(domain string) (string, bool) {
	// RFC 3490, section 3.1: these, too, separate labels.
	domain = strings.NewReplacer("。", ".", "．", ".", "｡", ".").Replace(domain)
	labels := strings.Split(domain, ".")
	for i, label := range labels {
		if terms.ASCII(label) {
			continue
		}
		encoded, ok := punycodeEncode(label)
		if !ok {
			return "", false
		}
		labels[i] = "xn--" + encoded
	}
	return strings.Join(labels, "."), true
}

func domainDecode(domain string) (string, bool) {
	labels := strings.Split(domain, ".")
	for i, label := range labels {
		if len(label) > 4 && strings.EqualFold(label[:4], "xn--") {
			text, ok := punycodeDecode(label[4:])
			if !ok {
				return "", false
			}
			labels[i] = text
		}
	}
	return strings.Join(labels, "."), true
}
