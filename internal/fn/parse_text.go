package fn

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// parseTextRows read small formats.
var parseTextRows = []Spec{
	{
		Name: "parse_csv", Ref: "parse-csv-function", Naming: NameFirstArg,
		Doc:  "The fields of the first record of comma-separated values as an array.",
		Sigs: []Sig{{Decl: "(csv_text: stringdyn): dynamic"}},
		Eval: textMaybe(parseCSV),
		Examples: []Example{
			{`parse_csv('aa,"b,b",cc,"say ""x"""')`, `dynamic(["aa","b,b","cc","say \"x\""])`}, {`parse_csv("record1,a\nrecord2,x")`, `dynamic(["record1","a"])`},
		},
	},
	{
		Name: "parse_command_line", Ref: "parse-command-line-function",
		Doc:  "The arguments of a Windows command line as an array.",
		Sigs: []Sig{{Decl: "(command: scalar, parser: string): dynamic"}},
		Eval: commandLineEval,
		Examples: []Example{
			{`parse_command_line("echo \"hello world!\"", "windows")`, `dynamic(["echo","hello world!"])`},
			{`parse_command_line(@'"C:\Program Files\a.exe" -p "x\"y" z', "windows")`, `dynamic(["C:\\Program Files\\a.exe","-p","x\"y","z"])`},
		},
	},
	{
		Name: "parse_version", Ref: "parse-version-function",
		Doc:  "A version of one to four numbers as a decimal that orders like versions.",
		Sigs: []Sig{{Decl: "(version: string): decimal"}},
		Eval: textMaybe(parseVersion),
		Examples: []Example{
			{`parse_version("0.0.0.5")`, `decimal(5)`}, {`parse_version("1.2.3.4")`, `decimal(1000000020000000300000004)`},
			{`parse_version("1") == parse_version("1.0.0.0")`, `true`}, {`parse_version("1.x")`, `decimal(null)`},
		},
	},
	{
		Name: "format_bytes", Ref: "format-bytes-function", Naming: NameFirstArg,
		Doc:   "A number of bytes as text with a unit, chosen by size or named.",
		Sigs:  []Sig{{Decl: "(size: number, precision?: const number, format?: const string): string"}},
		Nulls: NeverNull, Eval: formatBytesEval,
		Examples: []Example{
			{`format_bytes(564)`, `"564 Bytes"`}, {`format_bytes(10332, 1)`, `"10.1 KB"`}, {`format_bytes(20010332)`, `"19 MB"`},
			{`format_bytes(20010332, 2)`, `"19.08 MB"`}, {`format_bytes(20010332, 0, "KB")`, `"19541 KB"`},
		},
	},
}

// appendStrings appends an array of strings.
func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendString(dst, s)
	}
	return append(dst, ']')
}

// parseCSV reads one record: a field in quotes may hold commas, line ends and
// doubled quotes.
func parseCSV(s string) (string, bool) {
	var fields []string
	var field strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '"' && i+1 < len(s) && s[i+1] == '"':
			field.WriteByte('"')
			i++
		case quoted && c == '"':
			quoted = false
		case quoted:
			field.WriteByte(c)
		case c == '"' && field.Len() == 0:
			quoted = true
		case c == ',':
			fields = append(fields, field.String())
			field.Reset()
		case c == '\n' || c == '\r':
			s = s[:i]
		default:
			field.WriteByte(c)
		}
	}
	return string(appendStrings(nil, append(fields, field.String()))), true
}

func commandLineEval(c *Call) {
	text, parser := c.text(0), c.text(1)
	for i := range c.N {
		if p := parser.at(i); p != "windows" {
			c.Err = fmt.Errorf("parse_command_line: there is no parser %q; the only one is %q", p, "windows")
			return
		}
		if s := text.at(i); s == "" {
			c.Out.SetNull(i)
		} else {
			c.Out.Strings[i] = string(appendStrings(nil, splitCommandLine(s)))
		}
	}
}

// splitCommandLine splits as Windows' CommandLineToArgvW. The first argument
// is the program: in quotes, or up to a blank, without escapes. In the others
// 2n backslashes before a quote are n and the quote a delimiter, 2n+1 are n
// and a literal quote; two quotes in a quoted part are a literal quote, which
// ends that part.
func splitCommandLine(s string) []string {
	program, rest := s, ""
	if strings.HasPrefix(s, `"`) {
		program, rest, _ = strings.Cut(s[1:], `"`)
	} else if i := strings.IndexAny(s, " \t"); i >= 0 {
		program, rest = s[:i], s[i:]
	}
	args := []string{program}
	for {
		if rest = strings.TrimLeft(rest, " \t"); rest == "" {
			return args
		}
		var arg string
		arg, rest = commandArgument(rest)
		args = append(args, arg)
	}
}

// commandArgument reads one argument after the program.
func commandArgument(s string) (arg, rest string) {
	var b strings.Builder
	quoted := false
	slashes := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' {
			slashes++
			continue
		}
		if c != '"' {
			b.WriteString(strings.Repeat(`\`, slashes))
			slashes = 0
			if !quoted && (c == ' ' || c == '\t') {
				return b.String(), s[i:]
			}
			b.WriteByte(c)
			continue
		}
		b.WriteString(strings.Repeat(`\`, slashes/2))
		odd := slashes%2 == 1
		slashes = 0
		switch {
		case odd:
			b.WriteByte('"')
		case quoted && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte('"')
			i++
			quoted = false
		default:
			quoted = !quoted
		}
	}
	b.WriteString(strings.Repeat(`\`, slashes))
	return b.String(), ""
}

// parseVersion puts the parts, of at most eight digits each, side by side.
func parseVersion(s string) (string, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return "", false
	}
	var digits strings.Builder
	for i := range 4 {
		part := "0"
		if i < len(parts) {
			part = parts[i]
		}
		if part == "" || len(part) > 8 || strings.Trim(part, "0123456789") != "" {
			return "", false
		}
		digits.WriteString("00000000"[len(part):] + part)
	}
	return types.ParseDecimal(digits.String())
}

var byteUnits = [...]string{"Bytes", "KB", "MB", "GB", "TB", "PB", "EB"}

func formatBytesEval(c *Call) {
	for i := range c.N {
		size, ok := castRow(c.Args[0], i, types.Real)
		digits := types.Value{}
		unit := ""
		if len(c.Args) > 1 {
			digits, _ = castRow(c.Args[1], i, types.Long)
		}
		if len(c.Args) > 2 {
			unit = c.Args[2].Strings[i]
		}
		if ok {
			c.Out.Strings[i] = formatBytes(size.F, digits.I, unit)
		}
	}
}

// formatBytes rounds to at most 15 digits after the point; an unknown unit
// gives "".
func formatBytes(size float64, digits int64, unit string) string {
	k := 0
	for k < len(byteUnits) && unit != "" && byteUnits[k] != unit {
		k++
	}
	if k == len(byteUnits) || math.IsNaN(size) || math.IsInf(size, 0) {
		return ""
	}
	if unit == "" {
		for v := math.Abs(size); v >= 1024 && k < len(byteUnits)-1; v /= 1024 {
			k++
		}
	}
	scale := math.Pow(10, float64(min(max(digits, 0), 15)))
	v := size / math.Pow(1024, float64(k))
	if r := math.Round(v*scale) / scale; !math.IsInf(r, 0) {
		v = r
	}
	return strconv.FormatFloat(v, 'f', -1, 64) + " " + byteUnits[k]
}
