package bind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// tablePattern is "declare pattern": tuples of texts mapped to table expressions.
type tablePattern struct {
	decl *syntax.PatternStatement
	sc   *scope
}

// missing are the references to patterns that no definition answers. Clients
// that add the definitions want all of them in one message.
type missing struct {
	refs []string
	at   diag.Span // of the first
}

// declarePattern binds the name. The bodies are bound where they are called.
func (b *binder) declarePattern(s *syntax.PatternStatement, sc *scope) {
	bad := func(k syntax.PatternCase, what string) {
		b.fail(k.Span(), "SEM0037", "Pattern '"+s.Name.Text+"': "+what, "")
	}
	seen := map[string]bool{}
	for _, k := range s.Cases {
		values, ok := caseValues(k)
		ref := patternRef("", values, casePath(k))
		switch {
		case !ok:
			bad(k, "the values must be constant strings")
		case len(k.Args) != len(s.Params) || (k.Path == nil) != (s.Path == nil):
			bad(k, "the values do not fit the declared arguments")
		case seen[ref]:
			bad(k, "two definitions have these values")
		}
		seen[ref] = true
	}
	sc.set(s.Name.Text, &variable{pattern: &tablePattern{decl: s, sc: sc}})
}

// caseValues are the values of a definition; all are constant strings.
func caseValues(k syntax.PatternCase) (values []string, ok bool) {
	for _, a := range k.Args {
		l, isLiteral := a.(*syntax.Literal)
		if !isLiteral || l.Value.Type != types.String {
			return nil, false
		}
		values = append(values, l.Value.S)
	}
	return values, true
}

func casePath(k syntax.PatternCase) string {
	if l, ok := k.Path.(*syntax.Literal); ok {
		return l.Value.S
	}
	return ""
}

// patternRef writes a reference as Kusto lists it: name('a','b').['path'].
func patternRef(name string, values []string, path string) string {
	ref := name + "('" + strings.Join(values, "','") + "')"
	if path != "" {
		ref += ".['" + path + "']"
	}
	return ref
}

// patternTable binds name("a", …).path: the body of the definition with these
// texts.
func (b *binder) patternTable(x *syntax.Call, path string, c ctx, at diag.Span) rel {
	p := c.sc.lookup(x.Name.Text).pattern
	var given []string
	for _, a := range x.Args {
		k, ok := b.expr(a, ctx{sc: c.sc, op: c.op}).(*plan.Const)
		if !ok || k.Value.Type != types.String {
			b.fail(a.Span(), "SEM0037", "A pattern takes constant strings", "")
			return rel{open: true}
		}
		given = append(given, k.Value.S)
	}
	for _, k := range p.decl.Cases {
		if values, ok := caseValues(k); ok && slices.Equal(values, given) && casePath(k) == path {
			return b.patternBody(p, k, c, at)
		}
	}
	ref := patternRef(x.Name.Text, given, path)
	if b.missing.refs == nil {
		b.missing.at = x.Span()
	}
	if !slices.Contains(b.missing.refs, ref) {
		b.missing.refs = append(b.missing.refs, ref)
	}
	return rel{open: true}
}

// patternBody binds the table of a definition.
func (b *binder) patternBody(p *tablePattern, k syntax.PatternCase, c ctx, at diag.Span) rel {
	if b.depth >= maxDepth || !b.grow(at) {
		b.fail(at, "SEM0093", fmt.Sprintf("Pattern '%s' is nested too deeply", p.decl.Name.Text), "")
		return rel{open: true}
	}
	b.depth++
	defer func() { b.depth-- }()
	inner := p.sc.child()
	for _, s := range k.Body.Statements {
		b.statement(s, inner)
	}
	if k.Body.X == nil {
		b.fail(k.Span(), "SEM0019", fmt.Sprintf("Pattern '%s' has an empty body", p.decl.Name.Text), "")
		return rel{open: true}
	}
	return b.table(k.Body.X, ctx{sc: inner, op: c.op})
}

// reportMissing lists the references no definition answers, once.
func (b *binder) reportMissing() {
	if b.missing.refs == nil || b.diags.Err() != nil {
		return
	}
	quoted := make([]string, len(b.missing.refs))
	for i, r := range b.missing.refs {
		quoted[i] = `"` + r + `"`
	}
	b.fail(b.missing.at, "SEM0036", "One or more pattern references were not declared. Detected pattern references: ["+strings.Join(quoted, ",")+"]", "")
}
