package fn

import (
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// What parse_url does at its edges was observed on the engine.
func TestParseURL(t *testing.T) {
	part := func(url, name string) string {
		v := call(t, Scalar, "parse_url", types.Dynamic, url)
		value, ok := dynamic.Get(v.S, name)
		if !ok {
			t.Fatalf("parse_url(%q) has no %s: %s", url, name, v.S)
		}
		return dynamic.AsString(value)
	}
	for _, tc := range []struct{ url, name, want string }{
		{"https://user@h.io/p", "Host", "user@h.io"}, {"https://user@h.io/p", "Username", ""}, {"https://u:p@h.io/x", "Password", "p"}, {"https://u:p@h.io/x", "Host", "h.io"},
		{"https://h.io/p?y=2&x=1", "Query Parameters", `{"x":"1","y":"2"}`}, {"https://h.io/p?x=1&y=2&x=3", "Query Parameters", `{"x":["1","3"],"y":"2"}`},
		{"https://h.io/p?k=&=v&flag", "Query Parameters", "{}"}, {"https://h.io/", "Path", ""}, {"https://h.io/?x=1", "Path", "/"}, {"https://h.io/#", "Path", "/"},
		{"https://h.io/a%20b", "Path", "/a%20b"}, {"HTTPS://H.IO/P", "Scheme", "HTTPS"}, {"https://[::1]:80/p", "Host", "[::1]"}, {"https://[::1]:80/p", "Port", "80"}, {"https://[::1]/p", "Host", "[::1]"},
		{"not a url", "Path", ""}, {"//h.io/p", "Host", ""}, {"", "Query Parameters", "{}"}, {"https://h.io/p#a?b", "Fragment", "a?b"},
	} {
		if got := part(tc.url, tc.name); got != tc.want {
			t.Errorf("%s of %q = %q, want %q", tc.name, tc.url, got, tc.want)
		}
	}
}

func TestParsePath(t *testing.T) {
	bag := func(scheme, root, directory, name, file, ext, stream string) jsonText {
		q := dynamic.Quote
		return jsonText(appendBag(nil, "Scheme", q(scheme), "RootPath", q(root), "DirectoryPath", q(directory), "DirectoryName", q(name), "Filename", q(file), "Extension", q(ext), "AlternateDataStreamName", q(stream)))
	}
	checkRows(t, Scalar, []row{
		// Recorded.
		{"parse_path", list(`C:\temp\file.txt`), bag("", `C:\`, `C:\temp`, "temp", "file.txt", "txt", "")},
		{"parse_path", list(`temp\file.txt`), bag("", "", "temp", "temp", "file.txt", "txt", "")},
		{"parse_path", list("file://C:/temp/file.txt:some.exe"), bag("file", "C:/", "C:/temp", "temp", "file.txt", "txt", "some.exe")},
		{"parse_path", list(`\\shared\users\temp\file.txt.gz`), bag("", "", `\\shared\users\temp`, "temp", "file.txt.gz", "gz", "")},
		{"parse_path", list("/usr/lib/temp/file.txt"), bag("", "", "/usr/lib/temp", "temp", "file.txt", "txt", "")},
		// By the same rules.
		{"parse_path", list(`C:\file`), bag("", `C:\`, `C:\`, "", "file", "", "")},
		{"parse_path", list(`C:x.exe:ads`), bag("", "", "", "", "C:x.exe", "exe", "ads")},
		{"parse_path", list(""), bag("", "", "", "", "", "", "")},
	})
}

func TestParseText(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"parse_csv", list("aa,\"b,b,b\",cc,\"Escaping quotes: \"\"Title\"\"\",\"line1\nline2\"\nx"), jsonText(`["aa","b,b,b","cc","Escaping quotes: \"Title\"","line1\nline2"]`)},
		{"parse_csv", list(""), jsonText(`[""]`)}, {"parse_csv", list("a,"), jsonText(`["a",""]`)}, {"parse_csv", list("a\r\nb"), jsonText(`["a"]`)},
		{"parse_command_line", list(`echo "hello world!"`, "windows"), jsonText(`["echo","hello world!"]`)},
		// The cases of Microsoft's page on parsing C++ command-line arguments.
		{"parse_command_line", list(`p "abc" d e`, "windows"), jsonText(`["p","abc","d","e"]`)}, {"parse_command_line", list(`p a\\b d"e f"g h`, "windows"), jsonText(`["p","a\\\\b","de fg","h"]`)},
		{"parse_command_line", list(`p a\\\"b c d`, "windows"), jsonText(`["p","a\\\"b","c","d"]`)}, {"parse_command_line", list(`p a\\\\"b c" d e`, "windows"), jsonText(`["p","a\\\\b c","d","e"]`)},
		{"parse_command_line", list("", "windows"), types.Dynamic},
		{"parse_version", list("0.1.2.0"), decText("10000000200000000")}, {"parse_version", list("1.2.3.4.5"), types.Decimal}, {"parse_version", list("123456789"), types.Decimal}, {"parse_version", list(""), types.Decimal},
		{"format_bytes", list(20010332, 0, "KB"), "19541 KB"}, {"format_bytes", list(-2048), "-2 KB"}, {"format_bytes", list(1.5e30), "1301042606983 EB"}, {"format_bytes", list(1, 0, "XB"), ""}, {"format_bytes", list(types.Long), ""},
	})
}

func TestParseXML(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"parse_xml", list(`<e> <a>text</a> <b>text</b> </e>`), jsonText(`{"e":{"a":"text","b":"text"}}`)}, {"parse_xml", list(`<e> text <a>text</a> </e>`), jsonText(`{"e":{"#text":"text","a":"text"}}`)},
		{"parse_xml", list(`<?xml version="1.0" encoding="UTF-16"?><!-- c --><x:e xmlns:x="u" n="&lt;"><![CDATA[<d>]]></x:e>`), jsonText(`{"x:e":{"@xmlns:x":"u","@n":"<","#text":"<d>"}}`)},
		{"parse_xml", list("<a/><b/>"), types.Dynamic}, {"parse_xml", list("<a></b>"), types.Dynamic}, {"parse_xml", list("x"), types.Dynamic}, {"parse_xml", list(""), types.Dynamic}, {"parse_xml", list("<a>"), types.Dynamic},
		{"parse_xml", list(strings.Repeat("<a>", 500) + strings.Repeat("</a>", 500)), types.Dynamic}, {"parse_xml", list("<a>" + strings.Repeat("b", 1<<20) + "</a>"), types.Dynamic},
	})
	many := "<e>"
	for range 20 {
		for _, n := range "abcdefghijkl" {
			many += "<" + string(n) + "/>"
		}
	}
	v := call(t, Scalar, "parse_xml", types.Dynamic, many+"</e>")
	e, _ := dynamic.Get(v.S, "e")
	if l, _ := dynamic.Get(e, "l"); dynamic.Len(e) != 12 || dynamic.Len(l) != 20 {
		t.Errorf("many members: %s", v.S)
	}
}

func TestIPv4(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"parse_ipv4", list("203.0.113.10/24"), 3405803776}, {"parse_ipv4", list("203.0.113.10/0"), 0}, {"parse_ipv4", list(" 203.0.113.10"), 3405803786}, {"parse_ipv4", list("255.255.255.255/31"), 4294967294},
		{"parse_ipv4", list("1.2.3"), types.Long}, {"parse_ipv4", list("1.2.3.4.5"), types.Long}, {"parse_ipv4", list("256.0.0.1"), types.Long}, {"parse_ipv4", list("01.02.03.04"), types.Long}, {"parse_ipv4", list("1.2.3.4/33"), types.Long}, {"parse_ipv4", list(""), types.Long},
		{"ipv4_compare", list("192.168.1.1", "192.168.1.0", 31), 0}, {"ipv4_compare", list("192.168.1.1/24", "192.168.1.255", 31), 0}, {"ipv4_compare", list("192.168.1.1", "192.168.1.255", 24), 0}, {"ipv4_compare", list("1.1.1.1", "x"), types.Long}, {"ipv4_compare", list("1.1.1.1", "1.1.1.1", 33), types.Long},
		{"ipv4_is_in_any_range", list("123.1.11.21", jsonText(`["192.168.1.1/16","127.0.0.1/8","10.0.0.1/8"]`)), false}, {"ipv4_is_in_any_range", list("x", "1.1.1.1"), types.Bool}, {"ipv4_is_in_any_range", list("1.1.1.1", jsonText(`[]`)), types.Bool},
		{"ipv4_is_private", list("172.16.0.0"), true}, {"ipv4_is_private", list("172.31.255.255"), true}, {"ipv4_is_private", list("11.0.0.1"), false},
		{"format_ipv4", list("192.168.1.1/24", 32), "192.168.1.0"}, {"format_ipv4_mask", list("192.168.1.1", 32), "192.168.1.1/32"}, {"format_ipv4_mask", list("192.168.1.1/24", -1), ""}, {"format_ipv4", list(1 << 32), ""}, {"format_ipv4", list("x"), ""},
		{"ipv4_range_to_cidr_list", list("0.0.0.0", "255.255.255.255"), jsonText(`["0.0.0.0/0"]`)}, {"ipv4_range_to_cidr_list", list("1.1.1.2", "1.1.1.1"), types.Dynamic}, {"ipv4_range_to_cidr_list", list("10.0.0.1", "10.0.0.4"), jsonText(`["10.0.0.1/32","10.0.0.2/31","10.0.0.4/32"]`)},
		{"has_ipv4", list("Source address is 10.1.2.3:1234", "10.1.2.3"), true}, {"has_ipv4", list("x110.1.2.3", "10.1.2.3"), false}, {"has_ipv4", list("10.1.2.34", "10.1.2.3"), false}, {"has_ipv4", list("", "10.1.2.3"), false}, {"has_ipv4", list(".10.1.2.3", "10.1.2.3"), true},
		{"has_ipv4_prefix", list("ip=10.1.2.3;", "10.1.2.3"), true}, {"has_ipv4_prefix", list("ip=10.1.2.3;", "10."), true}, {"has_ipv4_prefix", list("ip=10.1.2.3;", "1."), false}, {"has_ipv4_prefix", list("10.1.2.3", ""), false},
		{"has_any_ipv4_prefix", list("05:04:54127.0.0.1 GET", "127.0.", "192."), false}, {"has_any_ipv4", list("127.0.0.256", jsonText(`["127.0.0.256","192.168.1.1"]`)), false},
	})
}

func TestIPv6(t *testing.T) {
	checkRows(t, Scalar, []row{
		{"parse_ipv6", list("fe80::1%eth0"), "fe80:0000:0000:0000:0000:0000:0000:0001"}, {"parse_ipv6", list("::1.2.3.4"), "0000:0000:0000:0000:0000:0000:0102:0304"}, {"parse_ipv6", list("1.2.3.4/0"), "0000:0000:0000:0000:0000:ffff:0000:0000"},
		{"parse_ipv6", list("2001:db8::10/17"), "2001:0000:0000:0000:0000:0000:0000:0000"}, {"parse_ipv6", list("::ffff:1.2.3.4/24"), "0000:0000:0000:0000:0000:ffff:0102:0300"}, {"parse_ipv6", list("2001:db8::10/0"), "0000:0000:0000:0000:0000:0000:0000:0000"},
		{"parse_ipv6", list("::ffff:1.2.3.4/120"), ""}, {"parse_ipv6", list("1::2::3"), ""}, {"parse_ipv6", list("2001:db8::10/129"), ""}, {"parse_ipv6", list("256.1.1.1"), ""},
		{"parse_ipv6_mask", list("192.168.255.255/24", 124), "0000:0000:0000:0000:0000:ffff:c0a8:ff00"}, {"parse_ipv6_mask", list("::192.168.255.255/24", 128), "0000:0000:0000:0000:0000:0000:c0a8:ff00"}, {"parse_ipv6_mask", list("::1", 129), ""},
		{"ipv6_compare", list("192.168.1.1", "192.168.1.0", 31), 0}, {"ipv6_compare", list("::192.168.1.1/30", "192.168.1.255/24", 127), 0}, {"ipv6_compare", list("::ffff:c0a8:0101", "192.168.1.255", 120), 0}, {"ipv6_compare", list("fe80::85d:e82c:9446:7994/127", "fe80::85d:e82c:9446:7998", 120), 0},
		{"ipv6_is_match", list("192.168.1.1", "::ffff:c0a8:0101"), true}, {"ipv6_is_match", list("::ffff:c0a8:0101", "192.168.1.255/24"), true}, {"ipv6_is_in_range", list("a5e:f127:8a9d:146d:e102:b5d3:c755:abcd", "0:0:0:0:0:ffff:c0a8:ac/60"), false},
		{"ipv6_is_in_any_range", list("a5e:f127:8a9d:146d:e102:b5d3:c755:abcd", jsonText(`["a5e:f127:8a9d:146d:e102:b5d3:c755:f6cd/112"]`)), true},
	})
}
