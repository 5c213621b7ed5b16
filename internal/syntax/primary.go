package syntax

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

// primary parses an expression without operators, members or elements, or
// returns nil.
func (p *parser) primary() Expr {
	k := p.at()
	if k.isLiteral() {
		return p.literal()
	}
	switch k {
	case tOpenParen:
		return p.paren()
	case kwDynamic:
		if p.peek(1) == tOpenParen {
			return p.dynamic()
		}
		return p.keywordInNamePlace()
	case kwDataTable:
		return p.dataTable()
	case kwExternalData, kwExternalData2:
		return p.externalData()
	case kwToScalar, kwToTable:
		return p.subqueryCall()
	case kwContextualDatatable, kwMaterializedViewCombine:
		start := p.here()
		word := p.text(0)
		p.pos = p.end
		p.unsupported(diag.Span{Start: start, End: start + len(word)}, "'"+word+"'")
		return p.bad()
	case kwTypeOf:
		if p.peek(1) == tOpenParen {
			return p.typeOf()
		}
	case tAt:
		start := p.here()
		p.pos++
		p.unsupported(p.since(start).Pos, "'@'")
		return p.bad()
	}
	if p.startsCall() {
		return p.call()
	}
	if x := p.bracketedWildcard(); x != nil {
		return x
	}
	if x := p.columnName(); x != nil {
		p.dataScope()
		return x
	}
	return p.keywordInNamePlace()
}

// dataScope passes over "datascope=hotcache" and "datascope=all": there is one
// store here, all of it at hand.
func (p *parser) dataScope() {
	if p.at() != kwDataScope {
		return
	}
	p.pos++
	p.need(tEqual, "=")
	if p.at() == tEOF || p.text(0) != "all" && p.text(0) != "hotcache" {
		p.expected("all or hotcache")
		return
	}
	p.pos++
}

// paren parses "(x)", where x can be a pipeline.
func (p *parser) paren() Expr {
	start := p.here()
	w := p.open()
	x := p.must(p.pipeline(false))
	p.close(w)
	return &Paren{At: p.since(start), X: x}
}

// subqueryCall parses toscalar(…) and totable(…), whose argument is a
// pipeline.
func (p *parser) subqueryCall() Expr {
	start := p.here()
	name := Name{Text: p.text(0)}
	p.pos++
	name.At = p.since(start)
	c := &Call{Name: name}
	if p.at() == kwKind && p.peek(1) == tEqual {
		c.Params = p.params(paramForm{values: []kind{kwNoOptimization}})
	}
	c.Args = p.pipelineArg()
	c.At = p.since(start)
	return c
}

// pipelineArg parses "(pipeline)" as the only argument of a call.
func (p *parser) pipelineArg() []Expr {
	if p.at() != tOpenParen {
		p.expected("(")
		return nil
	}
	w := p.open()
	x := p.must(p.pipeline(false))
	p.close(w)
	return []Expr{x}
}

// typeOf parses typeof(long), typeof(a:string, b:long) or typeof(*, a:long).
func (p *parser) typeOf() *TypeExpr {
	start := p.here()
	p.pos++
	t := &TypeExpr{}
	w := p.open()
	if k := p.at(); k.has(asType|asOldType) || k == tIdent && (p.peek(1) == tEOF || p.peek(1) == tCloseParen) {
		at := p.span()
		t.TypeName = p.text(0)
		var ok bool
		if t.Type, ok = typeByName(t.TypeName); !ok {
			p.report(diag.Semantic, "KS160", at, "The name '"+t.TypeName+"' is not a valid type name that can be used here.", typeHint)
		}
		p.pos++
	} else {
		t.Columns = list(p, listForm{optional: true}, "type name", func(p *parser) (ColumnDecl, bool) {
			if p.take(tStar) {
				t.Star = true
				return ColumnDecl{}, true
			}
			return p.columnDecl()
		})
		t.Columns = withoutStars(t.Columns)
	}
	p.close(w)
	t.At = p.since(start)
	return t
}

