package fn

import (
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// urlRows take URLs and file paths apart.
var urlRows = []Spec{
	parseURLRow("parse_url"),
	obsoleteRow(parseURLRow("parseurl"), "parse_url"),
	parseQueryRow("parse_urlquery"),
	obsoleteRow(parseQueryRow("parseurlquery"), "parse_urlquery"),
	{
		Name: "parse_path", Ref: "parse-path-function",
		Doc:   "The parts of a file path of Windows or Unix as a bag.",
		Sigs:  []Sig{{Decl: "(path: string): dynamic"}},
		Nulls: NeverNull, Eval: textText(parsePath),
		Examples: []Example{
			{`parse_path(@"C:\temp\file.txt").DirectoryPath`, `dynamic("C:\\temp")`},
			{`parse_path("file://C:/temp/file.txt:some.exe")`, `dynamic({"Scheme":"file","RootPath":"C:/","DirectoryPath":"C:/temp","DirectoryName":"temp","Filename":"file.txt","Extension":"txt","AlternateDataStreamName":"some.exe"})`},
			{`parse_path("/usr/lib/temp/file.txt").Filename`, `dynamic("file.txt")`},
		},
	},
}

func parseURLRow(name string) Spec {
	return Spec{
		Name: name, Ref: "parse-url-function",
		Doc:   "The parts of a URL as a bag; all empty when the text is none. Nothing is decoded.",
		Sigs:  []Sig{{Decl: "(url: string): dynamic"}},
		Nulls: NeverNull, Eval: textText(parseURL),
		Examples: []Example{
			{name + `("scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment")`, `dynamic({"Scheme":"scheme","Host":"host","Port":"1234","Path":"/this/is/a/path","Username":"username","Password":"password","Query Parameters":{"k1":"v1","k2":"v2"},"Fragment":"fragment"})`},
			{name + `("https://contoso.com/a/b").Host`, `dynamic("contoso.com")`}, {name + `("contoso.com/a").Host`, `dynamic("")`},
		},
	}
}

func parseQueryRow(name string) Spec {
	return Spec{
		Name: name, Ref: "parse-url-query-function",
		Doc:   "The parameters of a URL's query as a bag, sorted by name; several values of one name as an array.",
		Sigs:  []Sig{{Decl: "(query: string): dynamic"}},
		Nulls: NeverNull, Eval: textText(func(s string) string {
			return string(appendBag(nil, "Query Parameters", string(appendQuery(nil, s))))
		}),
		Examples: []Example{
			{name + `("k1=v1&k2=v2&k3=v3")`, `dynamic({"Query Parameters":{"k1":"v1","k2":"v2","k3":"v3"}})`},
			{name + `("b=1&a=2&b=3&c=")`, `dynamic({"Query Parameters":{"a":"2","b":["1","3"]}})`},
		},
	}
}

// appendBag appends a bag of keys and JSON values in turn.
func appendBag(dst []byte, pairs ...string) []byte {
	dst = append(dst, '{')
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dynamic.AppendString(dst, pairs[i]), ':')
		dst = append(dst, pairs[i+1]...)
	}
	return append(dst, '}')
}

// parseURL follows what was observed on the engine: a user without a colon
// stays in the host, a path of a slash alone at the end of the text is empty,
// and a text without scheme:// gives empty parts.
func parseURL(s string) string {
	var host, port, path, user, password, query, fragment string
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || !isScheme(scheme) {
		scheme, rest = "", ""
	}
	rest, fragment, hasFragment := strings.Cut(rest, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		rest, path = rest[:i], rest[i:]
	}
	if path == "/" && !hasQuery && !hasFragment {
		path = ""
	}
	host = rest
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		if name, secret, ok := strings.Cut(rest[:i], ":"); ok {
			user, password, host = name, secret, rest[i+1:]
		}
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && i+1 < len(host) && strings.Trim(host[i+1:], "0123456789") == "" {
		host, port = host[:i], host[i+1:]
	}
	q := dynamic.Quote
	return string(appendBag(make([]byte, 0, len(s)+140), "Scheme", q(scheme), "Host", q(host), "Port", q(port), "Path", q(path),
		"Username", q(user), "Password", q(password), "Query Parameters", string(appendQuery(nil, query)), "Fragment", q(fragment)))
}

func isScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		letter := s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z'
		if !letter && (i == 0 || strings.IndexByte("0123456789+.-", s[i]) < 0) {
			return false
		}
	}
	return s != ""
}

// appendQuery appends the parameters of a query as a bag. A parameter without
// a name or a value does not count.
func appendQuery(dst []byte, query string) []byte {
	type parameter struct{ name, value string }
	var list []parameter
	for part := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(part, "="); name != "" && value != "" {
			list = append(list, parameter{name, value})
		}
	}
	slices.SortStableFunc(list, func(a, b parameter) int { return strings.Compare(a.name, b.name) })
	dst = append(dst, '{')
	for i := 0; i < len(list); {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dynamic.AppendString(dst, list[i].name), ':')
		end := i + 1
		for end < len(list) && list[end].name == list[i].name {
			end++
		}
		if end == i+1 {
			dst = dynamic.AppendString(dst, list[i].value)
			i = end
			continue
		}
		dst = append(dst, '[')
		for k := i; k < end; k++ {
			if k > i {
				dst = append(dst, ',')
			}
			dst = dynamic.AppendString(dst, list[k].value)
		}
		dst = append(dst, ']')
		i = end
	}
	return append(dst, '}')
}

// parsePath accepts both slashes, shares (\\server\…), long paths (\\?\C:\…),
// a scheme and an alternate data stream.
func parsePath(path string) string {
	scheme, rest := "", path
	if before, after, ok := strings.Cut(path, "://"); ok && isScheme(before) {
		scheme, rest = before, after
	}
	root := rootPath(strings.TrimPrefix(rest, `\\?\`))
	directory, file := "", rest
	if i := strings.LastIndexAny(rest, `/\`); i >= 0 {
		directory, file = rest[:i], rest[i+1:]
	}
	name := directory[strings.LastIndexAny(directory, `/\`)+1:]
	if root != "" && directory+root[2:] == root {
		directory, name = root, "" // a file directly under the root
	}
	file, stream := splitStream(file)
	extension := ""
	if i := strings.LastIndexByte(file, '.'); i >= 0 {
		extension = file[i+1:]
	}
	q := dynamic.Quote
	return string(appendBag(make([]byte, 0, len(path)+150), "Scheme", q(scheme), "RootPath", q(root), "DirectoryPath", q(directory),
		"DirectoryName", q(name), "Filename", q(file), "Extension", q(extension), "AlternateDataStreamName", q(stream)))
}

// rootPath is the drive with its slash.
func rootPath(s string) string {
	if len(s) > 2 && isDrive(s) && (s[2] == '/' || s[2] == '\\') {
		return s[:3]
	}
	return ""
}

func isDrive(s string) bool { return s[1] == ':' && s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z' }

// splitStream cuts an alternate data stream off a file name; the colon of a
// drive begins none.
func splitStream(file string) (name, stream string) {
	from := 0
	if len(file) > 1 && isDrive(file) {
		from = 2
	}
	if i := strings.IndexByte(file[from:], ':'); i >= 0 {
		return file[:from+i], file[from+i+1:]
	}
	return file, ""
}
