package syntax

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// Bounds of a query's text.
const (
	maxText  = 1 << 20 // bytes
	maxDepth = 500     // nested brackets, bodies and JSON values
)

// Parse turns the text of a query into a tree. It always returns a query;
// what could not be parsed is missing from it or stands there as Bad or
// BadOp, and the list says why. The list is in the order of the text.
func Parse(text string) (*Query, diag.List) {
	var diags diag.List
	whole := diag.Span{Start: 0, End: len(text)}
	if len(text) > maxText {
		diags.Addf(diag.Limit, "HR001", whole,
			"The query text has %d bytes; at most %d are accepted.", len(text), maxText)
		return &Query{At: At{whole}}, diags
	}
	p := &parser{src: text, diags: &diags}
	p.toks = lex(text, &diags)
	p.end = len(p.toks) - 1
	q := p.query()
	q.Pos = whole
	slices.SortStableFunc(diags, func(a, b diag.Diagnostic) int { return a.Span.Start - b.Span.Start })
	return q, diags
}

// parser holds the tokens and the window in which the current rule may read.
// See the package comment.
type parser struct {
	src    string
	toks   []token
	pos    int    // the next token
	end    int    // the end of the window; beyond it all rules see tEOF
	closer string // what ends the window: ")", "]", "}" or "" for a statement
	depth  int
	// tooDeep is set once the depth limit was reached: from then on nothing
	// more is reported, because all of it would follow from that.
	tooDeep bool
	// reported is one more than the place of the last syntax error: further
	// ones at the same place would only follow from it.
	reported int
	diags    *diag.List
}

// at returns the kind of the next token.
func (p *parser) at() kind { return p.peek(0) }

// peek returns the kind of the token n places ahead.
func (p *parser) peek(n int) kind {
	if p.pos+n < p.end {
		return p.toks[p.pos+n].kind
	}
	return tEOF
}

// glued reports whether the token n places ahead touches the one before it.
func (p *parser) glued(n int) bool { return p.pos+n < p.end && p.toks[p.pos+n].glued }

// text returns the source of the token n places ahead.
func (p *parser) text(n int) string {
	t := &p.toks[p.pos+n]
	return p.src[t.start:t.end]
}

// take consumes the next token if it is of kind k.
func (p *parser) take(k kind) bool {
	if p.at() != k {
		return false
	}
	p.pos++
	return true
}

// here is the byte offset at which a node starts that begins with the next
// token; with since it gives the node's place. In a used up window that is
// the end of what was read, so what is missing lies inside its parent.
func (p *parser) here() int {
	if p.pos < p.end {
		return int(p.toks[p.pos].start)
	}
	return p.lastEnd()
}

// lastEnd is the byte offset at which the token before the next one ends.
func (p *parser) lastEnd() int {
	if p.pos == 0 {
		return 0
	}
	return int(p.toks[p.pos-1].end)
}

// since is the place from start to the last consumed token, or the end of
// that token when none was consumed since.
func (p *parser) since(start int) At {
	end := p.lastEnd()
	return At{diag.Span{Start: min(start, end), End: end}}
}

// ---- windows ----

// window remembers the enclosing window while a smaller one is in force.
type window struct {
	end    int
	closer string
	close  int // index of the closing bracket, -1 if there is none
}

// open consumes an opening bracket and narrows the window to what stands
// between it and its closing bracket.
func (p *parser) open() window {
	t := &p.toks[p.pos]
	w := window{p.end, p.closer, int(t.match)}
	switch t.kind {
	case tOpenParen:
		p.closer = ")"
	case tOpenBracket:
		p.closer = "]"
	default:
		p.closer = "}"
	}
	if w.close >= p.end {
		w.close = -1
	}
	if w.close >= 0 {
		p.end = w.close
	}
	p.pos++
	return w
}

// close ends the window of open and consumes the closing bracket. Tokens that
// no rule took are reported and skipped.
func (p *parser) close(w window) {
	if w.close < 0 {
		p.expected(p.closer)
		p.pos = p.end
		p.end, p.closer = w.end, w.closer
		return
	}
	if p.pos < p.end {
		p.expected(p.closer)
	}
	p.pos = w.close + 1
	p.end, p.closer = w.end, w.closer
}

// next finds the next token of kind k in the window that no bracket encloses.
// Together the searches of one nesting level read each of its tokens once.
func (p *parser) next(k kind, from int) int {
	for i := from; i < p.end; {
		t := &p.toks[i]
		if t.kind == k {
			return i
		}
		if m := int(t.match); m > i {
			i = m
		}
		i++
	}
	return p.end
}

// enter counts one more level of nesting; leave takes it back. At the limit
// it reports, gives up the rest of the window and returns false.
func (p *parser) enter() bool {
	if p.depth < maxDepth {
		p.depth++
		return true
	}
	p.nestedTooDeeply()
	return false
}

func (p *parser) nestedTooDeeply() {
	p.report(diag.Limit, "HR002", p.span(),
		fmt.Sprintf("The query is nested too deeply; at most %d levels are accepted.", maxDepth), "")
	p.tooDeep = true
	p.pos = p.end
}

func (p *parser) leave() { p.depth-- }

// ---- diagnostics ----

func (p *parser) report(k diag.Kind, code string, at diag.Span, message, hint string) {
	if p.tooDeep {
		return
	}
	if k == diag.Syntax {
		if p.reported == at.Start+1 {
			return
		}
		p.reported = at.Start + 1
	}
	p.diags.Add(diag.Diagnostic{Kind: k, Code: code, Message: message, Hint: hint, Span: at})
}

// span is the place of the next token, or of the end of what was read when
// the window is used up.
func (p *parser) span() diag.Span {
	if p.pos < p.end {
		t := &p.toks[p.pos]
		return diag.Span{Start: int(t.start), End: int(t.end)}
	}
	at := p.lastEnd()
	return diag.Span{Start: at, End: at}
}

// expected reports that a certain token is missing.
func (p *parser) expected(what string) {
	p.report(diag.Syntax, "KS005", p.span(), "Expected: "+what, "")
}

// missing reports that an element (expression, name, value …) is missing.
func (p *parser) missing(what string) {
	message, hint := "Missing "+what, ""
	if k := p.at(); k.isKeyword() && (what == "expression" || what == "name") {
		word := p.text(0)
		hint = fmt.Sprintf("If the keyword '%s' is intended to be part of an expression it needs to be bracketed as ['%s'].", word, word)
	}
	p.report(diag.Syntax, "KS006", p.span(), message, hint)
}

// need consumes a token that must come next, or reports it as expected.
func (p *parser) need(k kind, what string) bool {
	if p.take(k) {
		return true
	}
	p.expected(what)
	return false
}

// must returns x, or reports a missing expression and returns a Bad.
func (p *parser) must(x Expr) Expr {
	if x != nil {
		return x
	}
	p.missing("expression")
	return p.bad()
}

func (p *parser) bad() Expr { return badAt(p.lastEnd()) }

// badAt is a Bad for what is missing at the very start of its parent.
func badAt(at int) Expr { return &Bad{At{diag.Span{Start: at, End: at}}} }

// unsupported refuses a construct of the grammar that has no meaning outside
// Microsoft's service.
func (p *parser) unsupported(at diag.Span, what string) {
	p.report(diag.Unsupported, "HR010", at, what+" is not supported.", "")
}
