package syntax

import (
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// kindsOf lexes text and returns the source of each token, without the end.
func texts(t *testing.T, text string) []string {
	t.Helper()
	var diags diag.List
	toks := lex(text, &diags)
	if len(diags) > 0 {
		t.Errorf("%q: %s", text, diags.Render(text))
	}
	var out []string
	for _, tok := range toks[:len(toks)-1] {
		out = append(out, text[tok.start:tok.end])
	}
	return out
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"project-away a", "project-away a"},
		{"project - away", "project - away"},
		{"project-aways", "project - aways"},
		{"mv-expand x", "mv-expand x"},
		{"hint.strategy=shuffle", "hint.strategy = shuffle"},
		{"hint.other", "hint . other"},
		{"matches regex", "matches regex"},
		{"matches  regex", "matches regex"}, // two tokens, as in Kusto
		{"a !has b", "a !has b"},
		{"a!=b!~c", "a != b !~ c"},
		{"a in~(1)", "a in~ ( 1 )"},
		{"a !in~ b", "a !in~ b"},
		{"1..2", "1 .. 2"},
		{"1.5.x", "1.5 . x"},
		{"1. + 2", "1. + 2"},
		{"1.e5 1e5 1e 1e+3", "1.e5 1e5 1e 1e+3"},
		{"0x1F 0xG 12ab 3Dchart", "0x1F 0xG 12ab 3Dchart"},
		{"1.5h 2days 3dd", "1.5h 2days 3dd"},
		{"a<=b=>c<|d<>e", "a <= b => c <| d <> e"},
		{"datetime(2020-01-01)x", "datetime(2020-01-01) x"},
		{"datetime (2020)", "datetime ( 2020 )"},
		{"bool(x)time(1)guid(a)", "bool(x) time(1) guid(a)"},
		{"string(a)", "string ( a )"},
		{`h"a"H'b'h@"c"hx`, `h"a" H'b' h@"c" hx`},
		{`@"a""b"'c'`, `@"a""b" 'c'`},
		{"12e8b78d-55b4-46ae-b068-26d7a0080254", "12e8b78d-55b4-46ae-b068-26d7a0080254"},
		{"b2e8b78d-55b4-46ae-b068-26d7a0080254", "b2e8b78d-55b4-46ae-b068-26d7a0080254"},
		{"a//comment\nb // end", "a b"},
		{"a//x\u2028b", "a b"},
		{"$left.x _y", "$left . x _y"},
		{"true.x TRUE tRUE", "true . x TRUE tRUE"},
		// white space of all sorts
		{"\ufeffa\u00a0b\u3000c\u200bd\u202fe\ff\u1680g\u180eh\u205fi\u2003j", "a b c d e f g h i j"},
	} {
		if got := strings.Join(texts(t, c.text), " "); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
	if n := len(texts(t, "matches  regex")); n != 2 {
		t.Errorf("matches and regex apart: got %d tokens, want 2", n)
	}
	if n := len(texts(t, "matches regex")); n != 1 {
		t.Errorf("matches regex: got %d tokens, want 1", n)
	}
}

func TestStringValues(t *testing.T) {
	for _, c := range []struct {
		text, want string
		hidden     bool
	}{
		{`"a\tb\n\r\\\"\'\a\b\f\v"`, "a\tb\n\r\\\"'\a\b\f\v", false},
		{`"\x41\u00e9\U0001F600\101\7\400"`, "Aé😀A\a 0", false},
		{`"\uD83D\uDE00"`, "😀", false},
		{`"\uD83D!"`, "\uFFFD!", false},
		{`"\U00110000"`, "\uFFFD", false},
		{`@"c:\d""e"`, `c:\d"e`, false},
		{`@'f''g'`, "f'g", false},
		{`h"secret"`, "secret", true},
		{`H@'a\b'`, `a\b`, true},
		{"```a\n\\n \"'```", "a\n\\n \"'", false},
		{"~~~x~~~", "x", false},
		{"h```x```", "x", true},
		{`""`, "", false},
		{"'\xff'", "\uFFFD", false},
	} {
		if got, hidden := stringValue(c.text); got != c.want || hidden != c.hidden {
			t.Errorf("%s: got %q (hidden %v), want %q (%v)", c.text, got, hidden, c.want, c.hidden)
		}
	}
}

func TestBracketsMatch(t *testing.T) {
	for _, c := range []struct {
		text string
		want []int32 // of each token
	}{
		{"(a[b]{})", []int32{7, -1, 4, -1, -1, 6, -1, -1}},
		{"(a]", []int32{-1, -1, -1}},
		{"([)]", []int32{2, -1, -1, -1}},
		{"((a)", []int32{-1, 3, -1, -1}},
	} {
		var diags diag.List
		toks := lex(c.text, &diags)
		for i, want := range c.want {
			if toks[i].match != want {
				t.Errorf("%q: token %d matches %d, want %d", c.text, i, toks[i].match, want)
			}
		}
	}
}
