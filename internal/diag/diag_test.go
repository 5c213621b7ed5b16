package diag

import (
	"fmt"
	"strings"
	"testing"
)

func TestAt(t *testing.T) {
	src := "ab\ncé f\n\nx"
	for _, c := range []struct {
		off  int
		want Position
	}{
		{0, Position{1, 1}}, {2, Position{1, 3}}, {3, Position{2, 1}}, {6, Position{2, 3}}, {8, Position{2, 5}},
		{9, Position{3, 1}}, {10, Position{4, 1}}, {99, Position{4, 2}}, {-5, Position{1, 1}},
	} {
		if got := At(src, c.off); got != c.want {
			t.Errorf("At(%d) = %v, want %v", c.off, got, c.want)
		}
	}
}

func TestRenderUnderlinesTheSpan(t *testing.T) {
	src := "T\n| where\tfoo == 1"
	l := List{{Kind: Semantic, Code: "SEM0100", Message: "no foo", Hint: "did you mean Foo?", Span: Span{10, 13}}}
	want := "2:9: error SEM0100: no foo\n  | where foo == 1\n          ^^^\n  hint: did you mean Foo?\n"
	if got := l.Render(src); got != want {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

func TestRenderSurvivesAnySpan(t *testing.T) {
	for _, s := range []Span{{-3, 2}, {5, 2}, {0, 0}, {3, 99}, {99, 120}} {
		l := List{{Message: "m", Span: s}}
		for _, src := range []string{"", "abc", "é\nü", strings.Repeat("x", 1000)} {
			if got := l.Render(src); !strings.Contains(got, "m") {
				t.Errorf("span %v of %q: %q", s, src, got)
			}
		}
	}
}

func TestListIsBoundedAndWithoutRepeats(t *testing.T) {
	var l List
	for i := range 2 * MaxDiagnostics {
		for range 2 {
			l.Addf(Semantic, "C", Span{i, i + 1}, "message %d", i)
		}
	}
	if len(l) != MaxDiagnostics {
		t.Fatalf("%d diagnostics, want %d", len(l), MaxDiagnostics)
	}
	for i, d := range l {
		if d.Message != fmt.Sprintf("message %d", i) {
			t.Fatalf("%d: %s", i, d.Message)
		}
	}
}

func TestErrLeavesWarningsOut(t *testing.T) {
	w := Diagnostic{Kind: Warning, Message: "w"}
	if err := (List{w}).Err(); err != nil {
		t.Errorf("only warnings: %v", err)
	}
	l := List{w, {Kind: Syntax, Message: "e"}}
	if err := l.Err(); err == nil || err.Error() != "e" {
		t.Errorf("Err() = %v", err)
	}
	if ws := l.Warnings(); len(ws) != 1 || ws[0].Message != "w" {
		t.Errorf("Warnings() = %v", ws)
	}
}

func TestSpanJoin(t *testing.T) {
	if got := (Span{3, 5}).Join(Span{1, 4}); got != (Span{1, 5}) {
		t.Error(got)
	}
	if got := (Span{}).Join(Span{2, 4}); got != (Span{2, 4}) {
		t.Error(got)
	}
}
