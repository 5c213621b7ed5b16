package fn

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The values are recorded from the engine or observed on it, unless a comment
// says otherwise.
func TestStringFunctions(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"strlen", list("café"), 4}, {"strlen", list("cafe\u0301"), 5}, {"strlen", list("😀"), 1}, {"strlen", list(types.Dynamic), 0}, {"strlen", list(jsonText(`[1,2]`)), 5},
		{"string_size", list("Straße"), 7}, {"string_size", list("a\u200bb"), 5},
		{"tolower", list("Ａｂｃ"), "ａｂｃ"}, {"toupper", list("ångström"), "ÅNGSTRÖM"}, {"toupper", list("А核"), "А核"},
		{"reverse", list("𝓗ello"), "olle𝓗"}, {"reverse", list(""), ""}, {"reverse", list(types.TimespanValue(3 * 36000000000)), "00:00:30"},
		{"substring", list("hello", 1, 3), "ell"}, {"substring", list("hello", -2, 2), "lo"}, {"substring", list("hello", 2, 100), "llo"}, {"substring", list("hello", -3, 2), "ll"},
		{"substring", list("hello", -100, 3), ""}, {"substring", list("hello", 2, 0), ""}, {"substring", list("xy", -2), "xy"}, {"substring", list("xy", 100), ""}, {"substring", list("", -2), ""},
		{"substring", list("short", -4, 2), "ho"}, {"substring", list("abc", -10), ""}, {"substring", list("abcdefg", 1, -1), ""}, {"substring", list("héllo", 1, 3), "éll"}, {"substring", list("abc", types.Long), ""},
		{"isempty", list(types.Long), true}, {"isempty", list(jsonText(`""`)), true}, {"isempty", list(jsonText(`[]`)), false}, {"isempty", list(jsonText(`0`)), false}, {"isnotempty", list(0), true}, {"notempty", list(""), false},
		{"strcat", list("a", "-", 1, "-", true), "a-1-True"}, {"strcat", list("a", jsonText(`"x"`), types.Dynamic, jsonText(`[1,2]`)), "ax[1,2]"},
		{"strcat_delim", list("-", "a", types.Int, "b"), "a--b"}, {"strcat_delim", list(":", "Hello", 5, "HELLO"), "Hello:5:HELLO"},
		{"strcat_array", list(jsonText(`["a",1,2.5,true,null,{"x":1},[1,2]]`), "-"), `a-1-2.5-true--{"x":1}-[1,2]`}, {"strcat_array", list(jsonText(`"abc"`), "-"), "abc"}, {"strcat_array", list(jsonText(`["a","b"]`), 5), "a5b"},
		{"strcat_array", list(types.Dynamic, "|"), ""}, {"strrep", list("z", 3), "zzz"}, {"strrep", list("z", 0), ""}, {"strrep", list(123, 3, "."), "123.123.123"},
		{"strcmp", list("alpha", "x"), -1}, {"strcmp", list("where", "kw"), 1}, {"strcmp", list("", "z"), -1},
		{"translate", list("ab", "x", "aabbc"), "xxxxc"},
	})
}

