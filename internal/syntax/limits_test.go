package syntax

import (
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// Nesting beyond the limit is one clear diagnostic, whatever nests.
func TestDepthLimit(t *testing.T) {
	const n = 10000
	nest := func(open, core, close string) string {
		return strings.Repeat(open, n) + core + strings.Repeat(close, n)
	}
	for _, c := range []struct{ name, query string }{
		{"parentheses", "print " + nest("(", "1", ")")},
		{"unclosed parentheses", "print " + strings.Repeat("(", n)},
		{"calls", "print " + nest("f(", "1", ")")},
		{"indexes", "print " + nest("a[", "1", "]")},
		{"members", "print a" + strings.Repeat(".b", n)},
		{"lists", "print " + nest("a in (", "1", ")")},
		{"arrays", "print dynamic(" + nest("[", "1", "]") + ")"},
		{"objects", "print dynamic(" + nest(`{"a":`, "1", "}") + ")"},
		{"dynamics", "print " + nest("dynamic(", "1", ")")},
		{"joins", nest("T | join (", "T", ") on x")},
		{"functions", nest("let f = () {", "1", "};")},
		{"subqueries", "T | " + nest("mv-apply a on (", "take 1", ")")},
		{"forks", "T | " + nest("fork (", "take 1", ")")},
		{"macros", nest("macro-expand a (", "T", ")")},
		{"signs", "print " + nest("-(", "1", ")")},
	} {
		t.Run(c.name, func(t *testing.T) {
			q, diags := Parse(c.query)
			if len(diags) != 1 || diags[0].Kind != diag.Limit {
				t.Fatalf("want one diagnostic about the limit, got %d, first %+v", len(diags), diags[:min(1, len(diags))])
			}
			checkSpans(t, c.query, q, diags)
			Print(q)
		})
	}
}

// Nesting within the limit is fine.
func TestDepthWithinLimit(t *testing.T) {
	const n = maxDepth - 10
	query := "print " + strings.Repeat("(", n/2) + "1" + strings.Repeat(")", n/2)
	q, diags := Parse(query)
	if len(diags) > 0 {
		t.Fatal(diags.Render(query[:20]))
	}
	checkRoundTrip(t, query, q)
}

func TestTextLimit(t *testing.T) {
	query := "print '" + strings.Repeat("x", maxText-8) + "'"
	if _, diags := Parse(query); len(query) != maxText || len(diags) > 0 {
		t.Fatalf("%d bytes must parse: %v", len(query), diags)
	}
	if _, diags := Parse(query + " "); len(diags) != 1 || diags[0].Kind != diag.Limit || diags[0].Code != "HR001" {
		t.Fatalf("%d bytes must be refused, got %v", len(query)+1, diags)
	}
}

// Long flat texts of all sorts parse in time that grows with their length
// only. A quadratic step would take minutes here.
func TestLongTexts(t *testing.T) {
	limit := 20 * time.Second
	rep := func(s string, bytes int) string { return strings.Repeat(s, bytes/len(s)) }
	const size = 900 << 10
	for _, c := range []struct {
		name, query string
		clean       bool // parses without diagnostics
	}{
		{"or chain", "T | where a" + rep(" or a", size), true},
		{"and chain", "T | where a" + rep(" and a == 1", size), true},
		{"sum", "print 1" + rep("+1", size), true},
		{"in list", "T | where a in (1" + rep(", 1", size) + ")", true},
		{"project list", "T | project a" + rep(",b", size), true},
		{"array", "print dynamic([1" + rep(",1", size) + "])", true},
		{"object", "print dynamic({'a':1" + rep(",'b':1", size) + "})", true},
		{"data table", "datatable(a:long)[1" + rep(",1", size) + "]", true},
		{"strings", "print 'a'" + rep(" 'b'", size), true},
		{"pipes", "T" + rep("|take 1", size), true},
		{"statements", rep("let a=1;", size) + "T", true},
		{"groups", "print 1" + rep("+(1)", size), true},
		{"calls", "print f(1" + rep(",f(x)", size) + ")", true},
		{"hyphens", "print a" + rep("-a", size), true},
		{"parse pattern", "T | parse a with *" + rep(" 'a' b", size), true},
		{"wildcard", "T | project-away a*" + rep("b*", size), true},
		{"comment", "T //" + rep("x", size), true},
		{"spaces", "T" + rep(" \n", size), true},
		{"open parentheses", rep("(", size), false},
		{"close parentheses", rep(")", size), false},
		{"mixed brackets", rep("([{", size), false},
		{"crossed brackets", rep("([)]", size), false},
		{"bars", rep("|", size), false},
		{"semicolons", rep(";", size), false},
		{"commas", "print 1" + rep(",", size), false},
		{"equal signs", rep("=", size), false},
		{"bad characters", rep("\x00", size), false},
		{"bad escapes", "print \"" + rep(`\q`, size), false},
		{"quotes", rep("'\n", size), false},
		{"words", rep("where ", size), false},
		{"operators", "T" + rep("|foo", size), false},
		{"open calls", rep("f(a,", size), false},
		{"tuples", "T | extend " + rep("(a,b)=", size), false},
		{"lets", rep("let a = ", size), false},
		{"graph", "T | graph-match (a)" + rep("-->(a)", size), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			q, diags := Parse(c.query)
			Print(q)
			if took := time.Since(start); took > limit {
				t.Errorf("%d bytes took %v", len(c.query), took)
			}
			if clean := len(diags) == 0; clean != c.clean {
				t.Errorf("want clean = %v, got %+v", c.clean, diags[:min(2, len(diags))])
			}
		})
	}
}

// A chain of operators as long as the text allows prints as itself.
func TestLongChainRoundTrip(t *testing.T) {
	query := "T | where a" + strings.Repeat(" or a", 100000)
	q, diags := Parse(query)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	checkRoundTrip(t, query, q)
}
