package syntax

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

const typeHint = "the types are bool, int, long, real, decimal, datetime, timespan, guid, string and dynamic"

// typeByName resolves a type as written, with the spellings that only the
// language knows (int8, float …) on top of those of types.ByName.
func typeByName(name string) (types.Type, bool) {
	switch name {
	case "int8", "int16", "uint", "uint8", "uint16", "uint32":
		return types.Int, true
	case "ulong", "uint64":
		return types.Long, true
	case "float":
		return types.Real, true
	}
	return types.ByName(name)
}

// columnDecl parses "name:type".
func (p *parser) columnDecl() (ColumnDecl, bool) {
	start := p.here()
	c := ColumnDecl{}
	name, ok := p.declaredName()
	switch {
	case ok:
		c.Name = name
		p.need(tColon, ":")
	case p.take(tColon):
		p.missing("name")
	default:
		return c, false
	}
	c.Type, c.TypeName = p.columnType(asType)
	c.At = p.since(start)
	return c, true
}

// columnType parses the name of a type; allowed says which spellings are
// good here.
func (p *parser) columnType(allowed traits) (types.Type, string) {
	k := p.at()
	if !k.has(asType|asOldType) && !k.isName() {
		p.missing("type name")
		return types.Unknown, ""
	}
	at, name := p.span(), p.text(0)
	p.pos++
	t, ok := typeByName(name)
	if !ok || !k.has(allowed) {
		p.report(diag.Syntax, "KS160", at, "The name '"+name+"' is not a valid type name that can be used here.", typeHint)
		t = types.Unknown
	}
	return t, name
}

// needRowSchema parses "(name:type, …)" or reports it as missing.
func (p *parser) needRowSchema() []ColumnDecl {
	if p.at() != tOpenParen {
		p.missing("schema declaration")
		return nil
	}
	w := p.open()
	p.take(tComma)
	columns := list(p, listForm{optional: true, trailing: true}, "parameter", (*parser).columnDecl)
	p.close(w)
	return columns
}

// evaluateSchema parses the schema after "evaluate f() :", which can begin
// with "*".
func (p *parser) evaluateSchema() *TypeExpr {
	start := p.here()
	if p.at() != tOpenParen {
		p.missing("schema declaration")
		return nil
	}
	t := &TypeExpr{}
	w := p.open()
	p.take(tComma)
	t.Star = p.take(tStar)
	p.take(tComma)
	t.Columns = list(p, listForm{optional: true, trailing: true}, "parameter", (*parser).columnDecl)
	p.close(w)
	t.At = p.since(start)
	return t
}

// functionParam parses "name:type = default" or "T:(schema)".
func (p *parser) functionParam() (FunctionParam, bool) {
	start := p.here()
	f := FunctionParam{}
	name, ok := p.declaredName()
	switch {
	case ok:
		f.Name = name
		p.need(tColon, ":")
	case p.take(tColon):
		p.missing("name")
	default:
		return f, false
	}
	if ok && p.at() == tOpenParen {
		p.tabularParam(&f)
	} else {
		f.Type, _ = p.columnType(asType)
	}
	if p.take(tEqual) {
		f.Default = p.defaultValue()
	}
	f.At = p.since(start)
	return f, true
}

// tabularParam parses "(*)" or "(a:string, …)".
func (p *parser) tabularParam(f *FunctionParam) {
	f.Tabular = true
	w := p.open()
	if p.take(tStar) {
		f.Star = true
	} else {
		f.Columns = list(p, listForm{optional: true, trailing: true}, "parameter", (*parser).columnDecl)
	}
	p.close(w)
}

// defaultValue parses a constant or a word.
func (p *parser) defaultValue() Expr {
	if x := p.signedLiteral(); x != nil {
		return x
	}
	if p.at().isName() {
		return p.nameRef()
	}
	p.missing("expression")
	return p.bad()
}