func TestStringSearch(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"indexof", list("abcdefg", "cde", 1, 4), 2}, {"indexof", list("abcdefg", "cde", 1, 2), 2}, {"indexof", list("abcdefg", "cde", 3, 4), -1}, {"indexof", list("abcdefg", "cde", 2, -1), 2},
		{"indexof", list("abcdefgabcdefg", "cde", 1, -1, 3), -1}, {"indexof", list("abcabcabc", "a", 2), 3}, {"indexof", list("''", "'", 3), -1}, {"indexof", list("café", "é"), 3}, {"indexof", list("cafe\u0301", "é"), -1},
		{"indexof", list("a", "b", 0, -2), types.Long}, {"indexof", list("a", "b", 0, -1, 0), types.Long}, {"indexof", list("abc", ""), 0}, {"indexof", list("éééx", "x", -2), 3}, {"indexof", list("abc", "a", -100), 0},
		{"indexof_regex", list("abcabc", "a|ab", -1), types.Long}, {"indexof_regex", list("ééa1", `\d`), 3}, {"indexof_regex", list("abc", "x"), -1},
		{"countof", list("aaaa", "aa"), 3}, {"countof", list("ααα", "αα"), 2}, {"countof", list("abc", ""), 0}, {"countof", list("", ""), 0}, {"countof", list("aaaa", "a+", "regex"), 1}, {"countof", list("hello", "l+", "regex"), 1},
		{"countof", list(strings.Repeat("a", 200), strings.Repeat("a", 100)), 101},
		{"split", list("a,b,,c,", ","), jsonText(`["a","b","","c",""]`)}, {"split", list("", ","), jsonText(`[""]`)}, {"split", list("a=b=c", "=", 1), jsonText(`["b"]`)}, {"split", list("noequals", "=", 1), types.Dynamic},
		{"split", list("abc", ""), types.Dynamic}, {"split", list("a\"b", "\""), jsonText(`["a","b"]`)}, {"split", list(jsonText(`"x"`), "x"), jsonText(`["",""]`)}, {"split", list("a", "b", -1), types.Dynamic},
	})
}

