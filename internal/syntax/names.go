package syntax

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// Names. Kusto lets most keywords be names, in three circles: some are names
// everywhere, some more where a new name is declared, and three only inside
// expressions. traits says which is which.

// nameLen tells how many tokens a name takes at n tokens ahead, or 0.
func (p *parser) nameLen(n int, declared bool) int {
	switch k := p.peek(n); {
	case k.isName(), declared && k.isDeclarable():
		return 1
	case k == tOpenBracket:
		return p.bracketedNameLen(n)
	case k == tOpenBrace:
		return p.clientParameterLen(n)
	}
	return 0
}

// bracketedNameLen measures ['…'] and ["…"]; adjacent strings are joined.
func (p *parser) bracketedNameLen(n int) int {
	if p.peek(n) != tOpenBracket || p.peek(n+1) != tString {
		return 0
	}
	i := n + 1
	for p.peek(i) == tString {
		i++
	}
	if p.peek(i) != tCloseBracket {
		return 0
	}
	return i + 1 - n
}

// clientParameterLen measures {name}, which only Kusto's own tools fill in.
func (p *parser) clientParameterLen(n int) int {
	if k := p.peek(n + 1); (k == tIdent || k.isKeyword()) && p.glued(n+1) && p.peek(n+2) == tCloseBrace && p.glued(n+2) {
		return 3
	}
	return 0
}

// name parses a name in the narrow sense: an identifier, a keyword that is a
// name everywhere, or a bracketed name.
func (p *parser) name() (Name, bool) { return p.anyName(false) }

// declaredName parses a name where a new one is declared, so that more
// keywords can stand for one.
func (p *parser) declaredName() (Name, bool) { return p.anyName(true) }

func (p *parser) anyName(declared bool) (Name, bool) {
	n := p.nameLen(0, declared)
	if n == 0 {
		return Name{}, false
	}
	start := p.here()
	name := Name{}
	switch p.at() {
	case tOpenBracket:
		name.Quoted = true
		name.Text = p.joinedStrings(1, n-1)
		p.pos += n
	case tOpenBrace:
		name.Text = p.text(1)
		p.pos += n
		p.report(diag.Semantic, "KS213", p.since(start).Pos, "Client parameters are not supported or enabled.",
			"replace {"+name.Text+"} by its value")
	default:
		name.Text = p.text(0)
		p.pos++
	}
	name.At = p.since(start)
	return name, true
}

// joinedStrings is the value of the string tokens from, up to but without, to.
func (p *parser) joinedStrings(from, to int) string {
	if to == from+1 {
		s, _ := stringValue(p.text(from))
		return s
	}
	var b strings.Builder
	for i := from; i < to; i++ {
		s, _ := stringValue(p.text(i))
		b.WriteString(s)
	}
	return b.String()
}

// needName is name, or a diagnostic and an empty name.
func (p *parser) needName() Name {
	name, ok := p.name()
	if !ok {
		p.missing("name")
		name.At = p.bad().(*Bad).At
	}
	return name
}

func (n Name) ref() *NameRef { return &NameRef{At: n.At, Name: n.Text, Quoted: n.Quoted} }

// nameRef parses a name as a reference, or returns nil.
func (p *parser) nameRef() Expr {
	if name, ok := p.name(); ok {
		return name.ref()
	}
	return nil
}

// needNameRef is nameRef, or a diagnostic and a Bad.
func (p *parser) needNameRef() Expr {
	if x := p.nameRef(); x != nil {
		return x
	}
	p.missing("name")
	return p.bad()
}

// wildcardLen tells how many tokens a name pattern such as Dev*Info or *_x
// takes n tokens ahead, or 0. Its parts touch each other; a lone "*" counts.
func (p *parser) wildcardLen(n int) int {
	i := n
	switch k := p.peek(i); {
	case k == tStar:
		i++
	case k.isDeclarable() && p.peek(i+1) == tStar && p.glued(i+1):
		i += 2
	default:
		return 0
	}
	for p.glued(i) {
		k := p.peek(i)
		if k != tStar && k != tLong && !k.isDeclarable() {
			break
		}
		i++
	}
	return i - n
}

// wildcard parses a name pattern, or returns nil.
func (p *parser) wildcard() Expr {
	n := p.wildcardLen(0)
	if n == 0 {
		return nil
	}
	start := p.here()
	p.pos += n
	at := p.since(start)
	return &NameRef{At: at, Name: p.src[start:at.Pos.End], Wildcard: true}
}

// bracketedWildcard parses [Dev*], an older way to write a pattern.
func (p *parser) bracketedWildcard() Expr {
	n := 0
	if p.at() == tOpenBracket {
		n = p.wildcardLen(1)
	}
	if n == 0 {
		return nil
	}
	start := p.here()
	w := p.open()
	x := p.wildcard().(*NameRef)
	p.close(w)
	x.At, x.Quoted = p.since(start), true
	return x
}

// nameOrWildcard parses one element of project-away and its kin.
func (p *parser) nameOrWildcard() Expr {
	if x := p.wildcard(); x != nil {
		return x
	}
	return p.nameRef()
}

// keywordInNamePlace takes a keyword that was clearly meant as a name, judged
// by the token after it, and says how to write it.
func (p *parser) keywordInNamePlace() Expr {
	if !p.at().isKeyword() || !p.followsName(p.peek(1)) {
		return nil
	}
	start := p.here()
	word := p.text(0)
	p.pos++
	at := p.since(start)
	p.needsBrackets(at.Pos, word)
	return &NameRef{At: at, Name: word}
}

func (p *parser) needsBrackets(at diag.Span, word string) {
	p.report(diag.Syntax, "KS228", at,
		fmt.Sprintf("The name '%s' needs to be bracketed as ['%s'] to be used in this context.", word, word), "")
}

// followsName reports tokens that come right after a name but not after the
// keyword that starts a clause.
func (p *parser) followsName(k kind) bool {
	switch k {
	case tCloseParen, tCloseBracket, tCloseBrace, tDot, tComma, tColon, tBar,
		tStar, tSlash, tPercent, kwBetween, kwNotBetween:
		return true
	case tEOF:
		// The window hides the token that ends it.
		return p.pos+1 == p.end && p.end < len(p.toks)-1
	case tPlus, tMinus, tLessGreater:
		return false
	}
	return infix[k].level != 0 || isListOperator(k)
}
