package hunt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plugin"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

// splicer makes queries out of parts of others: it puts in, replaces, swaps and
// drops operators and expressions, then mends what does not bind, so that most
// of what it makes compiles.
type splicer struct {
	env                 bind.Env
	queries, ops, exprs []string
	sources             []string
}

// maxSpliced bounds the texts that are made.
const maxSpliced = 2500

// quotedText finds the seeds of the binder's own fuzz target.
var quotedText = regexp.MustCompile("`[^`]+`")

// newSplicer takes the queries of the case files, the examples of functions
// and plugins, and the seeds of the binder's fuzz target apart.
func newSplicer(t testing.TB, env bind.Env) *splicer {
	t.Helper()
	s := &splicer{env: env}
	for _, file := range testkit.CaseFiles(t, "cases") {
		for _, c := range file.Cases {
			s.add(c.Query)
		}
	}
	for _, f := range env.Fns.Specs() {
		for _, x := range f.Examples {
			s.add("print " + x.KQL)
		}
	}
	table, err := plugin.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range table.Specs() {
		for _, x := range p.Examples {
			s.add(x.KQL)
		}
	}
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "internal", "bind", "fuzz_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range quotedText.FindAllString(string(text), -1) {
		s.add(strings.Trim(q, "`"))
	}
	if len(s.ops) < 300 || len(s.exprs) < 1000 {
		t.Fatalf("only %d operators and %d expressions to splice", len(s.ops), len(s.exprs))
	}
	return s
}

func (s *splicer) add(query string) {
	tree, diags := syntax.Parse(query)
	if diags.Err() != nil || len(query) > 1500 {
		return
	}
	s.queries = append(s.queries, query)
	ops, exprs := parts(tree)
	for _, o := range ops {
		s.ops = append(s.ops, cut(query, o))
	}
	for _, x := range exprs {
		if text := cut(query, x); len(text) < 150 {
			s.exprs = append(s.exprs, text)
		}
	}
	syntax.Walk(tree, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.Pipe); ok && p.Source != nil {
			s.sources = append(s.sources, cut(query, p.Source.Span()))
		}
		return true
	})
}

func cut(text string, at diag.Span) string { return text[at.Start:at.End] }

// parts lists the operators and the scalar expressions of a query.
func parts(q *syntax.Query) (ops, exprs []diag.Span) {
	syntax.Walk(q, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Pipe:
			for _, o := range n.Ops {
				ops = append(ops, o.Span())
			}
		case *syntax.Binary, *syntax.Call, *syntax.Literal, *syntax.NameRef, *syntax.Path, *syntax.Index, *syntax.In, *syntax.Between, *syntax.Unary, *syntax.Paren:
			if at := n.Span(); at.End > at.Start {
				exprs = append(exprs, at)
			}
		}
		return true
	})
	return ops, exprs
}

func replace(text string, at diag.Span, by string) string {
	return text[:at.Start] + by + text[at.End:]
}

// wraps put an expression into another.
var wraps = []string{"(%s)", "iff(isnull(%s), %[1]s, %[1]s)", "coalesce(%s, %[1]s)", "tostring(%s)", "not(%s)", "pack_array(%s)", "toscalar(print %s)", "(%s)[0]", "todynamic(%s)", "tolong(%s)", "strcat(%s, 'x')", "max(%s)", "prev(%s)", "%s == %[1]s",
	"%s in (%[1]s, 1)", "-(%s)", "range(0, %s)", "make_list(%s)", "x = %s"}

// frames put a whole query into another.
var frames = []string{"let Z_ = materialize(%s); union Z_, Z_", "let Z_ = %s; Z_ | count", "(%s) | as Z_ | join kind=leftouter (Z_ | take 3) on $left.x == $right.x", "union withsource=w_ (%s), (print q_ = 1)", "let f_ = () { %s }; f_()", "%s | take 5", "%s | summarize count()",
	"%s | distinct *", "print s_ = toscalar(%s)", "print s_ = 1 in ((%s))", "%s | sort by 1 asc", "%s | extend r_ = row_number()", "%s | project-away x*", "%s | serialize | evaluate narrow()"}

