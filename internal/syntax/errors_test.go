package syntax

import (
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// finding is a diagnostic and the text it points at.
type finding struct{ code, message, text string }

func TestDiagnostics(t *testing.T) {
	missing := func(what, at string) finding { return finding{"KS006", "Missing " + what, at} }
	expected := func(what, at string) finding { return finding{"KS005", "Expected: " + what, at} }
	operator := func(at string) finding { return finding{"KS176", "Query operator expected.", at} }
	incomplete := func(at string) finding { return finding{"KS198", "The incomplete fragment is unexpected.", at} }
	lexical := func(code, at string) finding { return finding{code, recognition, at} }
	bracket := func(name string) finding {
		return finding{"KS228", "The name '" + name + "' needs to be bracketed as ['" + name + "'] to be used in this context.", name}
	}
	for _, c := range []struct {
		query string
		want  []finding
	}{
		// operators
		{"T | wher x == 1 | extnd y | take", []finding{operator("wher"), operator("extnd"), missing("expression", "")}},
		{"T |", []finding{operator("")}},
		{"T | | take 5", []finding{operator("")}},
		{"| where x", []finding{incomplete("|")}},
		{"T\nwhere x == 1", []finding{expected(";", "where")}},
		{"where x | take 1", []finding{{"KS174", "The operator cannot be the first operator in a query.", "where"}}},
		{"T | join (U | foo) on k | render", []finding{operator("foo"), expected("the name of a chart, such as timechart", "")}},
		{"T | sort x | top 5 | lookup U", []finding{expected("by", "x"), expected("by", ""), missing("join on condition clause", "")}},
		{"T | graph-match where x", []finding{{"KS217", "Missing graph-match pattern.", "where"}}},
		// expressions
		{"T | where", []finding{missing("expression", "")}},
		{"T | where a == 1 and | take 5", []finding{missing("expression", "")}},
		{"T | where (a == 1 | take 5", []finding{expected(")", "")}},
		{"T | where a == 1) | take", []finding{incomplete(")"), missing("expression", "")}},
		{"T | where x in 5", []finding{expected("(", "5")}},
		{"T | where a == b == c", []finding{incomplete("==")}},
		{"T | where a has 'x' has 'y'", []finding{incomplete("has")}},
		{"print x = --1", []finding{missing("expression", "-")}},
		{"print x = [1,2]", []finding{missing("expression", "[")}},
		{"print f(1,,2), g(1 2), h(,1)", []finding{missing("expression", ","), expected(",", "2"), missing("expression", ",")}},
		{"T | where x between (1, 2)", []finding{expected("..", ",")}},
		// names
		{"T | project a b, c | extend by", []finding{expected(",", "b"), missing("expression", "by")}},
		{"T | where x == first | extend a-b = 1 | extend last = 2", []finding{bracket("first"), bracket("a-b"), bracket("last")}},
		{"T | where x == {p}", []finding{{"KS213", "Client parameters are not supported or enabled.", "{p}"}}},
		{"T | extend x.y = 1", []finding{incomplete("=")}},
		// lexical
		{`T | where p == "c:\dir" and q == 'x`, []finding{lexical("KS001", `\d`), lexical("KS001", "'x")}},
		{"T | where a ! b", []finding{lexical("KS002", "!"), expected(";", "b")}},
		{"T | where a == “x”", []finding{lexical("KS002", "“"), lexical("KS002", "”")}},
		{"print datetime(2020-01-01\n)", []finding{lexical("KS001", "datetime(2020-01-01"), incomplete(")")}},
		{"print ```x", []finding{lexical("KS001", "```x")}},
		// literals
		{"print 12e8b78d-55b4-46ae-b068-26d7a0080254", []finding{{"KS214",
			"Raw guid literals are not allowed in this context, use guid(...) instead.", "12e8b78d-55b4-46ae-b068-26d7a0080254"}}},
		{"print dynamic({a:1}), dynamic([1,]), 5", []finding{expected("}", "a"), missing("json value", "")}},
		{"print dynamic([decimal(1)])", []finding{{"KS215", "Decimal values are not supported in dynamic objects.", "decimal(1)"}}},
		// statements
		{"let a = 1\nlet b = 2;\nT | where x = ", []finding{expected(";", "let"), missing("expression", "")}},
		{"T;; U", []finding{incomplete(";")}},
		{"let f = (a:strin) { a }; f(1", []finding{{"KS160",
			"The name 'strin' is not a valid type name that can be used here.", "strin"}, expected(")", "")}},
		{"let f = () { let a = 1 }; f()", []finding{expected(";", "")}},
		{"let f = () { T; U }; f()", []finding{expected("}", "")}},
		{"let = 5", []finding{incomplete("=")}},
		{"declare query_parameters()", []finding{missing("parameter", "")}},
		// what only Microsoft's service has
		{".show tables", []finding{{"HR011", "Management commands are not supported.", "."}}},
		{"#connect x\nT", []finding{{"HR010", "A client directive is not supported.", "#connect x"}}},
		{"T datascope=cold | take 1", []finding{{"KS005", "Expected: all or hotcache", "cold"}}},
	} {
		q, diags := Parse(c.query)
		checkSpans(t, c.query, q, diags)
		var got []finding
		for _, d := range diags {
			got = append(got, finding{d.Code, d.Message, c.query[d.Span.Start:d.Span.End]})
		}
		if !equalFindings(got, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.query, got, c.want)
		}
	}
}

