package regex

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMatch(t *testing.T) {
	for _, tc := range []struct {
		pattern, text string
		want          bool
	}{
		// Recorded from the engine.
		{"^a", "alpha", true}, {"[A-Z]", "O'Brien", true}, {"f.", "café", true}, {".*é$", "café", true},
		{`^\d{4}-\d{2}-\d{2}$`, "2020-01-02", true}, {`[a-z][0-9]`, "9z9", true},
		{`^\d{1,3}(\.\d{1,3}){3}$`, "1.2.3", false}, {"b.*k", "Fabrikam", true}, {"K.*S", "LAKE ST CLAIR", true},
		// Unicode classes.
		{`^\w+$`, "naïve", true}, {`^\W+$`, "é", false}, {`^\d+$`, "٣٤", true}, {`^[\d]+$`, "٣", true}, {`^(?-u:\d)+$`, "٣", false},
		{`a\sb`, "a\u00a0b", true}, {`a\Sb`, "a\u2003b", false}, {`[\S]`, "\u2003", false}, {`[\W]`, "é", false}, {`[^\w]`, "é", false},
		{`\bcafé\b`, "un café noir", true}, {`\bcaf\b`, "un café noir", false}, {`\bnoir\b`, "un café noir", true},
		{`caf\Bé`, "café", true}, {`(?-u:\b)`, "é", false},
		// Case.
		{`(?i)STRASSE`, "Straße strasse", true}, {`(?i)É`, "é", true}, {`(?i)a(?-i)b`, "AB", false}, {`(?i)a(?-i)b`, "Ab", true},
		{`(?i:a)b`, "Ab", true}, {`(?i)[^a]`, "A", false}, {`(?i)[a-z--k]`, "K", false},
		// Flags and syntax that Go lacks.
		{`(?x) a b # comment`, "ab", true}, {"(?x)a # c\nb", "ab", true}, {`(?x: a\ b )`, "a b", true}, {`(?x)[a b]`, " ", false},
		{`\u0041\u{42}\U00000043\x44\x{45}\106`, "ABCDEF", true}, {`\p{Greek}`, "λ", true}, {`\p{Script=Greek}`, "a λ", true}, {`\P{Greek}`, "λ", false},
		{`\pL`, "é", true}, {`\p{Letter}`, "é", true}, {`\p{^Letter}`, "é", false}, {`\p{Alphabetic}`, "é", true}, {`\p{White_Space}`, "\u00a0", true},
		{`[a-y&&xyz]`, "z", false}, {`[a-y&&xyz]`, "y", true}, {`[0-9&&[^4]]`, "4", false}, {`[0-9--4]`, "4", false}, {`[0-9--4]`, "5", true},
		{`[a-g~~b-h]`, "b", false}, {`[a-g~~b-h]`, "h", true}, {`[a&&b]`, "a", false}, {`[x[^xyz]]`, "y", false}, {`[x[^xyz]]`, "x", true},
		{`[\p{Greek}[:digit:]]`, "7", true}, {`[[:^alpha:]]`, "a", false}, {`[\[\]]`, "]", true}, {`[]a]`, "]", true}, {`[^]a]`, "]", false},
		{`[\s\S]`, "\n", true}, {`.`, "\n", false}, {`(?s).`, "\n", true}, {`(?m)^b$`, "a\nb\nc", true}, {`^b$`, "a\nb", false},
		{`[^[:^alpha:]&&b-d]`, "a", true}, {`[+--]`, ",", false}, {`[\w-]`, "-", true}, {`[\w.-]`, "-", true},
		// Accepted as the older engine did.
		{`{"Name":"([^"]+)"`, `{"Name":"x"}`, true}, {`[^[]x`, "ax", true}, {`[\w-.]`, ".", true},
		{"", "", true}, {"", "x", true}, {`a|`, "b", true}, {`^$`, "", true}, {`mimikatz`, "xmimikatzx", true}, {`(?i)mimikatz`, "MimiKatz é", true},
	} {
		re, err := Compile(tc.pattern)
		if err != nil {
			t.Errorf("%s: %v", tc.pattern, err)
			continue
		}
		if got := re.Match(tc.text); got != tc.want {
			t.Errorf("%s on %q: %v, want %v", tc.pattern, tc.text, got, tc.want)
		}
		if got := re.Find(tc.text) != nil; got != tc.want {
			t.Errorf("%s on %q: Find %v, want %v", tc.pattern, tc.text, got, tc.want)
		}
		if got := len(re.FindAll(tc.text)) > 0; got != tc.want {
			t.Errorf("%s on %q: FindAll %v, want %v", tc.pattern, tc.text, got, tc.want)
		}
	}
}