// splice changes a query a few times and mends the result.
func (s *splicer) splice(text string, r *rand.Rand) string {
	for range 1 + r.IntN(4) {
		tree, diags := syntax.Parse(text)
		if diags.Err() != nil {
			text = pick(r, s.queries)
			continue
		}
		next := s.change(text, tree, r)
		if len(next) < maxSpliced {
			text = s.mend(next, r)
		}
	}
	return text
}

func (s *splicer) change(text string, tree *syntax.Query, r *rand.Rand) string {
	ops, exprs := parts(tree)
	k := r.IntN(12)
	switch {
	case k < 3 && len(ops) > 0: // put in an operator
		at := pick(r, ops)
		return text[:at.End] + " | " + pick(r, s.ops) + text[at.End:]
	case k == 3 && len(ops) > 0:
		return replace(text, pick(r, ops), pick(r, s.ops))
	case k == 4 && len(ops) > 1: // swap two
		a, b := pick(r, ops), pick(r, ops)
		if a.Start > b.Start {
			a, b = b, a
		}
		if a.End <= b.Start {
			return text[:a.Start] + cut(text, b) + text[a.End:b.Start] + cut(text, a) + text[b.End:]
		}
	case k == 5 && !strings.Contains(text, ";"):
		return fmt.Sprintf(pick(r, frames), text)
	case k == 6 && !strings.Contains(text, ";"):
		return text + " | " + pick(r, s.ops)
	case k == 7 && !strings.Contains(text, "let"):
		if other := pick(r, s.queries); !strings.Contains(other, ";") {
			return "union (" + text + "), (" + other + ")"
		}
	case k == 8 && len(exprs) > 0:
		at := pick(r, exprs)
		return replace(text, at, fmt.Sprintf(pick(r, wraps), cut(text, at)))
	case k == 9 && len(exprs) > 0:
		at := pick(r, exprs)
		return replace(text, at, testkit.Literal(randomValue(r, pick(r, allScalars))))
	case len(exprs) > 0:
		at := pick(r, exprs)
		return replace(text, at, pick(r, s.exprs))
	}
	return pick(r, s.queries)
}

// mend puts known names for unknown ones, other expressions for faulty ones
// and drops operators that cannot be helped.
func (s *splicer) mend(text string, r *rand.Rand) string {
	for try := range 14 {
		tree, diags := syntax.Parse(text)
		if diags.Err() != nil {
			return pick(r, s.queries)
		}
		watch := time.AfterFunc(time.Minute, func() { panic("binding hangs: " + text) })
		_, found := bind.Bind(tree, s.env)
		watch.Stop()
		if found.Err() == nil {
			return text
		}
		i := slices.IndexFunc(found, func(d diag.Diagnostic) bool { return d.Kind != diag.Warning })
		at := found[i].Span
		ops, exprs := parts(tree)
		within := func(x diag.Span) bool { return x.Start <= at.Start && at.End <= x.End }
		exprs = slices.DeleteFunc(exprs, func(x diag.Span) bool { return !within(x) })
		ops = slices.DeleteFunc(ops, func(x diag.Span) bool { return !within(x) })
		switch {
		case len(exprs) > 0 && try < 10:
			names := s.names(text, tree, exprs[len(exprs)-1].Start)
			text = replace(text, exprs[len(exprs)-1], pick(r, names))
		case len(ops) > 0:
			text = replace(text, ops[len(ops)-1], "where true")
		default:
			return text
		}
	}
	return text
}

// names are the columns there are before the operator at a place, as far as
// that is easily told, and some constants.
func (s *splicer) names(text string, tree *syntax.Query, before int) []string {
	names := []string{"1", "'a'", "dynamic([1,2])", "true", "1.5", "1h", "now()", "x"}
	for _, st := range tree.Statements {
		x, ok := st.(*syntax.ExprStatement)
		if !ok {
			continue
		}
		p, ok := x.X.(*syntax.Pipe)
		if !ok || p.Source == nil {
			continue
		}
		end := p.Source.Span().End
		for _, o := range p.Ops {
			if o.Span().End < before {
				end = o.Span().End
			}
		}
		if head, diags := syntax.Parse(text[:end]); diags.Err() == nil {
			if b, diags := bind.Bind(head, s.env); diags.Err() == nil && b.Node != nil {
				for _, c := range b.Node.Columns() {
					names = append(names, quoted(c.Name))
				}
			}
		}
	}
	return names
}
