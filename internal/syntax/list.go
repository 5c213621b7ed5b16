package syntax

import "slices"

// listForm says how a comma list ends and what it tolerates.
type listForm struct {
	// stops are the keywords that end the list besides the end of the window,
	// ends a condition of the same effect; both can be nil.
	stops []kind
	ends  func(*parser) bool
	// open lists end silently at a token that is no comma; closed ones report
	// the missing comma when another element follows.
	open     bool
	optional bool // may be empty
	trailing bool // may end with a comma
}

// atListEnd reports whether no element can follow.
func (p *parser) atListEnd(form *listForm) bool {
	switch k := p.at(); k {
	case tEOF, tCloseParen, tCloseBracket, tCloseBrace, tBar, tSemicolon:
		return true
	default:
		return k.isKeyword() && (slices.Contains(form.stops, k) || form.ends != nil && form.ends(p))
	}
}

// list parses elements separated by commas. item returns false when no
// element starts here; what names the element in diagnostics.
func list[T any](p *parser, form listForm, what string, item func(*parser) (T, bool)) []T {
	var out []T
	after := false // a comma was read, so an element must follow
	for {
		var x T
		ok := false
		if !p.atListEnd(&form) || form.open {
			before := p.pos
			x, ok = item(p)
			if ok && p.pos == before { // an element of no token: it was reported
				return append(out, x)
			}
		}
		if !ok {
			if p.at() == tComma || after && !form.trailing || !after && !form.optional {
				p.missing(what)
			}
			if !p.take(tComma) {
				return out
			}
			after = true
			continue
		}
		out = append(out, x)
		after = false
		if p.take(tComma) {
			after = true
			continue
		}
		if form.open || p.atListEnd(&form) || !p.startsElement() {
			return out
		}
		p.expected(",")
	}
}

// exprList is list for expressions.
func (p *parser) exprList(form listForm, item func(*parser) Expr) []Expr {
	return list(p, form, "expression", func(p *parser) (Expr, bool) {
		x := item(p)
		return x, x != nil
	})
}

// startsElement reports whether the next token can begin an expression.
func (p *parser) startsElement() bool {
	k := p.at()
	return k.isName() || k.isLiteral() || k.has(asColumn) || k.isDeclarable() && p.peek(1) == tEqual ||
		k == tOpenParen || k == tOpenBracket || k == kwDynamic || k == kwToScalar || k == kwToTable ||
		k == kwDataTable || k == kwExternalData || k == kwExternalData2
}
