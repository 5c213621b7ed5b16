package fn

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/regex"
	"github.com/harrier-hunting/harrier/internal/types"
)

// extractRows take matches of regular expressions out of a text.
var extractRows = []Spec{
	{
		Name: "extract", Ref: "extract-function",
		Doc: "A capture group of the first match of a regular expression, of a given type if one is named; 0 is the whole match.",
		Sigs: []Sig{
			{Decl: "(regex: const string, captureGroup: long, source: string): string"},
			{Decl: "(regex: const string, captureGroup: long, source: string, typeLiteral: lit type): litN"},
		},
		Eval: extractEval,
		Examples: []Example{
			{`extract("User: ([^,]+)", 1, "User: James, Age: 29")`, `"James"`}, {`extract(@"\d+", 0, "Age: 29")`, `"29"`},
			{`extract(@"-(\d{2})-", 1, "15-12-2024", typeof(int))`, `int(12)`}, {`extract("x", 0, "abc")`, `""`},
		},
	},
	extractAllRow("extract_all"),
	obsoleteRow(extractAllRow("extractall"), "extract_all"),
	{
		Name: "__parse", Hidden: true, Ref: "parse-operator",
		Doc:  "The capture groups of the first match as an array, null when there is no match; what the parse operators are made of.",
		Sigs: []Sig{{Decl: "(text: string, pattern: string): dynamic"}},
		Eval: parseEval,
	},
}

func extractAllRow(name string) Spec {
	return Spec{
		Name: name, Ref: "extract-all-function",
		Doc: "All matches of a regular expression as an array: of its groups, or of arrays of them when there are several.",
		Sigs: []Sig{
			{Decl: "(regex: const string, source: string): dynamic"},
			{Decl: "(regex: const string, captureGroups: array, source: string): dynamic"},
		},
		Eval: extractAllEval,
		Examples: []Example{
			{name + `(@"(\d+)", "123, 567 and 789")`, `dynamic(["123","567","789"])`},
			{name + `(@"(\w)(\w+)(\w)", "82b8-dfa7")`, `dynamic([["8","2b","8"],["d","fa","7"]])`},
			{name + `(@"(?P<first>\w)(\w+)(?P<last>\w)", dynamic(["first",3]), "82b8-dfa7")`, `dynamic([["8","8"],["d","7"]])`},
			{name + `(@"([;,])", "single")`, `dynamic(null)`},
		},
	}
}

// groupText is group g of the match at `at`; ok is false when the group took
// no part in the match.
func groupText(s string, at []int, g int) (text string, ok bool) {
	if at[2*g] < 0 {
		return "", false
	}
	return s[at[2*g]:at[2*g+1]], true
}

func extractEval(c *Call) {
	patterns, group, text := c.text(0), c.Args[1], c.text(2)
	found := types.NewVector(types.String, c.N)
	missing := make([]bool, c.N)
	var p pattern
	for i := range c.N {
		re := p.get(c, patterns.at(i))
		if re == nil {
			return
		}
		g := group.Ints[i]
		if group.IsNull(i) {
			g = -1
		}
		if g < 0 || g > int64(re.Groups()) {
			c.Err = fmt.Errorf("extract: the regular expression %q has no capture group %d; its groups are 0 to %d", p.text, g, re.Groups())
			return
		}
		s := text.at(i)
		missing[i] = true
		if at := re.Find(s); at != nil {
			if part, ok := groupText(s, at, int(g)); ok {
				found.Strings[i], missing[i] = part, false
			}
		}
	}
	for i := range c.N {
		x, ok := castRow(found, i, c.Out.Type)
		if !ok || missing[i] && c.Out.Type != types.String {
			c.Out.SetNull(i)
		} else {
			c.Out.Set(i, x)
		}
	}
}

// maxGroups is how many capture groups extract_all takes.
const maxGroups = 16

func extractAllEval(c *Call) {
	patterns, text := c.text(0), c.text(len(c.Args)-1)
	var p pattern
	var groups []int
	var buf []byte
	last := ""
	for i := range c.N {
		before := p.re
		re := p.get(c, patterns.at(i))
		if re == nil {
			return
		}
		list := ""
		if len(c.Args) > 2 && !c.Args[1].IsNull(i) {
			list = c.Args[1].Strings[i]
		}
		if re != before || list != last {
			if groups, c.Err = chosenGroups(re, list); c.Err != nil {
				return
			}
			last = list
		}
		s := text.at(i)
		all := re.FindAll(s)
		if len(all) == 0 {
			c.Out.SetNull(i)
			continue
		}
		if buf = appendMatches(buf[:0], s, all, groups); len(buf) > maxText {
			c.Err = errTextSize
		}
		if c.tooMuch(len(buf)) || c.Err != nil {
			return
		}
		c.Out.Strings[i] = string(buf)
	}
}

func allGroups(re *regex.Regexp) []int {
	groups := make([]int, re.Groups())
	for g := range groups {
		groups[g] = g + 1
	}
	return groups
}

// chosenGroups resolves a list of group numbers and names; all groups when
// the list names none.
func chosenGroups(re *regex.Regexp, list string) ([]int, error) {
	if re.Groups() < 1 || re.Groups() > maxGroups {
		return nil, fmt.Errorf("extract_all: the regular expression has %d capture groups; it must have between 1 and %d", re.Groups(), maxGroups)
	}
	var groups []int
	for item := range dynamic.Items(list) {
		g, ok := re.Group(dynamic.AsString(item))
		if !ok {
			n, isLong := dynamic.AsLong(item)
			if g, ok = int(n), isLong && n >= 1 && n <= int64(re.Groups()); isLong && !ok {
				continue // a number out of range is dropped (observed)
			}
			if !ok {
				return nil, fmt.Errorf("extract_all: the regular expression has no capture group %s", item)
			}
		}
		if groups = append(groups, g); len(groups) > maxGroups {
			return nil, fmt.Errorf("extract_all: captureGroups names more than %d groups", maxGroups)
		}
	}
	if len(groups) == 0 {
		return allGroups(re), nil
	}
	return groups, nil
}

func appendMatches(dst []byte, s string, all [][]int, groups []int) []byte {
	dst = append(dst, '[')
	for k, at := range all {
		if k > 0 {
			dst = append(dst, ',')
		}
		if len(groups) == 1 {
			dst = appendGroup(dst, s, at, groups[0])
			continue
		}
		dst = append(dst, '[')
		for j, g := range groups {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = appendGroup(dst, s, at, g)
		}
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

// appendGroup appends a group as a JSON string; one that took no part is "".
func appendGroup(dst []byte, s string, at []int, g int) []byte {
	text, _ := groupText(s, at, g)
	return dynamic.AppendString(dst, text)
}

func parseEval(c *Call) {
	text, patterns := c.text(0), c.text(1)
	var p pattern
	var buf []byte
	for i := range c.N {
		re := p.get(c, patterns.at(i))
		if re == nil {
			return
		}
		s := text.at(i)
		at := re.Find(s)
		if at == nil {
			c.Out.SetNull(i)
			continue
		}
		buf = append(buf[:0], '[')
		for g := 1; g <= re.Groups(); g++ {
			if g > 1 {
				buf = append(buf, ',')
			}
			buf = appendGroup(buf, s, at, g)
		}
		c.Out.Strings[i] = string(append(buf, ']'))
	}
}