func TestFind(t *testing.T) {
	for _, tc := range []struct {
		pattern, text string
		want          []string // of the first match and its groups
	}{
		{`(\w)(\w+)(\w)`, "82b8be2d-dfa7", []string{"82b8be2d", "8", "2b8be2", "d"}},
		{`(?P<first>\w)(?<last>\w)`, "ab", []string{"ab", "a", "b"}},
		{`\b(\w+) (é+)\b`, "xé abcé éé.", []string{"abcé éé", "abcé", "éé"}},
		{`\b(a|ab)(c|bcd)?\b`, "é abcd", []string{"abcd", "a", "bcd"}},
		{`\b(a*?)(b*)\b`, "é aab", []string{"é", "", ""}[1:]},
	} {
		re, err := Compile(tc.pattern)
		if err != nil {
			t.Fatal(err)
		}
		at := re.Find(tc.text)
		var got []string
		for i := 0; i+1 < len(at); i += 2 {
			got = append(got, tc.text[at[i]:at[i+1]])
		}
		if len(got) > len(tc.want) {
			got = got[:len(tc.want)]
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s on %q: %q, want %q", tc.pattern, tc.text, got, tc.want)
		}
	}
	re, err := Compile(`(?P<first>\w)(?<last.name>\w)`)
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := re.Group("last.name"); n != 2 || !ok || re.Groups() != 2 {
		t.Errorf("group %d, %v of %d", n, ok, re.Groups())
	}
}

func TestRefused(t *testing.T) {
	for pattern, why := range map[string]string{
		"(": "not closed", ")": "no opening", "[a": "not closed", `a\`: "backslash", `\q`: `\q`, "(?=a)": "look-around", "(?<!a)": "look-around",
		`\<a`: `use \b`, `\b{start}`: `use \b`, "(?R)a": "CRLF", "(?y)a": "flag", `\p{Klingon}`: "Klingon", "a{2,1}": "repeat", "[b-a]": "range",
		`\x{110000}`: "hex", "(?P<a>x)(?P<a>y)": "two groups", strings.Repeat("(", 300) + strings.Repeat(")", 300): "groups", "*": "repetition",
		strings.Repeat("a", maxPattern+1): "longer", "\xff": "UTF-8", "(a{1000}){1000}": "repeat", `\u00g0`: "hex",
	} {
		_, err := Compile(pattern)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%.40q: %v, want %q", pattern, err, why)
		}
	}
}

// FuzzCompile holds translation and machine against Go's own matcher.
func FuzzCompile(f *testing.F) {
	for _, p := range []string{`(\w)(\w+)(\w)`, `\b[a-f0-9]{3}\b`, `(?i)[x[^xyz]]+?`, `(?x) a | b # c`, `[a-y&&xyz]|\p{Greek}*`, `^(a|ab)(c|bcd)*$`} {
		f.Add(p, "82b8be2d-dfa7 axyz λé")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 200 || len(text) > 200 || !utf8.ValidString(text) {
			return
		}
		re, err := Compile(pattern)
		if err != nil {
			return
		}
		match, first, all := re.Match(text), re.Find(text), re.FindAll(text)
		if match != (first != nil) || match != (len(all) > 0) || match && !slices.Equal(first, all[0]) {
			t.Fatalf("%q on %q: match %v, first %v, all %v", pattern, text, match, first, all)
		}
		for _, at := range all {
			if len(at) != 2*len(re.names) {
				t.Fatalf("%q: %d positions for %d names", pattern, len(at), len(re.names))
			}
		}
		tr, err := translate(pattern, true, false)
		if err != nil {
			t.Fatalf("%q: narrow but not wide: %v", pattern, err)
		}
		wide, err := regexp.Compile(tr.text)
		if err != nil {
			return // too large
		}
		ascii := strings.Map(func(r rune) rune { return r & 0x7f }, text)
		m, err := newMachine(tr.text)
		if err != nil {
			t.Fatal(err)
		}
		got, want := m.findAll(ascii, len(re.names)), wide.FindAllStringSubmatchIndex(ascii, -1)
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q on %q: %v, want %v", pattern, ascii, got, want)
		}
		if got := re.FindAll(ascii); !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("%q on %q: narrow %v, wide %v", pattern, ascii, got, want)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	line := strings.Repeat(`C:\Windows\System32\svchost.exe -k netsvcs -p `, 3)
	for _, p := range []string{`(?i)mimikatz`, `(?i)powershell.*-enc`, `[A-Za-z0-9+/]{50}`, `\s-e(nc)?\s`, `\bsvchost\.exe\b`} {
		b.Run(p, func(b *testing.B) {
			re, err := Compile(p)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				re.Match(line)
			}
		})
	}
}