// withoutStars drops the places of the stars, which the flag Star stands for.
func withoutStars(cols []ColumnDecl) []ColumnDecl {
	out := cols[:0]
	for _, c := range cols {
		if c.At != (At{}) {
			out = append(out, c)
		}
	}
	return out
}

// dataTable parses datatable (a:type, …) [v, …].
func (p *parser) dataTable() Expr {
	start := p.here()
	p.pos++
	d := &DataTable{Params: p.params(paramForm{bare: true})}
	d.Columns = p.needRowSchema()
	if p.at() == tOpenBracket {
		w := p.open()
		p.take(tComma)
		d.Values = list(p, listForm{optional: true, trailing: true}, "value", func(p *parser) (Expr, bool) {
			x := p.signedLiteral()
			return x, x != nil
		})
		p.close(w)
	} else {
		p.expected("[")
	}
	d.At = p.since(start)
	return d
}

// signedLiteral parses a constant where only a constant can stand. A sign
// that touches a number is part of it, so the smallest long can be written.
func (p *parser) signedLiteral() Expr {
	switch k := p.at(); {
	case k.isLiteral():
		return p.literal()
	case k == kwDynamic && p.peek(1) == tOpenParen:
		return p.dynamic()
	case k == kwTypeOf && p.peek(1) == tOpenParen:
		return p.typeOf()
	case k == tMinus || k == tPlus:
		n := p.peek(1)
		if !p.glued(1) || n != tLong && n != tReal && n != tTimespan || !isDigit(p.text(1)[0]) {
			return nil
		}
		start := p.here()
		p.pos += 2
		at := p.since(start)
		return p.strict(constant(n, at, p.src[at.Pos.Start:at.Pos.End]))
	case k == tOpenBrace && p.clientParameterLen(0) > 0:
		return p.nameRef()
	}
	return nil
}

// externalData parses externaldata (schema) [uri, …] with (k = v). Kusto
// takes the addresses in brackets only; parentheses are an old spelling.
func (p *parser) externalData() Expr {
	start := p.here()
	p.pos++
	x := &ExternalData{Params: p.params(paramForm{bare: true})}
	x.Columns = p.needRowSchema()
	if p.at() == tOpenBracket {
		w := p.open()
		x.URIs = p.exprList(listForm{optional: true, trailing: true}, (*parser).pipelineExpr)
		p.close(w)
	} else {
		p.expected("[")
	}
	if p.at() == kwWith {
		x.Props = p.withProperties()
	}
	x.At = p.since(start)
	return x
}

// pipelineExpr is a pipeline inside a list: it ends at the next comma.
func (p *parser) pipelineExpr() Expr {
	old := p.end
	p.end = p.next(tComma, p.pos)
	x := p.pipeline(false)
	p.end = old
	return x
}

// withProperties parses "with (name = value, …)" of external tables.
func (p *parser) withProperties() []Param {
	p.pos++
	if p.at() != tOpenParen {
		p.expected("(")
		return nil
	}
	w := p.open()
	props := list(p, listForm{optional: true}, "parameter", (*parser).property)
	p.close(w)
	return props
}

// property parses "name = constant".
func (p *parser) property() (Param, bool) {
	start := p.here()
	name, ok := p.declaredName()
	if !ok {
		return Param{}, false
	}
	p.need(tEqual, "=")
	x := Param{Name: name.Text}
	switch k := p.at(); {
	case k == tString || k == tLong || k == tReal || k == tBool || k == tDatetime || k == tGuid:
		x.Value = p.literal()
	case k == tRawGuid:
		x.Value = p.rawGuid()
	default:
		if value, ok := p.declaredName(); ok {
			x.Value = value.ref()
		} else {
			p.missing("value")
			x.Value = p.bad()
		}
	}
	x.At = p.since(start)
	return x, true
}

// rawGuid takes a guid without guid(…) where Kusto allows one.
func (p *parser) rawGuid() Expr {
	start := p.here()
	text := p.text(0)
	p.pos++
	s, _ := types.ParseGuid(text)
	return &Literal{At: p.since(start), Value: types.Value{Type: types.Guid, S: s}, Text: text}
}
