package fn

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// encodeRows encode and decode texts: base64, URL, hexadecimal.
var encodeRows = []Spec{
	base64EncodeRow("base64_encode_tostring"),
	obsoleteRow(base64EncodeRow("base64_encodestring"), "base64_encode_tostring"),
	base64DecodeRow("base64_decode_tostring"),
	obsoleteRow(base64DecodeRow("base64_decodestring"), "base64_decode_tostring"),
	{
		Name: "base64_decode_toarray", Ref: "base64-decode-toarray-function",
		Doc:  "The bytes of a base64 text as an array; null when it is no base64.",
		Sigs: []Sig{{Decl: "(base64_string: string): dynamic"}},
		Eval: textMaybe(base64Array),
		Examples: []Example{
			{`base64_decode_toarray("S3VzdG8=")`, `dynamic([75,117,115,116,111])`}, {`base64_decode_toarray("x")`, `dynamic(null)`},
		},
	},
	{
		Name: "base64_encode_fromarray", Ref: "base64-encode-fromarray-function",
		Doc:  "An array of bytes in base64; empty when an item is no byte.",
		Sigs: []Sig{{Decl: "(base64_string_decoded_as_array: array): string"}},
		Eval: textMaybe(base64FromArray),
		Examples: []Example{
			{`base64_encode_fromarray(dynamic([75,117,115,116,111]))`, `"S3VzdG8="`}, {`base64_encode_fromarray(dynamic([256]))`, `""`},
		},
	},
	{
		Name: "base64_decode_toguid", Ref: "base64-decode-toguid-function",
		Doc:  "The guid in a base64 text; null when it holds none.",
		Sigs: []Sig{{Decl: "(base64_string: string): guid"}},
		Eval: textMaybe(base64Guid),
		Examples: []Example{
			{`base64_decode_toguid("8jMxriJurkmwahbmqbIS6w==")`, `guid(ae3133f2-6e22-49ae-b06a-16e6a9b212eb)`}, {`base64_decode_toguid("abcd1231")`, `guid(null)`},
		},
	},
	{
		Name: "base64_encode_fromguid", Ref: "base64-encode-fromguid-function",
		Doc:      "A guid in base64.",
		Sigs:     []Sig{{Decl: "(guid: guid): string"}},
		Eval:     textMaybe(base64FromGuid),
		Examples: []Example{{`base64_encode_fromguid(guid(ae3133f2-6e22-49ae-b06a-16e6a9b212eb))`, `"8jMxriJurkmwahbmqbIS6w=="`}, {`base64_encode_fromguid(guid(null))`, `""`}},
	},
	{
		Name: "url_encode", Ref: "url-encode-function",
		Doc:   "The text for use in a URL; a blank becomes +.",
		Sigs:  []Sig{{Decl: "(url: string): string"}},
		Nulls: NeverNull, Eval: textText(func(s string) string { return urlEncode(s, "+") }),
		Examples: []Example{{`url_encode("https://www.bing.com/hello world")`, `"https%3a%2f%2fwww.bing.com%2fhello+world"`}, {`url_encode("é")`, `"%c3%a9"`}},
	},
	{
		Name: "url_encode_component", Ref: "url-encode-component-function",
		Doc:   "The text for use in a URL; a blank becomes %20.",
		Sigs:  []Sig{{Decl: "(url: string): string"}},
		Nulls: NeverNull, Eval: textText(func(s string) string { return urlEncode(s, "%20") }),
		Examples: []Example{{`url_encode_component("https://www.bing.com/hello world/")`, `"https%3a%2f%2fwww.bing.com%2fhello%20world%2f"`}, {`url_encode_component("a-b")`, `"a-b"`}},
	},
	{
		Name: "url_decode", Ref: "url-decode-function",
		Doc:   "The text that a URL encodes.",
		Sigs:  []Sig{{Decl: "(encoded_url: string): string"}},
		Nulls: NeverNull, Eval: textText(urlDecode),
		Examples: []Example{{`url_decode("https%3a%2f%2fwww.bing.com%2f")`, `"https://www.bing.com/"`}, {`url_decode("hello+world%20%C3%A9 100%")`, `"hello world é 100%"`}},
	},
	{
		Name: "tohex", Ref: "tohex-function", Naming: NameFirstArg,
		Doc:   "The whole number in hexadecimal, at least as long as asked (up to 16).",
		Sigs:  []Sig{{Decl: "(value: integer, minLength?: integer): string"}},
		Nulls: NeverNull, Eval: tohexEval,
		Examples: []Example{{`tohex(256)`, `"100"`}, {`tohex(-256)`, `"ffffffffffffff00"`}, {`tohex(toint(-256), 8)`, `"ffffff00"`}, {`tohex(256, 8)`, `"00000100"`}},
	},
	{
		Name: "new_guid", Ref: "new-guid-function", Vol: PerRow,
		Doc:   "A random guid, another one for every row.",
		Sigs:  []Sig{{Decl: "(): guid"}},
		Nulls: NeverNull, Eval: newGuidEval,
		Examples: []Example{{`strlen(tostring(new_guid()))`, `36`}, {`isempty(new_guid())`, `false`}},
	},
}

