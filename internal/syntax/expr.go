package syntax

// expr parses a scalar expression (no pipes outside parentheses). It returns
// nil when no expression starts here.
func (p *parser) expr() Expr {
	if !p.enter() {
		return p.bad()
	}
	defer p.leave()
	return p.infix(levelOr)
}

// infix parses operands joined by operators of at least level min. Chains of
// one level are read in a loop, so their length is not bounded by the depth.
func (p *parser) infix(min uint8) Expr {
	start := p.here()
	limit := levelUnary // the loosest operator that may still follow is below
	x := p.starOperand(min)
	if x == nil {
		if x = p.unary(); x == nil {
			return nil
		}
	}
	for {
		k := p.at()
		op := infix[k]
		if op.level == 0 {
			if min > levelEquality || limit <= levelEquality {
				return x
			}
			y := p.listOrRange(x, start, k)
			if y == nil {
				return x
			}
			x, limit = y, levelEquality
			continue
		}
		if op.level < min || op.level >= limit {
			return x
		}
		at := p.span()
		p.pos++
		y := p.must(p.infix(op.level + 1))
		x = &Binary{At: p.since(start), Op: op.text, OpAt: at, X: x, Y: y}
		switch op.level {
		case levelEquality, levelRelation, levelString:
			limit = op.level
		default:
			limit = op.level + 1
		}
	}
}

// starOperand parses the "*" of "* has 'x'" and "* == 'x'".
func (p *parser) starOperand(min uint8) Expr {
	if p.at() != tStar {
		return nil
	}
	k := p.peek(1)
	if infix[k].level != levelString && (k != tEqualEqual || min > levelEquality) {
		return nil
	}
	start := p.here()
	p.pos++
	return &Star{p.since(start)}
}

// listOrRange parses the rest of "x in (…)", "x has_any (…)" and
// "x between (a .. b)", or returns nil.
func (p *parser) listOrRange(x Expr, start int, k kind) Expr {
	at := p.span()
	switch op := listOperator(k); {
	case op != "":
		if k == kwIn && p.peek(1) == kwRange {
			return nil // make-series … on x in range(…)
		}
		p.pos++
		items := p.inList()
		return &In{At: p.since(start), Op: op, OpAt: at, X: x, List: items}
	case k == kwBetween || k == kwNotBetween:
		p.pos++
		b := &Between{Not: k == kwNotBetween, OpAt: at, X: x}
		p.bounds(b)
		b.At = p.since(start)
		return b
	}
	return nil
}

// inList parses "(a, b)" or "(tabular expression)".
func (p *parser) inList() []Expr {
	if p.at() != tOpenParen {
		p.expected("(")
		return nil
	}
	w := p.open()
	defer p.close(w)
	if p.startsOperator() || p.hasPipe() {
		return []Expr{p.must(p.pipeline(false))}
	}
	return p.exprList(listForm{}, (*parser).expr)
}

// hasPipe reports whether a "|" comes before any comma of this window.
func (p *parser) hasPipe() bool {
	bar := p.next(tBar, p.pos)
	return bar < p.end && p.next(tComma, p.pos) > bar
}

// bounds parses "(lo .. hi)".
func (p *parser) bounds(b *Between) {
	if p.at() != tOpenParen {
		p.expected("(")
		b.Lo, b.Hi = p.bad(), p.bad()
		return
	}
	w := p.open()
	b.Lo = p.must(p.expr())
	p.need(tDotDot, "..")
	b.Hi = p.must(p.expr())
	p.close(w)
}

// unary parses "-x", "+x" or a path. A sign applies to one path and is not
// repeated: "--1" is a mistake.
func (p *parser) unary() Expr {
	k := p.at()
	if k != tMinus && k != tPlus {
		return p.path()
	}
	start := p.here()
	op := p.text(0)
	p.pos++
	x := p.must(p.path())
	return &Unary{At: p.since(start), Op: op, X: x}
}

// path parses a primary expression with its members and elements:
// a.b['c'].d[0].
func (p *parser) path() Expr {
	start := p.here()
	x := p.primary()
	if x == nil {
		return nil
	}
	return p.steps(start, x, (*parser).member)
}

// steps parses the members and elements after x. member parses what may
// follow a dot; "x.[i]" is an older way to write "x[i]".
func (p *parser) steps(start int, x Expr, member func(*parser) Expr) Expr {
	for n := 0; ; n++ {
		dot := p.at() == tDot
		if !dot && p.at() != tOpenBracket {
			return x
		}
		if n == maxDepth {
			p.nestedTooDeeply()
			return x
		}
		if dot {
			p.pos++
			if m := member(p); m != nil {
				x = &Path{At: p.since(start), X: x, Member: m}
				continue
			}
			if p.at() != tOpenBracket {
				p.missing("name")
				x = &Path{At: p.since(start), X: x, Member: p.bad()}
				continue
			}
		}
		w := p.open()
		i := p.must(p.expr())
		p.close(w)
		x = &Index{At: p.since(start), X: x, I: i}
	}
}

// member parses what may follow a dot: a name, ['a name'] or a call.
func (p *parser) member() Expr {
	if p.startsCall() {
		return p.call()
	}
	return p.pathName()
}

// columnName parses a name inside an expression, where three more keywords
// are names.
func (p *parser) columnName() Expr {
	if p.at().has(asColumn) {
		start := p.here()
		name := p.text(0)
		p.pos++
		return &NameRef{At: p.since(start), Name: name}
	}
	return p.nameRef()
}

// namedExpr parses "x", "name = x" or "(a, b) = x".
func (p *parser) namedExpr() Expr {
	start := p.here()
	if n := p.nameLen(0, true); n > 0 && p.peek(n) == tEqual {
		name, _ := p.declaredName()
		return p.named(start, []Name{name}, false)
	}
	if n := p.hyphenatedLen(); n > 0 && p.peek(n) == tEqual {
		p.pos += n
		at := p.since(start)
		name := Name{At: at, Text: p.src[at.Pos.Start:at.Pos.End]}
		p.needsBrackets(at.Pos, name.Text)
		return p.named(start, []Name{name}, false)
	}
	if names := p.tuple(); names != nil {
		return p.named(start, names, true)
	}
	return p.expr()
}

func (p *parser) named(start int, names []Name, tuple bool) Expr {
	p.pos++ // "="
	x := p.must(p.expr())
	return &NamedExpr{At: p.since(start), Names: names, Tuple: tuple, X: x}
}

// tuple parses "(a, b)" when "=" follows; otherwise it reads nothing.
func (p *parser) tuple() []Name {
	if p.at() != tOpenParen {
		return nil
	}
	end := int(p.toks[p.pos].match)
	if end < 0 || end+1 >= p.end || p.toks[end+1].kind != tEqual || p.nameLen(1, true) == 0 {
		return nil
	}
	w := p.open()
	names := list(p, listForm{}, "name", (*parser).declaredName)
	p.close(w)
	return names
}

// hyphenatedLen measures a-b-c, a name that lacks its brackets.
func (p *parser) hyphenatedLen() int {
	if k := p.at(); k != tIdent && !k.isKeyword() {
		return 0
	}
	n := 1
	for p.glued(n) {
		if k := p.peek(n); k != tIdent && k != tMinus && !k.isKeyword() {
			break
		}
		n++
	}
	return n
}