func equalFindings(a, b []finding) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestHints(t *testing.T) {
	for _, c := range []struct{ query, hint string }{
		{"T | wher x", "did you mean 'where'?"},
		{"T | summarise count()", "did you mean 'summarize'?"},
		{"T | frobnicate", "after | comes an operator such as where, extend, summarize or take"},
		{"T where x", "put a | before the operator 'where'"},
		{`T | where p has "\d"`, `\d is no escape sequence: double the backslash, or write @"…" for text that holds backslashes`},
		{"T | extend x = by", "If the keyword 'by' is intended to be part of an expression it needs to be bracketed as ['by']."},
	} {
		_, diags := Parse(c.query)
		if len(diags) == 0 || diags[0].Hint != c.hint {
			t.Errorf("%s: got %+v, want the hint %q", c.query, diags, c.hint)
		}
	}
}

// A mistake in one stage leaves the others in the tree.
func TestStagesSurviveMistakes(t *testing.T) {
	q, diags := Parse("T | where a == | extend b = 1 | foo | project c, | take 5")
	if len(diags) != 3 {
		t.Fatalf("want 3 diagnostics, got\n%s", diags.Render(""))
	}
	pipe, ok := q.Statements[0].(*ExprStatement).X.(*Pipe)
	if !ok {
		t.Fatalf("want a Pipe, got %T", q.Statements[0].(*ExprStatement).X)
	}
	var words []string
	for _, op := range pipe.Ops {
		switch op := op.(type) {
		case *BadOp:
			words = append(words, "bad")
		default:
			words = append(words, op.Keyword())
		}
	}
	if got, want := strings.Join(words, " "), "where extend bad project take"; got != want {
		t.Errorf("got the stages %q, want %q", got, want)
	}
}

func TestDiagnosticKinds(t *testing.T) {
	for _, c := range []struct {
		query string
		kind  diag.Kind
	}{
		{"T | foo", diag.Syntax},
		{"print dynamic([99999999999999999999])", diag.Semantic},
		{"where x", diag.Semantic},
		{".show tables", diag.Unsupported},
		{"T | __executeAndCache", diag.Unsupported},
		{"__contextual_datatable 'x' (a:long)", diag.Unsupported},
		{"materialized-view-combine(x)", diag.Unsupported},
	} {
		_, diags := Parse(c.query)
		if len(diags) != 1 || diags[0].Kind != c.kind {
			t.Errorf("%s: got %+v, want one diagnostic of kind %d", c.query, diags, c.kind)
		}
	}
}
