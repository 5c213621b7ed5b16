package check

import (
	"sort"
	"strings"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// query is a query under examination.
type query struct {
	text     string
	tree     *syntax.Query
	env      bind.Env
	rule     *Rule // the one that looks
	findings []Finding

	toks     []syntax.Token
	comments []diag.Span
	parent   map[syntax.Node]syntax.Node
	declared map[string]bool // names that the query itself gives to something
	lets     map[string]*syntax.LetStatement
	uses     map[string][]syntax.Node // references and calls by name
	bound    int                      // subqueries bound so far
}

// prepare notes who is whose parent and what the names are.
func (q *query) prepare() {
	q.toks, _ = syntax.Tokens(q.text)
	for _, t := range q.toks {
		for _, c := range t.Comments {
			q.comments = append(q.comments, c.Span)
		}
	}
	q.parent = map[syntax.Node]syntax.Node{}
	q.declared, q.lets, q.uses = map[string]bool{}, map[string]*syntax.LetStatement{}, map[string][]syntax.Node{}
	var above []syntax.Node
	syntax.Walk(q.tree, func(n syntax.Node) bool {
		s := n.Span()
		for len(above) > 0 && !within(s, above[len(above)-1].Span()) {
			above = above[:len(above)-1]
		}
		if len(above) > 0 {
			q.parent[n] = above[len(above)-1]
		}
		above = append(above, n)
		switch n := n.(type) {
		case *syntax.Name:
			if _, call := q.parent[n].(*syntax.Call); !call {
				q.declared[n.Text] = true
			}
		case *syntax.LetStatement:
			q.lets[n.Name.Text] = n
		case *syntax.NameRef:
			q.uses[n.Name] = append(q.uses[n.Name], n)
		case *syntax.Call:
			q.uses[n.Name.Text] = append(q.uses[n.Name.Text], n)
		}
		return true
	})
}

func within(s, outer diag.Span) bool { return s.Start >= outer.Start && s.End <= outer.End }

// parameters gives declared query parameters a value, as whoever runs the
// query will.
func (q *query) parameters() map[string]string {
	out := map[string]string{}
	for _, s := range q.tree.Statements {
		if d, ok := s.(*syntax.QueryParametersStatement); ok {
			for _, p := range d.Params {
				out[p.Name.Text] = p.Type.String() + "(null)"
				if p.Type == types.String {
					out[p.Name.Text] = ""
				}
			}
		}
	}
	return out
}

// library reports a text of declarations alone, which other queries are
// pasted below.
func (q *query) library() bool {
	for _, s := range q.tree.Statements {
		if _, ok := s.(*syntax.LetStatement); !ok {
			return false
		}
	}
	return len(q.tree.Statements) > 0
}

// maxFindings bounds the findings of one query.
const maxFindings = 1000

func (q *query) full() bool { return len(q.findings) >= maxFindings }

// report adds a finding of the rule that looks.
func (q *query) report(at diag.Span, message, hint string, fix *Fix) {
	q.reportAs(q.rule.Severity, at, message, hint, fix)
}

func (q *query) reportAs(s Severity, at diag.Span, message, hint string, fix *Fix) {
	if q.full() {
		return
	}
	q.findings = append(q.findings, Finding{Rule: q.rule.ID, Severity: s, Message: message, Hint: hint, Span: at, Fix: fix})
}

func (q *query) source(n syntax.Node) string {
	s := n.Span()
	return q.text[s.Start:s.End]
}

// commented reports a comment inside of a span: a fix must not lose it.
func (q *query) commented(s diag.Span) bool {
	i := sort.Search(len(q.comments), func(i int) bool { return q.comments[i].Start >= s.Start })
	return i < len(q.comments) && q.comments[i].End <= s.End
}

// token finds the first token at or after a place of the text.
func (q *query) token(off int) int {
	return sort.Search(len(q.toks), func(i int) bool { return q.toks[i].Span.Start >= off })
}

// replace is a fix of one edit.
func replace(title string, at diag.Span, text string, safe bool) *Fix {
	return &Fix{Title: title, Edits: []Edit{{at, text}}, Safe: safe}
}

func insert(title string, at int, text string, safe bool) *Fix {
	return replace(title, diag.Span{Start: at, End: at}, text, safe)
}

// dropStage is the fix that removes one operator of a pipeline with the "|"
// before it; comments around it stay.
func (q *query) dropStage(p *syntax.Pipe, i int) *Fix {
	op := p.Ops[i].Span()
	from := p.Source.Span().End
	if i > 0 {
		from = p.Ops[i-1].Span().End
	}
	cut := diag.Span{Start: from, End: op.End}
	if q.commented(cut) {
		cut.Start = strings.LastIndexByte(q.text[:op.Start], '|')
		if cut.Start < from || q.commented(cut) {
			return nil
		}
	}
	return replace("remove '"+p.Ops[i].Keyword()+"'", cut, "", true)
}

// str is the value of a string constant.
func str(x syntax.Expr) (string, bool) {
	l, ok := x.(*syntax.Literal)
	if !ok || l.Value.Type != types.String || l.Value.Null {
		return "", false
	}
	return l.Value.S, true
}

// chain flattens x op y op z.
func chain(b *syntax.Binary) []syntax.Expr {
	var out []syntax.Expr
	var cur syntax.Expr = b
	for {
		next, ok := cur.(*syntax.Binary)
		if !ok || next.Op != b.Op {
			break
		}
		out = append(out, next.Y)
		cur = next.X
	}
	out = append(out, cur)
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// topOfChain reports the outermost node of a chain of and or or.
func (q *query) topOfChain(n syntax.Node, op string) (*syntax.Binary, bool) {
	b, ok := n.(*syntax.Binary)
	if !ok || b.Op != op {
		return nil, false
	}
	if above, ok := q.parent[b].(*syntax.Binary); ok && above.Op == op && above.X == syntax.Expr(b) {
		return nil, false
	}
	return b, true
}

// unparen strips parentheses.
func unparen(x syntax.Expr) syntax.Expr {
	for {
		p, ok := x.(*syntax.Paren)
		if !ok {
			return x
		}
		x = p.X
	}
}

// columnType is the type of a hunting column that all tables agree on; Unknown
// for others and for names that the query gives to something itself.
func (q *query) columnType(x syntax.Expr) types.Type {
	ref, ok := x.(*syntax.NameRef)
	if !ok || q.declared[ref.Name] {
		return types.Unknown
	}
	found := types.Unknown
	for _, names := range [][]string{q.env.Catalog.Names(), q.env.Catalog.LegacyNames()} {
		for _, name := range names {
			t := q.env.Catalog.Table(name)
			if i := t.Ordinal(ref.Name); i >= 0 {
				if found != types.Unknown && found != t.Columns[i].Type {
					return types.Unknown
				}
				found = t.Columns[i].Type
			}
		}
	}
	return found
}

// ignored reads the comments "harrier-ignore: HK101, HK102" (all rules when
// none is named): in a line of its own it counts for the next line of the
// query, behind something for its own line, as harrier-ignore-file for all.
func (q *query) ignored() func(Finding) bool {
	const mark, all = "harrier-ignore", 0
	rules := map[int][]string{} // by line; all: the whole query
	toks, _ := syntax.Tokens(q.text)
	for _, t := range toks {
		for _, c := range t.Comments {
			_, rest, ok := strings.Cut(q.text[c.Span.Start:c.Span.End], mark)
			if !ok {
				continue
			}
			at := diag.At(q.text, c.Span.Start).Line
			if c.OwnLine {
				at = diag.At(q.text, t.Span.Start).Line
			}
			if after, file := strings.CutPrefix(rest, "-file"); file {
				at, rest = all, after
			}
			ids := strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ' ' || r == ':' || r == '\t' })
			if len(ids) == 0 {
				ids = []string{"*"}
			}
			rules[at] = append(rules[at], ids...)
		}
	}
	return func(f Finding) bool {
		if len(rules) == 0 || f.Severity == Error && !strings.HasPrefix(f.Rule, "HK") {
			return false
		}
		for _, line := range []int{all, diag.At(q.text, f.Span.Start).Line} {
			for _, id := range rules[line] {
				if id == "*" || strings.EqualFold(id, f.Rule) {
					return true
				}
			}
		}
		return false
	}
}