func TestReplaceAndExtract(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"replace_string", list("aaaa", "a", "XY"), "XYXYXYXY"}, {"replace_string", list("aaa", "", "X"), "aaa"}, {"replace_string", list("", "a", "b"), ""},
		{"replace_strings", list("A cat into a dog", jsonText(`["cat"," into a dog"]`), jsonText(`["dog",""]`)), "A dog"}, {"replace_strings", list("abc", jsonText(`[1,"b"]`), jsonText(`["x"]`)), "abc"},
		{"replace_regex", list("one two three", `(\w)(\w)`, `\2\1`), "noe wto htere"}, {"replace_regex", list("a-b-c", `(\w+)`, `[\1]`), "[a]-[b]-[c]"}, {"replace_regex", list("ab", `b`, `\0\0\\`), `abb\`}, {"replace_regex", list("a b", `[^\w]+`, "$$$"), "a$$$b"},
		{"trim", list("x", "xxx"), "x"}, {"trim", list(`\s`, "\t\tx\t\t"), "\tx\t"}, {"trim", list(`[\sx]`, "xxstripxx"), "xstripx"}, {"trim", list("1", "11"), ""}, {"trim", list("1", "1"), ""}, {"trim_end", list("a|ab", "xab"), "x"}, {"trim_start", list("x", ""), ""},
		{"extract", list(`(\d+)-(\d+)`, 2, "2020-12-31"), "12"}, {"extract", list(`key:.?(\w+)`, 1, "key:val"), "al"}, {"extract", list("(a)|(b)", 2, "a"), ""},
		{"extract", list(`(\d+)`, 1, "x12", "long"), 12}, {"extract", list(`(x)`, 1, "x12", "long"), types.Long}, {"extract", list(`(\d+)`, 1, "none", "real"), types.Real},
		{"extract_all", list(`([;,|-])`, "x;y,z|w"), jsonText(`[";",",","|"]`)}, {"extract_all", list(`(?:^| )([a-z])([a-z]+)`, jsonText(`[2,1]`), " test word"), jsonText(`[["est","t"],["ord","w"]]`)},
		{"extract_all", list(`(?:^| )([a-z])([a-z]+)`, jsonText(`[1,5]`), " test word"), jsonText(`["t","w"]`)}, {"extract_all", list(`(?:^| )([a-z])([a-z]+)`, jsonText(`[5]`), " test word"), jsonText(`[["t","est"],["w","ord"]]`)},
		{"__parse", list("GET /a 200", "^(.*?) (.*?) (.*)$"), jsonText(`["GET","/a","200"]`)}, {"__parse", list("x", "(y)"), types.Dynamic},
	})
	for _, args := range [][]types.Value{
		{types.StringValue("[a-z]+"), types.StringValue("x")}, {types.StringValue(strings.Repeat("(a)", 17)), types.StringValue("x")},
	} {
		if _, err := Apply(extractAllEval, 0, types.Dynamic, args...); err == nil {
			t.Errorf("extract_all takes %v", args)
		}
	}
	if _, err := Apply(extractEval, 0, types.String, types.StringValue("a"), types.LongValue(1), types.StringValue("a")); err == nil {
		t.Error("extract takes a group that is not there")
	}
	if _, err := Apply(replaceRegexEval(0, 1, 2), 0, types.String, types.StringValue("a"), types.StringValue("a"), types.StringValue(`\1`)); err == nil {
		t.Error("replace_regex takes a group that is not there")
	}
}

func TestEncodings(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"base64_decode_tostring", list("YQBiAA=="), "a\x00b\x00"}, {"base64_decode_tostring", list("YQ"), ""}, {"base64_decodestring", list("S3VzdG8="), "Kusto"},
		{"base64_encode_fromarray", list(jsonText(`[75,117,115,116,111]`)), "S3VzdG8="}, {"base64_encode_fromarray", list(types.Dynamic), ""}, {"base64_encode_fromarray", list(jsonText(`["x"]`)), ""},
		{"base64_decode_toguid", list("8jMxriJurkmwahbmqbIS6w=="), guidText("ae3133f2-6e22-49ae-b06a-16e6a9b212eb")},
		{"url_encode", list("a b/é~*"), "a+b%2f%c3%a9%7e*"}, {"url_encode_component", list("a b+"), "a%20b%2b"}, {"url_decode", list("%zz%4"), "%zz%4"}, {"url_decode", list("%ff"), "\uFFFD"}, {"url_decode", list("100%"), "100%"},
		{"tohex", list(types.IntValue(-256), 8), "ffffff00"}, {"tohex", list(256, 2), "100"}, {"tohex", list(255, 40), "00000000000000ff"}, {"tohex", list(types.Long), ""},
		{"unicode_codepoints_from_string", list("קו K"), jsonText("[1511,1493,32,75]")}, {"unicode_codepoints_to_string", list(jsonText("[48,57]"), 65, jsonText("[97]")), "09Aa"}, {"unicode_codepoints_to_string", list(75, 0xD800), ""},
		{"punycode_domain_to_string", list("Riðill｡Skáldskaparmál｡org"), "xn--Riill-jta.xn--Skldskaparml-dbbj.org"}, {"punycode_domain_to_string", list("Kaledvoulc'h.Artorījos.edu"), "Kaledvoulc'h.xn--Artorjos-ejb.edu"},
		{"punycode_domain_from_string", list("xn--Lin-8na.Celtchair.org"), "Lúin.Celtchair.org"}, {"punycode_domain_from_string", list("xn--999999999.com"), ""}, {"punycode_to_string", list("acadmie-franaise-npb1a"), "académie-française"},
		{"hash", list("Hello"), 753694413698530628}, {"hash", list("World", 0), types.Long}, {"hash", list(types.Long), types.Long}, {"hash_md5", list(""), ""}, {"hash_md5", list(types.Long), ""},
		{"hash_md5", list(day(637134336000000000)), "786c530672d1f8db31fee25ea8a9390b"}, {"hash_sha1", list("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{"gzip_compress_to_base64_string", list(""), ""}, {"gzip_decompress_from_base64_string", list("H4sICAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA=="), ""}, // flags are not zero
	})
	for _, pair := range [][2]string{{"gzip_compress_to_base64_string", "gzip_decompress_from_base64_string"}, {"zlib_compress_to_base64_string", "zlib_decompress_from_base64_string"}} {
		for _, s := range []string{"a", strings.Repeat("powershell -enc ", 5000), strings.Repeat("é", 40000)} {
			packed := call(t, Scalar, pair[0], types.String, s)
			if got := call(t, Scalar, pair[1], types.String, packed.S); got.S != s {
				t.Errorf("%s of %d bytes does not come back", pair[0], len(s))
			}
		}
	}
}

// TestXXHash checks known answers of XXH64, below and above 32 bytes.
func TestXXHash(t *testing.T) {
	for text, want := range map[string]uint64{
		"": 0xEF46DB3751D8E999, "\x00": 0xE934A84ADB052768, "The quick brown fox jumps over the lazy dog": 0x0B242D361FDA71BC,
	} {
		if got := xxhash64([]byte(text), 0); got != want {
			t.Errorf("%q: %x, want %x", text, got, want)
		}
	}
}

func TestSizeLimits(t *testing.T) {
	for name, args := range map[string][]types.Value{
		"strrep":         {types.StringValue("0123456789"), types.LongValue(1 << 40)},
		"replace_string": {types.StringValue(strings.Repeat("a", 1<<15)), types.StringValue("a"), types.StringValue(strings.Repeat("b", 1<<10))},
		"strcat_array":   {types.DynamicValue("[" + strings.Repeat("1,", 1<<15) + "1]"), types.StringValue(strings.Repeat("b", 1<<10))},
	} {
		if _, err := Apply(sigFor(t, Scalar, name, args).Eval, 0, types.String, args...); !errors.Is(err, errTextSize) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzScalars: no function of texts panics, texts stay UTF-8, and a dynamic
// result is canonical.
func FuzzScalars(f *testing.F) {
	f.Add("https://u:p@h:1/a?b=c#d", "b", `["a",1,{"x":null}]`, int64(1), int64(-2))
	f.Add("<a b='c'>d<e/></a>", `(\w)\b`, `[2]`, int64(3), int64(0))
	f.Add("1.2.3.4/24 fe80::1%x", "x.", `[]`, int64(-1), int64(1<<62))
	table, err := Builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, a, b, list string, n, m int64) {
		canonical, ok := dynamic.Compact(list)
		if !ok || !utf8.ValidString(a) || !utf8.ValidString(b) || len(a)+len(b) > 1<<10 {
			return
		}
		values := map[types.Type][]types.Value{
			types.String: {types.StringValue(a), types.StringValue(b)}, types.Long: {types.LongValue(n % 1000), types.LongValue(m)},
			types.Dynamic: {types.DynamicValue(canonical)}, types.Guid: {types.Null(types.Guid)},
		}
		for _, rows := range [][]Spec{stringRows, concatRows, searchRows, replaceRows, extractRows, encodeRows, unicodeRows, hashRows, compressRows, urlRows, parseTextRows, xmlRows, ipv4Rows, ipv6Rows, ipv4TextRows} {
			for _, r := range rows {
				for i := range table.Lookup(Scalar, r.Name).Sigs {
					sig := &table.Lookup(Scalar, r.Name).Sigs[i]
					var args []types.Value
					for k, p := range sig.Signature().Params {
						typ := p.Declared
						for _, candidate := range []types.Type{types.String, types.Long, types.Dynamic} {
							if typ == types.Unknown && p.Types.Has(candidate) {
								typ = candidate
							}
						}
						args = append(args, values[typ][k%len(values[typ])])
					}
					result := sig.Signature().Type
					if result == types.Unknown {
						result = types.Long
					}
					v, err := Apply(sig.Eval, 0, result, args...)
					if errors.Is(err, errPanic) {
						t.Fatalf("%s%v panics", r.Name, args)
					}
					if err != nil || v.Null {
						continue
					}
					if v.Type == types.String && !utf8.ValidString(v.S) {
						t.Errorf("%s%v: %q is not UTF-8", r.Name, args, v.S)
					}
					if c, ok := dynamic.Compact(v.S); v.Type == types.Dynamic && (!ok || c != v.S) {
						t.Errorf("%s%v: %s is not canonical", r.Name, args, v.S)
					}
				}
			}
		}
	})
}
