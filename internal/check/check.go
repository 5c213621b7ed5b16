// Package check finds mistakes in hunting queries without running them: what
// the parser and the binder refuse, and what rules of its own warn about,
// because the query means something else than it seems to, is slow for no
// reason, or uses names of the past.
//
// A rule is one file rule_<name>.go with one function that makes it: id,
// severity, what it says and why, queries it objects to with what its fix
// makes of them, queries it lets pass, and the function that looks. The
// examples are the rule's tests and its documentation. A rule works on the
// tree and needs no binding; where it asks for types or columns it stays
// silent when it cannot be sure.
//
// A fix is safe when the fixed query has the same answer. Only safe fixes are
// applied unless the caller wants all.
package check

import (
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// Severity orders findings.
type Severity uint8

// The severities. A note is advice, a warning is most likely a mistake, an
// error keeps the query from running.
const (
	Note Severity = iota
	Warning
	Error
)

func (s Severity) String() string { return [...]string{"note", "warning", "error"}[s] }

// Finding is one thing found in a query. Its span is of the query's text.
type Finding struct {
	Rule     string // id: HK101, or the code of a diagnostic
	Severity Severity
	Message  string
	Hint     string
	Span     diag.Span
	Fix      *Fix
}

// Fix changes the query so that the finding goes away.
type Fix struct {
	Title string
	Edits []Edit // in the order of the text, not overlapping
	// Safe: the query's answer stays the same.
	Safe bool
}

// Edit replaces a span of the text.
type Edit struct {
	Span diag.Span
	Text string
}

// Rule is one rule. See the package comment.
type Rule struct {
	ID       string
	Name     string
	Severity Severity
	Summary  string // one line
	Why      string // a sentence or two
	Bad      []Bad
	Good     []string

	look func(q *query, n syntax.Node) // called for every node
}

// Bad is a query that a rule objects to, and what its fix makes of it (""
// where it has none).
type Bad struct{ Query, Fixed string }

// Rules lists all rules by id.
func Rules() []Rule {
	return []Rule{
		containsCouldBeHas(), missingTimeFilter(), inManyColumns(), obsoleteName(), legacySchema(), unusedLet(),
		numberAsText(), foldedEquality(), unboundedSearch(), sortBeforeAggregate(), joinWithoutKind(), takeWithoutOrder(),
		mixedAndOr(), groupByRawTime(), alwaysTrue(), neverTrue(), nullOfString(), negativeAgo(), literalWildcard(),
		invalidRegex(), plainRegex(), caseSensitiveName(), duplicateValue(), emptyNeedle(), plainHTTP(), orChain(),
	}
}

// Query checks one query. The findings come in the order of the text.
func Query(text string, env bind.Env) []Finding {
	tree, diags := syntax.Parse(text)
	q := &query{text: text, tree: tree, env: env}
	q.diagnostics(diags)
	if diags.Err() == nil {
		q.prepare()
		env.Parameters = q.parameters()
		bound, diags := bind.Bind(tree, env)
		q.diagnostics(diags)
		q.diagnostics(bound.Blocked)
		for _, r := range Rules() {
			q.rule = &r
			syntax.Walk(tree, func(n syntax.Node) bool {
				r.look(q, n)
				return !q.full()
			})
		}
	}
	q.drop()
	slices.SortStableFunc(q.findings, func(a, b Finding) int {
		if a.Span.Start != b.Span.Start {
			return a.Span.Start - b.Span.Start
		}
		return strings.Compare(a.Rule, b.Rule)
	})
	return q.findings
}

// diagnostics takes over what the compiler says. A valid query that this
// program refuses to run is no mistake of its author: a warning.
func (q *query) diagnostics(list diag.List) {
	for _, d := range list {
		f := Finding{Rule: d.Code, Severity: Error, Message: d.Message, Hint: d.Hint, Span: d.Span}
		switch d.Kind {
		case diag.Warning, diag.Unsupported:
			f.Severity = Warning
		}
		if d.Code == "SEM0001" && q.library() {
			f.Severity = Note
		}
		q.findings = append(q.findings, f)
	}
}

// drop removes findings that a rule reports better than the compiler, and
// those that comments of the query ask to ignore.
func (q *query) drop() {
	better := map[diag.Span]bool{}
	for _, f := range q.findings {
		if strings.HasPrefix(f.Rule, "HK") {
			better[f.Span] = true
		}
	}
	ignored := q.ignored()
	q.findings = slices.DeleteFunc(q.findings, func(f Finding) bool {
		switch f.Rule {
		case "HRR1001", "HRR1002", "SEM0064":
			if better[f.Span] {
				return true
			}
		}
		return ignored(f)
	})
}