func base64EncodeRow(name string) Spec {
	return Spec{
		Name: name, Ref: "base64-encode-tostring-function",
		Doc:   "The text in base64.",
		Sigs:  []Sig{{Decl: "(string: string): string"}},
		Nulls: NeverNull, Eval: textText(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }),
		Examples: []Example{{name + `("Kusto")`, `"S3VzdG8="`}, {name + `("")`, `""`}},
	}
}

func base64DecodeRow(name string) Spec {
	return Spec{
		Name: name, Ref: "base64-decode-tostring-function",
		Doc:   "The text that a base64 text encodes; empty when that is no base64 or not UTF-8.",
		Sigs:  []Sig{{Decl: "(base64_string: string): string"}},
		Nulls: NeverNull, Eval: textText(base64Text),
		Examples: []Example{{name + `("S3VzdG8=")`, `"Kusto"`}, {name + `("U3RyaW5n0KHR0tGA0L7Rh9C60LA=")`, `""`}, {name + `("not base64")`, `""`}},
	}
}

func base64Bytes(s string) ([]byte, bool) {
	b, err := base64.StdEncoding.DecodeString(s)
	return b, err == nil && !strings.ContainsAny(s, "\r\n")
}

func base64Text(s string) string {
	if b, ok := base64Bytes(s); ok && utf8.Valid(b) {
		return string(b)
	}
	return ""
}

func base64Array(s string) (string, bool) {
	b, ok := base64Bytes(s)
	if !ok || len(b)*4 > maxText {
		return "", false
	}
	out := append(make([]byte, 0, 2+4*len(b)), '[')
	for i, c := range b {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, int64(c), 10)
	}
	return string(append(out, ']')), true
}

func base64FromArray(list string) (string, bool) {
	var b []byte
	for item := range dynamic.Items(list) {
		n, ok := dynamic.AsLong(item)
		if !ok || n < 0 || n > 255 {
			return "", false
		}
		b = append(b, byte(n))
	}
	return base64.StdEncoding.EncodeToString(b), true
}

// swapGuid turns the bytes of a guid between their order in memory, the first
// three groups little endian, and that of its text.
func swapGuid(b []byte) {
	b[0], b[1], b[2], b[3] = b[3], b[2], b[1], b[0]
	b[4], b[5] = b[5], b[4]
	b[6], b[7] = b[7], b[6]
}

// guidBytes returns the 16 bytes of a guid as .NET keeps them.
func guidBytes(guid string) ([]byte, bool) {
	b, err := hex.DecodeString(strings.ReplaceAll(guid, "-", ""))
	if err != nil || len(b) != 16 {
		return nil, false
	}
	swapGuid(b)
	return b, true
}

func base64Guid(s string) (string, bool) {
	b, ok := base64Bytes(s)
	if !ok || len(b) != 16 {
		return "", false
	}
	swapGuid(b)
	return types.ParseGuid(hex.EncodeToString(b))
}

func base64FromGuid(guid string) (string, bool) {
	b, ok := guidBytes(guid)
	return base64.StdEncoding.EncodeToString(b), ok
}

func urlEncode(s, blank string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte("-_.!*()", c) >= 0:
			b.WriteByte(c)
		case c == ' ':
			b.WriteString(blank)
		default:
			b.WriteByte('%')
			b.WriteString(hex.EncodeToString([]byte{c}))
		}
	}
	return b.String()
}

// urlDecode leaves a % that begins no code as it is, and replaces what is not
// UTF-8 afterwards.
func urlDecode(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			out = append(out, ' ')
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			out = append(out, byte(n))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func tohexEval(c *Call) {
	v := c.Args[0]
	for i := range c.N {
		if v.IsNull(i) {
			continue
		}
		n := uint64(v.Ints[i])
		if v.Type == types.Int {
			n = uint64(uint32(v.Ints[i]))
		}
		text := strconv.FormatUint(n, 16)
		if len(c.Args) > 1 && !c.Args[1].IsNull(i) {
			if pad := max(min(c.Args[1].Ints[i], 16), 0) - int64(len(text)); pad > 0 {
				text = strings.Repeat("0", int(pad)) + text
			}
		}
		c.Out.Strings[i] = text
	}
}

func newGuidEval(c *Call) {
	for i := range c.N {
		var b [16]byte
		rand.Read(b[:]) // never fails (crypto/rand)
		b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
		c.Out.Strings[i], _ = types.ParseGuid(hex.EncodeToString(b[:]))
	}
}
