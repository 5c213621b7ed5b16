package syntax

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// seeds are the queries of testdata/queries.kql and some broken ones.
func seeds(f *testing.F) []string {
	data, err := os.ReadFile("testdata/queries.kql")
	if err != nil {
		f.Fatal(err)
	}
	var out []string
	for block := range strings.SplitSeq(string(data), "====\n") {
		_, body := comments(block)
		query, _, _ := strings.Cut(body, "-->\n")
		out = append(out, query)
	}
	return append(out, "", ";", "|", "T |", "((([[[", ")]}", "'", "\"\\", "```", "datetime(", "T | where \xff", "h", "h@", "0x", "1.", "!",
		"let", "{a}", "dynamic({", "print dynamic([1,{\"a\":", "T | scan with (step", "\ufeffT", "//", "a[*]", "#x", "\u2028")
}

// FuzzLexer: tokens lie in the text, one after the other, and what lies
// between them is space, comment or reported.
func FuzzLexer(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxText {
			return
		}
		var diags diag.List
		toks := lex(text, &diags)
		last := len(toks) - 1
		if toks[last].kind != tEOF || int(toks[last].end) != len(text) {
			t.Fatalf("the last token is %+v", toks[last])
		}
		end := 0
		for i, tok := range toks {
			if int(tok.start) < end || tok.end < tok.start || int(tok.end) > len(text) || tok.end == tok.start && i != last {
				t.Fatalf("token %d %+v after byte %d", i, tok, end)
			}
			if tok.glued != (int(tok.start) == end) && len(diags) == 0 {
				t.Fatalf("token %d %+v after byte %d is glued", i, tok, end)
			}
			if m := tok.match; m >= 0 && (int(m) <= i || int(m) >= last || toks[m].kind != tok.kind+1) {
				t.Fatalf("token %d %+v matches %d", i, tok, m)
			}
			end = int(tok.end)
		}
		for _, d := range diags {
			if d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(text) {
				t.Fatalf("diagnostic %+v outside of the text", d)
			}
		}
	})
}

// FuzzParse: no crash, every place is inside the text, and what parses
// cleanly prints as text that parses to the same.
func FuzzParse(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, diags := Parse(text)
		checkSpans(t, text, q, diags)
		diags.Render(text)
		printed := Print(q)
		if len(diags) > 0 {
			return
		}
		if utf8.ValidString(text) && !utf8.ValidString(printed) {
			t.Fatalf("%q prints as invalid UTF-8 %q", text, printed)
		}
		if len(printed) < maxText {
			checkRoundTrip(t, text, q)
		}
	})
}
